"""The sample company's authority, the schemes that bind it, and what it gives."""

from datetime import datetime, timedelta

from makegood.actions import approvals, authorities, changes, contacts, fees, payments, remedies
from makegood.actions.authorities import CONFLICTS
from makegood.actions.changes import Editor
from makegood.actions.fees import Charge
from makegood.actions.gesture_settings import BUDGETS, GESTURES
from makegood.actions.payments import Arrival
from makegood.actions.remedies import Wish
from makegood.actions.scheme_uses import use_scheme
from makegood.records.gesture_facts import budget_key
from makegood.records.models import (
    Case,
    Customer,
    Message,
    Payment,
    PromiseKind,
    Staff,
    StaffRole,
    Team,
)
from makegood.records.money_facts import conflict_key
from makegood.rules.authority import Limits
from makegood.rules.promises import Channel
from makegood.rules.remedies import Activity, RemedyKind, Source, Terms, telling_of

POUNDS = 100
# To one customer, and in all, within 30 days; and what counts as a small sum.
_GOODWILL = {
    StaffRole.AGENT: (25, 250, 50),
    StaffRole.OWNER: (75, 750, 100),
    StaffRole.SUPERVISOR: (500, 5_000, 200),
    StaffRole.EXECUTIVE: (5_000, 50_000, 500),
}
_GESTURES = {
    "A card that somebody writes by hand": "2.50",
    "A box of tea": "6.00",
    "A free wash of the bin": "8.00",
}
_OUR_PROMISE = {
    PromiseKind.VISIT: "missed_visit",
    PromiseKind.CALLBACK: "late_callback",
    PromiseKind.DELIVERY: "late_delivery",
}


def set_up(*, now: datetime) -> None:
    """Who may give what, and what the company has promised to pay when it fails."""
    for role, (case, period, small) in _GOODWILL.items():
        for activity in Activity:
            limits = Limits(
                per_case_minor=case * POUNDS,
                per_period_minor=period * POUNDS,
                period_days=30,
                small_minor=small * POUNDS,
            )
            authorities.set_authority(
                activity=activity, currency="GBP", limits=limits, now=now, role=role
            )
    for kind, failure in _OUR_PROMISE.items():
        facts = {"failure": failure, "failed_on": "@broken_on", "times": "@times"}
        use_scheme("our-promise", on=kind.value, facts=facts, is_own=True, now=now)
    _set_up_gestures(now=now)


def _set_up_gestures(*, now: datetime) -> None:
    """Small surprises, and what each team may spend on them in a month."""
    editor = Editor(by=None, now=now)
    for name, cost in _GESTURES.items():
        changes.keep(GESTURES, None, {"name": name, "cost": f"{cost} GBP"}, editor=editor)
    for team in Team.objects.exclude(lead=None).values_list("pk", flat=True):
        terms = {"team": team, "currency": "GBP", "in_all": "60.00 GBP", "period_days": 30}
        changes.keep(BUDGETS, budget_key(team=team, currency="GBP"), terms, editor=editor)


def give_quickly_and_gladly(case: Case, by: Staff, *, now: datetime) -> None:
    """Story 002: the credit is offered before it is asked for, in one act, without a "but"."""
    _give(case, _wish(2_500, "Our error, and his time on it.", key="sample-credit"), by, now=now)


def give_something_of_value(case: Case, by: Staff, *, now: datetime) -> None:
    """Story 003: a little for the days with a full bin."""
    _give(case, _wish(500, "Days with a full bin.", key="sample-value"), by, now=now)


def _give(case: Case, wish: Wish, by: Staff, *, now: datetime) -> None:
    remedy = remedies.grant(case.pk, wish, by=by, now=now)
    message = Message.objects.get(about=telling_of(remedy.pk))
    contacts.record_said(
        message_id=message.pk,
        words=remedy.promise.words,
        channel=Channel.PHONE,
        at=now,
        by=by,
        now=now,
    )
    payment = Payment.objects.get(remedy=remedy)
    at = now + timedelta(minutes=2)
    payments.record_arrival(
        Arrival(key=payment.key, at=at, evidence="It stands on the account."), now=at
    )


def ask_for_more(case: Case, by: Staff, *, now: datetime) -> None:
    """A wish beyond an owner's authority waits for the lead of the team."""
    wish = _wish(15_000, "Two days of work were lost over the wrong part.", key="sample-request")
    approvals.ask(case.pk, wish, by=by, now=now)


def charge_a_fee(case: Case, *, now: datetime) -> None:
    """A late fee that the failure caused, as billing tells of it."""
    fee = Charge(
        what="late payment fee on the wrong bill",
        amount_minor=1_200,
        currency="GBP",
        charged_at=now,
        source="billing",
        external_id="sample-fee",
    )
    fees.record_fee(case.customer, fee, now=now)


def declare_closeness(person: Staff, customer: str, *, now: datetime) -> None:
    """Somebody is close to a customer, says so, and then decides nothing of what they get."""
    close = Customer.objects.get(name=customer)
    key = conflict_key(staff=person.pk, customer=close.pk)
    facts = {"staff": person.pk, "customer": close.pk}
    changes.keep(CONFLICTS, key, facts, editor=Editor(by=person, now=now))


def _wish(minor: int, because: str, *, key: str) -> Wish:
    terms = Terms(
        kind=RemedyKind.CREDIT,
        source=Source.GOODWILL,
        amount_minor=minor,
        currency="GBP",
        because=because,
    )
    return Wish(terms=terms, key=key)
