"""A promise is settled once, as of the moment it happened; the edges are a microsecond wide."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.rules import promises
from makegood.rules.promises import (
    AlreadySettledError,
    NotYetDueError,
    Outcome,
    Promise,
    PromiseError,
    Standing,
    ToldTooLateError,
    WindowError,
)

SAID = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
DUE = SAID + timedelta(hours=8)
GRACE = timedelta(minutes=15)
INSTANT = timedelta(microseconds=1)
ENDS = [promises.fulfil, promises.release, promises.supersede]

moments = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)).map(
    lambda after: SAID + after
)
edges = st.sampled_from([SAID, DUE, DUE + GRACE]).flatmap(
    lambda edge: st.sampled_from([edge - INSTANT, edge, edge + INSTANT])
)
anytime = moments | edges
settled_promises = st.builds(
    lambda end, at: end(a_promise(), at=at), st.sampled_from(ENDS), anytime
)


def a_promise(**change) -> Promise:
    return Promise(**{"said_at": SAID, "due_at": DUE, "grace": GRACE} | change)


@pytest.mark.parametrize(
    ("at", "outcome", "settled_at"),
    [
        (SAID, Outcome.KEPT, SAID),
        (DUE - INSTANT, Outcome.KEPT, DUE - INSTANT),
        (DUE, Outcome.KEPT, DUE),  # "by five" includes five o'clock
        (DUE + INSTANT, Outcome.BROKEN, DUE),  # broken when it fell due, not when it was done
        (DUE + GRACE, Outcome.BROKEN, DUE),  # grace is time for news to arrive, not more time
    ],
)
def test_a_deed_keeps_a_promise_only_in_time(at, outcome, settled_at):
    settled = promises.fulfil(a_promise(), at=at)

    assert (settled.outcome, settled.settled_at) == (outcome, settled_at)


@pytest.mark.parametrize("now", [SAID, DUE, DUE + INSTANT, DUE + GRACE])
def test_the_clock_breaks_nothing_before_its_grace_has_passed(now):
    with pytest.raises(NotYetDueError):
        promises.lapse(a_promise(), now=now)


@pytest.mark.parametrize("grace", [timedelta(0), GRACE])
@pytest.mark.parametrize("after", [INSTANT, timedelta(days=9)])
def test_the_clock_breaks_a_promise_as_of_its_due_time_however_late_it_looks(grace, after):
    broken = promises.lapse(a_promise(grace=grace), now=DUE + grace + after)

    assert (broken.outcome, broken.settled_at) == (Outcome.BROKEN, DUE)


@pytest.mark.parametrize(
    ("end", "outcome"),
    [(promises.release, Outcome.RELEASED), (promises.supersede, Outcome.REPLACED)],
)
@pytest.mark.parametrize("at", [SAID, DUE - INSTANT, DUE])
def test_the_customer_ends_a_promise_up_to_its_due_time(end, outcome, at):
    ended = end(a_promise(), at=at)

    assert (ended.outcome, ended.settled_at) == (outcome, at)


@pytest.mark.parametrize("end", [promises.release, promises.supersede])
def test_after_its_due_time_even_the_customer_cannot_undo_the_break(end):
    ended = end(a_promise(), at=DUE + INSTANT)

    assert (ended.outcome, ended.settled_at) == (Outcome.BROKEN, DUE)


@given(settled_promises, anytime)
def test_a_promise_is_settled_once(settled, at):
    for end in ENDS:
        with pytest.raises(AlreadySettledError):
            end(settled, at=at)
    with pytest.raises(AlreadySettledError):
        promises.lapse(settled, now=DUE + GRACE + INSTANT)
    with pytest.raises(AlreadySettledError):
        promises.revise(settled, due_at=at + INSTANT, told_at=SAID)


@given(settled_promises)
def test_every_end_is_at_or_before_the_due_time_and_only_a_break_is_fixed_to_it(settled):
    assert settled.settled_at <= settled.due_at
    assert settled.outcome is not Outcome.BROKEN or settled.settled_at == settled.due_at
    assert not settled.is_open


@given(settled_promises)
def test_settling_changes_nothing_of_what_was_said(settled):
    assert (settled.said_at, settled.due_at, settled.grace) == (SAID, DUE, GRACE)


@pytest.mark.parametrize(
    ("told_at", "due_at"),
    [
        (SAID, DUE + INSTANT),
        (DUE, DUE + INSTANT),  # told at the last moment is told in time
        (SAID, SAID + INSTANT),  # an earlier date is a revision too
    ],
)
def test_a_new_date_counts_when_the_customer_heard_of_it_in_time(told_at, due_at):
    revised = promises.revise(a_promise(), due_at=due_at, told_at=told_at)

    assert revised == a_promise(due_at=due_at)
    assert revised.judge_after == due_at + GRACE


@given(told_at=anytime.filter(lambda at: at > DUE), later=moments)
def test_a_new_date_never_counts_after_the_old_one_passed(told_at, later):
    with pytest.raises(ToldTooLateError):
        promises.revise(a_promise(), due_at=later, told_at=told_at)


@pytest.mark.parametrize("due_at", [DUE - timedelta(hours=1), DUE - timedelta(hours=2)])
def test_a_new_date_lies_after_the_moment_it_was_told(due_at):
    told_at = DUE - timedelta(hours=1)

    with pytest.raises(WindowError, match="had passed when it was told"):
        promises.revise(a_promise(), due_at=due_at, told_at=told_at)


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        (SAID, Standing.ON_TRACK),
        (DUE - timedelta(hours=1) - INSTANT, Standing.ON_TRACK),
        (DUE - timedelta(hours=1), Standing.AT_RISK),
        (DUE, Standing.AT_RISK),  # nobody has broken it yet
        (DUE + INSTANT, Standing.OVERDUE),
        (DUE + GRACE, Standing.OVERDUE),
        (DUE + timedelta(days=9), Standing.OVERDUE),
    ],
)
def test_an_open_promise_stands_as_the_moment_has_it(now, standing):
    warned_at = DUE - timedelta(hours=1)

    assert promises.standing(a_promise(), now=now, warned_at=warned_at) is standing


@given(settled_promises, anytime, anytime)
def test_a_settled_promise_stands_as_it_was_settled_for_ever(settled, now, warned_at):
    found = promises.standing(settled, now=now, warned_at=warned_at)

    assert found.value == settled.outcome.value


@given(now=anytime, warned_at=anytime)
def test_no_promise_is_ever_called_on_track_or_at_risk_after_its_due_time(now, warned_at):
    found = promises.standing(a_promise(), now=now, warned_at=warned_at)

    assert (found is Standing.OVERDUE) == (now > DUE)


@pytest.mark.parametrize(
    ("earliest", "due"), [(None, INSTANT), (-INSTANT, INSTANT), (INSTANT, INSTANT)]
)
def test_a_window_closes_after_it_was_given_and_not_before_it_opens(earliest, due):
    earliest_at = None if earliest is None else SAID + earliest

    promises.check_window(said_at=SAID, earliest_at=earliest_at, due_at=SAID + due)


@pytest.mark.parametrize(
    ("earliest", "due", "why"),
    [
        (None, timedelta(0), "only given at"),
        (None, -INSTANT, "only given at"),
        (2 * INSTANT, INSTANT, "after it closes"),
    ],
)
def test_a_window_that_nobody_could_keep_is_refused(earliest, due, why):
    earliest_at = None if earliest is None else SAID + earliest

    with pytest.raises(WindowError, match=why):
        promises.check_window(said_at=SAID, earliest_at=earliest_at, due_at=SAID + due)


def test_every_refusal_speaks_in_a_sentence_of_its_own():
    refusals = PromiseError.__subclasses__()

    assert [str(refusal()) for refusal in refusals] == [refusal.__doc__ for refusal in refusals]
    assert str(WindowError("Another", "sentence.")) == "Another sentence."


LONDON, CAIRO, HAVANA = (ZoneInfo(f"{z}") for z in ("Europe/London", "Africa/Cairo", "Cuba"))


@pytest.mark.parametrize(
    ("day", "zone", "next_day"),
    [
        (date(2026, 6, 5), LONDON, datetime(2026, 6, 5, 23, tzinfo=UTC)),
        (date(2026, 3, 29), LONDON, datetime(2026, 3, 29, 23, tzinfo=UTC)),  # a day of 23 hours
        (date(2026, 10, 25), LONDON, datetime(2026, 10, 26, 0, tzinfo=UTC)),  # a day of 25 hours
        # Midnight does not come: the clocks go from 24:00 to 01:00 of Friday.
        (date(2026, 4, 23), CAIRO, datetime(2026, 4, 23, 22, tzinfo=UTC)),
        # Thursday's last hour comes twice; the day ends after the second.
        (date(2026, 10, 29), CAIRO, datetime(2026, 10, 29, 22, tzinfo=UTC)),
        # Midnight comes twice; the day ends at the first.
        (date(2026, 10, 31), HAVANA, datetime(2026, 11, 1, 4, tzinfo=UTC)),
        # Samoa went from Thursday to Saturday.
        (date(2011, 12, 29), ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        # The clocks went from 23:30 to 00:30, so that midnight lay in the middle of the gap.
        (date(1919, 3, 30), ZoneInfo("America/Toronto"), datetime(1919, 3, 31, 4, 30, tzinfo=UTC)),
    ],
)
def test_a_local_day_ends_where_it_ends(day, zone, next_day):
    assert promises.end_of_day(day, zone) == next_day - INSTANT


@settings(max_examples=50)  # each reads another zone from the disk
@given(
    day=st.dates(min_value=date(1950, 1, 1), max_value=date(2060, 1, 1)),
    zone=st.timezone_keys().map(ZoneInfo),
)
def test_the_end_of_a_day_is_the_last_moment_of_that_day(day, zone):
    end = promises.end_of_day(day, zone)

    assert (end + INSTANT).astimezone(zone).date() > day
    assert end.astimezone(zone).date() <= day  # less, only where the zone skipped the day itself


@settings(max_examples=50)  # as above
@given(
    start=st.dates(min_value=date(1950, 1, 1), max_value=date(2060, 1, 1)),
    zone=st.timezone_keys().map(ZoneInfo),
)
def test_a_later_day_never_ends_earlier(start, zone):
    ends = [promises.end_of_day(start + timedelta(days=days), zone) for days in range(4)]

    assert all(earlier <= later for earlier, later in pairwise(ends))
    assert {end.utcoffset() for end in ends} == {timedelta(0)}
