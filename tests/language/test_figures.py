"""Figures as people read them."""

import pytest

from makegood.language import choice, figures


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (0, "0%"), (0.0001, "< 0.1%"), (0.0005, "0.1%"), (0.0006, "0.1%"), (0.931, "93.1%"),
        (0.9996, "> 99.9%"), (1, "100%"),
    ],
)  # fmt: skip
def test_what_is_rare_is_not_called_never(part, words):
    assert figures.share(part) == words


def test_a_share_is_written_as_its_reader_writes():
    with choice.speaking("de"):
        assert figures.share(0.0001) == "< 0,1\N{NO-BREAK SPACE}%"
