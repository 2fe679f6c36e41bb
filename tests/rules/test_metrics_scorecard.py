"""The story scorecard of the metrics, computed by hand, and counted here from the same stories."""

from datetime import timedelta

import pytest

import metric_stories as stories
from makegood.rules.metrics.counting import count
from makegood.rules.metrics.facts import Case
from makegood.rules.metrics.samples import MINUTE


def values(case: Case, metric: str, key: str = "") -> list[int | None]:
    return [s.value for s in count(case) if (s.metric, s.key) == (metric, key)]


def total(case: Case, metric: str, key: str = "") -> int:
    return sum(value or 0 for value in values(case, metric, key))


@pytest.mark.parametrize(
    ("story", "contacts"),
    [
        (stories.the_wrong_part, 1),
        (stories.the_flyer, 1),
        (stories.the_happy_face, 3),
        (stories.the_bin, 6),
        (stories.the_alarm, 4),
    ],
)
def test_the_contacts_after_each_failure_are_those_of_the_scorecard(story, contacts):
    assert values(story(), "M06") == [contacts]


@pytest.mark.parametrize(
    ("story", "automatic", "person"),
    [
        (stories.the_wrong_part, 0, 1),
        (stories.the_flyer, 0, 2),
        (stories.the_happy_face, 0, 1),
        (stories.the_bin, 5, 0),
        (stories.the_alarm, 0, 2),
    ],
)
def test_the_false_statements_are_those_of_the_scorecard(story, automatic, person):
    case = story()

    assert total(case, "M04") == automatic + person
    assert total(case, "M04", "automatic") == automatic
    assert total(case, "M04", "person") == person


@pytest.mark.parametrize(
    ("story", "silent"),
    [
        (stories.the_wrong_part, 1),
        (stories.the_flyer, 0),
        (stories.the_bin, 5),
        (stories.the_alarm, 2),
    ],
)
def test_the_silent_breaks_are_those_of_the_scorecard(story, silent):
    assert total(story(), "M03") == silent


@pytest.mark.parametrize(
    "story", [stories.the_wrong_part, stories.the_flyer, stories.the_happy_face, stories.the_bin]
)
def test_an_apology_that_never_came_has_no_latency_and_counts_as_missing(story):
    latencies = values(story(), "M11")

    assert latencies
    assert set(latencies) == {None}


def test_what_was_known_to_be_broken_before_its_time_is_apologised_for_from_then_on():
    word = stories.a_broken_word(
        1, stories.START, stories.after(hours=5), known_at=stories.after(hours=4)
    )
    case = stories.a_case(words=(word,), apologies=(stories.after(hours=4),))

    assert values(case, "M11") == [0]


def test_the_apology_of_the_alarm_comes_after_eight_hours():
    case = stories.the_alarm()

    acknowledged = values(case, "M10")
    by_promise = values(case, "M11")

    assert acknowledged == [timedelta(hours=8) / MINUTE]
    assert by_promise == [timedelta(hours=5) / MINUTE, timedelta(hours=2) / MINUTE]


def test_the_first_true_date_of_the_alarm_is_said_a_quarter_of_an_hour_after_the_third_call():
    case = stories.the_alarm()
    third_call = max(t.at for t in case.touches if not t.is_outbound)

    (until_true,) = values(case, "M12")

    assert case.known_at + until_true * MINUTE - third_call == timedelta(minutes=15)


@pytest.mark.parametrize("story", [stories.the_wrong_part, stories.the_bin])
def test_a_story_without_a_true_date_says_that_there_was_none(story):
    assert values(story(), "M12") == [None]


def test_the_happy_face_is_one_thing_that_could_be_given_and_was_not():
    case = stories.the_happy_face()

    assert values(case, "M20") == [1], "granted within a day of the refusal, so not a yes as well"


def test_the_minutes_of_the_bin_are_added_up_and_say_which_were_guessed():
    case = stories.the_bin()

    assert total(case, "M08") == 5 * 6 + 25
    assert total(case, "M08", "estimated") == 5 * 6
