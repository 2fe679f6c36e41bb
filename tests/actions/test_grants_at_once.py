"""Several sessions that give at the same moment: no limit is passed, and nothing is given twice."""

from datetime import timedelta

import pytest

from makegood.actions import approvals, payments, remedies
from makegood.actions.approvals import Answer
from makegood.actions.payments import Arrival
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import LedgerTransaction, Payment, Remedy
from makegood.rules.remedies import BeyondAuthorityError, DecidedError
from money_world import a_remedy, a_request, a_wish, limits, may_give
from sessions import at_once
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.usefixtures("committed_db")

HOUR = timedelta(hours=1)


def refusals(found: list[object]) -> list[type]:
    return [type(one) for one in found if isinstance(one, Exception)]


def give(case, by, minor: int = 2_000):
    return lambda: remedies.grant(case.pk, a_wish(minor), by=by, now=MONDAY)


def test_one_person_on_many_cases_of_many_customers_stays_within_the_period():
    laura = a_person()
    may_give(laura, held=limits(5_000, 6_000))
    cases = [a_case(customer=a_customer(str(n))) for n in range(6)]

    found = at_once(*[give(case, laura) for case in cases])

    assert refusals(found) == [BeyondAuthorityError] * 3
    assert Remedy.objects.count() == 3
    assert verify.run() == []


def test_many_people_on_many_cases_of_one_customer_stay_within_its_limit():
    customer = a_customer()
    people = [a_person(f"Agent {n}") for n in range(6)]
    for person in people:
        may_give(person, held=limits(5_000, 50_000))
    cases = [a_case(customer=customer) for _ in people]

    found = at_once(*[give(case, by) for case, by in zip(cases, people, strict=True)])

    assert refusals(found) == [BeyondAuthorityError] * 4
    assert Remedy.objects.count() == 2
    assert verify.run() == []


def test_the_same_form_sent_by_impatient_fingers_gives_once():
    case, laura = a_case(), a_person()
    may_give(laura)
    wish = a_wish(2_000)

    found = at_once(*[lambda: remedies.grant(case.pk, wish, by=laura, now=MONDAY)] * 6)

    assert refusals(found) == []
    assert len({remedy.pk for remedy in found}) == 1
    assert Remedy.objects.count() == Payment.objects.count() == 1


def test_two_approvers_and_the_clock_decide_once():
    may_give(a_person(), held=limits(1_000, 9_000, small_minor=3_000))
    request = a_request(2_500)
    late = request.due_at + HOUR
    yes = Answer(approve=True)

    found = at_once(
        *[lambda: approvals.decide(request.pk, yes, by=request.approver, now=late)] * 2,
        *[lambda: ticks.tick(now=late)] * 2,
    )

    assert set(refusals(found)) <= {DecidedError}
    assert Remedy.objects.count() == 1
    assert verify.run() == []


def test_two_approvals_of_one_customer_do_not_pass_the_approvers_limit_together():
    customer = a_customer()
    cases = [a_case(customer=customer) for _ in range(4)]
    lead = cases[0].team.lead
    may_give(lead, held=limits(20_000, 90_000))
    asked = [approvals.ask(c.pk, a_wish(9_000), by=a_person(), now=MONDAY) for c in cases]

    found = at_once(
        *[
            lambda request=request: approvals.decide(
                request.pk, Answer(approve=True), by=lead, now=MONDAY
            )
            for request in asked
        ]
    )

    assert refusals(found) == [BeyondAuthorityError] * 2
    assert Remedy.objects.count() == 2
    assert verify.run() == []


def test_an_arrival_that_is_told_by_file_and_by_hook_at_once_is_booked_once():
    remedy = a_remedy()
    news = Arrival(key=f"remedy-{remedy.pk}-1", at=MONDAY, evidence="Paid.")

    found = at_once(*[lambda: payments.record_arrival(news, now=MONDAY)] * 4)

    assert refusals(found) == []
    assert LedgerTransaction.objects.filter(kind="arrived").count() == 1
    assert verify.run() == []


def test_several_clocks_claim_each_payment_once():
    for n in range(5):
        a_remedy(1_000, case=a_case(customer=a_customer(str(n))))

    found = at_once(*[lambda: payments.claim_due(now=MONDAY, limit=3)] * 4)

    claimed = [payment.id for batch in found for payment in batch]
    assert len(claimed) == len(set(claimed)) == 5
