"""What is said of a remedy: amount and day, gladly, in English and German."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.language import choice, remedies
from makegood.rules.remedies import THING_KINDS, RemedyKind, Source, Terms
from makegood.rules.timewords.moment import Frame
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Context


def terms(kind: RemedyKind, *, minor: int = 2_500) -> Terms:
    thing = "a new food bin" if kind in THING_KINDS else ""
    return Terms(
        kind=kind,
        source=Source.GOODWILL,
        amount_minor=minor,
        currency="GBP",
        because="Three calls.",
        thing=thing,
    )


@pytest.mark.parametrize("kind", RemedyKind)
def test_the_sentence_to_say_has_amount_and_day_and_nothing_that_the_rules_of_wording_object_to(
    kind,
):
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    frame = Frame(now=now, zone=ZoneInfo("Europe/London"))

    for speak in (remedies.sentence, remedies.sentence_when_late):
        words = speak(terms(kind), when="Thursday 4 June 2026")
        found = check(words, context=Context(our_fault=True, grant=True), frame=frame)

        assert found.findings == (), words
        assert "Thursday 4 June" in words
        assert remedies.in_words(terms(kind)) in words


@pytest.mark.parametrize(
    ("language", "named", "said"),
    [
        ("en", "A box of tea", "I am sending you a box of tea. "),
        ("en", "The Guardian for a month", "I am sending you The Guardian for a month. "),
        ("en", "Amazon voucher", "I am sending you Amazon voucher. "),
        ("de", "Ein Karton Tee", "Ich schicke Ihnen ein Karton Tee. "),
        ("de", "Die Hard auf DVD", "Ich schicke Ihnen Die Hard auf DVD. "),
    ],
)
def test_a_thing_begins_small_within_the_sentence_and_a_name_does_not(language, named, said):
    gift = replace(terms(RemedyKind.GIFT), thing=named)

    with choice.speaking(language):
        assert remedies.sentence(gift, when="Friday").startswith(said)
        assert remedies.sentence_when_late(gift, when="Friday").startswith(named)


@given(st.sampled_from(RemedyKind), st.integers(1, 10**9))
def test_a_sentence_never_speaks_of_limits(kind, minor):
    said = remedies.sentence(terms(kind, minor=minor), when="Friday").lower()

    for word in ("only", "exception", "one-time", "this time", "limit", "maximum", "policy"):
        assert word not in said


@pytest.mark.parametrize("kind", RemedyKind)
def test_a_german_sentence_has_the_amount_as_germans_write_it(kind):
    with choice.speaking("de"):
        said = remedies.sentence(terms(kind), when="Donnerstag, 4. Juni 2026")

    assert ("a new food bin" if kind in THING_KINDS else "25,00\N{NO-BREAK SPACE}£") in said
    assert "bis Donnerstag, 4. Juni 2026" in said
