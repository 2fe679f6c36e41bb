"""The walks of people in a real browser; by keyboard alone and without scripts too."""

import re

import pytest
from playwright.sync_api import Page, expect

from busy_day import NOW, PASSWORD, BusyDay, open_promise
from makegood.records.models import Promise, Report
from makegood.rules.promises import Outcome

pytestmark = pytest.mark.browser


def sign_in(page: Page, day: BusyDay) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(day.laura.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("promise")
    page.wait_for_load_state()  # before, no script listens to keys


def test_an_owner_goes_from_my_word_to_a_kept_promise(page, day):
    sign_in(page, day)

    row = page.locator("[data-row]", has_text="I'll call you by two.")
    row.get_by_role("link", name="Kept").click()
    page.get_by_label("What was done, and how we know").fill("Rang at 13:30, spoke to her.")
    page.get_by_role("button", name="Record that it was kept").click()

    expect(page.get_by_role("status")).to_contain_text("Kept")
    expect(page.locator("[data-row]", has_text="I'll call you by two.")).to_have_count(0)
    call = Promise.objects.get(words="I'll call you by two.")
    assert (call.outcome, call.settled_at) == (Outcome.KEPT, NOW)


def test_an_owner_works_by_the_keyboard_alone(page, day):
    sign_in(page, day)

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_have_text(re.compile("I'll call you by two"))
    page.keyboard.press("Shift+K")
    expect(page.locator(":focus")).to_have_attribute("name", "evidence")
    page.keyboard.type("Rang at 13:30, spoke to her.")
    page.keyboard.press("Tab")
    for _ in range(12):  # a date field has a stop for each of its parts
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Kept")
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("Taylor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Food bin not collected on Friday")).to_be_visible()


def test_single_keys_can_be_turned_off(page, day):
    sign_in(page, day)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys are on").uncheck()
    page.get_by_role("button", name="Close").click()

    page.keyboard.press("n")

    expect(page.get_by_role("heading", level=1)).to_contain_text("promise")


def test_a_date_moves_once_the_customer_was_told(page, day):
    sign_in(page, day)
    call = open_promise(day.bill, "I'll call")
    page.goto(f"/cases/{day.bill.reference}")
    card = page.locator(f"#promise-{call.pk}")
    card.get_by_role("link", name="Move").click()
    page.get_by_label("By what time").fill("17:30")
    page.get_by_label("Why it moves").fill("The bank answers at five.")
    page.get_by_role("button", name="Decide on the new date").click()
    expect(card).to_contain_text("Not told yet")
    expect(card).to_contain_text("by 14:00 today")

    card.get_by_role("link", name="I told the customer").click()
    page.get_by_label("How we know that they heard it").fill("She said that it suits her.")
    page.get_by_role("button", name="Record that the customer was told").click()

    expect(card).to_contain_text("by 16:30 today")
    expect(card).to_contain_text("first promised by 14:00 today")


def test_a_refusal_keeps_what_was_typed_and_says_why(page, day):
    sign_in(page, day)
    call = open_promise(day.bill, "I'll call")
    page.goto(f"/cases/{day.bill.reference}?act=keep&on={call.pk}")
    page.get_by_label("What was done, and how we know").fill("Rang tomorrow.")
    page.get_by_label("When it was done").fill("2026-06-02T09:00")
    page.get_by_role("button", name="Record that it was kept").click()

    expect(page.get_by_role("alert")).to_contain_text("That moment does not fit")
    expect(page.get_by_label("What was done, and how we know")).to_have_value("Rang tomorrow.")


def test_a_report_by_phone_finds_the_caller_and_joins_the_open_case(page, day):
    sign_in(page, day)
    page.keyboard.press("n")
    page.get_by_label("Find them by name, phone or postcode").press_sequentially("taylor")
    page.get_by_role("link", name="David Taylor").click()
    page.get_by_label("What is broken").select_option(label="food bin, 12 Elm Road")
    expect(page.locator("#same")).to_contain_text("This report will join it.")
    with page.expect_response(lambda answer: "/reports/new/same" in answer.url):
        page.get_by_label("What went wrong, in one line").fill("Still not collected")
    page.wait_for_load_state("networkidle")  # what is asked while one leaves is cut off
    page.get_by_role("button", name="Take the report").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("It joined the open case")
    assert Report.objects.filter(case=day.bin).count() == 3


def test_an_owner_keeps_a_promise_without_scripts(browser, server, day):
    context = browser.new_context(base_url=server, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_in(page, day)
    row = page.locator("[data-row]", has_text="I'll call you by two.")
    row.get_by_role("link", name="Kept").click()
    page.get_by_label("What was done, and how we know").fill("Rang her.")
    page.get_by_role("button", name="Record that it was kept").click()

    expect(page.get_by_role("status")).to_contain_text("Kept")
    context.close()


def test_what_appears_above_a_field_pushes_it_not_out_of_sight(page, day):
    sign_in(page, day)
    page.goto("/reports/new")
    field = page.locator("#report-title")
    box = field.bounding_box()
    page.set_viewport_size({"width": 1280, "height": int(box["y"] + box["height"]) + 8})
    page.evaluate("document.querySelector('#report-function').value = 'shelter'")
    page.evaluate("scrollTo(0, 0)")

    field.focus()
    page.keyboard.type("No heating")

    expect(page.locator("#same")).to_contain_text("shelter")
    expect(field).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_list_of_cases_says_which_name_is_the_owner_s(page, day):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, day)
    page.goto("/cases")

    cell = page.locator("tbody td", has_text="Laura Bennett").first
    before = cell.evaluate("cell => getComputedStyle(cell, '::before').content")

    assert "Owner: " in before


def test_what_a_view_asks_stands_apart_from_its_button(page, day):
    sign_in(page, day)
    page.goto("/cases?broke=1")
    page.get_by_text("Save as a view").click()

    asked = page.get_by_label("My team sees it too").bounding_box()
    button = page.get_by_role("button", name="Save the view").bounding_box()

    assert button["y"] - (asked["y"] + asked["height"]) >= 6
