"""An honest no says that we do not, never that we cannot, and what we do instead."""

import pytest

from makegood.rules import wants
from makegood.rules.askings import AskingError
from makegood.rules.wants import CannotForWillNotError, NoAlternativeError, NoReasonError

INSTEAD = "I send you the spare key today."


def test_a_no_with_its_reason_and_an_alternative_may_be_said():
    wants.check_no("We do not replace a whole door for a worn lock.", instead=INSTEAD)


@pytest.mark.parametrize(
    "words",
    [
        "We can't give you that.",
        "I am unable to do this.",
        "Our policy does not allow it.",
        "That is not possible.",
        "I'm not authorised to do that.",
    ],
)
def test_cant_is_stopped_where_it_means_wont(words):
    with pytest.raises(CannotForWillNotError):
        wants.check_no(words, instead=INSTEAD)


def test_a_cant_in_the_alternative_is_stopped_as_well():
    with pytest.raises(CannotForWillNotError):
        wants.check_no("We do not do this.", instead="We cannot offer more than a card.")


def test_a_no_without_words_or_alternative_is_none():
    with pytest.raises(NoReasonError):
        wants.check_no(" ", instead=INSTEAD)
    with pytest.raises(NoAlternativeError):
        wants.check_no("We do not do this.", instead="")


def test_whatever_else_blocks_a_message_blocks_a_no():
    with pytest.raises(AskingError, match="gives reluctantly"):
        wants.check_no("I suppose I can look, but no.", instead=INSTEAD)
    with pytest.raises(AskingError, match=r"misunderst|doubt|believ"):
        wants.check_no("You must have misunderstood.", instead=INSTEAD)
