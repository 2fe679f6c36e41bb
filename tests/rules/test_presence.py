"""Somebody is here while they are seen, and gone before half a minute has passed."""

from datetime import UTC, datetime, timedelta

from makegood.rules.presence import GONE_AFTER, SEEN_EVERY, is_here

SEEN = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def test_one_missed_sign_of_life_is_forgiven_and_two_are_not():
    assert is_here(SEEN, now=SEEN + 2 * SEEN_EVERY)
    assert not is_here(SEEN, now=SEEN + 2 * SEEN_EVERY + timedelta(seconds=1))


def test_a_page_that_looks_as_often_sees_within_half_a_minute_who_has_gone():
    assert timedelta(seconds=30) >= GONE_AFTER + SEEN_EVERY
