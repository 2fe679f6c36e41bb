"""Law 7 and the ledger, attacked with raw SQL as from psql: the database must refuse."""

import pytest

from makegood.actions import payments
from makegood.records.models import LedgerTransaction, Payment
from makegood.rules.remedies import Activity
from money_forging import DAY, a_fee, a_redress_promise, entry, forge
from money_world import a_remedy, arrive, may_give
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


class TestGrantedMeansPaid:
    """Law 7."""

    def test_a_remedy_stays(self):
        a_remedy()
        with refused_by("remedy_stays"):
            sql("DELETE FROM records_remedy")

    def test_what_was_granted_never_changes(self):
        a_remedy()
        with refused_by("remedy_keeps_its_terms"):
            sql("UPDATE records_remedy SET amount_minor = 1")

    def test_a_remedy_is_promised_on_its_own_case(self):
        laura, case = a_person(), a_case()
        may_give(laura)
        with refused_by("remedy_is_promised"):
            forge(case, promise_id=a_redress_promise(a_case(customer=a_customer("Ann"))))
        news = case.promises.get(kind="news")
        with refused_by("remedy_is_promised"):
            forge(case, promise_id=news.pk)

    def test_the_promise_of_a_remedy_is_not_kept_without_it(self):
        remedy = a_remedy()
        with refused_by("granted_means_paid"):
            sql(
                "UPDATE records_promise SET outcome = 'kept', evidence = 'x', settled_at = said_at,"
                " settled_recorded_at = said_at, judge_at = NULL, escalate_at = NULL WHERE id = %s",
                remedy.promise_id,
            )

    def test_the_promise_of_a_remedy_is_not_let_to_break_for_good(self):
        remedy = a_remedy()
        with refused_by("granted_means_paid"):
            sql(
                "UPDATE records_promise SET outcome = 'broken', settled_at = due_at,"
                " settled_recorded_at = due_at, judge_at = NULL, escalate_at = NULL WHERE id = %s",
                remedy.promise_id,
            )

    def test_a_remedy_changes_its_promise_only_when_that_has_ended(self):
        remedy = a_remedy()
        with refused_by("remedy_is_promised"):
            sql("UPDATE records_remedy SET promise_id = %s", a_redress_promise(remedy.case))

    def test_a_remedy_arrives_by_its_payment(self):
        a_remedy()
        with refused_by("remedy_arrives_by_payment"):
            sql("UPDATE records_remedy SET outcome = 'arrived', settled_at = granted_at")

    def test_a_remedy_that_has_ended_leaves_no_open_promise(self):
        a_remedy()
        with refused_by("granted_means_paid"):
            sql("UPDATE records_remedy SET outcome = 'released', settled_at = granted_at")

    def test_a_remedy_is_settled_once(self):
        arrive(a_remedy())
        with refused_by("remedy_settled_once"):
            sql("UPDATE records_remedy SET outcome = NULL, settled_at = NULL")

    def test_a_remedy_begins_open(self):
        may_give(a_person())
        with refused_by("remedy_begins_open"):
            forge(outcome="arrived", settled_at=MONDAY)

    def test_a_remedy_is_open_or_settled(self):
        a_remedy()
        with refused_by("remedy_open_or_settled"):
            sql("UPDATE records_remedy SET settled_at = granted_at")

    def test_a_remedy_is_granted_by_somebody(self):
        may_give(a_person())
        case = a_case()
        with refused_by("remedy_within_authority"):
            forge(case, granted_by_id=None)

    def test_a_remedy_says_by_whom(self):
        remedy = a_remedy(
            source="scheme", scheme="our-promise", late_minor=1_000, pay_by=MONDAY + DAY
        )
        promise = a_redress_promise(remedy.case)
        with refused_by("remedy_second_only_when_late"):
            forge(
                remedy.case, late_for_id=remedy.pk, granted_by_id=None, source="scheme",
                scheme="our-promise", amount_minor=1_000, promise_id=promise,
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("remedy_is_money_or_a_thing", {"thing": "flowers"}),
            ("remedy_says_where_it_comes_from", {"scheme": "x"}),
            ("remedy_has_a_currency_and_a_reason", {"because": ""}),
            ("remedy_waives_a_fee", {"kind": "waiver"}),
        ],
    )
    def test_a_remedy_makes_sense(self, law, change):
        for activity in Activity:
            may_give(a_person(), activity=activity)
        with refused_by(law):
            forge(**change)

    def test_the_same_act_gives_once(self):
        remedy = a_remedy(key="twice")
        with refused_by("remedy_once_by_key"):
            forge(remedy.case, key="twice", amount_minor=100)

    def test_a_fee_is_waived_once_and_by_no_more_than_it_was(self):
        case = a_case()
        fee = a_fee(case.customer)
        a_remedy(1_500, case=case, kind="waiver", fee=fee.pk)
        with refused_by("remedy_waives_a_fee_once"):
            forge(case, kind="waiver", fee_id=fee.pk, amount_minor=1_500)
        with refused_by("remedy_waives_no_more_than_the_fee"):
            forge(case, kind="waiver", fee_id=a_fee(case.customer, 900).pk, amount_minor=901)
        with refused_by("remedy_waives_no_more_than_the_fee"):
            forge(case, kind="waiver", fee_id=a_fee(a_customer("Ann"), 800).pk, amount_minor=800)

    def test_a_fee_stays_and_comes_once(self):
        fee = a_fee(a_customer())
        with refused_by("fee_stays"):
            sql("DELETE FROM records_fee")
        row = {
            "customer_id": fee.customer_id, "what": "late fee", "amount_minor": 1,
            "currency": "GBP", "charged_at": MONDAY, "recorded_at": MONDAY,
            "source": "billing", "external_id": "other",
        }  # fmt: skip
        with refused_by("fee_once"):
            insert("records_fee", **(row | {"external_id": fee.external_id}))
        with refused_by("fee_is_an_amount_for_something"):
            insert("records_fee", **(row | {"amount_minor": 0}))

    def test_what_was_withheld_stays_written(self):
        row = {
            "case_id": a_case().pk, "staff_id": a_person().pk, "at": MONDAY,
            "amount_minor": 100, "currency": "GBP", "asked": True,
        }  # fmt: skip
        insert("records_withholding", **row)
        with refused_by("withholding_only_grows"):
            sql("DELETE FROM records_withholding")
        with refused_by("withholding_has_a_currency"):
            insert("records_withholding", **(row | {"currency": ""}))


class TestPayments:
    """What is on its way."""

    def test_a_payment_is_what_was_granted(self):
        remedy = a_remedy()
        row = Payment.objects.values(
            "remedy_id", "currency", "state", "made_at", "send_at", "tries", "reference", "error"
        ).get(remedy=remedy)
        with refused_by("payment_is_what_was_granted"):
            insert("records_payment", **(row | {"number": 2, "key": "k", "amount_minor": 2_501}))
        with refused_by("payment_one_at_a_time"):
            insert("records_payment", **(row | {"number": 2, "key": "k", "amount_minor": 2_500}))
        with refused_by("payment_once_per_number"):
            insert("records_payment", **(row | {"number": 1, "key": "k", "amount_minor": 2_500}))

    def test_a_payment_keeps_its_terms_and_stays(self):
        a_remedy()
        with refused_by("payment_keeps_its_terms"):
            sql("UPDATE records_payment SET amount_minor = 1")
        with refused_by("payment_stays"):
            sql("DELETE FROM records_payment")

    def test_what_was_sent_is_not_sent_again(self):
        remedy = a_remedy()
        payments.record_sent(remedy.payments.get().pk, reference="r", now=MONDAY)
        with refused_by("payment_keeps_its_terms"):
            sql("UPDATE records_payment SET state = 'waiting', send_at = made_at")

    def test_a_payment_arrives_or_fails_once(self):
        arrive(a_remedy())
        with refused_by("payment_settled_once"):
            sql("UPDATE records_payment SET state = 'failed', arrived_at = NULL, error = 'x'")

    def test_a_payment_is_in_one_state(self):
        a_remedy()
        with refused_by("payment_waits_or_is_sent_or_arrived_or_failed"):
            sql("UPDATE records_payment SET state = 'sent'")
        with refused_by("payment_arrives_after_it_was_made"):
            sql(
                "UPDATE records_payment SET state = 'arrived', send_at = NULL,"
                " arrived_at = made_at - interval '1 day'"
            )


class TestLedger:
    """Entries sum to zero, and nothing in them is changed."""

    def test_the_ledger_only_grows(self):
        a_remedy()
        with refused_by("ledger_only_grows"):
            sql("DELETE FROM records_ledgertransaction")
        with refused_by("ledger_entries_only_grow"):
            sql("UPDATE records_ledgerentry SET amount_minor = 1")

    def test_the_entries_of_a_booking_sum_to_zero(self):
        remedy = a_remedy()
        booked = LedgerTransaction.objects.get(remedy=remedy)
        with refused_by("ledger_balances"):
            entry(booked.pk, remedy, account="out", amount_minor=1)

    def test_a_booking_has_entries(self):
        remedy = a_remedy()
        with refused_by("ledger_balances"):
            insert(
                "records_ledgertransaction",
                remedy_id=remedy.pk, kind="arrived", at=MONDAY, recorded_at=MONDAY,
            )  # fmt: skip

    def test_a_booking_belongs_to_its_remedys_case_and_customer(self):
        remedy, other = a_remedy(), a_case(customer=a_customer("Ann"))
        booked = LedgerTransaction.objects.get(remedy=remedy)
        with refused_by("ledger_books_where_it_belongs"):
            for minor in (1, -1):
                entry(booked.pk, remedy, account="out", amount_minor=minor, case_id=other.pk)

    def test_what_is_owed_is_what_was_granted(self):
        remedy = a_remedy()
        insert_booking = {
            "remedy_id": remedy.pk, "kind": "arrived", "at": MONDAY, "recorded_at": MONDAY,
        }  # fmt: skip
        with refused_by("ledger_follows_the_remedy"):
            insert("records_ledgertransaction", **insert_booking)
            booked = LedgerTransaction.objects.latest("pk").pk
            entry(booked, remedy, account="owed", amount_minor=2_500)
            entry(booked, remedy, account="out", amount_minor=-2_500)

    def test_a_remedy_is_booked_with_its_grant(self):
        may_give(a_person())
        with refused_by("ledger_follows_the_remedy"):
            forge()

    def test_a_booking_happens_once_and_is_of_a_known_kind(self):
        remedy = a_remedy()
        row = {"remedy_id": remedy.pk, "at": MONDAY, "recorded_at": MONDAY}
        with refused_by("ledger_books_once"):
            insert("records_ledgertransaction", kind="granted", **row)
        with refused_by("ledger_booking_is_known"):
            insert("records_ledgertransaction", kind="x", **row)

    def test_an_entry_is_on_a_known_account_and_not_nothing(self):
        remedy = a_remedy()
        booked = LedgerTransaction.objects.get(remedy=remedy).pk
        with refused_by("ledger_account_is_known"):
            entry(booked, remedy, account="x", amount_minor=1)
        with refused_by("ledger_entry_is_not_nothing"):
            entry(booked, remedy, account="out", amount_minor=0)


class TestSchemes:
    """Which schemes bind, and what is owed by them."""

    def test_a_scheme_is_used_once_for_the_same_thing(self):
        row = {
            "scheme": "our-promise", "on": "callback", "function": "", "facts": "{}",
            "is_own": True, "since": MONDAY,
        }  # fmt: skip
        columns = {'"on"' if name == "on" else name: value for name, value in row.items()}
        insert("records_schemeuse", **columns)
        with refused_by("scheme_use_once"):
            insert("records_schemeuse", **columns)
        with refused_by("scheme_use_says_of_what"):
            insert("records_schemeuse", **(columns | {"scheme": ""}))

    def test_an_entitlement_stands_once_for_a_case_and_scheme(self):
        row = {
            "case_id": a_case().pk, "scheme": "our-promise", "version": "", "granted_minor": 0,
            "currency": "", "because": "", "unsure": "",
        }  # fmt: skip
        insert("records_entitlement", **row)
        with refused_by("entitlement_once_per_case_and_scheme"):
            insert("records_entitlement", **row)
