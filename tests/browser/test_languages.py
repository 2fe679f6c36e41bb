"""Pages in German on a phone: longer words, and nothing that runs out of the screen."""

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_pages import DESK_PAGES, PHONE
from busy_day import PASSWORD, BusyDay
from makegood.records.models import Customer

pytestmark = pytest.mark.browser

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _sign_in(page: Page, day: BusyDay) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-Mail-Adresse").fill(day.laura.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zusage")


def test_no_page_in_german_is_wider_than_a_phone(browser: Browser, server: str, day: BusyDay):
    Customer.objects.update(language="de")
    context = browser.new_context(base_url=server, viewport=PHONE, locale="de-DE")
    page = context.new_page()
    wrong = {}

    for name, address in DESK_PAGES(day).items():
        if name == "my-word":
            _sign_in(page, day)
        page.goto(address)
        language = page.evaluate("document.documentElement.lang")
        wide = page.evaluate(TOO_WIDE)
        if wide > 0 or language != "de":
            wrong[name] = (language, wide)
    context.close()

    assert wrong == {}


def test_a_customer_reads_the_page_in_another_language_by_one_link(page: Page, day: BusyDay):
    page.goto(f"/c/{day.bin_token}")

    page.get_by_role("link", name="Deutsch").click()

    expect(page.get_by_role("heading", name="Was wir gesagt und getan haben")).to_be_visible()
    expect(page.get_by_role("link", name="Deutsch")).to_have_attribute("aria-current", "true")
