"""What a report in the making may be about: the same thing, the customer's own, and near by."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from busy_day import NOW, BusyDay, a_busy_day
from incident_world import declare, subscribers
from makegood.actions import intake
from makegood.actions.intake import News
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries.near_cases import InTheMaking, find_near, open_case_of
from makegood.rules.promises import Channel
from makegood.rules.severity import Function
from world import MONDAY, a_bin, a_case, a_customer, a_failure, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def day() -> BusyDay:
    return a_busy_day()


def near(**more):
    nothing = {
        "customer_id": 0,
        "asset_id": 0,
        "function": "",
        "words": "",
        "postcode": "",
        "address": "",
    }
    return find_near(InTheMaking(**nothing | more), reader=a_person(), now=NOW)


def test_the_case_of_the_same_thing_is_shown_as_the_one_that_the_report_joins(day):
    (found,) = near(customer_id=day.bin.customer_id, asset_id=day.bin.asset_id)

    assert (found.reference, found.reports, found.owner) == (day.bin.reference, 2, "Laura Bennett")
    assert (found.is_same, found.can_join) == (True, True)
    assert found.reasons == ("the same thing",)


def test_a_thing_that_is_named_for_the_first_time_joins_nothing(day):
    (found,) = near(customer_id=day.bill.customer_id, function="money", names_a_thing=True)

    assert (found.reference, found.is_same, found.can_join) == (day.bill.reference, False, True)


def test_of_two_that_it_could_join_it_is_the_oldest(day):
    later = a_case(customer=day.bill.customer, function=Function.MONEY, asset=None, now=NOW)

    found = near(customer_id=day.bill.customer_id, function="money")

    assert {case.reference: case.is_same for case in found} == {
        day.bill.reference: True,
        later.reference: False,
    }


def test_without_a_thing_the_same_kind_is_the_same(day):
    (found,) = near(customer_id=day.bill.customer_id, function="money")

    assert (found.reference, found.is_same) == (day.bill.reference, True)


def test_the_customer_s_own_case_in_like_words_can_be_joined(day):
    customer = day.bin.customer_id

    (found,) = near(customer_id=customer, function="comfort", words="food bin was not collected")
    assert (found.is_same, found.can_join) == (False, True)
    assert found.reasons == ("said in like words",)
    assert near(customer_id=customer, function="comfort", words="a broken chair") == ()


def test_somebody_else_s_case_near_by_is_shown_and_cannot_be_joined(day):
    neighbour = a_customer("Nina Neighbour", address="14 Elm Road", postcode="N1 9ZZ")

    (found,) = near(
        customer_id=neighbour.pk, function="hygiene", words="Bin not collected on Friday"
    )
    assert (found.reference, found.can_join, found.is_same) == (day.bin.reference, False, False)
    assert found.reasons == ("in the same street", "said in like words")
    assert near(customer_id=neighbour.pk, function="money") == ()


def test_a_new_caller_is_near_by_what_they_say_of_where_they_live(day):
    (found,) = near(function="hygiene", postcode="n1 4aa", address="3 Oak Street")

    assert (found.reference, found.reasons) == (day.bin.reference, ("in the same area",))
    assert near(function="hygiene", postcode="N11 1AA") == ()
    assert near(function="hygiene", postcode="'&|!*:") == ()


def test_what_is_long_past_or_closed_is_not_near(day):
    neighbour = a_customer("Nina Neighbour", postcode="N1 9ZZ")
    report = InTheMaking(
        customer_id=neighbour.pk, asset_id=0, function="hygiene", words="", postcode="", address=""
    )

    assert find_near(report, reader=day.laura, now=NOW + timedelta(days=4)) == ()


def test_it_asks_as_often_however_many_there_are(day):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            near(customer_id=day.bin.customer_id, function="hygiene", words="bin")
        return len(captured)

    before = count()
    for number in range(5):
        neighbour = a_customer(f"Neighbour {number}", postcode="N1 1AA")
        a_case(now=MONDAY, customer=neighbour)
    assert count() == before


def test_a_report_joins_the_case_that_was_named(day):
    customer = day.bin.customer
    news = News(
        source="desk",
        external_id="1",
        channel=Channel.PHONE,
        raw={},
        failure=a_failure(customer=customer, asset=a_bin(customer), function=Function.HYGIENE),
    )

    received = intake.receive_report(news, owner=day.laura, joins=day.bin.pk, now=NOW)
    assert (received.case.pk, received.opened) == (day.bin.pk, False)
    assert open_case_of(customer.pk, day.bin.pk) == day.bin
    assert open_case_of(customer.pk, day.bill.pk) is None


def test_a_report_never_joins_somebody_else_s_case(day):
    news = News(
        source="desk",
        external_id="2",
        channel=Channel.PHONE,
        raw={},
        failure=a_failure(customer=a_customer("Nina Neighbour")),
    )

    received = intake.receive_report(news, owner=day.laura, joins=day.bin.pk, now=NOW)
    assert received.opened


def test_until_the_kind_is_chosen_the_same_street_or_like_words_show_what_is_near(day):
    home = day.bin.customer
    there = {"postcode": home.postcode, "address": home.address}
    elsewhere = there | {"address": "99 Nowhere Lane"}

    assert [one.reference for one in near(**there)] == [day.bin.reference]
    (alike,) = near(**elsewhere, words="Food bin not collected")
    assert alike.reference == day.bin.reference
    assert near(**elsewhere, words="a broken chair") == ()


def test_of_one_incident_near_by_one_case_stands_for_all():
    subscribers("EX4 4QJ", "EX4 4QJ")
    incident = declare(now=NOW)
    sweep_incidents(now=NOW)

    (found,) = near(function="connection", postcode="EX4 1AA")

    assert incident.cases.count() == 2
    assert found.title == incident.title
