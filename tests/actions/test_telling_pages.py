"""The database tells live pages which cases changed: by number, once per statement, no words.

The triggers are timeline_tells_live_pages, presence_tells_live_pages and
presence_typing_tells_live_pages.
"""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction

from makegood.actions import presence, promises
from makegood.clockwork import ticks
from makegood.clockwork.bell import _parameters
from raw_sql import sql
from rings import rung
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def heard(committed_db) -> Iterator[psycopg.Connection]:  # noqa: ARG001 - it has to be there first
    with psycopg.connect(**_parameters(), autocommit=True) as listening:
        listening.execute("LISTEN makegood_live")
        yield listening


def told(heard: psycopg.Connection) -> list[str]:
    return rung(heard, "makegood_live")


def test_what_happens_to_a_case_is_told_by_its_number(heard):
    case = a_case()

    assert set(told(heard)) == {str(case.pk)}


def test_what_is_taken_back_by_a_rollback_is_told_to_nobody(heard):
    case = a_case()
    told(heard)

    with transaction.atomic():
        promises.make_promise(case.pk, a_word(), now=MONDAY)
        transaction.set_rollback(True)

    assert told(heard) == []


def test_a_sweep_that_breaks_many_promises_rings_a_few_times(heard):
    laura = a_person()
    for number in range(30):
        case = a_case(owner=laura, customer=a_customer(f"Customer {number}"))
        promises.make_promise(case.pk, a_word(due_at=MONDAY + timedelta(hours=1)), now=MONDAY)
    told(heard)

    ticks.tick(now=MONDAY + timedelta(hours=3))

    rings = told(heard)
    assert len({number for ring in rings for number in ring.split()}) == 30
    assert len(rings) < 30


@pytest.mark.parametrize(("how_many", "rings"), [(200, 200), (201, 1)])
def test_more_than_two_hundred_at_once_are_one_star(heard, how_many, rings):
    sql("CREATE TEMPORARY TABLE many (case_id bigint)")
    sql(
        "CREATE TRIGGER many_tell AFTER INSERT ON many REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION tell_live_pages()"
    )

    sql("INSERT INTO many SELECT generate_series(1, %s)", how_many)

    (ring,) = told(heard)
    assert len(ring.split()) == rings
    assert (ring == "*") is (rings == 1)
    sql("DROP TABLE many")


def test_who_comes_types_and_leaves_is_told_and_who_only_stays_is_not(heard):
    case, laura = a_case(), a_person()
    told(heard)

    for second, typing in ((0, False), (10, False), (20, True), (30, True)):
        presence.be_here(
            case_id=case.pk,
            staff_id=laura.pk,
            typing=typing,
            now=MONDAY + timedelta(seconds=second),
        )
    presence.leave(case_id=case.pk, staff_id=laura.pk)

    assert told(heard) == [f"p{case.pk}"] * 3
