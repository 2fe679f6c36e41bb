"""Settings are changed one at a time, never over somebody else's change, and never unrecorded."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from makegood.actions import changes, promises, undo
from makegood.actions.calendars import CALENDARS
from makegood.actions.changes import (
    CannotUndoError,
    ChangedMeanwhileError,
    Editor,
    FieldError,
    SettingsError,
    keep,
)
from makegood.actions.duty import DUTIES
from makegood.actions.ladders import LADDERS, LadderRefusedError
from makegood.actions.services import ASSETS, SERVICES
from makegood.actions.teams import TEAMS
from makegood.records import settings_facts
from makegood.records.models import (
    Asset,
    Deed,
    Duty,
    Ladder,
    Promise,
    Service,
    SettingsChange,
    SettingsWords,
    Team,
    Thing,
    WorkingCalendar,
)
from makegood.rules import policy
from makegood.rules.severity import Severity
from raw_sql import refused_by, sql
from world import MONDAY, a_bin, a_calendar, a_case, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def editor(**more) -> Editor:
    return Editor(**{"by": a_person("Ada Min"), "now": MONDAY} | more)


def a_service(**more) -> str:
    facts = {
        "name": "Food waste round",
        "function": "hygiene",
        "criticality": "ordinary",
        "team": a_team().pk,
        "retired": False,
    }
    return keep(SERVICES, None, facts | more, editor=editor())


def duty_of(person, **more) -> dict:
    return {
        "staff": person.pk,
        "kind": "absence",
        "starts_at": MONDAY.isoformat(),
        "ends_at": (MONDAY + 8 * HOUR).isoformat(),
        "cover": None,
    } | more


def test_a_change_is_recorded_with_who_what_before_and_after():
    team, ada = a_team(), a_person("Ada Min")
    head = a_person("Hedda")

    keep(TEAMS, str(team.pk), {"head": head.pk}, editor=editor(by=ada))

    change = SettingsChange.objects.get()
    assert (change.thing, change.key, change.deed) == (Thing.TEAM, str(team.pk), Deed.CHANGED)
    assert (change.fields, change.by, change.at) == (["head"], ada, MONDAY)
    assert (change.before, change.after) == ({"head": team.head_id}, {"head": head.pk})


def test_what_does_not_change_is_not_recorded():
    team = a_team()
    keep(TEAMS, str(team.pk), {"name": team.name}, editor=editor())
    assert not SettingsChange.objects.exists()


def test_the_history_only_grows():
    a_service()
    with refused_by("settings_change_only_grows"):
        sql("UPDATE records_settingschange SET by_id = NULL")
    with refused_by("settings_change_only_grows"):
        sql("DELETE FROM records_settingschange")


@pytest.mark.parametrize(
    ("law", "columns"),
    [
        ("settings_change_changes_something", {"fields": "{}"}),
        ("settings_change_is_of_a_known_kind", {"thing": "weather"}),
        ("settings_change_is_of_a_known_kind", {"deed": "guessed"}),
    ],
)
def test_the_history_holds_no_nonsense(law, columns):
    row = {"thing": "team", "deed": "changed", "fields": "{name}"} | columns
    with refused_by(law):
        sql(
            "INSERT INTO records_settingschange (thing, key, deed, fields, before, after, at)"
            " VALUES (%s, '1', %s, %s, '{}', '{}', now())",
            row["thing"],
            row["deed"],
            row["fields"],
        )


@pytest.mark.parametrize(
    ("law", "columns"),
    [
        ("service_function_is_known", {"function": "magic"}),
        ("service_criticality_is_known", {"criticality": "somewhat"}),
    ],
)
def test_a_service_is_of_a_known_function_and_criticality(law, columns):
    key = a_service()
    [(column, value)] = columns.items()
    with refused_by(law):
        sql(f"UPDATE records_service SET {column} = %s WHERE id = %s", value, key)


def test_personal_values_stand_beside_the_history_and_can_be_erased():
    bin_ = a_bin()
    key = str(bin_.pk)
    keep(ASSETS, key, {"place": "12 Elm Road", "criticality": "critical"}, editor=editor())

    change = SettingsChange.objects.get()
    assert change.fields == ["criticality", "place"]
    assert change.after == {"criticality": "critical"}
    assert change.words.after == {"place": "12 Elm Road"}

    SettingsWords.objects.all().delete()
    with pytest.raises(CannotUndoError, match="erased"):
        undo.undo(change.pk, editor=editor())


def test_the_later_of_two_editors_is_told_and_overwrites_nothing():
    team = str(a_team().pk)
    seen = changes.last_change(Thing.TEAM, team)
    keep(TEAMS, team, {"name": "Rounds"}, editor=editor(seen=seen))

    with pytest.raises(ChangedMeanwhileError):
        keep(TEAMS, team, {"name": "Bins"}, editor=editor(seen=seen))

    assert Team.objects.get(pk=team).name == "Rounds"
    keep(TEAMS, team, {"name": "Bins"}, editor=editor(seen=changes.last_change(Thing.TEAM, team)))
    assert Team.objects.get(pk=team).name == "Bins"


def test_a_change_is_taken_back_by_the_same_way_and_once():
    team = a_team()
    keep(TEAMS, str(team.pk), {"head": a_person("Hedda").pk}, editor=editor())
    change = SettingsChange.objects.get()

    undo.undo(change.pk, editor=editor(now=MONDAY + HOUR))

    assert Team.objects.get().head_id == team.head_id
    back = SettingsChange.objects.latest("pk")
    assert (back.undoes, back.before, back.after) == (change, change.after, change.before)
    with pytest.raises(CannotUndoError, match="already"):
        undo.undo(change.pk, editor=editor())
    with refused_by("settings_change_undone_once"):
        sql(
            "INSERT INTO records_settingschange"
            " (thing, key, deed, fields, before, after, at, undoes_id)"
            " VALUES ('team', '1', 'changed', '{name}', '{}', '{}', now(), %s)",
            change.pk,
        )


def test_a_change_that_was_changed_again_is_not_taken_back():
    team = str(a_team().pk)
    keep(TEAMS, team, {"name": "Rounds"}, editor=editor())
    first = SettingsChange.objects.get()
    keep(TEAMS, team, {"name": "Bins"}, editor=editor())

    with pytest.raises(CannotUndoError, match="changed again"):
        undo.undo(first.pk, editor=editor())

    assert Team.objects.get(pk=team).name == "Bins"


def test_an_undo_can_be_undone():
    team = str(a_team().pk)
    keep(TEAMS, team, {"name": "Rounds"}, editor=editor())
    undo.undo(SettingsChange.objects.get().pk, editor=editor())

    undo.undo(SettingsChange.objects.latest("pk").pk, editor=editor())

    assert Team.objects.get(pk=team).name == "Rounds"


def test_what_was_added_by_mistake_is_retired_or_removed():
    a_service()
    undo.undo(SettingsChange.objects.get().pk, editor=editor(now=MONDAY + HOUR))
    assert Service.objects.get().retired_at == MONDAY + HOUR

    keep(DUTIES, None, duty_of(a_person()), editor=editor())
    planned = SettingsChange.objects.latest("pk")
    undo.undo(planned.pk, editor=editor())
    assert not Duty.objects.exists()
    undo.undo(SettingsChange.objects.latest("pk").pk, editor=editor())
    assert str(Duty.objects.get().pk) == planned.key


def test_a_retired_service_keeps_its_moment_and_comes_back():
    key = a_service()
    keep(SERVICES, key, {"retired": True}, editor=editor(now=MONDAY + HOUR))
    keep(SERVICES, key, {"name": "Old round"}, editor=editor(now=MONDAY + 2 * HOUR))
    assert Service.objects.get().retired_at == MONDAY + HOUR
    keep(SERVICES, key, {"retired": False}, editor=editor())
    assert Service.objects.get().retired_at is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": "food WASTE round"}, "name"), ({"name": "Other", "team": 0}, "team")],
)
def test_a_service_with_a_taken_name_or_without_team_is_refused(change, field):
    a_service()
    with pytest.raises(FieldError) as refused:
        a_service(**change)
    assert refused.value.field == field
    assert Service.objects.count() == 1


def test_services_assets_teams_and_calendars_are_never_deleted():
    calendar = str(a_calendar().pk)
    for keeper, key in [
        (SERVICES, a_service()),
        (ASSETS, str(a_bin().pk)),
        (TEAMS, str(a_team().pk)),
        (CALENDARS, calendar),
    ]:
        with pytest.raises(SettingsError):
            keep(keeper, key, None, editor=editor())


def test_a_new_ladder_holds_for_new_promises_only():
    case = a_case()
    before = promises.make_promise(case.pk, a_word(), now=MONDAY)
    terms = policy.to_snapshot(policy.DEFAULT[Severity(case.severity)])
    terms["grace_seconds"] = 3600
    key = settings_facts.ladder_key(case.team_id, case.severity)

    keep(LADDERS, key, terms, editor=editor())
    after = promises.make_promise(case.pk, a_word(words="Once more."), now=MONDAY)

    graces = [Promise.objects.get(pk=promise.pk).grace for promise in (before, after)]
    assert graces[0] != graces[1] == HOUR
    keep(LADDERS, key, None, editor=editor())
    assert not Ladder.objects.exists()


def test_a_ladder_that_nobody_would_hear_in_time_is_refused():
    terms = policy.to_snapshot(policy.DEFAULT[Severity.P2])
    terms["rungs"] = [{"share": 1.5, "role": "lead"}]
    with pytest.raises(LadderRefusedError, match="below 1"):
        keep(LADDERS, f"{a_team().pk}/2", terms, editor=editor())


def test_absence_asks_for_somebody_else_who_works_here():
    laura, gone = a_person(), a_person("Gone", is_active=False)
    for cover in (laura, gone):
        with pytest.raises(FieldError) as refused:
            keep(DUTIES, None, duty_of(laura, cover=cover.pk), editor=editor())
        assert refused.value.field == "cover"


def test_nobody_is_absent_twice_at_once_and_nothing_ends_before_it_starts():
    laura = a_person()
    keep(DUTIES, None, duty_of(laura), editor=editor())
    with pytest.raises(FieldError, match="away for a part"):
        keep(DUTIES, None, duty_of(laura), editor=editor())
    with pytest.raises(FieldError, match="later end"):
        keep(DUTIES, None, duty_of(laura, ends_at=MONDAY.isoformat()), editor=editor())


def test_a_calendar_keeps_its_own_days_and_moves_the_day_end():
    team = a_team()
    calendar = str(team.calendar_id)
    late = [[[540, 1200]]] * 5 + [[], []]
    facts = {"week": late, "extra": {"2026-12-24": "Christmas Eve"}}

    keep(CALENDARS, calendar, facts, editor=editor())

    assert settings_facts.read(Thing.CALENDAR, calendar)["extra"] == facts["extra"]
    team.refresh_from_db()
    assert team.day_end_at == datetime(2026, 6, 1, 18, 30, tzinfo=UTC)  # 19:30 in London


def test_a_calendar_that_never_opens_is_refused():
    with pytest.raises(SettingsError, match="never opens"):
        keep(CALENDARS, str(a_calendar().pk), {"week": [[]] * 7}, editor=editor())
    assert WorkingCalendar.objects.get().week[0]


def test_an_asset_of_no_customer_is_refused():
    facts = {"customer": 0, "service": None, "name": "bin", "place": "", "function": "hygiene"}
    with pytest.raises(FieldError), transaction.atomic():
        keep(ASSETS, None, facts | {"criticality": "ordinary"}, editor=editor())
    assert not Asset.objects.exists()
