"""Story 001 with a good ending: the clerk's plan against the flyer, honoured before anybody argues.

A customer buys flooring (half a year without interest) and counter tops (a year). The clerk gives
both the year. The flyer says otherwise. What acceptance test A001 asks for, and where it is held:

| clause | test |
| --- | --- |
| on record within a minute, by the company, and a copy reaches the customer | the clerk's word |
| a doubt at once where the plan conflicts with the flyer | the clerk's word; what conflicts |
| a correction is stopped until it is decided how the word is honoured | both endings |
| no proof asked for, no contact caused, no money lost | the clerk's word; a paper |
| the ladder in its order, with cost and reason | a paper; no rung is skipped |
| no doubt, blame, colleague or excuse in any word | both endings; test_the_words |
"""

import json
from datetime import timedelta

import pytest

from clock import SimulatedClock
from honour_world import BOTH_A_YEAR, a_call, a_decision, a_keeper, an_article
from letter_world import a_case_by_mail
from makegood.actions import claim_steps, claims, doubt_answers, doubts, letters, spoken
from makegood.actions.claims import Told
from makegood.actions.doubts import Statement
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft
from makegood.queries import verify
from makegood.queries.case_effort import read_effort
from makegood.records.models import Claim, ClaimStep, Contact, Doubt, TimelineEntry
from makegood.rules.claims import NotYetError, Source
from makegood.rules.doubts import Verdict
from makegood.rules.promises import Channel
from money_world import a_wish, limits, may_give
from story_world import figures, hits, post, said_to
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db

CORRECTION = "A mistake was made: the flooring has to move to the 6-month plan."
HARM = {"DOUBT", "BLAME", "COLLEAGUE", "EXCUSE", "DEMAND_PROOF"}
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
    """The clerk offers it aloud; the company sends it in writing, unasked."""
    word = a_word(
        words=BOTH_A_YEAR, now=now, due_at=now + timedelta(days=30), said_by=clerk.pk,
        speaker_name=clerk.name,
    )  # fmt: skip
    return spoken.make_promise(case.pk, word, by=clerk, now=now)


def facts(kind: str) -> list[dict]:
    rows = TimelineEntry.objects.filter(kind=kind).order_by("pk")
    return [json.loads(body)["facts"] for body in rows.values_list("body", flat=True)]


def test_the_clerks_word_is_on_record_at_once_doubted_at_once_and_honoured(
    clock, purchase, mailoutbox
):
    clerk, lead = a_person("Cleo Clerk"), purchase.team.lead
    made = says(clerk, purchase, now=clock.now)
    # The record is the company's own, within the minute, and the paper comes from the company.
    assert made.recorded_at - made.said_at <= timedelta(seconds=60)
    [copy] = post(clock)
    assert copy.promise == made
    [mail] = mailoutbox
    assert BOTH_A_YEAR in mail.body
    assert clerk.name in mail.body
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
    counted = figures(purchase, as_of=clock.now)
    assert (counted["M06"], counted["M09"]) == ([0], [])
    assert 1 in counted["M17"], "a mistaken promise was honoured"
    made.refresh_from_db()
    assert made.outcome is None, "the word stands"
    for words in said_to(purchase):
        assert hits(words, of=HARM, our_fault=True) == set()
        assert "flyer" not in words
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

    rungs = ClaimStep.objects.order_by("pk").values_list("rung", "taken", "why")
    assert [rung[:2] for rung in rungs] == [("do", False), ("offer", True)]
    assert all(why for _rung, _taken, why in rungs)
    assert hits(*said_to(purchase), of=HARM, our_fault=True) == set()
    # Only now, with the decision on record, may the correction be said.
    letters.write(purchase.pk, Draft(words=CORRECTION, by=owner), now=clock.now)
    assert [one["outcome"] for one in facts("claim_settled")] == ["substituted"]
    assert verify.run() == []


def test_no_rung_of_the_ladder_is_skipped(clock, purchase):
    told = Told(words=BOTH_A_YEAR, source=Source.CUSTOMER, speaker_name="A clerk")
    owner = purchase.owner
    may_give(owner, held=limits(20_000, 90_000))
    call = a_call("A clerk wrote and signed it.", now=clock.now)
    claim = claims.hear(purchase.pk, told, touch=call, by=owner, now=clock.now)

    with pytest.raises(NotYetError):
        claim_steps.give_value(claim.pk, a_decision(), a_wish(2_500), by=owner, now=clock.now)

    assert not ClaimStep.objects.exists()


@pytest.mark.parametrize(
    ("words", "days", "conflicts"),
    [
        (BOTH_A_YEAR, 0, True),
        ("The flooring is on the 12-month no-interest plan.", 0, True),
        ("The flooring is on the 6-month no-interest plan.", 0, False),
        ("The counter tops are on the 12-month no-interest plan.", 0, False),
        (BOTH_A_YEAR, 120, False),  # the flyer is no longer in force
    ],
)
def test_what_conflicts_with_the_flyer_in_force_is_doubted_and_nothing_else(
    clock, purchase, words, days, conflicts
):
    at = clock.now + timedelta(days=days)

    raised = doubts.look(Statement(case=purchase.pk, words=words, said_at=at), now=at)

    assert bool(raised) is conflicts
