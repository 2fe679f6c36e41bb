"""What somebody outside decided on an end without a yes, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from asking import DECIDED, FAREWELL, HOUR, a_call, a_case_put_right, climb, keep
from makegood.actions import cases, corrections, erasing, partings, reopening, reviews
from makegood.actions.cases import ErasedError
from makegood.queries import verify
from makegood.queries.metrics.facts import read_facts
from makegood.records.models import ErasedBecause, Review
from makegood.rules.metrics.counting import count
from makegood.rules.reviews import (
    NoPartingError,
    ReviewDayError,
    ReviewVerdict,
    ReviewWordsMissingError,
)
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

DONE = MONDAY + HOUR
LATER = DONE + timedelta(days=90)
NOT_UPHELD = replace(DECIDED, verdict=ReviewVerdict.NOT_UPHELD)


@pytest.fixture
def case():
    case = a_case_put_right()
    climb(case, now=DONE)
    partings.part(case.pk, FAREWELL, by=case.team.executive, now=DONE)
    case.refresh_from_db()
    return case


def record(case, decision=DECIDED, *, now=LATER):
    return reviews.record(case.pk, decision, by=case.team.executive, now=now)


def samples(case, *, as_of):
    [facts] = read_facts([case.pk], as_of=as_of)
    return [(s.key, s.value) for s in count(facts) if s.metric == "M28"]


@pytest.mark.parametrize("verdict", [ReviewVerdict.UPHELD, ReviewVerdict.PARTLY_UPHELD])
def test_upheld_even_in_part_opens_it_again_with_its_owner_and_a_promise(case, verdict):
    owner = case.owner
    review = record(case, replace(DECIDED, verdict=verdict))

    case.refresh_from_db()
    assert (case.closed_at, case.closed_by_parting, case.owner) == (None, None, owner)
    assert case.promises.still_open().get().kind == "news"
    entries = case.timeline.filter(recorded_at=LATER).order_by("seq")
    assert [entry.kind for entry in entries][:2] == ["reviewed", "case_reopened"]
    assert review.parting == case.partings.get()
    assert verify.run() == []


def test_not_upheld_changes_nothing(case):
    record(case, NOT_UPHELD)

    case.refresh_from_db()
    assert case.closed_by_parting == case.partings.get()
    assert not case.promises.still_open().exists()
    assert Review.objects.get().words == DECIDED.words
    assert verify.run() == []


def test_a_case_that_is_open_again_already_stays_as_it_is(case):
    no = a_call(case, "This is not over.", now=DONE + HOUR, is_answer=True)
    reopening.reopen_case(case_id=case.pk, answer=no, now=DONE + HOUR)
    promised = case.promises.count()

    record(case)

    assert case.promises.count() == promised
    assert verify.run() == []


def test_a_yes_that_came_meanwhile_does_not_outweigh_what_they_found(case):
    no = a_call(case, "This is not over.", now=DONE + HOUR, is_answer=True)
    reopening.reopen_case(case_id=case.pk, answer=no, now=DONE + HOUR)
    for promise in case.promises.still_open():
        keep(promise, now=DONE + HOUR)
    yes = a_call(case, "Well, yes.", now=DONE + 2 * HOUR, is_answer=True)
    cases.close_case(case_id=case.pk, answer=yes, now=DONE + 2 * HOUR)

    record(case)

    case.refresh_from_db()
    assert case.closed_at is None


def test_there_is_an_end_without_a_yes_to_decide_on():
    with pytest.raises(NoPartingError):
        record(a_case())


@pytest.mark.parametrize("day", [MONDAY.date() - timedelta(days=1), date(2099, 1, 1)])
def test_they_decide_after_it_ended_and_not_later_than_today(case, day):
    with pytest.raises(ReviewDayError):
        record(case, replace(DECIDED, decided_on=day))
    assert not Review.objects.exists()


@pytest.mark.parametrize("gap", [{"reviewer": " "}, {"words": ""}])
def test_it_says_who_decided_and_what(case, gap):
    with pytest.raises(ReviewWordsMissingError):
        record(case, replace(DECIDED, **gap))


def test_nothing_is_recorded_of_who_was_erased(case):
    record(case, NOT_UPHELD)
    erasing.erase(case.customer_id, because=ErasedBecause.ASKED, now=LATER)
    assert Review.objects.get().words == "—"

    with pytest.raises(ErasedError):
        record(case)
    assert verify.run() == []


class TestTheMetric:
    """M28: of the ends without a yes that were decided on outside, those that did not stand."""

    def test_it_counts_once_it_is_known_and_not_before(self, case):
        record(case)
        assert samples(case, as_of=DONE) == [("", 1)]
        assert samples(case, as_of=LATER) == [("", 1), ("upheld", 1)]

    def test_the_newest_of_several_counts(self, case):
        record(case)
        record(case, NOT_UPHELD, now=LATER + HOUR)
        assert samples(case, as_of=LATER) == [("", 1), ("upheld", 1)]
        assert samples(case, as_of=LATER + HOUR) == [("", 1), ("upheld", 0)]

    def test_an_end_that_was_a_mistake_counts_nowhere(self, case):
        corrections.take_back_closing(case_id=case.pk, why="Wrong case.", by=a_person(), now=DONE)
        record(case, NOT_UPHELD)
        assert samples(case, as_of=LATER) == []


class TestLaws:
    """Kept by the database, also against psql."""

    def test_it_stays_as_it_was_recorded(self, case):
        record(case, NOT_UPHELD)
        with refused_by("review_stays"):
            sql("DELETE FROM records_review")
        with refused_by("review_stays_as_recorded"):
            sql("UPDATE records_review SET verdict = 'upheld'")

    @pytest.mark.parametrize(
        ("wrong", "law"),
        [
            ({"verdict": "perhaps"}, "review_verdict_is_known"),
            ({"words": ""}, "review_says_who_decided_and_what"),
            ({"reviewer": ""}, "review_says_who_decided_and_what"),
            ({"decided_on": MONDAY.date() - timedelta(days=1)}, "review_is_of_its_parting"),
            ({"decided_on": date(2099, 1, 1)}, "review_is_of_its_parting"),
            ({"recorded_at": MONDAY}, "review_is_of_its_parting"),
        ],
    )
    def test_it_says_who_and_what_and_when(self, case, wrong, law):
        with refused_by(law):
            insert("records_review", **a_row(case) | wrong)

    def test_it_is_of_its_own_case(self, case):
        other = a_case(customer=a_customer("Ann"))
        with refused_by("review_is_of_its_parting"):
            insert("records_review", **a_row(case) | {"case_id": other.pk})

    def test_one_that_was_upheld_behind_our_back_is_found(self, case):
        insert("records_review", **a_row(case))
        assert [fault.what for fault in verify.run()] == [
            "it was upheld, and its case did not open again"
        ]


def a_row(case):
    return {
        "case_id": case.pk, "parting_id": case.closed_by_parting_id, "reviewer": "Ombudsman",
        "decided_on": LATER.date(), "verdict": "upheld", "words": "x",
        "recorded_by_id": case.team.executive_id, "recorded_at": LATER,
    }  # fmt: skip
