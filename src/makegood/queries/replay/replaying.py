"""Replay a log: read it, hold its promises to account, and say what would have been done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from makegood.queries.replay.chains import follow_chains
from makegood.queries.replay.columns import Wanted
from makegood.queries.replay.flags import compare_flag
from makegood.queries.replay.ledger import Ledger, Policies, judge
from makegood.queries.replay.log import Log, read_log
from makegood.queries.replay.ranges import Asks, ask_for_ranges
from makegood.queries.replay.reading import Progress
from makegood.queries.replay.report import Report, promise_report, reasons, summary_of
from makegood.queries.replay.scores import score_ranges
from makegood.queries.replay.would_have import what_makegood_would_have_done
from makegood.rules import policy as policies_
from makegood.rules import ranges


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """A replayed log: its requests, the rulings on them, the ranges, and the report."""

    log: Log
    ledgers: tuple[Ledger, ...]
    asks: Asks
    report: Report


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """How to read and judge a log."""

    wanted: Wanted = field(default_factory=Wanted)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    as_of: datetime | None = None
    policies: Mapping[str, Policies] = field(
        default_factory=lambda: {"the default policy": policies_.DEFAULT}
    )


def replay_log(
    paths: Sequence[Path],
    *,
    choices: Choices,
    now: datetime,
    progress: Progress = lambda _: None,
) -> Replay:
    """Replay a log of one or several files; the first policy judges.

    :raises LogError: if the log cannot be read, lacks a needed column, or has no good row.
    """
    log = read_log(
        paths,
        wanted=choices.wanted,
        zone=choices.zone,
        as_of=choices.as_of,
        now=now,
        progress=progress,
    )
    progress("Holding every promise to account")
    judging = next(iter(choices.policies.values()))
    ledgers = tuple(judge(log, promised, policies=judging) for promised in log.promised)
    ledgers = ledgers or (judge(log, None, policies=judging),)
    progress("Following the ladders")
    would_have = tuple(
        what_makegood_would_have_done(log, ledgers, policies=policies, name=name)
        for name, policies in choices.policies.items()
    )
    progress("Giving every request a date range")
    asks = ask_for_ranges(log)
    progress("Adding up")
    referred, duplicates = follow_chains(log, ledgers[0], several=(log.see, log.duplicate_of))
    after_the_fact = ranges.AFTER_THE_FACT // timedelta(microseconds=1)
    report = Report(
        log=summary_of(log),
        promises=tuple(
            promise_report(log, ledger, after_the_fact=after_the_fact) for ledger in ledgers
        ),
        flag=compare_flag(log, ledgers[0]),
        referred=referred,
        duplicates=duplicates,
        would_have=would_have,
        ranges=score_ranges(log, asks),
        bad=log.bad,
        bad_by_reason=reasons(log.bad),
    )
    return Replay(log=log, ledgers=ledgers, asks=asks, report=report)
