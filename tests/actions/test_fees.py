"""Fees that a failure caused are found when either becomes known, and taken off in one act."""

from datetime import timedelta

import pytest

from makegood.actions import cases, fees
from makegood.actions.authorities import declare_conflict
from makegood.actions.fees import Charge
from makegood.queries import remedy_cards, verify
from makegood.records.models import ApprovalRequest, Fee, LedgerEntry, Remedy, TimelineEntry
from makegood.rules.remedies import Activity, KeyReusedError, OneselfError, RemedyError
from money_world import limits, may_give
from world import MONDAY, a_case, a_customer, a_failure, a_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def a_charge(minor: int = 1_500, *, number: str = "1", at=MONDAY + HOUR) -> Charge:
    return Charge(
        what="restocking fee", amount_minor=minor, currency="GBP", charged_at=at,
        source="billing", external_id=number,
    )  # fmt: skip


def take_off(case, by, *, charge: Charge | None = None, key: str = "form-1"):
    return fees.take_off(
        case.pk, charge or a_charge(), because="It was our mistake.", key=key, by=by,
        now=MONDAY + 2 * HOUR,
    )  # fmt: skip


def found_on(case) -> int:
    return TimelineEntry.objects.filter(case=case, kind="fee_found").count()


def test_a_fee_that_follows_a_failure_is_raised_with_the_owner_of_its_case():
    case = a_case()

    fees.record_fee(case.customer, a_charge(), now=MONDAY + 2 * HOUR)
    fees.record_fee(case.customer, a_charge(), now=MONDAY + 3 * HOUR)

    assert found_on(case) == 1, "told again, it is raised once"
    [raised] = remedy_cards.get_raised(case.owner, now=MONDAY + 2 * HOUR)
    assert (raised.what, raised.case) == ("£15.00", case.reference)


def test_a_failure_that_becomes_known_later_finds_the_fee_that_was_there():
    customer = a_customer()
    fees.record_fee(customer, a_charge(), now=MONDAY + HOUR)

    failure = a_failure(customer=customer, failed_at=MONDAY, known_at=MONDAY + 2 * HOUR)
    case = cases.open_case(failure, owner=a_person(), now=MONDAY + 2 * HOUR)

    assert found_on(case) == 1


def test_a_fee_from_before_the_failure_or_of_somebody_else_is_not_ours_to_find():
    case = a_case()

    fees.record_fee(case.customer, a_charge(at=MONDAY - HOUR), now=MONDAY)
    fees.record_fee(a_customer("Somebody else"), a_charge(number="2"), now=MONDAY)

    assert found_on(case) == 0
    assert remedy_cards.get_raised(case.owner, now=MONDAY + 2 * HOUR) == ()


def test_of_two_failures_the_one_that_came_last_before_the_fee_has_caused_it():
    customer = a_customer()
    first, second, third = (
        a_case(customer=customer, failed_at=MONDAY + n * HOUR, known_at=MONDAY + n * HOUR)
        for n in (0, 1, 5)
    )

    fees.record_fee(customer, a_charge(at=MONDAY + 2 * HOUR), now=MONDAY + 6 * HOUR)

    assert [found_on(case) for case in (first, second, third)] == [0, 1, 0]


def test_one_act_records_the_fee_takes_it_off_and_books_it_to_the_cause():
    case, laura = a_case(), a_person()
    may_give(laura, activity=Activity.WAIVER)

    remedy = take_off(case, laura)
    again = take_off(case, laura)

    assert isinstance(remedy, Remedy)
    assert again.pk == remedy.pk
    assert Fee.objects.get() == remedy.fee
    booked = LedgerEntry.objects.get(account="waiver")
    assert (booked.amount_minor, booked.team_id, booked.case_id) == (1_500, case.team_id, case.pk)
    assert remedy_cards.get_raised(case.owner, now=MONDAY + 2 * HOUR) == ()
    assert verify.run() == []


def test_beyond_authority_the_same_act_asks_and_the_fee_is_not_raised_meanwhile():
    case, laura = a_case(), a_person()
    may_give(laura, activity=Activity.WAIVER, held=limits(1_000))
    may_give(case.team.lead, activity=Activity.WAIVER)

    asked = take_off(case, laura)

    assert isinstance(asked, ApprovalRequest)
    assert asked.fee is not None
    assert remedy_cards.get_raised(case.owner, now=MONDAY + 2 * HOUR) == ()


def test_what_cannot_be_taken_off_leaves_nothing_half_done():
    case, laura = a_case(), a_person()
    may_give(laura, activity=Activity.WAIVER)
    declare_conflict(staff=laura, customer=case.customer, now=MONDAY)

    with pytest.raises(OneselfError):
        take_off(case, laura)

    assert Fee.objects.count() == 0


def test_a_fee_is_taken_off_once_and_another_sum_under_its_number_is_refused():
    case, laura = a_case(), a_person()
    may_give(laura, activity=Activity.WAIVER)
    take_off(case, laura)

    with pytest.raises(RemedyError, match="waived already"):
        take_off(case, laura, key="form-2")
    with pytest.raises(KeyReusedError):
        take_off(case, laura, charge=a_charge(2_000), key="form-3")
