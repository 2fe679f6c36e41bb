"""Rows of money as somebody would write them by hand, past every action."""

from datetime import timedelta

from makegood.actions import fees, promises
from makegood.actions.fees import Charge
from makegood.records.models import PromiseKind, Remedy
from raw_sql import insert
from world import MONDAY, a_case, a_person, a_word

DAY = timedelta(days=1)


def a_fee(customer, minor: int = 1_500):
    charge = Charge(
        what="late fee", amount_minor=minor, currency="GBP", charged_at=MONDAY,
        source="billing", external_id=f"fee-{minor}",
    )  # fmt: skip
    return fees.record_fee(customer, charge, now=MONDAY)


def a_redress_promise(case) -> int:
    return promises.make_promise(case.pk, a_word(kind=PromiseKind.REDRESS), now=MONDAY).pk


def forge(case=None, **more) -> None:
    """A remedy as somebody would write it by hand."""
    case = case or a_case()
    row = {
        "case_id": case.pk, "kind": "credit", "source": "goodwill", "scheme": "", "version": "",
        "trace": "[]", "amount_minor": 2_500, "currency": "GBP", "thing": "", "because": "x",
        "late_minor": 0, "key": "forged", "team_id": case.team_id, "granted_at": MONDAY,
        "granted_by_id": a_person().pk,
    }  # fmt: skip
    if "promise_id" not in more:
        more["promise_id"] = a_redress_promise(case)
    insert("records_remedy", **(row | more))


def forge_request(case=None, **more) -> None:
    case = case or a_case()
    row = {
        "case_id": case.pk, "kind": "credit", "source": "goodwill", "scheme": "", "version": "",
        "trace": "[]", "amount_minor": 2_500, "currency": "GBP", "thing": "", "because": "x",
        "late_minor": 0, "key": "forged", "requested_by_id": a_person().pk, "asked_at": MONDAY,
        "approver_id": case.team.lead_id, "due_at": MONDAY + DAY, "passed_on": 0,
        "small_minor": 0, "by_default": False, "why": "", "instead": "",
    }  # fmt: skip
    insert("records_approvalrequest", **(row | more))


def entry(booked: int, remedy: Remedy, **more) -> None:
    row = {
        "transaction_id": booked, "currency": "GBP", "customer_id": remedy.case.customer_id,
        "case_id": remedy.case_id, "team_id": remedy.team_id,
    }  # fmt: skip
    insert("records_ledgerentry", **(row | more))
