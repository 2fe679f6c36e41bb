"""The parts of the wall's figures by name: who gave a word, what was wrong, how wide a window."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from makegood.queries import plain
from makegood.queries.labels import FUNCTIONS
from makegood.queries.metrics.series import Period
from makegood.records import models
from makegood.records.models import Crew, Incident, KnownFailure, Service, Staff
from makegood.rules.metrics.samples import CAUSE_COST, CAUSES, RANGES, SPEAKERS


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """Who or what gave words: of which kind, and how many of them broke."""

    kind: str
    name: str
    n: int
    broken: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """What was wrong: in how many cases, how many minutes of customers, and what making good cost.

    `costs` are (currency, minor units).
    """

    name: str
    cases: int
    minutes: int
    costs: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Windows of one width that were promised, and when it was done: before, inside or after."""

    width: str
    before: int
    inside: int
    after: int

    @property
    def n(self) -> int:
        """All of them."""
        return self.before + self.inside + self.after


class _Part(NamedTuple):
    metric: str
    key: str
    n: int
    total: int


class _Hit(NamedTuple):
    key: str
    value: int
    n: int


_PARTS = """
    SELECT metric, key, sum(n)::bigint AS n, sum(total)::bigint AS total
      FROM records_dailycount
     WHERE metric = ANY(%(metrics)s) AND day >= %(first)s AND day < %(end)s
       AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
     GROUP BY 1, 2
"""
_HITS = """
    SELECT key, value, count(*) AS n
      FROM records_dailycount, unnest(values) AS value
     WHERE metric = %(metric)s AND day >= %(first)s AND day < %(end)s
       AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
     GROUP BY 1, 2
"""
WIDTHS = ("2h", "6h", "day", "week", "longer")


def read_speakers(period: Period) -> list[Speaker]:
    """Who or what gave words in a period; those whose words broke most often come first."""
    rows = _parts(period, SPEAKERS)
    names = _names(row.key for row in rows)
    found = [
        Speaker(
            kind=row.key.partition(":")[0], name=names[row.key], n=row.n, broken=row.n - row.total
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (-each.broken, -each.n, each.name))


def read_causes(period: Period) -> list[Cause]:
    """What was wrong in a period; what was wrong most often comes first."""
    rows = _parts(period, CAUSES, CAUSE_COST)
    costs: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        if row.metric == CAUSE_COST:
            cause, _, currency = row.key.rpartition("|")
            costs[cause].append((currency, row.total))
    cases = {row.key: row for row in rows if row.metric == CAUSES}
    names = _names({*cases, *costs})
    found = [
        Cause(
            name=names[key],
            cases=cases[key].n if key in cases else 0,
            minutes=cases[key].total if key in cases else 0,
            costs=tuple(sorted(costs.get(key, []))),
        )
        for key in names
    ]
    return sorted(found, key=lambda each: (-each.cases, -each.minutes, each.name))


def read_windows(period: Period) -> list[Window]:
    """The windows that were promised in a period, the narrowest first."""
    rows = plain.rows(_HITS, _Hit, metric=RANGES, **_bounds(period))
    hits = {(row.key, row.value): row.n for row in rows}
    found = (
        Window(
            width=width,
            before=hits.get((width, -1), 0),
            inside=hits.get((width, 0), 0),
            after=hits.get((width, 1), 0),
        )
        for width in WIDTHS
    )
    return [window for window in found if window.n]


def _parts(period: Period, *metrics: str) -> list[_Part]:
    return plain.rows(_PARTS, _Part, metrics=list(metrics), **_bounds(period))


def _bounds(period: Period) -> dict[str, object]:
    return {"first": period.first, "end": period.end, "team": period.team}


def _names(keys: Iterable[str]) -> dict[str, str]:
    """Keys such as "person:12" in words; what is gone keeps its number."""
    parted = {key: (key.partition(":")[0], key.partition(":")[2]) for key in keys}
    people = _of(parted, "person", Staff, "name")
    causes = _of(parted, "cause", models.Cause, "name")
    crews = _of(parted, "crew", Crew, "name")
    known = _known_failures(parted)
    incidents = _of(parted, "incident", Incident, "title")
    by_number = {"person": people, "crew": crews, "known": known, "incident": incidents}
    by_number["cause"] = causes
    return {
        key: str(FUNCTIONS.get(rest, rest))
        if kind == "function"
        else by_number.get(kind, {}).get(rest, rest)
        for key, (kind, rest) in parted.items()
    }


def _known_failures(parted: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """What failed where, as the public form heard it: a service or its function, and the area."""
    numbers = _numbers(parted, "known")
    rows = list(KnownFailure.objects.filter(pk__in=numbers)) if numbers else []
    of = {row.pk: row.what.partition(":") for row in rows}
    wanted = [int(number) for kind, _, number in of.values() if kind == "service"]
    services = dict(Service.objects.filter(pk__in=wanted).values_list("pk", "name"))
    named = {
        pk: services.get(int(rest), rest) if kind == "service" else str(FUNCTIONS.get(rest, rest))
        for pk, (kind, _, rest) in of.items()
    }
    return {str(row.pk): f"{named[row.pk]}, {row.area}" for row in rows}


def _numbers(parted: Mapping[str, tuple[str, str]], kind: str) -> list[int]:
    return [int(rest) for of, rest in parted.values() if of == kind]


def _of(
    parted: Mapping[str, tuple[str, str]],
    kind: str,
    model: type[models.Cause] | type[Staff] | type[Crew] | type[Incident],
    field: str,
) -> dict[str, str]:
    numbers = _numbers(parted, kind)
    if not numbers:
        return {}
    rows = model._default_manager.filter(pk__in=numbers).values_list("pk", field)  # noqa: SLF001 - Django documents it
    return {str(number): name for number, name in rows}
