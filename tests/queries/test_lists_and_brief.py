"""The list of cases, the executive's brief, the report form's look-ups, presence, and money."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from busy_day import NOW, BusyDay, a_busy_day, at
from makegood.actions import staff
from makegood.queries import people, report_form
from makegood.queries.brief import get_brief
from makegood.queries.case_list import PAGE_ROWS, get_case_list
from makegood.records.models import Escalation
from world import a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def day() -> BusyDay:
    return a_busy_day()


def test_cases_stand_severest_first_then_oldest_with_their_next_promise(day):
    page = get_case_list(day.laura, now=NOW)

    assert [row.severity for row in page.rows] == sorted(row.severity for row in page.rows)
    assert page.rows[0].reference == day.alarm.reference
    assert page.rows[1].next is not None
    assert page.rows[1].next.words == "I ring you before I go home."
    assert page.rows[0].is_mine


@pytest.mark.parametrize(
    ("sought", "count"), [("taylor", 1), ("LINK down", 1), ("nobody at all", 0), ("  ", 6)]
)
def test_cases_are_found_by_name_title_and_reference(day, sought, count):
    assert len(get_case_list(day.laura, sought=sought, now=NOW).rows) == count
    by_reference = get_case_list(day.laura, sought=day.bin.reference[:6].lower(), now=NOW)
    assert day.bin.reference in {row.reference for row in by_reference.rows}


def test_a_long_list_comes_in_pages_with_as_many_queries_as_a_short_one(day):
    def count(number: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            get_case_list(day.laura, number=number, now=NOW)
        return len(captured)

    before = count(1)
    customer = a_customer("Page Turner")
    for _ in range(PAGE_ROWS):
        a_case(now=NOW, owner=day.laura, customer=customer)

    first, second = (get_case_list(day.laura, number=number, now=NOW) for number in (1, 2))
    assert (len(first.rows), first.has_more) == (PAGE_ROWS, True)
    assert (len(second.rows), second.has_more) == (6, False)
    assert count(1) == before


def test_the_brief_says_what_was_broken_and_how_to_begin(day):
    told = Escalation.objects.filter(case=day.alarm, reason="break").get()

    brief = get_brief(told.pk, reader=told.staff, now=NOW)

    assert [card.words for card in brief.broken] == ["A technician will ring you with a time."]
    assert (brief.owner, brief.effort.time) == ("Laura Bennett", "14 min")
    assert "That is our fault, and I am sorry." in brief.first_sentence
    assert "A technician will ring you with a time." in brief.first_sentence
    assert brief.acknowledged is None


def test_a_warning_has_a_brief_too(day):
    told = Escalation.objects.filter(case=day.bill).get()

    brief = get_brief(told.pk, reader=told.staff, now=NOW)

    assert brief.broken == ()
    assert "Charged twice for May" in brief.first_sentence


@pytest.mark.parametrize("sought", ["david", "07700 900123", "n1 1"])
@pytest.mark.usefixtures("day")
def test_a_caller_is_found_by_name_phone_and_postcode(sought):
    (found,) = report_form.find_customers(sought)

    assert (found.name, found.open_cases) == ("David Taylor", 1)


@pytest.mark.usefixtures("day")
def test_one_letter_finds_nobody():
    assert report_form.find_customers("d") == ()


def test_the_case_that_a_report_would_join_is_found_by_asset_or_by_function(day):
    customer, asset = day.bin.customer_id, day.bin.asset_id

    same = report_form.find_same(customer, asset_id=asset, function="", reader=day.laura, now=NOW)
    assert same is not None
    assert (same.reference, same.reports) == (day.bin.reference, 2)
    assert (
        report_form.find_same(
            customer, asset_id=None, function="hygiene", reader=day.laura, now=NOW
        )
        is None
    )
    by_function = report_form.find_same(
        day.bill.customer_id, asset_id=None, function="money", reader=day.laura, now=NOW
    )
    assert by_function is not None
    assert by_function.reference == day.bill.reference


def test_duty_follows_the_team_s_hours_and_absence(day):
    assert people.presence_of(day.laura, now=NOW).on_duty
    assert not people.presence_of(day.laura, now=NOW + timedelta(hours=8)).on_duty
    staff.be_absent(day.laura, starts_at=at(13), ends_at=at(15))
    assert not people.presence_of(day.laura, now=NOW).on_duty


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Laura Bennett", "LB"), ("Ada", "A"), ("Anna Maria van Dijk", "AD"), ("", "")],
)
def test_initials(name, letters):
    assert people.initials(name) == letters


def test_one_does_not_ask_oneself(day):
    names = {colleague.name for colleague in people.colleagues(besides=day.laura.pk)}

    assert "Laura Bennett" not in names
    assert {"Tom Reed", "Priya Shah"} <= names
    a_person("Gone Gary", is_active=False)
    assert "Gone Gary" not in {c.name for c in people.colleagues(besides=day.laura.pk)}
