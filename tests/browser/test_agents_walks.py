"""The walks of staff, each by pointing at a desk, on a phone, and by the keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from browser_pages import DESK, PHONE
from busy_day import NOW, open_promise
from hands import Hand, Keyboard, Pointer
from makegood.records.models import Case, Contact, Escalation, Handover, Promise, Staff
from makegood.rules.promises import Outcome

pytestmark = pytest.mark.browser

TITLE = "No hot water since this morning"
WORDS = "A fitter comes today."
ANSWER = "It is right now, thank you."
CALL = "I'll call you by two."
TELL = "I ring you before I go home."

SitDown = Callable[[Staff], Hand]


@pytest.fixture(params=["desk", "phone", "keyboard"])
def sit_down(request, people) -> SitDown:
    """Seats somebody at a desk or with a phone, or takes everything but the keyboard from them."""
    hand = Keyboard if request.param == "keyboard" else Pointer
    phone = {"viewport": PHONE, "has_touch": True}
    size = phone if request.param == "phone" else {"viewport": DESK}
    return lambda person: hand(page=people(person, **size).page)


def assert_fits(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.url


def assert_said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    assert_fits(page)


def take_the_call(hand: Hand) -> None:
    hand.press("New report")
    hand.write("Name", "Ann Bell")
    hand.write("Phone", "07700 900111")
    hand.write("What is broken", "boiler")
    hand.choose("What they depend on it for", "Shelter: heating, water, roof")
    hand.write("What went wrong, in one line", TITLE)
    hand.press("Take the report")
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("A case is open")
    assert_fits(hand.page)


def promise_a_visit(hand: Hand) -> None:
    hand.press("Make a promise")
    hand.write("In which words", WORDS)
    hand.write("By what time", "17:00")
    hand.choose("What it is", "Visit")
    hand.press("Promise it")
    expect(promise(hand.page, WORDS)).to_be_visible()
    assert_fits(hand.page)


def promise(page: Page, words: str) -> Locator:
    # What is open stands first; what was settled before may name it too.
    return page.locator(".mg-promise, .mg-row", has_text=words).first


def slip(page: Page, words: str) -> Locator:
    return page.locator(".mg-slip", has_text=words)


def keep(hand: Hand, words: str, evidence: str) -> None:
    hand.press("Kept", within=promise(hand.page, words))
    hand.write("What was done, and how we know", evidence)
    hand.press("Record that it was kept")
    assert_said(hand.page, "Kept")


def test_an_agent_goes_from_a_call_to_a_satisfied_customer(sit_down, day):
    hand = sit_down(day.laura)
    hand.page.goto("/")

    take_the_call(hand)
    promise_a_visit(hand)
    keep(hand, WORDS, "New valve; the water ran hot.")
    hand.press("Close", exact=True)
    hand.write("In their words", ANSWER)
    hand.press("Close by the customer's answer")

    expect(hand.page.get_by_role("link", name="Open it again")).to_be_visible()
    assert_fits(hand.page)
    case = Case.objects.get(title=TITLE)
    assert case.closed_at is not None
    assert case.promises.get(words=WORDS).outcome == Outcome.KEPT
    assert Contact.objects.filter(case=case, note=ANSWER).exists()


def test_an_owner_goes_through_the_day(sit_down, day):
    hand = sit_down(day.laura)
    call = open_promise(day.bin, TELL)
    hand.page.goto("/")

    hand.press("I have heard it", within=slip(hand.page, CALL))
    assert_said(hand.page, "Acknowledged")
    keep(hand, CALL, "Rang at 13:30, and spoke to her.")
    hand.press("Move", within=promise(hand.page, TELL))
    hand.write("By what time", "17:30")
    hand.write("Why it moves", "The crew reports at five.")
    hand.press("Decide on the new date")
    expect(promise(hand.page, TELL)).to_contain_text("new date not told yet")
    hand.press("Move", within=promise(hand.page, TELL))

    assert Escalation.objects.filter(acknowledged_at=NOW).exists()
    assert Promise.objects.get(words=CALL).outcome == Outcome.KEPT
    assert call.revisions.get().cause == "The crew reports at five."


def test_a_case_is_handed_over_and_accepted(sit_down, day):
    priya = Staff.objects.get(name="Priya Shah")
    hand = sit_down(day.laura)
    hand.page.goto(f"/cases/{day.bill.reference}")
    hand.press("Hand over")
    hand.choose("Who", f"Priya Shah, {priya.team.name}")
    hand.write("Why", "My shift ends.")
    hand.press("Ask them")
    assert_said(hand.page, "Priya Shah was asked.")
    assert Case.objects.get(pk=day.bill.pk).owner == day.laura

    hand = sit_down(priya)
    hand.page.goto("/")
    hand.press("I take it", within=slip(hand.page, "Charged twice for May"))

    assert_said(hand.page, "You own this case now.")
    assert Case.objects.get(pk=day.bill.pk).owner == priya
    assert Handover.objects.get(case=day.bill).accepted_at == NOW


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
