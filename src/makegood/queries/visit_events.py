"""What happened to visits and parts, as sentences of the timeline."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.queries import when
from makegood.records.models import TimelineEntry
from makegood.rules.visits import Cause, Failing

CAUSES: Mapping[str, str | Lazy] = {
    Cause.PART_LATE: gettext_lazy("the part comes later"),
    Cause.CREW_AWAY: gettext_lazy("the crew cannot come"),
    Cause.NOT_READY: gettext_lazy("not everything is there on the day before"),
    Cause.MISSED: gettext_lazy("nobody came"),
    Cause.PLANNED: gettext_lazy("planned anew"),
}
FAILINGS: Mapping[str, str | Lazy] = {
    Failing.WRONG_PART: gettext_lazy("the part was the wrong one"),
    Failing.MORE_WORK: gettext_lazy("it needs more than was planned"),
    Failing.NO_ACCESS: gettext_lazy("nobody could let us in"),
    Failing.MISSED: gettext_lazy("nobody came"),
}


class Known(Protocol):
    """What the sentences need to look up."""

    now: datetime
    zone: ZoneInfo

    def name(self, staff: int | None) -> str:
        """The name of somebody of the staff; the clock's for nobody."""


Teller = Callable[[TimelineEntry, dict[str, Any], Any], str]


def _at(given: str | None, known: Known) -> str:
    moment = datetime.fromisoformat(given) if given else known.now
    return when.at(moment, now=known.now, zone=known.zone).words


def _moved(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    cause = CAUSES[facts["cause"]]
    to = _at(facts["to_time"], known)
    if not facts["from"]:
        return _("The visit has a time now: %(to)s.") % {"to": to}
    before = _at(facts["from"], known)
    if before == to:
        return _("Another crew comes at the same time, %(to)s: %(cause)s.") % {
            "to": to,
            "cause": cause,
        }
    return _("The visit moves from %(from)s to %(to)s: %(cause)s.") % {
        "from": before,
        "to": to,
        "cause": cause,
    }


def _unplaced(_row: TimelineEntry, facts: dict[str, Any], _known: Known) -> str:
    return _("The visit has no time any more: %(cause)s, and no crew is free.") % {
        "cause": CAUSES[facts["cause"]]
    }


def _chosen(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("The customer chose another time for the visit: %(to)s.") % {
        "to": _at(facts["to_time"], known)
    }


def _failed(_row: TimelineEntry, facts: dict[str, Any], _known: Known) -> str:
    return _("The visit could not do what it was for: %(why)s.") % {
        "why": FAILINGS[facts["failing"]]
    }


def _expected(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("The part is expected by %(when)s.") % {"when": _at(facts["eta"], known)}


def _ordered(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("%(who)s ordered the part %(part)s.") % {
        "who": known.name(facts["by"]),
        "part": facts["part"],
    }


def _doubted(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("%(who)s ordered the part %(part)s, which the diagnosis does not name: check it.") % {
        "who": known.name(facts["by"]),
        "part": facts["part"],
    }


def _diagnosed(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("%(who)s found that the part %(part)s is needed.") % {
        "who": known.name(facts["by"]),
        "part": facts["part"],
    }


def _lets_in(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    if facts["by"] is None:
        return _("The customer says that somebody will let us in.")
    return _("%(who)s noted that somebody will let us in.") % {"who": known.name(facts["by"])}


def _plain(sentence: str | Lazy) -> Teller:
    return lambda _row, facts, known: str(sentence) % {"who": known.name(facts.get("by"))}


TELLERS: Mapping[str, tuple[str, Teller]] = {
    "hours_said": ("calendar", _plain(gettext_lazy("It is known when visits suit the customer."))),
    "visit_booked": ("calendar", _plain(gettext_lazy("%(who)s booked a visit."))),
    "visit_moved": ("calendar", _moved),
    "visit_unplaced": ("at_risk", _unplaced),
    "visit_chosen": ("calendar", _chosen),
    "visit_confirmed": (
        "kept",
        _plain(gettext_lazy("The visit is sure: all that it needs is there.")),
    ),
    "visit_unsure": (
        "at_risk",
        _plain(gettext_lazy("The visit is no longer sure: what it needs is not there.")),
    ),
    "visit_said": ("word", _plain(gettext_lazy("The customer was told about the visit."))),
    "visit_access": ("lock", _lets_in),
    "visit_arrived": ("owner", _plain(gettext_lazy("%(who)s is with the customer."))),
    "visit_unended": (
        "at_risk",
        _plain(gettext_lazy("Nobody has said how the visit ended. It stays open until they do.")),
    ),
    "visit_done": ("kept", _plain(gettext_lazy("%(who)s has done what the visit was for."))),
    "visit_failed": ("at_risk", _failed),
    "visit_cancelled": (
        "released",
        _plain(gettext_lazy("The visit is off: the customer no longer wants it.")),
    ),
    "part_diagnosed": ("search", _diagnosed),
    "part_ordered": ("cases", _ordered),
    "part_doubted": ("at_risk", _doubted),
    "part_fits": ("kept", _plain(gettext_lazy("%(who)s says why this part fits all the same."))),
    "part_expected": ("due", _expected),
    "part_received": ("kept", _plain(gettext_lazy("The part is here."))),
    "part_cancelled": ("released", _plain(gettext_lazy("%(who)s cancelled the order."))),
    "part_wrong": ("broken", _plain(gettext_lazy("The part that came was the wrong one."))),
}
