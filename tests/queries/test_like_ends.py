"""Where like cases ended stands first on the card, with how many it rests on."""

from datetime import timedelta

import pytest

from makegood.actions import contacts
from makegood.actions.contacts import Touch
from makegood.queries.case_effort import read_effort
from makegood.queries.remedies import get_case_remedies
from makegood.records.models import Case, Direction
from makegood.rules.promises import Channel
from money_world import a_remedy, limits, may_give
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def ended(minor: int | None, *, days_ago: int = 30, **more) -> None:
    """A case that ended; the way that it was closed is not what this is about."""
    at = MONDAY - days_ago * DAY
    case = a_case(customer=a_customer(), now=at, failed_at=at, known_at=at, **more)
    if minor is not None:
        person = a_person("Eve")
        may_give(person, held=limits(90_000, 9_000_000), now=at - DAY)
        a_remedy(minor, case=case, by=person, now=at)
    yes = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at)
    answer = contacts.record_contact(case.pk, yes, now=at)
    Case.objects.filter(pk=case.pk).update(closed_at=at, closed_by_contact=answer)


def card(case=None) -> str:
    case = case or a_case()
    reader = a_person()
    may_give(reader)
    effort = read_effort(case.pk)
    return get_case_remedies(case, reader=reader, effort=effort, now=MONDAY).likely


@pytest.fixture(autouse=True)
def _may_be_closed_by_hand(db):  # noqa: ARG001 - a database first
    from django.db import connection  # noqa: PLC0415 - only here

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


def test_the_card_says_where_this_usually_ends_and_on_how_many_cases_that_rests():
    for minor in (2_000, 2_500, 2_500, 9_000, None):
        ended(minor)

    said = card()

    assert "about £25.00" in said
    assert "4 of 5 cases like this" in said


def test_with_too_few_cases_it_says_so():
    ended(2_500)

    assert card() == "1 case like this has ended: too few to say how this one will."


def test_cases_of_another_kind_or_of_long_ago_say_nothing():
    for _ in range(5):
        ended(2_500, days_ago=400)

    assert card() == "No case like this has ended lately."


def test_where_little_was_given_it_says_no_more_than_that():
    for minor in (2_500, None, None, None, None):
        ended(minor)

    assert card() == "Of 5 cases like this that ended, 1 ended with something given."
