"""What happened to remedies, told in sentences for the timeline of a case."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from makegood.language import money
from makegood.records.models import TimelineEntry
from makegood.rules.remedies import THING_KINDS

_Facts = dict[str, Any]


class _Knows(Protocol):
    def name(self, person: int) -> str: ...


_Teller = Callable[[TimelineEntry, _Facts, Any], str]


def _granted(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    told = _("%(name)s made good: %(what)s.") % {
        "name": known.name(facts["by"]),
        "what": _sum(facts),
    }
    if facts.get("approved_by"):
        told += " " + _("%(name)s approved it.") % {"name": known.name(facts["approved_by"])}
    if facts.get("relented"):
        told += " " + _("It had been held back at first.")
    return told


def _second(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    return _("%(what)s more is owed, because the payment came late.") % {"what": _sum(facts)}


def _withheld(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("%(name)s could have given %(what)s, and did not.") % {
        "name": known.name(facts["by"]),
        "what": _sum(facts),
    }


def _asked(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("%(by)s asked %(to)s to approve %(what)s.") % {
        "by": known.name(facts["by"]),
        "to": known.name(facts["to"]),
        "what": _sum(facts),
    }


def _given(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    if facts["by"] is None:
        return _("Approved, since nobody had answered in time and the sum is small.")
    return _("%(name)s approved it.") % {"name": known.name(facts["by"])}


def _no(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("%(name)s declined, and offered something else.") % {"name": known.name(facts["by"])}


def _passed_on(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    if facts["from"] == facts["to"]:
        return _("%(to)s was asked again to decide.") % {"to": known.name(facts["to"])}
    return _("%(from)s had not answered, so %(to)s was asked to decide.") % {
        "from": known.name(facts["from"]),
        "to": known.name(facts["to"]),
    }


def _fee(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    return _("A fee of %(what)s came with this failure: it is to be taken off.") % {
        "what": _sum(facts)
    }


def _gesture(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("%(name)s gave something nobody had promised: %(what)s.") % {
        "name": known.name(facts["by"]),
        "what": facts["what"],
    }


def _sent(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    if facts.get("remedy_kind") in THING_KINDS:
        return _("It was handed on to whoever sends or does it.")
    return _("The payment was sent.")


def _failed(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    if facts.get("remedy_kind") in THING_KINDS:
        return _("It could not be sent or done.")
    return _("The payment could not be made.")


def _again(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    if facts.get("remedy_kind") in THING_KINDS:
        return _("It is tried again.")
    return _("The payment is tried again.")


def _fixed(sentence: Callable[[], str]) -> _Teller:
    return lambda _row, _facts, _known: sentence()


def _sum(facts: _Facts) -> str:
    """A sum of money; what a thing costs us, since what it is stands beside in the promise."""
    if not facts["amount_minor"]:
        return _("something that costs us nothing")
    sum_ = money.in_words(facts["amount_minor"], facts["currency"])
    if facts.get("remedy_kind") in THING_KINDS:
        return _("something that costs us %(sum)s") % {"sum": sum_}
    return sum_


TELLERS: Mapping[str, tuple[str, _Teller]] = {
    "remedy_granted": ("gift", _granted),
    "remedy_second": ("gift", _second),
    "remedy_withheld": ("at_risk", _withheld),
    "remedy_released": ("released", _fixed(lambda: _("The customer did not wish to have it."))),
    "remedy_arrived": ("kept", _fixed(lambda: _("It has reached the customer."))),
    "remedy_said": ("word", _fixed(lambda: _("The customer was told what was made good."))),
    "approval_asked": ("handover", _asked),
    "approval_given": ("kept", _given),
    "approval_declined": ("broken", _no),
    "approval_passed_on": ("bell", _passed_on),
    "payment_sent": ("due", _sent),
    "payment_failed": ("broken", _failed),
    "payment_again": ("due", _again),
    "gesture_given": ("gift", _gesture),
    "found_pushed": (
        "gift",
        _fixed(lambda: _("Something of the customer's was found, and is brought to them.")),
    ),
    "fee_found": ("at_risk", _fee),
    "entitlement_found": ("at_risk", _fixed(lambda: _("More is owed by a scheme than was given."))),
}
