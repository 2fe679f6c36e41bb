"""What holds for every calendar, moment and amount, above all on nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from calendar_examples import (
    APIA,
    BERLIN,
    HAVANA,
    LONDON,
    LORD_HOWE,
    NEW_YORK,
    hours,
)
from makegood.rules.amounts import MINUTES_EACH
from makegood.rules.workinghours import (
    Amount,
    Calendar,
    Interval,
    Unit,
    add,
    always_open,
    closing_after,
    day_opens_at,
    due_after,
    is_open,
    next_opening,
    open_time_between,
)

MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
ZONES = st.sampled_from([BERLIN, LONDON, NEW_YORK, APIA, LORD_HOWE, HAVANA, ZoneInfo("UTC")])
# Around nights of change, as well as anywhere between 2005 and 2027.
NIGHTS = st.sampled_from(
    [
        datetime(2026, 3, 29, tzinfo=UTC),
        datetime(2026, 10, 25, tzinfo=UTC),
        datetime(2026, 3, 8, tzinfo=UTC),
        datetime(2026, 11, 1, tzinfo=UTC),
        datetime(2026, 4, 4, 15, tzinfo=UTC),
        datetime(2026, 10, 3, 15, tzinfo=UTC),
        datetime(2011, 12, 30, 10, tzinfo=UTC),
    ]
)
STARTS = st.one_of(
    st.datetimes(
        datetime.fromisoformat("2005-01-01"),
        datetime.fromisoformat("2027-01-01"),
        timezones=st.just(UTC),
    ),
    st.builds(
        lambda night, minutes: night + minutes * MINUTE, NIGHTS, st.integers(-3 * 1440, 3 * 1440)
    ),
)
EDGES = st.lists(
    st.integers(0, 96).map(lambda quarter: quarter * 15), min_size=0, max_size=6, unique=True
).map(sorted)
OPEN_DAYS = EDGES.map(
    lambda edges: tuple(
        Interval(opens=opens, closes=closes)
        for opens, closes in zip(edges[::2], edges[1::2], strict=False)
    )
)
WORKING_TIME = (Unit.WORKING_MINUTES, Unit.WORKING_HOURS)
WEEKS = st.lists(OPEN_DAYS, min_size=7, max_size=7).map(tuple).filter(any)


@st.composite
def calendars(draw, weeks=WEEKS):
    days = st.dates(date(2005, 1, 1), date(2027, 12, 31))
    return Calendar(
        name="drawn",
        zone=draw(ZONES),
        week=draw(weeks),
        holidays=draw(st.dictionaries(days, st.just("a holiday"), max_size=5)),
        known_until=date(2100, 1, 1),
    )


def amounts(units=Unit):
    return st.builds(Amount, quantity=st.integers(1, 300), unit=st.sampled_from(list(units)))


@given(calendar=calendars(), start=STARTS, a=st.integers(1, 5000), b=st.integers(1, 5000))
def test_working_minutes_add_up(calendar, start, a, b):
    def plus(moment, minutes):
        amount = Amount(quantity=minutes, unit=Unit.WORKING_MINUTES)
        return due_after(moment, amount, calendar=calendar)

    assert plus(start, a + b) == plus(plus(start, a), b)


@given(calendar=calendars(), start=STARTS, amount=amounts(WORKING_TIME))
def test_the_open_time_up_to_the_due_time_is_the_amount(calendar, start, amount):
    due_at = due_after(start, amount, calendar=calendar)
    minutes = amount.quantity * MINUTES_EACH[amount.unit]
    assert open_time_between(start, due_at, calendar=calendar) == minutes * MINUTE


@given(
    calendar=calendars(),
    start=STARTS,
    later=st.integers(0, 5 * 1440),
    amount=amounts(MINUTES_EACH),
)
def test_who_asks_later_is_never_due_earlier(calendar, start, later, amount):
    assert due_after(start, amount, calendar=calendar) <= due_after(
        start + later * MINUTE, amount, calendar=calendar
    )


@given(
    calendar=calendars(),
    start=STARTS,
    later=st.integers(0, 5 * 1440),
    amount=amounts([Unit.DAYS, Unit.WEEKS, Unit.WORKING_DAYS]),
)
def test_who_asks_later_is_never_due_earlier_by_days_either(calendar, start, later, amount):
    # Except within the hour that comes twice: 02:50, then 02:10 again, keep their wall times.
    assume(not start.astimezone(calendar.zone).fold)
    assume(not (start + later * MINUTE).astimezone(calendar.zone).fold)
    assert due_after(start, amount, calendar=calendar) <= due_after(
        start + later * MINUTE, amount, calendar=calendar
    )


@given(calendar=calendars(), start=STARTS, amount=amounts())
def test_whatever_is_promised_is_due_after_it_was_asked(calendar, start, amount):
    assert due_after(start, amount, calendar=calendar) > start


@given(
    calendar=calendars(),
    start=STARTS,
    amount=amounts(unit for unit in Unit if unit.is_working),
)
def test_working_amounts_are_due_while_open_or_at_closing_time(calendar, start, amount):
    due_at = due_after(start, amount, calendar=calendar)
    closing = not is_open(due_at, calendar=calendar)
    assert not closing or is_open(due_at - INSTANT, calendar=calendar)


@given(calendar=calendars(), start=STARTS, days=st.integers(1, 60))
def test_working_days_pass_one_working_day_each(calendar, start, days):
    amount = Amount(quantity=days, unit=Unit.WORKING_DAYS)
    due_at = due_after(start, amount, calendar=calendar)
    first = next_opening(start, calendar=calendar).astimezone(calendar.zone).date()
    last = (due_at - INSTANT).astimezone(calendar.zone).date()
    between = (first + timedelta(days=i) for i in range(1, (last - first).days + 1))
    passed = sum(day_opens_at(day, calendar=calendar) is not None for day in between)
    # One due at 00:00 sharp has passed the midnight before its own day only.
    assert passed in {days, days - 1}
    assert passed == days or due_at.astimezone(calendar.zone).time().minute == 0


@given(calendar=calendars(), moment=STARTS)
def test_an_opening_is_the_first_open_moment(calendar, moment):
    opening = next_opening(moment, calendar=calendar)
    assert is_open(opening, calendar=calendar)
    assert open_time_between(moment, opening, calendar=calendar) == timedelta()
    assert (opening == moment) == is_open(moment, calendar=calendar)


@given(calendar=calendars(), moment=STARTS)
def test_a_closing_ends_the_open_time_after_the_next_opening(calendar, moment):
    closes = closing_after(moment, calendar=calendar)
    if closes is not None:
        assert not is_open(closes, calendar=calendar)
        opening = next_opening(moment, calendar=calendar)
        assert open_time_between(opening, closes, calendar=calendar) == closes - opening


@given(zone=ZONES, start=STARTS, minutes=st.integers(1, 10_000))
def test_around_the_clock_working_time_is_elapsed_time(zone, start, minutes):
    # Zammad's 24/7 hours were closed for the last minute of each day (zammad/zammad#3180).
    working = Amount(quantity=minutes, unit=Unit.WORKING_MINUTES)
    elapsed = Amount(quantity=minutes, unit=Unit.MINUTES)
    calendar = always_open(zone)
    assert due_after(start, working, calendar=calendar) == start + minutes * MINUTE
    assert due_after(start, elapsed, calendar=calendar) == start + minutes * MINUTE
    assert open_time_between(start, start + minutes * MINUTE, calendar=calendar) == (
        minutes * MINUTE
    )


@given(calendar=calendars(), start=STARTS, amount=amounts())
def test_every_due_time_has_a_trace_of_whole_sentences(calendar, start, amount):
    computed = add(start, amount, calendar=calendar)
    assert computed.due_at == due_after(start, amount, calendar=calendar)
    assert computed.due_at.tzinfo is UTC
    assert computed.trace[0].startswith("Asked on ")
    assert computed.trace[-1].startswith("Due on ")
    assert all(sentence.endswith(".") for sentence in computed.trace)


@given(
    calendar=calendars(st.just((hours((9, 17)),) * 5 + ((), ()))),
    start=STARTS,
    amount=amounts(),
)
def test_the_zone_of_the_start_does_not_matter(calendar, start, amount):
    there = due_after(start.astimezone(LORD_HOWE), amount, calendar=calendar)
    assert there == due_after(start, amount, calendar=calendar)
