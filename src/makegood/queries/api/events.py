"""What happened, entry by entry, as other systems see it: of one case, or of all as a log."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from makegood.queries.api.pages import Page, page
from makegood.records.models import Staff, TimelineEntry, TimelineText, Token


@dataclass(frozen=True, kw_only=True, slots=True)
class EventOut:
    """One entry of a timeline. `id` is the one by which webhooks send it.

    `actor` is who did it: the token's name if another system did, else the person's, else the
    clock. `words` are what people said, unless they were erased.
    """

    id: str
    case: str
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    facts: dict[str, Any]
    words: str | None
    hash: str


def events(*, team: int | None, kind: str = "", cursor: str = "", limit: int) -> Page[EventOut]:
    """The log of all cases, the oldest first: go on where the last page ended.

    :raises CursorError: if no list gave out such a cursor.
    """
    rows = TimelineEntry.objects.filter(case__is_canary=False)
    if team is not None:
        rows = rows.filter(case__team=team)
    return _page(rows.filter(kind=kind) if kind else rows, cursor=cursor, limit=limit)


def of_case(case_id: int, *, cursor: str, limit: int) -> Page[EventOut]:
    """The timeline of one case, the oldest first.

    :raises CursorError: if no list gave out such a cursor.
    """
    return _page(TimelineEntry.objects.filter(case=case_id), cursor=cursor, limit=limit)


def event_id(entry: int) -> str:
    """By which id an entry is known outside."""
    return f"evt_{entry}"


def shown(found: Iterable[TimelineEntry]) -> list[EventOut]:
    """Entries, as they are shown; three queries for all that they name."""
    rows = list(found)
    facts = {row.pk: json.loads(row.body)["facts"] for row in rows}
    names = _names(facts.values())
    words = _words(rows)
    return [
        EventOut(
            id=event_id(row.pk),
            case=row.case.reference,
            seq=row.seq,
            kind=row.kind,
            at=row.happened_at,
            recorded_at=row.recorded_at,
            actor=_actor(facts[row.pk], names),
            facts=facts[row.pk],
            words=words.get((row.case_id, row.seq)),
            hash=bytes(row.hash).hex(),
        )
        for row in rows
    ]


def _page(rows: QuerySet[TimelineEntry], *, cursor: str, limit: int) -> Page[EventOut]:
    joined = rows.select_related("case")
    return page(joined, shown, cursor=cursor, limit=limit, newest_first=False)


_Names = dict[tuple[str, int], str]


def _names(found: Iterable[dict[str, Any]]) -> _Names:
    facts = list(found)
    tokens = {each["token"] for each in facts if "token" in each}
    staff = {each["by"] for each in facts if isinstance(each.get("by"), int)}
    named: _Names = {
        ("token", pk): name
        for pk, name in Token.objects.filter(pk__in=tokens).values_list("pk", "name")
    }
    for pk, name in Staff.objects.filter(pk__in=staff).values_list("pk", "name"):
        named["by", pk] = name
    return named


def _actor(facts: dict[str, Any], names: _Names) -> str:
    for kind in ("token", "by"):
        if isinstance(facts.get(kind), int):
            return names.get((kind, facts[kind]), "")
    return "The clock"


def _words(rows: list[TimelineEntry]) -> dict[tuple[int, int], str]:
    cases = {row.case_id for row in rows}
    seqs = {row.seq for row in rows}
    found = TimelineText.objects.filter(case__in=cases, seq__in=seqs)
    return {(row.case_id, row.seq): row.words for row in found}
