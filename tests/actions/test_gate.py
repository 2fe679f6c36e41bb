"""Law 4: what is said to a customer rests on the facts of the case, as they are when it is said."""

from datetime import timedelta

import pytest
from django.db import transaction

from makegood.actions import contacts, explaining, gate, payments, promises, say, templates, tokens
from makegood.actions.explaining import Explanation
from makegood.actions.gate import Saying, StoppedError
from makegood.actions.payments import Arrival
from makegood.actions.say import Asked
from makegood.actions.templates import NewTemplate, TemplateError
from makegood.actions.tokens import NewToken
from makegood.clockwork import ticks
from makegood.records.models import (
    GatePass,
    Message,
    Payment,
    Promise,
    PromiseKind,
    StaffRole,
    TruthSource,
)
from makegood.rules.capture.kinds import Kind
from makegood.rules.explanations import Why
from makegood.rules.gate.slots import SlotError
from makegood.rules.gate.verdict import Answer
from makegood.rules.promises import Channel, Precision, Speaker
from makegood.rules.scopes import Scope
from money_world import a_remedy
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def by_person(text: str, **more) -> Saying:
    return Saying(text=text, speaker=Speaker.PERSON, channel=Channel.EMAIL, by=a_person(), **more)


def by_bot(text: str, **more) -> Saying:
    return Saying(text=text, speaker=Speaker.BOT, channel=Channel.CHAT, **more)


def a_token() -> int:
    wanted = NewToken(name="Chatbot", scopes=(Scope.SAY,))
    return tokens.make(wanted, by=a_person(), now=MONDAY)[0].pk


def a_visit(case, *, due_at=MONDAY + 8 * HOUR, earliest_at=MONDAY + 4 * HOUR, **more):
    word = a_word(
        kind=PromiseKind.VISIT,
        words="Our engineer comes this afternoon.",
        due_at=due_at,
        earliest_at=earliest_at,
        **more,
    )
    return promises.make_promise(case.pk, word, now=MONDAY)


def _a_visit_that_moves(case) -> Promise:
    visit = a_visit(case, earliest_at=None)
    promises.decide_revision(
        promise_id=visit.pk, due_at=MONDAY + 10 * HOUR, cause="Traffic.", by=a_person(), now=MONDAY
    )
    return visit


class TestOfFacts:
    """What is on record may be said, and nothing else."""

    @pytest.mark.parametrize("language", ["en", "de"])
    # A promise of redress is made by granting a remedy.
    @pytest.mark.parametrize("kind", [one for one in PromiseKind if one != PromiseKind.REDRESS])
    @pytest.mark.parametrize("precision", list(Precision))
    def test_every_true_sentence_that_is_written_from_a_promise_passes(
        self, kind, precision, language
    ):
        case = a_case(customer=a_customer(language=language))
        word = a_word(kind=kind, words="As we said.", precision=precision,
                      due_at=MONDAY.replace(day=4, hour=22, minute=59, second=59))  # fmt: skip
        made = promises.make_promise(case.pk, word, now=MONDAY)

        known = gate.facts_of(case.pk, now=MONDAY)
        window = next(one for one in known.windows if one.key == f"promise:{made.pk}")

        assert gate.check(case.pk, by_bot(window.says), now=MONDAY).passes
        assert gate.check(case.pk, by_bot(known.next_word), now=MONDAY).passes

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_what_a_granted_remedy_promises_may_be_said(self, language):
        case = a_case(customer=a_customer(language=language))
        remedy = a_remedy(2_500, case=case)

        assert gate.check(case.pk, by_bot(remedy.promise.words), now=MONDAY).passes
        other = remedy.promise.words.replace("25", "52")
        assert not gate.check(case.pk, by_bot(other), now=MONDAY).passes

    def test_money_is_called_paid_once_it_has_arrived(self):
        case = a_case()
        remedy = a_remedy(2_500, case=case)
        said = by_person("We have credited £25.00 to your account.")
        assert not gate.check(case.pk, said, now=MONDAY).passes

        key = Payment.objects.get(remedy=remedy).key
        payments.record_arrival(Arrival(key=key, at=MONDAY, evidence="Seen."), now=MONDAY)

        assert gate.check(case.pk, said, now=MONDAY).passes

    def test_what_a_remedy_promised_stays_true_where_it_arrives_before_its_letter_leaves(self):
        case = a_case()
        remedy = a_remedy(2_500, case=case)
        words, before = by_person(remedy.promise.words), gate.facts_of(case.pk, now=MONDAY)

        key = Payment.objects.get(remedy=remedy).key
        payments.record_arrival(Arrival(key=key, at=MONDAY, evidence="Seen."), now=MONDAY)

        assert gate.check(case.pk, words, now=MONDAY).passes
        known = gate.facts_of(case.pk, now=MONDAY)
        assert before.windows != known.windows
        assert known.next_word != remedy.promise.words
        wrong = by_person(remedy.promise.words.replace("25", "52"))
        assert not gate.check(case.pk, wrong, now=MONDAY).passes
        day = remedy.promise.words.partition(" by ")[2]
        for coming in (
            "Your refund will reach you by",
            "You will get the refund by",
            "We pay it by",
        ):
            assert not gate.check(case.pk, by_person(f"{coming} {day}"), now=MONDAY).passes, coming

    def test_a_new_date_is_said_by_what_tells_it_once_it_is_decided_and_the_old_no_more(self):
        case = a_case()
        visit = a_visit(case, earliest_at=None)
        old, new = (f"We will visit you by {hour}:00 today." for hour in (18, 20))
        assert self.rules(case, new) == {"LATER"}

        promises.decide_revision(
            promise_id=visit.pk, due_at=MONDAY + 10 * HOUR, cause="Traffic.", by=a_person(),
            now=MONDAY,
        )  # fmt: skip

        assert self.rules(case, new) == set()
        assert self.rules(case, old) == {"OVERTAKEN"}
        instead = gate.check(case.pk, by_bot(old, tells=True), now=MONDAY).instead
        assert instead == new
        # What tells nobody, such as advice on the page, keeps to what the page shows.
        assert not gate.check(case.pk, by_person(new), now=MONDAY).passes
        assert gate.check(case.pk, by_person(old), now=MONDAY).passes

    def test_only_the_newest_decision_may_be_told(self):
        case = a_case()
        visit = a_visit(case, earliest_at=None)
        for hours, minute in ((5, 1), (10, 2)):
            promises.decide_revision(
                promise_id=visit.pk, due_at=MONDAY + hours * HOUR, cause="Traffic.", by=a_person(),
                now=MONDAY + timedelta(minutes=minute),
            )  # fmt: skip

        found = [
            gate.check(case.pk, by_bot(f"We will visit you by {hour}:00 today.", tells=True),
                       now=MONDAY + timedelta(minutes=3)).passes
            for hour in (15, 20)
        ]  # fmt: skip

        assert found == [False, True]

    def test_the_window_of_a_decided_date_lets_a_letter_tell_it(self):
        case = a_case()
        visit = a_visit(case, earliest_at=None)
        revision = promises.decide_revision(
            promise_id=visit.pk, due_at=MONDAY + 10 * HOUR, cause="Traffic.", by=a_person(),
            now=MONDAY, earliest_at=MONDAY + 9 * HOUR,
        )  # fmt: skip

        window = gate.window_of_revision(revision)

        assert (window.key, window.kinds) == (f"revision:{revision.pk}", {Kind.VISIT})
        assert (window.earliest, window.due) == (MONDAY + 9 * HOUR, MONDAY + 10 * HOUR)
        assert (window.since, window.is_day) == (MONDAY, False)
        said = by_person("We will visit you between 19:00 and 20:00 today.")
        assert gate.check(case.pk, said, now=MONDAY, also=(window,)).passes
        assert not gate.check(case.pk, said, now=MONDAY).passes

    def test_a_new_date_that_a_machine_says_was_told_by_it(self):
        case = a_case()
        visit = _a_visit_that_moves(case)
        text = "We will visit you by 20:00 today."
        asked = Asked(text=text, reference=case.reference, token=a_token(), speaker="Chatbot",
                      channel=Channel.CHAT)  # fmt: skip

        said = say.say(asked, now=MONDAY + HOUR)

        visit.refresh_from_db()
        told = visit.revisions.get()
        assert (said.said, visit.due_at) == (True, MONDAY + 10 * HOUR)
        assert (told.told_at, text in told.told_evidence) == (MONDAY + HOUR, True)

    def test_a_new_date_in_an_apology_was_told_by_it(self):
        case = a_case()
        visit = _a_visit_that_moves(case)

        contacts.apologise(
            case.pk, words="I am sorry. We will visit you by 20:00 today.", channel=Channel.PHONE,
            at=MONDAY + HOUR, by=a_person(), now=MONDAY + HOUR,
        )  # fmt: skip

        visit.refresh_from_db()
        assert visit.due_at == MONDAY + 10 * HOUR

    def test_a_new_date_in_an_explanation_was_told_by_it(self):
        case = a_case()
        visit = _a_visit_that_moves(case)
        why = "The order named the old address. We will visit you by 20:00 today."

        explaining.explain(
            case.pk, Explanation(why=Why.KNOWN, channel=Channel.PHONE, words=why), by=a_person(),
            now=MONDAY + HOUR,
        )  # fmt: skip

        visit.refresh_from_db()
        told = visit.revisions.get()
        assert (visit.due_at, told.told_channel) == (MONDAY + 10 * HOUR, "phone")
        assert (told.told_at, told.told_evidence) == (MONDAY + HOUR, why)

    def rules(self, case, text: str) -> set[str]:
        found = gate.check(case.pk, by_bot(text, tells=True), now=MONDAY)
        return {one.rule.value for one in found.objections}

    def test_what_is_overdue_can_no_longer_be_said(self):
        case = a_case()
        visit = a_visit(case)
        said = by_bot("We will visit you between 14:00 and 18:00 today.")
        assert gate.check(case.pk, said, now=MONDAY).passes

        late = gate.check(case.pk, said, now=visit.due_at + timedelta(minutes=1))

        assert not late.passes

    def test_the_facts_are_those_of_this_case(self):
        case, other = a_case(), a_case(customer=a_customer("Somebody Else"))
        a_visit(other)
        said = by_bot("We will visit you between 14:00 and 18:00 today.")

        assert gate.check(other.pk, said, now=MONDAY).passes
        assert not gate.check(case.pk, said, now=MONDAY).passes


class TestOfSaying:
    """The check is made again as it is said."""

    def test_an_apology_with_a_false_word_is_not_recorded(self):
        case = a_case()
        a_visit(case)
        ticks.tick(now=MONDAY + 9 * HOUR)
        message = Message.objects.get(case=case)

        with pytest.raises(StoppedError) as stopped:
            self.say(message, "I am sorry. Your engineer is on the way.")

        message.refresh_from_db()
        assert (message.said_at, GatePass.objects.count()) == (None, 0)
        assert stopped.value.verdict.answer is Answer.SAY_INSTEAD
        self.say(message, "I am sorry. " + gate.facts_of(case.pk, now=self.now).next_word)
        message.refresh_from_db()
        assert message.said_at == self.now
        assert GatePass.objects.get().digest == gate.digest(message.words)

    def test_a_second_apology_needs_something_new(self):
        case = a_case()
        a_visit(case)
        ticks.tick(now=MONDAY + 9 * HOUR)
        self.say(Message.objects.get(case=case), "I am sorry. We did not come.")

        with pytest.raises(StoppedError, match="We apologised already"):
            self.apologise(case, "I am sorry. We did not come.")

        word = a_word(now=self.now, words="I will call you at nine.", due_at=self.now + 3 * HOUR)
        promises.make_promise(case.pk, word, now=self.now + timedelta(minutes=1))
        self.apologise(case, "I am sorry. I will call you by 22:00 today.")

    now = MONDAY + 9 * HOUR

    def say(self, message: Message, words: str) -> None:
        said = {"words": words, "channel": Channel.PHONE, "by": a_person()}
        contacts.record_said(message_id=message.pk, at=self.now, now=self.now, **said)

    def apologise(self, case, words: str) -> None:
        at = self.now + timedelta(minutes=2)
        contacts.apologise(
            case.pk, words=words, channel=Channel.PHONE, at=at, by=a_person(), now=at
        )


class TestOfTemplates:
    """A template speaks from live facts, or truthfully of none."""

    COMING = NewTemplate(
        name="coming",
        text="Dear {customer}, we will visit you {when}. {owner} owns your case.",
        truth_source=TruthSource.PROMISE,
        about=Kind.VISIT,
    )

    def test_it_says_what_is_promised_and_passes(self):
        case = a_case()
        a_visit(case)
        template = templates.make(self.COMING, owner=a_person(), now=MONDAY)

        words = templates.words_for(template.pk, case.pk, now=MONDAY)

        assert "between 14:00 and 18:00 today" in words
        assert self.passes(case, words, template)

    def test_without_a_fact_it_says_that_there_is_no_date_yet(self):
        case = a_case()
        template = templates.make(self.COMING, owner=a_person(), now=MONDAY)

        words = templates.words_for(template.pk, case.pk, now=MONDAY)

        assert words.startswith("We have no date for this yet. You will hear from Laura Bennett")
        assert self.passes(case, words, template)

    def test_one_that_speaks_ahead_needs_a_source(self):
        false = NewTemplate(name="tomorrow", text="Your bin will be collected tomorrow.")
        with pytest.raises(TemplateError, match="makes it true"):
            templates.make(false, owner=a_person(), now=MONDAY)
        with pytest.raises(SlotError, match="no slot"):
            templates.make(NewTemplate(name="x", text="{date}"), owner=a_person(), now=MONDAY)
        thanks = NewTemplate(name="thanks", text="Thank you for telling us, {customer}.")
        assert not templates.make(thanks, owner=a_person(), now=MONDAY).speaks_ahead

    def test_anybody_stops_a_false_one_for_an_area_at_once_and_its_owner_lifts_that(self):
        here = a_case(customer=a_customer(postcode="EX4 4QJ"))
        there = a_case(customer=a_customer("Ann", postcode="TQ1 1AA"))
        template = templates.make(self.COMING, owner=a_person(), now=MONDAY)
        words = templates.words_for(template.pk, here.pk, now=MONDAY)
        mike = a_person("Mike", role=StaffRole.AGENT)

        stop = templates.stop(template.pk, area="EX4", why="No crew.", by=mike, now=MONDAY)

        assert not self.passes(here, words, template)
        assert self.passes(there, words, template)
        with pytest.raises(TemplateError, match="already"):
            templates.stop(template.pk, area="EX4", why="Again.", by=mike, now=MONDAY)
        with pytest.raises(TemplateError, match="Only whoever owns it"):
            templates.lift(stop.pk, by=mike, now=MONDAY)
        templates.lift(stop.pk, by=a_person(), now=MONDAY)
        assert self.passes(here, words, template)

    def test_a_message_that_was_made_before_the_stop_is_held(self):
        case = a_case()
        template = templates.make(self.COMING, owner=a_person(), now=MONDAY)
        words = templates.words_for(template.pk, case.pk, now=MONDAY)
        templates.stop(template.pk, area="", why="False.", by=a_person(), now=MONDAY)

        saying = Saying(
            text=words, speaker=Speaker.TEMPLATE, channel=Channel.EMAIL, template=template.pk
        )
        with pytest.raises(StoppedError, match="template was stopped"), transaction.atomic():
            gate.pass_or_stop(case.pk, saying, now=MONDAY)

    def passes(self, case, words: str, template) -> bool:
        saying = Saying(
            text=words, speaker=Speaker.TEMPLATE, channel=Channel.EMAIL, template=template.pk
        )
        return gate.check(case.pk, saying, now=MONDAY).passes
