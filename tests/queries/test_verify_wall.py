"""Verify finds where the wall says something else than its cases, and only there."""

from datetime import timedelta

import pytest
from django.db.models import F

from makegood.actions import promises
from makegood.clockwork import counting
from makegood.queries import verify_wall
from makegood.records.models import DailyCount
from world import MONDAY, a_case, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case():
    case = a_case()
    counting.count_all(now=MONDAY)
    return case


@pytest.mark.usefixtures("case")
def test_a_wall_that_was_counted_is_true():
    assert list(verify_wall.find()) == []


def test_before_anything_was_counted_there_is_nothing_to_find():
    a_case()

    assert list(verify_wall.find()) == []


def test_a_value_that_somebody_changed_is_found(case):
    DailyCount.objects.filter(metric="M06").update(values=[7], total=7)

    assert list(verify_wall.find()) == [
        (f"case {case.pk}", "the wall counts it otherwise than its facts say")
    ]


def test_a_sample_that_somebody_took_out_is_found(case):
    DailyCount.objects.filter(metric="M06").delete()

    assert [where for where, _what in verify_wall.find()] == [f"case {case.pk}"]


@pytest.mark.usefixtures("case")
def test_a_sum_that_is_not_that_of_its_values_is_found():
    DailyCount.objects.filter(metric="M06").update(total=F("total") + 1)

    assert [where for where, _what in verify_wall.find()] == ["M06 on 2026-06-01"]


def test_a_case_that_goes_on_is_left_to_the_next_round(case):
    later = MONDAY + timedelta(minutes=5)
    promises.make_promise(case.pk, a_word(now=later), now=later)

    before = list(verify_wall.find())
    counting.count_new(now=later)

    assert before == []
    assert list(verify_wall.find()) == []


def test_a_case_that_is_being_counted_is_left_to_the_next_round(case):
    """What was recorded while a round began is in the next one, and there before its end."""
    promises.make_promise(case.pk, a_word(now=MONDAY + 5 * MINUTE), now=MONDAY + 5 * MINUTE)
    counting.count_new(now=MONDAY + MINUTE)
    found = []

    def look(_seconds: float) -> None:
        found.append(list(verify_wall.find()))

    counting.count_new(now=MONDAY + 10 * MINUTE, pause=look)

    assert found == [[]]
    assert list(verify_wall.find()) == []
