"""Asking for more than one may give: a named person, a clock, never a silent no (law 6)."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import approvals, cases
from makegood.actions.approvals import Answer
from makegood.actions.authorities import declare_conflict
from makegood.actions.contacts import Touch, record_contact
from makegood.queries import verify
from makegood.records.models import (
    ApprovalRequest,
    Direction,
    LedgerEntry,
    Remedy,
    Staff,
    TimelineEntry,
)
from makegood.rules.promises import Channel
from makegood.rules.remedies import (
    BeyondAuthorityError,
    DecidedError,
    DeclineError,
    FourEyesError,
    KeyReusedError,
    NobodyToApproveError,
    OneselfError,
)
from makegood.rules.roles import Role
from money_world import a_request, limits, may_give
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def kinds(case) -> list[str]:
    return list(
        TimelineEntry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    )


def owed(case) -> int:
    return sum(
        LedgerEntry.objects.filter(case=case, account="owed").values_list("amount_minor", flat=True)
    )


def said_right(case):
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, note="All right.")
    return record_contact(case.pk, touch, now=MONDAY)


class TestAsking:
    """Law 6."""

    def test_beyond_authority_a_named_person_is_asked_with_a_clock(self):
        request = a_request(9_000)
        assert request.approver == request.case.team.lead
        assert request.due_at == MONDAY + 2 * HOUR  # 2 working hours of a P3
        assert kinds(request.case)[-1] == "approval_asked"

    def test_approving_grants_in_the_same_act(self):
        request = a_request(9_000)
        remedy = approvals.decide(
            request.pk, Answer(approve=True), by=request.approver, now=MONDAY + HOUR
        )
        assert (remedy.granted_by, remedy.approval) == (request.requested_by, request)
        assert verify.run() == []
        with pytest.raises(DecidedError):
            approvals.decide(request.pk, Answer(approve=True), by=request.approver, now=MONDAY)

    def test_who_asked_does_not_decide_nor_does_who_may_not(self):
        request = a_request(9_000)
        with pytest.raises(FourEyesError):
            approvals.decide(request.pk, Answer(approve=True), by=request.requested_by, now=MONDAY)
        with pytest.raises(BeyondAuthorityError):
            approvals.decide(request.pk, Answer(approve=True), by=a_person("Mike"), now=MONDAY)

    def test_who_is_close_to_the_customer_is_neither_asked_nor_decides(self):
        case = a_case()
        lead, head = case.team.lead, case.team.head
        may_give(head, held=limits(50_000, 90_000))
        declare_conflict(staff=lead, customer=case.customer, now=MONDAY)

        request = a_request(9_000, case=case)

        assert request.approver == head
        with pytest.raises(OneselfError):
            approvals.decide(request.pk, Answer(approve=True), by=lead, now=MONDAY)

    def test_a_no_has_its_reason_and_an_alternative(self):
        request = a_request(9_000)
        with pytest.raises(DeclineError):
            approvals.decide(
                request.pk, Answer(approve=False, why="No."), by=request.approver, now=MONDAY
            )
        no = Answer(approve=False, why="The bin was there.", instead="A new bin, today.")
        assert approvals.decide(request.pk, no, by=request.approver, now=MONDAY) is None
        assert not Remedy.objects.exists()
        assert verify.run() == []

    def test_a_small_sum_is_approved_by_silence(self):
        laura = a_person()
        may_give(laura, held=limits(1_000, 9_000, small_minor=3_000))
        clock = SimulatedClock(MONDAY)
        request = a_request(2_500)

        clock.wait(hours=3)

        request.refresh_from_db()
        assert (request.approved, request.by_default) == (True, True)
        assert Remedy.objects.get().approval == request
        assert verify.run() == []

    def test_many_small_sums_are_not_approved_by_silence(self):
        laura, case = a_person(), a_case()
        may_give(laura, held=limits(1_000, 9_000, small_minor=3_000))
        clock = SimulatedClock(MONDAY)
        for _ in range(3):
            a_request(2_500, case=case)

        clock.wait(hours=5)

        assert Remedy.objects.count() == 1
        waiting = ApprovalRequest.objects.filter(decided_at=None)
        assert [request.passed_on > 0 for request in waiting] == [True, True]

    def test_who_stands_on_the_ladder_without_the_right_to_approve_is_not_asked(self):
        """Like whoever leads a team and takes calls: they could read the question, not answer."""
        case = a_case()
        lead, head = case.team.lead, case.team.head
        lead.role = Role.OWNER
        lead.save()
        may_give(head, held=limits(50_000, 90_000))
        request = a_request(9_000, case=case)
        assert request.approver == head
        with pytest.raises(BeyondAuthorityError):
            approvals.decide(request.pk, Answer(approve=True), by=lead, now=MONDAY)
        assert approvals.decide(request.pk, Answer(approve=True), by=head, now=MONDAY)

    def test_where_nobody_on_the_ladder_may_approve_it_is_said_at_once(self):
        case = a_case()
        Staff.objects.filter(role__in=[Role.SUPERVISOR, Role.EXECUTIVE]).update(role=Role.AGENT)
        with pytest.raises(NobodyToApproveError):
            a_request(9_000, case=case)

    def test_a_large_sum_goes_up_and_is_never_refused_by_silence(self):
        case = a_case()
        may_give(case.team.executive, held=limits(50_000, 90_000))
        clock = SimulatedClock(MONDAY)
        request = a_request(9_000, case=case)
        assert request.approver == case.team.lead

        clock.wait(hours=3)

        request.refresh_from_db()
        assert request.decided_at is None
        assert request.approver == case.team.executive
        clock.wait(days=3)
        request.refresh_from_db()
        assert request.decided_at is None
        assert request.due_at > clock.now
        assert "approval_passed_on" in kinds(case)

    def test_each_who_may_was_asked_before_anybody_is_asked_again(self):
        case = a_case()
        ladder = [case.team.lead, case.team.head, case.team.executive]
        for person in ladder:
            may_give(person, held=limits(50_000, 90_000))
        clock, request, asked = SimulatedClock(MONDAY), a_request(9_000, case=case), []

        for _ in range(6):
            request.refresh_from_db()
            asked.append(request.approver)
            clock.wait(hours=(request.due_at - clock.now) / HOUR + 0.1)

        assert asked == ladder * 2

    def test_when_nobody_may_give_this_much_it_is_said(self):
        with pytest.raises(NobodyToApproveError):
            a_request(50_001)

    def test_the_same_request_twice_is_asked_once(self):
        case = a_case()
        first = a_request(9_000, case=case, key="k")
        assert a_request(9_000, case=case, key="k") == first
        with pytest.raises(KeyReusedError):
            a_request(9_100, case=case, key="k")

    def test_a_case_with_a_waiting_request_does_not_close(self):
        request = a_request(9_000)
        answer = said_right(request.case)
        with pytest.raises(cases.StillPromisedError):
            cases.close_case(case_id=request.case_id, answer=answer, now=MONDAY)
