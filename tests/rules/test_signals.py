"""Signals: read from any JSON, never more than once news, and never the end of a case."""

import json
import math
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import signals
from makegood.rules.signals import (
    Meaning,
    Past,
    PlaceError,
    Reader,
    Step,
    UnreadableSignalError,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
READER = Reader(
    paths={"asset": "data.panel", "state": "data.link", "at": "time", "kind": "type"},
    lost=("LOST", "down"),
    back=("up",),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def a_document(**more):
    return {"data": {"panel": "P-1", "link": "lost"}, "time": "2026-06-01T11:00:00Z"} | more


@pytest.mark.parametrize(
    ("place", "steps"),
    [
        ("data.device.serial", ("data", "device", "serial")),
        ("$.data.items[0].id", ("data", "items", 0, "id")),
        ("$['device id'][2]", ("device id", 2)),
        ("id", ("id",)),
    ],
)
def test_a_place_is_read_step_by_step(place, steps):
    assert signals.check_place(place) == steps


@pytest.mark.parametrize("place", ["", "$", "a..b", "a[", "a[x]", "['", "a b[", " . "])
def test_what_is_no_place_is_refused_with_how_one_looks(place):
    with pytest.raises(PlaceError, match=r"data\.device\.serial"):
        signals.check_place(place)


def test_a_signal_is_read_where_its_facts_stand():
    reading = signals.read(a_document(type="link"), READER, envelope="panels 7")

    assert (reading.asset, reading.meaning, reading.kind) == ("P-1", Meaning.LOST, "link")
    assert (reading.id, reading.at) == ("panels 7", NOON - 60 * MINUTE)


def test_only_kinds_that_are_watched_mean_anything():
    reader = Reader(paths=READER.paths, lost=READER.lost, kinds=("link",))
    assert signals.read(a_document(type="battery"), reader).meaning is Meaning.OTHER
    assert signals.read(a_document(type="LINK"), reader).meaning is Meaning.LOST


@pytest.mark.parametrize(
    "wrong",
    [{"data": {}}, {"data": {"panel": "P"}}, {"data": [1]}, {"time": "soon"}, {"time": 1e300}],
)
def test_what_cannot_be_read_says_what_is_missing(wrong):
    with pytest.raises(UnreadableSignalError, match=r"It names no|Its moment"):
        signals.read(a_document(**wrong), READER)


@pytest.mark.parametrize("at", [1_780_311_600, 1_780_311_600_000, "2026-06-01T13:00:00+02:00"])
def test_moments_come_as_text_seconds_or_milliseconds(at):
    assert signals.read(a_document(time=at), READER).at == NOON - 60 * MINUTE


@given(document=JSON)
def test_whatever_comes_is_read_or_refused_by_name(document):
    with suppress(UnreadableSignalError):
        reading = signals.read({"data": document, "time": document}, READER)
        assert reading.asset
        assert reading.state


@given(document=JSON)
def test_what_is_kept_can_be_kept_by_the_database(document):
    kept = json.dumps(signals.cleaned(document), allow_nan=False)
    assert "\\u0000" not in kept
    kept.encode("utf-8")


def test_endless_numbers_and_halves_of_characters_become_text():
    assert signals.cleaned({"a\0": [math.inf, "\ud800"]}) == {"a": ["inf", "?"]}


@pytest.mark.parametrize(
    ("meaning", "past", "step"),
    [
        (Meaning.LOST, Past(), Step.REPORT),
        (Meaning.BACK, Past(), Step.NOTE),
        (Meaning.OTHER, Past(is_open=True), Step.NOTE),
        (Meaning.LOST, Past(meaning=Meaning.LOST, at=NOON, is_open=True), Step.COUNT),
        (Meaning.BACK, Past(meaning=Meaning.LOST, at=NOON, is_open=True), Step.TELL_BACK),
        (Meaning.BACK, Past(meaning=Meaning.BACK, at=NOON, is_open=True), Step.COUNT),
        (Meaning.LOST, Past(is_open=True), Step.REPORT),
        (Meaning.LOST, Past(meaning=Meaning.BACK, at=NOON + MINUTE), Step.NOTE),
    ],
)
def test_what_is_done_depends_on_what_is_known(meaning, past, step):
    assert signals.step(meaning, past, at=NOON) is step


@pytest.mark.parametrize(
    ("minutes", "step"),
    [((5, 1), Step.TELL_UNSTEADY), ((9, 5, 1), Step.COUNT), ((60, 1), Step.REPORT)],
)
def test_what_comes_and_goes_is_told_once_and_then_counted(minutes, step):
    told = tuple(NOON - each * MINUTE for each in minutes)
    past = Past(meaning=Meaning.BACK, at=NOON - MINUTE, told=told, is_open=True)
    assert signals.step(Meaning.LOST, past, at=NOON) is step
