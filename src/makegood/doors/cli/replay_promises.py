"""The part of a replay's page about one promised date: what became of it, when, and for what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from makegood.doors import charts, charts_wall
from makegood.doors.charts import Bar, Dot, Part
from makegood.doors.cli import replay_changes
from makegood.doors.cli import replay_words as words
from makegood.doors.cli.replay_words import count, days, percent, shown
from makegood.queries.replay.honesty import FEWEST
from makegood.queries.replay.ledger import Ruling
from makegood.queries.replay.report import KindRow, MonthRow, PromiseReport, Tally
from makegood.rules.metrics.figures import interval

MOST_KINDS: Final = 12
MOST_KINDS_LISTED: Final = 500
# A month with fewer promises is no month to point at.
FEWEST_IN_A_MONTH: Final = 30
TONES: Final = {
    Ruling.KEPT: "kept",
    Ruling.CLOSED_LATE: "late",
    Ruling.OPEN_PAST_DUE: "open",
    Ruling.STILL_OPEN: "wait",
    Ruling.NO_PROMISE: "none",
    Ruling.IMPOSSIBLE: "odd",
    Ruling.UNKNOWN: "odd",
}
_TICKS: Final = (
    (1 / 1440, "1 min"),
    (1 / 24, "1 hour"),
    (1.0, "1 day"),
    (7.0, "1 week"),
    (30.4, "1 month"),
    (365.25, "1 year"),
    (3652.5, "10 years"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruled:
    """How many requests have one ruling."""

    tone: str
    name: str
    requests: str
    share: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KindLine:
    """One kind in the table."""

    kind: str
    stripe: SafeString
    kept: str
    broken: str
    together: str
    rate: str
    may: SafeString
    between: str
    silence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LengthLine:
    """Promised and taken time of one kind."""

    kind: str
    chart: SafeString
    promised: str
    taken: str
    nine_in_ten: str
    verdict: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseSection:
    """Everything about one promised date."""

    name: str
    deed: str
    many: bool
    settled: bool
    stripe: SafeString
    rulings: tuple[Ruled, ...]
    notes: tuple[str, ...]
    month_lead: str
    month_shares: bool
    months: SafeString
    change_lead: str
    changes: SafeString
    month_rows: tuple[tuple[str, ...], ...]
    kind_lead: str
    kinds: tuple[KindLine, ...]
    all_kinds: tuple[KindLine, ...]
    silence_lead: str
    silence: tuple[tuple[str, str, SafeString], ...]
    silence_limits: str
    length_lead: str
    lengths: tuple[LengthLine, ...]
    length_axis: SafeString


def promise_section(promise: PromiseReport, *, many: bool) -> PromiseSection:
    """Everything about one promised date."""
    tally = promise.tally
    every = tuple(_kind_lines(promise))
    lengths = _length_kinds(promise)
    low, high = _reach(lengths)
    change_lead, changes = replay_changes.draw(promise.by_month)
    return PromiseSection(
        name=shown(promise.name),
        deed=shown(promise.deed),
        many=many,
        settled=bool(tally.settled),
        stripe=_whole(tally),
        rulings=tuple(_ruled(tally)),
        notes=tuple(shown(note) for note in words.promise_notes(promise)),
        month_lead=_month_lead(promise),
        month_shares=charts.has_room(len(promise.by_month)),
        months=_months(promise.by_month),
        change_lead=change_lead,
        changes=changes,
        month_rows=tuple(_month_row(row) for row in promise.by_month),
        kind_lead=_kind_lead(promise),
        kinds=tuple(
            line for line, row in zip(every, promise.by_kind, strict=False) if row.tally.settled
        )[:MOST_KINDS],
        all_kinds=every,
        silence_lead=_silence_lead(promise),
        silence=_silence(promise),
        silence_limits=words.SILENCE_LIMITS,
        length_lead=_length_lead(promise),
        lengths=tuple(_length(row, low=low, high=high) for row in lengths),
        length_axis=charts.log_axis(_TICKS, low=low, high=high),
    )


def _whole(tally: Tally) -> SafeString:
    parts = [
        Part(value=n, colour=TONES[ruling], words=f"{words.RULING_NAMES[ruling]}: {count(n)}")
        for ruling in Ruling
        if (n := getattr(tally, ruling.value))
    ]
    return charts.stripe(parts, whole=tally.total, height=26, label="Where every request went")


def _ruled(tally: Tally) -> list[Ruled]:
    return [
        Ruled(
            tone=TONES[ruling],
            name=words.RULING_NAMES[ruling],
            requests=count(n),
            share=percent(n / tally.total) if tally.total else "",
        )
        for ruling in Ruling
        if (n := getattr(tally, ruling.value))
    ]


def _months(rows: tuple[MonthRow, ...]) -> SafeString:
    bars = [
        Bar(
            name=words.month(row.month),
            parts=_parts(row.tally, words.month(row.month)),
            over=_over(row.tally),
            faint=not row.is_whole,
        )
        for row in rows
    ]
    return charts.columns(bars, label="Promises kept and broken by the month they fell due")


def _over(tally: Tally) -> str:
    """The share kept, where there are enough to speak of one."""
    return percent(tally.kept_rate, digits=0) if tally.settled >= FEWEST_IN_A_MONTH else ""


def _parts(tally: Tally, name: str) -> tuple[Part, ...]:
    return tuple(
        Part(
            value=n,
            colour=TONES[ruling],
            words=f"{name}: {count(n)} {words.RULING_NAMES[ruling].lower()}",
        )
        for ruling in (Ruling.KEPT, Ruling.CLOSED_LATE, Ruling.OPEN_PAST_DUE)
        if (n := getattr(tally, ruling.value))
    )


def _month_row(row: MonthRow) -> tuple[str, ...]:
    name = words.month(row.month) + ("" if row.is_whole else " (not over)")
    tally = row.tally
    return (
        name,
        count(tally.kept),
        count(tally.closed_late),
        count(tally.open_past_due),
        percent(tally.kept_rate),
        days(row.silence_median),
    )


def _month_lead(promise: PromiseReport) -> str:
    rates = [
        (row.tally.kept_rate, row)
        for row in promise.by_month
        if row.is_whole
        and row.tally.settled >= FEWEST_IN_A_MONTH
        and row.tally.kept_rate is not None
    ]
    if len(rates) < 2:  # noqa: PLR2004 - a best and a worst
        return ""
    worst, best = min(rates, key=lambda r: r[0]), max(rates, key=lambda r: r[0])
    return (
        f"Worst in {words.month(worst[1].month)}: {percent(worst[0], digits=0)} kept. Best in "
        f"{words.month(best[1].month)}: {percent(best[0], digits=0)}."
    )


def _kind_lines(promise: PromiseReport) -> Iterator[KindLine]:
    """Kinds, the most broken first, with the share of all breaks that they add up to."""
    most = max((row.tally.settled for row in promise.by_kind), default=0)
    all_, sofar = promise.tally.broken, 0
    for row in promise.by_kind[:MOST_KINDS_LISTED]:
        sofar += row.tally.broken
        together = percent(sofar / all_, digits=0) if all_ else ""
        yield _kind_line(row, most=most, together=together)


def _kind_line(row: KindRow, *, most: int, together: str) -> KindLine:
    name, tally = shown(row.kind), row.tally
    low, high = interval(tally.broken, tally.settled) if tally.settled else (0.0, 1.0)
    share = tally.broken / tally.settled if tally.settled else 0.0
    between = f"{percent(low, digits=0)} to {percent(high, digits=0)}"
    return KindLine(
        kind=name,
        stripe=charts.stripe(_parts(tally, name), whole=most, label=f"{name}: kept and broken"),
        kept=count(tally.kept),
        broken=count(tally.broken),
        together=together,
        rate=percent(tally.kept_rate, digits=0),
        may=charts_wall.interval(low, share, high, label=f"{name}: {between} truly break"),
        between=between,
        silence=days(row.silence_median),
    )


def _kind_lead(promise: PromiseReport) -> str:
    broken = promise.tally.broken
    top = promise.by_kind[:3]
    if len(promise.by_kind) < 4 or not broken:  # noqa: PLR2004 - three of more
        return ""
    share = percent(sum(row.tally.broken for row in top) / broken, digits=0)
    names = words.listed([shown(row.kind) for row in top])
    return f"Three kinds make {share} of all broken promises: {names}."


def _silence_lead(promise: PromiseReport) -> str:
    silence = promise.silence
    return (
        f"After its date had passed, a broken promise stayed so for {days(silence.median)} in the "
        f"median. {count(silence.lasting)} had no end when the log ended."
    )


def _silence(promise: PromiseReport) -> tuple[tuple[str, str, SafeString], ...]:
    spread = promise.silence.spread
    most = max((n for _, n in spread), default=0)
    return tuple(
        (
            name,
            count(n),
            charts.stripe(
                [Part(value=n, colour="open", words=f"{name}: {count(n)}")],
                whole=most,
                label=f"Silent {name}: {count(n)}",
            ),
        )
        for name, n in spread
    )


def _length_kinds(promise: PromiseReport) -> list[KindRow]:
    """The kinds with the most promises; those whose half is done, since only they took a time."""
    told = [
        row
        for row in promise.by_kind
        if row.honesty.count >= FEWEST and row.honesty.promised and row.honesty.taken
    ]
    return sorted(told, key=lambda row: -row.honesty.count)[:MOST_KINDS]


def _reach(rows: list[KindRow]) -> tuple[float, float]:
    lengths = [x for row in rows for x in (row.honesty.promised, row.honesty.taken) if x]
    return max(min(lengths, default=0.1) / 1.5, 1 / 1440), max(lengths, default=10.0) * 1.5


def _length(row: KindRow, *, low: float, high: float) -> LengthLine:
    honesty, name = row.honesty, shown(row.kind)
    promised, taken = honesty.promised or low, honesty.taken or low
    late = taken > promised
    return LengthLine(
        kind=name,
        chart=charts.from_to(
            Dot(value=promised, colour="wait", words=f"Promised: {days(promised)}", hollow=True),
            Dot(value=taken, colour="open" if late else "kept", words=f"Took: {days(taken)}"),
            low=low,
            high=high,
            label=f"{name}: promised {days(promised)}, took {days(taken)}",
        ),
        promised=days(promised),
        taken=days(taken),
        nine_in_ten=days(honesty.nine_in_ten),
        verdict=words.verdict(honesty),
    )


def _length_lead(promise: PromiseReport) -> str:
    honesty = promise.honesty
    padded = sum(1 for row in promise.by_kind if row.honesty.is_padded)
    wishful = sum(1 for row in promise.by_kind if row.honesty.is_wishful)
    parts = [
        f"{count(n)} {'kind is' if n == 1 else 'kinds are'} {what}"
        for n, what in (
            (padded, "padded (took a third of the promised time or less, and hardly ever late)"),
            (wishful, "wishful (broken more often than kept)"),
        )
        if n
    ]
    lead = words.lengths(honesty)
    return f"{lead} {words.listed(parts)}." if parts else lead
