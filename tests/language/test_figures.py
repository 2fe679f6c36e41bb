"""Figures as people read them."""

import pytest

from makegood.language import choice, figures


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (0, "0%"), (0.0001, "< 0.1%"), (0.0005, "0.1%"), (0.0006, "0.1%"), (0.931, "93.1%"),
        (0.0004999, "< 0.1%"), (0.00051, "0.1%"), (0.9994, "99.9%"), (0.9995, "> 99.9%"),
        (0.99951, "> 99.9%"), (0.9996, "> 99.9%"), (0.999999, "> 99.9%"), (1, "100%"),
    ],
)  # fmt: skip
def test_what_is_rare_is_not_called_never_nor_what_is_usual_always(part, words):
    assert figures.share(part) == words


@pytest.mark.parametrize("of", [2, 1_000, 1_999, 2_000, 2_001, 4_000, 10_000])
def test_all_but_one_is_never_called_all_and_one_is_never_called_none(of):
    assert figures.share((of - 1) / of) != figures.share(1)
    assert figures.share(1 / of) != figures.share(0)


def test_a_share_is_written_as_its_reader_writes():
    with choice.speaking("de"):
        assert figures.share(0.0001) == "< 0,1\N{NO-BREAK SPACE}%"
