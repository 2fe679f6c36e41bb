"""Ladders, duty and calendars at their doors: for what is new, and never for what was promised."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from busy_day import NOW, at
from makegood.records.models import (
    Duty,
    Ladder,
    Promise,
    WorkingCalendar,
)
from makegood.rules.roles import Role
from world import a_calendar, a_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


def _ladder(**more) -> dict[str, object]:
    typed = {
        "share1": "40",
        "role1": "owner",
        "share2": "70",
        "role2": "lead",
        "unheard": "15",
        "again": "60",
        "grace": "5",
        "news_within": "4 hours",
        "ask_again_after": "3 working days",
        "close_after": "5 working days",
    }
    return typed | more


def test_a_ladder_changes_for_new_promises_and_shows_whom_it_would_tell(desk, day):
    team = day.laura.team
    policies = list(Promise.objects.order_by("pk").values_list("policy", flat=True))

    desk.post(f"/settings/ladders/{team.pk}/2", _ladder())
    page = _text(
        desk.get(f"/settings/ladders/{team.pk}/2?due_at=2026-06-01T17:38&owner={day.laura.pk}")
    )

    assert Ladder.objects.get().terms["rungs"][1] == {"share": 0.7, "role": "lead"}
    assert list(Promise.objects.order_by("pk").values_list("policy", flat=True)) == policies
    assert "those already made keep the ladder" in page
    # Given at 13:38 for 17:38: four hours, of which 40 % are 96 minutes.
    assert "Mon 1 June 2026, 15:14" in page
    assert "Mon 1 June 2026, 16:26" in page
    assert "collections lead" in page
    assert "it is broken" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"share2": "30"}, "must speak later"),
        ({"share1": "100"}, "less than or equal to 99.9"),
        ({"news_within": "soon"}, "not an amount of time"),
    ],
)
def test_a_ladder_that_cannot_work_is_refused_at_its_field(desk, day, wrong, says):
    refused = desk.post(f"/settings/ladders/{day.laura.team_id}/2", _ladder(**wrong))
    assert refused.status_code == 422
    assert says in _text(refused)
    assert not Ladder.objects.exists()


def test_a_ladder_goes_back_to_the_default(desk, day):
    address = f"/settings/ladders/{day.laura.team_id}/2"
    desk.post(address, _ladder())
    desk.post(f"{address}/default")
    assert not Ladder.objects.exists()


def test_duty_is_planned_changed_and_ended(desk):
    omar = a_person("Omar")
    typed = {
        "staff": omar.pk,
        "kind": "shift",
        "starts_at": "2026-06-01T12:00",
        "ends_at": "2026-06-01T20:00",
    }
    desk.post(f"/settings/duty/new?team={omar.team_id}", typed)
    planned = Duty.objects.get(staff=omar)
    assert (planned.starts_at, planned.ends_at) == (at(12), at(20))
    assert "shift 12:00-20:00" in _text(desk.get(f"/settings/duty/teams/{omar.team_id}"))

    desk.post(f"/settings/duty/{planned.pk}", {**typed, "ends_at": "2026-06-01T19:00", "seen": 99})
    desk.post(f"/settings/duty/{planned.pk}/end")

    planned.refresh_from_db()
    assert planned.ends_at == NOW


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ends_at": "2026-06-01T12:00"}, "later end"),
        ({"starts_at": ""}, "This field is required"),
        ({"kind": "shift", "cover": "0"}, "Select a valid choice"),
    ],
)
def test_duty_that_makes_no_sense_is_refused(desk, wrong, says):
    typed = {
        "staff": a_person("Omar").pk,
        "kind": "absence",
        "starts_at": "2026-06-01T12:00",
        "ends_at": "2026-06-01T20:00",
    }
    refused = desk.post("/settings/duty/new", typed | wrong)
    assert refused.status_code == 422
    assert says in _text(refused)


def test_anybody_says_when_they_are_away_and_only_they_take_it_back(day):
    agent, other = a_person("Agnes", role=Role.AGENT.value), a_person("Otto")
    mine, theirs = Client(), Client()
    mine.force_login(agent)
    theirs.force_login(other)

    mine.post(
        "/absence",
        {
            "starts_at": "2026-06-03T09:00",
            "ends_at": "2026-06-05T17:00",
            "cover": day.laura.pk,
            "staff": other.pk,  # not theirs to say
            "kind": "shift",
        },
    )

    away = Duty.objects.get(staff=agent)
    assert (away.kind, away.cover) == ("absence", day.laura)
    assert "Laura Bennett covers" in _text(mine.get("/absence"))
    assert theirs.post(f"/absence/{away.pk}/end").status_code == 404
    mine.post(f"/absence/{away.pk}/end")
    assert not Duty.objects.filter(staff=agent).exists()


def _undo_on(answer) -> str:
    return re.findall(r'name="undo"\s+value="([^"]+)"', answer.content.decode())[0]


def test_ones_own_absence_is_taken_back_when_it_was_a_slip(day):
    client = Client()
    client.force_login(day.laura)
    times = {"starts_at": "2026-06-01T13:00", "ends_at": "2026-06-05T17:00", "cover": ""}
    client.post("/absence", times)
    away = Duty.objects.get(staff=day.laura)

    ended = client.post(f"/absence/{away.pk}/end", follow=True)
    assert "Ended as of now." in _text(ended)
    back = client.post("/undo", {"undo": _undo_on(ended)}, follow=True)

    assert "Taken back: your absence is as it was before." in _text(back)
    assert Duty.objects.get(pk=away.pk).ends_at == away.ends_at
    refused = client.post("/undo", {"undo": _undo_on(ended)})
    assert refused.status_code == 409
    assert "taken back already" in _text(refused)


@pytest.mark.usefixtures("day")
def test_an_absence_that_was_just_planned_is_gone_again_by_one_press():
    client = Client()
    client.force_login(a_person("Kit", role=Role.KNOWLEDGE_KEEPER.value))
    times = {"starts_at": "2026-06-03T09:00", "ends_at": "2026-06-05T17:00", "cover": ""}
    planned = client.post("/absence", times, follow=True)

    client.post("/undo", {"undo": _undo_on(planned)})

    assert not Duty.objects.filter(staff__name="Kit").exists()


def _calendar(**more) -> dict[str, object]:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    typed = dict.fromkeys(days, "08:00-12:00, 12:30-17:00")
    return typed | {"name": "Depot", "lives_in": "Europe/London", "holiday_code": "GB-ENG"} | more


def test_a_calendar_is_added_with_hours_holidays_and_own_days(desk):
    desk.post("/settings/calendars/new", _calendar(extra="2026-12-24 Christmas Eve\n"))

    made = WorkingCalendar.objects.get(name="Depot")
    assert made.week[0] == [[480, 720], [750, 1020]]
    assert made.week[6] == []
    assert made.known_until == date(2029, 12, 31)
    assert made.holidays.get(day=date(2026, 12, 25)).is_extra is False
    assert made.holidays.get(day=date(2026, 12, 24)).name == "Christmas Eve"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"monday": "nine to five"}, "must look like"),
        ({"monday": "10:00-12:00, 11:00-13:00"}, "must not begin before"),
        ({"lives_in": "Moon/Base"}, "There is no time zone"),
        ({"holiday_code": "XX-YY"}, "There are no holidays for"),
        ({"holiday_code": ""}, "Say until when its holidays are known"),
        ({"extra": "24 December"}, "is no day"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_and_nothing_typed_is_lost(desk, wrong, says):
    refused = desk.post("/settings/calendars/new", _calendar(**wrong))
    page = _text(refused)
    assert refused.status_code == 422
    assert says in page
    assert 'value="08:00-12:00, 12:30-17:00"' in page
    assert not WorkingCalendar.objects.filter(name="Depot").exists()


def test_holidays_come_from_an_uploaded_file(desk):
    ics = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART;VALUE=DATE:20260814\r\nSUMMARY:Works outing\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    file = SimpleUploadedFile("days.ics", ics.encode(), "text/calendar")

    desk.post("/settings/calendars/new", _calendar(holiday_code="", ical=file))

    made = WorkingCalendar.objects.get(name="Depot")
    assert list(made.holidays.values_list("day", "name")) == [(date(2026, 8, 14), "Works outing")]
    assert made.known_until == date(2026, 8, 14)


def test_a_file_that_is_no_calendar_is_refused(desk):
    file = SimpleUploadedFile("days.ics", b"\xff\x00nothing", "text/calendar")
    refused = desk.post("/settings/calendars/new", _calendar(holiday_code="", ical=file))
    assert refused.status_code == 422


def test_new_hours_move_no_promise(desk, day):
    calendar = day.laura.team.calendar
    before = list(Promise.objects.order_by("pk").values("pk", "due_at", "judge_at", "trace"))

    saved = desk.post(
        f"/settings/calendars/{calendar.pk}",
        _calendar(name="office", monday="00:00-24:00", tuesday="", holiday_code="GB-ENG", seen=99),
    )

    assert saved.status_code == 302
    calendar.refresh_from_db()
    assert calendar.week[0] == [[0, 1440]]
    assert (
        list(Promise.objects.order_by("pk").values("pk", "due_at", "judge_at", "trace")) == before
    )


def test_a_calendar_that_runs_out_is_renewed_with_its_own_days_kept(desk):
    desk.post("/settings/calendars/new", _calendar(extra="2026-12-24 Christmas Eve"))
    made = WorkingCalendar.objects.get(name="Depot")
    WorkingCalendar.objects.filter(pk=made.pk).update(known_until=date(2026, 6, 10))
    assert "It runs out" in _text(desk.get(f"/settings/calendars/{made.pk}"))

    desk.post(f"/settings/calendars/{made.pk}/renew")

    made.refresh_from_db()
    assert made.known_until == date(2029, 12, 31)
    assert made.holidays.filter(is_extra=True).count() == 1


def test_a_due_time_is_computed_with_its_steps(desk):
    calendar = a_calendar()
    address = f"/settings/calendars/{calendar.pk}/compute"
    page = _text(desk.get(f"{address}?start=2026-06-05T15:00&amount=3+working+days"))
    assert "Wed 10 June 2026, 15:00" in page
    assert "mg-trace-steps" in page

    wrong = desk.get(f"{address}?amount=soon")
    assert wrong.status_code == 422
    assert "not an amount of time" in _text(wrong)
    far = desk.get(f"{address}?amount=2000+working+days")
    assert "knows its holidays only until" in _text(far)
