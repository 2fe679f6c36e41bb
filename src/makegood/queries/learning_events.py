"""What a case taught and what was changed since, told in sentences for its timeline."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from makegood.records.models import TimelineEntry

_Facts = dict[str, Any]


class _Knows(Protocol):
    def name(self, person: int | None) -> str: ...


_Teller = Callable[[TimelineEntry, _Facts, Any], str]


def _named(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    name = {"name": known.name(facts["by"])}
    if facts["gap"]:
        return _("%(name)s said why it happened, and what we did not know.") % name
    return _("%(name)s said why it happened.") % name


def _asked(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("Nobody has said yet why it happened: %(name)s is asked now.") % {
        "name": known.name(facts["to"])
    }


def _learned(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("%(name)s wrote down what was learned from it.") % {"name": known.name(facts["by"])}


def _told(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    name = {"name": known.name(facts["by"])}
    if facts["told"]:
        return _("%(name)s wrote to the customer what was changed since.") % name
    return _("%(name)s could not write to the customer what was changed since.") % name


TELLERS: Mapping[str, tuple[str, _Teller]] = {
    "cause_named": ("flag", _named),
    "cause_asked_of": ("bell", _asked),
    "lesson_learned": ("kept", _learned),
    "change_told": ("mail", _told),
}
