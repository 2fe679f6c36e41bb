"""Cards: what came twice within its period, once per thing, until somebody says what is done."""

from datetime import timedelta

import pytest

from learning_world import a_closed_case, a_lead, a_lesson, an_improvement
from makegood.actions import promises, repeats
from makegood.clockwork import ticks
from makegood.clockwork.learning import sweep_learning
from makegood.records.models import Asset, Case, Repeat, RepeatCase
from makegood.rules.learning import (
    ANSWER_WITHIN,
    CardAnsweredError,
    NothingDoneError,
    NotYoursToLearnError,
    OtherCauseError,
)
from makegood.rules.promises import Channel, Speaker
from world import MONDAY, a_bin, a_case, a_customer, a_person, a_team, a_word

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def look(*cases: Case, now=MONDAY) -> list[str]:
    repeats.look([case.pk for case in cases], now=now)
    return sorted(Repeat.objects.filter(answered_at=None).values_list("kind", flat=True))


def of(asset: Asset, *, now=MONDAY) -> Case:
    return a_case(customer=asset.customer, asset=asset, failed_at=now, known_at=now, now=now)


def test_the_same_thing_that_fails_twice_is_one_card_about_the_thing_with_both_cases():
    bin_ = a_bin(a_customer(address="12 Elm Road", postcode="N1 1AA"))
    first, second = of(bin_), of(bin_, now=MONDAY + 20 * DAY)

    assert look(second, now=MONDAY + 20 * DAY) == ["asset"], "and none about the site"

    card = Repeat.objects.get()
    assert set(RepeatCase.objects.values_list("case", flat=True)) == {first.pk, second.pk}
    assert card.owner == a_team().lead
    assert card.due_at == card.raised_at + ANSWER_WITHIN


def test_two_things_of_neighbours_at_one_address_are_a_card_about_the_site():
    first = of(a_bin(a_customer("Ann", address="12 Elm Road", postcode="N1 1AA")))
    of(a_bin(a_customer("Bob", address="12 elm road", postcode="N1 1AA")))
    of(a_bin(a_customer("Eve", address="14 Elm Road", postcode="N1 1AA")))

    assert look(first) == ["site"]
    assert RepeatCase.objects.count() == 2


def test_what_lies_further_apart_than_its_period_is_no_repeat():
    bin_ = a_bin(a_customer())
    of(bin_)

    assert look(of(bin_, now=MONDAY + 91 * DAY), now=MONDAY + 91 * DAY) == []


def test_the_same_cause_and_the_same_gap_have_cards_of_their_owners():
    tom = a_person("Tom Reed")
    cases = [a_closed_case(), a_closed_case()]
    for case in cases:
        a_lesson(case, gap="When the depot opens", owner=tom)

    assert look(*cases) == ["cause", "gap"]
    assert set(Repeat.objects.values_list("owner", flat=True)) == {tom.pk}


def test_two_words_of_one_template_that_broke_are_a_card_even_in_one_case():
    case = a_case()
    for hours in (1, 2):
        word = a_word(
            speaker=Speaker.TEMPLATE,
            speaker_name="missed bin reply",
            said_by=None,
            channel=Channel.EMAIL,
            due_at=MONDAY + timedelta(hours=hours),
        )
        promises.make_promise(case.pk, word, now=MONDAY)
    assert look(case) == []

    ticks.tick(now=MONDAY + DAY)

    assert look(case, now=MONDAY + DAY) == ["template"]
    assert Repeat.objects.get().key == "missed bin reply"


def test_looking_twice_changes_nothing_and_a_third_case_joins_the_card():
    bin_ = a_bin(a_customer())
    first, second = of(bin_), of(bin_)
    look(first, second)
    look(first, second)
    assert (Repeat.objects.count(), RepeatCase.objects.count()) == (1, 2)

    look(of(bin_, now=MONDAY + DAY), now=MONDAY + DAY)

    assert (Repeat.objects.count(), RepeatCase.objects.count()) == (1, 3)


def test_an_answered_card_comes_back_only_with_another_failure():
    bin_ = a_bin(a_customer())
    cases = [of(bin_), of(bin_)]
    look(*cases)
    repeats.answer(Repeat.objects.get().pk, why="A new bin.", by=a_lead(), now=MONDAY + DAY)

    assert look(*cases, now=MONDAY + 2 * DAY) == []
    assert look(of(bin_, now=MONDAY + 3 * DAY), now=MONDAY + 3 * DAY) == ["asset"]


def test_a_card_is_answered_once_by_its_owner_or_by_whoever_may_change_things():
    bin_ = a_bin(a_customer())
    look(of(bin_), of(bin_))
    card, lead = Repeat.objects.get(), a_team().lead

    with pytest.raises(NotYoursToLearnError):
        repeats.answer(card.pk, why="Mine.", by=a_person("Otto"), now=MONDAY)
    with pytest.raises(NothingDoneError):
        repeats.answer(card.pk, why=" ", by=lead, now=MONDAY)
    repeats.answer(card.pk, why="A new bin is on its way.", by=lead, now=MONDAY)

    with pytest.raises(CardAnsweredError):
        repeats.answer(card.pk, why="Twice.", by=lead, now=MONDAY)


def test_a_card_may_lead_to_a_change():
    cases = [a_closed_case(), a_closed_case()]
    lessons = [a_lesson(case) for case in cases]
    look(*cases)
    change = an_improvement(lessons[0].cause)

    card = repeats.answer(
        Repeat.objects.get().pk,
        why="We leave earlier.",
        by=a_lead(),
        improvement=change,
        now=MONDAY,
    )

    assert card.improvement == change


def test_a_change_of_another_cause_answers_no_card():
    cases = [a_closed_case(), a_closed_case()]
    for case in cases:
        a_lesson(case)
    look(*cases)
    other = an_improvement(a_lesson(a_closed_case(), "Another cause").cause)

    with pytest.raises(OtherCauseError):
        repeats.answer(
            Repeat.objects.get().pk, why="So.", by=a_lead(), improvement=other, now=MONDAY
        )


def test_nobody_answers_so_the_card_climbs_and_stays_with_the_head():
    bin_ = a_bin(a_customer())
    look(of(bin_), of(bin_))
    seen = []

    for days in (6, 7, 9, 11, 13):
        sweep_learning(now=MONDAY + days * DAY)
        card = Repeat.objects.get()
        seen.append((card.owner, card.act_at is None))

    team = a_team()
    assert seen == [
        (team.lead, False), (team.lead, False), (team.head, False), (team.head, True),
        (team.head, True),
    ]  # fmt: skip
