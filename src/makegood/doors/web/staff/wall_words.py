"""The wall's figures in words, and its charts as tables."""

from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.language import figures, moments, objections
from makegood.language.metrics import MISSING, PARTS
from makegood.queries.metrics.series import Period
from makegood.rules.metrics.beside import (
    ANSWERED,
    FIRST,
    LATE_EXTRAS,
    OVER,
    REACHED,
    STAFF_TIME,
    UPHELD,
    WANTS,
    WIDTH,
)
from makegood.rules.metrics.definitions import METRICS, Figure
from makegood.rules.metrics.figures import FEW, THOUSAND, Tally
from makegood.rules.metrics.of_money import WHY
from makegood.rules.metrics.of_words import BY_MACHINE, BY_PERSON, PROVISIONAL, SEVERITY

KINDS: dict[str, str | Lazy] = {
    "person": gettext_lazy("Person"),
    "template": gettext_lazy("Template"),
    "bot": gettext_lazy("Bot"),
    "system": gettext_lazy("Makegood itself"),
    "crew": gettext_lazy("Crew"),
    "supplier": gettext_lazy("Supplier"),
    "partner": gettext_lazy("Partner"),
    "log": gettext_lazy("Log"),
}
WIDTHS: dict[str, str | Lazy] = {
    "2h": gettext_lazy("up to two hours"),
    "6h": gettext_lazy("up to six hours"),
    "day": gettext_lazy("up to a day"),
    "week": gettext_lazy("up to a week"),
    "longer": gettext_lazy("longer"),
}


SHARES = frozenset({ANSWERED, REACHED, UPHELD, OVER.rstrip(":")})
"""The parts whose samples are a yes or a no of their own."""
SHARES_OF_ALL = frozenset({WANTS, WHY.rstrip(":")})
"""The parts of which each is a share of all of them, or of all that the metric counts."""
IN_MINUTES = frozenset({STAFF_TIME})
IN_MONEY = frozenset({"cost", LATE_EXTRAS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A chart as a table: the same words on the page and in a file."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def cells(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Each row with the heads beside its cells, as a narrow screen shows them."""
        return tuple(tuple(zip(self.heads, row, strict=True)) for row in self.rows)


def part(key: str) -> str:
    """What a part of a metric is called."""
    kind, _colon, rest = key.partition(":")
    if kind == "cost":
        return _("cost, %(currency)s") % {"currency": rest}
    if kind == LATE_EXTRAS:
        return _("added because it was paid late, %(currency)s") % {"currency": rest}
    if kind == "rule":
        return objections.of_rule(rest)
    return str(PARTS.get(key, key))


def of_part(part: Tally, whole: Tally, code: str, *, key: str) -> str:
    """The figure of a part in words: its sum or share; nothing where how many says it all."""
    kind, _colon, rest = key.partition(":")
    if kind == "rule":
        return _("%(n)s in 1,000 messages") % {"n": figures.number(THOUSAND * part.n / whole.n)}
    if kind in IN_MONEY:
        return figures.amount(part.total, rest)
    if key in IN_MINUTES or METRICS[code].figure is Figure.MINUTES:
        return figures.minutes(part.total)
    return _share(part, whole, code, key=key) or _middle(part, key=key)


def _share(part: Tally, whole: Tally, code: str, *, key: str) -> str:
    """What share a part is; empty where it is none."""
    kind = key.partition(":")[0]
    is_sender = METRICS[code].figure is Figure.SHARE and key in {BY_MACHINE, BY_PERSON}
    if (is_sender or kind in SHARES) and part.known:
        return figures.share(part.total / part.known)
    of_all = part.n if kind in SHARES_OF_ALL and key != WANTS else 0
    return figures.share(of_all / whole.n) if of_all and whole.n else ""


def _middle(part: Tally, *, key: str) -> str:
    """Where half of them lie, or nine of ten as the silences do; empty without a middle."""
    if part.p50 is None or part.p90 is None:
        return ""
    if key == FIRST:
        return _("half of them at most %(p50)s") % {"p50": figures.number(part.p50)}
    if key.startswith(SEVERITY):
        return _("nine of ten within %(p90)s") % {"p90": figures.minutes(part.p90)}
    half = _("half of them within %(p50)s") % {"p50": figures.minutes(part.p50)}
    return half if key in {WIDTH, PROVISIONAL} else ""


def missing(code: str) -> str:
    """What is the matter with those of a metric that have no figure; empty where all have one."""
    return str(MISSING.get(code, ""))


def rests_on(tally: Tally, code: str) -> str:
    """How many a figure rests on, and what is missing from it."""
    said = [of_many(tally)] if tally.known or not tally.missing else []
    if METRICS[code].figure is Figure.MINUTES and tally.p50 is not None:
        said.append(_("half of them within %(p50)s") % {"p50": figures.minutes(tally.p50)})
    if METRICS[code].figure in {Figure.MEDIAN, Figure.MINUTES} and tally.p90 is not None:
        said.append(_("nine of ten within %(p90)s") % {"p90": figures.minutes(tally.p90)})
    if tally.missing:
        said.append(f"{figures.number(tally.missing)} {missing(code)}")
    if 0 < tally.known < FEW:
        said.append(_("few, so it says little"))
    return "; ".join(said)


def of_many(tally: Tally) -> str:
    """How many a figure rests on."""
    return _("of %(n)s") % {"n": figures.number(tally.known)}


def earlier(tally: Tally, code: str, *, key: str) -> str:
    """What a metric was in the time before, and of how many; empty where nothing is known."""
    if not tally.known:
        return ""
    return f"{figures.of_tally(tally, code, key=key)} ({of_many(tally)})"


def step(period: Period, number: int) -> str:
    """The name of a step of a period: its first day."""
    return moments.shortest_date(period.day_of(number))
