"""When letters are tried again, how they stand, and the tokens by which answers find their case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import letters
from makegood.rules.letters import LetterState, Travel

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SECRET = bytes(32)


@pytest.mark.parametrize(
    ("travel", "state"),
    [
        (Travel(), LetterState.WAITING),
        (Travel(held_at=NOW), LetterState.HELD),
        (Travel(handed_at=NOW - letters.UNSURE_AFTER), LetterState.ON_ITS_WAY),
        (
            Travel(handed_at=NOW - letters.UNSURE_AFTER - timedelta(seconds=1)),
            LetterState.UNSURE,
        ),
        (Travel(handed_at=NOW, sent_at=NOW), LetterState.SENT),
        (Travel(handed_at=NOW, sent_at=NOW, delivered_at=NOW), LetterState.DELIVERED),
        (Travel(given_up_at=NOW), LetterState.GIVEN_UP),
    ],
)
def test_a_letter_stands_as_the_latest_news_of_it_says(travel, state):
    assert letters.state(travel, now=NOW) is state
    assert letters.state(replace(travel, bounced_at=NOW), now=NOW) is LetterState.BOUNCED


def test_it_is_tried_again_for_a_day_less_and_less_often_and_then_given_up():
    waits = [letters.next_try(tries, now=NOW) for tries in range(1, len(letters.PATIENCE) + 1)]
    assert waits == sorted(waits)
    assert sum(letters.PATIENCE, timedelta()) < timedelta(days=1)
    assert letters.next_try(len(letters.PATIENCE) + 1, now=NOW) is None


@pytest.mark.parametrize(
    ("automatic", "in_hour", "in_day", "too_many"),
    [
        (True, 3, 3, False),
        (True, 4, 4, True),
        (True, 0, 12, True),
        (False, 19, 500, False),
        (False, 20, 20, True),
    ],
)
def test_one_address_is_written_to_so_often_and_no_more(automatic, in_hour, in_day, too_many):
    asked = letters.is_too_many(automatic=automatic, in_hour=in_hour, in_day=in_day)
    assert asked is too_many


def test_tokens_differ_by_letter_key_and_purpose_and_come_back_from_their_address():
    tokens = {
        letters.token(secret, key=key, purpose=purpose)
        for secret in (SECRET, b"x" * 32)
        for key in ("one", "two")
        for purpose in ("reply", "link")
    }
    assert len(tokens) == 8
    for each in tokens:
        address = letters.reply_address("help@example.com", each)
        assert letters.token_in(address) == each
        assert letters.token_in(address.upper()) == each  # some servers change the case
        assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "address",
    [
        "help@example.com", "help+@example.com", "help+123@example.com",
        "help+B2CD-F3GH@example.com",
        "help+ " + "a" * 32 + "@example.com", "help+" + "a" * 33 + "@example.com", "", "+", "@",
        "help+" + "\uff41" * 32 + "@example.com",
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_token_is_none(address):
    assert letters.token_in(address) == ""


def test_a_mark_comes_back_from_the_envelope_and_from_its_address():
    mark = letters.return_mark(7, "a2" * 16)
    assert {letters.mark_in(mark), letters.mark_in(f"Help+{mark.upper()}@EXAMPLE.com")} == {
        (7, "a2" * 16)
    }


@pytest.mark.parametrize("number", [0, 35, 36, 36**7 - 1])
def test_a_mark_leaves_room_in_the_longest_mailbox_that_is_taken(number):
    mailbox = f"{'h' * letters.MAILBOX_LOCAL_MAX}@example.com"
    address = letters.reply_address(mailbox, letters.return_mark(number, "a2" * 16))
    assert len(address.partition("@")[0]) <= 64
    assert letters.mark_in(address) == (number, "a2" * 16)


@pytest.mark.parametrize(
    "text", ["", "7-", "help+7@x.org", "-" + "a" * 32, "7-" + "a" * 33, "\u0667-" + "a" * 32]
)
def test_what_is_not_exactly_a_mark_is_none(text):
    assert letters.mark_in(text) is None


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ann.Lee+shop@Example.org", "ann.lee@example.org"),
        ("a.n.n+1@googlemail.com", "ann@gmail.com"),
        ("ann@MÜLLER.example.", "ann@xn--mller-kva.example"),
        ("+46@example.org", "+46@example.org"),
        ("+447700900123", "+447700900123"),
        ("ann@" + "x" * 80 + ".example", "ann@" + "x" * 80 + ".example"),
    ],
)
def test_spellings_of_an_address_lead_to_one_mailbox(address, mailbox):
    assert letters.mailbox(address) == mailbox
    assert letters.mailbox(mailbox) == mailbox


@pytest.mark.parametrize(
    ("in_domain", "in_all", "flood"), [(99, 999, False), (100, 100, True), (0, 1000, True)]
)
def test_strangers_together_are_written_to_so_often_and_no_more(in_domain, in_all, flood):
    assert letters.is_flood(in_domain=in_domain, in_all=in_all) is flood


@given(st.text())
def test_a_line_for_a_header_is_one_line(text):
    line = letters.one_line(text)
    assert len(line.splitlines()) <= 1
    assert line.isprintable()


@given(st.lists(st.text(max_size=10) | st.just("<a@b>") | st.integers().map(lambda n: f"<{n}@b>")))
def test_a_thread_holds_good_numbers_only_once_and_not_too_many(ids):
    thread = letters.thread(ids)
    assert len(thread) == len(set(thread)) <= letters.THREAD_MAX
    assert all(each.isascii() and each.isprintable() and " " not in each for each in thread)
    good = [each for each in ids if each in thread]
    assert not thread or (thread[0] == good[0] and thread[-1] in ids)
