"""What works by keyboard alone on every page: all of it, in order, and one sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from busy_day import NOW
from hands import STOPS, assert_seen

pytestmark = pytest.mark.browser

# What Tab should come to, in the order of the page; of radio buttons only one.
PRESSED = "a[href], button, input, select, textarea, summary"
EXPECTED = """names => [...document.querySelectorAll(names)]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden")
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => one.type !== "radio" || one.checked)
    .map((one, place) => { one.dataset.place = place; return place; })"""
# Some pages put the focus into their first field.
FROM_THE_TOP = "document.body.tabIndex = -1; document.body.focus()"
PLACE = "Number(document.activeElement.dataset.place ?? -1)"


def stops(page: Page) -> list[int]:
    """The places that Tab comes to, until it leaves the page."""
    found = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        place = page.evaluate(PLACE)
        if place < 0:
            break
        if found[-1:] == [place]:
            continue  # the parts of a day or a time are stops of one field
        assert_seen(page.locator(":focus"))
        found.append(place)
    return found


@pytest.mark.parametrize(
    "address", ["/", "/reports/new", "/cases?filters=1", "/cases/{}", "/cases/{}?act=make"]
)
def test_tab_comes_to_everything_in_order_and_shows_where_it_is(people, day, address):
    page = people(day.laura).page
    page.clock.set_fixed_time(NOW)  # however long it takes, no news move what stands there
    page.goto(address.format(day.bin.reference))
    page.evaluate(FROM_THE_TOP)
    expected = page.evaluate(EXPECTED, PRESSED)

    assert stops(page) == expected


def test_the_page_itself_is_two_keys_away(people, day):
    page = people(day.laura).page
    page.goto("/cases")

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the page")
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()
