"""A food waste round on Fridays in Exeter, with people and bins on it."""

from datetime import UTC, datetime

from makegood.actions import changes
from makegood.actions import rounds as actions
from makegood.actions.changes import Editor
from makegood.records.models import Asset, Customer, Round, RoundRun, Service
from makegood.rules.severity import Function
from world import MONDAY, a_calendar, a_customer, a_person, a_team

FRIDAY = datetime(2026, 6, 5, tzinfo=UTC)
OPENS, CLOSES, REPORTED = (FRIDAY.replace(hour=hour) for hour in (6, 15, 16))  # 07:00 in Exeter


def food_waste() -> Service:
    found = Service.objects.filter(name="Food waste").first()
    return found or Service.objects.create(
        name="Food waste", function=Function.HYGIENE.value, team=a_team()
    )


def round_facts(**more) -> dict:
    facts = {
        "name": "Food waste Friday",
        "service": food_waste().pk,
        "calendar": a_calendar().pk,
        "crew": None,
        "owner": a_person().pk,
        "rule": "FREQ=WEEKLY;BYDAY=FR",
        "first_day": "2026-01-02",
        "left_out": [],
        "added": [],
        "shift": "slide",
        "opens": 420,
        "closes": 960,
        "report_minutes": 60,
        "areas": ["EX4"],
        "harm": "delayed",
        "missed_title": "Your food waste was not collected",
        "missed_words": "We did not come on your street today. That is our mistake.",
        "retired": False,
    }
    return facts | more


def a_round(*, now=MONDAY, **more) -> Round:
    key = changes.keep(actions.ROUNDS, None, round_facts(**more), editor=Editor(by=None, now=now))
    return Round.objects.get(pk=key)


def run_of(row: Round) -> RoundRun:
    """The day of a round that comes next, or is out."""
    return row.runs.get(outcome=None)


def a_food_bin(name: str = "Ann Exeter", *, postcode: str = "EX4 4QJ", number: str = "") -> Asset:
    customer = Customer.objects.filter(name=name).first() or a_customer(name, postcode=postcode)
    return Asset.objects.create(
        customer=customer,
        name="Food bin",
        function=Function.HYGIENE.value,
        service=food_waste(),
        external_id=number,
    )
