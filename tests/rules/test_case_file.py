"""The file of a case checks itself: whatever is changed in it is found."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import case_file, timeline
from makegood.rules.case_file import FORMAT, CaseFileError

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
SALT = bytes(range(16))


def a_file(words: tuple[str, ...] = ("My bin was left.", "It is right, Łukasz.")) -> dict:
    head, entries = timeline.Head(), []
    for said in words:
        facts = {"by": None, "words": timeline.digest_of_words(SALT, said)}
        entry = timeline.link(head, case=7, kind="contact", at=MONDAY, recorded=MONDAY, facts=facts)
        head = entry.head
        entries.append(
            {
                "seq": entry.seq, "kind": entry.kind, "happened_at": MONDAY.isoformat(),
                "recorded_at": MONDAY.isoformat(), "body": entry.body,
                "prev_hash": entry.prev_hash.hex(), "hash": entry.hash.hex(),
                "words": said, "salt": SALT.hex(),
            }
        )  # fmt: skip
    document = {
        "format": FORMAT, "case": {"reference": "4F7K-2M9P"}, "timeline": entries,
        "head": head.hash.hex(),
    }  # fmt: skip
    return document | {"seal": case_file.seal(document)}


def resealed(document: dict) -> dict:
    return document | {"seal": case_file.seal(document)}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=4))
def test_a_file_reads_back_as_it_was_written_and_has_no_fault(words):
    document = a_file(tuple(words))

    again = case_file.read(case_file.text(document))

    assert again == document
    assert case_file.faults(again) == []


def test_a_stranger_needs_nothing_but_sha_256_and_json():
    document = json.loads(case_file.text(a_file()))
    given = document.pop("seal")

    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(plain.encode()).hexdigest() == given
    previous = bytes(32)
    for entry in document["timeline"]:
        previous = hashlib.sha256(previous + entry["body"].encode()).digest()
        assert previous.hex() == entry["hash"]


def test_any_change_breaks_the_seal():
    document = a_file() | {"case": {"reference": "other"}}

    assert "the seal does not fit" in case_file.faults(document)[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda rows: rows.pop(0), "entry 1 is missing"),
        (lambda rows: rows[1].update(prev_hash="00" * 32), "entry 2 does not follow entry 1"),
        (
            lambda rows: rows[0].update(body=rows[0]["body"].replace("7", "8")),
            "entry 1 is not what",
        ),
        (lambda rows: rows[0].update(words="never said"), "the words of entry 1 are not those"),
        (lambda rows: rows[0].update(happened_at="2025-01-01"), "entry 1 says something else"),
        (lambda rows: rows.pop(1), "the chain ends with another hash"),
    ],
)
def test_whoever_seals_it_again_is_found_by_the_chain(change, fault):
    document = a_file()
    change(document["timeline"])

    assert any(fault in found for found in case_file.faults(resealed(document)))


def test_words_that_were_erased_leave_the_chain_whole():
    document = a_file()
    for name in ("words", "salt"):
        document["timeline"][0].pop(name)

    assert case_file.faults(resealed(document)) == []


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"format": "x"}', "[" * 100_000])
def test_what_is_no_case_file_is_said_to_be_none(text):
    with pytest.raises(CaseFileError):
        case_file.read(text)


@pytest.mark.parametrize("timeline_", [None, 5, [{}], [{"seq": 1, "body": "{}", "prev_hash": "x"}]])
def test_a_file_without_its_chain_cannot_be_checked(timeline_):
    with pytest.raises(CaseFileError):
        case_file.faults(a_file() | {"timeline": timeline_})
