"""What an incident or a device did to a case, told in sentences for its timeline."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.queries import signal_events
from makegood.records.models import TimelineEntry

Teller = Callable[[TimelineEntry, dict[str, Any], Any], str]


def _plain(sentence: Lazy) -> Teller:
    return lambda _row, _facts, _known: str(sentence)


TELLERS: Mapping[str, tuple[str, Teller]] = {
    "incident_joined": (
        "flag",
        _plain(_("It belongs to an incident now: everybody whom it hit is told the same.")),
    ),
    "incident_truth_said": (
        "flag",
        _plain(_("Everybody whom the incident hit was told what is new.")),
    ),
    "opened_to_give": (
        "gift",
        _plain(_("Opened until they have what everybody whom the incident hit is given.")),
    ),
    "closed_as_before": (
        "kept",
        _plain(_("Closed as before: nothing more is to come of what everybody was given.")),
    ),
    **signal_events.TELLERS,
}
