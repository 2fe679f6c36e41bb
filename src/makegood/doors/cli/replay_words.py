"""The words in which a replay's figures are said, on the terminal and on the page."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from makegood.queries.replay.chains import ChainReport
from makegood.queries.replay.honesty import Honesty
from makegood.queries.replay.ledger import Ruling
from makegood.queries.replay.report import LogSummary, PromiseReport, Report
from makegood.queries.replay.scores import RangesReport

_HOUR: Final = 1 / 24
_MINUTE: Final = _HOUR / 60
NOTHING: Final = "\N{EN DASH}"

RULING_NAMES: Final = {
    Ruling.KEPT: "Kept",
    Ruling.CLOSED_LATE: "Broken: closed late",
    Ruling.OPEN_PAST_DUE: "Broken: still open past its date",
    Ruling.STILL_OPEN: "Still open, not yet due",
    Ruling.NO_PROMISE: "No promise given",
    Ruling.IMPOSSIBLE: "Due no later than opened",
    Ruling.UNKNOWN: "Ended, the log does not say when",
}

SILENCE_LIMITS: Final = (
    "The log holds no messages to customers, so every broken promise counts as broken in silence "
    "as far as the log can show: a call or a mail kept elsewhere does not appear. Silence lasts "
    "from the promised date until the closing, or until the log's end."
)


def shown(text: str) -> str:
    """Words of a log without the control characters that could drive a terminal."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )


def count(number: int) -> str:
    """1234 as 1,234."""
    return f"{number:,}"


def percent(share: float | None, *, digits: int = 1) -> str:
    """0.634 as 63.4%; never 100% or 0% for what is only nearly so."""
    if share is None:
        return NOTHING
    text = f"{share:.{digits}%}"
    if share < 1 and text == f"{1:.{digits}%}":
        text = f">{100 - 10**-digits:.{digits}f}%"
    if share > 0 and text == f"{0:.{digits}%}":
        text = f"<{10**-digits:.{digits}f}%"
    return text


def of(part: int, whole: int) -> str:
    """A part and its share, such as "12 (3.0%)"."""
    return f"{count(part)} ({percent(part / whole)})" if whole else count(part)


def days(number: float | None) -> str:
    """A length in days in the unit that suits it."""
    if number is None:
        return NOTHING
    for unit, size, name in (
        (365.25, 730.5, "years"),
        (1.0, 2.0, "days"),
        (_HOUR, 2 * _HOUR, "hours"),
        (_MINUTE, 2 * _MINUTE, "minutes"),
    ):
        if number >= size:
            amount = number / unit
            return f"{amount:.1f} {name}" if amount < 10 else f"{amount:,.0f} {name}"  # noqa: PLR2004 - one digit is enough
    return f"{number * 86400:.0f} seconds"


def span(length: timedelta | None) -> str:
    """A time span in the unit that suits it."""
    return NOTHING if length is None else days(length / timedelta(days=1))


def day(moment: datetime, zone: str) -> str:
    """A date in the log's zone, such as 12 January 2016."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y}"


def minute(moment: datetime, zone: str) -> str:
    """A moment in the log's zone, such as 12 January 2016, 13:58."""
    return f"{day(moment, zone)}, {moment.astimezone(ZoneInfo(zone)):%H:%M}"


def month(name: str) -> str:
    """2015-02 as Feb 2015."""
    return f"{datetime.fromisoformat(f'{name}-01'):%b %Y}"


def headline(report: Report) -> str:
    """The whole finding in one sentence."""
    promise = report.promises[0]
    tally = promise.tally
    if not tally.settled:
        if promise.name:
            return f"None of {count(tally.total)} requests has a promise that was kept or broken."
        own = f" Its own flag calls {percent(report.flag.rate)} on time." if report.flag else ""
        return f"{count(tally.total)} requests, and not one promised date in the log.{own}"
    return (
        f"Of {count(tally.settled)} promises that came due, {count(tally.broken)} were broken: "
        f"{percent(tally.kept_rate)} kept."
    )


def row_account(log: LogSummary) -> tuple[tuple[str, int], ...]:
    """Where every row of the log went. They sum to the rows read."""
    spare = "earlier states of the same request" if log.is_event_log else "further rows of an id"
    account = (
        ("requests", log.requests),
        (spare, log.spare_rows),
        ("set aside as bad", log.bad_rows),
        ("after the moment of --as-of", log.after_as_of),
    )
    return tuple((name, rows) for name, rows in account if rows)


def clock_notes(log: LogSummary) -> tuple[str, ...]:
    """How the log's times were understood."""
    notes = []
    if log.with_offset:
        notes.append(f"{count(log.with_offset)} times carry their own offset from UTC.")
    notes.append(f"Times without an offset are read as local times of {log.zone}.")
    if log.skipped_by_clocks:
        notes.append(
            f"{count(log.skipped_by_clocks)} times fall into the hour that the clocks skip in "
            "spring; they count as the first moment after it."
        )
    if log.shown_twice_by_clocks:
        notes.append(
            f"{count(log.shown_twice_by_clocks)} times fall into the hour that comes twice in "
            "autumn; they count as its first coming, or its second where a closing would "
            "otherwise lie before its opening."
        )
    return tuple(notes)


def promise_notes(promise: PromiseReport) -> tuple[str, ...]:
    """What a reader must know about one promised date's figures."""
    notes = []
    if promise.in_days:
        notes.append(
            f"{promise.name} names days, not times: each runs to the end of that day, local time."
        )
    if promise.tally.impossible:
        notes.append(
            f"{count(promise.tally.impossible)} dates lie no later than the opening; nobody could "
            "keep them, and they count neither as kept nor as broken."
        )
    if promise.tally.unknown:
        notes.append(
            f"{count(promise.tally.unknown)} requests have ended, but the log does not say when; "
            "they count neither as kept nor as broken."
        )
    if promise.kept_after_the_fact:
        notes.append(
            f"{count(promise.kept_after_the_fact)} of the kept ones were closed within a minute "
            "of their opening: written down after the fact, or closed by a machine."
        )
    if promise.moved:
        notes.append(
            f"{count(promise.moved)} requests had their date moved; the first date counts, since "
            "the log holds no proof that the customer was told in time."
        )
    if promise.at_risk:
        notes.append(
            f"{count(promise.at_risk)} of the still open ones are at risk: their first warning "
            "is due."
        )
    return tuple(notes)


def chain_sentence(chains: ChainReport) -> str:
    """What became of promises that were closed by pointing elsewhere."""
    parts = [
        f"{count(number)} {words}"
        for number, words in (
            (chains.kept_to_the_end, "were really done in time"),
            (chains.fixed_late, "were done, but late"),
            (chains.not_fixed, "were still not done past the promised date"),
            (chains.not_yet, "were still open before their date"),
            (chains.cannot_tell, "lead out of the log"),
        )
        if number
    ]
    return f"Of {count(chains.kept_on_paper)} that count as kept, {listed(parts)}."


def yardstick_lines(found: RangesReport) -> tuple[str, ...]:
    """Our ranges beside those of the yardstick, a sentence for each level."""
    return tuple(
        f"Where the shortest Kaplan-Meier range of the kind also gives one "
        f"({percent(one.ours.level, digits=0)}: {count(one.ours.given)} asks), ours held "
        f"{percent(one.ours.coverage)} with a median width of {days(one.ours.median_width)}, "
        f"that one {percent(one.yardstick.coverage)} with {days(one.yardstick.median_width)}."
        for one in found.beside_yardstick
        if one.ours.given
    )


def listed(parts: list[str]) -> str:
    """a, b and c."""
    if len(parts) < 2:  # noqa: PLR2004 - a list needs two
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def lengths(honesty: Honesty) -> str:
    """What was promised and what it took, in one sentence."""
    told = f"Promised {days(honesty.promised)} in the median; "
    if honesty.taken is None:
        return f"{told}more than half are not done yet."
    if honesty.nine_in_ten is None:
        return f"{told}took {days(honesty.taken)}, and more than one in ten are not done yet."
    return f"{told}took {days(honesty.taken)}, and {days(honesty.nine_in_ten)} for nine in ten."


def verdict(honesty: Honesty) -> str:
    """One word for how a kind promises, where there is one to say."""
    if honesty.is_padded:
        return "padded"
    return "wishful" if honesty.is_wishful else ""
