"""Ranges on made logs: queues that nobody tuned them on, and some that are meant to upset them.

Each log is drawn from a seed, written as a file and read as any other. What is asked of them is
that levels hold where there is a history, that nothing crashes, and that no range is given where
none is honest.

    python -m bench.ranges_made
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from bench.ranges import number, percent, read, share
from makegood.queries.replay.ranges import ask_for_ranges
from makegood.queries.replay.scores import RangesReport, score_ranges

Days = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Chance = np.random.Generator

BEGIN: Final = datetime(2024, 1, 1)  # noqa: DTZ001 - a Monday, by the wall, as logs write it
SPAN: Final = 420.0
COUNT: Final = 6000
KINDS: Final = 6
OPEN: Final = np.inf
FORMAT: Final = "%Y-%m-%d %H:%M:%S"
HEADER: Final = "id,kind,opened,closed"
ZONE: Final = "America/New_York"


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """Requests of a log: when each was opened, in days, how long it took, and its kind."""

    opened: Days
    took: Days
    kinds: Codes
    end: float = SPAN

    def rows(self) -> list[str]:
        """As lines of a file; what closes after the end is open."""
        done = self.opened + self.took
        shown = [_wall(day) if day <= self.end else "" for day in done]
        lines = zip(self.kinds, map(_wall, self.opened), shown, strict=True)
        return [f"{i},kind {kind},{at},{to}" for i, (kind, at, to) in enumerate(lines)]


def plain(chance: Chance, *, count: int = COUNT, span: float = SPAN) -> Made:
    """Six kinds, one day to six in the middle, opened at the hours of an office."""
    kinds = chance.integers(0, KINDS, count)
    took = (1 + kinds) * chance.lognormal(0, 0.6, count)
    return Made(opened=_opened(chance, count, span), took=took, kinds=kinds, end=span)


def seasonal(chance: Chance) -> Made:
    """Four times as slow in one season as in the other."""
    made = plain(chance)
    return _took(made, made.took * np.exp(0.7 * np.sin(2 * np.pi * made.opened / 365)))


def slower(chance: Chance) -> Made:
    """From one day on everything takes five times as long."""
    made = plain(chance)
    return _took(made, made.took * np.where(made.opened > SPAN / 2, 5, 1))


def faster(chance: Chance) -> Made:
    """From one day on everything takes a fifth."""
    made = plain(chance)
    return _took(made, made.took * np.where(made.opened > SPAN / 2, 0.2, 1))


def on_saturdays(chance: Chance) -> Made:
    """Closed on Saturdays alone, by day."""
    made = plain(chance)
    done = made.opened + chance.exponential(6, COUNT)
    day = np.floor(done)
    saturday = day + (5 - day) % 7 + (8 + 10 * chance.random(COUNT)) / 24
    return _took(made, np.where(saturday < made.opened, saturday + 7, saturday) - made.opened)


def heavy(chance: Chance) -> Made:
    """A tail so heavy that it has no mean."""
    made = plain(chance)
    return _took(made, 0.1 * (1 + made.kinds) * (chance.pareto(0.8, COUNT) + 0.01))


def never(chance: Chance) -> Made:
    """Two kinds of six are never closed, and of a third two in five are."""
    made = plain(chance)
    lost = (made.kinds < 2) | (made.kinds == 2) & (chance.random(COUNT) < 0.6)
    return _took(made, np.where(lost, OPEN, made.took))


def tiny(chance: Chance) -> Made:
    """Fifteen hundred kinds, four requests of each."""
    kinds = chance.integers(0, 1500, COUNT)
    pace = np.exp(chance.normal(0, 1, 1500))
    took = 3 * pace[kinds] * chance.lognormal(0, 0.5, COUNT)
    return Made(opened=_opened(chance, COUNT, SPAN), took=took, kinds=kinds)


def monthly(chance: Chance) -> Made:
    """Closed together, on the first of the month after it was done."""
    made = plain(chance)
    done = made.opened + chance.exponential(5, COUNT)
    firsts = np.array([_first_after(one) for one in done])
    return _took(made, firsts - made.opened)


def nightly(chance: Chance) -> Made:
    """Closed by a machine, in the last second of the day."""
    made = plain(chance)
    done = np.floor(made.opened + chance.exponential(4, COUNT)) + 1 - 1 / 86_400
    return _took(made, done - made.opened)


def twofold(chance: Chance) -> Made:
    """Half take an hour, half a month, and nothing says which."""
    made = plain(chance)
    middle = np.where(chance.random(COUNT) < 0.5, 1 / 24, 30)
    return _took(made, middle * chance.lognormal(0, 0.2, COUNT))


def gap(chance: Chance) -> Made:
    """Nothing is opened for eight months."""
    made = plain(chance)
    opened = np.where(made.opened > 200, made.opened + 250, made.opened)
    return Made(opened=opened, took=made.took, kinds=made.kinds, end=SPAN + 250)


def strike(chance: Chance) -> Made:
    """For six weeks nothing is closed."""
    made = plain(chance)
    done = made.opened + made.took
    stood = (done > 250) & (done < 292)
    done = np.where(stood, 292 + chance.exponential(5, COUNT), done)
    return _took(made, done - made.opened)


def thin(chance: Chance) -> Made:
    """One a day, over ten years in which everything becomes slower."""
    made = plain(chance, count=3600, span=3600.0)
    return _took(made, made.took * np.exp(made.opened / 3600))


def random_turns(chance: Chance) -> Made:
    """A tenth more comes than is done, and anything may be next."""
    return _queue(chance, pace=1.1, in_turn=False)


def in_turn(chance: Chance) -> Made:
    """A tenth more comes than is done, strictly one after another."""
    return _queue(chance, pace=1.1, in_turn=True)


def barely(chance: Chance) -> Made:
    """Just as much comes as is done, strictly one after another."""
    return _queue(chance, pace=0.99, in_turn=True)


QUEUES: Final[Sequence[Callable[[Chance], Made]]] = (
    plain, seasonal, slower, faster, on_saturdays, heavy, never, tiny, monthly, nightly, twofold,
    gap, strike, thin, random_turns, in_turn, barely,
)  # fmt: skip


def shuffled(rows: list[str], chance: Chance) -> list[str]:
    """In no order."""
    return [rows[i] for i in chance.permutation(len(rows))]


def doubled(rows: list[str], _chance: Chance) -> list[str]:
    """Each line three times."""
    return [row for row in rows for _ in range(3)]


def backwards(rows: list[str], chance: Chance) -> list[str]:
    """One in twenty closed before it was opened."""
    return _some(rows, chance, lambda i, kind, opened, closed: (i, kind, closed or opened, opened))


def far_off(rows: list[str], chance: Chance) -> list[str]:
    """One in twenty opened in the year 1, or closed in the year 9999."""
    rows = _some(
        rows, chance, lambda i, kind, _at, closed: (i, kind, "0001-01-01 00:00:00", closed)
    )
    return _some(rows, chance, lambda i, kind, at, _to: (i, kind, at, "9999-12-31 23:59:59"))


def to_come(rows: list[str], chance: Chance) -> list[str]:
    """One in twenty opened in the year 2090."""
    future = "2090-05-05 00:00:00"
    return _some(rows, chance, lambda i, kind, _opened, _closed: (i, kind, future, ""))


def by_day(rows: list[str], _chance: Chance) -> list[str]:
    """Days without a time."""
    return [",".join(cell[:10] for cell in row.split(",")) for row in rows]


def never_done(rows: list[str], _chance: Chance) -> list[str]:
    """Nothing was ever closed."""
    return [",".join([*row.split(",")[:3], ""]) for row in rows]


def at_once(rows: list[str], _chance: Chance) -> list[str]:
    """All opened in one second, and closed a day later in another."""
    return [f"{i},kind 0,2024-02-01 10:00:00,2024-02-02 10:00:00" for i in range(len(rows))]


SPOILT: Final[Sequence[Callable[[list[str], Chance], list[str]]]] = (
    shuffled, doubled, backwards, far_off, to_come, by_day, never_done, at_once,
)  # fmt: skip


def made_logs() -> Iterator[tuple[str, str, list[str]]]:
    """Each log: its name, the zone of its times, and its lines."""
    for queue in QUEUES:
        yield _named(queue), "UTC", queue(_chance(queue)).rows()
    yield "plain, on New York's clock", ZONE, plain(_chance(plain)).rows()
    for spoil in SPOILT:
        yield _named(spoil), "UTC", spoil(plain(_chance(plain)).rows(), _chance(spoil))


def report_of(rows: list[str], *, zone: str, folder: Path) -> RangesReport:
    """What becomes of the ranges of a log."""
    file = folder / "made.csv"
    file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    log = read([file], zone=zone)
    return score_ranges(log, ask_for_ranges(log))


def main() -> None:
    """One line for each log."""
    print("| log | asked | no range | 80%: held | early | median width, days | 90%: held | width |")
    print("| --- |" + " ---: |" * 7)
    with tempfile.TemporaryDirectory() as folder:
        for name, zone, rows in made_logs():
            found = report_of(rows, zone=zone, folder=Path(folder))
            print(_line(name, found), flush=True)


def _line(name: str, found: RangesReport) -> str:
    narrow, wide = found.overall
    cells = (
        name, f"{found.asked:,}", percent(found.without_range, found.asked), share(narrow),
        percent(narrow.early, narrow.decided), number(narrow.median_width), share(wide),
        number(wide.median_width),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _named(make: Callable[..., object]) -> str:
    doc = (make.__doc__ or "").partition(".")[0]
    return f"{make.__name__.replace('_', ' ')}: {doc[:1].lower()}{doc[1:]}"


def _chance(make: Callable[..., object]) -> Chance:
    return np.random.default_rng(list(make.__name__.encode()))


def _opened(chance: Chance, count: int, span: float) -> Days:
    days = np.floor(chance.random(count) * span)
    return np.sort(days + (7 + 12 * chance.beta(2, 2, count)) / 24)


def _took(made: Made, took: Days) -> Made:
    return Made(opened=made.opened, took=took, kinds=made.kinds, end=made.end)


def _queue(chance: Chance, *, pace: float, in_turn: bool) -> Made:
    """One after another: `pace` is the mean work of one beside the mean time between two."""
    made = plain(chance)
    took, waiting, now, come = np.full(COUNT, OPEN), list[int](), 0.0, 0
    while now <= SPAN and (waiting or come < COUNT):
        now = now if waiting else max(now, float(made.opened[come]))
        while come < COUNT and made.opened[come] <= now:
            waiting.append(come)
            come += 1
        following = waiting.pop(0 if in_turn else int(chance.integers(len(waiting))))
        now += chance.exponential(pace * SPAN / COUNT)
        took[following] = now - made.opened[following]
    return _took(made, took)


def _first_after(day: float) -> float:
    at = BEGIN + timedelta(days=day)
    month = at.replace(day=1, hour=6, minute=0, second=0, microsecond=0) + timedelta(days=32)
    return (month.replace(day=1) - BEGIN) / timedelta(days=1)


def _some(rows: list[str], chance: Chance, change: Callable[..., tuple[str, ...]]) -> list[str]:
    changed = chance.random(len(rows)) < 0.05
    return [
        ",".join(change(*row.split(","))) if is_changed else row
        for row, is_changed in zip(rows, changed, strict=True)
    ]


def _wall(day: float) -> str:
    return (BEGIN + timedelta(days=float(day))).strftime(FORMAT)


if __name__ == "__main__":
    main()
