"""What becomes of a remedy when it comes, comes late, or does not come (law 7)."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import cases, payments, promises
from makegood.actions.contacts import Touch, record_contact, record_said
from makegood.actions.payments import Arrival, UnknownPaymentError, WrongAmountError
from makegood.queries import verify
from makegood.records.models import (
    Direction,
    LedgerEntry,
    Message,
    Promise,
    Remedy,
    TimelineEntry,
)
from makegood.rules.promises import Channel, OfARemedyError
from makegood.rules.remedies import (
    AlreadyHereError,
    telling_of,
)
from money_world import a_remedy, arrive
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def kinds(case) -> list[str]:
    return list(
        TimelineEntry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    )


def owed(case) -> int:
    return sum(
        LedgerEntry.objects.filter(case=case, account="owed").values_list("amount_minor", flat=True)
    )


def said_right(case):
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, note="All right.")
    return record_contact(case.pk, touch, now=MONDAY)


class TestArriving:
    """Law 7."""

    def test_the_promise_is_kept_by_arrival_and_by_nothing_else(self):
        remedy = a_remedy()
        with pytest.raises(OfARemedyError):
            promises.keep_promise(
                promise_id=remedy.promise_id, at=MONDAY, evidence="I think so.", by=a_person(),
                now=MONDAY,
            )  # fmt: skip

        arrive(remedy, at=MONDAY + HOUR)

        remedy.refresh_from_db()
        assert (remedy.outcome, remedy.promise.outcome) == ("arrived", "kept")
        assert owed(remedy.case) == 0
        assert verify.run() == []

    def test_the_same_arrival_twice_changes_nothing(self):
        remedy = a_remedy()
        arrive(remedy, at=MONDAY + HOUR)
        before = TimelineEntry.objects.count()
        arrive(remedy, at=MONDAY + 2 * HOUR)
        assert TimelineEntry.objects.count() == before

    def test_an_arrival_of_another_sum_or_of_nothing_known_is_refused(self):
        remedy = a_remedy(2_500)
        with pytest.raises(WrongAmountError):
            arrive(remedy, amount_minor=2_400, currency="GBP")
        with pytest.raises(WrongAmountError):
            arrive(remedy, amount_minor=2_500, currency="EUR")
        with pytest.raises(UnknownPaymentError):
            payments.record_arrival(Arrival(key="no", at=MONDAY, evidence="x"), now=MONDAY)

    def test_what_did_not_come_in_time_is_broken_and_promised_again(self):
        clock = SimulatedClock(MONDAY)
        remedy = a_remedy()
        first = remedy.promise

        clock.wait(days=2)

        remedy.refresh_from_db()
        first.refresh_from_db()
        assert first.outcome == "broken"
        assert remedy.promise != first
        assert remedy.promise.outcome is None
        assert remedy.promise.words.startswith("£25.00 should have reached you by now.")
        assert Message.objects.filter(about=f"promise:{first.pk}:broken").exists()
        assert verify.run() == []

    def test_who_has_not_said_yet_that_it_was_given_says_the_day_that_holds_now(self):
        clock = SimulatedClock(MONDAY)
        remedy = a_remedy()
        duty = Message.objects.get(about=telling_of(remedy.pk))

        clock.wait(days=2)

        remedy.refresh_from_db()
        duty.refresh_from_db()
        assert duty.promise == remedy.promise
        said = {"channel": Channel.PHONE, "at": clock.now, "by": a_person(), "now": clock.now}
        record_said(message_id=duty.pk, words=remedy.promise.words, **said)

    def test_what_comes_late_is_recorded_as_late_and_the_case_goes_on(self):
        clock = SimulatedClock(MONDAY)
        remedy = a_remedy()
        clock.wait(days=2)
        arrive(remedy, at=clock.now)
        remedy.refresh_from_db()
        assert remedy.outcome == "arrived"
        assert remedy.promise.outcome == "kept"
        assert owed(remedy.case) == 0
        assert verify.run() == []

    def test_news_of_an_arrival_in_time_that_comes_before_the_clock_looks_keeps_it(self):
        remedy = a_remedy()
        arrive(remedy, at=remedy.promise.due_at, now=remedy.promise.due_at + timedelta(minutes=5))
        assert Promise.objects.get(pk=remedy.promise_id).outcome == "kept"

    def test_a_case_cannot_close_before_what_was_granted_has_arrived(self):
        remedy = a_remedy()
        answer = said_right(remedy.case)
        with pytest.raises(cases.StillPromisedError):
            cases.close_case(case_id=remedy.case_id, answer=answer, now=MONDAY)
        arrive(remedy)
        cases.close_case(case_id=remedy.case_id, answer=answer, now=MONDAY)
        assert verify.run() == []

    def test_a_customer_may_wish_not_to_have_it_until_it_was_sent(self):
        remedy = a_remedy()
        payments.release(remedy.pk, evidence="Keep it, he said.", by=a_person(), now=MONDAY)
        remedy.refresh_from_db()
        assert (remedy.outcome, remedy.promise.outcome) == ("released", "released")
        assert owed(remedy.case) == 0
        assert verify.run() == []
        sent = a_remedy(case=remedy.case)
        payments.record_sent(sent.payments.get().pk, reference="r", now=MONDAY)
        with pytest.raises(AlreadyHereError):
            payments.release(sent.pk, evidence="x", by=a_person(), now=MONDAY)

    def test_nobody_stops_what_its_gateway_may_have(self):
        remedy = a_remedy()
        [claimed] = payments.claim_due(now=MONDAY, limit=10)
        with pytest.raises(AlreadyHereError, match="may be"):
            payments.release(remedy.pk, evidence="Keep it.", by=a_person(), now=MONDAY)
        payments.record_delay(claimed.id, error="No answer.", now=MONDAY)
        with pytest.raises(AlreadyHereError, match="may be"):
            payments.release(remedy.pk, evidence="Keep it.", by=a_person(), now=MONDAY)
        payments.record_failed(claimed.id, error="No such account.", now=MONDAY + HOUR)
        payments.release(remedy.pk, evidence="Keep it.", by=a_person(), now=MONDAY + HOUR)
        assert Remedy.objects.get(pk=remedy.pk).outcome == "released"
        assert verify.run() == []

    def test_a_payment_is_claimed_by_one_and_tried_again_with_the_same_key(self):
        remedy = a_remedy()
        [claimed] = payments.claim_due(now=MONDAY, limit=10)
        assert payments.claim_due(now=MONDAY, limit=10) == []
        assert (claimed.amount_minor, claimed.booked_to) == (2_500, remedy.team.name)

        payments.record_delay(claimed.id, error="No answer.", now=MONDAY)

        [again] = payments.claim_due(now=MONDAY + HOUR, limit=10)
        assert again.key == claimed.key

    def test_a_payment_that_failed_is_tried_again_by_somebody(self):
        remedy, laura = a_remedy(), a_person()
        with pytest.raises(AlreadyHereError):
            payments.pay_again(remedy.pk, by=laura, now=MONDAY)
        payments.record_failed(remedy.payments.get().pk, error="No such account.", now=MONDAY)
        arrived_anyway = Arrival(key=f"remedy-{remedy.pk}-1", at=MONDAY, evidence="x")
        with pytest.raises(AlreadyHereError):
            payments.record_arrival(arrived_anyway, now=MONDAY)

        again = payments.pay_again(remedy.pk, by=laura, now=MONDAY)
        arrive(remedy)

        assert again.number == 2
        assert Remedy.objects.get().outcome == "arrived"

    def test_a_scheme_that_owes_more_when_it_pays_late_pays_more_once(self):
        clock = SimulatedClock(MONDAY)
        case = a_case()
        remedy = a_remedy(
            4_000, case=case, source="scheme", scheme="ofgem-suppliers", version="2025",
            late_minor=4_000, pay_by=MONDAY + 10 * DAY,
        )  # fmt: skip

        clock.wait(days=12)

        second = Remedy.objects.get(late_for=remedy)
        assert (second.amount_minor, second.granted_by) == (4_000, None)
        arrive(remedy, at=clock.now)
        assert Remedy.objects.count() == 2
        assert owed(case) == -4_000
        assert verify.run() == []

    def test_news_that_it_had_come_late_brings_the_second_payment_too(self):
        remedy = a_remedy(
            4_000, source="scheme", scheme="ofgem-suppliers", late_minor=4_000,
            pay_by=MONDAY + HOUR,
        )  # fmt: skip
        arrive(remedy, at=MONDAY + 2 * HOUR)
        assert Remedy.objects.get(late_for=remedy).amount_minor == 4_000
        assert verify.run() == []
