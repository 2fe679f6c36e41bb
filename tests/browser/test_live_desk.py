"""The desk that lives, in real browsers: news, presence, undo, drafts, keys, a lost connection."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Page, Request, Route, expect

from busy_day import NOW, PASSWORD, BusyDay, open_promise
from hands import Keyboard
from live_process import live_process
from makegood.actions import promises
from makegood.records.models import Contact, Customer, Promise, Staff
from world import a_word

pytestmark = pytest.mark.browser

WATCH = """() => {
    const shown = new MutationObserver((all) => {
        const marked = all.map((one) => one.target).filter((one) => one.matches(".mg-new"));
        for (const one of marked) document.body.dataset.marked += one.textContent;
    });
    document.body.dataset.marked = "";
    const classes = { subtree: true, attributeFilter: ["class"] };
    shown.observe(document.getElementById("main"), classes);
}"""
"""Writes down what is marked as new, as the mark itself lasts for some seconds only."""

LOOK = "window.dispatchEvent(new Event('online'))"  # what makes a page look for news at once


@pytest.fixture(scope="module")
def stream(live_server) -> Iterator[str]:
    with live_process(desk=live_server.url) as port:
        yield f"http://localhost:{port}/live/events"


@pytest.fixture
def live(stream, monkeypatch) -> None:
    monkeypatch.setattr(settings, "LIVE_URL", stream)


def expect_marked(page: Page, words: str) -> None:
    """What has these words was marked as new since `WATCH`."""
    expect(page.locator("body")).to_have_attribute("data-marked", re.compile(re.escape(words)))


def under_way(page: Page, path: str) -> set[Request]:
    """What the page asks for at such an address from now on, as long as it is not answered."""
    found: set[Request] = set()
    page.on("request", lambda one: found.add(one) if one.url.endswith(path) else None)
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda one: found.discard(one))  # noqa: PLW0108 - Playwright marks what it is given
    return found


def priya() -> Staff:
    return Staff.objects.get(name="Priya Shah")


@pytest.mark.usefixtures("live")
def test_two_people_on_one_case_see_each_other_and_what_the_other_does(people, day):
    laura, other = people(day.laura), people(priya())
    laura.page.clock.set_fixed_time(NOW)  # so that what she types stays typed just now
    said = under_way(other.page, "/here")
    hers, others = laura.at(day.bin, "?act=make"), other.at(day.bin)
    expect(others.locator("#live")).to_have_text("Live")
    expect(others.locator("#here")).to_contain_text("Laura Bennett is here too")
    expect(hers.locator("#here")).to_contain_text("Priya Shah is here too")
    words = hers.get_by_label("In which words")
    words.press_sequentially("I am still writing")
    expect(others.locator("#here")).to_contain_text("Laura Bennett is writing here")
    hers.evaluate(WATCH)

    others.get_by_role("link", name="Record a contact").click()
    others.get_by_label("What was said").fill("He rang: the foxes were there.")
    others.get_by_role("button", name="Record it").click()

    expect(hers.locator(".mg-timeline")).to_contain_text("the foxes were there")
    expect_marked(hers, "The customer reached us by phone.")
    expect(hers.locator("#announce")).to_contain_text("New on this page")
    expect(words).to_have_value("I am still writing")
    expect(words).to_be_focused()
    expect(hers.locator("#acts + .mg-acts form")).to_be_visible()  # where it was, above all else

    others.route("**/here", lambda route: route.abort())
    while said:  # or it could arrive after the farewell
        others.wait_for_timeout(20)
    others.goto("about:blank")
    expect(hers.locator("#here")).not_to_contain_text("Priya Shah")


def test_who_begins_to_type_while_the_page_still_says_that_it_is_here_is_seen_typing(people, day):
    page = people(day.laura).page
    waiting: list[Route] = []
    page.route("**/here", lambda route: waiting.append(route), times=1)  # noqa: PLW0108 - Playwright marks what it is given
    page.clock.set_fixed_time(NOW)
    with page.expect_request("**/here"):
        page.goto(f"/cases/{day.bin.reference}?act=make")
    page.get_by_label("In which words").press_sequentially("I am")
    assert len(waiting) == 1

    with page.expect_request("**/here") as told:
        waiting[0].continue_()

    assert 'name="typing"\r\n\r\n1' in (told.value.post_data or "")


@pytest.mark.usefixtures("live")
def test_my_word_takes_in_what_is_new_without_taking_the_focus(people, day):
    page = people(day.laura).page
    page.goto("/")
    expect(page.locator("#live")).to_have_text("Live")
    page.keyboard.press("j")
    chosen = page.evaluate("document.activeElement.id")
    page.evaluate(WATCH)

    word = a_word(now=NOW, said_by=day.laura.pk, words="I ring you at three.")
    promises.make_promise(day.bill.pk, word, now=NOW)

    expect(page.locator("[data-row]", has_text="I ring you at three.")).to_be_visible()
    expect_marked(page, "I ring you at three.")
    assert page.evaluate("document.activeElement.id") == chosen


@pytest.mark.usefixtures("live")
def test_several_tabs_share_one_stream(people, day):
    laura = people(day.laura)
    tabs = [laura.context.new_page() for _ in range(8)]
    for tab in tabs:
        tab.goto(f"/cases/{day.bin.reference}")

    for tab in tabs:
        expect(tab.locator("#live")).to_have_text("Live")


@pytest.mark.usefixtures("live")
def test_what_happens_while_a_tab_is_on_its_way_reaches_it_through_another(people, day):
    laura = people(day.laura)
    first, second = laura.at(day.bill), laura.context.new_page()
    expect(first.locator("#live")).to_have_text("Live")
    scripts: list[Route] = []
    second.route("**/live*.js", lambda route: scripts.append(route), times=1)  # noqa: PLW0108 - Playwright marks what it is given
    with second.expect_request("**/live*.js"):
        second.goto(f"/cases/{day.bill.reference}", wait_until="commit")
    expect(second.locator(".mg-foot")).to_be_visible()

    word = a_word(now=NOW, said_by=day.laura.pk, words="I ring you at three.")
    promises.make_promise(day.bill.pk, word, now=NOW)
    expect(first.locator("#main")).to_contain_text("I ring you at three.")
    scripts[0].continue_()

    expect(second.locator("#main")).to_contain_text("I ring you at three.")


def test_nothing_takes_what_was_found_in_words_that_have_changed_since(people, day):
    Customer.objects.filter(pk=day.alarm.customer_id).update(email="clarke@example.net")
    page = people(day.laura).page
    page.clock.install(time=NOW)
    page.goto(f"/cases/{day.alarm.reference}/mails")
    page.clock.pause_at(NOW + timedelta(hours=1))
    answers: list[Route] = []
    page.route("**/word", lambda route: answers.append(route), times=1)  # noqa: PLW0108 - Playwright marks what it is given
    words = page.locator("textarea[name=words]")
    words.fill("Your engineer is on the way.")
    with page.expect_request("**/word"):
        page.clock.run_for(1_000)
    words.fill("Hello. Your engineer is on the way.")
    answers[0].continue_()
    expect(page.locator("#gate")).to_contain_text("This cannot be said")

    page.keyboard.press("Alt+1")
    page.locator("#gate [data-instead]").first.click()

    expect(words).to_have_value("Hello. Your engineer is on the way.")
    page.clock.run_for(1_000)
    expect(page.locator("#gate")).to_have_attribute("data-old", "0")
    page.locator("#gate [data-instead]").first.click()
    expect(words).to_have_value(re.compile(r"^Hello\. (?!Your engineer is on the way)"))


def test_a_page_without_a_stream_says_when_it_looked_and_hides_words_that_grew_old(people, day):
    page = people(day.laura).page
    page.clock.install()
    page.goto(f"/cases/{day.bin.reference}")
    page.clock.run_for(11_000)
    expect(page.locator("#live")).to_contain_text(re.compile(r"Not live: last looked \d\d:\d\d"))
    relative = page.locator(".mg-next-when .mg-rel")
    expect(relative).to_be_visible()

    page.route("**/cases/*", lambda route: route.abort())
    page.clock.run_for(120_000)

    expect(relative).to_be_hidden()


@pytest.mark.usefixtures("live")
def test_the_list_of_cases_hears_what_others_do_and_keeps_what_is_typed_in_its_filters(people, day):
    page = people(day.laura).page
    page.goto("/cases?all=1&filters=1")
    expect(page.locator("#live")).to_have_text("Live")
    page.get_by_label("With these words").fill("half a wor")

    word = a_word(now=NOW, words="We ring you.", due_at=NOW + timedelta(minutes=5))
    promises.make_promise(day.lengthy.pk, word, now=NOW)

    row = page.locator(f"#case-{day.lengthy.reference}")
    expect(row).to_contain_text("in 5 min")
    expect(page.get_by_label("With these words")).to_have_value("half a wor")


def test_who_acts_on_what_a_colleague_has_just_settled_is_told_so_with_the_words_kept(people, day):
    call = open_promise(day.bill, "I'll call")
    page = people(day.laura).at(day.bill, f"?act=keep&on={call.pk}")
    page.get_by_label("What was done, and how we know").fill("Rang her at half past one.")
    promises.keep_promise(promise_id=call.pk, at=NOW, evidence="Sam rang her.", by=priya(), now=NOW)

    page.get_by_role("button", name="Record that it was kept").click()

    expect(page.get_by_role("alert").first).to_contain_text("This promise was kept already.")
    expect(page.locator(".mg-meanwhile")).to_contain_text("Recorded by Priya Shah")
    expect(page.locator("#gone blockquote")).to_have_text("Rang her at half past one.")
    expect(page.get_by_role("button", name="Record that it was kept")).to_have_count(0)


def test_a_slip_is_undone_by_one_key(people, day):
    call = open_promise(day.bill, "I'll call")
    page = people(day.laura).at(day.bill)
    page.keyboard.press("j")
    page.keyboard.press("Shift+K")
    expect(page.get_by_label("What was done, and how we know")).to_be_focused()
    page.keyboard.type("Rang her.")
    Keyboard(page=page).press("Record that it was kept")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.wait_for_load_state()  # before, no script listens to keys

    page.keyboard.press("u")

    expect(page.get_by_role("status")).to_contain_text("the promise stands again")
    assert Promise.objects.get(follows=call, outcome=None).words == call.words


def test_words_outlive_a_lost_connection_and_a_reload(people, day):
    laura = people(day.laura)
    page = laura.at(day.bin, "?act=contact")
    note = page.get_by_label("What was said")
    note.fill("He rang and asked for Wednesday.")
    laura.context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("No connection. What you type stays here")

    page.get_by_role("button", name="Record it").click()
    expect(note).to_have_value("He rang and asked for Wednesday.")
    assert not Contact.objects.filter(note__contains="Wednesday").exists()
    laura.context.set_offline(False)
    page.reload()

    expect(note).to_have_value("He rang and asked for Wednesday.")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("status")).to_contain_text("The contact is recorded.")
    page.goto(f"/cases/{day.bin.reference}?act=contact")
    expect(note).to_have_value("")


def sign_in(page: Page, day: BusyDay) -> None:
    page.get_by_label("E-mail address").fill(day.laura.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_words_that_were_sent_after_the_sign_in_was_over_stand_there_again(people, day):
    laura = people(day.laura)
    page = laura.at(day.bin, "?act=contact")
    page.get_by_label("What was said").fill("He rang and asked for Wednesday.")
    laura.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.get_by_role("button", name="Record it").click()
    sign_in(page, day)

    expect(page.get_by_label("What was said")).to_have_value("He rang and asked for Wednesday.")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("status")).to_contain_text("The contact is recorded.")


def test_a_page_goes_on_where_somebody_signed_in_again_in_another_tab(people, day):
    laura = people(day.laura)
    page = laura.at(day.bin, "?act=contact")
    page.get_by_label("What was said").fill("He rang and asked for Wednesday.")
    laura.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.evaluate(LOOK)
    expect(page.get_by_role("alert")).to_contain_text("What you typed stays here.")

    with laura.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value, day)
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("promise")
    page.evaluate(LOOK)

    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("status")).to_contain_text("The contact is recorded.")


@pytest.mark.usefixtures("live")
def test_a_page_that_nobody_tells_anything_any_more_says_what_to_do(people, day):
    page, asked = people(day.laura).page, []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=401)

    page.route("**/live/events*", refuse)
    page.clock.install()
    page.goto("/")
    says = "Reload the page to hear again what others do."
    for _ in range(200):
        if says in (page.locator("#live").text_content() or ""):
            break
        page.clock.run_for(30_000)

    expect(page.locator("#live")).to_contain_text(says)
    assert len(asked) <= 12  # at first and after each of the five rests, each perhaps twice


@pytest.mark.usefixtures("live")
def test_a_page_whose_sign_in_is_over_says_so_and_asks_for_news_no_more(people, day):
    laura, asked = people(day.laura), []
    page = laura.page
    page.route("**/live/events*", lambda route: route.fulfill(status=401))
    page.clock.install()
    page.goto("/")
    laura.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.clock.run_for(30_000)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out.")

    page.on("request", lambda one: asked.append(urlsplit(one.url).path))
    with page.expect_request(lambda one: urlsplit(one.url).path == "/"):
        for _ in range(10):
            page.clock.run_for(30_000)

    # Once a minute (or twice) whether somebody signed in again; the stream never.
    assert set(asked) == {"/"}
    assert len(asked) <= 12


def test_a_page_that_is_not_there_any_more_says_so(people, day):
    page = people(day.laura).at(day.bin)
    page.route("**/cases/*", lambda route: route.fulfill(status=404))

    page.evaluate(LOOK)

    expect(page.get_by_role("alert")).to_contain_text("This page is not there any more")


def gone_for(page: Page, what: str, *, until: str) -> None:
    """Nobody answers the page at such addresses until its foot says so."""
    page.context.route(what, nobody)
    while until not in (page.locator("#live").text_content() or ""):
        page.clock.run_for(30_000)
    page.context.unroute(what, nobody)


def nobody(route: Route) -> None:
    route.fulfill(status=503)


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize("away", ["**/*", "**/live/events*"], ids=["the desk", "the stream alone"])
def test_a_page_that_nobody_touches_hears_again_after_the_server_was_long_away(people, day, away):
    page = people(day.laura).page
    page.clock.install()
    page.goto("/")
    expect(page.locator("#live")).to_have_text("Live")
    gone_for(page, away, until="Reload the page")

    with page.expect_request("**/live/events*"):
        for _ in range(24):
            page.clock.run_for(30_000)

    expect(page.locator("#live")).to_have_text("Live")


@pytest.mark.usefixtures("live")
def test_all_tabs_hear_again_through_the_one_that_was_reloaded(people, day):
    laura = people(day.laura)
    page, other = laura.page, laura.context.new_page()
    page.clock.install()
    page.goto("/")
    other.goto(page.url)
    for tab in (page, other):
        expect(tab.locator("#live")).to_have_text("Live")
    gone_for(page, "**/live/events*", until="Reload the page")
    expect(other.locator("#live")).to_contain_text("Reload the page")

    other.reload()

    for tab in (page, other):
        expect(tab.locator("#live")).to_have_text("Live")
