"""How a case comes to its end: the question whether it is right, wants, and what closed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.language import askings as language
from makegood.queries import plain, standings, when
from makegood.queries.case_ending import (
    CLOSERS,
    Ending,
    ReviewCard,
    WantCard,
    read_ending,
    read_reviews,
    read_wants,
)
from makegood.queries.when import When
from makegood.records.models import Asking, Case, Escalation
from makegood.rules.escalation import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """The question: `message` is what is to be said, and None once it was."""

    message: int | None
    number: int
    words: str
    since: When
    asked: When | None
    acts: When | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAsking:
    """All of it.

    `next_rung` hears next if the customer is not satisfied; `may_part` says that all have, the
    reader last. `says_right`: the customer's last answer is yes, and something is still on its way.
    """

    question: Question | None
    wants: tuple[WantCard, ...]
    ending: Ending | None
    may_ask: bool
    says_right: bool
    next_rung: str
    may_part: bool
    has_claims: bool
    was_parted: bool
    reviews: tuple[ReviewCard, ...]


class _Read(NamedTuple):
    """What the end of a case hangs on, and what else there is on it to read."""

    title: str
    language: str
    closed_at: datetime | None
    lead: int | None
    head: int | None
    executive: int | None
    has_askings: bool
    has_wants: bool
    has_claims: bool
    has_escalations: bool
    was_parted: bool
    is_to_do: bool
    said_right: bool


# Who is brought what was found of theirs, their money too, has it when it is there.
_SELECT = """
    SELECT c.title, u.language, c.closed_at, t.lead_id AS lead, t.head_id AS head,
           t.executive_id AS executive,
           EXISTS (SELECT FROM records_asking q WHERE q.case_id = c.id) AS has_askings,
           EXISTS (SELECT FROM records_want w WHERE w.case_id = c.id) AS has_wants,
           EXISTS (SELECT FROM records_claim m WHERE m.case_id = c.id) AS has_claims,
           EXISTS (SELECT FROM records_escalation e WHERE e.case_id = c.id) AS has_escalations,
           EXISTS (SELECT FROM records_parting n WHERE n.case_id = c.id) AS was_parted,
           EXISTS (SELECT FROM records_promise p WHERE p.case_id = c.id AND p.outcome IS NULL
                      AND ({before_asking} OR p.kind = 'redress' AND EXISTS (
                           SELECT FROM records_foundthing f WHERE f.case_id = c.id)))
           OR EXISTS (SELECT FROM records_visit v WHERE v.case_id = c.id AND v.outcome IS NULL)
             AS is_to_do,
           coalesce((SELECT r.kind = 'right' FROM records_reply r
                      WHERE r.case_id = c.id AND r.kind IN ('right', 'not_right', 'more')
                      ORDER BY r.id DESC LIMIT 1), false) AS said_right
      FROM records_case c
      JOIN records_customer u ON u.id = c.customer_id
      JOIN records_team t ON t.id = c.team_id
     WHERE c.id = %(case)s
"""
_READ = plain.Kept(_SELECT.format(before_asking=standings.IS_BEFORE_ASKING))


def get_case_asking(case_id: int, *, reader: int, now: datetime, zone: ZoneInfo) -> CaseAsking:
    """What there is on a case; one query, and more only for what is there.

    :raises Case.DoesNotExist: if there is none.
    """
    case = plain.row(_READ, _Read, case=case_id)
    if case is None:
        raise Case.DoesNotExist
    last = Asking.objects.filter(case=case_id).order_by("-pk").first() if case.has_askings else None
    told = _told(case_id) if case.has_escalations else {}
    next_rung = "" if case.closed_at else _next_rung(case, told)
    question = _question(case, last, now=now, zone=zone)
    wants = read_wants(case_id, now=now, zone=zone) if case.has_wants else ()
    is_wanted = any(want.state == "open" for want in wants)
    waits = bool(case.closed_at or question or is_wanted or case.is_to_do)
    return CaseAsking(
        question=question,
        wants=wants,
        ending=_ending(case_id, now=now, zone=zone) if case.closed_at else None,
        may_ask=not (waits or case.said_right),
        says_right=case.said_right and not waits,
        next_rung=next_rung,
        has_claims=case.has_claims,
        was_parted=case.was_parted,
        reviews=read_reviews(case_id) if case.was_parted else (),
        may_part=not (case.closed_at or next_rung) and told.get(_top(case)) == reader,
    )


def _ending(case_id: int, *, now: datetime, zone: ZoneInfo) -> Ending | None:
    return read_ending(Case.objects.select_related(*CLOSERS).get(pk=case_id), now=now, zone=zone)


def _question(
    case: _Read, asking: Asking | None, *, now: datetime, zone: ZoneInfo
) -> Question | None:
    if asking is None or asking.ended_at is not None:
        return None
    words = language.question(title=case.title, number=asking.number, language=case.language)
    return Question(
        message=None if asking.asked_at else asking.message_id,
        number=asking.number,
        words=words,
        since=when.at(asking.opened_at, now=now, zone=zone),
        asked=when.at(asking.asked_at, now=now, zone=zone) if asking.asked_at else None,
        acts=when.at(asking.act_at, now=now, zone=zone) if asking.act_at else None,
    )


_RUNGS = (Role.LEAD, Role.HEAD, Role.EXECUTIVE)


def _told(case_id: int) -> dict[str, int | None]:
    """Who acknowledged the case for each rung; None where somebody was only told or passed over."""
    found: dict[str, int | None] = {}
    rows = Escalation.objects.filter(case=case_id).select_related("promise").order_by("pk")
    for row in rows:
        if row.acknowledged_at is None and row.promise.outcome is not None:
            continue
        for skip in row.skipped:
            found.setdefault(skip["role"], None)
        found[row.role] = row.acknowledged_by_id or found.get(row.role)
    return found


def _holders(case: _Read) -> Mapping[Role, int | None]:
    return {Role.LEAD: case.lead, Role.HEAD: case.head, Role.EXECUTIVE: case.executive}


def _next_rung(case: _Read, told: Mapping[str, int | None]) -> str:
    holders = _holders(case)
    rung = next((role for role in _RUNGS if holders[role] and role.value not in told), None)
    return rung.value if rung else ""


def _top(case: _Read) -> str:
    holders = _holders(case)
    return next((role.value for role in reversed(_RUNGS) if holders[role]), "")
