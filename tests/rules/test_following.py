"""Following another Open311 server: what to ask, how to read it, what follows from it."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import following
from makegood.rules.following import Followed, Ours, Step, Theirs, UnreadableError

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONDON = ZoneInfo("Europe/London")


def theirs(**more) -> Theirs:
    facts = {
        "id": "17", "is_open": True, "notes": "", "service": "Pothole", "words": "", "address": "",
        "postcode": "", "requested_at": NOON - DAY, "updated_at": NOON - HOUR,
        "expected_at": NOON + DAY,
    }  # fmt: skip
    return Theirs(**(facts | more))


def followed(**more) -> Followed:
    facts = {
        "since": NOON - 10 * DAY, "seen_until": NOON - HOUR, "caught_up_at": NOON - 2 * HOUR,
        "zone": LONDON,
    }  # fmt: skip
    return Followed(**(facts | more))


def a_row(**more) -> dict[str, object]:
    row = {
        "service_request_id": "17",
        "status": "open",
        "service_name": "Pothole",
        "requested_datetime": "2026-06-01T08:00:00-04:00",
    }
    return row | more


@pytest.mark.parametrize(
    ("shown", "ours", "expected"),
    [
        ({}, Ours(), (Step.PROMISE,)),
        ({"expected_at": NOON - HOUR}, Ours(), (Step.PROMISE,)),  # broken: the clock says so
        ({"expected_at": None}, Ours(), ()),
        ({"expected_at": NOON - 2 * DAY}, Ours(), ()),  # before it was reported: no date at all
        ({}, Ours(given_at=NOON + DAY, live_until=NOON + DAY), ()),
        ({}, Ours(given_at=NOON + HOUR, live_until=NOON + HOUR), (Step.MOVE,)),
        ({}, Ours(given_at=NOON + DAY, live_until=NOON + HOUR), ()),  # decided, and not told yet
        ({}, Ours(given_at=NOON - HOUR, live_until=NOON - HOUR), ()),  # it breaks first
        ({}, Ours(given_at=NOON - HOUR), (Step.PROMISE,)),  # it broke: another date is a new word
        ({"expected_at": NOON - HOUR}, Ours(given_at=NOON - HOUR), ()),
        ({"is_open": False}, Ours(), (Step.CLAIM_DONE,)),
        ({"is_open": False}, Ours(is_open=False), ()),
        ({"expected_at": None}, Ours(is_open=False), (Step.OPEN_AGAIN,)),
        ({}, Ours(is_open=False, given_at=NOON + DAY), (Step.OPEN_AGAIN, Step.PROMISE)),
    ],
)
def test_what_follows_from_how_it_stands_there(shown, ours, expected):
    assert following.steps(theirs(**shown), ours, now=NOON) == expected


def test_a_first_date_was_said_with_the_request_and_a_later_one_when_it_changed():
    assert following.said_at(theirs(), Ours(), now=NOON) == NOON - DAY
    assert following.said_at(theirs(), Ours(given_at=NOON), now=NOON) == NOON - HOUR
    ahead = theirs(updated_at=NOON + HOUR, requested_at=NOON + HOUR)
    assert following.said_at(ahead, Ours(), now=NOON) == NOON


def test_what_changed_is_asked_for_with_an_overlap():
    (window,) = following.windows(followed(), now=NOON)
    assert window == {"updated_after": "2026-06-01T09:00:00Z"}


@pytest.mark.parametrize(
    ("caught_up_at", "is_due"),
    [(None, True), (NOON - 2 * HOUR, False), (NOON - DAY, True), (NOON - 10 * HOUR, False)],
)
def test_all_of_it_is_asked_for_at_first_and_once_a_night(caught_up_at, is_due):
    """The night is that of the office: at ten hours before noon in UTC it is three in London."""
    assert following.is_catching_up(followed(caught_up_at=caught_up_at), now=NOON) is is_due


def test_all_of_it_is_asked_for_week_by_week_and_no_further_back_than_it_is_followed():
    windows = following.windows(followed(caught_up_at=None), now=NOON)
    long = following.windows(followed(caught_up_at=None, since=NOON - 999 * DAY), now=NOON)

    assert windows[0] == {"start_date": "2026-05-26T12:00:00Z", "end_date": "2026-06-02T12:00:00Z"}
    assert windows[-1]["start_date"] == "2026-05-22T12:00:00Z"
    assert long[-1]["start_date"] == "2026-03-03T12:00:00Z"
    for newer, older in pairwise(long):
        assert newer["start_date"] == older["end_date"]


def test_those_still_open_are_asked_for_by_their_numbers_in_batches():
    windows = following.by_ids([str(number) for number in range(120)])
    assert [window["service_request_id"].count(",") + 1 for window in windows] == [50, 50, 20]


def test_the_longer_it_fails_the_later_it_is_looked_at_again():
    waits = [following.next_look(count, now=NOON) - NOON for count in range(12)]
    assert waits[0] == following.EVERY
    assert waits == sorted(waits)
    assert waits[-1] == following.LONGEST_PAUSE


def test_rows_are_read_as_servers_write_them():
    (one,), bad = following.read([
        a_row(service_request_id=17, expected_datetime="2026-06-03T00:00:00Z", lat=50.7, long=-3.5,
              description="A\0 hole", zipcode=None)
    ])  # fmt: skip

    assert bad == 0
    assert (one.id, one.requested_at, one.words) == ("17", NOON, "A hole")
    assert (one.updated_at, one.expected_at) == (NOON, NOON + 1.5 * DAY)
    assert one.address == "50.700000, -3.500000"


@pytest.mark.parametrize(
    "wrong",
    [
        {"service_request_id": ""}, {"service_request_id": None}, {"service_request_id": "1,2"},
        {"service_request_id": True}, {"service_request_id": 10**40}, {"status": "maybe"},
        {"status": 3}, {"requested_datetime": "yesterday"}, {"requested_datetime": None},
        {"requested_datetime": "9999-12-31T23:59:59-12:00"}, {"requested_datetime": "0001-01-01"},
    ],
)  # fmt: skip
def test_a_row_that_is_none_is_counted_and_left_out(wrong):
    good, bad = following.read([a_row(**wrong), a_row(), "row", None, 7])
    assert (len(good), bad) == (1, 4)


@pytest.mark.parametrize("document", [None, "x", 7, {"errors": []}, {"requests": "none"}])
def test_what_is_no_list_is_refused(document):
    with pytest.raises(UnreadableError):
        following.read(document)


def test_a_list_in_its_name_is_one_and_a_very_long_one_is_cut_and_counted():
    assert len(following.read({"requests": [a_row()]})[0]) == 1
    good, left = following.read([a_row()] * (following.ROWS_MAX + 3))
    assert (len(good), left) == (following.ROWS_MAX, 3)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["service_request_id", "status", "requested_datetime", "lat", "long",
                         "expected_datetime", "requests", "description"]),
        inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


@given(_JSON)
def test_whatever_comes_is_read_or_refused(document):
    """Also what no server should send: it may only ever be refused as unreadable."""
    try:
        good, bad = following.read(json.loads(json.dumps(document)))
    except UnreadableError:
        return
    assert bad >= 0
    assert all(one.id and one.requested_at.tzinfo for one in good)
