"""What the page of a replay shows: every figure already in words, every chart already drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.safestring import SafeString

from makegood.doors import charts
from makegood.doors.charts import Part
from makegood.doors.cli import replay_words as words
from makegood.doors.cli.replay_promises import PromiseSection, promise_section
from makegood.doors.cli.replay_ranges import RangesSection, ranges_section
from makegood.doors.cli.replay_words import count, days, percent, shown
from makegood.queries.replay.chains import ChainReport
from makegood.queries.replay.flags import FlagReport
from makegood.queries.replay.report import LogSummary, Report
from makegood.queries.replay.would_have import WouldHave

MOST_BAD_ROWS: Final = 200
MOST_FLAGGED: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """One headline number."""

    label: str
    value: str
    note: str
    tone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSection:
    """How the log was read."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str, str, str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagSection:
    """The log's own flag beside the ledger."""

    name: str
    rate: str
    said: str
    ours: str
    settled: str
    explanation: tuple[str, ...]
    cells: tuple[tuple[str, str, str], ...]
    shares: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainSection:
    """Requests closed by pointing at another case."""

    title: str
    lead: str
    stripe: SafeString
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WouldHaveSection:
    """What one policy would have made of it."""

    policy: str
    judged: str
    steps: tuple[Tile, ...]
    rungs: tuple[tuple[str, str, str, str, str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class BadSection:
    """The rows that were set aside."""

    total: str
    reasons: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, str], ...]
    more: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The whole page."""

    title: str
    headline: str
    subtitle: str
    tiles: tuple[Tile, ...]
    promises: tuple[PromiseSection, ...]
    flag: FlagSection | None
    chains: tuple[ChainSection, ...]
    would_have: tuple[WouldHaveSection, ...]
    ranges: RangesSection | None
    log: LogSection
    bad: BadSection | None
    made_at: str


def page_of(report: Report, *, now: datetime) -> Page:
    """Everything that the page shows."""
    log = report.log
    return Page(
        title=", ".join(shown(file.name) for file in log.files),
        headline=words.headline(report),
        subtitle=(
            f"{count(log.requests)} requests opened {words.day(log.first_opened, log.zone)} to "
            f"{words.day(log.last_opened, log.zone)}, as known on "
            f"{words.minute(log.as_of, log.zone)} ({log.zone})"
        ),
        tiles=_tiles(report),
        promises=tuple(
            promise_section(promise, many=len(report.promises) > 1) for promise in report.promises
        ),
        flag=_flag(report),
        chains=tuple(
            _chain(title, chains)
            for title, chains in (
                ("Referred to another case", report.referred),
                ("Closed as a duplicate", report.duplicates),
            )
            if chains.linked
        ),
        would_have=tuple(_would_have(found) for found in report.would_have if found.broken),
        ranges=ranges_section(report.ranges),
        log=_log(log),
        bad=_bad(report),
        made_at=f"{now.day} {now:%B %Y}, {now:%H:%M} UTC",
    )


def _tiles(report: Report) -> tuple[Tile, ...]:
    promise = report.promises[0]
    tally, silence = promise.tally, promise.silence
    tiles = [
        Tile(
            label="No promise given",
            value=count(tally.no_promise),
            note=f"{percent(_share(tally.no_promise, tally.total), digits=0)} of all requests",
        )
    ]
    if tally.settled:
        tiles = [
            Tile(
                label="Promises kept",
                value=percent(tally.kept_rate),
                note=f"{count(tally.kept)} of {count(tally.settled)} that came due",
                tone="kept",
            ),
            Tile(
                label="Broken",
                value=count(tally.broken),
                note=f"{count(tally.open_past_due)} of them still open past their date",
                tone="broken",
            ),
            Tile(
                label="Silence after a break",
                value=days(silence.median),
                note=f"in the median; one in ten over {days(silence.nine_in_ten)}",
            ),
            *tiles,
        ]
    return (*tiles, *_range_tile(report))


def _range_tile(report: Report) -> tuple[Tile, ...]:
    best = report.ranges.overall[0] if report.ranges.overall else None
    if best is None or best.coverage is None:
        return ()
    return (
        Tile(
            label="Dates Makegood would give",
            value=percent(best.coverage, digits=0),
            note=f"held, of ranges meant to hold {percent(best.level, digits=0)}; "
            f"{days(best.median_width)} wide in the median",
        ),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _flag(report: Report) -> FlagSection | None:
    flag: FlagReport | None = report.flag
    if flag is None:
        return None
    tally = report.promises[0].tally
    meanings = {True: "on time", False: "late", None: "says nothing"}
    return FlagSection(
        name=shown(flag.name),
        rate=percent(flag.rate),
        said=count(flag.on_time + flag.late),
        ours=percent(tally.kept_rate) if tally.settled else "",
        settled=count(tally.settled),
        explanation=flag.explanation,
        cells=tuple(
            (meanings[cell.on_time], words.RULING_NAMES[cell.ruling], count(cell.count))
            for cell in flag.cells
        ),
        shares=tuple(
            (shown(share.name), count(share.on_time), count(share.late), percent(share.rate))
            for share in (*flag.by_severity, *flag.by_kind[:MOST_FLAGGED])
        ),
    )


def _chain(title: str, chains: ChainReport) -> ChainSection:
    ends = ", ".join(f"{count(n)} {end.value}" for end, n in chains.ends.items() if n)
    rows = (
        ("kept", "done in time at the end of the chain", chains.kept_to_the_end),
        ("late", "done, but late", chains.fixed_late),
        ("open", "still not done past the promised date", chains.not_fixed),
        ("wait", "still open before its date", chains.not_yet),
        ("none", "leads out of the log", chains.cannot_tell),
    )
    return ChainSection(
        title=title,
        lead=(
            f"{count(chains.linked)} requests were closed by naming another case. Followed to "
            f"their end: {ends}. {count(chains.kept_on_paper)} of them count as kept."
        ),
        stripe=charts.stripe(
            [Part(value=n, colour=tone, words=f"{count(n)} {name}") for tone, name, n in rows],
            whole=chains.kept_on_paper,
            label=f"{title}: what became of those counted as kept",
        ),
        rows=tuple(
            (tone, name, count(n), percent(_share(n, chains.kept_on_paper), digits=0))
            for tone, name, n in rows
            if n
        ),
    )


def _would_have(found: WouldHave) -> WouldHaveSection:
    escalated = [f"{count(n)} to the {role.value}" for role, n in found.on_break.items()]
    judged = [f"{count(n)} as {level.name}" for level, n in found.severities.items()]
    first = found.rungs[0] if found.rungs else None
    return WouldHaveSection(
        policy=found.policy,
        judged=f"Requests judged {words.listed(judged)}.",
        steps=(
            Tile(
                label="Warned before the break",
                value=count(found.warned_before_break),
                note=f"of {count(found.broken)} broken promises; "
                f"{words.span(first.lead if first else None)} ahead in the median",
            ),
            Tile(
                label="Escalated at the break",
                value=count(found.broken),
                note=words.listed(escalated),
            ),
            Tile(label="Apologies owed", value=count(found.apologies), note="one for each break"),
            Tile(
                label="New dates owed",
                value=count(found.new_dates),
                note=f"in the other {count(found.done_before_news)} cases the thing itself came "
                "before a new date was due",
            ),
        ),
        rungs=tuple(
            (
                f"Rung {rung.level}",
                rung.role.value,
                count(rung.spoken),
                count(rung.before_a_break),
                count(rung.before_a_kept),
                words.span(rung.lead),
            )
            for rung in found.rungs
        ),
    )


def _log(log: LogSummary) -> LogSection:
    account = [("rows read", log.rows_read), *words.row_account(log)]
    several = len(log.files) > 1
    return LogSection(
        rows=tuple((name, count(rows)) for name, rows in account),
        columns=tuple(
            (
                shown(file.name) if several else "",
                choice.part.value,
                shown(choice.column),
                choice.why,
                shown(_other(choice.otherwise, choice.near)),
            )
            for file in log.files
            for choice in file.columns.choices
        ),
        notes=(
            *(f"{shown(file.name)}: {shown(note)}." for file in log.files for note in file.notes),
            *words.clock_notes(log),
        ),
    )


def _other(otherwise: str, near: Sequence[str]) -> str:
    used = f"where empty: {otherwise}" if otherwise else ""
    also = f"also possible: {', '.join(near)}" if near else ""
    return "; ".join(part for part in (used, also) if part)


def _bad(report: Report) -> BadSection | None:
    if not report.bad:
        return None
    more = len(report.bad) - MOST_BAD_ROWS
    return BadSection(
        total=count(len(report.bad)),
        reasons=tuple((shown(why), count(rows)) for why, rows in report.bad_by_reason.items()),
        rows=tuple(
            (shown(row.file), str(row.line), shown(row.reason))
            for row in report.bad[:MOST_BAD_ROWS]
        ),
        more=f"{count(more)} more are in the JSON report." if more > 0 else "",
    )
