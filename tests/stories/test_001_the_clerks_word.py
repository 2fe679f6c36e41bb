"""Story 001 with a good ending: the clerk's plan against the flyer, honoured before anybody argues.

A customer buys flooring (half a year without interest) and counter tops (a year). The clerk gives
both the year. The flyer says otherwise.
"""

import json
from datetime import timedelta

import pytest

from clock import SimulatedClock
from honour_world import BOTH_A_YEAR, a_call, a_decision, a_keeper, an_article
from letter_world import a_case_by_mail
from makegood.actions import claim_steps, claims, doubt_answers, letters, promises
from makegood.actions.claims import Told
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft
from makegood.queries import verify
from makegood.queries.case_effort import read_effort
from makegood.records.models import Claim, ClaimStep, Contact, Doubt, Letter, TimelineEntry
from makegood.rules.claims import Source
from makegood.rules.doubts import Verdict
from makegood.rules.promises import Channel
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Context
from money_world import limits, may_give
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db

CORRECTION = "A mistake was made: the flooring has to move to the 6-month plan."
KEPT = "You keep what you were promised: the flooring stays on the 12-month no-interest plan."


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(MONDAY)


@pytest.fixture
def purchase():
    """The sale at which it happens, with the flyer in force."""
    an_article()
    return a_case_by_mail(name="A sincere customer")


def says(clerk, case, *, now):
    """The clerk offers it, and the company writes it to the customer, unasked."""
    word = a_word(
        words=BOTH_A_YEAR, now=now, due_at=now + timedelta(days=30), said_by=clerk.pk,
        speaker_name=clerk.name,
    )  # fmt: skip
    made = promises.make_promise(case.pk, word, now=now)
    letters.write(case.pk, Draft(words=BOTH_A_YEAR, by=clerk, tells=made), now=now)
    return made


def facts(kind: str) -> list[dict]:
    rows = TimelineEntry.objects.filter(kind=kind).order_by("pk")
    return [json.loads(body)["facts"] for body in rows.values_list("body", flat=True)]


def test_the_clerks_word_is_on_record_at_once_doubted_at_once_and_honoured(clock, purchase):
    clerk, lead = a_person("Cleo Clerk"), purchase.team.lead
    made = says(clerk, purchase, now=clock.now)
    # The record is the company's own, within the minute, and the paper comes from the company.
    assert made.recorded_at - made.said_at <= timedelta(seconds=60)
    assert Letter.objects.get().promise == made
    # The flyer raised the doubt, not the customer.
    doubt = Doubt.objects.get()
    assert (doubt.holds, doubt.says, doubt.asked) == ("6 months", "12-month", a_keeper())
    assert doubt.act_at - doubt.raised_at == timedelta(minutes=5)
    clock.wait(minutes=3)
    doubt_answers.answer(
        doubt.pk, Verdict.STATEMENT_WRONG, why="Flooring is six months.", by=a_keeper(),
        now=clock.now,
    )  # fmt: skip
    # A week later the correction would have gone out at the customer's cost. It does not.
    clock.wait(days=7)
    with pytest.raises(LetterStoppedError, match="takes back what was promised"):
        letters.write(purchase.pk, Draft(words=CORRECTION, by=clerk), now=clock.now)
    may_give(lead, held=limits(20_000, 90_000))
    claim_steps.do_it(
        Claim.objects.get().pk,
        a_decision(KEPT, channel=Channel.EMAIL, cost_minor=6_000, currency="GBP"),
        None,
        by=lead,
        now=clock.now,
    )

    settled = facts("claim_settled")
    assert [(one["outcome"], one["cost_minor"]) for one in settled] == [("honoured", 6_000)]
    assert [one["verdict"] for one in facts("doubt_answered")] == ["statement_wrong"]
    assert Contact.objects.filter(direction="inbound").count() == 0, "nobody had to call"
    assert read_effort(purchase.pk).money == ()
    made.refresh_from_db()
    assert made.outcome is None, "the word stands"
    for letter in Letter.objects.all():
        assert check(letter.words, context=Context(our_fault=True)).findings == ()
        assert "flyer" not in letter.words
        assert "clerk" not in letter.words.lower()
    assert verify.run() == []


def test_a_paper_that_only_the_customer_holds_is_believed_and_the_ladder_walked_in_order(
    clock, purchase
):
    told = Told(words=BOTH_A_YEAR, source=Source.CUSTOMER, speaker_name="A clerk")
    owner = purchase.owner
    call = a_call("A clerk wrote and signed it.", now=clock.now)
    claim = claims.hear(purchase.pk, told, touch=call, by=owner, now=clock.now)
    with pytest.raises(LetterStoppedError):
        letters.write(purchase.pk, Draft(words=CORRECTION, by=owner), now=clock.now)

    clock.wait(minutes=10)
    ask = a_decision(
        "We gave you our word and are sorry. What would make it right? We could lay your floor"
        " free of charge.",
        channel=Channel.EMAIL,
        why="The lender has closed that plan.",
    )
    claim_steps.offer_instead(claim.pk, ask, offer="Laying, free", by=owner, now=clock.now)
    clock.wait(hours=1)
    claim_steps.take_offer(
        claim.pk,
        a_word(words="We lay your floor free of charge.", now=clock.now),
        a_call("That makes it right.", now=clock.now),
        by=owner,
        now=clock.now,
    )

    rungs = ClaimStep.objects.order_by("pk").values_list("rung", "taken")
    assert list(rungs) == [("do", False), ("offer", True)]
    asked_for_proof = [
        letter
        for letter in Letter.objects.all()
        if "proof" in letter.words or "show" in letter.words
    ]
    assert asked_for_proof == []
    assert [one["outcome"] for one in facts("claim_settled")] == ["substituted"]
    assert verify.run() == []
