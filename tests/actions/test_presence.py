"""Who is on a case is known while they are, and forgotten when they go."""

from datetime import timedelta

import pytest
from django.db import connection

from makegood.actions import presence
from makegood.queries.presence import who_is_here
from makegood.records.models import Presence
from raw_sql import insert, refused_by
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def seen(case, person, *, at, typing=False):
    presence.be_here(case_id=case.pk, staff_id=person.pk, typing=typing, now=at)


def names(case, reader, *, at):
    return [(one.name, one.is_typing) for one in who_is_here(case.pk, reader=reader, now=at)]


def test_two_people_on_one_case_see_each_other_and_not_themselves():
    case, laura, priya = a_case(), a_person(), a_person("Priya Shah")

    seen(case, laura, at=MONDAY)
    seen(case, priya, at=MONDAY + SECOND, typing=True)

    assert names(case, laura, at=MONDAY + SECOND) == [("Priya Shah", True)]
    assert names(case, priya, at=MONDAY + SECOND) == [("Laura Bennett", False)]


def test_who_stays_keeps_the_time_of_arrival():
    case, laura, priya = a_case(), a_person(), a_person("Priya Shah")
    for second in (0, 10, 20):
        seen(case, priya, at=MONDAY + second * SECOND)

    here = who_is_here(case.pk, reader=laura, now=MONDAY + 25 * SECOND)

    assert [one.since.iso for one in here] == [MONDAY.isoformat()]


def test_who_leaves_is_gone_at_once_and_who_falls_silent_soon():
    case, laura, priya = a_case(), a_person(), a_person("Priya Shah")
    seen(case, priya, at=MONDAY)
    seen(case, a_person("Sam Poole"), at=MONDAY)

    presence.leave(case_id=case.pk, staff_id=priya.pk)

    assert names(case, laura, at=MONDAY + 20 * SECOND) == [("Sam Poole", False)]
    assert names(case, laura, at=MONDAY + 21 * SECOND) == []
    seen(case, laura, at=MONDAY + 30 * SECOND)
    assert [row.staff for row in Presence.objects.all()] == [laura]


def test_the_database_has_each_person_once_per_case_and_writes_no_log_of_it():
    case, laura = a_case(), a_person()
    columns = {"case_id": case.pk, "staff_id": laura.pk, "typing": False}
    insert("records_presence", since=MONDAY, seen_at=MONDAY, **columns)

    with refused_by("presence_once_per_person_and_case"):
        insert("records_presence", since=MONDAY, seen_at=MONDAY, **columns)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'records_presence'")
        assert cursor.fetchone() == ("u",)
