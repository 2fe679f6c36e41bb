"""An agent takes a call, and stays with it until the promise is kept and the customer satisfied."""

import pytest
from playwright.sync_api import Page, expect

from browser_pages import DESK, PHONE, tab_to
from makegood.records.models import Case, Contact
from makegood.rules.promises import Outcome

pytestmark = pytest.mark.browser

TITLE = "No hot water since this morning"
WORDS = "A fitter comes today."
ANSWER = "It is right now, thank you."


def take_the_call(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="New report").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Ann Bell")
    page.get_by_label("Phone", exact=True).fill("07700 900111")
    page.get_by_label("What is broken").fill("boiler")
    page.get_by_label("What they depend on it for").select_option("shelter")
    page.get_by_label("What went wrong, in one line").fill(TITLE)
    page.get_by_role("button", name="Take the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A case is open")


def promise_a_visit(page: Page) -> None:
    page.get_by_role("link", name="Make a promise").click()
    page.get_by_label("In which words").fill(WORDS)
    page.get_by_label("By what time").fill("17:00")
    page.get_by_label("What it is").select_option("visit")
    page.get_by_role("button", name="Promise it").click()
    expect(page.get_by_role("status")).to_be_visible()


def keep_it(page: Page) -> None:
    page.locator(".mg-promise", has_text=WORDS).get_by_role("link", name="Kept").click()
    page.get_by_label("What was done, and how we know").fill("New valve; the water ran hot.")
    page.get_by_role("button", name="Record that it was kept").click()
    expect(page.get_by_role("status")).to_contain_text("Kept")


def close_it(page: Page) -> None:
    page.get_by_role("link", name="Close", exact=True).click()
    page.get_by_label("In their words").fill(ANSWER)
    page.get_by_role("button", name="Close by the customer's answer").click()
    expect(page.get_by_role("link", name="Open it again")).to_be_visible()


def assert_satisfied() -> None:
    case = Case.objects.get(title=TITLE)
    assert case.closed_at is not None
    assert case.promises.get(words=WORDS).outcome == Outcome.KEPT
    assert Contact.objects.filter(case=case, note=ANSWER).exists()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_an_agent_goes_from_a_call_to_a_satisfied_customer(people, day, viewport):
    page = people(day.laura, viewport=viewport).page

    for step in (take_the_call, promise_a_visit, keep_it, close_it):
        step(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], step.__name__

    assert_satisfied()


def press(page: Page, what: str) -> None:
    tab_to(page, what)
    page.keyboard.press("Enter")


def write(page: Page, where: str, what: str) -> None:
    tab_to(page, where)
    page.keyboard.type(what)


def test_an_agent_goes_from_a_call_to_a_satisfied_customer_by_the_keyboard_alone(people, day):
    page = people(day.laura).page
    page.goto("/")
    page.keyboard.press("n")
    expect(page.get_by_label("Find them by name")).to_be_focused()
    write(page, "Name", "Ann Bell")
    write(page, "What is broken", "boiler")
    write(page, "What they depend on it for", "Shelter")
    write(page, "What went wrong, in one line", TITLE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A case is open")

    press(page, "Make a promise")
    expect(page.get_by_label("In which words")).to_be_focused()
    page.keyboard.type(WORDS)
    write(page, "By what time", "1700")
    press(page, "Promise it")
    expect(page.locator(".mg-promise", has_text=WORDS).first).to_be_visible()
    press(page, "Kept")
    expect(page.get_by_label("What was done, and how we know")).to_be_focused()
    page.keyboard.type("New valve; the water ran hot.")
    press(page, "Record that it was kept")
    expect(page.get_by_role("status")).to_contain_text("Kept")
    press(page, "Close")
    expect(page.get_by_label("In their words")).to_be_visible()
    write(page, "In their words", ANSWER)
    press(page, "Close by the customer's answer")

    expect(page.get_by_role("link", name="Open it again")).to_be_visible()
    assert_satisfied()


def test_what_was_typed_during_a_call_is_there_again_and_can_be_dropped(people, day):
    page = people(day.laura).page
    page.goto("/reports/new")
    page.get_by_label("What went wrong, in one line").fill(TITLE)
    page.get_by_text("Since when, and how long they waited").click()
    page.get_by_label("Minutes on hold").fill("12")
    page.get_by_role("link", name="Cases").click()
    page.get_by_role("link", name="New report").click()

    expect(page.get_by_label("What went wrong, in one line")).to_have_value(TITLE)
    expect(page.get_by_label("Minutes on hold")).to_have_value("12")
    expect(page.get_by_label("Minutes on hold")).to_be_visible()
    page.get_by_role("button", name="Start afresh").click()

    expect(page.get_by_label("What went wrong, in one line")).to_have_value("")
    page.reload()
    expect(page.get_by_label("What went wrong, in one line")).to_have_value("")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_an_owners_day_is_walked_by_the_keyboard_alone(people, day, viewport):
    page = people(day.laura, viewport=viewport).page
    page.goto("/")
    press(page, "I have heard it")
    expect(page.get_by_role("status")).to_be_visible()
    press(page, "I take it")
    expect(page.get_by_role("status")).to_contain_text("You own this case now.")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", level=1)).to_contain_text("today")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.get_by_label("By which day")).to_be_focused()
    write(page, "By what time", "1730")
    write(page, "Why it moves", "The bank answers at five.")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
