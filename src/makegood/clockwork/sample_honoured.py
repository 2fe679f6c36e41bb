"""Stories 001 and 002 as they ought to have gone: a word honoured, a credit gladly given."""

from datetime import timedelta

from makegood.clockwork import sample_remedies
from makegood.clockwork.sample_stage import (
    Cast,
    Stage,
    a_customer,
    a_failure,
    a_promise,
    a_report,
    ask_and_close,
    keep,
)
from makegood.records.models import Asset, Customer, PromiseKind
from makegood.rules.promises import Channel
from makegood.rules.severity import Function


def our_word_is_honoured(stage: Stage, cast: Cast) -> None:
    """Story 001: a clerk wrote down more than the flyer offers; nobody asks her for the paper."""
    found = stage.until(hours_ago=29.5)
    helen = a_customer("Helen Marsh", "27 Orchard Way", "EX2 9DD", now=found)
    plan = _paper(helen, "payment plan", "floor and worktops")
    failure = a_failure(
        helen,
        plan,
        "Your payment plan was booked otherwise than we told you",
        failed_at=found,
        known_at=found,
    )
    case = a_report(
        failure, "billing-3107", "", owner=cast.laura, now=found, channel=Channel.SIGNAL, talk=0
    )
    word = a_promise(
        case,
        "Floor and worktops are both free of interest for twelve months, as we wrote down for "
        "you. We put it right; there is nothing for you to send or to sign.",
        kind=PromiseKind.OTHER,
        by=cast.laura,
        now=found,
        due=found + timedelta(hours=2),
    )
    done = stage.until(hours_ago=28.5)
    keep(word, "Both agreements now say twelve months; no fee was taken.", cast.laura, now=done)
    asked = stage.until(hours_ago=28)
    ask_and_close(case, "Yes, it is right. That was WOW!", cast.laura, talk=3, now=asked)


def a_credit_is_given_gladly(stage: Stage, cast: Cast) -> None:
    """Story 002: our error is seen at once, and the credit comes before he has to ask for it."""
    heard = stage.until(hours_ago=2.75)
    paul = a_customer("Paul Hensley", "5 Station Road", "EX4 3NS", now=heard)
    contract = _paper(paul, "phone contract", "number ending 204")
    failure = a_failure(
        paul, contract, "Charged for a phone that was sent back", failed_at=heard, known_at=heard
    )
    case = a_report(
        failure, "phone-9101", "I sent that phone back, and it is on my bill.", owner=cast.laura,
        now=heard, channel=Channel.PHONE, hold=4, talk=6,
    )  # fmt: skip
    word = a_promise(
        case,
        "That was our mistake, and I am sorry. The charge is off your bill within the hour.",
        kind=PromiseKind.OTHER,
        by=cast.laura,
        now=heard,
        due=heard + timedelta(hours=1),
    )
    sample_remedies.give_quickly_and_gladly(case, cast.laura, now=stage.until(hours_ago=2.7))
    done = stage.until(hours_ago=2.25)
    keep(word, "The charge is gone; the corrected bill is with him.", cast.laura, now=done)
    asked = stage.until(hours_ago=2)
    ask_and_close(case, "All right, and thank you.", cast.laura, talk=2, now=asked)


def _paper(customer: Customer, name: str, place: str) -> Asset:
    return Asset.objects.create(
        customer=customer, name=name, place=place, function=Function.MONEY.value
    )
