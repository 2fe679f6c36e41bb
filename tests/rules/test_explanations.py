"""An explanation says something, and is given once; that we do not know yet is none."""

import pytest

from makegood.rules.explanations import (
    AlreadyExplainedError,
    ExplanationMissingError,
    Why,
    about,
    check,
    is_told,
)

NOT_YET = about(7, Why.NOT_YET, number=1)


@pytest.mark.parametrize("why", [Why.KNOWN, Why.CONFIDENTIAL])
def test_who_was_told_is_not_told_again(why):
    said = [NOT_YET, about(7, why, number=2)]

    assert is_told(said)
    with pytest.raises(AlreadyExplainedError, match="told why already"):
        check(Why.KNOWN, "A fuse had blown.", said=said)


def test_that_we_do_not_know_yet_is_no_explanation():
    assert not is_told([NOT_YET])
    check(Why.KNOWN, "A fuse had blown.", said=[NOT_YET])
    check(Why.NOT_YET, "", said=[])


def test_a_known_cause_is_named():
    with pytest.raises(ExplanationMissingError, match="plain words"):
        check(Why.KNOWN, "  ", said=[])
