"""What the front line could have given (M21): by the days for which each authority held."""

from datetime import timedelta

import pytest

from makegood.actions.authorities import end_authority
from makegood.queries.metrics.authority_use import read_use
from makegood.queries.metrics.series import Period
from makegood.records.models import Staff
from money_world import limits, may_give
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

MONTH = Period(weeks=4, today=MONDAY.date())
LONG_AGO = MONDAY - timedelta(days=900)
A_DAY = 1_000
"""What the role may give in a day; people of their own may give twice as much."""


@pytest.fixture
def laura() -> Staff:
    person = a_person()
    may_give(role=person.role, held=limits(5_000, 30 * A_DAY), now=LONG_AGO)
    return person


def own(person: Staff, *, since, until) -> None:
    held = may_give(person, held=limits(5_000, 60 * A_DAY), now=since)
    end_authority(held.pk, now=until)


def could() -> list[int]:
    return [use.could_minor for use in read_use(MONTH)]


def test_an_authority_of_ones_own_that_ended_long_ago_takes_nothing_away(laura):
    own(laura, since=LONG_AGO, until=LONG_AGO + timedelta(days=200))

    assert could() == [28 * A_DAY]


def test_it_takes_the_place_of_the_roles_for_its_days(laura):
    middle = MONDAY - timedelta(days=14)
    own(laura, since=middle, until=middle + timedelta(days=3))

    assert could() == [(25 + 2 * 3) * A_DAY]


def test_of_one_that_began_before_only_the_days_within_count(laura):
    first = MONDAY.replace(hour=0) - timedelta(days=27)
    own(laura, since=LONG_AGO, until=first + timedelta(days=2))

    assert could()[0] == pytest.approx((26 + 2 * 2) * A_DAY, abs=A_DAY / 10)
