"""Another time: offered by staff, chosen by the customer, or wished for where none is offered."""

from datetime import timedelta
from uuid import uuid4

import pytest

from makegood.actions import advice, choices, links, promises
from makegood.actions.cases import CaseClosedError
from makegood.actions.choices import ChoiceGoneError, ChoiceOfferedError, OtherTime
from makegood.actions.replies import Sender
from makegood.records.models import Case, CaseLink, Choice, PromiseKind, Reply, TimelineEntry
from makegood.rules.promises import AlreadySettledError, Outcome, ToldTooLateError, WindowError
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def case() -> Case:
    return a_case(customer=a_customer())


@pytest.fixture
def visit(case):
    word = a_word(
        kind=PromiseKind.VISIT, words="The crew comes on Tuesday.", due_at=MONDAY + 30 * HOUR
    )
    return promises.make_promise(case.pk, word, now=MONDAY)


def a_sender(case: Case) -> Sender:
    links.mint_link(case.pk, now=MONDAY)
    link = CaseLink.objects.filter(case=case).latest("pk")
    return Sender(link=link.pk, case=case.pk, form=uuid4())


def thursday(words: str = "The crew comes on Thursday.") -> OtherTime:
    return OtherTime(words=words, earliest_at=THURSDAY, due_at=THURSDAY + 3 * HOUR)


def offer(visit, time: OtherTime | None = None, *, now=MONDAY) -> Choice:
    return choices.offer_choice(visit.pk, time or thursday(), by=a_person(), now=now)


def test_choosing_replaces_what_was_promised_by_the_words_that_were_offered(case, visit):
    choice = offer(visit)

    assert choices.choose(a_sender(case), choice.pk, now=MONDAY + HOUR)

    visit.refresh_from_db()
    assert visit.outcome == Outcome.REPLACED
    assert visit.settled_by is None
    assert visit.evidence == "The customer chose this on their page."
    new = visit.replaced_by
    assert new.words == "The crew comes on Thursday."
    assert (new.kind, new.earliest_at, new.due_at) == ("visit", THURSDAY, THURSDAY + 3 * HOUR)
    assert Reply.objects.get().promise == new


def test_unless_the_customer_chooses_the_promise_stands(visit):
    offer(visit)

    visit.refresh_from_db()
    assert visit.outcome is None
    assert visit.due_at == MONDAY + 30 * HOUR


def test_choosing_twice_chooses_once(case, visit):
    choice, sender = offer(visit), a_sender(case)

    assert choices.choose(sender, choice.pk, now=MONDAY + HOUR)
    assert not choices.choose(sender, choice.pk, now=MONDAY + HOUR)
    with pytest.raises(ChoiceGoneError):
        choices.choose(a_sender(case), choice.pk, now=MONDAY + HOUR)


def test_bob_cannot_choose_for_alice(case, visit):
    choice = offer(visit)
    bob = a_case(customer=a_customer("Bob"))

    with pytest.raises(ChoiceGoneError):
        choices.choose(a_sender(bob), choice.pk, now=MONDAY + HOUR)
    with pytest.raises(ChoiceGoneError):
        choices.wish_for_another_day(a_sender(bob), visit.pk, "Sunday", now=MONDAY + HOUR)

    visit.refresh_from_db()
    assert visit.outcome is None
    assert case.replies.count() == 0


def test_what_was_withdrawn_or_has_passed_cannot_be_chosen(case, visit):
    choice = offer(visit)
    choices.withdraw_choice(choice.pk, by=a_person(), now=MONDAY)
    soon = offer(visit, OtherTime(words="Tonight.", due_at=MONDAY + 2 * HOUR))

    for gone, now in ((choice, MONDAY + HOUR), (soon, MONDAY + 3 * HOUR)):
        with pytest.raises(ChoiceGoneError):
            choices.choose(a_sender(case), gone.pk, now=now)
    with pytest.raises(ChoiceGoneError):
        choices.withdraw_choice(choice.pk, by=a_person(), now=MONDAY)


def test_once_its_time_has_passed_a_broken_promise_is_not_chosen_away(case, visit):
    choice = offer(visit)

    with pytest.raises(ChoiceGoneError):
        choices.choose(a_sender(case), choice.pk, now=visit.due_at + HOUR)


def test_only_what_can_be_kept_is_offered_and_once(visit):
    offer(visit)

    with pytest.raises(ChoiceOfferedError):
        offer(visit)
    with pytest.raises(WindowError):
        offer(visit, OtherTime(words="Yesterday.", due_at=MONDAY - HOUR))
    with pytest.raises(ToldTooLateError):
        offer(visit, now=visit.due_at + timedelta(seconds=1))
    promises.keep_promise(
        promise_id=visit.pk, at=MONDAY, evidence="Came.", by=a_person(), now=MONDAY
    )
    with pytest.raises(AlreadySettledError):
        offer(visit, OtherTime(words="Later.", due_at=THURSDAY + 9 * HOUR))


def test_a_wish_is_answered_by_a_promise_and_moves_nothing_by_itself(case, visit):
    choices.wish_for_another_day(a_sender(case), visit.pk, "Friday, after school", now=MONDAY)

    reply = Reply.objects.get()
    assert reply.about == visit
    assert reply.promise.words.startswith("Laura Bennett answers what you wrote by ")
    assert reply.contact.note == "Another day would suit the customer better. Friday, after school"
    visit.refresh_from_db()
    assert visit.due_at == MONDAY + 30 * HOUR


def test_the_database_refuses_a_choice_that_makes_no_sense(visit):
    offer(visit)
    row = Choice.objects.values().get() | {"id": 999, "due_at": THURSDAY + 9 * HOUR}
    later = Choice.objects.get()

    with refused_by("choice_offered_once_per_time"):
        insert("records_choice", **row | {"due_at": later.due_at})
    with refused_by("choice_has_words"):
        insert("records_choice", **row | {"words": ""})
    with refused_by("choice_lies_ahead_when_offered"):
        insert("records_choice", **row | {"due_at": MONDAY, "earliest_at": None})
    with refused_by("choice_opens_before_it_closes"):
        insert("records_choice", **row | {"earliest_at": THURSDAY + 99 * HOUR})
    with refused_by("choice_precision_is_known"):
        insert("records_choice", **row | {"precision": "vague"})
    with refused_by("choice_is_chosen_or_withdrawn"):
        insert("records_choice", **row | {"chosen_at": MONDAY, "withdrawn_at": MONDAY})
    with refused_by("choice_made_once_per_promise"):
        insert("records_choice", **row | {"chosen_at": MONDAY})
        sql("UPDATE records_choice SET chosen_at = %s WHERE id = %s", MONDAY, later.pk)


def test_advice_is_given_changed_and_taken_back_and_each_is_remembered(case):
    for words in ("Keep it inside.", "Keep it inside.", ""):
        advice.advise(case.pk, words, by=a_person(), now=MONDAY)

    case.refresh_from_db()
    assert case.meanwhile == ""
    kinds = TimelineEntry.objects.filter(case=case, kind__startswith="advice")
    assert list(kinds.order_by("seq").values_list("kind", flat=True)) == [
        "advice_given",
        "advice_taken_back",
    ]


def test_no_advice_is_given_on_a_closed_case(case):
    from makegood.actions import replies  # noqa: PLC0415 - only here

    replies.say_right(a_sender(case), now=MONDAY + HOUR)

    with pytest.raises(CaseClosedError):
        advice.advise(case.pk, "Wait.", by=a_person(), now=MONDAY + HOUR)
