"""The ladder: rungs rise, speak strictly within the promise's span, and a break goes one higher."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import escalation
from makegood.rules.escalation import Ladder, LadderError, Role, Rung, Step
from makegood.rules.severity import Severity

SAID = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
DUE = SAID + timedelta(hours=8)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)

shares = st.lists(
    st.integers(1, 99).map(lambda percent: percent / 100), min_size=1, max_size=6, unique=True
).map(sorted)
roles = st.sampled_from(Role)
ladders = st.tuples(shares, st.lists(roles, min_size=6, max_size=6)).map(
    lambda both: a_ladder(*zip(*both, strict=False))
)
spans = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=400))
severities = st.sampled_from(Severity)


def a_ladder(*rungs: tuple[float, Role], unheard=HOUR, again=2 * HOUR) -> Ladder:
    return Ladder(
        rungs=tuple(Rung(share=share, role=role) for share, role in rungs),
        unheard_after=unheard,
        speak_again_after=again,
    )


LADDER = a_ladder((0.25, Role.OWNER), (0.5, Role.LEAD), (0.75, Role.HEAD))


def test_a_rung_speaks_at_its_share_of_the_span():
    assert escalation.steps(LADDER, said_at=SAID, due_at=DUE) == (
        Step(level=1, role=Role.OWNER, at=SAID + 2 * HOUR),
        Step(level=2, role=Role.LEAD, at=SAID + 4 * HOUR),
        Step(level=3, role=Role.HEAD, at=SAID + 6 * HOUR),
    )


@given(ladders, spans)
def test_steps_rise_and_lie_strictly_inside_the_span(ladder, span):
    steps = escalation.steps(ladder, said_at=SAID, due_at=SAID + span)

    assert all(SAID < step.at < SAID + span for step in steps)
    assert all(lower.at < higher.at for lower, higher in pairwise(steps))
    assert [step.level for step in steps] == list(range(1, len(ladder.rungs) + 1))


@given(ladders, spans)
def test_rungs_come_one_by_one_in_the_same_order(ladder, span):
    steps = escalation.steps(ladder, said_at=SAID, due_at=SAID + span)
    found = [
        escalation.next_step(ladder, said_at=SAID, due_at=SAID + span, reached=reached)
        for reached in range(len(steps) + 2)
    ]

    assert found == [*steps, None, None]


@pytest.mark.parametrize(
    ("role", "higher"),
    [
        (Role.OWNER, Role.LEAD),
        (Role.LEAD, Role.HEAD),
        (Role.HEAD, Role.EXECUTIVE),
        (Role.EXECUTIVE, Role.EXECUTIVE),
    ],
)
def test_above_everybody_but_the_executive_is_somebody(role, higher):
    assert escalation.above(role) is higher


@pytest.mark.parametrize(
    ("reached", "role"),
    [
        (0, Role.LEAD),  # nobody had spoken: above the owner
        (1, Role.LEAD),
        (2, Role.HEAD),
        (3, Role.EXECUTIVE),
        (9, Role.EXECUTIVE),  # a revision may have counted rungs of a longer ladder
    ],
)
def test_a_break_goes_one_above_whom_the_ladder_had_reached(reached, role):
    found = escalation.role_on_break(LADDER, reached=reached, severity=Severity.P3, breaks=1)

    assert found is role


@pytest.mark.parametrize(
    ("severity", "breaks", "minutes", "for_executive"),
    [
        (Severity.P1, 1, 0, False),
        (Severity.P1, 2, 0, True),
        (Severity.P2, 2, 0, True),
        (Severity.P3, 2, 0, False),
        (Severity.P4, 2, 0, False),
        (Severity.P4, 3, 0, True),
        (Severity.P4, 1, 120, False),
        (Severity.P4, 1, 121, True),
    ],
)
def test_the_executive_hears_of_repeated_breaks_and_of_much_lost_time(
    severity, breaks, minutes, for_executive
):
    found = escalation.role_on_break(
        LADDER, reached=0, severity=severity, breaks=breaks, customer_minutes=minutes
    )

    assert (found is Role.EXECUTIVE) == for_executive


@given(ladders, st.integers(0, 9), severities, st.integers(1, 9), st.integers(0, 500))
def test_a_break_never_stays_with_the_owner_and_never_goes_down(
    ladder, reached, severity, breaks, minutes
):
    order = list(Role)
    found = escalation.role_on_break(
        ladder, reached=reached, severity=severity, breaks=breaks, customer_minutes=minutes
    )
    told = [rung.role for rung in ladder.rungs[:reached]] or [Role.OWNER]

    assert found is not Role.OWNER
    assert order.index(found) >= order.index(told[-1])


@given(severities, st.integers(1, 9), st.integers(0, 9), st.integers(0, 500))
def test_another_break_never_reaches_somebody_lower(severity, breaks, reached, minutes):
    def index(count: int) -> int:
        role = escalation.role_on_break(
            LADDER, reached=reached, severity=severity, breaks=count, customer_minutes=minutes
        )
        return list(Role).index(role)

    assert index(breaks + 1) >= index(breaks)


@pytest.mark.parametrize(
    ("rungs", "why"),
    [
        ([], "at least one rung"),
        ([(0.0, Role.OWNER)], r"Rung 1 \(owner\) speaks at 0 of the span; it must lie above 0 and"),
        ([(1.0, Role.OWNER)], r"Rung 1 \(owner\) speaks at 1 of the span"),
        ([(-0.1, Role.OWNER)], "Rung 1"),
        ([(0.5, Role.OWNER), (0.5, Role.LEAD)], r"Rung 2 \(lead\) .* above 0.5 and below 1"),
        ([(0.5, Role.OWNER), (0.4, Role.LEAD)], r"Rung 2 \(lead\)"),
        ([(float("nan"), Role.OWNER)], "Rung 1"),
    ],
)
def test_a_ladder_that_nobody_would_hear_in_time_is_refused(rungs, why):
    with pytest.raises(LadderError, match=why):
        a_ladder(*rungs)


@pytest.mark.parametrize("wait", ["unheard", "again"])
def test_a_ladder_waits_longer_than_no_time_and_no_longer_than_a_year(wait):
    year = timedelta(days=366)
    for length in (INSTANT, year):
        a_ladder((0.5, Role.OWNER), **{wait: length})
    for length in (timedelta(0), -INSTANT, year + INSTANT):
        with pytest.raises(LadderError, match="longer than zero and at most 366 days"):
            a_ladder((0.5, Role.OWNER), **{wait: length})
