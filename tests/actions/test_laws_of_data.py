"""The laws of importing, retaining and erasing, attacked with raw SQL."""

from datetime import timedelta

import pytest

from asking import a_call, a_case_put_right
from makegood.actions import cases, erasing
from makegood.records.models import ErasedBecause, Import
from raw_sql import as_if_committed, insert, refused_by, sql
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


def test_erasing_is_for_a_known_reason_and_waits_for_open_cases():
    free, busy = a_customer(), a_customer("Busy")
    a_case(customer=busy)

    with refused_by("erasure_is_for_a_known_reason"):
        insert("records_erasure", customer_id=free.pk, because="whim", erased_at=MONDAY)
    with refused_by("erasure_waits_for_open_cases"):
        insert("records_erasure", customer_id=busy.pk, because="asked", erased_at=MONDAY)


def test_no_erasure_is_made_up_for_another_transaction():
    """The trigger erasure_is_of_its_transaction gives the number, whatever was written."""
    customer = a_customer()

    with as_if_committed():
        insert(
            "records_erasure", customer_id=customer.pk, because="asked", erased_at=MONDAY, made_in=7
        )

    assert customer.erasures.get().made_in > 7


def test_a_closed_case_of_somebody_who_was_erased_is_not_reopened():
    case = a_case_put_right()
    at = MONDAY + timedelta(hours=2)
    cases.close_case(case_id=case.pk, answer=a_call(case, "Right.", now=at), now=at)
    erasing.erase(case.customer_id, because=ErasedBecause.ASKED, now=at)

    # The trigger erased_customer_reopens_no_case
    with refused_by("erased_customer_has_no_new_case"):
        sql("UPDATE records_case SET closed_at = NULL, closed_by_contact_id = NULL")


@pytest.mark.parametrize(
    ("kind", "days", "law"),
    [
        ("letters", 100, "retention_is_of_a_known_kind"),
        ("mail", 1, "retention_is_a_month_to_a_century"),
        ("mail", 40_000, "retention_is_a_month_to_a_century"),
    ],
)
def test_retention_is_of_something_known_for_a_sane_time(kind, days, law):
    with refused_by(law):
        insert("records_retention", kind=kind, days=days, look_at=MONDAY)


def test_an_origin_is_of_one_thing_and_once():
    customer = a_customer()
    origin = {"source": "shop", "external_id": "7", "imported_at": MONDAY}
    asset = insert_asset(customer.pk)
    insert("records_origin", customer_id=customer.pk, **origin)
    insert("records_origin", asset_id=asset, **origin)

    with refused_by("origin_of_a_customer_once"):
        insert("records_origin", customer_id=customer.pk, **origin)
    with refused_by("origin_of_an_asset_once"):
        insert("records_origin", asset_id=asset, **origin)
    with refused_by("origin_is_of_a_customer_or_an_asset"):
        insert("records_origin", **origin)
    with refused_by("origin_has_a_source_and_an_id"):
        insert("records_origin", customer_id=customer.pk, **origin | {"external_id": ""})


def insert_asset(customer: int) -> int:
    from makegood.records.models import Asset  # noqa: PLC0415 - only here

    return Asset.objects.create(customer_id=customer, name="bin", function="hygiene").pk


@pytest.mark.parametrize(
    ("state", "content", "law"),
    [
        ("asleep", b"", "import_state_is_known"),
        ("done", b"name,email", "import_that_is_over_keeps_no_file"),
    ],
)
def test_an_import_that_is_over_keeps_no_file(state, content, law):
    ada = a_person()
    with refused_by(law):
        Import.objects.create(
            name="people.csv", source="shop", form="csv", what="customers", content=content,
            state=state, made_by=ada, made_at=MONDAY, begun_by=ada, begun_at=MONDAY,
            ended_at=MONDAY,
        )  # fmt: skip
