"""Asking for more than one may give: a named person, a clock, and never a silent no (law 6).

A small sum is approved when nobody has answered in time; a larger one goes to the next person up
the ladder, over and over until somebody decides. The customer is never sent back.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from makegood.actions import policies, remedies, timeline
from makegood.actions.remedies import Wish
from makegood.actions.telling import Rosters
from makegood.records.models import ApprovalRequest, Case, Remedy, Staff, TimelineEntry
from makegood.rules import authority, roles, workinghours
from makegood.rules.authority import Verdict
from makegood.rules.escalation import Role
from makegood.rules.promises import ClosedCaseError
from makegood.rules.remedies import (
    BeyondAuthorityError,
    DecidedError,
    DeclineError,
    FourEyesError,
    KeyReusedError,
    NobodyToApproveError,
    OneselfError,
    RemedyError,
    RemedyKind,
    Terms,
)
from makegood.rules.roles import Right
from makegood.rules.severity import Severity

_UP = (Role.LEAD, Role.HEAD, Role.EXECUTIVE)
_APPROVERS = roles.roles_with(Right.APPROVE_REMEDIES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an approver says; a no has its reason and what is offered instead."""

    approve: bool
    why: str = ""
    instead: str = ""


def give_or_ask(case_id: int, wish: Wish, *, by: Staff, now: datetime) -> Remedy | ApprovalRequest:
    """Give what this person may give alone; anything beyond goes to who may, in the same act.

    :raises ClosedCaseError: if the case is closed.
    :raises OneselfError: if the customer is themselves, or close to them.
    :raises NobodyToApproveError: if nobody may give this much.
    :raises KeyReusedError: if the act was sent before with other terms.
    """
    if not ApprovalRequest.objects.filter(key=wish.key).exists():
        try:
            return remedies.grant(case_id, wish, by=by, now=now)
        except BeyondAuthorityError:
            pass  # so somebody who may is asked
    return ask(case_id, wish, by=by, now=now)


@transaction.atomic
def ask(case_id: int, wish: Wish, *, by: Staff, now: datetime) -> ApprovalRequest:
    """Ask the first person up the ladder who may give this much to this customer.

    :raises ClosedCaseError: if the case is closed.
    :raises OneselfError: if the customer is the asker, or close to them.
    :raises NobodyToApproveError: if nobody may give this much.
    :raises KeyReusedError: if the act was sent before with other terms.
    """
    case = remedies.lock_open(case_id)
    before = ApprovalRequest.objects.filter(key=wish.key).first()
    if before is not None:
        if before.terms() != wish.terms:
            raise KeyReusedError
        return before
    standing = remedies.standing_of(by, case, wish.terms, now=now)
    if standing.is_own:
        raise OneselfError
    approver = _approver(case, wish.terms, besides={by.pk}, now=now)
    if approver is None:
        raise NobodyToApproveError
    small = standing.limits.small_minor if standing.limits else 0
    request = _write(case, wish, by=by, approver=approver, small=small, now=now)
    facts = {
        "approval": request.pk,
        "by": by.pk,
        "to": approver.pk,
        "remedy_kind": RemedyKind(wish.terms.kind).value,
        "amount_minor": wish.terms.amount_minor,
        "currency": wish.terms.currency,
    }
    timeline.append(
        case_id=case.pk,
        kind="approval_asked",
        at=now,
        now=now,
        facts=facts,
        words=wish.terms.because,
    )
    return request


@transaction.atomic
def decide(request_id: int, answer: Answer, *, by: Staff, now: datetime) -> Remedy | None:
    """Approve, which grants it in the same act; or decline, with a reason and an alternative.

    :raises DecidedError: if it was decided before.
    :raises FourEyesError: if the one who asked decides.
    :raises OneselfError: if the customer is the approver, or close to them.
    :raises BeyondAuthorityError: if it is more than the approver may give.
    :raises DeclineError: if a no lacks its reason or its alternative.
    """
    request = _lock_open(request_id)
    if request.requested_by_id == by.pk:
        raise FourEyesError
    if not roles.has(by.role, Right.APPROVE_REMEDIES):
        raise BeyondAuthorityError("Your role does not approve; it goes up by its clock.")
    standing = remedies.standing_of(by, request.case, request.terms(), now=now)
    verdict = authority.judge(request.amount_minor, standing)
    if verdict is Verdict.CONFLICT:
        raise OneselfError
    if verdict is Verdict.ASK:
        raise BeyondAuthorityError("This is more than you may approve; it goes up by its clock.")
    if not answer.approve:
        _decline(request, answer, by=by, now=now)
        return None
    _decided(request, approved=True, by=by, now=now)
    return _grant(request, now=now)


def due(*, now: datetime, limit: int) -> list[int]:
    """The requests whose time to be answered has passed."""
    waiting = ApprovalRequest.objects.filter(decided_at=None, due_at__lte=now).order_by("due_at")
    return list(waiting.values_list("pk", flat=True)[:limit])


@transaction.atomic
def answer_for_silence(request_id: int, *, now: datetime) -> Remedy | None:
    """Nobody has answered in time: a small sum is approved, anything else goes one person up.

    What was answered meanwhile is left alone.
    """
    try:
        request = _lock_open(request_id)
    except (DecidedError, ClosedCaseError):
        return None
    if request.due_at > now:
        return None
    if request.amount_minor <= request.small_minor:
        try:
            with transaction.atomic():
                _decided(request, approved=True, by=None, now=now)
                return _grant(request, now=now)
        except RemedyError:
            request.refresh_from_db()  # many small sums are no small sum: somebody has to look
            request = _lock_open(request_id)
    _pass_on(request, now=now)
    return None


def postpone(request_id: int, *, now: datetime) -> None:
    """Look again in an hour at a request whose clock could not be answered."""
    ApprovalRequest.objects.filter(pk=request_id, decided_at=None).update(
        due_at=now + timedelta(hours=1)
    )


def _write(
    case: Case, wish: Wish, *, by: Staff, approver: Staff, small: int, now: datetime
) -> ApprovalRequest:
    with remedies.refusing():
        return ApprovalRequest.objects.create(
            **remedies.columns_of(case, wish),
            requested_by=by,
            asked_at=now,
            approver=approver,
            due_at=_answer_by(case, now=now),
            small_minor=small,
        )


def _lock_open(request_id: int) -> ApprovalRequest:
    case_id = ApprovalRequest.objects.values_list("case_id", flat=True).get(pk=request_id)
    case = remedies.lock_open(case_id)
    request = ApprovalRequest.objects.select_for_update().get(pk=request_id)
    request.case = case
    if request.decided_at is not None:
        raise DecidedError
    return request


def _decided(request: ApprovalRequest, *, approved: bool, by: Staff | None, now: datetime) -> None:
    request.decided_at, request.approved = now, approved
    request.decided_by, request.by_default = by, by is None
    with remedies.refusing():
        request.save(
            update_fields=["decided_at", "approved", "decided_by", "by_default", "why", "instead"]
        )
    facts = {"approval": request.pk, "by": by.pk if by else None, "approved": approved}
    kind = "approval_given" if approved else "approval_declined"
    timeline.append(
        case_id=request.case_id, kind=kind, at=now, now=now, facts=facts, words=_said(request)
    )


def _said(request: ApprovalRequest) -> str:
    return f"{request.why} {request.instead}".strip()


def _grant(request: ApprovalRequest, *, now: datetime) -> Remedy:
    wish = Wish(
        terms=request.terms(),
        key=request.key,
        trace=tuple(request.trace),
        pay_by=request.pay_by,
        late_minor=request.late_minor,
        fee=request.fee_id,
    )
    return remedies.write(request.case, wish, by=request.requested_by, now=now, approval=request)


def _decline(request: ApprovalRequest, answer: Answer, *, by: Staff, now: datetime) -> None:
    if not answer.why.strip() or not answer.instead.strip():
        raise DeclineError
    request.why, request.instead = answer.why.strip(), answer.instead.strip()
    _decided(request, approved=False, by=by, now=now)


def _pass_on(request: ApprovalRequest, *, now: datetime) -> None:
    following = _following(request, now=now)
    before, request.approver = request.approver_id, following or request.approver
    request.due_at = _answer_by(request.case, now=now)
    request.passed_on += 1
    request.save(update_fields=["approver", "due_at", "passed_on"])
    facts = {"approval": request.pk, "from": before, "to": request.approver_id}
    timeline.append(
        case_id=request.case_id, kind="approval_passed_on", at=now, now=now, facts=facts
    )


def _following(request: ApprovalRequest, *, now: datetime) -> Staff | None:
    """Whoever was never asked; else whom we asked longest ago."""
    asked, by = _asked(request), request.requested_by_id
    rounds = ({by, *asked[forgotten:]} for forgotten in range(len(asked)))
    found = (
        _approver(request.case, request.terms(), besides=besides, now=now) for besides in rounds
    )
    return next(filter(None, found), None)


def _asked(request: ApprovalRequest) -> list[int]:
    """Who was asked until now, each once, by when they were asked last."""
    passed = TimelineEntry.objects.filter(case_id=request.case_id, kind="approval_passed_on")
    told = (
        json.loads(body)["facts"] for body in passed.order_by("seq").values_list("body", flat=True)
    )
    before = [facts["from"] for facts in told if facts["approval"] == request.pk]
    return list(dict.fromkeys([request.approver_id, *reversed(before)]))[::-1]


def _answer_by(case: Case, *, now: datetime) -> datetime:
    severity = Severity(case.severity)
    calendar = policies.snapshot(case.team, severity).calendar
    try:
        return workinghours.due_after(now, authority.ANSWER_WITHIN[severity], calendar=calendar)
    except workinghours.CalendarRunsOutError:
        return now + timedelta(hours=1)


def _approver(case: Case, terms: Terms, *, besides: set[int], now: datetime) -> Staff | None:
    """The first who may give it: up the ladder as people are there, then whoever else may.

    A rung is held by name, not by role: whoever stands there without the right to approve could
    only read the question, so it goes to the next.
    """
    for person in _candidates(case, besides=besides, now=now):
        if not roles.has(person.role, Right.APPROVE_REMEDIES):
            continue
        standing = remedies.standing_of(person, case, terms, now=now)
        if authority.judge(terms.amount_minor, standing) is Verdict.GIVE:
            return person
    return None


def _candidates(case: Case, *, besides: set[int], now: datetime) -> Iterator[Staff]:
    rosters, seen = Rosters(now=now), set(besides)
    for role in _UP:
        told = rosters.whom_to_tell(
            role, team=case.team_id, owner=case.owner_id, severity=case.severity
        )
        if told.person not in seen:
            seen.add(told.person)
            yield Staff.objects.get(pk=told.person)
    team = case.team
    rungs = [pk for pk in (team.lead_id, team.head_id, team.executive_id) if pk and pk not in seen]
    known = {person.pk: person for person in Staff.objects.filter(pk__in=rungs, is_active=True)}
    yield from (known[pk] for pk in rungs if pk in known)
    others = Staff.objects.people().filter(is_active=True, role__in=_APPROVERS)
    yield from others.exclude(pk__in=seen | set(rungs)).order_by("pk")
