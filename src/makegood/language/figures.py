"""Figures as people read them: shares, rates, counts and lengths of time."""

from datetime import timedelta

from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext as _

from makegood.language import choice, money, spans
from makegood.rules.metrics.definitions import METRICS, Figure
from makegood.rules.metrics.figures import Tally, value

NOTHING = "\N{EN DASH}"
_PLACES = 3


def share(part: float) -> str:
    """A share as "93.1%", or "93,1 %" to who reads German.

    What is rare is not called never, nor what is usual always.
    """
    least, shown = 10**-_PLACES, round(part, _PLACES)
    if part > 0 and shown <= 0:
        return f"< {_percent(least)}"
    return f"> {_percent(1 - least)}" if part < 1 <= shown else _percent(part)


def _percent(part: float) -> str:
    return format_percent(round(part, _PLACES), locale=choice.locale(), decimal_quantization=False)


def number(many: float, *, places: int = 1) -> str:
    """A number as "1,234.5"."""
    return format_decimal(round(many, places), locale=choice.locale(), decimal_quantization=False)


def minutes(many: float) -> str:
    """A length of time, from minutes."""
    return spans.length(timedelta(minutes=many))


def amount(minor: float, currency: str) -> str:
    """A sum of money, from minor units."""
    return money.in_words(round(minor), currency)


def of_tally(tally: Tally, code: str, *, key: str = "") -> str:
    """The figure of a metric in words; a dash where there is nothing to say."""
    found = value(tally, METRICS[code].figure)
    return NOTHING if found is None else of_metric(found, code, key=key)


def of_metric(found: float, code: str, *, key: str = "") -> str:
    """One value of a metric in words."""
    match METRICS[code].figure:
        case Figure.SHARE:
            return share(found)
        case Figure.MEAN | Figure.PER_THOUSAND:
            return number(found)
        case Figure.MONEY:
            return amount(found, key)
        case _:
            return minutes(found)


def unit_of(code: str) -> str:
    """What stands behind a bare number."""
    return _("in 1,000 messages") if METRICS[code].figure is Figure.PER_THOUSAND else ""
