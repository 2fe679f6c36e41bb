"""Verify finds where the wall says something else than its cases, and only there."""

from datetime import timedelta

import pytest
from django.db.models import F

from makegood.actions import case_answers, erasing, promises
from makegood.actions.contacts import Touch
from makegood.actions.loading import LoggedRequest, Owners, load_requests
from makegood.clockwork import counting
from makegood.queries import verify_wall
from makegood.records.models import Asset, Case, DailyCount, Direction, ErasedBecause, Report
from makegood.rules.promises import Channel
from makegood.rules.severity import Severity
from world import MONDAY, a_case, a_person, a_word

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


@pytest.mark.parametrize("erased", [False, True])
def test_a_wall_of_a_log_stays_true_when_what_failed_is_called_otherwise(erased):
    a_person()
    logged = LoggedRequest(
        log="2026.csv", external_id="1", kind="Street light out", opened_at=MONDAY,
        zone="Europe/London", severity=Severity.P3, promises=(),
    )  # fmt: skip
    load_requests([logged], owners=Owners(), now=MONDAY)
    counting.count_all(now=MONDAY)
    Asset.objects.update(name="Lamp in Mill Street")
    if erased:
        close_and_erase(Case.objects.get(), now=MONDAY + 5 * MINUTE)

    assert list(verify_wall.find()) == []
    counting.count_new(now=MONDAY + 10 * MINUTE)
    assert list(verify_wall.find()) == []
    assert DailyCount.objects.filter(key="logged:Street light out").exists() is not erased


def close_and_erase(case, *, now):
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=now)
    case_answers.is_right(case.pk, touch, now=now)
    counting.count_new(now=now)
    erasing.erase(case.customer_id, because=ErasedBecause.ASKED, now=now + MINUTE)


@pytest.mark.parametrize("raw", [{"id": "1", "title": "Street light out"}, {"kind": ""}])
def test_what_only_bears_the_name_of_a_log_is_counted_by_what_it_is_for(raw):
    case = a_case()
    Report.objects.create(
        case=case, source="log of the old desk", external_id="1", channel="signal", raw=raw,
        happened_at=MONDAY, recorded_at=MONDAY,
    )  # fmt: skip
    counting.count_all(now=MONDAY)

    assert not DailyCount.objects.filter(key__startswith="logged:").exists()


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
