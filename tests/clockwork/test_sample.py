"""The sample company obeys every law, at whatever moment it is loaded."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.clockwork import sample
from makegood.queries import verify
from makegood.queries.settings.overview import get_overview
from makegood.queries.visit_round import read_round
from makegood.records.models import (
    Asset,
    Case,
    Conflict,
    Doubt,
    Escalation,
    Incident,
    Letter,
    Mail,
    Promise,
    Remedy,
    RoundRun,
    Staff,
    Template,
    Visit,
)
from makegood.rules.roles import Role

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 6, 5, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "now",
    [
        # A night at the weekend.
        pytest.param(datetime(2026, 6, 7, 1, 5, tzinfo=UTC), marks=pytest.mark.long),
        # Such a night, and the clocks have just gone forward in London.
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
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
    at_the_door = read_round(Staff.objects.get(name="Sam Rowe"), now=now).open
    assert [(card.customer, card.is_here) for card in at_the_door] == [("Olive Grant", True)]


@pytest.fixture
def loaded():
    """The sample on a Friday afternoon."""
    return sample.load_if_empty(now=FRIDAY)


def test_the_sample_is_whole_and_loading_it_twice_changes_nothing(loaded):
    """One load for all that is asked of it: telling the stories takes seconds."""
    assert verify.run() == []
    assert_the_stories_end_well()
    assert_each_role_can_sign_in(loaded)
    assert_each_page_has_something_to_show()
    found = get_overview(now=FRIDAY)
    assert [problem.words for problem in found.problems] == ["Dara Quinn has no cover."]
    assert found.counts["services"] == 5
    assert not Asset.objects.filter(service=None).exists()

    again = sample.load_if_empty(now=FRIDAY)

    assert Case.objects.filter(customer__name="David Taylor").count() == 1
    assert loaded.password == again.password
    assert loaded.customer_path != again.customer_path


def assert_the_stories_end_well():
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


def assert_each_role_can_sign_in(links):
    people = Staff.objects.filter(is_active=True, email__endswith="@example.org")
    assert {person.role for person in people} == {role.value for role in Role}
    assert all(person.check_password(links.password) for person in people)
    for address in (links.sign_in, "ada.moreno@example.org", "grace.lind@example.org"):
        assert address in f"{links.sign_in} {links.others}"
        assert people.filter(email=address).exists()


def assert_each_page_has_something_to_show():
    part_case = Case.objects.get(customer__name="Carl Weber")
    waiting = part_case.visits.get()
    assert (waiting.diagnosis.part.name, waiting.outcome) == ("heating element", None)
    for visit in Visit.objects.exclude(pk=waiting.pk):
        assert visit.slots.get().crew.members.count() == 1
    incident = Incident.objects.get()
    assert incident.truths.count() == 2
    assert Case.objects.filter(incident=incident).count() == 3
    assert Mail.objects.filter(settled_at=None).exclude(aside_because="").count() == 2
    flyer = Doubt.objects.get()
    assert (flyer.holds, flyer.says, flyer.act_at) == (
        "30 GBP",
        "36 GBP",
        FRIDAY + timedelta(minutes=5),
    )
    assert Template.objects.get().stops.count() == 0
    behind = RoundRun.objects.filter(closes_at__lt=FRIDAY)
    assert {run.outcome for run in behind} == {"done"}
    assert RoundRun.objects.filter(outcome=None, opens_at__gt=FRIDAY).count() == 2
    assert Conflict.objects.get().staff.name == "Laura Bennett"
    # What the stories wrote has arrived in them: loading the sample sends nobody anything.
    assert not Letter.objects.filter(send_at__isnull=False).exists()
