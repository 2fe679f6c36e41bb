"""A visit that has lost its time: nobody says any more that we come then."""

import pytest

from makegood.actions import gate, parts
from makegood.actions.gate import Saying
from makegood.rules.promises import Channel, Speaker
from visit_world import a_visit_for_a_part, an_order, order_of, utc
from world import a_person

pytestmark = pytest.mark.django_db

NOW = utc(2, 9)
OLD = "We come on Friday 5 June between 9:00 and 11:00."


@pytest.fixture
def visit():
    return a_visit_for_a_part(eta=utc(3, 17))


def passes(visit, words: str) -> bool:
    saying = Saying(
        text=words, speaker=Speaker.PERSON, channel=Channel.PHONE, by=a_person(), said_at=NOW
    )
    return gate.check(visit.case_id, saying, now=NOW).passes


def test_the_time_that_was_promised_is_said_while_it_is_held(visit):
    assert passes(visit, OLD)


def test_it_is_not_said_once_nobody_comes_then(visit):
    parts.cancel_order(order_of(visit).pk, by=a_person(), now=NOW)
    assert not passes(visit, OLD)
    assert passes(visit, "We do not come at the time that you have.")

    an_order(visit.diagnosis, eta=utc(2, 17))  # which gives it back its time

    assert passes(visit, OLD)
