"""Finding cases, people and assets by any word: the newest that match, the best of them first.

Only so many of the newest are ranked: a word that is in every second case would else read them
all. The page says when there were more. Where no word matches, misspelt ones are tried.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from makegood.queries import search_words, when
from makegood.queries.when import When
from makegood.records.models import Staff
from makegood.rules import sought
from makegood.rules.sought import Sought

RANKED_MAX = 200
SHOWN = 10
QUICK_SHOWN = 4
LINES_MAX = 20
_START, _STOP = "\x02", "\x03"
_MARKS = f"StartSel={_START}, StopSel={_STOP}"

Marked = tuple[tuple[str, bool], ...]
"""A text in parts; those that match are marked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundCase:
    """A case that matches, with the words of it that do."""

    reference: str
    title: Marked
    customer: Marked
    owner: str
    severity: int
    known: When
    is_closed: bool
    snippet: Marked


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPerson:
    """A customer who matches."""

    id: int
    name: Marked
    phone: str
    email: str
    place: str
    open_cases: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundAsset:
    """An asset that matches, with the open case about it."""

    id: int
    name: Marked
    place: Marked
    customer_id: int
    customer: Marked
    open_reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPage:
    """All that was found. `is_alike` says that no word matched, and these are written alike."""

    sought: str
    is_too_short: bool
    is_alike: bool
    cases: tuple[FoundCase, ...]
    people: tuple[FoundPerson, ...]
    assets: tuple[FoundAsset, ...]
    has_more: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.cases or self.people or self.assets)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    asked: Sought
    query: str
    now: datetime
    zone: ZoneInfo
    shown: int
    is_alike: bool


def search(typed: str, *, reader: Staff, now: datetime, shown: int = SHOWN) -> SearchPage:
    """Everything that `typed` finds, at most `shown` of each kind."""
    asked = sought.read(typed)
    zone = ZoneInfo(reader.zone)
    if asked.is_too_short:
        return _page(asked, (), (), (), is_alike=False)
    query = search_words.read_query(asked)
    reading = _Reading(asked=asked, query=query, now=now, zone=zone, shown=shown, is_alike=False)
    page = _read(reading)
    return _read(replace(reading, is_alike=True)) if page.is_empty else page


def find_people(typed: str, *, shown: int) -> tuple[FoundPerson, ...]:
    """The customers whom `typed` finds by name, phone, postcode or e-mail; else those alike."""
    asked = sought.read(typed)
    if asked.is_too_short:
        return ()
    by_words, alike = _PEOPLE
    values = _values(asked, search_words.read_query(asked), most=shown)
    rows = _ask(by_words, values) or _ask(alike, values)
    return tuple(_person(row) for row in rows)


def _read(reading: _Reading) -> SearchPage:
    return _page(
        reading.asked,
        [_case(row, reading) for row in _rows(_CASES, reading)],
        [_person(row) for row in _rows(_PEOPLE, reading)],
        [_asset(row) for row in _rows(_ASSETS, reading)],
        is_alike=reading.is_alike,
        shown=reading.shown,
    )


def _page(
    asked: Sought,
    cases: Sequence[FoundCase],
    people: Sequence[FoundPerson],
    assets: Sequence[FoundAsset],
    *,
    is_alike: bool,
    shown: int = SHOWN,
) -> SearchPage:
    return SearchPage(
        sought=asked.typed,
        is_too_short=asked.is_too_short,
        is_alike=is_alike,
        cases=tuple(cases[:shown]),
        people=tuple(people[:shown]),
        assets=tuple(assets[:shown]),
        has_more=max(len(cases), len(people), len(assets)) > shown,
    )


def _found(kind: str) -> tuple[str, str]:
    """The two ways to find rows of a kind: by words, or written alike; each gives `id, rank`."""
    table, key = f"records_{kind}search", f"{kind}_id"
    # Frequent words are found by walking from the newest on. A number is rare, but the planner
    # takes it for frequent: so its order is written in a way that no index gives.
    by_words = f"""
        SELECT {key} id, ts_rank(words, asked.q) rank FROM (
            SELECT {key}, words FROM {table} WHERE words @@ %(query)s::tsquery
             ORDER BY CASE WHEN %(phone)s::text = '' THEN {key} ELSE {key} + 0 END DESC
             LIMIT {RANKED_MAX}) newest, asked
    """  # noqa: S608 - fixed names of ours
    alike = f"""
        SELECT id, -row_number() OVER () rank FROM search_{kind}s_alike(%(words)s, %(most)s) id
    """  # noqa: S608 - fixed names of ours
    return by_words, alike


def _marked(column: str) -> str:
    """A short text with its matches marked."""
    return f"ts_headline('makegood', {column}, asked.q, '{_MARKS}, HighlightAll=true')"


_ASKED = "WITH asked AS MATERIALIZED (SELECT %(query)s::tsquery q)"
# What was said in a case, the newest first; the clock's own words are everywhere the same.
_LINES = f"""
    SELECT string_agg(text, ' · ') lines FROM (
        SELECT text FROM (
            SELECT note text, happened_at at FROM records_contact
             WHERE case_id = best.id AND note <> ''
            UNION ALL SELECT words, said_at FROM records_promise
             WHERE case_id = best.id AND speaker <> 'system'
            UNION ALL SELECT words, said_at FROM records_message
             WHERE case_id = best.id AND words <> ''
            UNION ALL SELECT best.wanted, NULL WHERE best.wanted <> ''
        ) every ORDER BY at DESC NULLS LAST LIMIT {LINES_MAX}) latest
"""  # noqa: S608 - fixed text
_CASES = tuple(
    f"""
    {_ASKED}, found AS ({found}),
    best AS (
        SELECT c.id, c.reference, c.title, c.severity, c.known_at, c.closed_at, c.wanted,
               c.customer_id, c.owner_id,
               row_number() OVER (ORDER BY c.closed_at IS NOT NULL, rank DESC, c.id DESC) place
          FROM found JOIN records_case c ON c.id = found.id
         ORDER BY place LIMIT %(most)s)
    SELECT reference, {_marked("title")}, {_marked("u.name")}, s.name, severity, known_at,
           closed_at IS NOT NULL,
           ts_headline('makegood', coalesce(lines, ''), asked.q,
                       '{_MARKS}, MaxWords=24, MinWords=10')
      FROM best JOIN records_customer u ON u.id = best.customer_id
      JOIN records_staff s ON s.id = best.owner_id CROSS JOIN asked
      LEFT JOIN LATERAL ({_LINES}) l ON true
     ORDER BY place
    """  # noqa: S608 - fixed text
    for found in _found("case")
)
_PEOPLE = tuple(
    f"""
    {_ASKED}, found AS ({found}),
    best AS (SELECT * FROM found ORDER BY rank DESC, id DESC LIMIT %(most)s)
    SELECT u.id, {_marked("u.name")}, u.phone, u.email, concat_ws(', ', nullif(u.address, ''),
           nullif(u.postcode, '')),
           (SELECT count(*) FROM records_case c WHERE c.customer_id = u.id AND c.closed_at IS NULL)
      FROM best JOIN records_customer u ON u.id = best.id CROSS JOIN asked
     ORDER BY rank DESC, u.id DESC
    """  # noqa: S608 - fixed text
    for found in _found("customer")
)
_ASSETS = tuple(
    f"""
    {_ASKED}, found AS ({found}),
    best AS (SELECT * FROM found ORDER BY rank DESC, id DESC LIMIT %(most)s)
    SELECT a.id, {_marked("a.name")}, {_marked("a.place")}, u.id, {_marked("u.name")},
           (SELECT c.reference FROM records_case c
             WHERE c.customer_id = u.id AND c.asset_id = a.id AND c.closed_at IS NULL
             ORDER BY c.id LIMIT 1)
      FROM best JOIN records_asset a ON a.id = best.id
      JOIN records_customer u ON u.id = a.customer_id CROSS JOIN asked
     ORDER BY rank DESC, a.id DESC
    """  # noqa: S608 - fixed text
    for found in _found("asset")
)


def _rows(statements: tuple[str, ...], reading: _Reading) -> list[tuple[Any, ...]]:
    by_words, alike = statements
    values = _values(reading.asked, reading.query, most=reading.shown + 1)
    return _ask(alike if reading.is_alike else by_words, values)


def _values(asked: Sought, query: str, *, most: int) -> dict[str, str | int]:
    return {"words": asked.words, "phone": asked.phone, "query": query, "most": most}


def _ask(statement: str, values: dict[str, str | int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _case(row: Sequence[Any], reading: _Reading) -> FoundCase:
    reference, title, customer, owner, severity, known, is_closed, snippet = row
    lines = _parts(snippet)
    return FoundCase(
        reference=reference,
        title=_parts(title),
        customer=_parts(customer),
        owner=owner,
        severity=severity,
        known=when.at(known, now=reading.now, zone=reading.zone),
        is_closed=is_closed,
        snippet=lines if any(is_match for _text, is_match in lines) else (),
    )


def _person(row: Sequence[Any]) -> FoundPerson:
    pk, name, phone, email, place, open_cases = row
    return FoundPerson(
        id=pk, name=_parts(name), phone=phone, email=email, place=place, open_cases=open_cases
    )


def _asset(row: Sequence[Any]) -> FoundAsset:
    pk, name, place, customer_id, customer, reference = row
    return FoundAsset(
        id=pk,
        name=_parts(name),
        place=_parts(place),
        customer_id=customer_id,
        customer=_parts(customer),
        open_reference=reference or "",
    )


def _parts(text: str) -> Marked:
    """Cut a text at its marks; a mark that somebody typed can only move the colour."""
    return tuple(part for part in _cut(text) if part[0])


def _cut(text: str) -> Iterable[tuple[str, bool]]:
    for number, piece in enumerate(text.split(_START)):
        match, mark, rest = piece.partition(_STOP)
        if number == 0 or not mark:
            yield piece.replace(_STOP, ""), False
            continue
        yield match, True
        yield rest.replace(_STOP, ""), False
