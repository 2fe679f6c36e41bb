"""When visits suit a customer, as a grid to tick and as a sentence to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import get_day_names
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.language import choice, lists
from makegood.rules.convenience import DAYS, DayPart, Hours, Way, ticks_of

PARTS: dict[DayPart, str | Lazy] = {
    DayPart.MORNING: _("mornings (8 to 12)"),
    DayPart.AFTERNOON: _("afternoons (12 to 5)"),
    DayPart.EVENING: _("evenings (5 to 9)"),
}
WAYS: dict[Way, str | Lazy] = {
    Way.PHONE: _("by phone"),
    Way.SMS: _("by text message"),
    Way.EMAIL: _("by e-mail"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PartBox:
    """A part of a day to tick; `value` is what a form sends."""

    value: str
    words: str
    is_on: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SuitsDay:
    """A day of the week with its parts."""

    name: str
    parts: tuple[PartBox, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WayBox:
    """A way to be reached."""

    value: str
    words: str
    is_on: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Convenience:
    """What suits a customer, to be read and to be changed; `words` is empty for any time."""

    days: tuple[SuitsDay, ...]
    ways: tuple[WayBox, ...]
    words: str
    reach_by: str


def read(hours: Hours, reach_by: str) -> Convenience:
    """What suits, in today's language."""
    ticks = ticks_of(hours)
    names = day_names()
    days = tuple(
        SuitsDay(
            name=names[day],
            parts=tuple(
                PartBox(value=f"{day}-{part}", words=str(PARTS[part]), is_on=(day, part) in ticks)
                for part in DayPart
            ),
        )
        for day in range(DAYS)
    )
    return Convenience(
        days=days,
        ways=tuple(
            WayBox(value=way.value, words=str(name), is_on=way == reach_by)
            for way, name in WAYS.items()
        ),
        words=_in_words(days),
        reach_by=str(WAYS[Way(reach_by)]) if reach_by else "",
    )


def day_names() -> tuple[str, ...]:
    """The days of the week, Monday first."""
    names = get_day_names("wide", context="stand-alone", locale=choice.locale())
    return tuple(names[day] for day in range(DAYS))


def _in_words(days: Sequence[SuitsDay]) -> str:
    """Such as "Monday: mornings (8 to 12); Friday: ..."."""
    ticked = [(day.name, [part.words for part in day.parts if part.is_on]) for day in days]
    return "; ".join(f"{name}: {lists.all_of(parts)}" for name, parts in ticked if parts)
