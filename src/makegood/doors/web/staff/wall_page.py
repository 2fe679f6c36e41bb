"""What the wall shows: tiles, charts and the list of all metrics, in words and drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from makegood.doors import charts_wall
from makegood.doors.web.staff import wall_charts
from makegood.doors.web.staff import wall_words as words
from makegood.doors.web.staff.wall_charts import Drawn, Lines
from makegood.doors.web.staff.wall_words import Table
from makegood.language import figures
from makegood.language.metrics import ABOUT
from makegood.queries.metrics.parts import read_causes, read_speakers, read_windows
from makegood.queries.metrics.series import Period, Series, read_series
from makegood.rules.metrics.beside import STAFF_TIME
from makegood.rules.metrics.definitions import ALL_CODES, COST, METRICS, TILES, Figure
from makegood.rules.metrics.figures import value

NOTHING = Series()
Found = Mapping[tuple[str, str], Series]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """One metric: its figure, what it rests on, what it was before, and how it went."""

    code: str
    name: str
    counts: str
    beware: str
    value: str
    unit: str
    note: str
    before: str
    spark: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class Wall:
    """The whole page. `is_empty`: nothing has been counted yet."""

    tiles: tuple[Tile, ...]
    cost: tuple[Tile, ...]
    kept: Drawn
    causes: Lines
    speakers: Lines
    windows: Lines
    all: tuple[Tile, ...]
    costs: tuple[tuple[str, int], ...]
    satisfied: int
    staff_minutes: int
    is_empty: bool

    @property
    def staff_time(self) -> str:
        """The time of staff in words."""
        return figures.minutes(self.staff_minutes)


def read_wall(period: Period) -> Wall:
    """The page of one period."""
    found = read_series(period, (*ALL_CODES, STAFF_TIME))
    return Wall(
        tiles=tuple(tile(period, found, code) for code in TILES),
        cost=_cost(period, found),
        kept=wall_charts.kept(period, found.get(("M01", ""), _no_steps(period))),
        causes=wall_charts.causes(read_causes(period)),
        speakers=wall_charts.speakers(read_speakers(period)),
        windows=wall_charts.windows(read_windows(period)),
        all=tuple(one for code in METRICS for one in tiles_of(period, found, code)),
        costs=tuple((key, found[COST, key].now.total) for key in keys_of(found, COST)),
        satisfied=found.get(("M18", ""), NOTHING).now.total,
        staff_minutes=found.get((STAFF_TIME, ""), NOTHING).now.total,
        is_empty=not found,
    )


def keys_of(found: Found, code: str) -> tuple[str, ...]:
    """The parts that a metric comes in: currencies; the whole where it has none."""
    if METRICS[code].figure is not Figure.MONEY:
        return ("",)
    return tuple(sorted(key for of, key in found if of == code and key))


def tiles_of(period: Period, found: Found, code: str) -> tuple[Tile, ...]:
    """A metric, once for each currency that it comes in."""
    keys = keys_of(found, code) or ("",)
    return tuple(tile(period, found, code, key=key) for key in keys)


def tile(period: Period, found: Found, code: str, *, key: str = "") -> Tile:
    """One metric in words, with its small line."""
    about, metric = ABOUT[code], METRICS[code]
    series = found.get((code, key), NOTHING)
    name = f"{about.name} ({key})" if key else str(about.name)
    steps = [value(step, metric.figure) for step in series.steps]
    return Tile(
        code=code,
        name=name,
        counts=str(about.counts),
        beware=str(about.beware),
        value=figures.of_tally(series.now, code, key=key),
        unit=figures.unit_of(code) if series.now.known else "",
        note=_note(period, series, code),
        before=words.earlier(series.earlier, code, key=key),
        spark=charts_wall.spark(steps, label=_trend_words(period, steps, code, key)),
    )


def _note(period: Period, series: Series, code: str) -> str:
    """What a figure rests on; of minutes also what they come to in a week (M08)."""
    if not series.now.n:
        return ""
    said = words.rests_on(series.now, code)
    if METRICS[code].figure is not Figure.MINUTES:
        return said
    a_week = figures.minutes(series.now.total / period.weeks)
    return "; ".join([said, _("%(time)s a week") % {"time": a_week}])


def _trend_words(period: Period, steps: Sequence[float | None], code: str, key: str) -> str:
    known = [(place, step) for place, step in enumerate(steps) if step is not None]
    if not known:
        return ""
    (first, low), (last, high) = known[0], known[-1]
    return _("%(from)s from %(first)s, %(to)s from %(last)s") % {
        "from": figures.of_metric(low, code, key=key),
        "first": words.step(period, first),
        "to": figures.of_metric(high, code, key=key),
        "last": words.step(period, last),
    }


def _cost(period: Period, found: Found) -> tuple[Tile, ...]:
    return tiles_of(period, found, COST)


def _no_steps(period: Period) -> Series:
    empty = tuple(NOTHING.now for _step in range(period.steps))
    return Series(steps=empty, steps_before=empty)


def all_metrics(wall: Wall) -> Table:
    """Every metric as a table."""
    rows = tuple(
        (tile.code, tile.name, tile.value, tile.note, tile.before, tile.counts,
         tile.beware)
        for tile in wall.all
    )  # fmt: skip
    heads = (
        _("Metric"), _("Name"), _("Figure"), _("Rests on"), _("The time before"),
        _("What is counted"), _("Beware"),
    )  # fmt: skip
    return Table(name="metrics", heads=heads, rows=rows)
