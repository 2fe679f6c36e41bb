"""What comes again, and when a change is real."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import learning
from makegood.rules.escalation import Role
from makegood.rules.learning import Again, Came, Effect, Seen
from makegood.rules.metrics.control import Count
from metric_stories import after

DAY = timedelta(days=1)
STEADY = [Count(hits=hits, n=40) for hits in (8, 10, 9, 11, 8, 10, 9, 11, 10, 9, 8, 11, 10)]


def seen(case: int, day: float, *, kind: Again = Again.CAUSE, key: str = "1", **more) -> Seen:
    return Seen(
        **{"kind": kind, "key": key, "case": case, "failure": f"case:{case}", "at": after(days=day)}
        | more
    )


@pytest.mark.parametrize(
    ("kind", "days", "comes"),
    [
        (Again.CAUSE, 30, True),
        (Again.CAUSE, 30.01, False),
        (Again.SITE, 30, True),
        (Again.ASSET, 90, True),
        (Again.ASSET, 90.01, False),
    ],
)
def test_twice_within_its_period_is_again(kind, days, comes):
    found = learning.came_again([seen(1, 0, kind=kind), seen(2, days, kind=kind)])

    assert bool(found) is comes


def test_the_cases_of_one_incident_are_one_failure():
    same = [seen(case, 0, failure="incident:7") for case in (1, 2, 3)]

    assert learning.came_again(same) == ()
    assert learning.came_again([*same, seen(4, 1)]) == (
        Came(kind=Again.CAUSE, key="1", cases=(1, 2, 3, 4)),
    )


def test_things_are_kept_apart_by_kind_and_key():
    apart = [seen(1, 0), seen(2, 0, key="2"), seen(3, 0, kind=Again.GAP)]

    assert learning.came_again(apart) == ()


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 200)), max_size=12))
def test_what_came_again_never_depends_on_the_order(times):
    some = [seen(case, day) for case, day in times]

    assert learning.came_again(some) == learning.came_again(some[::-1])


def test_the_ladder_of_questions_ends_with_the_head():
    assert [learning.next_role(role) for role in (Role.OWNER, Role.LEAD, Role.HEAD)] == [
        Role.LEAD,
        Role.HEAD,
        None,
    ]


@pytest.mark.parametrize(
    ("since", "effect"),
    [
        ([9, 11, 10, 8, 9, 10], Effect.NOISE),
        ([9, 10], Effect.TOO_FEW),
        ([9, 1, 0, 1], Effect.BETTER),
        ([9, 8, 25], Effect.WORSE),
        ([1, 0, 1, 0, 24, 25], Effect.WORSE),
        ([], Effect.TOO_FEW),
    ],
)
def test_a_change_counts_as_real_only_when_the_rule_of_its_chart_says_so(since, effect):
    watched = learning.watch(STEADY, [Count(hits=hits, n=40) for hits in since], shipped=True)

    assert watched.effect is effect


def test_without_enough_weeks_before_nothing_is_said_of_a_change():
    watched = learning.watch(STEADY[:7], [Count(hits=0, n=40)] * 20, shipped=True)

    assert watched.effect is Effect.TOO_FEW


def test_a_change_that_is_not_in_force_has_no_effect_yet():
    assert learning.watch(STEADY, [], shipped=False).effect is Effect.NOT_SHIPPED


def test_limits_never_move_by_what_came_after_the_change():
    one = learning.watch(STEADY, [Count(hits=1, n=40)], shipped=True)
    other = learning.watch(STEADY, [Count(hits=40, n=40)], shipped=True)

    assert one.after.mean == other.after.mean
    assert one.after.points[0].low == other.after.points[0].low
