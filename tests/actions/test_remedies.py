"""Granting: in one act, within authority, and once."""

from datetime import timedelta

import pytest

from makegood.actions import cases, gate, payments, remedies
from makegood.actions.authorities import declare_conflict
from makegood.actions.contacts import Touch, record_contact, record_said
from makegood.actions.gate import Saying
from makegood.queries import verify
from makegood.records.models import (
    Direction,
    LedgerEntry,
    Message,
    Payment,
    Remedy,
    TimelineEntry,
    Withholding,
)
from makegood.rules.promises import Channel, ClosedCaseError, Speaker
from makegood.rules.remedies import (
    BeyondAuthorityError,
    CannotRefuseError,
    KeyReusedError,
    OneselfError,
)
from money_world import a_remedy, a_wish, limits, may_give, some_terms
from world import MONDAY, a_case, a_customer, a_person

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


class TestGranting:
    """One act."""

    def test_one_act_gives_promises_books_pays_and_queues_the_words(self):
        case, laura = a_case(), a_person()
        may_give(laura)

        remedy = remedies.grant(case.pk, a_wish(2_500), by=laura, now=MONDAY)

        assert remedy.promise.words == (
            "I have put £25.00 on your account. It is there by Tuesday 2 June 2026."
        )
        assert (remedy.promise.kind, remedy.promise.precision) == ("redress", "date")
        assert owed(case) == -2_500
        assert Payment.objects.get(remedy=remedy).send_at == MONDAY
        assert Message.objects.get().about == f"remedy:{remedy.pk}:granted"
        assert kinds(case)[-2:] == ["promise_made", "remedy_granted"]
        assert verify.run() == []

    def test_the_same_act_sent_twice_gives_once(self):
        case, laura = a_case(), a_person()
        may_give(laura)
        wish = a_wish(2_500)
        first = remedies.grant(case.pk, wish, by=laura, now=MONDAY)

        again = remedies.grant(case.pk, wish, by=laura, now=MONDAY + HOUR)

        assert again == first
        assert Remedy.objects.count() == 1

    def test_a_key_with_another_amount_gives_nothing(self):
        remedy = a_remedy(key="k")
        with pytest.raises(KeyReusedError):
            remedies.grant(remedy.case_id, a_wish(2_600, key="k"), by=a_person(), now=MONDAY)
        other = a_case(customer=a_customer("Ann"))
        with pytest.raises(KeyReusedError):
            remedies.grant(other.pk, a_wish(2_600, key="k"), by=a_person(), now=MONDAY)

    def test_beyond_authority_nothing_is_given(self):
        case, laura = a_case(), a_person()
        with pytest.raises(BeyondAuthorityError):
            remedies.grant(case.pk, a_wish(1), by=laura, now=MONDAY)
        may_give(laura)
        with pytest.raises(BeyondAuthorityError):
            remedies.grant(case.pk, a_wish(5_001), by=laura, now=MONDAY)
        assert not Remedy.objects.exists()

    def test_a_role_gives_authority_and_a_persons_own_comes_before_it(self):
        case, laura = a_case(), a_person()
        may_give(role=laura.role, held=limits(1_000))
        assert remedies.grant(case.pk, a_wish(1_000), by=laura, now=MONDAY)
        may_give(laura, held=limits(1_500))
        assert remedies.grant(case.pk, a_wish(500), by=laura, now=MONDAY)
        with pytest.raises(BeyondAuthorityError):
            remedies.grant(case.pk, a_wish(1), by=laura, now=MONDAY)

    def test_authority_comes_back_when_its_period_has_passed(self):
        case, laura = a_case(), a_person()
        a_remedy(5_000, case=case)
        with pytest.raises(BeyondAuthorityError):
            remedies.grant(case.pk, a_wish(1), by=laura, now=MONDAY + 29 * DAY)
        assert remedies.grant(case.pk, a_wish(1), by=laura, now=MONDAY + 31 * DAY)

    def test_nobody_gives_to_their_own(self):
        case, laura = a_case(), a_person()
        may_give(laura)
        declare_conflict(staff=laura, customer=case.customer, now=MONDAY)
        with pytest.raises(OneselfError):
            remedies.grant(case.pk, a_wish(1), by=laura, now=MONDAY)

    def test_on_a_closed_case_nothing_is_given(self):
        case, laura = a_case(), a_person()
        may_give(laura)
        answer = said_right(case)
        cases.close_case(case_id=case.pk, answer=answer, now=MONDAY)
        with pytest.raises(ClosedCaseError):
            remedies.grant(case.pk, a_wish(1), by=laura, now=MONDAY)

    def test_the_words_are_recorded_when_they_were_said(self):
        remedy = a_remedy()
        message = Message.objects.get()
        record_said(
            message_id=message.pk, words=remedy.promise.words, channel=Channel.PHONE, at=MONDAY,
            by=a_person(), now=MONDAY,
        )  # fmt: skip
        assert kinds(remedy.case)[-1] == "remedy_said"

    def test_a_cannot_within_authority_is_stopped(self):
        case, laura = a_case(), a_person()
        may_give(laura)
        with pytest.raises(CannotRefuseError):
            remedies.check_refusal(case.pk, some_terms(5_000), by=laura, now=MONDAY)
        remedies.check_refusal(case.pk, some_terms(5_001), by=laura, now=MONDAY)

    def test_what_was_withheld_is_written_down_and_so_is_relenting(self):
        case, laura = a_case(), a_person()
        may_give(laura)
        remedies.withhold(
            case.pk, some_terms(2_500), why="They may be joking.", asked=True, by=laura, now=MONDAY
        )

        remedies.grant(case.pk, a_wish(2_500), by=laura, now=MONDAY + HOUR)
        remedies.grant(case.pk, a_wish(500), by=laura, now=MONDAY + 2 * HOUR)

        assert Withholding.objects.get().amount_minor == 2_500
        granted = TimelineEntry.objects.filter(kind="remedy_granted").order_by("seq")
        assert ['"relented":true' in row.body for row in granted] == [True, False]

    def test_what_is_not_theirs_to_give_is_not_theirs_to_withhold(self):
        case = a_case()
        with pytest.raises(BeyondAuthorityError):
            remedies.withhold(
                case.pk, some_terms(), why="x", asked=False, by=a_person(), now=MONDAY
            )


def test_a_credit_whose_payment_failed_is_not_said_to_stand_on_the_account():
    remedy = a_remedy(500)
    saying = Saying(
        text="We have put £5 on your account.", speaker=Speaker.PERSON, channel=Channel.PHONE
    )
    assert gate.check(remedy.case_id, saying, now=MONDAY).passes

    payments.record_failed(Payment.objects.get(remedy=remedy).pk, error="No.", now=MONDAY)

    verdict = gate.check(remedy.case_id, saying, now=MONDAY)
    assert not verdict.passes
    assert "have put" not in verdict.instead
