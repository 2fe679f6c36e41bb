"""What can happen to a promise, and every refusal by name."""

from datetime import timedelta

import pytest

from makegood.actions import cases, contacts, promises
from makegood.actions.contacts import Touch
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Direction,
    Escalation,
    Message,
    Promise,
    PromiseKind,
    PromiseRevision,
    TimelineEntry,
    TimelineText,
)
from makegood.rules.promises import (
    AlreadySettledError,
    AlreadyToldError,
    Channel,
    ClosedCaseError,
    EvidenceMissingError,
    NotYetHappenedError,
    Outcome,
    OvertakenError,
    ToldTooLateError,
    WindowError,
)
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
DUE = MONDAY + 8 * HOUR


@pytest.fixture
def case():
    return a_case()


@pytest.fixture
def call(case) -> Promise:
    return promises.make_promise(case.pk, a_word(), now=MONDAY)


@pytest.fixture
def closed_case(case):
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY)
    answer = contacts.record_contact(case.pk, touch, now=MONDAY)
    return cases.close_case(case_id=case.pk, answer=answer, now=MONDAY)


def keep(promise, *, at=MONDAY + HOUR, now=None, evidence="Rang and spoke.") -> Promise:
    return promises.keep_promise(
        promise_id=promise.pk, at=at, evidence=evidence, by=a_person(), now=now or at
    )


def release(promise, *, at=MONDAY + HOUR, now=None, evidence="She said so.") -> Promise:
    return promises.release_promise(
        promise_id=promise.pk, at=at, evidence=evidence, by=a_person(), now=now or at
    )


def replace(promise, *, at=MONDAY + HOUR, now=None, evidence="She agreed.") -> Promise:
    return promises.replace_promise(
        promise_id=promise.pk,
        word=a_word(now=at, words="I'll come tomorrow."),
        evidence=evidence,
        by=a_person(),
        now=now or at,
    )


def decide(promise, *, due_at=DUE + HOUR, now=MONDAY + HOUR, **more) -> PromiseRevision:
    return promises.decide_revision(
        promise_id=promise.pk,
        due_at=due_at,
        cause="The part is late.",
        by=a_person(),
        now=now,
        **more,
    )


def tell(revision, *, at=MONDAY + 2 * HOUR, now=None, evidence="SMS delivered.") -> Promise:
    return promises.record_told(
        revision_id=revision.pk, at=at, channel=Channel.SMS, evidence=evidence, now=now or at
    )


def kinds_of(case) -> list[str]:
    return list(case.timeline.order_by("seq").values_list("kind", flat=True))


class TestMaking:
    """The word is given."""

    def test_a_promise_is_kept_as_it_was_said_and_watched(self, call):
        assert (call.words, call.speaker, call.said_by) == (
            "I'll call you by five.", "person", a_person()
        )  # fmt: skip
        assert (call.said_at, call.due_at, call.first_due_at) == (MONDAY, DUE, DUE)
        assert call.judge_at == DUE + timedelta(minutes=15)
        assert (call.escalate_at, call.rungs_spoken) == (MONDAY + 4 * HOUR, 0)

    def test_a_closed_case_takes_no_promise(self, closed_case):
        with pytest.raises(ClosedCaseError, match=f"Case {closed_case.reference} is closed"):
            promises.make_promise(closed_case.pk, a_word(), now=MONDAY)

    def test_nobody_has_promised_anything_in_the_future(self, case):
        with pytest.raises(NotYetHappenedError, match="in the future"):
            promises.make_promise(case.pk, a_word(now=MONDAY + INSTANT), now=MONDAY)

    def test_a_window_that_nobody_could_keep_is_refused(self, case):
        for window in ({"due_at": MONDAY}, {"earliest_at": DUE + INSTANT, "due_at": DUE}):
            with pytest.raises(WindowError):
                promises.make_promise(case.pk, a_word(**window), now=MONDAY)
        assert case.promises.count() == 1

    def test_a_promise_that_is_written_down_too_late_is_broken_at_the_next_tick(self, case):
        word = a_word(now=MONDAY - 24 * HOUR, due_at=MONDAY - HOUR)
        late = promises.make_promise(case.pk, word, now=MONDAY)

        ticks.tick(now=MONDAY)

        late.refresh_from_db()
        assert (late.outcome, late.settled_at) == (Outcome.BROKEN, MONDAY - HOUR)
        assert late.settled_recorded_at == MONDAY
        assert Message.objects.filter(promise=late).count() == 1
        assert not Escalation.objects.filter(promise=late).exists(), "no warning after its break"
        assert verify.run() == []


class TestNews:
    """The promise that the customer will hear is kept by what they hear."""

    def test_a_real_promise_is_the_news_that_was_promised(self, case):
        news = case.promises.get()
        call = promises.make_promise(case.pk, a_word(now=MONDAY + HOUR), now=MONDAY + 2 * HOUR)

        news.refresh_from_db()
        assert (news.kind, news.outcome) == (PromiseKind.NEWS, Outcome.KEPT)
        assert (news.settled_at, news.settled_recorded_at) == (MONDAY + HOUR, MONDAY + 2 * HOUR)
        assert news.evidence == "The customer was told: I'll call you by five."
        assert list(case.promises.still_open()) == [call]

    def test_news_that_comes_after_its_time_keeps_nothing(self, case):
        news = case.promises.get()
        late = news.due_at + INSTANT
        promises.make_promise(case.pk, a_word(now=late), now=late)

        news.refresh_from_db()
        assert news.outcome is None, "the clock will break it after its grace"
        ticks.tick(now=news.judge_at + INSTANT)
        news.refresh_from_db()
        assert (news.outcome, news.settled_at) == (Outcome.BROKEN, news.due_at)

    def test_news_at_the_very_due_time_is_in_time(self, case):
        news = case.promises.get()
        promises.make_promise(case.pk, a_word(now=news.due_at), now=news.due_at)

        news.refresh_from_db()
        assert news.outcome == Outcome.KEPT

    def test_what_was_said_before_news_was_promised_is_not_that_news(self, case):
        news = case.promises.get()
        earlier = a_word(now=MONDAY - INSTANT, due_at=MONDAY + HOUR)
        promises.make_promise(case.pk, earlier, now=MONDAY + MINUTE)

        news.refresh_from_db()
        assert news.outcome is None

    def test_the_new_date_after_a_break_keeps_the_word_that_it_would_come(self, case, call):
        ticks.tick(now=DUE + HOUR)
        news = Promise.objects.get(follows=call)
        promises.make_promise(case.pk, a_word(now=DUE + 2 * HOUR), now=DUE + 2 * HOUR)

        news.refresh_from_db()
        assert news.outcome == Outcome.KEPT


class TestKeeping:
    """Settled by deed."""

    def test_a_deed_in_time_keeps_the_promise_and_the_customer_hears_what_is_next(self, case, call):
        kept = keep(call, now=MONDAY + 3 * HOUR)

        assert (kept.outcome, kept.settled_at) == (Outcome.KEPT, MONDAY + HOUR)
        assert (kept.settled_recorded_at, kept.settled_by) == (MONDAY + 3 * HOUR, a_person())
        assert (kept.judge_at, kept.escalate_at) == (None, None)
        [news] = case.promises.still_open()
        assert (news.kind, news.said_at) == (PromiseKind.NEWS, MONDAY + 3 * HOUR)
        assert news.words.startswith("You will hear from Laura Bennett about what happens next by ")

    def test_while_another_promise_is_open_nothing_more_is_promised(self, case, call):
        other = promises.make_promise(case.pk, a_word(), now=MONDAY)
        keep(call)

        assert list(case.promises.still_open()) == [other]

    @pytest.mark.parametrize("now", [DUE + MINUTE, DUE + 16 * MINUTE, DUE + 30 * HOUR])
    def test_a_deed_that_came_too_late_breaks_with_all_effects_once(self, case, call, now):
        late = keep(call, at=DUE + INSTANT, now=now)
        ticks.tick(now=now)
        ticks.tick(now=now + MINUTE)

        assert (late.outcome, late.settled_at) == (Outcome.BROKEN, DUE)
        assert Message.objects.filter(promise=call).count() == 1
        assert Promise.objects.filter(follows=call).count() == 1
        assert Escalation.objects.filter(broken=call).count() == 1
        kinds = kinds_of(case)
        assert kinds.count("promise_broken") == 1
        assert kinds.count("done_late") == 1
        assert TimelineText.objects.filter(case=case, words="Rang and spoke.").count() == 1
        assert verify.run() == []

    def test_a_deed_that_is_told_late_but_was_in_time_keeps_the_promise(self, call):
        assert keep(call, at=DUE, now=DUE + 14 * MINUTE).outcome == Outcome.KEPT

    def test_a_deed_needs_evidence(self, call):
        for nothing in ("", "  \n"):
            with pytest.raises(EvidenceMissingError, match="how it is known"):
                keep(call, evidence=nothing)

    @pytest.mark.parametrize(
        ("at", "now"),
        [(MONDAY + HOUR + INSTANT, MONDAY + HOUR), (MONDAY - INSTANT, MONDAY + HOUR)],
    )
    def test_a_deed_lies_between_the_word_and_now(self, call, at, now):
        with pytest.raises(NotYetHappenedError, match="between the moment it was given and now"):
            keep(call, at=at, now=now)


class TestConsent:
    """Settled with the customer."""

    def test_the_customer_lets_a_promise_go(self, case, call):
        released = release(call)

        assert (released.outcome, released.settled_at) == (Outcome.RELEASED, MONDAY + HOUR)
        assert released.evidence == "She said so."
        assert case.promises.still_open().get().kind == PromiseKind.NEWS

    def test_the_customer_agrees_to_another_in_its_place(self, case, call):
        successor = replace(call)

        call.refresh_from_db()
        assert (call.outcome, call.settled_at) == (Outcome.REPLACED, MONDAY + HOUR)
        assert (call.replaced_by, successor.follows) == (successor, call)
        assert list(case.promises.still_open()) == [successor]
        assert verify.run() == []

    @pytest.mark.parametrize("end", [release, replace])
    def test_after_the_due_time_it_was_broken_and_consent_undoes_nothing(self, call, end):
        with pytest.raises(ToldTooLateError):
            end(call, at=DUE + INSTANT)
        call.refresh_from_db()
        assert call.outcome is None, "the clock judges it after its grace"
        end(call, at=DUE, now=DUE + MINUTE)
        call.refresh_from_db()
        assert call.settled_at == DUE

    @pytest.mark.parametrize("end", [release, replace])
    def test_consent_needs_evidence(self, call, end):
        with pytest.raises(EvidenceMissingError, match="customer agreed"):
            end(call, evidence=" ")
        assert call.case.promises.still_open().count() == 1

    @pytest.mark.parametrize("end", [release, replace])
    @pytest.mark.parametrize("at", [MONDAY - INSTANT, MONDAY + 2 * HOUR])
    def test_consent_lies_between_the_word_and_now(self, call, end, at):
        with pytest.raises(NotYetHappenedError):
            end(call, at=at, now=MONDAY + HOUR)


class TestRevising:
    """A new date, with its cause and the proof that the customer was told."""

    def test_a_date_that_is_decided_and_not_told_moves_nothing(self, call):
        revision = decide(call)

        call.refresh_from_db()
        assert (call.due_at, revision.told_at) == (DUE, None)
        ticks.tick(now=DUE + HOUR)
        call.refresh_from_db()
        assert (call.outcome, call.settled_at) == (Outcome.BROKEN, DUE)

    def test_a_date_that_the_customer_was_told_moves_the_promise_and_its_rungs(self, call):
        earliest = DUE + HOUR
        revised = tell(decide(call, due_at=DUE + 12 * HOUR, earliest_at=earliest))

        assert (revised.due_at, revised.first_due_at) == (DUE + 12 * HOUR, DUE)
        assert revised.earliest_at == earliest
        assert revised.judge_at == DUE + 12 * HOUR + 15 * MINUTE
        assert (revised.rungs_spoken, revised.escalate_at) == (0, MONDAY + 10 * HOUR)

    def test_rungs_that_lie_behind_an_earlier_date_have_spoken(self, call):
        at = MONDAY + 3 * HOUR
        revised = tell(decide(call, due_at=MONDAY + 4 * HOUR), at=at)

        assert revised.rungs_spoken == 1
        assert revised.escalate_at == MONDAY + 3.2 * HOUR

    def test_a_promise_can_be_revised_again(self, call):
        first = tell(decide(call, due_at=DUE + HOUR))
        second = tell(decide(first, due_at=DUE + 9 * HOUR, now=DUE), at=DUE + HOUR)

        assert second.due_at == DUE + 9 * HOUR
        assert list(call.revisions.order_by("number").values_list("number", flat=True)) == [1, 2]
        assert verify.run() == []

    def test_a_date_is_decided_before_the_old_one_passed(self, call):
        with pytest.raises(ToldTooLateError):
            decide(call, now=DUE + INSTANT)

    def test_a_date_lies_ahead_and_its_window_opens_before_it_closes(self, call):
        with pytest.raises(WindowError):
            decide(call, due_at=MONDAY + HOUR)
        with pytest.raises(WindowError):
            decide(call, due_at=DUE, earliest_at=DUE + INSTANT)

    def test_telling_needs_proof(self, call):
        with pytest.raises(EvidenceMissingError, match="how the customer was told"):
            tell(decide(call), evidence="")

    @pytest.mark.parametrize("at", [MONDAY + HOUR - INSTANT, MONDAY + 3 * HOUR])
    def test_telling_lies_between_the_decision_and_now(self, call, at):
        with pytest.raises(NotYetHappenedError, match="after it was decided"):
            tell(decide(call), at=at, now=MONDAY + 2 * HOUR)

    def test_told_after_the_old_time_is_too_late(self, call):
        revision = decide(call)
        with pytest.raises(ToldTooLateError):
            tell(revision, at=DUE + INSTANT)
        assert tell(revision, at=DUE, now=DUE + MINUTE).due_at == DUE + HOUR

    def test_told_in_time_after_the_new_date_had_passed_is_no_date(self, call):
        revision = decide(call, due_at=MONDAY + 2 * HOUR)
        with pytest.raises(WindowError):
            tell(revision, at=MONDAY + 2 * HOUR)

    def test_a_date_is_told_once(self, call):
        revision = decide(call)
        tell(revision)
        with pytest.raises(AlreadyToldError, match="told of this date already"):
            tell(revision, at=MONDAY + 3 * HOUR)

    def test_a_date_that_another_one_overtook_is_not_told(self, call):
        overtaken = decide(call, due_at=DUE + 5 * HOUR)
        tell(decide(call, due_at=DUE + HOUR))
        with pytest.raises(OvertakenError, match="decide anew"):
            tell(overtaken, at=MONDAY + 3 * HOUR)
        call.refresh_from_db()
        assert call.due_at == DUE + HOUR


class TestSettledOnce:
    """Whatever is asked of a settled promise is refused."""

    @pytest.mark.parametrize("end", [keep, release, replace])
    def test_every_act_on_a_settled_promise_is_refused(self, call, end):
        revision = decide(call)
        end(call, at=MONDAY + 90 * MINUTE)
        before = TimelineEntry.objects.count()

        for act in (keep, release, replace, decide):
            with pytest.raises(AlreadySettledError, match="already"):
                act(call)
        with pytest.raises(AlreadySettledError):
            tell(revision)
        assert TimelineEntry.objects.count() == before
