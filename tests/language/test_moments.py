"""Moments in words, in English and German: near and far, through the nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.dates import MONTHS, MONTHS_3
from hypothesis import given
from hypothesis import strategies as st

from makegood.language import choice, moments

LONDON = ZoneInfo("Europe/London")
PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # Monday, 13:00 in London
LANGUAGES = st.sampled_from(sorted(choice.codes()))
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    max_value=datetime(2040, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [
        ("en-gb", LONDON, "13:00 on Monday 1 June 2026"),
        ("en-gb", PARIS, "14:00 on Monday 1 June 2026"),
        ("de", LONDON, "Montag, 1. Juni 2026 um 13:00 Uhr"),
    ],
)
def test_a_moment_is_said_in_full_in_the_zone_of_the_reader(language, zone, words):
    with choice.speaking(language):
        assert moments.in_words(NOON, zone=zone) == words


@pytest.mark.parametrize(
    ("after", "english", "german"),
    [
        (timedelta(hours=-14), "yesterday", "gestern"),
        (timedelta(0), "today", "heute"),
        (timedelta(hours=10, minutes=59), "today", "heute"),  # 23:59 in London
        # Midnight in London, while UTC has an hour to go.
        (timedelta(hours=11), "tomorrow", "morgen"),
        (timedelta(days=2), "Wednesday 3 June", "Mittwoch, 3. Juni"),
        (timedelta(days=-2), "Saturday 30 May", "Samstag, 30. Mai"),
        (timedelta(days=300), "Sunday 28 March 2027", "Sonntag, 28. März 2027"),
    ],
)
def test_days_are_near_by_the_readers_calendar(after, english, german):
    for language, words in (("en-gb", english), ("de", german)):
        with choice.speaking(language):
            assert moments.day_near(NOON + after, now=NOON, zone=LONDON) == words


@pytest.mark.parametrize(
    ("language", "after", "whole_day", "words"),
    [
        ("en-gb", 29, False, "by 18:00 tomorrow"),
        ("en-gb", 29, True, "by the end of tomorrow"),
        ("en-gb", 96, False, "by 13:00 on Friday 5 June"),
        ("en-gb", 96, True, "by the end of Friday 5 June"),
        ("de", 29, False, "bis morgen um 18:00 Uhr"),
        ("de", 29, True, "bis Ende des morgigen Tages"),
        ("de", 96, False, "bis Freitag, 5. Juni um 13:00 Uhr"),
        ("de", 96, True, "bis einschließlich Freitag, 5. Juni"),
    ],
)
def test_a_due_time_and_a_due_day(language, after, whole_day, words):
    due = NOON + timedelta(hours=after)

    with choice.speaking(language):
        assert moments.by_in_words(due, now=NOON, zone=LONDON, whole_day=whole_day) == words


@pytest.mark.parametrize(
    ("opens", "closes", "whole_day", "english", "german"),
    [
        (1, 4, False, "between 14:00 and 17:00 today", "heute zwischen 14:00 und 17:00 Uhr"),
        (
            1,
            25,
            False,
            "between 14:00 today and 14:00 tomorrow",
            "von heute, 14:00 Uhr bis morgen, 14:00 Uhr",
        ),
        (
            48,
            96,
            True,
            "between Wednesday 3 June and Friday 5 June",
            "zwischen Mittwoch, 3. Juni und Freitag, 5. Juni",
        ),
    ],
)
def test_a_window_opens_and_closes(opens, closes, whole_day, english, german):
    window = (NOON + timedelta(hours=opens), NOON + timedelta(hours=closes))

    for language, words in (("en-gb", english), ("de", german)):
        with choice.speaking(language):
            said = moments.window_in_words(*window, now=NOON, zone=LONDON, whole_day=whole_day)
        assert said == words


def test_an_hour_that_comes_twice_names_its_side_of_the_change():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)

    assert moments.clock_in_words(first, zone=LONDON) == "01:30 BST"
    assert moments.clock_in_words(second, zone=LONDON) == "01:30 GMT"
    assert moments.clock_in_words(second + timedelta(hours=1), zone=LONDON) == "02:30"
    with choice.speaking("de"):
        assert moments.clock_in_words(second, zone=PARIS) == "02:30 MEZ"
        assert moments.clock_in_words(first, zone=PARIS) == "02:30 MESZ"


@given(LANGUAGES, MOMENTS, MOMENTS, st.booleans())
def test_no_moment_is_without_words_in_any_language(language, moment, now, whole_day):
    with choice.speaking(language):
        said = [
            moments.in_words(moment, zone=PARIS),
            moments.at_in_words(moment, now=now, zone=PARIS),
            moments.by_in_words(moment, now=now, zone=PARIS, whole_day=whole_day),
            moments.window_in_words(
                min(moment, now), max(moment, now), now=now, zone=PARIS, whole_day=whole_day
            ),
        ]

    assert all(words and "%" not in words for words in said)


@pytest.mark.parametrize(
    ("key", "english", "german"),
    [
        ("Europe/London", "London time", "Ortszeit London"),
        ("America/New_York", "New York time", "Ortszeit New York"),
        ("Europe/Vienna", "Vienna time", "Ortszeit Wien"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_place(key, english, german):
    for language, words in (("en-gb", english), ("de", german)):
        with choice.speaking(language):
            assert moments.zone_in_words(ZoneInfo(key)) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-gb", ("1 May 2026", "1 May 2026", "1 May")),
        ("de", ("1. Mai 2026", "1. Mai 2026", "1. Mai")),
    ],
)
def test_a_date_without_its_day_of_the_week_has_its_parts_as_the_language_orders_them(
    language, words
):
    may = date(2026, 5, 1)

    with choice.speaking(language):
        said = moments.date_in_words(may), moments.short_date(may), moments.shortest_date(may)

    assert said == words


def test_none_of_our_words_takes_the_place_of_the_name_of_a_month():
    with choice.speaking("de"):
        names = [str(name) for name in (*MONTHS.values(), *MONTHS_3.values())]

    assert names[:5] == ["Januar", "Februar", "März", "April", "Mai"]
    assert "Darf" not in names
    assert "darf" not in names
