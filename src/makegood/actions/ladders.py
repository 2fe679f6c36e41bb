"""Ladders: what holds for new promises of a team and severity; made promises keep their own."""

from datetime import datetime
from typing import Final

from makegood.actions.changes import Keeper, SettingsError
from makegood.records.models import Ladder, Team, Thing
from makegood.records.settings_facts import Facts, team_and_severity
from makegood.rules import policy
from makegood.rules.policy import PolicyError


class LadderRefusedError(SettingsError):
    """A ladder that would not work; the message says which rung, and what would be right."""


def _write(key: str | None, facts: Facts | None, _now: datetime) -> str:
    """Write the terms of one team and severity; None goes back to the default."""
    if key is None:
        raise LadderRefusedError("A ladder belongs to a team and a severity; say which.")
    team, severity = team_and_severity(key)
    if facts is None:
        Ladder.objects.filter(team=team, severity=severity).delete()
        return key
    if not Team.objects.filter(pk=team).exists():
        raise LadderRefusedError("There is no such team; choose one from the list.")
    try:
        terms = policy.to_snapshot(policy.from_snapshot(facts))
    except PolicyError as wrong:
        raise LadderRefusedError(str(wrong)) from wrong
    Ladder.objects.update_or_create(team_id=team, severity=severity, defaults={"terms": terms})
    return key


LADDERS: Final = Keeper(thing=Thing.LADDER, write=_write)
