"""An honest end where a customer could not be satisfied: taken up the whole ladder first (R43).

The highest on the ladder records what was tried, and tells the customer whom outside the company
they can turn to. It is counted like any other case, and opens again if the customer says so.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from makegood.actions import askings, cases, claim_ends, doubts, escalation, gate, timeline
from makegood.actions.cases import CaseClosedError
from makegood.actions.doubts import Statement
from makegood.actions.gate import Saying
from makegood.actions.telling import Rosters
from makegood.records.models import (
    Case,
    Escalation,
    Message,
    MessageKind,
    Parting,
    Staff,
    Team,
)
from makegood.rules.askings import (
    AskingEnd,
    AskingError,
    NotAfterTheLadderError,
    WantOpenError,
)
from makegood.rules.escalation import Reason, Role
from makegood.rules.promises import Channel, Speaker

_ABOVE = (Role.LEAD, Role.HEAD, Role.EXECUTIVE)


class EverybodyKnowsError(AskingError):
    """Everybody on the ladder was told already; whoever has not answered is told again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Farewell:
    """What was tried (for the record), whom they can turn to, and in which words they were told."""

    tried: str
    route: str
    words: str
    channel: Channel


@transaction.atomic
def take_up(case_id: int, *, by: Staff, now: datetime) -> Escalation:
    """Tell the next person up the ladder that this customer is not satisfied.

    :raises CaseClosedError: if the case is closed.
    :raises EverybodyKnowsError: if there is nobody further up.
    """
    told = tell_next(case_id, Reason.UNSATISFIED, now=now)
    facts = {"by": by.pk, "role": told.role}
    timeline.append(case_id=case_id, kind="taken_up", at=now, now=now, facts=facts)
    return told


@transaction.atomic
def tell_next(case_id: int, reason: Reason, *, now: datetime) -> Escalation:
    """Tell the lowest on the ladder who has not heard of this case, and why.

    :raises CaseClosedError: if the case is closed.
    :raises EverybodyKnowsError: if there is nobody further up.
    """
    case = cases.lock(case_id)
    _check_open(case)
    role = _next_role(case)
    promise = case.promises.still_open().order_by("-pk").first()
    if role is None or promise is None:
        raise EverybodyKnowsError
    escalation.speak_of(promise.pk, role, reason, rosters=Rosters(now=now))
    return Escalation.objects.filter(promise=promise).latest("number")


@transaction.atomic
def part(case_id: int, farewell: Farewell, *, by: Staff, now: datetime) -> Parting:
    """Close a case whose customer could not be satisfied, and tell them where else to turn.

    :raises CaseClosedError: if the case is closed.
    :raises NotAfterTheLadderError: if not everybody on the ladder has taken it up, or somebody
        else stands on its top.
    :raises StillPromisedError: if something is still promised; a promise is no part of a quarrel.
    :raises WantOpenError: if something that they want was not answered.
    :raises ClaimOpenError: if they were promised something, and nobody has decided on it.
    :raises StoppedError: if something in the words is not true.
    """
    case = cases.lock(case_id)
    _check_open(case)
    cases.check_nothing_is_promised(case)
    claim_ends.check_none_open(case.pk)
    if askings.open_wants(case.pk).exists():
        raise WantOpenError
    parting = _write(case, farewell, by=by, now=now)
    doubts.look(Statement(case=case.pk, words=farewell.words, said_at=now, by=by.pk), now=now)
    if (waiting := askings.open_asking(case.pk)) is not None:
        askings.end(waiting, AskingEnd.HEARD, now=now)
    cases.close_by_parting(case, parting, now=now)
    return parting


def _check_open(case: Case) -> None:
    if case.closed_at is not None:
        raise CaseClosedError(f"Case {case.reference} is closed; reopen it first.")


def _next_role(case: Case) -> Role | None:
    """The lowest rung that somebody stands on and that has not heard of this case."""
    team = Team.objects.get(pk=case.team_id)
    holders = {Role.LEAD: team.lead_id, Role.HEAD: team.head_id, Role.EXECUTIVE: team.executive_id}
    # Who was told of a promise that is settled by now, and never answered, has not taken it up.
    heard = Escalation.objects.filter(case=case).filter(
        Q(acknowledged_at__isnull=False) | Q(promise__outcome=None)
    )
    told = {role for row in heard for role in (row.role, *(skip["role"] for skip in row.skipped))}
    return next((role for role in _ABOVE if holders[role] and role.value not in told), None)


def _write(case: Case, farewell: Farewell, *, by: Staff, now: datetime) -> Parting:
    saying = Saying(
        text=farewell.words, speaker=Speaker.PERSON, channel=farewell.channel, by=by, said_at=now
    )
    gate.pass_or_stop(case.pk, saying, now=now)
    message = Message.objects.create(
        case=case,
        kind=MessageKind.PARTING,
        about=f"case:{case.pk}:parting:{Parting.objects.filter(case=case).count() + 1}",
        queued_at=now,
        said_at=now,
        said_by=by,
        channel=farewell.channel.value,
        words=farewell.words,
    )
    parting = Parting(
        case=case,
        decided_by=by,
        decided_at=now,
        tried=farewell.tried,
        route=farewell.route,
        message=message,
    )
    _save(parting)
    facts = {"parting": parting.pk, "by": by.pk}
    timeline.append(
        case_id=case.pk, kind="parted", at=now, now=now, facts=facts, words=farewell.words
    )
    return parting


def _save(parting: Parting) -> None:
    try:
        with transaction.atomic():
            parting.save(force_insert=True)
    except IntegrityError as refused:
        if "parting_after_the_whole_ladder" in _law(refused):
            raise NotAfterTheLadderError from refused
        raise


def _law(refused: IntegrityError) -> str:
    diagnosis = getattr(refused.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", "") or ""
