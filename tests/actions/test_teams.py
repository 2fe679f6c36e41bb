"""People come and go by the settings: nobody's case is left, and somebody can always let in."""

from datetime import timedelta

import pytest

from makegood.actions.changes import Editor, FieldError, keep
from makegood.actions.teams import (
    PEOPLE,
    TEAMS,
    LastAdministratorError,
    LeavingError,
    leave,
)
from makegood.queries import verify
from makegood.records.models import Case, SettingsChange, Staff, Team
from makegood.rules.roles import Role
from world import MONDAY, a_calendar, a_case, a_customer, a_person, a_team

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def editor(**more) -> Editor:
    by = a_person("Ada Min", role=Role.ADMINISTRATOR.value)
    return Editor(**{"by": by, "now": MONDAY} | more)


def somebody(**more) -> dict:
    return {
        "name": "Ann Other",
        "email": "ann@example.org",
        "phone": "",
        "team": a_team().pk,
        "role": "agent",
        "zone": "Europe/London",
        "cover": None,
        "active": True,
    } | more


def test_a_person_is_added_and_changed_with_names_beside_the_history():
    key = keep(PEOPLE, None, somebody(), editor=editor())
    keep(PEOPLE, key, {"role": "owner", "phone": "020 7946 0000"}, editor=editor())

    ann = Staff.objects.get(pk=key)
    assert (ann.role, ann.phone, ann.has_usable_password()) == ("owner", "020 7946 0000", False)
    changed = SettingsChange.objects.latest("pk")
    assert changed.after == {"role": "owner"}
    assert changed.words.after == {"phone": "020 7946 0000"}


@pytest.mark.parametrize(
    ("change", "field"), [({"email": "ADA.MIN@example.org"}, "email"), ({"team": 0}, "team")]
)
def test_a_taken_address_or_an_unknown_team_is_refused(change, field):
    by = editor()
    with pytest.raises(FieldError) as refused:
        keep(PEOPLE, None, somebody(**change), editor=by)
    assert refused.value.field == field


def test_who_leaves_gives_cases_cover_and_rungs_to_the_named_heir_at_once():
    team = a_team()
    lead, heir = team.lead, a_person("Omar", team=team)
    cases = [a_case(owner=lead, customer=a_customer(str(n))) for n in range(2)]

    moved = leave(lead.pk, to=heir.pk, editor=editor())

    assert moved == 2
    assert {Case.objects.get(pk=case.pk).owner for case in cases} == {heir}
    assert Team.objects.get(pk=team.pk).lead == heir
    gone = Staff.objects.get(pk=lead.pk)
    assert (gone.is_active, gone.cover) == (False, heir)
    assert SettingsChange.objects.filter(fields=["active", "cover"]).count() == 1
    assert verify.run() == []


@pytest.mark.parametrize("role", [Role.KNOWLEDGE_KEEPER, None])
def test_an_heir_must_work_here_and_answer_customers(role):
    case = a_case()
    heir = a_person("Kay", role=role.value) if role else case.owner
    with pytest.raises(FieldError):
        leave(case.owner_id, to=heir.pk, editor=editor())
    case.refresh_from_db()
    assert case.owner.is_active


def test_the_last_who_can_let_people_in_neither_leaves_nor_loses_the_role():
    by = editor()
    with pytest.raises(LastAdministratorError):
        leave(by.by.pk, to=None, editor=by)
    with pytest.raises(LastAdministratorError):
        keep(PEOPLE, str(by.by.pk), {"role": "agent"}, editor=by)
    a_person("Second", role=Role.ADMINISTRATOR.value)
    leave(by.by.pk, to=None, editor=by)
    assert not Staff.objects.get(pk=by.by.pk).is_active


def test_leaving_goes_by_its_own_page_and_once():
    laura = a_person()
    with pytest.raises(LeavingError):
        keep(PEOPLE, str(laura.pk), {"active": False}, editor=editor())
    leave(laura.pk, to=None, editor=editor())
    with pytest.raises(LeavingError):
        leave(laura.pk, to=None, editor=editor())


def test_who_left_is_let_in_again():
    laura = a_person()
    leave(laura.pk, to=None, editor=editor())
    keep(PEOPLE, str(laura.pk), {"active": True}, editor=editor())
    assert Staff.objects.get(pk=laura.pk).is_active


def test_a_team_has_a_name_of_its_own_a_calendar_and_people_who_are_here():
    team, gone = a_team(), a_person("Gone", is_active=False)
    wrong = [
        ({"name": "COLLECTIONS", "calendar": team.calendar_id}, "name"),
        ({"name": "New", "calendar": 0}, "calendar"),
        ({"name": "New", "calendar": team.calendar_id, "lead": gone.pk}, "lead"),
        ({"name": "New", "calendar": team.calendar_id, "head": 0}, "head"),
    ]
    for facts, field in wrong:
        with pytest.raises(FieldError) as refused:
            keep(TEAMS, None, facts, editor=editor())
        assert refused.value.field == field


def test_a_new_team_has_its_day_end_from_the_first_day():
    facts = {"name": "New", "calendar": a_calendar().pk, "lead": None}
    key = keep(TEAMS, None, facts, editor=editor())
    assert Team.objects.get(pk=key).day_end_at is not None
