"""Changes: begun with their cause, shipped once, and told to the customers they came from."""

from datetime import timedelta

import pytest

from learning_world import a_closed_case, a_lead, a_lesson, a_shipped_one, an_improvement
from letter_world import ADDRESS
from makegood.actions import gate, improvements
from makegood.actions.gate import Saying, StoppedError
from makegood.clockwork.learning import sweep_learning
from makegood.records.models import ChangeTold, Letter
from makegood.rules.learning import (
    NobodyToTellError,
    NothingDoneError,
    NotShippedError,
    NotYoursToLearnError,
    ShippedError,
)
from makegood.rules.promises import Channel, Speaker
from world import MONDAY, a_customer, a_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEWS = "We changed how we work: the lorry has a second driver. It won't happen again."


def test_it_will_not_happen_again_may_be_said_once_what_caused_it_was_changed():
    case = a_closed_case()
    cause = a_lesson(case).cause
    saying = Saying(text=NEWS, speaker=Speaker.PERSON, channel=Channel.PHONE, by=a_person())
    change = an_improvement(cause)

    assert not gate.check(case.pk, saying, now=MONDAY).passes
    improvements.ship(change.pk, by=a_lead(), now=MONDAY)

    assert gate.check(case.pk, saying, now=MONDAY).passes


def test_each_customer_of_the_cause_is_told_once_by_a_letter_and_nobody_else():
    told = a_closed_case(customer=a_customer(email=ADDRESS))
    mute = a_closed_case(customer=a_customer("No Address"))
    a_closed_case(customer=a_customer("Other", email="other@example.net"))
    for case in (told, mute):
        cause = a_lesson(case).cause
    change = a_shipped_one(cause, now=MONDAY + DAY)

    count = improvements.tell(change.pk, NEWS, by=a_lead(), now=MONDAY + DAY)
    for days in (1, 2):
        sweep_learning(now=MONDAY + days * DAY)

    assert count == 2
    letter = Letter.objects.get()
    assert (letter.case, letter.words, letter.recipient) == (told, NEWS, ADDRESS)
    assert ChangeTold.objects.get(case=told).letter == letter
    assert "No e-mail address" in ChangeTold.objects.get(case=mute).why_not
    change.refresh_from_db()
    assert change.tell_at is None
    with pytest.raises(NobodyToTellError):
        improvements.tell(change.pk, NEWS, by=a_lead(), now=MONDAY + 3 * DAY)


def test_what_is_not_true_is_refused_at_once_and_nobody_is_told():
    case = a_closed_case(customer=a_customer(email=ADDRESS))
    change = a_shipped_one(a_lesson(case).cause, now=MONDAY + DAY)

    with pytest.raises(StoppedError):
        improvements.tell(
            change.pk, "Your bin comes tomorrow at nine.", by=a_lead(), now=MONDAY + DAY
        )

    assert not Letter.objects.exists()


def test_a_case_that_came_after_the_change_is_not_told_of_it():
    case = a_closed_case(customer=a_customer(email=ADDRESS))
    cause = a_lesson(case).cause
    change = a_shipped_one(cause, now=MONDAY + DAY)
    a_lesson(a_closed_case(now=MONDAY + 2 * DAY), now=MONDAY + 3 * DAY)

    assert improvements.to_tell(change) == [case.pk]


def test_nothing_is_told_of_a_change_that_is_not_in_force():
    change = an_improvement(a_lesson(a_closed_case()).cause)

    with pytest.raises(NotShippedError):
        improvements.tell(change.pk, NEWS, by=a_lead(), now=MONDAY)


def test_a_change_ships_or_is_dropped_once_by_its_owner_or_by_whoever_may_change_things():
    cause = a_lesson(a_closed_case()).cause
    tom = a_person("Tom Reed")
    change, other = an_improvement(cause, owner=tom), an_improvement(cause, title="Other")

    with pytest.raises(NotYoursToLearnError):
        improvements.ship(change.pk, by=a_person("Otto"), now=MONDAY)
    improvements.ship(change.pk, by=tom, now=MONDAY)
    with pytest.raises(ShippedError):
        improvements.drop(change.pk, why="No.", by=tom, now=MONDAY)
    with pytest.raises(NothingDoneError):
        improvements.drop(other.pk, why=" ", by=a_lead(), now=MONDAY)

    dropped = improvements.drop(other.pk, why="It costs more.", by=a_lead(), now=MONDAY)

    assert (dropped.shipped_at, dropped.dropped_why) == (None, "It costs more.")


def test_a_change_says_what_it_is():
    cause = a_lesson(a_closed_case()).cause

    with pytest.raises(NothingDoneError):
        an_improvement(cause, what=" ")
