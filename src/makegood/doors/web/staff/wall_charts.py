"""The charts of the wall, each drawn, and each as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from makegood.doors import charts, charts_wall
from makegood.doors.charts import Part
from makegood.doors.web.staff import wall_words as words
from makegood.doors.web.staff.wall_words import Table
from makegood.language import figures, lists
from makegood.language.metrics import CHANGES, COMES_TO
from makegood.queries.metrics.authority_use import Use
from makegood.queries.metrics.parts import Cause, Speaker, Window
from makegood.queries.metrics.series import NO_TALLY, Period, Series
from makegood.rules.metrics import control
from makegood.rules.metrics.beside import BESIDE, WANTS
from makegood.rules.metrics.control import ALIKE, Chart, Count, Point
from makegood.rules.metrics.definitions import METRICS, Figure
from makegood.rules.metrics.figures import FEW, Tally, interval

MOST_LINES: Final = 12
Rows = Sequence[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """A chart with its table; `says` is what one can see in it, in a sentence."""

    says: str
    svg: SafeString
    table: Table
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a chart that is a table with small bars."""

    name: str
    kind: str
    svg: SafeString
    cells: tuple[str, ...]
    is_few: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """A chart of the first lines, with the table of all of them for files."""

    lines: tuple[Line, ...]
    table: Table

    @property
    def rows(self) -> Iterator[tuple[Line, Iterator[tuple[str, str]]]]:
        """Each line with its cells under their heads."""
        for line in self.lines:
            yield line, zip(self.table.heads[1:], line.cells, strict=True)

    @property
    def more(self) -> int:
        """How many lines stand in the file only."""
        return len(self.table.rows) - len(self.lines)


def kept(period: Period, series: Series) -> Drawn:
    """Promises kept over time, with the limits inside which it only wavers."""
    chart = control.chart(_counts(series.steps), before=_counts(series.steps_before))
    names = [words.step(period, step) for step in range(period.steps)]
    said = [_point(name, point) for name, point in zip(names, chart.points, strict=True)]
    says = _says(chart, names)
    rows = tuple(
        (
            name,
            figures.number(tally.known),
            figures.number(tally.known - tally.total),
            figures.share(point.share) if point.share is not None else "",
            figures.share(point.low) if chart.has_limits and point.n else "",
            figures.share(point.high) if chart.has_limits and point.n else "",
            _rules(point),
        )
        for name, tally, point in zip(names, series.steps, chart.points, strict=True)
    )
    heads = (
        _("From"), _("Due"), _("Broken"), _("Kept"), _("Lower limit"), _("Upper limit"),
        _("Real change"),
    )  # fmt: skip
    return Drawn(
        says=says,
        svg=charts_wall.control(chart, names=names, words=said, label=says),
        table=Table(name="promises-kept", heads=heads, rows=rows),
        note=why_no_limits(chart),
    )


def why_no_limits(chart: Chart) -> str:
    """The note under a chart without limits; empty where they are drawn."""
    if chart.has_limits:
        return ""
    if chart.mean in ALIKE:
        return _("No limits are drawn: all promises ended alike, so nothing wavers.")
    return _("Too few points for limits: eight are needed.")


def _counts(steps: Sequence[Tally]) -> list[Count]:
    return [Count(hits=step.total, n=step.known) for step in steps]


def _point(name: str, point: Point) -> str:
    if point.share is None:
        return name
    said = _("%(when)s: %(share)s of %(n)s kept") % {
        "when": name,
        "share": figures.share(point.share),
        "n": figures.number(point.n),
    }
    return f"{said}; {_rules(point)}" if point.rules else said


def _rules(point: Point) -> str:
    return lists.all_of(str(CHANGES[rule]) for rule in point.rules)


def _says(chart: Chart, names: Sequence[str]) -> str:
    if chart.mean is None:
        return _("No promise was due in this time.")
    mean = {"mean": figures.share(chart.mean)}
    if not chart.has_limits:
        return _("On average %(mean)s of the promises were kept.") % mean
    if not chart.changes:
        return (
            _("On average %(mean)s of the promises were kept; nothing has really changed.") % mean
        )
    when = lists.all_of(_run(names[first], names[last]) for first, last in chart.runs)
    return _("On average %(mean)s of the promises were kept; a real change shows at %(when)s.") % (
        mean | {"when": when}
    )


def _run(first: str, last: str) -> str:
    if first == last:
        return first
    return _("%(since)s to %(until)s") % {"since": first, "until": last}


def causes(found: Sequence[Cause]) -> Lines:
    """What was wrong, most often first, with the share of all that it adds up to."""
    all_ = sum(cause.cases for cause in found) or 1
    lines, sofar = [], 0
    for cause in found:
        sofar += cause.cases
        cells = (
            figures.number(cause.cases),
            figures.share(sofar / all_),
            figures.minutes(cause.minutes),
            lists.all_of(figures.amount(minor, currency) for currency, minor in cause.costs),
        )
        part = Part(value=cause.cases, colour="wait", words=cause.name)
        most = max(each.cases for each in found) or 1
        svg = charts.stripe([part], whole=most, label="")
        lines.append(Line(name=cause.name, kind="", svg=svg, cells=cells))
    heads = (
        _("What was wrong"), _("Cases"), _("Together"), _("Customers' time"),
        _("Cost of making good"),
    )  # fmt: skip
    return _lines("causes", heads, lines)


def speakers(found: Sequence[Speaker]) -> Lines:
    """Who or what gave words that broke, with the stretch in which each share may truly lie."""
    lines = []
    for each in found:
        share = each.broken / each.n
        low, high = interval(each.broken, each.n)
        cells = (
            figures.number(each.n),
            figures.number(each.broken),
            figures.share(share),
            _("%(low)s to %(high)s") % {"low": figures.share(low), "high": figures.share(high)},
        )
        lines.append(
            Line(
                name=each.name,
                kind=str(words.KINDS.get(each.kind, each.kind)),
                svg=charts_wall.interval(low, share, high, label=""),
                cells=cells,
                is_few=each.n < FEW,
            )
        )
    heads = (
        _("Who or what"), _("Promises"), _("Broken"), _("Share"), _("May truly be"),
    )  # fmt: skip
    return _lines("words-that-break", heads, lines)


def windows(found: Sequence[Window]) -> Lines:
    """Windows that were promised, and when it was done."""
    lines = []
    for window in found:
        parts = [
            Part(value=window.inside, colour="kept", words=_("inside the window")),
            Part(value=window.before, colour="late", words=_("before it")),
            Part(value=window.after, colour="open", words=_("after it, or never")),
        ]
        cells = tuple(
            f"{figures.number(part)} ({figures.share(part / window.n)})"
            for part in (window.inside, window.before, window.after)
        )
        svg = charts.stripe(parts, whole=window.n, label="")
        name = str(words.WIDTHS[window.width])
        lines.append(Line(name=name, kind="", svg=svg, cells=cells, is_few=window.n < FEW))
    heads = (_("Window"), _("Inside"), _("Before it"), _("After, or never"))
    return _lines("windows", heads, lines)


def _lines(name: str, heads: tuple[str, ...], lines: Sequence[Line]) -> Lines:
    rows = tuple(
        (f"{line.kind}: {line.name}" if line.kind else line.name, *line.cells) for line in lines
    )
    return Lines(lines=tuple(lines[:MOST_LINES]), table=Table(name=name, heads=heads, rows=rows))


def parts(found: Mapping[tuple[str, str], Series], code: str, *, more: Rows = ()) -> Table:
    """The named parts of a metric, such as those said by machines; none has no rows."""
    rows = tuple(
        (
            words.part(key),
            figures.number(series.now.n),
            words.of_part(series.now, _whole(found, code, key=key), code, key=key),
        )
        for key, series in _parts(found, code)
        if series.now.n
    )
    rows += tuple(more)
    heads = (_("Part"), _("How many"), _("Comes to"))
    columns = 3 if any(row[2] for row in rows) else 2
    return Table(
        name=f"{code}-parts", heads=heads[:columns], rows=tuple(row[:columns] for row in rows)
    )


def _whole(found: Mapping[tuple[str, str], Series], code: str, *, key: str) -> Tally:
    """What a part is a share of: one round of questions may bring several wants, or none."""
    of = (code, WANTS if key.startswith(f"{WANTS}:") else "")
    return found[of].now if of in found else NO_TALLY


def _parts(found: Mapping[tuple[str, str], Series], code: str) -> Iterator[tuple[str, Series]]:
    """The parts of a metric, and what is counted beside it; a currency is no part."""
    for (of, key), series in sorted(found.items()):
        if of == code and key and METRICS[code].figure is not Figure.MONEY:
            yield key, series
        if of in BESIDE.get(code, ()):
            yield f"{of}:{key}" if key else of, series


def use(found: Sequence[Use]) -> Rows:
    """What the front line gave beside what it may give, as parts of M21."""
    return tuple(
        (
            _("given alone by the front line, of what it may give, %(currency)s")
            % {"currency": each.currency},
            figures.number(each.times),
            _("%(given)s of %(could)s")
            % {
                "given": figures.amount(each.given_minor, each.currency),
                "could": figures.amount(each.could_minor, each.currency),
            },
        )
        for each in found
    )


def trend(period: Period, series: Series, code: str, *, key: str = "") -> Table:
    """One metric step by step."""
    rows = tuple(
        (
            words.step(period, place),
            figures.number(tally.known),
            *([figures.number(tally.missing)] if words.missing(code) else []),
            figures.of_tally(tally, code, key=key),
        )
        for place, tally in enumerate(series.steps)
    )
    return Table(name=code, heads=trend_heads(code), rows=rows)


def trend_heads(code: str) -> tuple[str, ...]:
    """What stands over the columns of a trend: who has no figure only where that can be."""
    beside = [capfirst(words.missing(code))] if words.missing(code) else []
    comes_to = str(COMES_TO[METRICS[code].figure])
    return (_("From"), _("How many"), *beside, comes_to)
