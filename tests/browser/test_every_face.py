"""Pages behind an act, a right or a filter: sound in both themes, and no wider than a phone.

Nor wider than the smallest one where somebody reads in text of twice the size.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from browser_pages import BEFORE_SIGN_IN, DESK, DESK_PAGES, PHONE, SMALLEST
from busy_day import open_promise
from full_day import Shown, a_full_day, session_of, the_addresses
from makegood.records.models import Staff
from world import a_person

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "light": "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']",
    # Nothing but its colours differs in the dark.
    "dark": "{type: 'rule', values: ['color-contrast', 'link-in-text-block']}",
}
FOUND = "['violations']"
LOADED = "{assets: ['media']}"
"""What the checks fetch once more; none of them asks for the sheets of styles."""
PICTURES = Path("build/screens") if os.environ.get("MAKEGOOD_PICTURES") else None
"""Where pictures are kept, when somebody wants to look: each costs as much as all the checks."""

# Colours that still fade from one theme to the other would be judged halfway.
LOOKED_AT = {"bypass_csp": True, "reduced_motion": "reduce"}


@pytest.fixture
def page(people, day) -> Page:
    """Laura's, where each page can be checked."""
    return with_checks(people(day.laura, **LOOKED_AT).context).pages[0]


def with_checks(context: BrowserContext) -> BrowserContext:
    """Each page that opens from now on brings the checks along: sent once, not for every page."""
    context.add_init_script(AXE)
    return context


def assert_sound(page: Page, name: str) -> None:
    found = amiss(page, name)
    assert not found, "\n".join(found)


def amiss(page: Page, name: str) -> list[str]:
    """What is wrong in light or dark, or does not fit a phone."""
    found = []
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        how = f"{{runOnly: {rules}, resultTypes: {FOUND}, preload: {LOADED}}}"
        result = page.evaluate(f"axe.run(document, {how})")
        found += [
            f"{name}, {scheme}: {one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in result["violations"]
        ]
        keep_picture(page, f"{name}-{scheme}")
    usual = page.viewport_size
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    keep_picture(page, f"{name}-phone")
    if width > PHONE["width"]:
        found.append(f"{name} is wider than the screen")
    if stands_out := large_text_standing_out(page):
        found.append(f"{name} is {stands_out} px wider than a small screen in large text")
    page.set_viewport_size(usual)
    return found


def large_text_standing_out(page: Page) -> int:
    """By how much a page in text of twice the size is wider than the smallest screen."""
    page.set_viewport_size(SMALLEST)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    out = page.evaluate("document.documentElement.scrollWidth") - SMALLEST["width"]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return int(out)


def keep_picture(page: Page, name: str) -> None:
    if PICTURES is not None:
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def test_lists_with_something_asked_of_them_are_sound(page):
    for name, address in {
        "search": "/search?q=bin",
        "search-none": "/search?q=zebra",
        "cases-filters": "/cases?all=1&filters=1",
        "cases-chips": "/cases?all=1&severity=2&broke=1&filters=1",
        "absence": "/absence",
    }.items():
        page.goto(address)
        assert_sound(page, name)


def test_a_saved_view_is_sound(page):
    page.goto("/cases?all=1&broke=1")
    page.get_by_text("Save as a view").click()
    page.get_by_label("Name").fill("Broken words")
    page.get_by_role("button", name="Save the view").click()
    page.get_by_text("Change this view").click()

    assert_sound(page, "cases-view")


def test_the_sheet_of_keys_is_sound(page, day):
    page.goto(f"/cases/{day.bin.reference}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()

    assert_sound(page, "keys")


def test_what_can_be_undone_and_what_stands_are_sound(page, day):
    call = open_promise(day.bill, "I'll call")
    page.goto(f"/cases/{day.bill.reference}?act=keep&on={call.pk}")
    page.get_by_label("What was done, and how we know").fill("Rang her.")
    page.get_by_role("button", name="Record that it was kept").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    assert_sound(page, "undo")
    token = page.locator("[name=undo]").get_attribute("value")
    undo.click()
    expect(page.get_by_role("status")).to_contain_text("the promise stands again")

    # A tab that was left open offers what was undone here.
    page.goto(f"/cases/{day.bill.reference}?act=contact")
    page.get_by_label("What was said").fill("She rang.")
    page.get_by_role("button", name="Record it").click()
    page.locator("[name=undo]").evaluate("(field, old) => field.value = old", token)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It stands")
    assert_sound(page, "stands")


def test_what_happened_meanwhile_is_sound(page, people, day):
    call = open_promise(day.bill, "I'll call")
    address = f"/cases/{day.bill.reference}?act=keep&on={call.pk}"
    other = people(Staff.objects.get(name="Priya Shah")).page
    for one, words in ((page, "Rang her."), (other, "I rang her.")):
        one.goto(address)
        one.get_by_label("What was done, and how we know").fill(words)
    other.get_by_role("button", name="Record that it was kept").click()
    expect(other.get_by_role("status")).to_contain_text("Kept")

    page.get_by_role("button", name="Record that it was kept").click()

    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_text("Meanwhile")).to_be_visible()
    assert_sound(page, "meanwhile")


def test_a_refusal_on_the_customers_page_is_sound(page, day):
    page.goto(f"/c/{day.bin_token}")
    page.get_by_text("Call me").click()
    page.get_by_label("On another number").fill("the usual one")
    page.get_by_role("button", name="Promise me this call").click()

    expect(page.get_by_role("alert")).to_be_visible()
    assert_sound(page, "customer-error")


def test_every_page_that_an_address_shows_is_sound(browser, server, transactional_db):  # noqa: ARG001 - it empties the database after
    full_day = a_full_day()
    pages, wrong = {}, []
    for client in full_day.clients:
        context = browser.new_context(base_url=server, viewport=DESK, locale="en-GB", **LOOKED_AT)
        if key := session_of(client):
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": key, "url": server}])
        pages[client] = with_checks(context).new_page()
    for address in the_addresses():
        shown, place, client = full_day.look(address)
        if shown is Shown.FACE:
            pages[client].goto(place)
            wrong += amiss(pages[client], f"every-{address.name}")
    for page in pages.values():
        page.context.close()
    assert not wrong, "\n".join(wrong)


def test_every_state_of_a_page_is_sound(page, day):
    for name, address in DESK_PAGES(day).items():
        if name not in BEFORE_SIGN_IN:
            page.goto(address)
            assert_sound(page, name)


def test_what_strangers_see_is_sound(browser, server, day):
    context = browser.new_context(base_url=server, viewport=DESK, locale="en-GB", **LOOKED_AT)
    page = with_checks(context).new_page()
    named = DESK_PAGES(day)
    lost = {"no-page": f"/c/{day.bin_token}/write", "lost": "/nothing/here"}
    for name, address in ({name: named[name] for name in BEFORE_SIGN_IN} | lost).items():
        page.goto(address)
        assert_sound(page, name)
    context.close()


@pytest.mark.usefixtures("day")
def test_what_somebody_may_not_do_is_sound(people):
    context = people(a_person("Mike Doyle", role="agent"), **LOOKED_AT).context
    page = with_checks(context).pages[0]

    page.goto("/settings/staff")

    expect(page.get_by_role("heading", level=1)).to_have_text("This is not yours to do")
    assert_sound(page, "forbidden")
