"""Free times of crews, and which is best for the customer."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import slots
from makegood.rules.calendars import Calendar, Interval, Window
from makegood.rules.severity import Severity
from makegood.rules.slots import Offer, Turn, Why, Wish

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 7, 6, 8, 0, tzinfo=UTC)  # 09:00 in London
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = Calendar(
    name="crew",
    zone=LONDON,
    week=((Interval(opens=540, closes=720), Interval(opens=780, closes=1020)),) * 5 + ((), ()),
    known_until=date(2027, 12, 31),
)
MORNINGS = ((Interval(opens=480, closes=720),),) * 7


def window(hours: float, *, length: int = 2) -> Window:
    opens = MONDAY + timedelta(hours=hours)
    return Window(opens=opens, closes=opens + length * HOUR)


def wish(**more) -> Wish:
    plain = {
        "zone": LONDON,
        "severity": Severity.P3,
        "since": MONDAY,
        "promised_at": MONDAY,
    }
    return Wish(**plain | more)


def free(taken=(), *, capacity: int = 1, since=MONDAY, days: int = 1):
    return list(
        slots.free(
            OFFICE, taken, capacity=capacity, length=2 * HOUR, since=since, until=since + days * DAY
        )
    )


def test_a_crews_day_is_cut_into_windows_that_fit_its_hours():
    assert free() == [(1, window(0)), (1, window(4)), (1, window(6))]


def test_what_is_taken_is_not_free_unless_the_crew_can_do_two_at_once():
    taken = [(1, window(4))]
    assert free(taken) == [(1, window(0)), (1, window(6))]
    assert free(taken, capacity=2) == [(1, window(0)), (2, window(4)), (1, window(6))]
    assert free([(1, window(3))]) == [(1, window(0)), (1, window(6))]


def test_no_time_begins_before_one_can_come():
    assert free(since=MONDAY + HOUR) == [(1, window(4)), (1, window(6))]


def test_the_times_end_where_the_calendar_does():
    far = datetime(2027, 12, 31, 9, 0, tzinfo=UTC)
    assert [lane for lane, _window in free(since=far, days=30)] == [1, 1, 1]


@given(
    starts=st.lists(st.integers(min_value=0, max_value=200), max_size=30),
    capacity=st.integers(min_value=1, max_value=3),
)
def test_booking_every_free_time_never_books_twice(starts, capacity):
    taken: list[tuple[int, Window]] = []
    for _ in starts:
        found = free(taken, capacity=capacity, days=7)
        if not found:
            break
        taken.append(found[min(_, len(found) - 1)])

    assert all(
        one[0] != other[0] or one[1].closes <= other[1].opens or other[1].closes <= one[1].opens
        for n, one in enumerate(taken)
        for other in taken[:n]
    )


def test_what_suits_the_customer_comes_before_what_is_sooner():
    soon = Offer(crew=1, lane=1, window=window(5))
    morning = Offer(crew=1, lane=1, window=window(24 * 8))

    best = slots.rank([soon, morning], wish(week=MORNINGS))

    assert [each.offer for each in best] == [morning, soon]
    assert best[0].why == (Why.SUITS,)
    assert best[1].why == (Why.DOES_NOT_SUIT, Why.SOONEST)


@pytest.mark.parametrize(("severity", "woken"), [(Severity.P1, True), (Severity.P2, False)])
def test_nobody_who_named_no_hours_is_woken_unless_it_is_most_severe(severity, woken):
    night = Offer(crew=1, lane=1, window=window(17))  # from two o'clock
    morning = Offer(crew=1, lane=1, window=window(24))

    best = slots.rank([morning, night], wish(severity=severity))

    assert [each.offer for each in best] == ([night, morning] if woken else [morning, night])
    assert (Why.AT_NIGHT in best[-1].why) is not woken
    assert all(Why.DOES_NOT_SUIT not in each.why for each in best)


def test_within_a_step_of_waiting_the_shorter_way_wins_and_beyond_it_the_sooner():
    far_but_soon = Offer(crew=1, lane=1, window=window(4), way=3)
    near_same_step = Offer(crew=2, lane=1, window=window(25), way=1)
    near_but_late = Offer(crew=3, lane=1, window=window(24 * 5), way=0)

    best = slots.rank([near_but_late, far_but_soon, near_same_step], wish())

    assert [each.offer for each in best] == [near_same_step, far_but_soon, near_but_late]
    assert Why.NEAR in best[0].why


@pytest.mark.parametrize(
    ("severity", "weeks", "step"),
    [
        (Severity.P1, 0, 2 * HOUR),
        (Severity.P3, 0, 2 * DAY),
        (Severity.P3, 1, DAY),
        (Severity.P4, 2, DAY),
        (Severity.P4, 20, 6 * HOUR),
        (Severity.P2, 20, 2 * HOUR),
    ],
)
def test_the_severer_and_the_older_the_shorter_the_step(severity, weeks, step):
    waiting = wish(severity=severity, promised_at=MONDAY - timedelta(weeks=weeks))
    assert slots.step_of(waiting) == step


OFFERS = st.lists(
    st.builds(
        Offer,
        crew=st.integers(1, 4),
        lane=st.integers(1, 2),
        window=st.integers(0, 500).map(window),
        way=st.integers(0, 3),
    ),
    unique=True,
    max_size=12,
)
WISHES = st.builds(
    wish,
    severity=st.sampled_from(Severity),
    week=st.sampled_from([(), MORNINGS]),
    promised_at=st.integers(0, 60).map(lambda days: MONDAY - days * DAY),
)


@given(offers=OFFERS, asked=WISHES, data=st.data())
def test_the_order_is_stable(offers, asked, data):
    shuffled = data.draw(st.permutations(offers))
    order = [each.offer for each in slots.rank(offers, asked)]

    assert [each.offer for each in slots.rank(shuffled, asked)] == order
    if len(order) > 1:  # what is left when another goes stays in its order
        gone = data.draw(st.sampled_from(order))
        rest = [offer for offer in order if offer != gone]
        assert [each.offer for each in slots.rank(rest, asked)] == rest


@given(offers=OFFERS, asked=WISHES)
def test_nothing_that_suits_stands_behind_what_does_not(offers, asked):
    does = [
        slots.suits(each.offer.window, week=asked.week, zone=asked.zone)
        for each in slots.rank(offers, asked)
    ]
    assert does == sorted(does, reverse=True)


def test_each_time_is_offered_once():
    one = Offer(crew=1, lane=1, window=window(0), way=2)
    same = Offer(crew=2, lane=1, window=window(0), way=1)
    assert [each.offer for each in slots.by_time(slots.rank([one, same], wish()))] == [same]


def test_who_waits_for_the_severest_and_longest_chooses_first():
    turns = [
        Turn(visit=1, severity=3, promised_at=MONDAY - DAY),
        Turn(visit=2, severity=1, promised_at=MONDAY),
        Turn(visit=3, severity=3, promised_at=MONDAY - 2 * DAY),
    ]
    assert slots.in_turn(turns) == (2, 3, 1)


def test_hours_that_meet_are_one():
    week = ((Interval(opens=480, closes=600), Interval(opens=600, closes=720)),) * 7
    assert slots.suits(window(0), week=week, zone=LONDON)
    assert not slots.suits(window(2), week=week, zone=LONDON)


def test_a_late_time_is_one_that_somebody_above_must_hear_of():
    assert slots.is_in_time(MONDAY + 2 * DAY, since=MONDAY, severity=Severity.P1)
    assert not slots.is_in_time(MONDAY + 2 * DAY + HOUR, since=MONDAY, severity=Severity.P1)
    assert slots.is_in_time(MONDAY + 20 * DAY, since=MONDAY, severity=Severity.P4)


@pytest.mark.parametrize(
    ("one", "others", "way"),
    [
        ("EX1 1SR", ["ex1 1sr"], 0),
        ("EX1 1SR", ["EX1 4QJ", "EX4 4QJ"], 1),
        ("EX1 1SR", ["EX4 4QJ"], 2),
        ("EX1 1SR", ["TQ1 1AA"], 3),
        ("EX1 1SR", [], 3),
        ("", ["EX1 1SR"], 3),
        ("10115", ["20115"], 3),
    ],
)
def test_the_way_is_judged_by_postcodes(one, others, way):
    assert slots.way_between(one, others) == way


@pytest.mark.parametrize(
    ("areas", "postcode", "comes"),
    [
        ([], "EX1 1SR", True),
        (["EX1", "EX2"], "ex2 4an", True),
        (["EX1"], "EX4 4QJ", False),
        (["EX"], "", False),
    ],
)
def test_a_crew_serves_its_areas(areas, postcode, comes):
    assert slots.serves(areas, postcode) is comes
