"""Letters on the timeline of their case: who wrote, and how each one stands now."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.language import sentences
from makegood.queries.labels import CHANNELS
from makegood.records.models import Letter, TimelineEntry
from makegood.rules import letters
from makegood.rules.letters import LetterState

STATES: dict[LetterState, str | Lazy] = {
    LetterState.WAITING: gettext_lazy("It waits to be sent."),
    LetterState.HELD: gettext_lazy("It was stopped: %(why)s"),
    LetterState.ON_ITS_WAY: gettext_lazy("It is being sent."),
    LetterState.UNSURE: gettext_lazy("Nobody knows whether it left: the line broke meanwhile."),
    LetterState.SENT: gettext_lazy("Sent; no receipt has come yet."),
    LetterState.DELIVERED: gettext_lazy("Delivered."),
    LetterState.BOUNCED: gettext_lazy("It came back: %(why)s"),
    LetterState.GIVEN_UP: gettext_lazy("It could not be sent: %(why)s"),
}


class Known(Protocol):
    """What the sentences need to look up."""

    letters: Mapping[int, str]

    def name(self, staff: int | None) -> str:
        """The name of somebody of the staff."""


Teller = Callable[[TimelineEntry, dict[str, Any], Any], str]


def read_states(all_facts: Iterable[dict[str, Any]], *, now: datetime) -> Mapping[int, str]:
    """How each letter that is named stands now, as a sentence; no query if there is none."""
    ids = {facts["letter"] for facts in all_facts if "letter" in facts}
    if not ids:
        return {}
    return {row.pk: stands(row, now=now) for row in Letter.objects.filter(pk__in=ids)}


def stands(row: Letter, *, now: datetime) -> str:
    """How a letter stands, in a sentence."""
    said = str(STATES[letters.state(row.travel(), now=now)])
    return said % {"why": _why(row.error)} if "%(why)s" in said else said


def _why(kept: str) -> str:
    """What stopped it. Sentences of ours were kept in English, where no reader was known."""
    ours = sentences.said(kept)
    return ours if ours != kept or not kept else _(kept)


def _written(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    channel = CHANNELS.get(facts["channel"], facts["channel"])
    if facts["by"] is None:
        said = _("Makegood wrote to the customer by %(channel)s.") % {"channel": channel}
    else:
        said = _("%(who)s wrote to the customer by %(channel)s.") % {
            "who": known.name(facts["by"]),
            "channel": channel,
        }
    return f"{said} {known.letters.get(facts['letter'], '')}".strip()


def _plain(sentence: str | Lazy) -> Teller:
    return lambda _row, _facts, _known: str(sentence)


def _again(_row: TimelineEntry, facts: dict[str, Any], known: Known) -> str:
    return _("%(who)s let the letter be sent again.") % {"who": known.name(facts["by"])}


TELLERS: Mapping[str, tuple[str, Teller]] = {
    "letter_written": ("mail", _written),
    "letter_not_written": (
        "at_risk",
        _plain(gettext_lazy("No letter was sent: too many went to this address lately.")),
    ),
    "letter_held": ("at_risk", _plain(gettext_lazy("A letter was stopped before it left."))),
    "letter_delivered": ("mail", _plain(gettext_lazy("A letter to the customer was delivered."))),
    "letter_bounced": (
        "broken",
        _plain(gettext_lazy("A letter came back: the customer has not read it.")),
    ),
    "letter_given_up": (
        "broken",
        _plain(gettext_lazy("A letter could not be sent. Find another way.")),
    ),
    "letter_sent_again": ("mail", _again),
    "mail_received": ("mail", _plain(gettext_lazy("An e-mail of the customer came in."))),
    "mail_automatic": (
        "mail",
        _plain(gettext_lazy("A machine answered for the customer. It changes nothing.")),
    ),
    "letter_told_too_late": (
        "overdue",
        _plain(gettext_lazy("A letter arrived too late for what it was to tell.")),
    ),
}
