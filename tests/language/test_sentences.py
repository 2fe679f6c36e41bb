"""Refusals, which rules and actions make in English, in the language of whoever reads them."""

import re
from datetime import UTC, datetime

import messages as catalogues
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.language import choice, sentences
from makegood.rules.calendars import CalendarRunsOutError
from makegood.rules.money import MoneyError, parse
from makegood.rules.promises import AlreadySettledError, WindowError, check_window

NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
GAPS = re.compile(r"%\((\w+)\)s")


def known() -> list[tuple[str, str]]:
    """Each sentence of the rules and actions, with its German one."""
    return [
        (str(message.id), str(message.string))
        for message in catalogues.read("de")
        if message.context == sentences.CONTEXT
    ]


@pytest.mark.parametrize(("english", "german"), known())
def test_every_refusal_is_recognised_whatever_stands_in_its_gaps(english, german):
    gaps = {name: f"Gap{place}" for place, name in enumerate(GAPS.findall(english))}

    with choice.speaking("de"):
        assert sentences.said(english % gaps) == german % gaps
    with choice.speaking("en-gb"):
        assert sentences.said(english % gaps) == english % gaps


@given(NAMES)
def test_a_name_in_a_refusal_stays_as_it_is(name):
    with choice.speaking("de"):
        said = sentences.said(f"{name} owns this case already.")

    assert said == f"{name} ist für diesen Fall schon verantwortlich."


def test_a_refusal_is_said_in_german_from_where_it_is_raised():
    noon = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

    with choice.speaking("de"):
        assert (
            sentences.said(str(AlreadySettledError())) == "Eine Zusage wird nur einmal entschieden."
        )
        with pytest.raises(MoneyError) as money:
            parse("twelve", "GBP")
        with pytest.raises(WindowError) as window:
            check_window(said_at=noon, earliest_at=None, due_at=noon)

        assert sentences.said(str(money.value)).startswith("twelve ist kein Betrag;")
        assert sentences.said(str(window.value)).startswith("Die Zusage wird um ")


def test_a_word_of_ours_in_a_gap_is_translated_too():
    with choice.speaking("de"):
        assert sentences.said("the team has no lead") == "das Team hat keine Teamleitung"


def test_a_sentence_that_nobody_has_translated_stays_english():
    with choice.speaking("de"):
        assert sentences.said("Some words of somebody.") == "Some words of somebody."
        assert sentences.said(str(CalendarRunsOutError("Odd."))) == "Odd."


def test_what_a_customer_added_to_a_note_of_ours_stays_in_their_words():
    note = "The customer asks for a call. In the morning, please."

    with choice.speaking("de"):
        assert sentences.begun(note) == "Der Kunde bittet um einen Anruf. In the morning, please."
        assert sentences.begun("Please hurry. It is cold.") == "Please hurry. It is cold."
