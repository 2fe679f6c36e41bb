"""What the database refuses of known failures, and of counting those who use a public form."""

import pytest

from makegood.records.models import Knock, KnownFailure
from raw_sql import insert, refused_by
from world import MONDAY

pytestmark = pytest.mark.django_db


def test_a_failure_is_known_once_per_service_and_area():
    KnownFailure.objects.create(what="function:hygiene", area="EX4")

    with refused_by("known_failure_once_per_service_and_area"):
        insert("records_knownfailure", what="function:hygiene", area="EX4")
    with refused_by("known_failure_has_an_area"):
        insert("records_knownfailure", what="function:hygiene", area="")


def test_knocks_are_counted_once_per_hour_and_from_one():
    knock = {"hour": MONDAY, "form": "report", "visitor": b"x" * 32}
    Knock.objects.create(**knock, times=1)

    with refused_by("knock_counted_once_per_hour"):
        insert("records_knock", **knock, times=1)
    with refused_by("knock_is_one_at_least"):
        insert("records_knock", **knock | {"visitor": b"y" * 32}, times=0)
