"""Rounds at the desk: kept with their next ten days, stops from a file, reported on a phone."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.clockwork import ticks
from makegood.records.models import Case, Round
from makegood.rules.roles import Role
from round_world import CLOSES, FRIDAY, a_food_bin, a_round, food_waste, run_of
from standing_clock import StandingClock
from visit_world import a_crew
from world import MONDAY, a_calendar, a_person

pytestmark = pytest.mark.django_db


class _OnFriday(StandingClock):
    """Friday at three in the afternoon, when the round is over in Exeter."""

    @classmethod
    def now(cls, tz=None):  # noqa: ARG003 - as datetime's
        return CLOSES


@pytest.fixture(autouse=True)
def _the_clock_stands(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", _OnFriday)


@pytest.fixture
def dora():
    return a_person("Dora Planner", role=Role.DISPATCHER.value)


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(**more) -> dict:
    plain = {
        "name": "Food waste Friday",
        "service": food_waste().pk,
        "calendar": a_calendar().pk,
        "owner": a_person().pk,
        "every": "1",
        "weekdays": ["FR"],
        "first_day": "2026-01-02",
        "opens": "07:00",
        "closes": "16:00",
        "report_minutes": "60",
        "shift": "slide",
        "left_out": "2026-06-12, 2026-06-19",
        "areas": "EX4, Exeter",
        "harm": "delayed",
        "missed_title": "Your food waste was not collected",
        "missed_words": "We did not come on your street today.",
    }
    return plain | more


def test_a_round_is_added_by_boxes_and_shows_its_next_ten_days(dora):
    client = as_(dora)
    assert "No round is kept yet" in client.get("/settings/rounds").content.decode()

    answer = client.post("/settings/rounds/new", typed())

    row = Round.objects.get()
    assert answer.headers["Location"] == f"/settings/rounds/{row.pk}"
    assert (row.rule, row.opens, row.closes) == ("FREQ=WEEKLY;BYDAY=FR", 420, 960)
    assert (row.left_out, row.areas) == ([date(2026, 6, 12), date(2026, 6, 19)], ["EX4", "EXETER"])
    page = client.get(f"/settings/rounds/{row.pk}").content.decode()
    assert "Fri 26 June 2026" in page
    assert "Fri 12 June 2026" not in page
    assert "07:00 to 16:00" in page
    assert "Food waste Friday" in client.get("/settings/rounds").content.decode()


def test_a_rule_of_ones_own_is_kept_as_it_was_written(dora):
    as_(dora).post(
        "/settings/rounds/new", typed(every="own", rule="FREQ=MONTHLY;BYDAY=1MO", weekdays=[])
    )

    row = Round.objects.get()
    assert row.rule == "FREQ=MONTHLY;BYDAY=1MO"
    page = as_(dora).get(f"/settings/rounds/{row.pk}").content.decode()
    assert 'value="FREQ=MONTHLY;BYDAY=1MO"' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weekdays": []}, "Choose at least one day."),
        ({"every": "own"}, "Write the rule, or choose how often"),
        ({"every": "own", "rule": "FREQ=HOURLY"}, "A rule begins with FREQ"),
        ({"left_out": "Christmas"}, "Write days as 2026-12-25"),
        ({"closes": "06:00"}, "begin before they end"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(dora, wrong, said):
    answer = as_(dora).post("/settings/rounds/new", typed(**wrong))

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_days_are_shown_while_one_types(dora):
    office = a_calendar()
    office.holidays.create(day=date(2026, 6, 8), name="Founders' day")
    client = as_(dora)

    shown = client.get("/settings/rounds/days", typed(left_out="")).content.decode()

    assert "Sat 13 June 2026" in shown
    assert "instead of Fri 12 June 2026: Founders&#x27; day" in " ".join(shown.split())
    wrong = client.get("/settings/rounds/days", typed(every="own", rule="FREQ=HOURLY"))
    assert "A rule begins with FREQ" in wrong.content.decode()
    assert "No day is known yet" in client.get("/settings/rounds/days").content.decode()


def test_stops_come_from_a_file_with_or_without_a_head(dora):
    row = a_round()
    a_food_bin("Ann", number="A-1")
    client, address = as_(dora), f"/settings/rounds/{row.pk}/stops"

    page = client.post(address, {"file": SimpleUploadedFile("s.csv", b"asset\nA-1\n")}, follow=True)
    assert "The round has 1 stop." in page.content.decode()
    page = client.post(address, {"file": SimpleUploadedFile("s.csv", b"Z-9\n")}, follow=True)
    assert "Nothing was changed: 1 number is of no asset" in page.content.decode()
    page = client.post(address, follow=True)
    assert "Choose a CSV file" in page.content.decode()
    assert row.stops.count() == 1


def test_a_round_is_retired_and_brought_back(dora):
    row = a_round(now=FRIDAY)
    client = as_(dora)

    client.post(f"/settings/rounds/{row.pk}/retire")
    row.refresh_from_db()
    assert row.retired_at == CLOSES
    assert "retired" in client.get("/settings/rounds").content.decode()
    client.post(f"/settings/rounds/{row.pk}/retire")
    assert run_of(row).planned == date(2026, 6, 12)


def test_a_crew_reports_its_round_on_the_phone():
    mike = a_person("Mike Doyle", role=Role.AGENT.value)
    row = a_round(crew=a_crew(members=(mike,)).pk, areas=["EX1", "EX4"])
    a_food_bin("Ann")
    bob = a_food_bin("Bob", postcode="EX1 1AA")
    client, run = as_(mike), run_of(row)
    assert "Food waste Friday" in client.get("/today").content.decode()

    address = f"/today/rounds/{run.pk}"
    assert (
        "Say where the round did not come"
        in client.post(address, {"came": "part"}).content.decode()
    )
    assert client.post(address, {"came": "soon"}).status_code == 409
    client.post(address, {"came": "part", "area": "EX1", "note": "Road works"})
    ticks.tick(now=CLOSES)

    run.refresh_from_db()
    assert (run.outcome, run.reported_by, run.note) == ("part", mike, "Road works")
    assert Case.objects.get().customer == bob.customer
    assert "Food waste Friday" not in client.get("/today").content.decode()
    assert client.post(address, {"came": "done"}).status_code == 409
    page = as_(a_person("Dora", role=Role.DISPATCHER.value)).get(f"/settings/rounds/{row.pk}")
    assert run.incident.reference in page.content.decode()


def test_a_round_of_another_crew_is_not_ones_own(dora):
    row = a_round(crew=a_crew(members=()).pk)
    stranger = as_(a_person("Nick Other", role=Role.AGENT.value))
    address = f"/today/rounds/{run_of(row).pk}"

    assert stranger.post(address, {"came": "done"}).status_code == 403
    assert stranger.get(f"/settings/rounds/{row.pk}").status_code == 403
    assert "Food waste Friday" not in stranger.get("/today").content.decode()
    assert Client().post(address, {"came": "done"}).status_code == 302
    assert as_(dora).post("/today/rounds/0", {"came": "done"}).status_code == 404
    assert run_of(row).reported_at is None


def test_the_list_takes_as_many_queries_for_ten_rounds_as_for_one(
    dora, django_assert_max_num_queries
):
    for number in range(10):
        a_round(name=f"Round {number}", now=MONDAY)
    client = as_(dora)
    client.get("/settings/rounds")

    with django_assert_max_num_queries(12):
        client.get("/settings/rounds")
