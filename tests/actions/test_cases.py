"""What can happen to a case: it opens with an owner and a promise, changes hands, and is closed."""

from datetime import timedelta

import pytest

from makegood.actions import cases, contacts, promises, reopening, staff
from makegood.actions.cases import (
    AnswerError,
    CaseClosedError,
    CaseOpenError,
    HandoverError,
    StillPromisedError,
)
from makegood.actions.contacts import Touch
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Contact,
    Direction,
    Handover,
    Message,
    Promise,
    PromiseKind,
    Staff,
    TimelineEntry,
)
from makegood.rules.promises import Channel, NotYetHappenedError, Outcome
from makegood.rules.severity import Assessment, Severity
from world import MONDAY, a_case, a_customer, a_failure, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def case():
    return a_case()


@pytest.fixture
def mike():
    return a_person("Mike")


def an_answer(case, *, at=MONDAY + HOUR) -> Contact:
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at, note="It is right.")
    return contacts.record_contact(case.pk, touch, now=at)


def close(case, *, answer=None, now=MONDAY + HOUR) -> Case:
    return cases.close_case(case_id=case.pk, answer=answer or an_answer(case), now=now)


def offer(case, to) -> Handover:
    return cases.offer_handover(
        case_id=case.pk, to=to, why="Shift ends.", by=case.owner, now=MONDAY
    )


def answer_offer(handover, *, accepts=True, by=None) -> Case:
    return cases.answer_handover(
        handover_id=handover.pk, accepts=accepts, by=by or handover.to_staff, now=MONDAY + HOUR
    )


def kinds_of(case) -> list[str]:
    return list(case.timeline.order_by("seq").values_list("kind", flat=True))


class TestOpening:
    """From the first moment, with an owner and the next thing that the customer will hear."""

    def test_a_case_opens_with_its_owner_and_the_promise_that_the_customer_hears(self, case):
        news = case.promises.get()

        assert case.owner == a_person()
        assert (news.kind, news.speaker, news.said_at) == (PromiseKind.NEWS, "system", MONDAY)
        assert "You will hear from Laura Bennett about what happens next by" in news.words
        assert kinds_of(case) == ["case_opened", "promise_made"]

    def test_a_reference_can_be_read_out_and_spells_nothing(self):
        references = [a_case(customer=a_customer(str(n))).reference for n in range(20)]

        assert len(set(references)) == 20
        assert not set("".join(references)) & set("01AEIOULY")
        assert all(len(reference) == 9 and reference[4] == "-" for reference in references)

    @pytest.mark.parametrize("wanted", ["", "If it's no trouble.", "I WILL SUE! URGENT!!! P1!"])
    @pytest.mark.parametrize("title", ["My bin, please.", "URGENT!!! DANGER! AGAIN! A DISGRACE!"])
    def test_no_tone_of_voice_makes_it_more_or_less_severe(self, title, wanted):
        case = a_case(title=title, wanted=wanted)

        assert (case.severity, case.severity_because) == (Severity.P3, "hygiene lost")

    def test_a_vulnerable_customer_is_exposed_whatever_was_said(self):
        failure = a_failure(customer=a_customer(vulnerable=True))

        assert failure.assessed().severity == Severity.P2
        assert failure.assessed().because == "hygiene lost, vulnerable exposed"


class TestSeverity:
    """It only rises, and what is open is watched with it."""

    def test_a_case_never_becomes_less_severe(self, case):
        for severity in (Severity.P3, Severity.P4):
            cases.raise_severity(
                case, Assessment(severity=severity, because="calmer words"), now=MONDAY
            )
        case.refresh_from_db()
        assert (case.severity, case.severity_because) == (Severity.P3, "hygiene lost")
        assert "severity_raised" not in kinds_of(case)

    def test_what_is_settled_keeps_the_severity_it_had(self, case):
        promises.make_promise(case.pk, a_word(), now=MONDAY)
        cases.raise_severity(
            case, Assessment(severity=Severity.P1, because="a child is ill"), now=MONDAY
        )

        by_outcome = dict(case.promises.values_list("outcome", "severity"))
        assert by_outcome == {Outcome.KEPT: 3, None: 1}


class TestHandover:
    """It completes when the new owner accepts."""

    def test_the_owner_stays_until_the_other_accepts(self, case, mike):
        handover = offer(case, mike)
        case.refresh_from_db()
        assert case.owner == a_person()

        answer_offer(handover)
        case.refresh_from_db()
        assert case.owner == mike
        assert kinds_of(case)[-2:] == ["handover_offered", "handover_accepted"]

    def test_who_declines_leaves_the_case_where_it_is_and_others_may_be_asked(self, case, mike):
        answer_offer(offer(case, mike), accepts=False)

        case.refresh_from_db()
        assert case.owner == a_person()
        assert kinds_of(case)[-1] == "handover_declined"
        assert answer_offer(offer(case, a_person("Eve"))).owner == a_person("Eve")

    def test_nobody_is_asked_who_owns_it_has_left_or_while_somebody_thinks(self, case, mike):
        gone = a_person("Gone", is_active=False)
        with pytest.raises(HandoverError, match="Laura Bennett owns this case already"):
            offer(case, case.owner)
        with pytest.raises(HandoverError, match="Gone has left; ask somebody who works here"):
            offer(case, gone)
        offer(case, mike)
        with pytest.raises(HandoverError, match="Mike was already asked and has not answered yet"):
            offer(case, a_person("Eve"))

    def test_only_who_was_asked_can_answer_and_once(self, case, mike):
        handover = offer(case, mike)
        with pytest.raises(HandoverError, match="Mike was asked, so only they can answer"):
            answer_offer(handover, by=a_person("Eve"))
        answer_offer(handover)
        with pytest.raises(HandoverError, match="answered already"):
            answer_offer(handover)

    def test_who_has_left_meanwhile_can_no_longer_accept_but_decline(self, case, mike):
        handover = offer(case, mike)
        Staff.objects.filter(pk=mike.pk).update(is_active=False)
        with pytest.raises(HandoverError, match="Mike has left"):
            answer_offer(handover)
        assert answer_offer(handover, accepts=False).owner == a_person()

    def test_a_closed_case_changes_no_hands(self, case, mike):
        handover = offer(case, mike)
        close(case)
        with pytest.raises(CaseClosedError, match="is closed"):
            offer(case, a_person("Eve"))
        with pytest.raises(CaseClosedError):
            answer_offer(handover)


class TestClosing:
    """By what the customer said, when nothing else is promised."""

    def test_the_customers_answer_closes_the_case_and_keeps_the_promise_of_news(self, case):
        closed = close(case, now=MONDAY + 2 * HOUR)

        assert closed.closed_at == MONDAY + HOUR
        assert closed.closed_by_contact.note == "It is right."
        news = case.promises.get()
        assert (news.outcome, news.settled_at) == (Outcome.KEPT, MONDAY + HOUR)
        assert kinds_of(case)[-1] == "case_closed"
        assert verify.run() == []

    def test_a_case_is_closed_once(self, case):
        answer = an_answer(case)
        close(case, answer=answer)
        with pytest.raises(CaseClosedError, match="reopen it first"):
            close(case, answer=answer)

    def test_while_something_is_promised_the_case_stays_open(self, case):
        promises.make_promise(case.pk, a_word(), now=MONDAY)
        with pytest.raises(StillPromisedError, match="Something is still promised"):
            close(case)
        case.refresh_from_db()
        assert case.closed_at is None

    def test_another_customers_answer_closes_nothing(self, case):
        other = a_case(customer=a_customer("Somebody else"))
        with pytest.raises(AnswerError, match="its own customer"):
            close(case, answer=an_answer(other))

    def test_an_answer_from_before_the_failure_was_known_closes_nothing(self, case):
        with pytest.raises(AnswerError, match="since the failure was known"):
            close(case, answer=an_answer(case, at=MONDAY - INSTANT))

    def test_nobody_has_answered_in_the_future(self, case):
        answer = an_answer(case, at=MONDAY + 2 * HOUR)
        with pytest.raises(NotYetHappenedError):
            close(case, answer=answer, now=MONDAY + HOUR)

    def test_an_answer_that_came_before_the_last_deed_was_written_down_closes_the_case(self, case):
        call = promises.make_promise(case.pk, a_word(), now=MONDAY)
        answer = an_answer(case, at=MONDAY + HOUR)
        promises.keep_promise(
            promise_id=call.pk,
            at=MONDAY + HOUR,
            evidence="Rang, and asked.",
            by=a_person(),
            now=MONDAY + HOUR + 5 * MINUTE,
        )
        closed = close(case, answer=answer, now=MONDAY + HOUR + 6 * MINUTE)

        assert closed.closed_at == MONDAY + HOUR
        assert not closed.promises.still_open().exists()
        assert verify.run() == []

    @pytest.mark.parametrize("late", [INSTANT, 10 * MINUTE])
    def test_an_answer_after_the_news_was_due_closes_the_case_and_owns_up_to_the_break(
        self, case, late
    ):
        news = case.promises.get()
        at = news.due_at + late
        closed = close(case, answer=an_answer(case, at=at), now=at + MINUTE)
        ticks.tick(now=at + 3 * HOUR)

        news.refresh_from_db()
        follow_up = Promise.objects.get(follows=news)
        assert (news.outcome, follow_up.outcome) == (Outcome.BROKEN, Outcome.KEPT)
        assert Message.objects.filter(promise=news).count() == 1
        assert closed.closed_at == at
        assert verify.run() == []


class TestReopening:
    """Law 8: "not right" opens it again, with the same owner and a new promise."""

    def test_not_right_opens_it_again_with_the_same_owner_and_a_new_promise(self, case):
        close(case)
        later = MONDAY + 20 * HOUR
        again = reopening.reopen_case(case_id=case.pk, answer=an_answer(case, at=later), now=later)

        assert (again.closed_at, again.owner) == (None, case.owner)
        assert again.promises.still_open().get().said_at == later
        assert TimelineEntry.objects.filter(case=case, kind="case_reopened").count() == 1
        assert verify.run() == []

    def test_it_closes_again_by_a_later_answer(self, case):
        close(case)
        later = MONDAY + 20 * HOUR
        reopening.reopen_case(case_id=case.pk, answer=an_answer(case, at=later), now=later)
        closed = close(case, answer=an_answer(case, at=later + HOUR), now=later + HOUR)

        assert closed.closed_at == later + HOUR
        assert verify.run() == []

    def test_an_owner_who_has_left_is_followed_by_whoever_took_over(self, mike):
        case = a_case(owner=mike)
        close(case)
        staff.leave(mike, now=MONDAY + 2 * HOUR)
        later = MONDAY + 3 * HOUR
        again = reopening.reopen_case(case_id=case.pk, answer=an_answer(case, at=later), now=later)

        assert again.owner == mike.team.lead
        assert verify.run() == []

    def test_what_is_open_cannot_be_opened(self, case):
        with pytest.raises(CaseOpenError, match="The case is open"):
            reopening.reopen_case(case_id=case.pk, answer=an_answer(case), now=MONDAY + HOUR)

    def test_only_its_own_customer_opens_it_and_only_afterwards(self, case):
        other = a_case(customer=a_customer("Somebody else"))
        early = an_answer(case, at=MONDAY)
        close(case)
        for answer in (early, an_answer(other, at=MONDAY + 2 * HOUR)):
            with pytest.raises(AnswerError, match="its own customer"):
                reopening.reopen_case(case_id=case.pk, answer=answer, now=MONDAY + 2 * HOUR)
