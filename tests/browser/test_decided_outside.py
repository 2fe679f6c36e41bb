"""What somebody outside decided on an end without a yes, from the form to the wall."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from asking import FAREWELL, HOUR, a_case_put_right, climb
from busy_day import NOW
from makegood.actions import partings
from makegood.clockwork import counting
from makegood.records.models import Review
from world import a_customer

pytestmark = pytest.mark.browser

WORDS = "26-004711: a second visit was owed."


def test_what_an_ombudsman_decided_is_recorded_opens_the_case_and_stands_on_the_wall(people, day):
    done = NOW - HOUR
    customer = a_customer("Ms Right")
    case = a_case_put_right(now=done, customer=customer, owner=day.laura, title="Wrong bin")
    climb(case, now=done)
    partings.part(case.pk, FAREWELL, by=case.team.executive, now=done)
    page = people(case.team.executive).at(case)
    page.get_by_role("link", name="Somebody outside has decided").click()
    page.get_by_label("Who decided").fill("Local Ombudsman")
    page.get_by_label("On which day").fill((NOW + timedelta(days=9)).date().isoformat())
    page.get_by_label("What they decided").select_option("partly_upheld")
    page.get_by_label("In which words, or under which reference").fill(WORDS)
    page.get_by_role("button", name="Record what they decided").click()
    expect(page.get_by_role("alert").first).to_contain_text("not later than today")
    expect(page.get_by_label("In which words, or under which reference")).to_have_value(WORDS)

    page.get_by_label("On which day").fill(NOW.date().isoformat())
    page.get_by_role("button", name="Record what they decided").click()

    expect(page.get_by_role("status")).to_contain_text("It counts beside the cases")
    expect(page.get_by_role("main")).to_contain_text("Local Ombudsman decided on")
    assert Review.objects.get().words == WORDS
    case.refresh_from_db()
    assert case.closed_at is None
    counting.count_new(now=NOW)
    page.goto("/wall/M28")
    expect(page.get_by_role("row", name="upheld")).to_contain_text("100%")
