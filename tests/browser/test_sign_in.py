"""Signing in with a second step in a real browser: a security key, and an app by keyboard alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser_pages import PHONE
from busy_day import PASSWORD, BusyDay
from signing_in import code_of

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


def _give_password(page: Page, day: BusyDay) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(day.laura.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    _await(page, "promise|The second step")


def _prove(page: Page, *, then: str) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    _await(page, then)


def _sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


def _await(page: Page, title: str) -> None:
    """Who goes on while a page is still on its way would stop it, or look at the one before."""
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(title))
    page.wait_for_load_state()


def _assert_sound(page: Page) -> None:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _plug_in_a_key(page: Page) -> None:
    """A security key that answers by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def test_a_security_key_is_set_up_and_lets_its_owner_in(page, day):
    _plug_in_a_key(page)
    _give_password(page, day)
    page.goto("/account/second-step/key")
    _prove(page, then="Set up a key")
    _assert_sound(page)
    page.get_by_label("What you call it").fill("blue key")
    page.get_by_role("button", name="Go on with the key").click()
    _await(page, "Recovery codes")
    page.goto("/account/second-step")
    expect(page.get_by_text("blue key").first).to_be_visible()
    _assert_sound(page)
    _sign_out(page)

    _give_password(page, day)
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    _assert_sound(page)
    page.get_by_role("button", name="Use a security key").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("promise")


def test_an_app_is_set_up_on_a_phone_and_asked_for_by_keyboard_alone(page, day):
    page.set_viewport_size(PHONE)
    _give_password(page, day)
    page.get_by_title("Your account").click()
    page.get_by_role("link", name="Second step").click()
    page.get_by_role("link", name="Set up an app").click()
    _await(page, "Is it you")
    _assert_sound(page)
    _prove(page, then="Set up an app")
    secret = page.locator(".mg-secret").inner_text()
    _assert_sound(page)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    _await(page, "Recovery codes")
    _assert_sound(page)
    paper = page.locator(".mg-codes code").first.inner_text()
    _sign_out(page)

    page.keyboard.type(day.laura.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    _await(page, "The second step")
    expect(page.locator(":focus")).to_have_attribute("name", "code")
    _assert_sound(page)
    page.keyboard.type(paper)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("promise")
