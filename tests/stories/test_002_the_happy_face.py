"""Story 002 with a good ending: the credit is offered before it is asked for, and given gladly.

In the published story a customer of a carrier was passed on for hours before anybody said that it
was the carrier's mistake, and was then given a credit that he had to ask for. What acceptance test
A002 asks for, and where it is held:

| clause | test |
| --- | --- |
| sorry within 15 minutes of the first contact | in the first minutes |
| the remedy is offered before the customer asks | in the first minutes |
| one agent at most before it is acknowledged; nothing is told twice | in the first minutes |
| "we can't" is stopped where this agent may give it | an agent who may give it |
| no "one time", no grudge, no talk of limits; amount and day in one message | what is said |
| limits act silently, by routing up | beyond the agent's authority |
| what was refused and then given is counted | refused and then given |
"""

import json
from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import approvals, contacts, letters, remedies
from makegood.actions.approvals import Answer
from makegood.actions.contacts import Touch
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft
from makegood.queries import verify
from makegood.queries.case_effort import read_effort
from makegood.queries.remedies import find_offer
from makegood.records.models import Contact, Direction, Message, Remedy, TimelineEntry
from makegood.rules.promises import Channel
from makegood.rules.remedies import CannotRefuseError
from makegood.rules.severity import Function
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Context
from money_world import a_wish, arrive, limits, may_give
from story_world import figures, hits, said_to
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def michael():
    """A customer whom the carrier has wronged, on the phone."""
    case = a_case(
        customer=a_customer("Michael Hess", email="michael.hess@example.net"),
        title="Number was moved by mistake",
        function=Function.CONNECTION,
    )
    call = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, hold_minutes=5,
        talk_minutes=5, staff=a_person(),
    )  # fmt: skip
    contacts.record_contact(case.pk, call, now=MONDAY)
    return case


def offer_to(case, agent):
    effort = read_effort(case.pk)
    return find_offer(case.pk, "goodwill", reader=agent, effort=effort, now=MONDAY)


def test_the_credit_is_offered_in_the_first_minutes_given_in_one_act_and_unqualified(michael):
    agent = a_person()
    may_give(agent, held=limits(5_000, 50_000))
    offer = offer_to(michael, agent)
    assert offer.may_give
    contacts.apologise(
        michael.pk,
        words="We moved your number by mistake. That was our mistake, and I am sorry.",
        channel=Channel.PHONE,
        at=MONDAY + timedelta(minutes=1),
        by=agent,
        now=MONDAY + timedelta(minutes=2),
    )
    assert check(offer.sentence, context=Context(our_fault=True, grant=True)).findings == ()

    wish = a_wish(offer.terms.amount_minor, because=offer.terms.because)
    remedy = remedies.grant(michael.pk, wish, by=agent, now=MONDAY + timedelta(minutes=3))
    arrive(remedy, at=MONDAY + timedelta(minutes=5))

    assert Remedy.objects.get().outcome == "arrived"
    assert remedy.granted_at - michael.known_at <= timedelta(minutes=15)
    assert michael.contacts.count() == 1, "nobody had to call again, or to tell it twice"
    sorry = Message.objects.get(kind="apology").said_at
    before = Contact.objects.filter(happened_at__lte=sorry).values("staff").distinct()
    assert before.count() <= 1
    counted = figures(michael, as_of=MONDAY + timedelta(hours=1))
    assert counted["M11"][0] <= 15
    assert counted["M14"] == [0], "nobody passed him on"
    assert counted["M22"] == [1], "given before it was asked for"
    assert counted["M20"] == [0], "and nothing was held back"
    assert not TimelineEntry.objects.filter(kind="remedy_withheld").exists()
    assert verify.run() == []


def test_an_agent_who_may_give_it_cannot_say_that_it_cannot_be_given(michael):
    agent = a_person()
    may_give(agent, held=limits(5_000, 50_000))
    with pytest.raises(CannotRefuseError):
        remedies.check_refusal(michael.pk, offer_to(michael, agent).terms, by=agent, now=MONDAY)
    with pytest.raises(LetterStoppedError):
        letters.write(
            michael.pk, Draft(words="We cannot give you a credit for this.", by=agent), now=MONDAY
        )


def test_beyond_the_agents_authority_the_lead_decides_and_the_customer_never_asks(michael):
    agent, lead = a_person(), michael.team.lead
    may_give(agent, held=limits(500, 5_000))
    may_give(lead, held=limits(50_000, 90_000))
    clock = SimulatedClock(MONDAY)
    request = approvals.ask(michael.pk, a_wish(10_000), by=agent, now=clock.now)
    clock.wait(minutes=20)

    remedy = approvals.decide(request.pk, Answer(approve=True), by=lead, now=clock.now)

    for hidden in ("approv", "limit", "authority", lead.name):
        assert hidden not in remedy.promise.words
    assert michael.contacts.count() == 1
    assert verify.run() == []


def test_what_is_said_names_the_amount_and_the_day_gladly_and_without_a_but(michael):
    agent = a_person()
    may_give(agent, held=limits(5_000, 50_000))
    offer = offer_to(michael, agent)

    wish = a_wish(offer.terms.amount_minor, because=offer.terms.because)
    remedy = remedies.grant(michael.pk, wish, by=agent, now=MONDAY)

    said = remedy.promise.words
    harm = {"QUALIFIER", "GRUDGE", "LIMIT_TALK", "CANT"}
    assert offer.what in said
    assert f"{remedy.promise.due_at:%A}" in said
    assert hits(*said_to(michael), of=harm, our_fault=True, grant=True) == set()
    assert said == offer.sentence, "what the card showed is what is promised"


def test_what_was_refused_and_then_given_is_counted_and_a_gift_at_once_is_not(michael):
    agent = a_person()
    may_give(agent, held=limits(9_000, 50_000))
    other = a_case(customer=a_customer("Ann"), title="The same, given at once")
    terms = offer_to(michael, agent).terms

    remedies.withhold(michael.pk, terms, why="Policy.", asked=True, by=agent, now=MONDAY)
    remedies.grant(michael.pk, a_wish(2_500), by=agent, now=MONDAY + timedelta(minutes=20))
    remedies.grant(other.pk, a_wish(2_500), by=agent, now=MONDAY)

    granted = TimelineEntry.objects.filter(kind="remedy_granted").order_by("case__pk", "pk")
    relented = [json.loads(entry.body)["facts"]["relented"] for entry in granted]
    assert relented == [True, False]


def test_his_time_is_counted_once_and_weighs_in_what_he_is_offered(michael):
    agent = a_person()
    may_give(agent, held=limits(50_000, 90_000))
    at_first = offer_to(michael, agent).terms.amount_minor

    hours = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, hold_minutes=120,
        talk_minutes=60,
    )  # fmt: skip
    contacts.record_contact(michael.pk, hours, now=MONDAY)

    effort = read_effort(michael.pk)
    assert (effort.by_customer, effort.minutes) == (2, 190)
    assert offer_to(michael, agent).terms.amount_minor > at_first


def test_the_letter_says_sorry_and_names_the_amount_and_the_day_at_once(michael):
    agent = a_person()
    may_give(agent, held=limits(5_000, 50_000))
    offer = offer_to(michael, agent)
    wish = a_wish(offer.terms.amount_minor, because=offer.terms.because)
    remedy = remedies.grant(michael.pk, wish, by=agent, now=MONDAY)
    words = f"That was our mistake, and I am sorry. {remedy.promise.words}"

    letter = letters.write(
        michael.pk, Draft(words=words, by=agent, tells=remedy.promise), now=MONDAY
    )

    assert offer.what in letter.words
    assert f"{remedy.promise.due_at:%A}" in letter.words
    assert "sorry" in letter.words
