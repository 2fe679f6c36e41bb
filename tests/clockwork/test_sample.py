"""The sample company obeys every law, at whatever moment it is loaded."""

from datetime import UTC, datetime

import pytest

from makegood.clockwork import sample
from makegood.queries import verify
from makegood.queries.settings.overview import get_overview
from makegood.records.models import Asset, Case, Escalation, Promise, Remedy, Staff
from makegood.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 6, 5, 14, 0, tzinfo=UTC),
        datetime(2026, 6, 7, 1, 5, tzinfo=UTC),  # a night at the weekend
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # the clocks have just gone forward in London
        datetime(2026, 12, 26, 23, 59, tzinfo=UTC),
    ],
)
def test_the_sample_is_alive_and_true_at_any_moment(now):
    links = sample.load_if_empty(now=now)

    assert verify.run() == []
    assert links.customer_path.startswith("/c/")
    bin_case = Case.objects.get(customer__name="David Taylor")
    assert bin_case.reports.count() == 2
    assert bin_case.promises.filter(outcome="broken", speaker="template").count() == 1
    assert bin_case.promises.filter(outcome=None, speaker="person").count() == 1
    alarm = Case.objects.get(customer__name="Ann Clarke")
    assert (alarm.severity, alarm.owner.name) == (1, "Ruth Castellanos")
    assert alarm.closed_at is not None
    assert Escalation.objects.filter(case=alarm, role="executive").exists()
    assert Promise.objects.still_open().filter(due_at__lt=now).count() == 0


def test_the_people_of_all_five_stories_are_there_with_their_good_endings():
    sample.load_if_empty(now=datetime(2026, 6, 5, 14, 0, tzinfo=UTC))

    people = set(Case.objects.values_list("customer__name", flat=True))
    assert people >= {"Carl Weber", "Helen Marsh", "Paul Hensley", "David Taylor", "Ann Clarke"}
    plan = Case.objects.get(customer__name="Helen Marsh")
    assert plan.promises.filter(words__contains="twelve months", outcome="kept").count() == 1
    assert plan.closed_at is not None
    charge = Case.objects.get(customer__name="Paul Hensley")
    credit = Remedy.objects.get(case=charge)
    assert (credit.amount_minor, credit.outcome) == (2_500, "arrived")
    assert charge.closed_at is not None
    assert not plan.promises.filter(outcome="broken").exists()
    assert not charge.promises.filter(outcome="broken").exists()


def test_loading_twice_tells_the_stories_once_and_keeps_the_password():
    now = datetime(2026, 6, 5, 14, 0, tzinfo=UTC)
    first = sample.load_if_empty(now=now)
    second = sample.load_if_empty(now=now)

    assert Case.objects.count() == 6
    assert first.password == second.password
    assert first.customer_path != second.customer_path


def test_the_sample_has_somebody_of_each_role_who_can_sign_in():
    links = sample.load_if_empty(now=datetime(2026, 6, 5, 14, 0, tzinfo=UTC))

    people = Staff.objects.filter(is_active=True, email__endswith="@example.org")

    assert {person.role for person in people} == {role.value for role in Role}
    assert all(person.check_password(links.password) for person in people)
    for address in (links.sign_in, "ada.moreno@example.org", "grace.lind@example.org"):
        assert address in f"{links.sign_in} {links.others}"
        assert people.filter(email=address).exists()


def test_the_sample_company_is_in_order_but_for_the_one_gap_that_shows_what_a_gap_looks_like():
    now = datetime(2026, 6, 5, 14, 0, tzinfo=UTC)
    sample.load_if_empty(now=now)

    found = get_overview(now=now)

    assert [problem.words for problem in found.problems] == ["Dara Quinn has no cover."]
    assert found.counts["services"] == 4
    assert not Asset.objects.filter(service=None).exists()
