"""The true sentence about what is promised, as a customer is told it, and its times in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.language import money
from makegood.language.moments import (
    at_in_words,
    by_in_words,
    clock_in_words,
    day_in_words,
    day_near,
    in_words,
    window_in_words,
)
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate.facts import Money

_SAYS: tuple[tuple[Kind, Lazy], ...] = (
    (Kind.COLLECTION, gettext_lazy("We will collect it %(when)s.")),
    (Kind.CALLBACK, gettext_lazy("%(owner)s will call you %(when)s.")),
    (Kind.UPDATE, gettext_lazy("You will hear from %(owner)s %(when)s.")),
    (Kind.VISIT, gettext_lazy("We will visit you %(when)s.")),
    (Kind.DELIVERY, gettext_lazy("Your delivery will arrive %(when)s.")),
    (Kind.REPAIR, gettext_lazy("The repair will be done %(when)s.")),
)

_TO_PAY: Final = gettext_lazy("We will pay you %(amount)s.")
_OF_MONEY: Final[dict[Money, Lazy]] = {
    Money.OWED: _TO_PAY,
    Money.GRANTED: _TO_PAY,
    Money.SENT: _TO_PAY,
    Money.ARRIVED: gettext_lazy("We have paid you %(amount)s."),
    Money.WAIVED: gettext_lazy("%(amount)s comes off your bill."),
    Money.CHARGED: gettext_lazy("The charge is %(amount)s."),
    Money.SPENT: gettext_lazy("You paid %(amount)s."),
}
_CREDITED: Final = gettext_lazy("We have put %(amount)s on your account.")
_OF_CREDIT: Final[dict[Money, Lazy]] = dict.fromkeys(
    (Money.GRANTED, Money.SENT, Money.ARRIVED), _CREDITED
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listener:
    """Who is told, and when: on their clock, with the name of the owner of their case."""

    owner: str
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """From when and by when."""

    due_at: datetime
    earliest_at: datetime | None = None
    whole_day: bool = False


def sentence(kinds: frozenset[Kind], due: Due, *, to: Listener) -> str:
    """What a customer may be told of a promise of these kinds."""
    words = next((says for kind, says in _SAYS if kind in kinds), None)
    said = words or gettext_lazy("What we promised you will be done %(when)s.")
    return str(said) % {"owner": to.owner, "when": when(due, to=to)}


def no_date_yet(next_word: str) -> str:
    """What is said where nothing has a date: nothing but when one hears again."""
    return _("We have no date for this yet.") + f" {next_word}" if next_word else ""


def of_money(minor: int, currency: str, how_far: Money, *, is_credit: bool = False) -> str:
    """What a customer may be told of an amount that has come so far."""
    words = _OF_MONEY[how_far]
    if is_credit:
        words = _OF_CREDIT.get(how_far, words)
    return str(words) % {"amount": money.in_words(minor, currency)}


def when(due: Due, *, to: Listener) -> str:
    """The time of a promise: "by 16:00 today", or "between 08:00 and 12:00 on Wednesday"."""
    if due.earliest_at is None:
        return by_in_words(due.due_at, now=to.now, zone=to.zone, whole_day=due.whole_day)
    return window_in_words(
        due.earliest_at, due.due_at, now=to.now, zone=to.zone, whole_day=due.whole_day
    )


def renderings(due: Due, *, to: Listener) -> tuple[str, ...]:
    """All the wordings that our own pages and sentences use for this time."""
    zone = to.zone
    said = {when(due, to=to)}
    if due.whole_day:
        said |= {
            day_near(due.due_at, now=to.now, zone=zone),
            day_in_words(due.due_at, zone=zone),
        }
    elif due.earliest_at is None:
        said |= {
            at_in_words(due.due_at, now=to.now, zone=zone),
            in_words(due.due_at, zone=zone),
        }
        if due.due_at.astimezone(zone).date() == to.now.astimezone(zone).date():
            said.add(clock_in_words(due.due_at, zone=zone))
    return tuple(sorted(said))
