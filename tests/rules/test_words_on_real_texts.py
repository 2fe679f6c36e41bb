"""Capture, time words and wording on real texts: floors below what was measured (docs/words.md).

The capture floors use the shipped weights, which have seen these labels: they guard against
damage. What holds for unseen messages is measured by `python -m bench.words`.
"""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from makegood.rules.capture.promises import capture
from makegood.rules.timewords.moment import Frame
from makegood.rules.timewords.reading import find
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Level
from makegood.rules.wording.prose import fold

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
UTC_ZONE = ZoneInfo("UTC")
FRAME = Frame(now=datetime(2026, 6, 3, 9, tzinfo=UTC), zone=UTC_ZONE)


def rows(name):
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the shared data set {name} is not here")
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.decode(errors="replace").splitlines()]


@pytest.fixture(scope="module")
def labelled():
    texts = {row["id"]: row["text"] for row in rows("agent-utterances/utterances.jsonl")}
    return [(row, texts[row["id"]]) for row in rows("agent-utterances/labels.jsonl")]


def test_promises_are_found(labelled):
    hits = [(row["label"] == "tracked", bool(capture(text, frame=FRAME))) for row, text in labelled]
    hit, false, missed = (hits.count(pair) for pair in [(True, True), (False, True), (True, False)])
    assert 2 * hit / (2 * hit + false + missed) >= 0.90


def test_what_blocks_does_not_block_messages_that_a_person_found_harmless(labelled):
    wrong = [
        (row["id"], finding.rule)
        for row, text in labelled
        for finding in check(text).findings
        if finding.level is Level.BLOCK and finding.rule not in row["lint"]
    ]
    assert len(wrong) <= 2


def test_refusals_are_found(labelled):
    found = [("CANT" in row["lint"], "CANT" in rules_of(text)) for row, text in labelled]
    assert found.count((True, True)) >= 0.8 * (
        found.count((True, True)) + found.count((True, False))
    )
    assert found.count((True, True)) >= 0.8 * (
        found.count((True, True)) + found.count((False, True))
    )


def rules_of(text):
    return {finding.rule for finding in check(text).findings}


def levels_of(text):
    return {finding.level for finding in check(text).findings}


def test_near_misses_of_booking_chats_are_seldom_blocked():
    texts = [
        turn["text"]
        for row in rows("star-dialogues/dialogues-hash0.jsonl.gz")[:400]
        for turn in row["turns"]
        if turn["who"] == "agent"
    ]
    blocked = [text for text in texts if Level.BLOCK in levels_of(text)]
    assert len(blocked) <= len(texts) / 1000


def test_plain_dates_come_to_the_expected_day():
    right = asked = 0
    for row in rows("recognizers-text-english-datetime/cases-hash0.jsonl.gz"):
        reference = (row["context"] or {}).get("ReferenceDateTime")
        for result in row["results"] if reference else []:
            value = ((result.get("Resolution") or {}).get("values") or [{}])[-1]
            is_day = value.get("type") == "date" and value.get("value", "").startswith("2")
            if is_day and not value.get("Mod") and value["value"] >= reference[:10]:
                asked += 1
                right += value["value"] in days(row["input"], reference)
    assert asked > 50
    assert right / asked >= 0.45


def days(text, reference):
    now = datetime.fromisoformat(reference).replace(tzinfo=UTC)
    found = find(fold(text), frame=Frame(now=now, zone=UTC_ZONE))
    return {one.meaning.due.date().isoformat() for one in found if one.meaning.due}
