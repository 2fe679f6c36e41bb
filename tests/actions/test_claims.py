"""Promises that come to light late: believed, looked up, and honoured rung by rung."""

import json
from datetime import timedelta

import pytest
from django.test import override_settings

from honour_world import (
    BOTH_A_YEAR,
    a_call,
    a_claim,
    a_decision,
    a_doubt,
    after,
    an_article,
)
from letter_world import a_case_by_mail, a_letter
from makegood.actions import (
    askings,
    cases,
    claim_steps,
    claims,
    contacts,
    letter_news,
    promises,
)
from makegood.actions.claims import Told
from makegood.actions.gate import StoppedError
from makegood.actions.letter_gate import LetterStoppedError
from makegood.clockwork import ticks
from makegood.language import choice
from makegood.queries import verify
from makegood.records.models import Claim, ClaimStep, Letter, Remedy, TimelineEntry
from makegood.rules.claims import (
    ClaimOpenError,
    ClaimSettledError,
    NothingAskedError,
    NotYetError,
    ReasonMissingError,
    Source,
    TakesBackError,
)
from makegood.rules.promises import AlreadySettledError, Channel
from money_world import a_wish, limits, may_give
from world import MONDAY, a_case, a_customer, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

SIX = "I am sorry: we have to move the flooring to the 6-month plan."


def facts_of(kind: str) -> dict:
    return json.loads(TimelineEntry.objects.filter(kind=kind).latest("pk").body)["facts"]


def no_longer_possible(claim: Claim, **more) -> ClaimStep | None:
    decision = a_decision("What would make it right? We could lay it free of charge.", **more)
    return claim_steps.offer_instead(
        claim.pk, decision, offer="Free laying", by=a_person(), now=after(20)
    ).step


def test_it_is_believed_looked_up_and_answered_by_a_clock_without_any_proof():
    case = a_case()
    made = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)

    claim = a_claim(case, now=after(10))

    assert (claim.source, claim.promise) == ("customer", made)
    assert f"promise:{made.pk}" in claim.found
    news = case.promises.still_open().filter(words__contains="how we keep what you were promised")
    assert news.count() == 1
    assert facts_of("claim_heard")["found"] == len(claim.found)


def test_a_note_found_by_the_company_needs_no_contact():
    told = Told(words=BOTH_A_YEAR, source=Source.PAPER, speaker_name="A clerk")

    claim = claims.hear(a_case().pk, told, touch=None, by=a_person(), now=MONDAY)

    assert (claim.contact, claim.source) == (None, "paper")


def test_a_closed_case_opens_again_by_what_its_customer_was_promised():
    case = a_case()
    answer = contacts.record_contact(case.pk, a_call("Fine."), now=MONDAY, is_answer=True)
    cases.close_case(case_id=case.pk, answer=answer, now=MONDAY)

    a_claim(case, now=after(60))

    case.refresh_from_db()
    assert case.closed_at is None
    assert verify.run() == []


def test_what_can_be_done_is_done_as_a_live_promise_that_the_customer_is_told_in_a_letter():
    case = a_case_by_mail()
    claim = a_claim(case)
    word = a_word(words="Your statement shows the 12-month plan.", now=after(5))

    decided = claim_steps.do_it(
        claim.pk,
        a_decision("The flooring stays on the 12-month plan.", channel=Channel.EMAIL),
        word,
        by=a_person(),
        now=after(5),
    )

    claim.refresh_from_db()
    assert claim.outcome == "honoured"
    assert decided.step.promise.words == word.words
    assert Letter.objects.get(pk=decided.step.letter_id).promise == decided.step.promise
    assert facts_of("claim_settled")["outcome"] == "honoured"
    assert verify.run() == []


def test_a_word_that_is_on_record_stands_as_it_is():
    case = a_case()
    made = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)
    claim = claims.own_up(made.pk, why="The flyer says six.", by=a_person(), now=after(1))
    assert claims.own_up(made.pk, why="Again.", by=a_person(), now=after(1)) == claim

    decided = claim_steps.do_it(claim.pk, a_decision(), None, by=a_person(), now=after(5))

    assert decided.step.promise == made
    made.refresh_from_db()
    assert made.outcome is None
    assert case.promises.still_open().exclude(kind="news").count() == 1


def test_a_word_that_broke_before_it_was_decided_needs_a_new_date():
    case = a_case()
    made = promises.make_promise(case.pk, a_word(due_at=after(30)), now=MONDAY)
    claim = claims.own_up(made.pk, why="The flyer says six.", by=a_person(), now=after(1))
    ticks.tick(now=after(60))

    with pytest.raises(NotYetError, match="by when"):
        claim_steps.do_it(claim.pk, a_decision(), None, by=a_person(), now=after(60))
    words = "I will call you by 20:00 today."
    word = a_word(words=words, now=after(60), due_at=after(600))
    decided = claim_steps.do_it(claim.pk, a_decision(), word, by=a_person(), now=after(60))

    assert decided.step.promise in case.promises.still_open()


def test_a_promise_that_ended_is_not_owned_up_to():
    made = promises.make_promise(a_case().pk, a_word(), now=MONDAY)
    promises.release_promise(
        promise_id=made.pk, at=MONDAY, evidence="They said so.", by=a_person(), now=MONDAY
    )
    with pytest.raises(AlreadySettledError):
        claims.own_up(made.pk, why="Wrong.", by=a_person(), now=after(1))


def test_what_costs_more_than_one_may_decide_goes_to_a_named_person_and_not_back():
    case, agent = a_case(), a_person()
    may_give(agent, held=limits(1_000, 5_000))
    claim = a_claim(case)

    decided = claim_steps.do_it(
        claim.pk, a_decision(cost_minor=6_000, currency="GBP"), a_word(), by=agent, now=after(5)
    )

    assert (decided.step, decided.passed_to) == (None, a_team().lead.name)
    assert not ClaimStep.objects.exists()
    lead = a_team().lead
    assert case.escalations.get().reason == "claim"
    passed = {"claim": claim.pk, "by": agent.pk, "to": lead.pk, "cost_minor": 6_000}
    assert facts_of("claim_passed_up").items() >= passed.items()
    assert not TimelineEntry.objects.filter(kind="taken_up").exists()
    may_give(lead, held=limits(50_000, 90_000))
    claim_steps.do_it(
        claim.pk, a_decision(cost_minor=6_000, currency="GBP"),
        a_word(words="I will call you by 18:00 today."), by=lead, now=after(9),
    )  # fmt: skip
    assert facts_of("claim_settled")["cost_minor"] == 6_000


def test_what_is_promised_on_the_ladder_passes_the_gate_and_goes_out_in_writing():
    case = a_case_by_mail()
    claim = a_claim(case)
    untrue = a_word(words="We refund you £500 by 18:00 today.", now=after(20))
    with pytest.raises(StoppedError):
        claim_steps.do_it(claim.pk, a_decision(), untrue, by=a_person(), now=after(20))
    no_longer_possible(claim)
    call = a_call("Yes.", now=after(30))
    with pytest.raises(StoppedError):
        claim_steps.take_offer(claim.pk, untrue, call, by=a_person(), now=after(30))

    given = a_word(words="We lay it for nothing.", now=after(30))
    step = claim_steps.take_offer(claim.pk, given, call, by=a_person(), now=after(30))

    assert Letter.objects.get().promise == step.promise


def test_who_was_told_how_it_is_kept_was_told_what_they_were_promised_to_hear():
    case = a_case()
    claim = a_claim(case)
    answer = case.promises.get(words__contains="how we keep what you were promised")

    no_longer_possible(claim)

    answer.refresh_from_db()
    assert (answer.outcome, answer.settled_at) == ("kept", after(20))
    assert case.promises.still_open().exists()
    assert verify.run() == []


def test_a_letter_keeps_what_they_were_promised_to_hear_once_it_arrives():
    case = a_case_by_mail()
    made = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)
    claim = a_claim(case)
    answer = case.promises.get(words__contains="how we keep what you were promised")

    claim_steps.do_it(
        claim.pk, a_decision(channel=Channel.EMAIL), None, by=a_person(), now=after(20)
    )

    letter = Letter.objects.get(promise=made)
    answer.refresh_from_db()
    assert (letter.keeps, answer.outcome) == (answer, None)
    letter_news.delivered(letter.pk, at=after(21), now=after(21))
    answer.refresh_from_db()
    assert (answer.outcome, answer.settled_at) == ("kept", after(21))
    assert verify.run() == []


def test_what_cannot_be_done_comes_with_an_offer_and_what_they_take_counts_as_told():
    case = a_case()
    made = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)
    claim = a_claim(case)
    no_longer_possible(claim)

    claim_steps.take_offer(
        claim.pk, a_word(words="We lay it for nothing.", now=after(30)),
        a_call("Yes, lay it.", now=after(30)), by=a_person(), now=after(30),
    )  # fmt: skip

    claim.refresh_from_db()
    made.refresh_from_db()
    assert (claim.outcome, made.outcome) == ("substituted", "released")
    rungs = ClaimStep.objects.order_by("pk").values_list("rung", "taken")
    assert list(rungs) == [("do", False), ("offer", True)]
    assert verify.run() == []


def test_who_does_not_want_the_offer_gets_something_of_value_all_the_same():
    case, agent = a_case(), a_person()
    may_give(agent, held=limits(5_000, 50_000))
    claim = a_claim(case)
    no_longer_possible(claim)
    claim_steps.decline_offer(claim.pk, a_call("No.", now=after(25)), now=after(25))

    claim_steps.give_value(
        claim.pk, a_decision("We are sorry. We give you something for it."), a_wish(2_500),
        by=agent, now=after(30),
    )  # fmt: skip

    claim.refresh_from_db()
    assert claim.outcome == "value"
    assert Remedy.objects.get().amount_minor == 2_500
    settled = facts_of("claim_settled")
    assert (settled["rung"], settled["cost_minor"], settled["currency"]) == ("value", 2_500, "GBP")
    assert verify.run() == []


def test_an_offer_that_is_taken_as_money_is_granted():
    case, agent = a_case(), a_person()
    may_give(agent, held=limits(5_000, 50_000))
    claim = a_claim(case)
    no_longer_possible(claim)

    step = claim_steps.take_offer(
        claim.pk, a_wish(2_500), a_call("Money then.", now=after(25)), by=agent, now=after(25)
    )

    assert step.remedy == Remedy.objects.get()


@pytest.mark.parametrize(
    "words",
    [
        "We cannot lay your floor free of charge.",
        "We cannot do that. What would make it right?",
        "Das geht leider nicht. Was würde es gut machen?",
    ],
)
def test_who_is_told_that_it_cannot_be_done_is_asked_in_the_same_words_with_the_offer(words):
    claim = a_claim(a_case())

    with pytest.raises(NothingAskedError):
        claim_steps.offer_instead(
            claim.pk, a_decision(words), offer="Free laying", by=a_person(), now=after(5)
        )

    assert not ClaimStep.objects.exists()


def test_an_offer_that_is_noted_in_another_language_than_the_customers_can_be_made():
    words = "Das geht leider nicht. Was hilft Ihnen? Wir verlegen ihn kostenlos."
    offer = "Free laying"
    claim = a_claim(a_case(customer=a_customer(language="de")))
    bare = a_decision("Das geht leider nicht.")

    with pytest.raises(NothingAskedError):
        claim_steps.offer_instead(claim.pk, bare, offer=offer, by=a_person(), now=after(5))
    decided = claim_steps.offer_instead(
        claim.pk, a_decision(words), offer=offer, by=a_person(), now=after(5)
    )

    assert decided.step.offer == offer


def test_a_desk_that_speaks_the_customers_language_names_the_offer_in_it():
    claim = a_claim(a_case(customer=a_customer(language="de")))
    bare = a_decision("Das geht leider nicht. Was hilft Ihnen?")

    with (
        override_settings(LANGUAGE_CODE="de"),
        choice.speaking("de"),
        pytest.raises(NothingAskedError),
    ):
        claim_steps.offer_instead(
            claim.pk, bare, offer="Kostenlos verlegen", by=a_person(), now=after(5)
        )


def test_no_rung_comes_before_its_turn_or_without_a_reason():
    claim = a_claim(a_case())
    with pytest.raises(NotYetError):
        claim_steps.give_value(claim.pk, a_decision(), a_wish(2_500), by=a_person(), now=after(5))
    with pytest.raises(NotYetError):
        claim_steps.decline_offer(claim.pk, a_call(now=after(5)), now=after(5))
    with pytest.raises(ReasonMissingError):
        claim_steps.do_it(claim.pk, a_decision(why=" "), a_word(), by=a_person(), now=after(5))
    with pytest.raises(NotYetError, match="by when"):
        claim_steps.do_it(claim.pk, a_decision(), None, by=a_person(), now=after(5))
    with pytest.raises(ReasonMissingError, match="concrete"):
        claim_steps.offer_instead(claim.pk, a_decision("?"), offer=" ", by=a_person(), now=after(5))
    claims.let_go(claim.pk, a_call("Never mind.", now=after(6)), now=after(6))
    with pytest.raises(ClaimSettledError):
        no_longer_possible(claim)


def test_a_claimed_promise_is_not_taken_back_before_that_was_decided():
    case = a_case()
    made = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)
    a_claim(case)
    ending = {"promise_id": made.pk, "evidence": "They understood.", "by": a_person()}

    with pytest.raises(TakesBackError):
        promises.release_promise(at=after(5), now=after(5), **ending)
    with pytest.raises(TakesBackError):
        promises.replace_promise(word=a_word(now=after(5)), now=after(5), **ending)


def test_words_that_take_it_back_are_stopped_until_that_was_decided():
    case = a_case_by_mail()
    claim = a_claim(case)
    with pytest.raises(LetterStoppedError, match="takes back"):
        a_letter(case, words=SIX, now=after(5))
    with pytest.raises(StoppedError, match="takes back"):
        contacts.apologise(
            case.pk, words=SIX, channel=Channel.PHONE, at=after(5), by=a_person(), now=after(5)
        )

    no_longer_possible(claim)

    assert a_letter(case, words=SIX, now=after(25)).pk


def test_no_case_closes_over_it_but_by_the_customers_own_page():
    case = a_case()
    claim = a_claim(case)
    assert askings.is_anything_to_do(case.pk)
    heard = contacts.record_contact(
        case.pk, a_call("All right.", now=after(5)), now=after(5), is_answer=True
    )
    with pytest.raises(ClaimOpenError):
        cases.close_case(case_id=case.pk, answer=heard, now=after(5))

    page = a_call("Right.", now=after(6), staff=None, channel=Channel.WEB)
    answer = contacts.record_contact(case.pk, page, now=after(6), is_answer=True)
    cases.close_case(case_id=case.pk, answer=answer, now=after(6))

    claim.refresh_from_db()
    assert (claim.outcome, claim.let_go_by) == ("let_go", answer)
    assert verify.run() == []


def test_a_claim_against_an_article_names_where_the_error_came_from():
    flyer = an_article()
    claim = a_claim(a_case())
    claim.refresh_from_db()
    assert claim.article == flyer
    assert a_doubt(a_case(), now=MONDAY + timedelta(minutes=1)).claim is None
