"""Law 4, attacked with raw SQL, as from psql: no word is said that did not pass the gate."""

from datetime import timedelta

import pytest
from django.db import transaction

from letter_world import a_letter
from makegood.actions import gate, letters, promises, templates, tokens
from makegood.actions.gate import Saying, StoppedError
from makegood.actions.templates import NewTemplate
from makegood.actions.tokens import NewToken
from makegood.clockwork import ticks
from makegood.records.models import GatePass, Message, TemplateStop, TruthSource
from makegood.rules.promises import Channel, Speaker
from makegood.rules.scopes import Scope
from money_world import a_remedy
from raw_sql import insert, refused_by, sql
from sessions import at_once
from world import MONDAY, a_case, a_person, a_word

HOUR = timedelta(hours=1)
SAY = "UPDATE records_message SET said_at = now(), channel = 'phone', words = 'I am sorry.'"


def an_owed_apology():
    case = a_case()
    promises.make_promise(case.pk, a_word(due_at=MONDAY + HOUR), now=MONDAY)
    ticks.tick(now=MONDAY + 2 * HOUR)
    return case


def saying(text: str = "I am sorry.", **more) -> Saying:
    return Saying(
        **{"text": text, "speaker": Speaker.PERSON, "channel": Channel.PHONE, "by": a_person()}
        | more
    )


@pytest.mark.django_db
class TestOfSaying:
    """A message is marked as said only beside a pass of its own words."""

    def test_nothing_is_said_without_a_pass(self):
        an_owed_apology()
        with refused_by("message_said_only_through_the_gate"):
            sql(SAY)

    def test_no_other_words_are_said_by_a_pass(self):
        case = an_owed_apology()
        gate.pass_or_stop(case.pk, saying("I am so sorry."), now=MONDAY + 2 * HOUR)
        with refused_by("message_said_only_through_the_gate"):
            sql(SAY)

    def test_nothing_is_said_by_the_pass_of_another_case(self):
        an_owed_apology()
        gate.pass_or_stop(a_case().pk, saying(), now=MONDAY)
        with refused_by("message_said_only_through_the_gate"):
            sql(SAY)

    def test_what_was_said_is_not_changed_afterwards(self):
        case = an_owed_apology()
        gate.pass_or_stop(case.pk, saying(), now=MONDAY + 2 * HOUR)
        sql(SAY)
        with refused_by("message_said_only_through_the_gate"):
            sql("UPDATE records_message SET words = 'We are not sorry.'")

    def test_no_letter_leaves_without_a_pass_of_its_words(self):
        letter = a_letter()
        with refused_by("letter_leaves_only_through_the_gate"):
            sql("UPDATE records_letter SET handed_at = %s, send_at = NULL", MONDAY)
        assert letters.take(now=MONDAY).pk == letter.pk
        letters.leaving(letter.pk, now=MONDAY)
        with refused_by("letter_leaves_only_through_the_gate"):
            sql("UPDATE records_letter SET words = 'Something else.'")

    def test_a_letter_whose_words_became_false_is_held(self):
        letter = a_letter(words="You will hear from Laura Bennett by 10:00 tomorrow.")
        assert letters.take(now=MONDAY + timedelta(days=2)) is None
        letter.refresh_from_db()
        assert letter.held_at is not None

    def test_no_message_begins_as_said(self):
        case = a_case()
        assert "message_begins_said_only_through_the_gate" in self.triggers()
        with refused_by("message_said_only_through_the_gate"):
            insert(
                "records_message", case_id=case.pk, kind="apology", about="x", queued_at=MONDAY,
                said_at=MONDAY, channel="phone", words="Sorry.",
            )  # fmt: skip

    def triggers(self) -> set[str]:
        from django.db import connection  # noqa: PLC0415 - beside its one use

        with connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            return {row[0] for row in cursor.fetchall()}

    def test_a_pass_is_of_the_transaction_that_wrote_it_whatever_it_claims(self):
        case = a_case()
        insert(
            "records_gatepass", case_id=case.pk, digest=b"x" * 32, speaker="bot", channel="chat",
            rests_on=[], warned_of=[], at=MONDAY, made_in=7,
        )  # fmt: skip
        assert "gate_pass_is_of_its_transaction" in self.triggers()
        assert GatePass.objects.get().made_in != 7

    @pytest.mark.parametrize(
        "statement", ["UPDATE records_gatepass SET by_id = NULL", "DELETE FROM records_gatepass"]
    )
    def test_passes_only_grow(self, statement):
        gate.pass_or_stop(a_case().pk, saying(), now=MONDAY)
        with refused_by("gate_pass_only_grows"):
            sql(statement)

    @pytest.mark.parametrize(
        ("column", "value", "law"),
        [
            ("speaker", "nobody", "gate_pass_speaker_is_known"),
            ("channel", "telepathy", "gate_pass_channel_is_known"),
            ("speaker", "person", "gate_pass_of_a_person_names_the_person"),
        ],
    )
    def test_a_pass_makes_sense(self, column, value, law):
        row = {"speaker": "bot", "channel": "chat"} | {column: value}
        with refused_by(law):
            insert(
                "records_gatepass", case_id=a_case().pk, digest=b"x" * 32, rests_on=[],
                warned_of=[], at=MONDAY, made_in=0, **row,
            )  # fmt: skip


@pytest.mark.django_db
class TestOfTemplates:
    """Templates make sense, and who stopped them stays."""

    def template(self):
        wanted = NewTemplate(name="t", text="We come {when}.", truth_source=TruthSource.PROMISE)
        return templates.make(wanted, owner=a_person(), now=MONDAY)

    @pytest.mark.parametrize(
        ("change", "law"),
        [
            ("truth_source = ''", "template_that_speaks_ahead_has_a_truth_source"),
            ("truth_source = 'hope'", "template_truth_source_is_known"),
            ("text = ''", "template_has_a_name_and_words"),
        ],
    )
    def test_a_template_makes_sense(self, change, law):
        self.template()
        with refused_by(law):
            sql(f"UPDATE records_template SET {change}")

    def test_a_template_is_there_once(self):
        self.template()
        with refused_by("template_once_by_name_language_and_area"):
            insert(
                "records_template", name="t", language="en", text="x", slots=[],
                speaks_ahead=False, truth_source="", about="", area="", owner_id=a_person().pk,
                made_at=MONDAY,
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "law"),
        [
            ("why = 'Because.'", "template_stop_stays"),
            ("lifted_at = now()", "template_stop_is_lifted_by_somebody"),
        ],
    )
    def test_a_stop_is_only_lifted_and_by_somebody(self, change, law):
        templates.stop(self.template().pk, area="", why="False.", by=a_person(), now=MONDAY)
        with refused_by(law):
            sql(f"UPDATE records_templatestop SET {change}")

    def test_a_stop_is_not_removed(self):
        templates.stop(self.template().pk, area="", why="False.", by=a_person(), now=MONDAY)
        with refused_by("template_stops_only_grow"):
            sql("DELETE FROM records_templatestop")

    @pytest.mark.parametrize(
        ("why", "law"), [("", "template_stop_says_why"), ("x", "template_stop_once_per_area")]
    )
    def test_a_stop_says_why_and_stands_once(self, why, law):
        template = self.template()
        templates.stop(template.pk, area="", why="False.", by=a_person(), now=MONDAY)
        with refused_by(law):
            insert(
                "records_templatestop", template_id=template.pk, area="", why=why,
                stopped_by_id=a_person().pk, stopped_at=MONDAY,
            )  # fmt: skip

    def test_a_call_is_answered_once_per_key(self):
        by = a_person()
        token, _words = tokens.make(NewToken(name="bot", scopes=(Scope.SAY,)), by=by, now=MONDAY)
        row = {"token_id": token.pk, "key": "k", "digest": b"x", "status": 200, "at": MONDAY}
        insert("records_apicall", answer="{}", **row)
        with refused_by("api_call_once_per_key"):
            insert("records_apicall", answer="{}", **row)


@pytest.mark.usefixtures("committed_db")
class TestAtOnce:
    """Facts change while words leave: one waits for the other, and no false word gets through."""

    def test_a_time_is_not_said_once_the_promise_was_released_meanwhile(self):
        case = a_case()
        promise = promises.make_promise(case.pk, a_word(due_at=MONDAY + HOUR), now=MONDAY)
        text = "I will call you by 11:00 today."
        by = a_person()

        def say() -> object:
            with transaction.atomic():
                return gate.pass_or_stop(case.pk, saying(text), now=MONDAY)

        def release() -> object:
            return promises.release_promise(
                promise_id=promise.pk, at=MONDAY, evidence="She said so.", by=by, now=MONDAY
            )

        found = at_once(say, release, say)

        passed = [one for one in found if not isinstance(one, Exception)]
        assert GatePass.objects.count() == len(passed) - 1
        assert isinstance(self.attempt(say), StoppedError)

    def attempt(self, do) -> object:
        try:
            return do()
        except StoppedError as stopped:
            return stopped

    def test_many_stop_the_same_template_and_one_stop_stands(self):
        wanted = NewTemplate(name="t", text="Thank you.")
        template = templates.make(wanted, owner=a_person(), now=MONDAY)
        people = [a_person(f"Agent {n}") for n in range(4)]

        at_once(*[
            (lambda by=by: templates.stop(template.pk, area="", why="x", by=by, now=MONDAY))
            for by in people
        ])  # fmt: skip

        assert TemplateStop.objects.count() == 1

    def test_an_amount_is_said_only_while_it_is_granted(self):
        case = a_case()
        remedy = a_remedy(2_500, case=case)
        text = "We will refund £25.00 to you."
        with transaction.atomic():
            gate.pass_or_stop(case.pk, saying(text, speaker=Speaker.BOT, by=None), now=MONDAY)
        assert GatePass.objects.get().rests_on == [f"remedy:{remedy.pk}"]
        assert Message.objects.filter(said_at__isnull=False).count() == 0
