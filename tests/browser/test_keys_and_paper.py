"""A page of the desk in a real browser: pressed twice, its keys, and on paper."""

import pytest
from playwright.sync_api import expect

from makegood.records.models import Contact

pytestmark = pytest.mark.browser


def test_a_button_that_is_pressed_twice_counts_once(people, day):
    page = people(day.laura).at(day.bin, "?act=contact")
    page.get_by_label("What was said").fill("Pressed twice.")

    page.get_by_role("button", name="Record it").dblclick()

    expect(page.get_by_role("status")).to_be_visible()
    assert Contact.objects.filter(note="Pressed twice.").count() == 1


def test_the_sheet_shows_what_works_on_this_page_and_only_that(people, day):
    page = people(day.laura).page
    page.goto("/cases")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_contain_text("new report")
    expect(sheet.get_by_text("make a promise")).to_be_hidden()
    page.keyboard.press("Escape")

    page.goto(f"/cases/{day.bin.reference}")
    page.keyboard.press("?")
    expect(sheet.get_by_text("make a promise")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("p")

    expect(page.get_by_label("In which words")).to_be_focused()


def test_a_case_is_printed_with_its_story_and_without_its_buttons(people, day):
    page = people(day.laura).at(day.bin)

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".mg-timeline")).to_be_visible()
    expect(page.locator(".btn:visible, form:visible")).to_have_count(0)
    for gone in (".mg-top", ".mg-acts", ".mg-foot", ".mg-promise .mg-buttons"):
        expect(page.locator(gone).first).to_be_hidden()


def test_the_paper_has_no_box_of_visits_where_there_are_none(people, day):
    page = people(day.laura).at(day.bin)
    visits = page.get_by_role("region", name="Visits and parts")
    expect(visits).to_be_visible()

    page.emulate_media(media="print")

    expect(visits).to_have_count(0)
