"""A replay's report on the terminal."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from makegood.doors.cli.replay_words import (
    NOTHING,
    RULING_NAMES,
    SILENCE_LIMITS,
    chain_sentence,
    clock_notes,
    count,
    day,
    days,
    headline,
    lengths,
    minute,
    month,
    of,
    percent,
    promise_notes,
    row_account,
    shown,
    span,
    verdict,
    yardstick_lines,
)
from makegood.queries.replay.flags import FlagReport
from makegood.queries.replay.ledger import BROKEN, Ruling
from makegood.queries.replay.report import LogSummary, PromiseReport, Report
from makegood.queries.replay.scores import RangesReport, Score
from makegood.queries.replay.would_have import WouldHave

MOST_KINDS: Final = 12
MOST_MONTHS: Final = 18
MOST_BAD: Final = 10
MOST_FLAGGED: Final = 5
_STYLES: Final = {Ruling.KEPT: "green", **dict.fromkeys(BROKEN, "red"), Ruling.STILL_OPEN: "blue"}


def print_report(report: Report, *, console: Console) -> None:
    """Write the report to the terminal."""
    with console.capture() as captured:
        console.print(Text(headline(report), style="bold"))
        for title, parts in _sections(report):
            console.print()
            console.print(Text(title, style="bold underline"))
            console.print(Padding(Group(*parts), (0, 0, 0, 2)))
    for line in captured.get().splitlines():
        console.out(line.rstrip(), highlight=False)


def _sections(report: Report) -> Iterator[tuple[str, list[RenderableType]]]:
    yield "The log", list(_log(report.log))
    for promise in report.promises:
        name = f"Promises: {shown(promise.name)}" if promise.name else "Promises"
        yield name, list(_promise(promise))
    if report.flag:
        yield f"The log's own flag: {shown(report.flag.name)}", list(_flag(report))
    for title, chains in (
        ("Closed is not fixed: referred to another case", report.referred),
        ("Closed as the duplicate of another case", report.duplicates),
    ):
        if chains.linked:
            ends = ", ".join(f"{count(n)} {end.value}" for end, n in chains.ends.items() if n)
            found = [Text(f"{count(chains.linked)} requests; their chains end: {ends}.")]
            yield title, [*found, *([Text(chain_sentence(chains))] if chains.kept_on_paper else [])]
    for would_have in report.would_have:
        if would_have.rungs or would_have.broken:
            title = f"What Makegood would have done, at {would_have.policy}"
            yield title, list(_would_have(would_have))
    yield "Dates it would have given instead", list(_ranges(report.ranges))
    if report.bad:
        yield "Rows set aside", list(_bad(report))


def _log(log: LogSummary) -> Iterator[RenderableType]:
    zone = log.zone
    yield Text(
        f"{count(log.requests)} requests opened {day(log.first_opened, zone)} to "
        f"{day(log.last_opened, zone)}, as known on {minute(log.as_of, zone)}."
    )
    account = ", ".join(f"{count(rows)} {name}" for name, rows in row_account(log))
    yield Text(f"{count(log.rows_read)} rows: {account}.")
    for file in log.files:
        yield Text(shown(file.name))
        table = _table("", "column", "why", "also possible")
        for choice in file.columns.choices:
            otherwise = [f"{choice.otherwise} where empty"] if choice.otherwise else []
            also = ", ".join([*otherwise, *choice.near])
            cells = (choice.part.value, choice.column, choice.why, also)
            table.add_row(*(Text(shown(cell)) for cell in cells))
        yield Padding(table, (0, 0, 0, 2))
        yield from (Text(f"  {shown(note)}") for note in file.notes)
    yield from (Text(note) for note in clock_notes(log))


def _promise(promise: PromiseReport) -> Iterator[RenderableType]:
    tally = promise.tally
    table = _table("", "requests", "share", right=(1, 2))
    for ruling in Ruling:
        number = getattr(tally, ruling.value)
        if number or ruling in (Ruling.KEPT, Ruling.STILL_OPEN, Ruling.NO_PROMISE, *BROKEN):
            style = _STYLES.get(ruling, "")
            share = percent(number / tally.total) if tally.total else NOTHING
            table.add_row(Text(RULING_NAMES[ruling], style=style), count(number), share)
    yield table
    yield from (Text(note) for note in promise_notes(promise))
    if not tally.settled:
        return
    yield from _silence(promise)
    honesty = promise.honesty
    yield Text(f"\n{lengths(honesty)}")
    yield Text("\nBy the month in which they fell due")
    yield _months(promise)
    yield Text("\nBy kind, the most broken first")
    yield _kinds(promise)
    if len(promise.by_kind) > MOST_KINDS:
        yield Text(f"... and {len(promise.by_kind) - MOST_KINDS} more kinds (--json has them all)")


def _silence(promise: PromiseReport) -> Iterator[RenderableType]:
    silence = promise.silence
    if not silence.broken:
        return
    yield Text("\nBroken in silence")
    yield Text(
        f"{count(silence.broken)} broken promises, {count(silence.lasting)} of them still without "
        f"an end. Silence: {days(silence.median)} in the median, "
        f"{days(silence.nine_in_ten)} for one in ten, {days(silence.longest)} at the longest."
    )
    yield Text(SILENCE_LIMITS, style="dim")


def _months(promise: PromiseReport) -> Table:
    table = _table("month", "due", "kept", "broken", "rate", "silence", right=range(1, 6))
    for row in promise.by_month[-MOST_MONTHS:]:
        tally = row.tally
        table.add_row(
            month(row.month) + ("" if row.is_whole else " (not over)"),
            count(tally.settled),
            count(tally.kept),
            count(tally.broken),
            percent(tally.kept_rate),
            days(row.silence_median),
        )
    return table


def _kinds(promise: PromiseReport) -> Table:
    table = _table(
        "kind",
        "kept",
        "broken",
        "rate",
        "silence",
        "promised",
        "took",
        "",
        right=(1, 2, 3, 4, 5, 6),
    )
    for row in promise.by_kind[:MOST_KINDS]:
        table.add_row(
            Text(shown(row.kind)),
            count(row.tally.kept),
            count(row.tally.broken),
            percent(row.tally.kept_rate),
            days(row.silence_median),
            days(row.honesty.promised),
            days(row.honesty.taken),
            Text(verdict(row.honesty), style="yellow"),
        )
    return table


def _flag(report: Report) -> Iterator[RenderableType]:
    flag: FlagReport | None = report.flag
    if flag is None:
        return
    ours = report.promises[0].tally
    yield Text(
        f"The flag calls {percent(flag.rate)} on time ({count(flag.on_time)} of "
        f"{count(flag.on_time + flag.late)})."
    )
    if ours.settled:
        yield Text(
            f"Of the promises that came due, {percent(ours.kept_rate)} were kept "
            f"({count(ours.kept)} of {count(ours.settled)})."
        )
    yield from (Text(f"- {sentence}") for sentence in flag.explanation)
    if flag.by_severity:
        shares = ", ".join(f"{share.name} {percent(share.rate)}" for share in flag.by_severity)
        yield Text(f"On time by the flag, by severity: {shares}.")
    if not ours.settled:
        worst = flag.by_kind[:MOST_FLAGGED]
        shares = ", ".join(f"{shown(s.name)} {percent(s.rate)}" for s in worst)
        yield Text(f"Kinds most often late: {shares} on time.")


def _would_have(found: WouldHave) -> Iterator[RenderableType]:
    severities = ", ".join(f"{count(n)} as {level.name}" for level, n in found.severities.items())
    yield Text(f"Judged {severities}.")
    table = _table(
        "warning", "to", "spoken", "before a break", "then kept", "ahead of it", right=(2, 3, 4, 5)
    )
    for rung in found.rungs:
        table.add_row(
            f"rung {rung.level}",
            rung.role.value,
            count(rung.spoken),
            count(rung.before_a_break),
            count(rung.before_a_kept),
            span(rung.lead),
        )
    yield table
    escalated = ", ".join(f"{count(n)} to the {role.value}" for role, n in found.on_break.items())
    yield Text(
        f"On a break at once: {escalated or 'nobody'}. Apologies owed: {count(found.apologies)}; "
        f"in {count(found.done_before_news)} of these cases the thing itself came before a new "
        f"date was due, in {count(found.new_dates)} a new date was owed."
    )


def _ranges(found: RangesReport) -> Iterator[RenderableType]:
    if not found.asked:
        yield Text("No request can be asked about: the log has no closings to learn from.")
        return
    yield Text(
        f"{count(found.asked)} requests asked about one minute after opening "
        f"({count(found.after_the_fact)} were closed by then); "
        f"{of(found.asked - found.without_range, found.asked)} got a range, "
        f"{count(found.from_own_kind)} with a history of their own kind."
    )
    yield _by_level(found)
    yield from (Text(line) for line in yardstick_lines(found))
    if len(found.by_age) > 1:
        yield Text(f"\nHeld, by the age of the request{_asked_again(found)}")
        yield _by_age(found)
    if found.by_month:
        yield Text("\nHeld, by the month of asking")
        yield _by_month(found)


def _by_level(found: RangesReport) -> Table:
    table = _table(
        "level", "given", "held", "early", "late", "undecided", "width", right=range(1, 7)
    )
    for score in found.overall:
        table.add_row(*_score(percent(score.level, digits=0), score))
    return table


def _by_age(found: RangesReport) -> Table:
    levels = (percent(score.level, digits=0) for score in found.overall)
    table = _table("asked", "answers", *levels, "width", right=(1, 2, 3, 4))
    for row in found.by_age:
        held = (percent(score.coverage) for score in row.scores)
        first = row.scores[0]
        table.add_row(row.name, count(first.given), *held, days(first.median_width))
    return table


def _by_month(found: RangesReport) -> Table:
    levels = (percent(score.level, digits=0) for score in found.overall)
    table = _table("month", *levels, right=(1, 2))
    for row in found.by_month[-MOST_MONTHS:]:
        table.add_row(month(row.name), *(percent(score.coverage) for score in row.scores))
    return table


def _asked_again(found: RangesReport) -> str:
    if found.again == 1:
        return ""
    return f" (later ages: one request in {found.again})"


def _score(name: str, score: Score) -> Sequence[str]:
    decided = score.decided or 1
    return (
        name,
        count(score.given),
        percent(score.coverage),
        percent(score.early / decided),
        percent(score.late / decided),
        count(score.undecided),
        days(score.median_width),
    )


def _bad(report: Report) -> Iterator[RenderableType]:
    for reason, rows in report.bad_by_reason.items():
        yield Text(f"{count(rows)}: {shown(reason)}")
    several = len(report.log.files) > 1
    for row in islice(report.bad, MOST_BAD):
        file = f"{row.file}, " if several else ""
        yield Text(shown(f"  {file}line {row.line}: {row.reason}"), style="dim")
    if len(report.bad) > MOST_BAD:
        yield Text(
            f"  ... and {count(len(report.bad) - MOST_BAD)} more (--json has them all)", style="dim"
        )


def _table(*columns: str, right: Sequence[int] = ()) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place in right else "left")
    return table
