"""The wall's figures in words, and its charts as tables."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.language import figures
from makegood.language.metrics import PARTS
from makegood.queries.metrics.series import Period
from makegood.rules.metrics.definitions import METRICS, Figure
from makegood.rules.metrics.figures import FEW, Tally, value

KINDS: dict[str, str | Lazy] = {
    "person": gettext_lazy("Person"),
    "template": gettext_lazy("Template"),
    "bot": gettext_lazy("Bot"),
    "system": gettext_lazy("Makegood itself"),
    "crew": gettext_lazy("Crew"),
    "supplier": gettext_lazy("Supplier"),
    "partner": gettext_lazy("Partner"),
}
WIDTHS: dict[str, str | Lazy] = {
    "2h": gettext_lazy("up to two hours"),
    "6h": gettext_lazy("up to six hours"),
    "day": gettext_lazy("up to a day"),
    "week": gettext_lazy("up to a week"),
    "longer": gettext_lazy("longer"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A chart as a table: the same words on the page and in a file."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def of(tally: Tally, code: str, *, key: str = "") -> str:
    """A figure in words; a dash where there is nothing to say."""
    found = value(tally, METRICS[code].figure)
    return "–" if found is None else one(found, code, key=key)  # noqa: RUF001 - a dash


def one(found: float, code: str, *, key: str = "") -> str:
    """One value of a metric in words."""
    match METRICS[code].figure:
        case Figure.SHARE:
            return figures.share(found)
        case Figure.MEAN | Figure.PER_THOUSAND:
            return figures.number(found)
        case Figure.MONEY:
            return figures.amount(found, key)
        case _:
            return figures.minutes(found)


def part(key: str) -> str:
    """What a part of a metric is called."""
    kind, _colon, currency = key.partition(":")
    if kind == "cost":
        return _("cost, %(currency)s") % {"currency": currency}
    return str(PARTS.get(key, key))


def of_part(tally: Tally, code: str, *, key: str) -> str:
    """The figure of a part in words: its sum, or nothing beside how many there are."""
    kind, _colon, currency = key.partition(":")
    if kind == "cost":
        return figures.amount(tally.total, currency)
    return figures.minutes(tally.total) if METRICS[code].figure is Figure.MINUTES else ""


def rests_on(tally: Tally, code: str) -> str:
    """How many a figure rests on, and what is missing from it."""
    said = [_("of %(n)s") % {"n": figures.number(tally.known)}]
    if METRICS[code].figure is Figure.MEDIAN and tally.p90 is not None:
        said.append(_("nine of ten within %(p90)s") % {"p90": figures.minutes(tally.p90)})
    if tally.missing:
        said.append(_("%(n)s more without any") % {"n": figures.number(tally.missing)})
    if 0 < tally.known < FEW:
        said.append(_("few, so it says little"))
    return "; ".join(said)


def unit(code: str) -> str:
    """What stands behind a bare number."""
    return _("in 1,000 messages") if METRICS[code].figure is Figure.PER_THOUSAND else ""


def step(period: Period, number: int) -> str:
    """The name of a step of a period: its first day."""
    return date_format(period.day_of(number), "j M")
