"""What was over when a log came in: written once, counted as kept or broken, and left alone."""

from datetime import timedelta

import pytest

from makegood.actions.past_promises import keep_past
from makegood.clockwork import counting
from makegood.queries import verify, verify_wall
from makegood.records.models import Case, CountedCase, CountingPlace, DailyCount, PastPromise
from past_world import an_outcome
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_case, a_team

pytestmark = pytest.mark.django_db

KEPT, LATE = an_outcome("1", hours=2), an_outcome("2", hours=2.01)


def counted() -> dict[tuple[str, str], tuple[int, int]]:
    rows = DailyCount.objects.filter(day__lt=MONDAY.date() - timedelta(days=1))
    return {(row.metric, row.key): (row.n, row.total) for row in rows}


def test_they_count_as_kept_or_broken_on_their_day_and_are_no_cases():
    many = keep_past([KEPT, LATE], team=a_team(), now=MONDAY)

    assert many == 2
    assert counted() == {("M01", ""): (2, 1), ("speakers", "log:city.csv"): (2, 1)}
    assert not Case.objects.exists()


def test_bringing_them_in_again_changes_nothing_and_adds_what_is_new():
    team = a_team()
    keep_past([KEPT], team=team, now=MONDAY)

    many = keep_past([KEPT, LATE, LATE], team=team, now=MONDAY)

    assert many == 1
    assert counted()["M01", ""] == (2, 1)


def test_counted_anew_they_count_the_same_and_the_wall_is_true():
    a_case()
    keep_past([KEPT, LATE], team=a_team(), now=MONDAY)
    before = counted()
    counting.count_all(now=MONDAY)
    again = counted()
    for counts in (DailyCount, CountedCase, CountingPlace):
        counts.objects.all().delete()
    counting.count_all(now=MONDAY)

    assert before == again == counted()
    assert verify.run() == []


def test_one_that_the_wall_lost_or_turned_round_is_found():
    keep_past([KEPT, LATE], team=a_team(), now=MONDAY)
    counting.count_all(now=MONDAY)
    kept = PastPromise.objects.get(external_id="1")

    DailyCount.objects.filter(metric="M01").update(values=[0, 0], total=0)

    assert [where for where, _what in verify_wall.find()] == [f"past promise {kept.pk}"]


@pytest.mark.parametrize("metric", ["M01", "speakers"])
@pytest.mark.parametrize(
    "attack",
    [
        "SET cases = cases || cases, values = values || values, n = 2, known = 2, total = 2",
        "SET day = day + 1",
        "SET team_id = (SELECT max(id) FROM records_team)",
        "SET key = key || '?'",
    ],
)
def test_one_that_counts_twice_or_where_it_does_not_belong_is_found(attack, metric):
    keep_past([KEPT], team=a_team(), now=MONDAY)
    a_team("elsewhere")
    counting.count_all(now=MONDAY)
    kept = PastPromise.objects.get()
    before = list(verify_wall.find())

    sql(f"UPDATE records_dailycount {attack} WHERE metric = %s", metric)

    assert before == []
    assert [where for where, _what in verify_wall.find()] == [f"past promise {kept.pk}"]


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        ("past_promise_was_said_then_done_then_recorded", {"due_at": KEPT.said_at}),
        (
            "past_promise_was_said_then_done_then_recorded",
            {"done_at": KEPT.said_at - timedelta(seconds=1)},
        ),
        (
            "past_promise_was_said_then_done_then_recorded",
            {"recorded_at": KEPT.done_at - timedelta(seconds=1)},
        ),
        ("past_promise_once", {}),
    ],
)
def test_the_database_refuses_what_cannot_have_been(law, wrong):
    team = a_team()
    row = {
        "log": "city.csv", "external_id": "1", "name": "target", "team_id": team.pk,
        "said_at": KEPT.said_at, "due_at": KEPT.due_at, "done_at": KEPT.done_at,
        "recorded_at": MONDAY,
    }  # fmt: skip
    if not wrong:
        keep_past([KEPT], team=team, now=MONDAY)

    with refused_by(law):
        insert("records_pastpromise", **(row | wrong))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE records_pastpromise SET done_at = due_at",
        "DELETE FROM records_pastpromise",
    ],
)
def test_what_a_log_said_stays(attack):
    keep_past([LATE], team=a_team(), now=MONDAY)

    with refused_by("past_promise_stays"):
        sql(attack)
