"""Every step of a computed due time is said in German too, and nothing of it is lost."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_examples import LONDON, office
from makegood.language import choice, remedies, traces
from makegood.rules import workinghours
from makegood.rules.amounts import Amount, Unit

OFFICE = office(
    day=((8, 12), (13, 18)),
    zone=LONDON,
    holidays={date(2026, 5, 25): "Spring Bank Holiday"},
)
ENGLISH = re.compile(r"\b(?:counted|working|closed|Asked|Due|later|Monday|May|March|hours?|and)\b")


def in_german(steps: tuple[str, ...]) -> list[str]:
    with choice.speaking("de"):
        return [traces.said(step) for step in steps]


@given(
    st.datetimes(datetime(2026, 2, 1), datetime(2026, 11, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants them bare
    st.sampled_from(Unit),
    st.integers(1, 30),
)
def test_no_step_stays_english_in_a_german_desk(start, unit, quantity):
    computed = workinghours.add(start, Amount(quantity=quantity, unit=unit), calendar=OFFICE)

    for said in in_german(computed.trace):
        assert not ENGLISH.search(said.replace("Spring Bank Holiday", "")), said


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (
            "Asked on Friday 22 May 2026 at 16:30 (UTC+01:00), Europe/London.",
            "Gefragt am Freitag, 22. Mai 2026 um 16:30 (UTC+01:00), Europe/London.",
        ),
        ("3 working days later, at the same time of day.", None),
        (
            "Monday 25 May 2026: closed, Spring Bank Holiday.",
            "Montag, 25. Mai 2026: geschlossen, Spring Bank Holiday.",
        ),
        (
            "Tuesday 26 May 2026: 2 hours 30 minutes counted, 08:00 to 10:00 and 12:30 to 13:00.",
            (
                "Dienstag, 26. Mai 2026: 2 Stunden 30 Minuten gezählt, "
                "08:00 bis 10:00 und 12:30 bis 13:00."
            ),
        ),
        ("Closed on Saturday and Sunday.", "Geschlossen am Samstag und Sonntag."),
        ("Somebody wrote this by hand.", "Somebody wrote this by hand."),
    ],
)
def test_days_spans_and_hours_are_said_as_germans_say_them(english, german):
    (said,) = in_german((english,))

    assert said == (german or "3 Arbeitstage später, zur gleichen Uhrzeit.")


def test_in_english_a_step_stays_as_it_was_written():
    computed = workinghours.add(
        datetime(2026, 5, 22, 15, tzinfo=UTC) + timedelta(hours=1),
        Amount(quantity=2, unit=Unit.WORKING_DAYS),
        calendar=OFFICE,
    )

    assert tuple(map(traces.said, computed.trace)) == computed.trace


def test_why_something_was_given_is_said_in_german():
    english = "For a P2 failure, and for 15 minutes of the customer's time."

    with choice.speaking("de"):
        said = remedies.because(english)

    assert said.startswith("Für: ")
    assert "15 Minuten" in said
    assert remedies.because(english) == english
