"""The five stories at the desk, at a technician's phone and on the customer's page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from busy_day import LONDON, NOW, at
from clock import SimulatedClock
from honour_world import BOTH_A_YEAR, a_keeper, an_article
from letter_world import a_case_by_mail
from makegood.actions import cases, links, parts, promises, signals
from makegood.actions.signals import Given
from makegood.records.models import (
    Case,
    Claim,
    Contact,
    Direction,
    Doubt,
    Letter,
    Message,
    Promise,
    PromiseKind,
    Remedy,
    Staff,
    Visit,
)
from makegood.rules.promises import Channel, Outcome, Precision, Speaker, end_of_day
from makegood.rules.roles import Role
from makegood.rules.severity import Function
from money_world import limits, may_give
from round_world import a_food_bin, a_round
from signal_world import a_panel, a_signal, a_source
from story_world import post
from visit_world import DAY, a_crew, a_part, a_visit_for_a_part, order_of
from world import MONDAY, a_case, a_customer, a_failure, a_person, a_team, a_word

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db")]

HAND = {"width": 390, "height": 844}
SORRY = "That was our mistake, and I am sorry."


def sit(people, person: Staff, **more) -> Page:
    """Somebody at a browser of their own."""
    return people(person, **more).page


def fits(page: Page) -> None:
    """Nothing has to be moved sideways to be read."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]


def customers_page(people, case: Case, *, by) -> Page:
    """What the customer's own link shows, on a phone."""
    page = sit(people, by, viewport=HAND)
    page.context.clear_cookies()
    page.goto(f"/c/{links.mint_link(case.pk, now=NOW)}")
    fits(page)
    return page


def refused_letter(page: Page, case: Case, words: str) -> None:
    """Try to write what may not be said; it stays where it is, with the reason."""
    page.goto(f"/cases/{case.reference}/mails")
    page.locator("textarea[name=words]").fill(words)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("textarea[name=words]")).to_have_value(words)


def test_the_wrong_part_is_put_right_from_a_phone_before_he_leaves(people):
    mike = a_person("Mike Doyle", role=Role.AGENT.value)
    a_crew(members=(mike,))
    may_give(mike, held=limits(5_000, 50_000))
    case = a_case_by_mail(name="Carl Weber")
    visit = a_visit_for_a_part(case, eta=MONDAY - 3 * DAY)
    parts.receive_part(order_of(visit).pk, at=MONDAY, by=None, now=MONDAY)
    right = a_part("H-300", name="upper element")
    page = sit(people, mike, viewport=HAND, has_touch=True)

    page.goto("/today")
    fits(page)
    page.get_by_role("link", name=re.compile("fit the heating element")).tap()
    page.wait_for_url("**/today/*")
    fits(page)
    page.get_by_text("Are you there already?").tap()  # its day is tomorrow
    page.get_by_role("link", name="It cannot be done today").tap()
    page.wait_for_url("**/wrong")
    fits(page)
    expect(page.get_by_label("What you say to the customer")).to_have_value(
        re.compile("our mistake")
    )
    page.get_by_label("The right part").select_option(str(right.pk))
    page.get_by_label("Minutes that the customer lost").fill("38")
    page.get_by_role("button", name="Say so, and hold the next time").tap()

    expect(page.get_by_role("status")).to_contain_text("Held and promised: we come again")
    fits(page)
    page.get_by_role("button", name=re.compile("Give £.* now")).first.tap()
    expect(page.get_by_role("status").filter(has_text="Given. Say:")).to_be_visible()
    second = Visit.objects.get(follows=visit)
    assert Letter.objects.filter(case=case, promise=second.promise).exists(), "in writing"
    assert Remedy.objects.get().granted_by == mike
    theirs = customers_page(people, case, by=mike)
    expect(theirs.get_by_text("Mike Doyle apologised.")).to_be_visible()
    theirs.get_by_text("Another time suits me better").click()
    theirs.locator("button.pick").first.click()
    expect(theirs.get_by_role("status")).to_contain_text("Thank you for choosing.")
    assert not Contact.objects.filter(channel="phone", direction=Direction.INBOUND).exists()


def at_the_wrong_part(people) -> Page:
    """A technician says that a visit cannot be done; its part comes in a day, H-300 in nine."""
    mike = a_person("Mike Doyle", role=Role.AGENT.value)
    a_crew(members=(mike,))
    visit = a_visit_for_a_part(a_case_by_mail(name="Carl Weber"), eta=MONDAY - 3 * DAY)
    parts.receive_part(order_of(visit).pk, at=MONDAY, by=None, now=MONDAY)
    a_part("H-300", name="upper element", lead_days=9)
    page = sit(people, mike, viewport=HAND, has_touch=True)
    page.goto(f"/today/{visit.pk}/wrong")
    return page


def test_words_of_ours_follow_what_is_wrong_and_a_chosen_time_stays(people):
    page = at_the_wrong_part(people)
    words = page.get_by_label("What you say to the customer")
    page.get_by_label("What is wrong").select_option("no_access")
    expect(words).to_have_value(re.compile("Nobody could let me in"))
    chosen = page.get_by_role("radio").last.get_attribute("value")
    page.get_by_role("radio").last.check()

    page.get_by_label("What is wrong").select_option("more_work")

    expect(words).to_have_value(re.compile("needs more than we had planned"))
    expect(page.locator(f"input[value='{chosen}']")).to_be_checked()


def test_what_a_technician_types_stays_though_what_is_wrong_changes_meanwhile(people):
    page, asked = at_the_wrong_part(people), []
    page.route("**/wrong?*", lambda route: asked.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    words = page.get_by_label("What you say to the customer")
    words.fill("I am")
    before = page.get_by_role("radio").first.get_attribute("value")
    with page.expect_request("**/wrong?*"):
        page.get_by_label("The right part").select_option(label="upper element (H-300)")
    words.fill("I am sorry, Mr Weber.")

    asked[0].continue_()

    expect(page.get_by_role("radio").first).not_to_have_attribute("value", before)
    expect(words).to_have_value("I am sorry, Mr Weber.")
    assert "words" not in asked[0].request.url


def test_the_clerks_word_is_written_doubted_and_honoured(people):
    an_article(now=NOW - DAY)
    case = a_case_by_mail(name="Helen Marsh")
    clerk, laura = a_person("Cleo Clerk"), a_person()
    page = sit(people, clerk)
    page.goto(f"/cases/{case.reference}?act=make")
    page.get_by_label("In which words").fill(BOTH_A_YEAR)
    page.get_by_label("By what time").fill("17:00")
    page.get_by_label("What it is").select_option("other")
    page.get_by_role("button", name="Promise it").click()
    expect(page.get_by_role("status")).to_contain_text("Promised.")
    made = Promise.objects.get(words=BOTH_A_YEAR)
    assert Letter.objects.get(promise=made).written_by == clerk, "in writing, unasked"

    kim = sit(people, a_keeper())
    kim.goto("/knowledge")
    card = kim.locator(".mg-slip", has_text="12-month")
    card.locator("select").select_option("statement_wrong")
    card.get_by_role("textbox").fill("Flooring is six months.")
    card.get_by_role("button", name="That is how it is").click()
    expect(kim.get_by_role("status")).to_contain_text("Answered.")
    assert Doubt.objects.get().verdict == "statement_wrong"

    desk = sit(people, laura)
    refused_letter(desk, case, "A mistake was made: the flooring has to move to the 6-month plan.")
    desk.goto(f"/cases/{case.reference}")
    desk.get_by_role("link", name="We do it").click()
    desk.get_by_label("What you tell the customer").fill("You keep what you were promised.")
    desk.locator("input[name=why]").fill("We gave our word.")
    desk.get_by_role("button", name="Do it, and tell them").click()

    expect(desk.locator(".mg-rungs")).to_contain_text("It is done as promised.")
    assert Claim.objects.get().outcome == "honoured"
    assert not Contact.objects.filter(direction=Direction.INBOUND).exists()


def test_the_happy_face_gives_in_one_press_before_he_asks(people):
    agent = a_person()
    may_give(agent, held=limits(5_000, 50_000))
    case = a_case(
        customer=a_customer("Michael Hess", email="michael.hess@example.net"),
        title="Number was moved by mistake",
        function=Function.CONNECTION,
        failed_at=NOW - timedelta(minutes=20),
        known_at=NOW - timedelta(minutes=3),
        now=NOW - timedelta(minutes=3),
    )
    page = sit(people, agent)
    page.goto(f"/cases/{case.reference}?act=sorry")
    page.get_by_label("In which words").fill(SORRY)
    page.get_by_role("button", name="Record that it was said").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    refused_letter(page, case, "We cannot give you a credit for this.")

    page.goto(f"/cases/{case.reference}")
    sentence = page.locator(".mg-give .mg-say q").first.inner_text()
    page.get_by_role("button", name=re.compile("Give £.* now")).click()

    expect(page.get_by_role("status").filter(has_text="Given. Say:")).to_be_visible()
    remedy = Remedy.objects.get()
    assert remedy.promise.words == sentence
    assert remedy.granted_at - case.known_at <= timedelta(minutes=15)
    assert not re.search("one[- ]time|exception|limit|but ", sentence)
    theirs = customers_page(people, case, by=agent)
    expect(theirs.get_by_text(sentence).first).to_be_visible()


def test_the_bin_is_one_case_with_a_true_range_on_the_customers_phone(people):
    laura = a_person()
    friday = datetime(2026, 5, 29, 17, 0, tzinfo=UTC)
    clock = SimulatedClock(friday)
    a_round(now=friday)
    a_customer("David Taylor", email="david.taylor@example.net", phone="07700 900123",
               postcode="EX4 4QJ")  # fmt: skip
    bin_ = a_food_bin("David Taylor")
    failure = a_failure(customer=bin_.customer, asset=bin_, failed_at=friday, known_at=friday)
    case = cases.open_case(failure, owner=laura, now=friday)
    saturday = end_of_day(datetime(2026, 5, 30, tzinfo=UTC).date(), LONDON)
    word = a_word(
        now=friday, kind=PromiseKind.VISIT, words="Your bin will be collected tomorrow.",
        speaker=Speaker.TEMPLATE, speaker_name="missed-bin-reply", said_by=None,
        channel=Channel.WEB, precision=Precision.DATE, due_at=saturday,
    )  # fmt: skip
    promises.make_promise(case.pk, word, now=friday)
    clock.wait_until(saturday + timedelta(hours=1))
    post(clock)

    theirs = customers_page(people, case, by=laura)
    expect(theirs.get_by_text("We apologised.")).to_be_visible()
    expect(theirs.get_by_text("Food waste Friday").first).to_be_visible()
    expect(theirs.locator("main")).to_contain_text("Friday 5 June")
    desk = sit(people, laura)
    refused_letter(desk, case, "Your bin will be collected tomorrow.")

    range_ = case.promises.still_open().get(kind=PromiseKind.VISIT)
    desk.goto(f"/cases/{case.reference}?act=keep&on={range_.pk}")
    desk.get_by_label("What was done, and how we know").fill("Crew 7, 09:58, photo.")
    desk.get_by_role("button", name="Record that it was kept").click()
    expect(desk.get_by_role("status")).to_contain_text("Kept")
    theirs.reload()
    theirs.get_by_role("button", name="Yes, it is right").click()
    expect(theirs.get_by_role("status")).to_contain_text("We are glad that it is right.")
    assert Case.objects.get().closed_at == NOW


def test_the_alarm_reaches_the_vice_president_who_explains_and_is_told_that_it_is_right(people):
    team = a_team("alarms")
    nina, vice = a_person("Nina Owens", team=team), team.executive
    a_panel("4711", a_customer("Ann Clarke", phone="07700 900456"))
    given = Given(source=a_source().pk, document=a_signal(1, "lost", "4711"))
    case = signals.receive(given, now=at(11)).signal.case
    if case.owner != nina:
        offer = cases.offer_handover(
            case_id=case.pk, to=nina, why="Mine.", by=case.owner, now=at(11)
        )
        cases.answer_handover(handover_id=offer.pk, accepts=True, by=nina, now=at(11))
    word = a_word(now=at(12), words="A technician will ring you with a time.", said_by=nina.pk,
                  speaker_name=nina.name, due_at=at(14))  # fmt: skip
    promises.make_promise(case.pk, word, now=at(12))
    SimulatedClock(at(12)).wait_until(NOW)

    page = sit(people, vice)
    page.goto("/")
    brief = page.locator("a[href^='/brief/']").first.get_attribute("href")
    page.goto(brief)
    expect(page.locator(".mg-first")).to_contain_text("I am sorry")
    page.get_by_role("button", name="I have heard it").click()
    call = Promise.objects.get(words=word.words)
    page.goto(f"/cases/{case.reference}?act=keep&on={call.pk}")
    page.get_by_label("What was done, and how we know").fill("Rang: may I come in an hour?")
    page.get_by_role("button", name="Record that it was kept").click()
    expect(page.get_by_role("status")).to_contain_text("Kept")
    page.get_by_role("link", name="Explain why").click()
    page.get_by_label("Do we know why?").select_option("not_yet")
    page.get_by_role("button", name="Record that it was said").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded.")

    why = Message.objects.get(case=case, kind="explanation")
    assert why.words.startswith("We do not know yet why this happened.")
    assert why.promise.outcome is None
    call.refresh_from_db()
    assert call.outcome == Outcome.KEPT
    assert call.case.escalations.filter(role="executive", acknowledged_by=vice).exists()
    theirs = customers_page(people, case, by=vice)
    expect(theirs.locator("main")).to_contain_text("We do not know yet why this happened.")


def test_a_voicemail_is_a_call_that_we_owe_until_it_was_made(people):
    laura = a_person()
    case = a_case(customer=a_customer("Ann Clarke", phone="07700 900456"), now=NOW)
    page = sit(people, laura, viewport=HAND, has_touch=True)
    page.goto(f"/cases/{case.reference}?act=voicemail")
    page.get_by_label("What they said").fill("Please ring me about Friday.")
    page.get_by_role("button", name="Promise the call").tap()
    expect(page.get_by_role("status")).to_contain_text("The call is promised")
    fits(page)

    call = Promise.objects.get(kind=PromiseKind.CALLBACK)
    page.goto(f"/cases/{case.reference}?act=rang&on={call.pk}")
    page.get_by_label("I left a message").check()
    page.get_by_role("button", name="Record the try").tap()
    expect(page.get_by_role("status")).to_contain_text("Try once more from")
    theirs = customers_page(people, case, by=laura)
    expect(theirs.get_by_text(call.words).first).to_be_visible()
    page.goto(f"/cases/{case.reference}?act=keep&on={call.pk}")
    page.get_by_label("What was done, and how we know").fill("Rang; Friday suits her.")
    page.get_by_role("button", name="Record that it was kept").tap()

    expect(page.get_by_role("status")).to_contain_text("Kept")
    call.refresh_from_db()
    assert (call.outcome, call.settled_by) == (Outcome.KEPT, laura)
