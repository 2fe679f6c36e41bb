"""The part of a replay's page about the dates that Makegood would have given instead."""

from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from makegood.doors import charts
from makegood.doors.charts import Dot
from makegood.doors.cli import replay_words as words
from makegood.doors.cli.replay_words import count, days, percent, shown
from makegood.queries.replay.scores import NamedScores, RangesReport, Score

MOST_KINDS: Final = 25
LOWEST_SHOWN: Final = 0.4
# With fewer, the share of a month jumps about for no reason.
FEWEST_IN_A_MONTH: Final = 30
_TONES: Final = ("first", "second")


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelLine:
    """How the ranges of one level did."""

    tone: str
    level: str
    given: str
    held: str
    early: str
    late: str
    undecided: str
    width: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RangesSection:
    """Everything about the ranges."""

    lead: str
    levels: tuple[LevelLine, ...]
    months: SafeString
    month_rows: tuple[tuple[str, tuple[str, ...]], ...]
    kind_rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    age_rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    beside: tuple[str, ...]


def ranges_section(found: RangesReport) -> RangesSection | None:
    """Everything about the ranges; None for a log without closings."""
    if not found.asked:
        return None
    given = found.asked - found.without_range
    return RangesSection(
        lead=(
            f"Asked about {count(found.asked)} requests one minute after each was opened, with "
            f"only what was known that day, {words.of(given, found.asked)} would have got a "
            f"range, {count(found.from_own_kind)} of them with a history of their own kind"
            f"{_from_all(given - found.from_own_kind)}. Where history has just begun, or too many "
            "are never done, no date is the honest answer."
        ),
        levels=tuple(
            _level(tone, score) for tone, score in zip(_TONES, found.overall, strict=False)
        ),
        months=_months(found),
        month_rows=tuple(
            (words.month(row.name), tuple(_cell(score) for score in row.scores))
            for row in found.by_month
        ),
        kind_rows=tuple(
            (shown(row.name), count(row.scores[0].asked), _kind_cells(row))
            for row in found.by_kind[:MOST_KINDS]
        ),
        age_rows=tuple(
            (row.name, count(row.scores[0].given), _kind_cells(row))
            for row in (found.by_age if len(found.by_age) > 1 else ())
        ),
        beside=words.yardstick_lines(found),
    )


def _from_all(number: int) -> str:
    return f" and {count(number)} from what is like them" if number else ""


def _level(tone: str, score: Score) -> LevelLine:
    decided = score.decided or 1
    return LevelLine(
        tone=tone,
        level=percent(score.level, digits=0),
        given=count(score.given),
        held=percent(score.coverage),
        early=percent(score.early / decided),
        late=percent(score.late / decided),
        undecided=count(score.undecided),
        width=days(score.median_width),
    )


def _months(found: RangesReport) -> SafeString:
    rows = [(words.month(row.name), _dots(row)) for row in found.by_month]
    targets = [(score.level, tone) for tone, score in zip(_TONES, found.overall, strict=False)]
    return charts.dots(
        rows,
        lowest=LOWEST_SHOWN,
        targets=targets,
        plain=(0.6,),
        label="Share of ranges that held, by the month of asking",
    )


def _dots(row: NamedScores) -> list[Dot]:
    return [
        Dot(
            value=score.coverage,
            colour=tone,
            words=f"{words.month(row.name)}, {percent(score.level, digits=0)}: "
            f"{percent(score.coverage)} held of {count(score.decided)}",
        )
        for tone, score in zip(_TONES, row.scores, strict=False)
        if score.coverage is not None and score.decided >= FEWEST_IN_A_MONTH
    ]


def _cell(score: Score) -> str:
    return f"{percent(score.coverage)} of {count(score.decided)}"


def _kind_cells(row: NamedScores) -> tuple[str, ...]:
    return tuple(
        text
        for score in row.scores
        for text in (percent(score.coverage, digits=0), days(score.median_width))
    )
