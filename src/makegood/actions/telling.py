"""Telling people of the company: who hears it, found once per round for all who ask."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from makegood.records.rosters import read_roster
from makegood.rules import duty
from makegood.rules.calendars import Window
from makegood.rules.duty import Person, Roster, Told
from makegood.rules.escalation import Reason, Role
from makegood.rules.severity import Severity


@dataclass(kw_only=True, slots=True)
class Rosters:
    """The rosters of one moment, each read when it is first asked for.

    A sweep makes one per round, so that a change of duty counts from the next round on.
    """

    now: datetime
    _by_team: dict[int, Roster] = field(default_factory=dict)
    _answers: dict[tuple[Role, int, int, bool], Told] = field(default_factory=dict)
    _callers: dict[tuple[int, int, Window], Person | None] = field(default_factory=dict)

    def whom_to_tell(self, role: Role, *, team: int, owner: int, severity: int) -> Told:
        """Who hears a matter of this owner's case in this team, for this rung."""
        urgent = severity == Severity.P1
        key = (role, team, owner, urgent)
        if key not in self._answers:
            roster = self._roster(team, owner)
            self._answers[key] = duty.whom_to_tell(
                role, owner=owner, roster=roster, now=self.now, urgent=urgent
            )
        return self._answers[key]

    def who_calls(self, *, team: int, owner: int, window: Window) -> Person | None:
        """Who is there in a window to call for an owner: they or their cover; else nobody."""
        key = (team, owner, window)
        if key not in self._callers:
            roster = self._roster(team, owner)
            self._callers[key] = duty.there_through(
                owner, roster=roster, since=window.opens, until=window.closes
            )
        return self._callers[key]

    def _roster(self, team: int, owner: int) -> Roster:
        roster = self._by_team.get(team)
        if roster is None or owner not in roster.people:
            known = frozenset(roster.people) if roster else frozenset()
            roster = read_roster(team, now=self.now, also=known | {owner})
            self._by_team[team] = roster
        return roster


def skipped_facts(told: Told) -> tuple[dict[str, Any], ...]:
    """Who was passed over, and why, as it is kept with the escalation."""
    return tuple(
        {"role": skip.role.value, "person": skip.person, "why": skip.why} for skip in told.skipped
    )


def told_facts(promise: int, told: Told, *, reason: Reason) -> dict[str, Any]:
    """What the timeline says of a telling; names of people are looked up, not copied."""
    return {
        "promise": promise,
        "reason": reason.value,
        "role": told.role.value,
        "to": told.person,
        "passed_over": len(told.skipped),
    }
