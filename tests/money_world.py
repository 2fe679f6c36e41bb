"""Remedies to tell stories about: who may give, what is wished, and how it arrives."""

from datetime import datetime, timedelta

from makegood.actions import approvals, payments, remedies
from makegood.actions.authorities import set_authority
from makegood.actions.payments import Arrival
from makegood.actions.remedies import Wish
from makegood.records.models import Payment, Remedy, Staff
from makegood.rules.authority import Limits
from makegood.rules.remedies import Activity, RemedyKind, Source, Terms
from world import MONDAY, a_case, a_person

_keys = iter(range(10**9))


def limits(per_case: int = 5_000, per_period: int = 20_000, **more) -> Limits:
    return Limits(per_case_minor=per_case, per_period_minor=per_period, period_days=30, **more)


def may_give(
    staff: Staff | None = None, *, role: str = "", activity: Activity = Activity.GOODWILL,
    held: Limits | None = None, now: datetime = MONDAY - timedelta(days=90), currency: str = "GBP",
):  # fmt: skip
    return set_authority(
        activity=activity, currency=currency, limits=held or limits(), now=now, staff=staff,
        role=role,
    )  # fmt: skip


def some_terms(minor: int = 2_500, **more) -> Terms:
    return Terms(
        **{
            "kind": RemedyKind(more.pop("kind", "credit")),
            "source": Source(more.pop("source", "goodwill")),
            "amount_minor": minor,
            "currency": "GBP",
            "because": "It took three calls.",
        }
        | more
    )


def a_wish(minor: int = 2_500, *, key: str = "", **more) -> Wish:
    of_wish = {name: more.pop(name) for name in ("fee", "pay_by", "late_minor") if name in more}
    return Wish(terms=some_terms(minor, **more), key=key or f"form-{next(_keys)}", **of_wish)


def a_remedy(
    minor: int = 2_500, *, case=None, by: Staff | None = None, now=MONDAY, **more
) -> Remedy:
    by = by or a_person()
    if not by.authorities.exists():
        for activity in Activity:
            may_give(by, activity=activity)
    return remedies.grant((case or a_case()).pk, a_wish(minor, **more), by=by, now=now)


def a_request(minor: int = 9_000, *, case=None, by: Staff | None = None, now=MONDAY, **more):
    """A request of Laura that the lead of her team may approve."""
    case = case or a_case()
    may_give(case.team.lead, held=limits(50_000, 90_000))
    return approvals.ask(case.pk, a_wish(minor, **more), by=by or a_person(), now=now)


def arrive(remedy: Remedy, *, at: datetime = MONDAY, now: datetime | None = None, **more) -> Remedy:
    key = Payment.objects.filter(remedy=remedy).latest("number").key
    news = Arrival(key=key, at=at, evidence="The bank has confirmed it.", **more)
    return payments.record_arrival(news, now=now or at)
