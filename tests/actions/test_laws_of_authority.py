"""Law 6, authority and four eyes, attacked with raw SQL: the database must refuse."""

from datetime import timedelta

import pytest

from makegood.actions import approvals, authorities, cases
from makegood.actions.approvals import Answer
from makegood.actions.contacts import Touch, record_contact
from makegood.records.models import Authority, Customer, Direction
from makegood.rules.promises import Channel
from money_forging import DAY, forge, forge_request
from money_world import a_remedy, a_request, limits, may_give
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


class TestAuthority:
    """Who may give what."""

    def test_nothing_is_given_without_authority(self):
        with refused_by("remedy_within_authority"):
            forge()

    def test_not_more_to_a_customer_than_the_authority_says(self):
        may_give(a_person())
        with refused_by("remedy_within_authority"):
            forge(amount_minor=5_001)

    def test_a_sum_cannot_be_split_over_the_cases_of_a_customer(self):
        customer = a_customer()
        a_remedy(4_000, case=a_case(customer=customer))
        with refused_by("remedy_within_authority"):
            forge(a_case(customer=customer), amount_minor=1_001)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"phone": "07700 900222"}, {"phone": "+44 7700-900222"}),
            ({"phone": "(212) 555-1234"}, {"phone": "+1 212 555 1234 ext. 5"}),
            ({"phone": "0171 2345678"}, {"phone": "0049 171 2345678"}),
            ({"email": "nora@example.net"}, {"email": "Nora@Example.net"}),
        ],
    )
    def test_a_sum_cannot_be_split_over_two_entries_of_a_person(self, one, other):
        a_remedy(4_000, case=a_case(customer=a_customer(**one)))
        with refused_by("remedy_within_authority"):
            forge(a_case(customer=a_customer("N. Fields", **other)), amount_minor=1_001)
        a_remedy(1_000, case=a_case(customer=a_customer("N. Fields", **other)))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("", ""),
            ("0000000000", "0000000000"),
            ("555 1234", "555 1234"),
            ("07700 900333", "07700 900334"),
            ("+1 212 555 1234", "+1 312 555 1234"),
            ("+49 1571 2345678", "+49 171 2345678"),
        ],
    )
    def test_whoever_shares_no_number_with_them_is_somebody_else(self, one, other):
        a_remedy(4_000, case=a_case(customer=a_customer(phone=one)))
        a_remedy(5_000, case=a_case(customer=a_customer("Ann", phone=other)))

    def test_a_switchboard_is_nobodys_number(self):
        for number in range(20):
            a_customer(f"Tenant {number}", phone="020 7946 0000")
        a_remedy(4_000, case=a_case(customer=a_customer(phone="020 7946 0000")))
        a_remedy(5_000, case=a_case(customer=Customer.objects.get(name="Tenant 7")))

    def test_two_people_cannot_give_together_what_neither_may(self):
        case, mike = a_case(), a_person("Mike")
        a_remedy(4_000, case=case)
        may_give(mike)
        with refused_by("remedy_within_authority"):
            forge(case, amount_minor=1_001, granted_by_id=mike.pk)

    def test_not_more_in_all_than_the_period_allows(self):
        laura = a_person()
        may_give(laura, held=limits(5_000, 9_000))
        a_remedy(5_000)
        with refused_by("remedy_within_authority"):
            forge(amount_minor=4_001)

    def test_a_backdated_remedy_counts_what_came_after_it(self):
        customer = a_customer()
        a_remedy(4_000, case=a_case(customer=customer))
        with refused_by("remedy_within_authority"):
            forge(a_case(customer=customer), granted_at=MONDAY - 60 * DAY)

    def test_an_authority_that_ended_gives_nothing(self):
        held = may_give(a_person())
        authorities.end_authority(held.pk, now=MONDAY - DAY)
        with refused_by("remedy_within_authority"):
            forge()

    def test_nobody_gives_to_themselves(self):
        laura = a_person()
        may_give(laura)
        with refused_by("remedy_not_for_ones_own"):
            forge(a_case(customer=a_customer(email=laura.email.upper())))

    def test_nobody_gives_to_their_own(self):
        laura, case = a_person(), a_case()
        may_give(laura)
        authorities.declare_conflict(staff=laura, customer=case.customer, now=MONDAY)
        with refused_by("remedy_not_for_ones_own"):
            forge(case)

    def test_an_authority_keeps_its_terms(self):
        may_give(a_person())
        with refused_by("authority_keeps_its_terms"):
            sql("UPDATE records_authority SET per_case_minor = 1, per_period_minor = 999999")

    def test_an_authority_stays(self):
        may_give(a_person())
        with refused_by("authority_stays"):
            sql("DELETE FROM records_authority")

    def test_one_authority_holds_at_a_time(self):
        laura = a_person()
        may_give(laura)
        may_give(role="agent")
        held = Authority.objects.values(
            "currency", "activity", "per_case_minor", "per_period_minor", "period_days",
            "small_minor", "since",
        )[0]  # fmt: skip
        with refused_by("authority_of_a_person_once"):
            insert("records_authority", staff_id=laura.pk, role="", **held)
        with refused_by("authority_of_a_role_once"):
            insert("records_authority", role="agent", **held)

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("authority_of_a_person_or_a_role", {"role": ""}),
            ("authority_of_a_person_or_a_role", {"role": "king"}),
            ("authority_activity_is_known", {"activity": "x"}),
            ("authority_currency_is_one", {"currency": "gbp"}),
            ("authority_limits_make_sense", {"per_period_minor": 1}),
            ("authority_limits_make_sense", {"period_days": 0}),
            ("authority_ends_after_it_began", {"ended_at": MONDAY - DAY}),
        ],
    )
    def test_an_authority_makes_sense(self, law, change):
        row = {
            "role": "agent", "currency": "GBP", "activity": "goodwill", "per_case_minor": 100,
            "per_period_minor": 100, "period_days": 30, "small_minor": 0, "since": MONDAY,
        }  # fmt: skip
        with refused_by(law):
            insert("records_authority", **(row | change))

    def test_a_conflict_is_declared_once(self):
        laura, customer = a_person(), a_customer()
        authorities.declare_conflict(staff=laura, customer=customer, now=MONDAY)
        with refused_by("conflict_once"):
            insert(
                "records_conflict", staff_id=laura.pk, customer_id=customer.pk, declared_at=MONDAY
            )


class TestFourEyes:
    """Beyond authority somebody else decides."""

    def test_a_remedy_is_as_it_was_approved(self):
        request = a_request()
        with refused_by("remedy_as_approved"):
            forge(request.case, approval_id=request.pk, amount_minor=9_000)

    def test_nobody_approves_what_they_asked_for(self):
        request = a_request()
        with refused_by("approval_by_another_than_who_asked"):
            sql(
                "UPDATE records_approvalrequest SET approved = true, decided_at = %s,"
                " decided_by_id = requested_by_id",
                MONDAY,
            )
        with refused_by("approval_by_another_than_who_asked"):
            sql("UPDATE records_approvalrequest SET approver_id = %s", request.requested_by_id)

    def test_nobody_approves_for_their_own(self):
        request = a_request()
        lead = request.approver
        authorities.declare_conflict(staff=lead, customer=request.case.customer, now=MONDAY)
        with refused_by("approval_not_for_ones_own"):
            sql(
                "UPDATE records_approvalrequest SET approved = true, decided_at = %s,"
                " decided_by_id = %s",
                MONDAY, lead.pk,
            )  # fmt: skip

    def test_an_approval_beyond_the_approvers_authority_grants_nothing(self):
        request = a_request(9_000)
        poor = a_person("Mike")
        sql(
            "UPDATE records_approvalrequest SET approved = true, decided_at = %s,"
            " decided_by_id = %s",
            MONDAY, poor.pk,
        )  # fmt: skip
        with refused_by("remedy_within_authority"):
            forge(request.case, approval_id=request.pk, amount_minor=9_000)

    def test_a_request_is_decided_once(self):
        request = a_request()
        approvals.decide(request.pk, Answer(approve=True), by=request.approver, now=MONDAY)
        with refused_by("approval_decided_once"):
            sql("UPDATE records_approvalrequest SET approved = false, why = 'x', instead = 'x'")

    def test_a_request_stays_as_it_was_asked(self):
        a_request()
        with refused_by("approval_keeps_its_terms"):
            sql("UPDATE records_approvalrequest SET amount_minor = 1")
        with refused_by("approval_stays"):
            sql("DELETE FROM records_approvalrequest")

    def test_a_request_begins_open(self):
        case = a_case()
        with refused_by("approval_begins_open"):
            forge_request(case, approved=True, decided_at=MONDAY, decided_by_id=case.team.lead_id)

    def test_what_is_small_is_set_by_authority(self):
        with refused_by("approval_small_as_authorised"):
            forge_request(small_minor=2_500)

    def test_a_request_is_made_on_an_open_case(self):
        request = a_request()
        with refused_by("case_closes_with_nothing_asked"):
            sql("UPDATE records_case SET closed_at = known_at WHERE id = %s", request.case_id)
        answer = record_contact(
            request.case_id,
            Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY),
            now=MONDAY,
        )
        no = Answer(approve=False, why="Not ours.", instead="A free repair.")
        approvals.decide(request.pk, no, by=request.approver, now=MONDAY)
        cases.close_case(case_id=request.case_id, answer=answer, now=MONDAY)
        with refused_by("approval_on_an_open_case"):
            forge_request(request.case)

    def test_silence_approves_only_small_sums_and_only_late(self):
        may_give(a_person(), held=limits(small_minor=3_000))
        a_request(9_000)
        silent = (
            "UPDATE records_approvalrequest SET approved = true, by_default = true,"
            " decided_at = due_at"
        )
        with refused_by("approval_by_silence_only_of_small_sums"):
            sql(silent)
        with refused_by("approval_by_silence_only_of_small_sums"):
            sql(f"{silent} - interval '1 minute'")

    def test_silence_approves_one_small_sum_and_not_many(self):
        laura, case = a_person(), a_case()
        may_give(laura, held=limits(1_000, 20_000, small_minor=3_000))
        one, other = a_request(2_000, case=case), a_request(2_000, case=case)
        late = one.due_at + timedelta(minutes=1)
        assert approvals.answer_for_silence(one.pk, now=late) is not None
        sql(
            "UPDATE records_approvalrequest SET approved = true, by_default = true,"
            " decided_at = due_at WHERE id = %s",
            other.pk,
        )
        with refused_by("approval_by_silence_is_not_split"):
            forge(case, amount_minor=2_000, approval_id=other.pk, granted_at=late, because="y")

    def test_a_no_has_its_reason_and_an_alternative(self):
        request = a_request()
        with refused_by("approval_declined_with_a_reason_and_an_alternative"):
            sql(
                "UPDATE records_approvalrequest SET approved = false, why = 'x',"
                " decided_at = %s, decided_by_id = %s",
                MONDAY, request.approver_id,
            )  # fmt: skip

    def test_a_request_is_open_or_decided(self):
        a_request()
        with refused_by("approval_open_or_decided"):
            sql("UPDATE records_approvalrequest SET approved = true")

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("approval_is_money_or_a_thing", {"thing": "flowers"}),
            ("approval_says_where_it_comes_from", {"source": "scheme"}),
            ("approval_has_a_currency_and_a_reason", {"because": ""}),
            ("approval_waives_a_fee", {"kind": "waiver"}),
            ("approval_due_after_it_was_asked", {"due_at": MONDAY}),
        ],
    )
    def test_a_request_makes_sense(self, law, change):
        with refused_by(law):
            forge_request(**change)

    def test_the_same_act_asks_once(self):
        request = a_request(key="twice")
        with refused_by("approval_once_by_key"):
            forge_request(request.case, key="twice")
