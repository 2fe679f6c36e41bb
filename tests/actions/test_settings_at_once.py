"""Two people set the same thing at the same moment: one is told, and nothing is lost."""

import pytest

from makegood.actions.changes import Editor, keep
from makegood.actions.teams import TEAMS, leave
from makegood.records.models import SettingsChange, Staff, Team
from makegood.rules.roles import Role
from sessions import at_once
from world import MONDAY, a_person, a_team

pytestmark = pytest.mark.usefixtures("committed_db")


def test_of_two_who_save_at_the_same_moment_one_is_told():
    team, ada = str(a_team().pk), a_person("Ada Min")

    def rename(name):
        return lambda: keep(TEAMS, team, {"name": name}, editor=Editor(by=ada, now=MONDAY, seen=0))

    answers = at_once(rename("A"), rename("B"))

    assert sorted(type(answer).__name__ for answer in answers) == ["ChangedMeanwhileError", "str"]
    assert SettingsChange.objects.get().after == {"name": Team.objects.get().name}


def test_two_administrators_cannot_see_each_other_off_at_the_same_moment():
    one = a_person("One", role=Role.ADMINISTRATOR.value)
    two = a_person("Two", role=Role.ADMINISTRATOR.value)

    def see_off(whom, by):
        return lambda: leave(whom.pk, to=None, editor=Editor(by=by, now=MONDAY))

    answers = at_once(see_off(one, two), see_off(two, one))

    left = Staff.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True)
    assert left.count() == 1
    assert "LastAdministratorError" in {type(answer).__name__ for answer in answers}
