"""Whoever was told of a late promise reads the one that is theirs, and when its customer hears."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from honour_world import BOTH_A_YEAR, a_claim, a_decision, after
from makegood.actions import claim_steps, claims, promises
from makegood.queries import when
from makegood.queries.brief import get_brief
from makegood.queries.claims_told import ClaimTold, read_claims_told
from makegood.records.models import Case, Claim, PromiseKind
from money_world import limits, may_give
from world import a_case, a_person, a_word

pytestmark = pytest.mark.django_db

LID = "A new lid at once."
ZONE = ZoneInfo("Europe/London")


@pytest.fixture
def case() -> Case:
    may_give(a_person(), held=limits(1_000, 5_000))
    return a_case()


def pass_up(claim: Claim, *, minutes: float = 5) -> None:
    dear = a_decision(cost_minor=6_000, currency="GBP")
    claim_steps.do_it(claim.pk, dear, a_word(), by=a_person(), now=after(minutes))


def offer(claim: Claim) -> None:
    decision = a_decision("What would make it right? We could lay it free of charge.")
    claim_steps.offer_instead(claim.pk, decision, offer="Free laying", by=a_person(), now=after(4))


def first_sentences(case: Case) -> list[str]:
    told = case.escalations.filter(reason="claim").order_by("pk")
    return [get_brief(one.pk, reader=one.staff, now=after(8)).first_sentence for one in told]


def claims_of(case: Case, *, minutes: float = 8) -> tuple[ClaimTold, ...]:
    return read_claims_told([case.pk], now=after(minutes), zone=ZONE).get(case.pk, ())


def test_the_brief_speaks_of_the_promise_that_was_passed_up(case):
    a_claim(case)
    pass_up(a_claim(case, LID))

    (sentence,) = first_sentences(case)
    assert LID in sentence
    assert BOTH_A_YEAR not in sentence


def test_each_telling_speaks_of_its_own(case):
    pass_up(a_claim(case, LID), minutes=5)
    pass_up(a_claim(case), minutes=6)

    lead, head = first_sentences(case)
    assert LID in lead
    assert BOTH_A_YEAR in head


def test_once_it_was_decided_the_brief_speaks_of_no_other(case):
    a_claim(case)
    pass_up(lid := a_claim(case, LID), minutes=3)
    offer(lid)

    (sentence,) = first_sentences(case)
    assert "You were promised" not in sentence


def test_an_offer_that_waits_for_the_customer_was_decided_on(case):
    offer(a_claim(case))
    a_claim(case, LID)

    assert [one.words for one in claims_of(case)] == [LID]


def test_they_hear_how_when_that_was_promised_and_not_by_other_news(case):
    sooner = a_word(kind=PromiseKind.NEWS, due_at=after(30), now=after(1))
    promises.make_promise(case.pk, sooner, now=after(1))
    claim = a_claim(case, now=after(2))
    answer = case.promises.get(kind=PromiseKind.NEWS, said_at=claim.recorded_at)

    (one,) = claims_of(case)
    assert one.heard_by == when.due(answer, now=after(8), zone=ZONE)


def test_of_a_mistake_nobody_said_when_they_hear(case):
    ours = promises.make_promise(case.pk, a_word(words=LID), now=after(1))
    promises.promise_from_page(case, a_word(kind=PromiseKind.NEWS, now=after(1)), now=after(1))
    claims.own_up(ours.pk, why="The plan says six.", by=a_person(), now=after(2))

    (one,) = claims_of(case)
    assert one.heard_by is None


def test_a_time_that_has_passed_is_not_told(case):
    claim = a_claim(case)
    answer = case.promises.filter(kind=PromiseKind.NEWS, said_at=claim.recorded_at).latest("pk")
    late = answer.due_at + timedelta(minutes=1)

    (one,) = read_claims_told([case.pk], now=late, zone=ZONE)[case.pk]
    assert one.heard_by is None
