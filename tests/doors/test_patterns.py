"""The reviewer's page of patterns: for supervisors, after payment, and nowhere else."""

import re
from pathlib import Path

import pytest
from django.test import Client

import makegood
from busy_day import NOW
from makegood.records.models import Customer
from makegood.rules.roles import Right, Role, roles_with
from money_world import a_remedy, arrive, limits, may_give
from standing_clock import StandingClock
from world import a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


@pytest.fixture
def often() -> Customer:
    """One of a hundred and fifty customers, who was given something eight times."""
    Customer.objects.bulk_create(
        Customer(name=f"Customer {n}", zone="Europe/London", since=NOW) for n in range(150)
    )
    may_give(a_person(), held=limits(50_000, 90_000))
    customer = a_customer("Oft Given")
    for n in range(8):
        remedy = a_remedy(100, case=a_case(customer=customer, title=f"Failure {n}"))
        if n < 7:
            arrive(remedy, at=remedy.granted_at)
    return customer


def page_of(role: Role) -> tuple[int, str]:
    client = Client()
    client.force_login(a_person(f"A {role}", role=role.value))
    answer = client.get("/wall/patterns")
    return answer.status_code, " ".join(answer.content.decode().split())


@pytest.mark.usefixtures("often")
def test_a_supervisor_sees_it_with_what_is_paid_and_how_often_it_is_chance():
    status, page = page_of(Role.SUPERVISOR)

    assert status == 200
    assert "Oft Given" in page
    assert re.search(r"<td [^>]*>7</td> <td [^>]*>8</td>", page)
    assert "5% are expected to be chance alone" in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_nobody_else_sees_it(role):
    assert roles_with(Right.REVIEW_PATTERNS) == (Role.SUPERVISOR,)
    assert page_of(role)[0] == 403
    assert Client().get("/wall/patterns").status_code == 302


def test_with_few_customers_it_says_nothing_of_anybody():
    a_remedy(100)

    assert "Too few customers to say anything" in page_of(Role.SUPERVISOR)[1]


def test_no_other_page_letter_or_answer_reads_it():
    source = Path(makegood.__file__).parent
    readers = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if "fair_use" in path.read_text() or "queries import patterns" in path.read_text()
        or "queries.patterns" in path.read_text() or "read_patterns" in path.read_text()
    }  # fmt: skip

    assert readers == {
        "queries/patterns.py", "doors/web/staff/pattern_views.py"
    }  # fmt: skip


def test_giving_asks_it_nothing(often):
    remedy = a_remedy(100, case=a_case(customer=often, title="Once more"))

    assert remedy.outcome is None
    assert arrive(remedy, at=remedy.granted_at).outcome == "arrived"
