"""Words that say when, read against a moment; and no date where the words name none."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_examples import office
from makegood.rules.timewords.moment import Frame, Precision
from makegood.rules.timewords.reading import find
from makegood.rules.wording.prose import fold

LONDON = ZoneInfo("Europe/London")
WEDNESDAY = Frame(now=datetime(2026, 6, 3, 9, tzinfo=UTC), zone=LONDON)  # 10:00 there
PIECES = [
    *("by", "5pm", "tomorrow", "Friday", "within", "3", "business days", "31/12", "Feb 30", "at"),
    *("next week", "soon", "the 31st", "between", "and", "25:00", "until", "in", "spring", ","),
]
WORDS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=14).map(" ".join)


def read(text, frame=WEDNESDAY):
    return find(fold(text), frame=frame)


def wall(moment):
    return None if moment is None else moment.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "words", "earliest", "due"),
    [
        ("We ring by 5pm.", "by 5pm", None, "2026-06-03 17:00"),
        ("We ring by 9 am.", "by 9 am", None, "2026-06-04 09:00"),
        ("We ring by 5 on Friday.", "by 5 on Friday", None, "2026-06-05 17:00"),
        ("before noon tomorrow", "before noon tomorrow", None, "2026-06-04 12:00"),
        ("on Friday", "on Friday", "2026-06-05 00:00", "2026-06-05 23:59"),
        ("by Friday", "by Friday", None, "2026-06-05 23:59"),
        ("done by the end of 2026.", "by the end of 2026", None, "2026-12-31 23:59"),
        ("in 2028", "in 2028", "2028-01-01 00:00", "2028-12-31 23:59"),
        ("within the week", "within the week", None, "2026-06-10 23:59"),
        ("within the day", "within the day", None, "2026-06-03 23:59"),
        ("It comes on 12 June.", "on 12 June", "2026-06-12 00:00", "2026-06-12 23:59"),
        ("before Friday", "before Friday", None, "2026-06-04 23:59"),
        ("next Tuesday", "next Tuesday", "2026-06-09 00:00", "2026-06-09 23:59"),
        ("by Monday evening", "by Monday evening", None, "2026-06-08 21:00"),
        ("Friday 12 June at 16:00", "Friday 12 June at 16:00", *["2026-06-12 16:00"] * 2),
        ("on 06/12", "on 06/12", "2026-06-12 00:00", "2026-06-12 23:59"),
        ("on 2026-07-01", "on 2026-07-01", "2026-07-01 00:00", "2026-07-01 23:59"),
        ("on the 1st", "on the 1st", "2026-07-01 00:00", "2026-07-01 23:59"),
        ("within 24 hours", "within 24 hours", None, "2026-06-04 10:00"),
        ("24-48 hours", "24-48 hours", "2026-06-04 10:00", "2026-06-05 10:00"),
        ("within the hour", "within the hour", None, "2026-06-03 11:00"),
        ("within 1-2 business days", "within 1-2 business days", None, "2026-06-05 23:59"),
        ("in 3 business days", "in 3 business days", None, "2026-06-08 23:59"),
        ("in two weeks", "in two weeks", None, "2026-06-17 23:59"),
        ("between Thursday and Friday", "between Thursday and Friday", "2026-06-04 00:00",
         "2026-06-05 23:59"),
        ("between 8 and 10 on Friday", "between 8 and 10 on Friday", "2026-06-05 08:00",
         "2026-06-05 10:00"),
        ("tommorow", "tommorow", "2026-06-04 00:00", "2026-06-04 23:59"),
        ("by the end of the week", "by the end of the week", None, "2026-06-07 23:59"),
        ("in late January", "in late January", "2027-01-21 00:00", "2027-01-31 23:59"),
        ("this summer", "this summer", "2026-06-03 00:00", "2026-08-31 23:59"),
    ],
)  # fmt: skip
def test_words_come_to_a_time(text, words, earliest, due):
    [found] = read(text)
    assert (found.words, wall(found.meaning.earliest), wall(found.meaning.due)) == (
        words,
        earliest,
        due,
    )


@pytest.mark.parametrize(
    ("text", "kind", "precision"),
    [
        ("on your next scheduled trash day", "round", Precision.ROUND),
        ("on the next collection day", "round", Precision.ROUND),
        ("as soon as possible", "vague", Precision.NONE),
        ("ASAP", "vague", Precision.NONE),
        ("a week or so", "nearly", Precision.NONE),
        ("during the next two construction seasons", "nearly", Precision.NONE),
        ("once the part is here", "event", Precision.NONE),
        ("within 7 days of receiving the parcel", "event", Precision.NONE),
        ("on Tuesdays", "moment", Precision.NONE),
        ("on 30 February", "moment", Precision.NONE),
    ],
)
def test_words_without_a_date_get_none(text, kind, precision):
    [found] = read(text)
    assert (found.kind, found.meaning.due, found.meaning.precision) == (kind, None, precision)


@pytest.mark.parametrize(
    "text",
    [
        "2 days ago",
        "the 3rd floor",
        "we may march on",
        "order 12345",
        "$12",
        "",
        "a week",
        "room 2030",
        "and we use that one.",  # "at one" only where "at" is a word
        "we take that 5, nearby 6.",
    ],
)
def test_what_is_no_time_ahead_is_not_read_as_one(text):
    assert all(found.meaning.due is None for found in read(text)) or text == "a week"


def test_working_days_are_counted_on_the_calendar():
    frame = Frame(now=datetime(2026, 12, 24, 10, tzinfo=UTC), zone=LONDON, calendar=office())
    [found] = read("within 2 business days", frame)
    assert found.meaning.due is not None
    assert found.meaning.due > read("within 2 days", frame)[0].meaning.due


def test_working_hours_without_a_calendar_cannot_be_counted():
    assert read("within 4 working hours")[0].meaning.due is None


def test_days_and_months_may_be_read_the_other_way_round():
    frame = Frame(now=WEDNESDAY.now, zone=LONDON, day_first=True)
    assert wall(read("on 06/12", frame)[0].meaning.due) == "2026-12-06 23:59"


def test_a_day_of_25_hours_ends_where_it_ends():
    frame = Frame(now=datetime(2026, 10, 24, 12, tzinfo=UTC), zone=LONDON)
    assert wall(read("by Sunday", frame)[0].meaning.due) == "2026-10-25 23:59"


@pytest.mark.parametrize("text", ["by 9999-12-31", "on 0001-01-01", "by 99/99", "0 days", "25:61"])
def test_a_day_beyond_every_calendar_is_no_date(text):
    assert all(found.meaning.due is None for found in read(text))


def test_a_day_that_the_zone_skipped_does_not_begin_after_its_end():
    samoa = Frame(now=datetime(2011, 12, 1, tzinfo=UTC), zone=ZoneInfo("Pacific/Apia"))
    [found] = read("on 2011-12-30", samoa)
    assert found.meaning.due is not None
    assert found.meaning.earliest is None


@given(WORDS)
def test_expressions_lie_in_order_within_the_text(text):
    found = read(text)
    assert all(text[one.start : one.end] == one.words for one in found)
    assert all(one.start < one.end for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(WORDS, st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_nothing_is_due_before_its_earliest(text, now):
    for one in read(text, Frame(now=now, zone=LONDON)):
        if one.meaning.due and one.meaning.earliest:
            assert one.meaning.earliest <= one.meaning.due
