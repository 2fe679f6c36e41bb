"""How a case comes to its end: the question whether it is right, wants, and what closed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.language import askings as language
from makegood.queries import when
from makegood.queries.case_ending import CLOSERS, Ending, WantCard, read_ending, read_wants
from makegood.queries.customer_page import BESIDE_THE_FIX
from makegood.queries.when import When
from makegood.records.models import Asking, Case, Escalation, Promise, Team
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
    reader last.
    """

    question: Question | None
    last_asked: When | None
    wants: tuple[WantCard, ...]
    ending: Ending | None
    may_ask: bool
    next_rung: str
    may_part: bool


def get_case_asking(case_id: int, *, reader: int, now: datetime, zone: ZoneInfo) -> CaseAsking:
    """What there is on a case; a constant number of queries."""
    case = Case.objects.select_related("customer", "team", *CLOSERS).get(pk=case_id)
    last = Asking.objects.filter(case=case_id).order_by("-pk").first()
    said = Asking.objects.filter(case=case_id, asked_at__isnull=False).order_by("-pk").first()
    told = _told(case_id)
    next_rung = "" if case.closed_at else _next_rung(case.team, told)
    question = _question(case, last, now=now, zone=zone)
    wants = read_wants(case_id, now=now, zone=zone)
    is_wanted = any(want.state == "open" for want in wants)
    return CaseAsking(
        question=question,
        last_asked=when.at(said.asked_at, now=now, zone=zone) if said and said.asked_at else None,
        wants=wants,
        ending=read_ending(case, now=now, zone=zone),
        may_ask=not (case.closed_at or question or is_wanted or _is_to_do(case_id)),
        next_rung=next_rung,
        may_part=not (case.closed_at or next_rung) and told.get(_top(case.team)) == reader,
    )


def _question(
    case: Case, asking: Asking | None, *, now: datetime, zone: ZoneInfo
) -> Question | None:
    if asking is None or asking.ended_at is not None:
        return None
    words = language.question(
        title=case.title, number=asking.number, language=case.customer.language
    )
    return Question(
        message=None if asking.asked_at else asking.message_id,
        number=asking.number,
        words=words,
        since=when.at(asking.opened_at, now=now, zone=zone),
        asked=when.at(asking.asked_at, now=now, zone=zone) if asking.asked_at else None,
        acts=when.at(asking.act_at, now=now, zone=zone) if asking.act_at else None,
    )


def _is_to_do(case_id: int) -> bool:
    to_do = Promise.objects.still_open().filter(case=case_id).exclude(kind__in=BESIDE_THE_FIX)
    return to_do.exists()


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


def _holders(team: Team) -> Mapping[Role, int | None]:
    return {Role.LEAD: team.lead_id, Role.HEAD: team.head_id, Role.EXECUTIVE: team.executive_id}


def _next_rung(team: Team, told: Mapping[str, int | None]) -> str:
    holders = _holders(team)
    rung = next((role for role in _RUNGS if holders[role] and role.value not in told), None)
    return rung.value if rung else ""


def _top(team: Team) -> str:
    holders = _holders(team)
    return next((role.value for role in reversed(_RUNGS) if holders[role]), "")
