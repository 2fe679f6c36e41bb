"""Hands that use a page: one points, one has nothing but the keyboard. A walk is told for both.

What is used is named as a person reads it. The keyboard never clicks, fills or focuses anything:
it presses Tab until it is there, and asks each time whether one could see where it is.
"""

import re
from dataclasses import dataclass
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

STOPS = 120
"""No page that people work on has more stops than this."""

IS_HERE = "element => element === document.activeElement"
CHOSEN = "list => list.selectedOptions[0]?.label"
# Whoever works by keyboard has to see where they are: a ring, on the screen, with nothing over it.
IS_SEEN = """element => {
    const style = getComputedStyle(element), box = element.getClientRects()[0];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return ring && top !== null && (element.contains(top) || top.contains(element));
}"""


class Hand(Protocol):
    """Somebody's hand on a page."""

    page: Page

    def press(self, name: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """Press the link, the button or the fold of this name."""

    def write(self, field: str, words: str) -> None:
        """Write words, a day or a time into a field, over what stands there."""

    def choose(self, field: str, option: str) -> None:
        """Choose from a list."""

    def tick(self, option: str) -> None:
        """Choose one of several that all stand there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pointer:
    """A mouse, or a finger."""

    page: Page

    def press(self, name: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """As `Hand` says."""
        pressable(within or self.page, name, exact=exact).click()

    def write(self, field: str, words: str) -> None:
        """As `Hand` says."""
        labelled(self.page, field).fill(words)

    def choose(self, field: str, option: str) -> None:
        """As `Hand` says."""
        labelled(self.page, field).select_option(label=option)

    def tick(self, option: str) -> None:
        """As `Hand` says."""
        self.page.get_by_label(option).check()


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyboard:
    """Keys, and nothing else."""

    page: Page

    def press(self, name: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """As `Hand` says."""
        self._go_to(pressable(within or self.page, name, exact=exact))
        self.page.keyboard.press("Enter")

    def write(self, field: str, words: str) -> None:
        """As `Hand` says; a clock's parts are typed one after the other."""
        there = labelled(self.page, field)
        self._go_to(there)
        if there.get_attribute("type") == "time":
            words = words.replace(":", "")
        else:
            self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)

    def choose(self, field: str, option: str) -> None:
        """As `Hand` says."""
        there = labelled(self.page, field)
        self._go_to(there)
        # Typed letters choose too, unless the machine is slow between two of them.
        self.page.keyboard.press("Home")
        for _ in range(there.locator("option").count()):
            if there.evaluate(CHOSEN) == option:
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"The arrows do not come to {option!r}.")

    def tick(self, option: str) -> None:
        """As `Hand` says; Tab comes to several as to one, and arrows go from each to the next."""
        wanted = self.page.get_by_label(option)
        group = self.page.locator(f"[name={wanted.get_attribute('name')}]")
        self._go_to(group.and_(self.page.locator(":checked")).or_(group).first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"The arrows do not come to {option!r}.")

    def _go_to(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(STOPS):
            if target.evaluate(IS_HERE):
                return assert_seen(target)
            self.page.keyboard.press("Tab")
        pytest.fail(f"No way by Tab to {target}.")


def assert_seen(target: Locator) -> None:
    """What has the focus shows it, once the page has come to rest."""
    for _ in range(200):
        if target.evaluate(IS_SEEN):
            return
        target.page.wait_for_timeout(50)
    pytest.fail(f"Nobody sees that the keyboard is at {target}.")


def pressable(place: Page | Locator, name: str, *, exact: bool = False) -> Locator:
    """What can be pressed by this name."""
    link, button = (place.get_by_role(role, name=name, exact=exact) for role in ("link", "button"))
    return link.or_(button).or_(place.locator("summary").get_by_text(name, exact=exact))


def labelled(page: Page, field: str) -> Locator:
    """The field of this name, which may be marked as one that has to be filled in."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(field)}\s*\*?\s*$"))
