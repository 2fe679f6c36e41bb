"""Spans in words, in English and German: never longer than they are."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.language import choice, spans

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gap", "english", "german"),
    [
        (timedelta(0), "just now", "gerade eben"),
        (timedelta(seconds=59), "in less than a minute", "in weniger als einer Minute"),
        (timedelta(seconds=-59), "just now", "gerade eben"),
        (timedelta(minutes=1), "in 1 min", "in 1 Min."),
        (timedelta(minutes=22, seconds=59), "in 22 min", "in 22 Min."),
        (timedelta(minutes=60), "in 1 h", "in 1 Std."),
        (timedelta(minutes=190), "in 3 h 10 min", "in 3 Std. 10 Min."),
        (timedelta(hours=24), "in 1 day", "in 1 Tag"),
        (timedelta(hours=52, minutes=30), "in 2 days 4 h", "in 2 Tagen 4 Std."),
        (timedelta(days=9, hours=5), "in 9 days", "in 9 Tagen"),
        (timedelta(minutes=-22), "22 min ago", "vor 22 Min."),
        (timedelta(days=-3), "3 days ago", "vor 3 Tagen"),
    ],
)
def test_how_far_off_a_moment_is(gap, english, german):
    for language, words in (("en-gb", english), ("de", german)):
        with choice.speaking(language):
            assert spans.relative(NOON + gap, now=NOON) == words


@pytest.mark.parametrize(
    ("span", "english", "german"),
    [
        (timedelta(0), "0 min", "0 Min."),
        (timedelta(minutes=190), "3 h 10 min", "3 Std. 10 Min."),
        (timedelta(days=2), "2 days", "2 Tage"),
    ],
)
def test_how_long_something_took(span, english, german):
    for language, words in (("en-gb", english), ("de", german)):
        with choice.speaking(language):
            assert spans.length(span) == words
