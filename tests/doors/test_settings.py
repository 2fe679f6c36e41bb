"""The settings at their doors: saved, refused with what was typed, undone, and never lost."""

import inspect
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from busy_day import NOW, at
from makegood.actions.changes import Editor, keep
from makegood.actions.duty import DUTIES
from makegood.actions.services import SERVICES
from makegood.actions.teams import TEAMS
from makegood.doors.web.staff.settings.overview import RIGHT_TO_MEND
from makegood.queries.settings import overview as problems
from makegood.records.models import (
    Asset,
    Duty,
    Service,
    SettingsChange,
    Staff,
    Team,
    Thing,
    WorkingCalendar,
)
from makegood.rules.roles import Role
from standing_clock import StandingClock
from world import a_calendar, a_person, a_team

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


def _service(**more) -> dict[str, object]:
    team = Team.objects.order_by("pk")[0].pk
    facts = {"name": "Alarms", "function": "security", "criticality": "critical", "team": team}
    return facts | more


def test_the_overview_says_what_is_wrong_and_where_it_is_mended(desk, day):
    team = day.laura.team
    Team.objects.filter(pk=team.pk).update(head=None)
    WorkingCalendar.objects.filter(pk=team.calendar_id).update(known_until=date(2026, 6, 20))

    page = _text(desk.get("/settings"))

    assert "The team collections has nobody as head." in page
    assert f'href="/settings/teams/{team.pk}"' in page
    assert "runs out on Sat 20 June 2026" in page
    assert "Laura Bennett has no cover." in page


def test_who_sees_the_settings_is_led_only_to_what_they_may_mend_and_else_told_who_may(day, ada):
    lead = Client()
    lead.force_login(a_person("Grace Lind", role=Role.SUPERVISOR.value))
    team = day.laura.team
    Team.objects.filter(pk=team.pk).update(head=None)
    Duty.objects.all().delete()
    for person in Staff.objects.filter(team=team, is_active=True):
        Duty.objects.create(
            staff=person, kind="absence", starts_at=at(10) + DAY, ends_at=at(11) + DAY
        )

    page = _text(lead.get("/settings"))
    links = re.findall(r'href="(/settings/[^"]+)" aria-label="Mend', page)

    assert "has nobody as head" in page
    assert f"/settings/teams/{team.pk}" not in page
    assert f"Can be mended by: {ada.name}" in page
    assert f"/settings/duty/teams/{team.pk}" in links
    assert {lead.get(link).status_code for link in links} == {200}


def test_each_page_where_something_is_mended_is_known_with_the_right_that_it_takes():
    named = set(re.findall(r'page="(\w+)"', inspect.getsource(problems)))

    assert named == set(RIGHT_TO_MEND)


def test_a_gap_in_the_next_two_weeks_is_named(desk, day):
    members = Staff.objects.filter(team=day.laura.team, is_active=True)
    for person in members:
        away = Duty.objects.filter(staff=person)
        away.delete()
        Duty.objects.create(
            staff=person, kind="absence", starts_at=at(10) + DAY, ends_at=at(11) + DAY
        )

    page = _text(desk.get("/settings"))
    week = _text(desk.get(f"/settings/duty/teams/{day.laura.team_id}"))

    assert "nobody of collections is there once, from Tue 2 June 2026, 10:00." in page
    assert "nobody 10:00-11:00" in week


def test_an_empty_desk_is_taught(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    client = Client()
    client.force_login(a_person("Ada Min", role=Role.ADMINISTRATOR.value))
    for address in ("services", "assets", "tokens", "changes"):
        assert "mg-empty" in _text(client.get(f"/settings/{address}")), address


def test_a_service_is_added_changed_and_retired(desk):
    added = desk.post("/settings/services/new", _service())
    made = Service.objects.get(name="Alarms")
    seen = str(SettingsChange.objects.latest("pk").pk)
    desk.post(f"/settings/services/{made.pk}", _service(name="Alarm lines", seen=seen))
    desk.post(f"/settings/services/{made.pk}/retire")

    made.refresh_from_db()
    assert added.status_code == 302
    assert (made.name, made.retired_at) == ("Alarm lines", NOW)


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(desk):
    refused = desk.post("/settings/services/new", _service(name="food waste ROUND"))

    page = _text(refused)
    assert refused.status_code == 422
    assert "There is a service food waste ROUND already" in page
    assert 'value="food waste ROUND"' in page


def test_the_later_editor_is_shown_what_changed_and_keeps_what_was_typed(desk, day):
    service = Service.objects.get()
    seen = SettingsChange.objects.latest("pk").pk
    other = a_team("alarms")
    by = Editor(by=day.laura, now=NOW)
    keep(SERVICES, str(service.pk), {"name": "Food round", "team": other.pk}, editor=by)

    typed = {
        "name": "Food waste round",
        "function": "hygiene",
        "criticality": "critical",
        "team": day.laura.team_id,
        "seen": seen,
    }
    told = desk.post(f"/settings/services/{service.pk}", typed)

    page = _text(told)
    service.refresh_from_db()
    assert told.status_code == 409
    assert (service.name, service.criticality) == ("Food round", "ordinary")
    assert "Laura Bennett" in page
    assert "from <s>Food waste round</s> to <b>Food round</b>" in page
    assert 'value="Food round"' in page  # theirs, which was not touched here
    assert '<option value="critical" selected>' in page  # what was typed here
    assert f'<option value="{other.pk}" selected>' in page

    latest = SettingsChange.objects.latest("pk").pk
    again = {**typed, "name": "Food round", "team": other.pk, "seen": latest}
    desk.post(f"/settings/services/{service.pk}", again)
    service.refresh_from_db()
    assert (service.name, service.criticality, service.team) == ("Food round", "critical", other)


def test_a_change_is_undone_from_its_page(desk):
    service = Service.objects.get()
    desk.post(
        f"/settings/services/{service.pk}",
        _service(name="Round", function="hygiene", criticality="ordinary", seen="99"),
    )
    change = SettingsChange.objects.latest("pk")

    undone = desk.post(
        f"/settings/changes/{change.pk}/undo", {"back": f"/settings/services/{service.pk}"}
    )

    service.refresh_from_db()
    assert undone.headers["Location"] == f"/settings/services/{service.pk}"
    assert service.name == "Food waste round"
    again = desk.post(f"/settings/changes/{change.pk}/undo", {"back": "https://evil.example/"})
    assert again.status_code == 409
    assert "taken back already" in _text(again)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_undo_leads_nowhere_else(desk, back):
    change = SettingsChange.objects.latest("pk")
    answer = desk.post(f"/settings/changes/{change.pk}/undo", {"back": back})
    assert answer.headers["Location"] == "/settings/changes"


@pytest.mark.usefixtures("day")
def test_who_may_not_change_a_thing_may_not_undo_its_change():
    lead = a_person("Sue Per", role=Role.SUPERVISOR.value)
    client = Client()
    client.force_login(lead)
    change = SettingsChange.objects.latest("pk")

    answer = client.post(f"/settings/changes/{change.pk}/undo")

    assert answer.status_code == 403
    assert Service.objects.get().retired_at is None


def test_an_asset_is_added_to_a_customer_and_takes_its_function_from_the_service(desk, day):
    customer, service = day.bin.customer, Service.objects.get()
    found = _text(desk.get("/settings/assets/new?q=taylor"))
    assert f"/settings/assets/new?customer={customer.pk}" in found

    desk.post(
        f"/settings/assets/new?customer={customer.pk}",
        {"name": "second bin", "service": service.pk, "criticality": "ordinary"},
    )

    made = Asset.objects.get(name="second bin")
    assert (made.customer, made.service, made.function) == (customer, service, "hygiene")
    assert "second bin" in _text(desk.get("/settings/assets?q=second"))
    assert "second bin" not in _text(desk.get("/settings/assets?q=zebra"))


def test_a_retired_asset_is_no_longer_offered_to_who_takes_a_report(desk, day):
    bin_ = day.bin.asset
    desk.post(f"/settings/assets/{bin_.pk}/retire")

    page = _text(desk.get(f"/reports/new?customer={day.bin.customer_id}"))

    assert f'<option value="{bin_.pk}"' not in page


@pytest.mark.parametrize(
    "which",
    [
        *("services", "assets", "calendars", "teams", "staff"),
        *("ladders", "tokens", "duty", "changes"),
        *("crews", "conflicts", "schemes", "signals", "partners", "webhooks"),
    ],
)
def test_every_list_is_a_file(desk, which):
    answer = desk.get(f"/settings/export/{which}.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert answer.headers["Content-Disposition"].endswith(f'{which}-2026-06-01.csv"')
    assert len(lines[0].split(",")) >= 3


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize("which", ["tokens", "signals", "partners", "webhooks"])
def test_a_list_of_other_systems_is_no_file_for_whom_its_page_is_shut(which):
    lead = Client()
    lead.force_login(a_person("Grace Lind", role=Role.SUPERVISOR.value))

    assert lead.get(f"/settings/export/{which}.csv").status_code == 403
    assert lead.get("/settings/export/crews.csv").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        *("services/0", "assets/0", "teams/0", "staff/0", "staff/0/leave", "calendars/0"),
        *("calendars/0/compute", "duty/0", "duty/teams/0", "ladders/0/2", "export/secrets.csv"),
        *("services/99999999999999999999", "ladders/1/9"),
    ],
)
def test_what_there_is_not_is_not_found(desk, address):
    assert desk.get(f"/settings/{address}").status_code == 404


def test_who_may_only_look_is_offered_nothing_to_change(day):
    lead = a_person("Dis Patch", role=Role.DISPATCHER.value)
    client = Client()
    client.force_login(lead)
    for address in ("services", "assets", "calendars", "teams", "staff"):
        page = client.get(f"/settings/{address}").content.decode()
        assert f"/settings/{address}/" not in page, address
    ladder = _text(client.get(f"/settings/ladders/{day.laura.team_id}/2"))
    assert 'name="share1"' not in ladder
    assert "Whom a promise would tell" in ladder


def _queries(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_pages_ask_no_more_when_there_is_more(desk, day):
    team = day.laura.team_id
    addresses = [
        *("/settings", "/settings/services", "/settings/assets", "/settings/ladders"),
        *("/settings/calendars", "/settings/teams", "/settings/staff", "/settings/changes"),
        f"/settings/duty/teams/{team}",
    ]
    _add_to_the_desk(day, range(1))
    for address in addresses:
        desk.get(address)
    before = {address: _queries(desk, address) for address in addresses}

    _add_to_the_desk(day, range(1, 5))

    after = {address: _queries(desk, address) for address in addresses}
    assert {a: n for a, n in after.items() if n > before[a]} == {}


def _add_to_the_desk(day, numbers) -> None:
    by = Editor(by=day.laura, now=NOW)
    for number in numbers:
        other = a_team(f"team {number}", calendar=a_calendar(f"calendar {number}"))
        person = a_person(f"Person {number}", team=day.laura.team, cover=day.laura)
        keep(SERVICES, None, {**_service(name=f"S{number}"), "retired": False}, editor=by)
        keep(TEAMS, str(other.pk), {"head": person.pk}, editor=by)
        span = {"staff": person.pk, "kind": "shift", "cover": None}
        span |= {"starts_at": at(9).isoformat(), "ends_at": at(17).isoformat()}
        keep(DUTIES, None, span, editor=by)
        Asset.objects.create(customer=day.bin.customer, name=f"bin {number}", function="hygiene")


def test_history_names_things_as_they_are_called_now_and_shows_both_values(desk, day):
    team = day.laura.team
    by = Editor(by=day.laura, now=NOW)
    keep(TEAMS, str(team.pk), {"head": day.laura.pk}, editor=by)

    page = _text(desk.get(f"/settings/teams/{team.pk}"))

    assert "head: from <s>collections head</s> to <b>Laura Bennett</b>" in page
    assert SettingsChange.objects.filter(thing=Thing.TEAM).count() == 1


def test_a_new_desk_leads_its_administrator_to_what_it_lacks():
    ada = Client()
    ada.force_login(a_person("Ada Moreno", role="administrator"))

    start, overview = _text(ada.get("/")), _text(ada.get("/settings"))

    assert "See what it needs before the first case" in start
    assert "No service is named yet" in overview
    assert "Nobody may give anything yet" in overview
    assert 'href="/settings/services/new"' in overview


def test_who_may_not_change_settings_is_not_led_to_where_they_are_changed():
    lead = Client()
    lead.force_login(a_person("Grace Lind", role="supervisor"))

    assert "See what it needs" not in _text(lead.get("/"))
    assert 'href="/settings/services/new"' not in _text(lead.get("/settings"))
