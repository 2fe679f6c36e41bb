"""When visits suit a customer: said by them or heard at the desk, and times are chosen by it."""

import pytest

from makegood.actions import convenience, visits
from makegood.actions.convenience import Suits
from makegood.records.models import Contact, Reply, TimelineEntry
from makegood.rules.convenience import DayPart, Way
from raw_sql import refused_by, sql
from visit_world import a_booking, a_crew, a_sender, slot_of
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db

THURSDAY_AFTERNOON = Suits(ticks=frozenset({(3, DayPart.AFTERNOON)}), reach_by=Way.SMS)


def test_the_next_visit_comes_when_it_suits_them():
    a_crew()
    case = a_case()
    convenience.note(case.pk, THURSDAY_AFTERNOON, by=a_person(), now=MONDAY)

    visit = visits.book_visit(case.pk, a_booking(), by=a_person(), now=MONDAY)

    slot = slot_of(visit)
    assert slot is not None
    assert slot.opens_at.strftime("%A") == "Thursday"
    assert slot.opens_at.hour >= 11  # noon in London in June
    assert TimelineEntry.objects.filter(case=case, kind="hours_said").count() == 1


def test_what_the_customer_says_on_their_page_is_a_contact_once():
    case = a_case()
    sender = a_sender(case)

    first = convenience.say(sender, THURSDAY_AFTERNOON, now=MONDAY)
    again = convenience.say(sender, THURSDAY_AFTERNOON, now=MONDAY)

    assert (first, again) == (True, False)
    case.customer.refresh_from_db()
    assert case.customer.reach_by == "sms"
    assert case.customer.suits[3] == [[720, 1020]]
    assert Reply.objects.get().kind == "hours"
    assert Contact.objects.filter(case=case).count() == 1


def test_who_ticks_nothing_is_free_at_any_time_again():
    case = a_case()
    convenience.note(case.pk, THURSDAY_AFTERNOON, by=a_person(), now=MONDAY)

    convenience.note(case.pk, Suits(), by=a_person(), now=MONDAY)

    case.customer.refresh_from_db()
    assert (case.customer.suits, case.customer.reach_by) == ([], "")


def test_nobody_is_reached_by_a_way_that_is_none():
    a_case()
    with refused_by("customer_is_reached_by_a_known_way"):
        sql("UPDATE records_customer SET reach_by = 'pigeon'")
