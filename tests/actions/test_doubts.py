"""Doubts: raised as it is said, answered within minutes, and never at the customer's cost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from asking import FAREWELL, climb
from honour_world import (
    BOTH_A_YEAR,
    a_call,
    a_claim,
    a_doubt,
    a_draft,
    a_keeper,
    after,
    an_article,
)
from letter_world import a_case_by_mail, a_letter
from makegood.actions import (
    articles,
    contacts,
    doubt_answers,
    doubts,
    explaining,
    partings,
    promises,
    spoken,
    wants,
)
from makegood.actions.explaining import Explanation
from makegood.actions.wants import HonestNo
from makegood.clockwork.doubting import sweep_doubts
from makegood.queries import verify
from makegood.records.models import Case, Claim, Direction, Doubt, Message, TimelineEntry
from makegood.records.next_due import next_due
from makegood.rules.doubts import (
    DoubtAnsweredError,
    NoGapError,
    NothingSaidError,
    NotYoursToAnswerError,
    Verdict,
)
from makegood.rules.explanations import Why
from makegood.rules.promises import Channel
from world import MONDAY, a_case, a_person, a_team, a_word

pytestmark = pytest.mark.django_db


def test_a_promise_against_the_flyer_asks_its_owner_who_has_five_minutes():
    flyer, case = an_article(), a_case()

    made = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)

    doubt = Doubt.objects.get()
    assert (doubt.article, doubt.promise, doubt.case) == (flyer, made, case)
    assert (doubt.holds, doubt.says) == ("6 months", "12-month")
    assert (doubt.asked, doubt.act_at) == (a_keeper(), after(5))
    assert next_due(now=MONDAY) == after(5)
    assert TimelineEntry.objects.filter(case=case, kind="doubt_raised").count() == 1


def test_a_letter_a_call_and_a_claim_raise_one_as_well_but_the_same_is_asked_once():
    an_article()
    case = a_case_by_mail()

    a_letter(case, words=BOTH_A_YEAR)
    contacts.record_contact(case.pk, a_call(BOTH_A_YEAR, direction=Direction.OUTBOUND), now=MONDAY)
    a_claim(case)

    assert Doubt.objects.count() == 1


def apologise(case: Case) -> None:
    contacts.apologise(
        case.pk, words=f"I am sorry. {BOTH_A_YEAR}", channel=Channel.PHONE, at=MONDAY,
        by=a_person(), now=MONDAY,
    )  # fmt: skip


def say_what_is_owed(case: Case) -> None:
    owed = Message.objects.create(
        case=case, kind="apology", about="promise:1:broken", queued_at=MONDAY
    )
    contacts.record_said(
        message_id=owed.pk, words=f"I am sorry. {BOTH_A_YEAR}", channel=Channel.PHONE, at=MONDAY,
        by=a_person(), now=MONDAY,
    )  # fmt: skip


def explain(case: Case) -> None:
    said = Explanation(why=Why.KNOWN, channel=Channel.PHONE, words=BOTH_A_YEAR)
    explaining.explain(case.pk, said, by=a_person(), now=MONDAY)


def advise(case: Case) -> None:
    spoken.advise(case.pk, BOTH_A_YEAR, by=a_person(), now=MONDAY)


def say_no(case: Case) -> None:
    no = HonestNo(words="We do not lay it.", instead=BOTH_A_YEAR, channel=Channel.PHONE)
    want = wants.take(case.pk, "Lay it.", touch=a_call("Lay it."), now=MONDAY)
    wants.decline(want.pk, no, by=a_person(), now=MONDAY)


def part(case: Case) -> None:
    farewell = replace(FAREWELL, words=f"{FAREWELL.words} {BOTH_A_YEAR}")
    climb(case, now=MONDAY)
    partings.part(case.pk, farewell, by=case.team.executive, now=MONDAY)


def replace_a_promise(case: Case) -> None:
    call = promises.make_promise(case.pk, a_word(), now=MONDAY)
    promises.replace_promise(
        promise_id=call.pk, word=a_word(words=BOTH_A_YEAR), evidence="She agreed.", by=a_person(),
        now=MONDAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    "act", [apologise, say_what_is_owed, explain, advise, say_no, part, replace_a_promise]
)
def test_whatever_a_person_says_by_any_way_is_compared_with_the_flyer(act):
    an_article()

    act(a_case())

    doubt = Doubt.objects.get()
    assert BOTH_A_YEAR in doubt.words
    assert (doubt.case, doubt.raised_at) == (Case.objects.get(), MONDAY)


def test_an_expired_flyer_or_one_of_another_area_raises_none():
    an_article(area="EX4")
    past = an_article(title="Spring flyer")
    articles.withdraw(past.pk, by=a_keeper(), now=MONDAY)

    promises.make_promise(a_case().pk, a_word(words=BOTH_A_YEAR), now=MONDAY)

    assert not Doubt.objects.exists()


def test_nobody_answers_so_it_climbs_rung_by_rung_and_stays_with_the_top():
    team = a_team()
    doubt = a_doubt(a_case())
    seen = []

    for minutes in (4, 5, 10, 15, 20):
        sweep_doubts(now=after(minutes))
        doubt.refresh_from_db()
        seen.append(doubt.asked)

    assert seen == [a_keeper(), team.lead, team.head, team.executive, team.executive]
    assert doubt.act_at is None
    assert TimelineEntry.objects.filter(kind="doubt_passed_on").count() == 3


def test_a_row_that_fails_is_tried_later_and_holds_up_no_other(monkeypatch):
    doubt, real = a_doubt(a_case()), doubts.pass_on
    other = a_doubt(a_case())

    def fails(doubt_id, *, now):
        if doubt_id == doubt.pk:
            raise ValueError
        return real(doubt_id, now=now)

    monkeypatch.setattr(doubts, "pass_on", fails)

    assert sweep_doubts(now=after(5)) == 1
    doubt.refresh_from_db()
    other.refresh_from_db()
    assert doubt.act_at == after(10)
    assert other.asked != a_keeper()


def test_if_the_word_was_wrong_the_ladder_of_honour_begins_and_the_customer_hears_nothing():
    an_article()
    case = a_case()
    made = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)
    words = case.messages.count() + case.letters.count()

    doubt = doubt_answers.answer(
        Doubt.objects.get().pk, Verdict.STATEMENT_WRONG, why="It is six.", by=a_keeper(),
        now=after(3),
    )  # fmt: skip

    claim = Claim.objects.get()
    assert (claim.promise, claim.source, claim.article) == (made, "mistake", doubt.article)
    assert (doubt.gap_owner, doubt.act_at) == (a_keeper(), None)
    assert case.messages.count() + case.letters.count() == words
    assert verify.run() == []


def test_if_the_article_was_wrong_its_owner_has_a_gap_to_close_and_the_promise_stands():
    an_article()
    made = promises.make_promise(a_case().pk, a_word(words=BOTH_A_YEAR), now=MONDAY)
    doubt = doubt_answers.answer(
        Doubt.objects.get().pk, Verdict.ARTICLE_WRONG, why="Misprint.", by=a_keeper(), now=after(2)
    )

    doubt_answers.close_gap(doubt.pk, lesson="Reprinted.", by=a_keeper(), now=after(60))

    made.refresh_from_db()
    assert made.outcome is None
    assert not Claim.objects.exists()
    facts = TimelineEntry.objects.filter(kind__in=["doubt_raised", "doubt_answered", "gap_closed"])
    assert facts.count() == 3
    with pytest.raises(NoGapError):
        doubt_answers.close_gap(doubt.pk, lesson="Again.", by=a_keeper(), now=after(61))


def test_two_truths_leave_no_gap():
    doubt = a_doubt(a_case())
    doubt_answers.answer(doubt.pk, Verdict.BOTH_TRUE, why="Special.", by=a_keeper(), now=after(1))

    with pytest.raises(NoGapError):
        doubt_answers.close_gap(doubt.pk, lesson="None.", by=a_keeper(), now=after(2))


def test_it_is_answered_once_with_a_reason_by_who_answers_for_it():
    doubt = a_doubt(a_case())
    with pytest.raises(NotYoursToAnswerError):
        doubt_answers.answer(
            doubt.pk, Verdict.BOTH_TRUE, why="Fine.", by=a_person("Bob", role="agent"), now=MONDAY
        )
    with pytest.raises(NothingSaidError):
        doubt_answers.answer(doubt.pk, Verdict.BOTH_TRUE, why=" ", by=a_keeper(), now=MONDAY)
    doubt_answers.answer(doubt.pk, Verdict.BOTH_TRUE, why="Fine.", by=a_keeper(), now=MONDAY)
    with pytest.raises(DoubtAnsweredError):
        doubt_answers.answer(doubt.pk, Verdict.BOTH_TRUE, why="Fine.", by=a_keeper(), now=MONDAY)


def test_the_gap_of_two_articles_is_closed_without_a_case():
    an_article()
    articles.write(
        a_draft(*a_draft(title="Other").figures[1:], about="Counter tops"), by=a_keeper(),
        now=MONDAY,
    )  # fmt: skip
    assert not Doubt.objects.exists()
    wrong = a_draft(title="Other", figures=tuple(
        type(one)(name=one.name, number="9", unit=one.unit) for one in a_draft().figures[:1]
    ))  # fmt: skip
    articles.write(wrong, by=a_keeper(), now=MONDAY)
    doubt = Doubt.objects.get()

    doubt_answers.answer(doubt.pk, Verdict.ARTICLE_WRONG, why="Old.", by=a_keeper(), now=after(1))
    doubt_answers.close_gap(doubt.pk, lesson="Withdrawn.", by=a_keeper(), now=after(2))

    doubt.refresh_from_db()
    assert doubt.gap_closed_at == MONDAY + timedelta(minutes=2)
