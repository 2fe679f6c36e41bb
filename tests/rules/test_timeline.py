"""The hash chain: whatever is changed, removed, added or reordered afterwards is found."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import timeline
from makegood.rules.timeline import GENESIS, Head

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
plain = st.none() | st.integers(-9, 9) | st.text(max_size=2) | st.lists(st.booleans(), max_size=2)
facts = st.dictionaries(st.sampled_from("abé"), plain, max_size=2)


def a_chain(*all_facts: dict) -> list[tuple[int, str, bytes, bytes]]:
    head, chain = Head(), []
    for number, its_facts in enumerate(all_facts):
        at = MONDAY + timedelta(hours=number)
        entry = timeline.link(head, case=7, kind="note", at=at, recorded=at, facts=its_facts)
        chain.append((entry.seq, entry.body, entry.prev_hash, entry.hash))
        head = entry.head
    return chain


chains = st.lists(facts, min_size=2, max_size=3).map(lambda all_facts: a_chain(*all_facts))


def test_an_entry_is_written_down_in_one_way_only():
    entry = timeline.link(
        Head(seq=2, hash=b"x" * 32),
        case=7,
        kind="note",
        at=MONDAY,
        recorded=MONDAY + timedelta(hours=1),
        facts={"b": "né", "a": [1]},
    )

    assert entry.body == (
        '{"at":"2026-06-01T09:00:00+00:00","case":7,"facts":{"a":[1],"b":"né"},"kind":"note",'
        '"recorded":"2026-06-01T10:00:00+00:00","seq":3}'
    )
    assert entry.hash == hashlib.sha256(b"x" * 32 + entry.body.encode()).digest()
    assert (entry.case, entry.seq, entry.kind, entry.prev_hash) == (7, 3, "note", b"x" * 32)
    assert (entry.happened_at, entry.recorded_at) == (MONDAY, MONDAY + timedelta(hours=1))
    assert entry.head == Head(seq=3, hash=entry.hash)


def test_a_chain_starts_from_nothing():
    [(seq, _, prev_hash, _)] = a_chain({})

    assert (seq, prev_hash) == (1, GENESIS)
    assert bytes(32) == GENESIS


@given(chains)
def test_a_true_chain_has_no_fault(chain):
    assert timeline.first_fault(chain) is None
    assert timeline.first_fault([]) is None


@given(facts, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_given_does_not_matter(some_facts, random):
    shuffled = list(some_facts.items())
    random.shuffle(shuffled)

    assert timeline.canonical(dict(shuffled)) == timeline.canonical(some_facts)
    assert json.loads(timeline.canonical(some_facts)) == some_facts


@given(chains, st.data())
def test_any_changed_byte_is_found(chain, data):
    place = data.draw(st.integers(0, len(chain) - 1))
    column = data.draw(st.integers(1, 3))
    entry = list(chain[place])
    as_bytes = entry[column].encode() if column == 1 else entry[column]
    where = data.draw(st.integers(0, len(as_bytes) - 1))
    flipped = bytearray(as_bytes)
    flipped[where] ^= data.draw(st.integers(1, 127))
    entry[column] = flipped.decode("latin-1") if column == 1 else bytes(flipped)

    fault = timeline.first_fault([*chain[:place], tuple(entry), *chain[place + 1 :]])

    assert fault is not None
    assert str(place + 1) in fault


@given(chains, st.data())
def test_a_changed_body_is_found_even_where_its_hash_was_made_to_fit(chain, data):
    place = data.draw(st.integers(0, len(chain) - 2))
    seq, body, prev_hash, _ = chain[place]
    forged = body.replace('"case":7', '"case":8')
    hash_ = timeline.digest(prev_hash, forged)

    fault = timeline.first_fault(
        [*chain[:place], (seq, forged, prev_hash, hash_), *chain[place + 1 :]]
    )

    assert fault == f"entry {seq + 1} does not follow entry {seq}"


@given(chains, st.data())
def test_a_removed_entry_is_found(chain, data):
    # The last one is the exception: what is cut off at the end no chain can know by itself.
    place = data.draw(st.integers(0, len(chain) - 2))

    fault = timeline.first_fault([*chain[:place], *chain[place + 1 :]])

    assert fault == f"entry {place + 1} is missing"


@given(chains, st.data())
def test_entries_in_another_order_are_found(chain, data):
    shuffled = data.draw(st.permutations(chain).filter(lambda other: other != chain))

    assert timeline.first_fault(shuffled) is not None


@given(chains, st.data())
def test_an_entry_that_was_slipped_in_is_found(chain, data):
    place = data.draw(st.integers(0, len(chain) - 1))

    assert timeline.first_fault([*chain[:place], chain[place], *chain[place:]]) is not None


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        timeline.canonical({"share": number})


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), st.text())
def test_kept_words_are_known_by_their_salt_only(salt, other, words):
    digest = timeline.digest_of_words(salt, words)

    assert digest == hashlib.sha256(salt + words.encode()).hexdigest()
    assert (timeline.digest_of_words(other, words) == digest) == (other == salt)
