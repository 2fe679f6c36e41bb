"""How the end of a case came about, told in sentences for its timeline."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from makegood.queries.labels import CHANNELS, ROLES
from makegood.records.models import TimelineEntry
from makegood.rules import askings
from makegood.rules.reviews import ReviewVerdict

_Facts = dict[str, Any]


class _Knows(Protocol):
    def name(self, person: int) -> str: ...


_Teller = Callable[[TimelineEntry, _Facts, Any], str]


def _owed(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    if facts["number"] == askings.FIRST:
        return _("It was put right: the customer is to be asked whether it is right now.")
    return _("They said nothing: the customer is to be asked once more.")


def _asked(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    channel = CHANNELS.get(facts["channel"], facts["channel"])
    if facts["by"] is None:
        return _("The customer was asked by %(channel)s whether it is right now.") % {
            "channel": channel
        }
    return _("%(name)s asked the customer by %(channel)s whether it is right now.") % {
        "name": known.name(facts["by"]),
        "channel": channel,
    }


def _explained(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    if not facts["cause_known"]:
        said = _("%(name)s said that we do not know yet why it happened.")
    elif facts["confidential"]:
        said = _("%(name)s said that why it happened is not ours to tell.")
    else:
        said = _("%(name)s explained why it happened.")
    return said % {"name": known.name(facts["by"])}


def _taken_up(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("The customer is not satisfied: %(name)s took it up, to the %(role)s.") % {
        "name": known.name(facts["by"]),
        "role": ROLES[facts["role"]],
    }


def _closed(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    if "asking" in facts:
        return _("Closed: the customer was asked twice and said nothing.")
    if "parting" in facts:
        return _("Closed by %(name)s: the customer could not be satisfied.") % {
            "name": known.name(facts["by"])
        }
    if facts.get("by") is not None:
        return _("Closed: the customer said that it is right, as %(name)s heard.") % {
            "name": known.name(facts["by"])
        }
    return _("Closed: the customer said that it is right.")


def _reviewed(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    said = {
        ReviewVerdict.UPHELD: _("%(name)s recorded that somebody outside upheld the complaint."),
        ReviewVerdict.PARTLY_UPHELD: _(
            "%(name)s recorded that somebody outside upheld the complaint in part."
        ),
        ReviewVerdict.NOT_UPHELD: _("%(name)s recorded that somebody outside did not uphold it."),
    }
    return said[ReviewVerdict(facts["verdict"])] % {"name": known.name(facts["by"])}


def _opened_again(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    if "review" in facts:
        return _("Opened again: somebody outside found that it is not right.")
    return _("Opened again: the customer said that it is not right.")


def _fixed(sentence: Callable[[], str]) -> _Teller:
    return lambda _row, _facts, _known: sentence()


def _by(sentence: Callable[[str], str]) -> _Teller:
    return lambda _row, facts, known: sentence(known.name(facts["by"]))


TELLERS: Mapping[str, tuple[str, _Teller]] = {
    "question_owed": ("word", _owed),
    "question_said": ("word", _asked),
    "explanation_said": ("word", _explained),
    "want_heard": ("chat", _fixed(lambda: _("The customer wants something more."))),
    "want_promised": (
        "due",
        _by(lambda name: _("%(name)s promised what they want.") % {"name": name}),
    ),
    "want_declined": (
        "word",
        _by(lambda name: _("%(name)s said no, and offered something else.") % {"name": name}),
    ),
    "taken_up": ("bell", _taken_up),
    "parted": (
        "word",
        _by(
            lambda name: _("%(name)s told them how this ends, and where to turn.") % {"name": name}
        ),
    ),
    "case_closed": ("kept", _closed),
    "reviewed": ("word", _reviewed),
    "case_reopened": ("flag", _opened_again),
    "contact_withdrawn": (
        "undo",
        _by(lambda name: _("%(name)s took a contact back: it was a slip.") % {"name": name}),
    ),
    "closing_taken_back": (
        "undo",
        _by(
            lambda name: (
                _("Opened again: %(name)s found that it was closed wrongly.") % {"name": name}
            )
        ),
    ),
}
