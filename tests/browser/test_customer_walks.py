"""The walks of customers, without scripts: from the link to "right now", and from nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from browser_pages import DESK, PHONE
from busy_day import NOW, BusyDay, at, open_promise
from hands import Hand, Keyboard, Pointer
from makegood.actions import advice, choices, links, promises
from makegood.actions.choices import OtherTime
from makegood.doors.web.customer import public_key
from makegood.records.models import Case, Contact
from makegood.rules.promises import Outcome

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"


@pytest.fixture
def sit_down(browser: Browser, server: str) -> Iterator[Callable[[ViewportSize], Page]]:
    """Opens a browser of this size in which scripts are off."""
    contexts = []

    def open_one(viewport: ViewportSize) -> Page:
        contexts.append(
            browser.new_context(
                base_url=server, viewport=viewport, java_script_enabled=False, locale="en-GB"
            )
        )
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def phone(sit_down) -> Page:
    return sit_down(PHONE)


@pytest.fixture(params=["desk", "phone", "keyboard"])
def hand(request, sit_down) -> Hand:
    """Somebody at a desk or with a phone, or with nothing but a keyboard."""
    kind = Keyboard if request.param == "keyboard" else Pointer
    return kind(page=sit_down(PHONE if request.param == "phone" else DESK))


def with_everything(day: BusyDay) -> None:
    """The bin's page with advice, another time to choose and a call that was asked for."""
    advice.advise(day.bin.pk, "Keep the bin inside.", by=day.laura, now=NOW)
    time = OtherTime(words="The crew comes on Saturday.", due_at=at(12) + timedelta(days=5))
    visit = open_promise(day.bin, "Collected with")
    choices.offer_choice(visit.pk, time, by=day.laura, now=NOW)


def test_a_customer_goes_from_the_link_to_right_now(hand, day):
    with_everything(day)
    page = hand.page
    page.goto(f"/c/{day.bin_token}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Food bin not collected on Friday")
    expect(page.locator(".due")).to_have_text("By 17:00 today")
    expect(page.get_by_text("Keep the bin inside.")).to_be_visible()

    hand.press("Another day suits me better")
    hand.tick("The crew comes on Saturday.")
    hand.press("Choose this time")
    assert_said(page, "Thank you for choosing.")

    hand.press("Write to Laura")
    hand.write("In your own words", "Mind the gate.")
    hand.press("Send")
    assert_said(page, "Laura Bennett has your words and answers")

    for promise in day.bin.promises.still_open().exclude(kind="news"):
        promises.keep_promise(
            promise_id=promise.pk, at=NOW, evidence="Done.", by=day.laura, now=NOW
        )
    page.goto(f"/c/{day.bin_token}")
    asked = page.get_by_role("heading", name="Is it right now, or do you want something more?")
    expect(asked).to_be_visible()
    hand.press("Yes, it is right")

    assert_said(page, "We are glad that it is right.")
    assert Case.objects.get(pk=day.bin.pk).closed_at == NOW
    page.reload()
    assert Contact.objects.filter(case=day.bin, channel="web").count() == 3


def assert_said(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_customer_asks_for_a_call_and_needs_it_no_longer(hand, day):
    page = hand.page
    page.goto(f"/c/{day.bin_token}")
    hand.press("Call me")
    hand.choose("When does it suit you? (London time)", "15:00 to 16:00, today")
    hand.write("On another number than ••• 123? Leave this empty if not.", "07700 900999")
    hand.press("Promise me this call")

    said = "You have our word for a call between 15:00 and 16:00 today, on the number ••• 999."
    assert_said(page, said)
    call = open_promise(day.bin, "Laura Bennett calls you")
    hand.press("I no longer need this call")
    assert_said(page, "We will not call for this.")
    call.refresh_from_db()
    assert call.outcome == Outcome.RELEASED


def test_what_was_typed_stays_when_it_is_refused(phone, day):
    phone.goto(f"/c/{day.bin_token}")
    phone.get_by_text("Call me").click()
    phone.get_by_label("On another number").fill("the usual one")
    phone.get_by_role("button", name="Promise me this call").click()

    expect(phone.get_by_role("alert")).to_contain_text("Please give a number that we can dial")
    expect(phone.get_by_label("On another number")).to_have_value("the usual one")


def test_an_old_link_asks_for_a_fresh_one(phone, day):
    old = links.mint_link(day.bin.pk, now=NOW - timedelta(days=91))
    phone.goto(f"/c/{old}")

    phone.get_by_role("button", name="Send me a fresh link").click()

    expect(phone.get_by_role("status")).to_contain_text("the address that we have on record")
    assert day.bin.link_requests.count() == 1


@pytest.mark.usefixtures("day")
def test_a_stranger_tells_what_is_broken_and_has_an_owner(phone, monkeypatch):
    monkeypatch.setattr(public_key, "QUICKEST", timedelta(0))
    phone.goto("/report")
    phone.get_by_role("button", name="Tell us").click()
    expect(phone.get_by_role("alert")).to_contain_text("Something is missing yet.")
    phone.get_by_label("What is broken?").select_option(label="Food waste round")
    phone.get_by_label("What happened").fill("Nobody collected the bin.")
    phone.get_by_label("Postcode or town").fill("EX4 4QJ")
    phone.get_by_label("Your name").fill("Ann Bell")
    phone.get_by_label("How do we reach you?").fill("ann@example.net")
    phone.get_by_role("button", name="Tell us").click()

    expect(phone.get_by_role("status")).to_contain_text("This is your own page")
    expect(phone.get_by_text("owns this until it is resolved")).to_be_visible()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Nobody collected the bin.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_that_can_be_opened_is_accessible_and_fits_a_phone(browser, server, day, scheme):
    with_everything(day)
    context = browser.new_context(
        base_url=server, viewport=PHONE, color_scheme=scheme, bypass_csp=True, locale="en-GB"
    )
    page = context.new_page()
    found = []
    for name, address in {"open": f"/c/{day.bin_token}", "wrong": "/report"}.items():
        page.goto(address)
        if name == "wrong":
            page.get_by_role("button", name="Tell us").click()
            expect(page.get_by_role("alert")).to_be_visible()
            page.wait_for_load_state()
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.evaluate(AXE)
        result = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
        found += [f"{name}: {one['id']}: {one['nodes'][0]['html']}" for one in result["violations"]]
        page.screenshot(path=f"build/screens/customer-{name}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
    context.close()
    assert not found, "\n".join(found)
