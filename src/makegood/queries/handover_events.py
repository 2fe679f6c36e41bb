"""What became of hand-overs, as sentences of the timeline."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from makegood.records.models import TimelineEntry


class Known(Protocol):
    """What the sentences need to look up."""

    def name(self, staff: int | None) -> str:
        """The name of somebody of the staff."""


Teller = Callable[[TimelineEntry, dict[str, Any], Any], str]


def _offered(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("%(by)s asked %(to)s to take the case over.") % {
        "by": known.name(facts["by"]),
        "to": known.name(facts["to"]),
    }


def _accepted(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("%(to)s took the case over from %(from)s.") % {
        "to": known.name(facts["to"]),
        "from": known.name(facts["from"]),
    }


def _declined(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("%(to)s could not take the case over; it stays with %(from)s.") % {
        "to": known.name(facts["to"]),
        "from": known.name(facts["from"]),
    }


def _withdrawn(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("%(by)s took the hand-over back before %(to)s answered.") % {
        "by": known.name(facts["by"]),
        "to": known.name(facts["to"]),
    }


TELLERS: Mapping[str, tuple[str, Teller]] = {
    "handover_offered": ("handover", _offered),
    "handover_accepted": ("owner", _accepted),
    "handover_declined": ("handover", _declined),
    "handover_withdrawn": ("undo", _withdrawn),
}
