"""What is being learned, for the desk: cards, causes nobody has named, gaps, causes and changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from makegood.queries import plain, when
from makegood.queries.when import When
from makegood.records.models import (
    Asset,
    Case,
    Cause,
    Improvement,
    Lesson,
    Repeat,
    RepeatCase,
    Staff,
)
from makegood.rules import roles
from makegood.rules.learning import Again
from makegood.rules.roles import Right

SHOWN = 100
WEEKS = 13
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """A case in a list."""

    reference: str
    title: str
    customer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RepeatCard:
    """What came again; `may_answer`: the reader may say what is done about it."""

    id: int
    kind: str
    name: str
    cases: tuple[CaseLine, ...]
    raised: When
    due: When
    is_late: bool
    owner: str
    may_answer: bool
    cause: int | None
    changes: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unnamed:
    """A closed case whose cause nobody has named, and who is asked."""

    case: CaseLine
    asked: str
    is_mine: bool
    due: When
    is_late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class GapCard:
    """Something that was not known, until somebody writes what was learned."""

    id: int
    words: str
    cause: str
    owner: str
    case: CaseLine
    named: When
    may_close: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CauseRow:
    """One cause: in how many cases lately and ever, their customers' minutes, and its changes."""

    id: int
    name: str
    owner: str
    lately: int
    cases: int
    minutes: int
    gaps: int
    changes: tuple["ChangeLine", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeLine:
    """One change in a list."""

    id: int
    title: str
    owner: str
    due_on: date | None
    shipped: When | None
    dropped: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LearningPage:
    """The page. `named` of `closed` cases of the last weeks have a cause."""

    cards: tuple[RepeatCard, ...]
    unnamed: tuple[Unnamed, ...]
    gaps: tuple[GapCard, ...]
    causes: tuple[CauseRow, ...]
    closed: int
    named: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing has closed, and nothing was learned yet."""
        return not (self.cards or self.unnamed or self.gaps or self.causes or self.closed)


class _Counts(NamedTuple):
    closed: int
    named: int


class _Cause(NamedTuple):
    id: int
    name: str
    owner: str
    lately: int
    cases: int
    minutes: int
    gaps: int


_COUNTS = """
    SELECT count(*) AS closed, count(l.cause_id) AS named
      FROM records_case c LEFT JOIN records_lesson l ON l.case_id = c.id
     WHERE c.closed_at > %(since)s AND c.closed_at <= %(now)s AND NOT c.is_canary
"""
_CAUSES = """
    SELECT k.id, k.name, s.name AS owner,
           count(c.id) FILTER (WHERE c.known_at > %(since)s) AS lately,
           count(c.id) AS cases,
           coalesce(sum((SELECT sum(t.hold_minutes + t.talk_minutes + t.other_minutes)
                           FROM records_contact t
                          WHERE t.case_id = c.id AND t.withdrawn_at IS NULL)), 0)::bigint
             AS minutes,
           count(*) FILTER (WHERE l.gap <> '' AND l.gap_closed_at IS NULL) AS gaps
      FROM records_cause k
      JOIN records_staff s ON s.id = k.owner_id
      LEFT JOIN records_lesson l ON l.cause_id = k.id
      LEFT JOIN records_case c ON c.id = l.case_id
     GROUP BY k.id, k.name, s.name
     ORDER BY lately DESC, minutes DESC, k.name LIMIT %(most)s
"""


def get_learning(*, reader: Staff, now: datetime) -> LearningPage:
    """The page as `reader` sees it."""
    since = now - WEEKS * WEEK
    counts = plain.rows(_COUNTS, _Counts, since=since, now=now)[0]
    return LearningPage(
        cards=read_cards(reader=reader, now=now),
        unnamed=read_unnamed(reader=reader, now=now),
        gaps=_gaps(reader=reader, now=now),
        causes=read_causes(now=now, zone=ZoneInfo(reader.zone)),
        closed=counts.closed,
        named=counts.named,
    )


def read_cards(*, reader: Staff, now: datetime) -> tuple[RepeatCard, ...]:
    """The cards that nobody has answered, the oldest first; five queries however many."""
    rows = list(
        Repeat.objects.filter(answered_at=None).select_related("owner").order_by("due_at", "pk")
    )[:SHOWN]
    cases = _cases_of(rows)
    names = _names(rows)
    changes: dict[int, list[tuple[int, str]]] = {}
    of_causes = [int(row.key) for row in rows if row.kind == Again.CAUSE]
    for change in Improvement.objects.filter(cause__in=of_causes, dropped_at=None).order_by("pk"):
        changes.setdefault(change.cause_id, []).append((change.pk, change.title))
    leads, zone = roles.has(reader.role, Right.IMPROVE), ZoneInfo(reader.zone)
    return tuple(
        RepeatCard(
            id=row.pk,
            kind=row.kind,
            name=names[row.pk],
            cases=tuple(cases.get(row.pk, ())),
            raised=when.at(row.raised_at, now=now, zone=zone),
            due=when.at(row.due_at, now=now, zone=zone),
            is_late=row.due_at <= now,
            owner=row.owner.name,
            may_answer=leads or row.owner_id == reader.pk,
            cause=int(row.key) if row.kind == Again.CAUSE else None,
            changes=tuple(changes.get(int(row.key), ())) if row.kind == Again.CAUSE else (),
        )
        for row in rows
    )


def _cases_of(rows: Sequence[Repeat]) -> dict[int, list[CaseLine]]:
    found: dict[int, list[CaseLine]] = {}
    links = RepeatCase.objects.filter(repeat__in=[row.pk for row in rows])
    for link in links.select_related("case__customer").order_by("-case__known_at", "-case"):
        found.setdefault(link.repeat_id, []).append(_line(link.case))
    return found


def _names(rows: Sequence[Repeat]) -> dict[int, str]:
    """What each card is about, as people call it."""
    causes = _named(Cause.objects.all(), rows, Again.CAUSE)
    assets = _named(Asset.objects.all(), rows, Again.ASSET)
    sites = _sites(rows)
    known = {Again.CAUSE: causes, Again.ASSET: assets}
    return {
        row.pk: sites.get(row.pk, "")
        if row.kind == Again.SITE
        else known.get(Again(row.kind), {}).get(row.key, row.key)
        for row in rows
    }


def _named(
    things: QuerySet[Cause] | QuerySet[Asset], rows: Iterable[Repeat], kind: Again
) -> dict[str, str]:
    keys = [int(row.key) for row in rows if row.kind == kind]
    return {str(pk): name for pk, name in things.filter(pk__in=keys).values_list("pk", "name")}


def _sites(rows: Iterable[Repeat]) -> dict[int, str]:
    """The address of a site, which the card itself does not hold."""
    links = RepeatCase.objects.filter(repeat__in=[r.pk for r in rows if r.kind == Again.SITE])
    return {
        repeat: ", ".join(part for part in (address, postcode) if part)
        for repeat, address, postcode in links.values_list(
            "repeat", "case__customer__address", "case__customer__postcode"
        )
    }


def read_unnamed(*, reader: Staff, now: datetime, shown: int | None = SHOWN) -> tuple[Unnamed, ...]:
    """The cases that wait for their cause, those asked of the reader first; None shows all."""
    zone = ZoneInfo(reader.zone)
    rows = Lesson.objects.filter(cause=None, case__closed_at__isnull=False)
    rows = rows.select_related("case__customer", "asked").order_by("due_at", "pk")[:shown]
    found = [
        Unnamed(
            case=_line(row.case),
            asked=row.asked.name,
            is_mine=row.asked_id == reader.pk,
            due=when.at(row.due_at, now=now, zone=zone),
            is_late=row.due_at <= now,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.is_mine))


def _gaps(*, reader: Staff, now: datetime) -> tuple[GapCard, ...]:
    zone, leads = ZoneInfo(reader.zone), roles.has(reader.role, Right.IMPROVE)
    rows = Lesson.objects.exclude(gap="").filter(gap_closed_at=None)
    rows = rows.select_related("case__customer", "cause", "gap_owner").order_by("named_at", "pk")
    return tuple(
        GapCard(
            id=row.pk,
            words=row.gap,
            cause=row.cause.name if row.cause else "",
            owner=row.gap_owner.name if row.gap_owner else "",
            case=_line(row.case),
            named=when.at(row.named_at or row.asked_at, now=now, zone=zone),
            may_close=leads or row.gap_owner_id == reader.pk,
        )
        for row in rows[:SHOWN]
    )


def read_causes(
    *, now: datetime, zone: ZoneInfo, shown: int | None = SHOWN
) -> tuple[CauseRow, ...]:
    """The causes with their changes, what struck most often lately first; two queries.

    :param shown: how many; None for all of them.
    """
    rows = plain.rows(_CAUSES, _Cause, since=now - WEEKS * WEEK, most=shown)
    changes: dict[int, list[ChangeLine]] = {}
    of = Improvement.objects.filter(cause__in=[row.id for row in rows]).select_related("owner")
    for one in of.order_by("-begun_at", "-pk"):
        changes.setdefault(one.cause_id, []).append(_change(one, now=now, zone=zone))
    return tuple(
        CauseRow(
            id=row.id,
            name=row.name,
            owner=row.owner,
            lately=row.lately,
            cases=row.cases,
            minutes=row.minutes,
            gaps=row.gaps,
            changes=tuple(changes.get(row.id, ())),
        )
        for row in rows
    )


def _change(one: Improvement, *, now: datetime, zone: ZoneInfo) -> ChangeLine:
    return ChangeLine(
        id=one.pk,
        title=one.title,
        owner=one.owner.name,
        due_on=one.due_on,
        shipped=when.at(one.shipped_at, now=now, zone=zone) if one.shipped_at else None,
        dropped=one.dropped_why,
    )


def _line(case: Case) -> CaseLine:
    return CaseLine(reference=case.reference, title=case.title, customer=case.customer.name)
