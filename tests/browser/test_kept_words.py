"""What somebody typed outlives a connection that fails, and news that come, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser_pages import PHONE
from busy_day import NOW, BusyDay, open_promise
from data_world import TICKETS, client_of, send
from makegood.actions import approvals, contacts, promises, templates
from makegood.actions.contacts import Touch
from makegood.actions.templates import NewTemplate
from makegood.records.models import Contact, Customer, Direction, Letter
from makegood.rules.promises import Channel
from makegood.rules.roles import Role
from money_world import a_wish, limits, may_give
from world import a_person

pytestmark = pytest.mark.browser

WORDS = "The bin still stands here, and it smells."


@pytest.fixture
def phone(browser, server):
    context = browser.new_context(base_url=server, viewport=PHONE, locale="en-GB")
    yield context.new_page()
    context.close()


def write(page: Page, words: str) -> None:
    page.get_by_text("Write to Laura").click()
    page.get_by_label("In your own words").fill(words)


def connect(page: Page, *, is_on: bool) -> None:
    """Cut the connection or give it back, and wait until the page knows."""
    page.context.set_offline(not is_on)
    while page.evaluate("navigator.onLine") is not is_on:
        page.wait_for_timeout(20)


def test_words_stay_while_one_is_offline_and_go_once_one_is_not(phone, day: BusyDay):
    phone.goto(f"/c/{day.bin_token}")
    write(phone, WORDS)
    connect(phone, is_on=False)
    phone.get_by_role("button", name="Send", exact=True).first.click()
    expect(phone.get_by_role("alert")).to_contain_text("You are not connected")
    assert not Contact.objects.filter(note=WORDS).exists()

    connect(phone, is_on=True)
    phone.get_by_role("button", name="Send", exact=True).first.click()
    expect(phone.get_by_text("has your words and answers")).to_be_visible()
    phone.goto(f"/c/{day.bin_token}")

    assert Contact.objects.filter(note=WORDS).count() == 1
    expect(phone.get_by_label("In your own words")).to_have_value("")


def test_words_that_a_broken_connection_took_stand_in_their_form_again(phone, day: BusyDay):
    phone.goto(f"/c/{day.bin_token}")
    write(phone, WORDS)
    phone.route("**/write", lambda route: route.fulfill(status=502, body="Bad gateway"))
    phone.get_by_role("button", name="Send", exact=True).first.click()
    expect(phone.get_by_text("Bad gateway")).to_be_visible()

    phone.goto(f"/c/{day.bin_token}")

    expect(phone.get_by_label("In your own words")).to_have_value(WORDS)
    expect(phone.get_by_text("What you wrote has not arrived yet.")).to_be_visible()


def test_a_letter_that_was_written_leaves_the_form_that_it_was_written_in(people, day: BusyDay):
    """The page comes back to itself: the form is there again, and must be empty."""
    Customer.objects.filter(pk=day.bin.customer_id).update(email="david@example.net")
    page = people(day.laura).at(day.bin, "/mails")
    page.get_by_label("What you write").fill("We are working on it.")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Written. It leaves in a moment")).to_be_visible()

    expect(page.get_by_label("What you write")).to_have_value("")
    page.reload()
    expect(page.get_by_label("What you write")).to_have_value("")

    assert Letter.objects.filter(words="We are working on it.").count() == 1


def test_a_letter_that_was_refused_stays_in_its_form(people, day: BusyDay):
    Customer.objects.filter(pk=day.bin.customer_id).update(email="david@example.net")
    page = people(day.laura).at(day.bin, "/mails")
    page.get_by_label("What you write").fill("We have paid you £99.")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert").first).to_be_visible()

    page.goto(f"/cases/{day.bin.reference}/mails")

    expect(page.get_by_label("What you write")).to_have_value("We have paid you £99.")


@pytest.fixture
def two_templates(day: BusyDay) -> list[int]:
    Customer.objects.filter(pk=day.bin.customer_id).update(email="david@example.net")
    thanks = NewTemplate(name="a thanks", text="Thank you for telling us, {customer}.")
    sorry = NewTemplate(name="b sorry", text="We are sorry, {customer}.")
    return [templates.make(one, owner=day.laura, now=NOW).pk for one in (thanks, sorry)]


def take(page: Page, name: str) -> None:
    """Let the letter begin with the words of a template, which stand there at once."""
    page.get_by_label("Begin with a template").select_option(name)
    page.get_by_role("button", name="Take its words").click()
    page.wait_for_url("**/mails?template=*")


def write_on(page: Page, words: str) -> None:
    """Go on at the end of what stands in the form."""
    page.get_by_label("What you write").press("Control+End")
    page.get_by_label("What you write").press_sequentially(words)


def fail_to_send(page: Page) -> None:
    page.route("**/write", lambda route: route.fulfill(status=502, body="Bad gateway"))
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Bad gateway")).to_be_visible()
    page.unroute("**/write")


@pytest.mark.usefixtures("two_templates")
def test_who_takes_the_words_of_a_template_sees_them_and_not_what_was_typed_before(people, day):
    page = people(day.laura).at(day.bin, "/mails")
    page.get_by_label("What you write").press_sequentially("Something half typed.")

    take(page, "a thanks")

    expect(page.get_by_label("What you write")).to_have_value(re.compile("^Thank you for telling"))
    write_on(page, " It helps.")
    take(page, "b sorry")
    expect(page.get_by_label("What you write")).to_have_value(re.compile("^We are sorry.*[.]$"))
    page.goto(f"/cases/{day.bin.reference}/mails")
    expect(page.get_by_label("What you write")).to_have_value("Something half typed.")


@pytest.mark.usefixtures("two_templates")
def test_what_is_typed_onto_the_words_of_a_template_outlives_a_reload(people, day: BusyDay):
    page = people(day.laura).at(day.bin, "/mails")
    take(page, "a thanks")
    write_on(page, " That helps us.")

    page.reload()

    words = page.get_by_label("What you write")
    expect(words).to_have_value(re.compile("^Thank you .* That helps us[.]$"))
    expect(page.get_by_text("Your words are back as you left them.")).to_be_visible()
    page.get_by_role("button", name="Start afresh").click()
    expect(words).to_have_value(re.compile("^Thank you for telling us, [^.]*[.]$"))
    page.reload()
    expect(words).to_have_value(re.compile("^Thank you for telling us, [^.]*[.]$"))


@pytest.mark.usefixtures("two_templates")
def test_a_letter_of_a_template_that_was_sent_in_vain_is_gone_on_with(people, day: BusyDay):
    page = people(day.laura).at(day.bin, "/mails")
    take(page, "a thanks")
    address = page.url
    write_on(page, " That helps us.")
    fail_to_send(page)

    page.goto(address)
    write_on(page, " A lot.")
    page.reload()

    whole = re.compile("^Thank you .* That helps us[.] A lot[.]$")
    expect(page.get_by_label("What you write")).to_have_value(whole)


def test_a_letter_of_a_template_is_gone_on_with_from_the_plain_page(
    people, day: BusyDay, two_templates
):
    """It stays a letter of its template, and is gone from the form once it arrived."""
    page = people(day.laura).at(day.bin, "/mails")
    take(page, "a thanks")
    write_on(page, " That helps us.")
    fail_to_send(page)

    page.goto(f"/cases/{day.bin.reference}/mails")
    whole = re.compile("^Thank you .* That helps us[.]$")
    expect(page.get_by_label("What you write")).to_have_value(whole)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Written. It leaves in a moment")).to_be_visible()

    assert Letter.objects.get(words__endswith="That helps us.").template_id == two_templates[0]
    expect(page.get_by_label("What you write")).to_have_value("")
    take(page, "a thanks")
    expect(page.get_by_label("What you write")).not_to_have_value(whole)


def test_what_was_sent_in_vain_outlives_a_look_at_another_page(people, day: BusyDay):
    """Only an answer says that it has arrived: a page without the form may be any other page."""
    page = people(day.laura).at(day.bin, "?act=contact")
    page.get_by_label("What was said").fill("He rang: the lid is broken.")
    page.route("**/contacts", lambda route: route.fulfill(status=502, body="Bad gateway"))
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("Bad gateway")).to_be_visible()
    page.unroute("**/contacts")

    page.goto("/")
    page.goto(f"/cases/{day.bin.reference}?act=contact")

    expect(page.get_by_label("What was said")).to_have_value("He rang: the lid is broken.")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".mg-timeline")).to_contain_text("the lid is broken")
    page.goto(f"/cases/{day.bin.reference}?act=contact")
    expect(page.get_by_label("What was said")).to_have_value("")


def test_what_was_sent_in_vain_outlives_the_answer_to_another_form(people, day: BusyDay):
    """The page remained: what is sent from it next says nothing of what was sent before."""
    page = people(day.laura).at(day.bin, "?act=contact")
    page.get_by_label("What was said").fill("He rang: the lid is broken.")
    page.route("**/contacts", lambda route: route.fulfill(status=204))
    with page.expect_response("**/contacts"):
        page.get_by_role("button", name="Record it").click()
    page.unroute("**/contacts")

    page.get_by_text("Take links back").click()
    page.get_by_role("button", name="Take them back").click()
    expect(page.get_by_text("1 link was taken back.", exact=True)).to_be_visible()
    page.goto(f"/cases/{day.bin.reference}?act=contact")

    expect(page.get_by_label("What was said")).to_have_value("He rang: the lid is broken.")


def test_an_answer_that_is_half_typed_stays_when_the_page_takes_in_news(people, day):
    lead = day.bill.team.lead
    lead.role = Role.SUPERVISOR
    lead.save()
    may_give(lead, held=limits(50_000, 90_000))
    approvals.ask(day.bill.pk, a_wish(30_000), by=day.laura, now=NOW)
    page = people(lead).at(day.bill)
    page.get_by_text("Something else instead").click()
    page.get_by_label("Why not this").fill("Three months, not four.")
    page.get_by_label("What the customer is offered instead").fill("Three months")
    rang = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=NOW, note="Rang again.")
    contacts.record_contact(day.bill.pk, rang, now=NOW)

    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.get_by_text("Rang again.").first).to_be_visible()
    expect(page.get_by_label("Why not this")).to_have_value("Three months, not four.")
    expect(page.get_by_label("What the customer is offered instead")).to_have_value("Three months")


def test_what_is_chosen_stays_when_the_page_takes_in_news(people, day):  # noqa: ARG001 - the day is there, whoever looks
    """Else what another system wrote is read as something else, while an earlier file comes in."""
    page = people(a_person("Ada Moreno", role=Role.ADMINISTRATOR.value)).page
    page.goto("/settings/data/imports")
    page.get_by_label("What wrote it").select_option("freshdesk")
    send(client_of(), TICKETS)

    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.get_by_role("link", name="tickets.csv")).to_be_visible()
    expect(page.get_by_label("What wrote it")).to_have_value("freshdesk")


def test_words_that_came_too_late_stay_when_the_page_takes_in_news(people, day: BusyDay):
    """What a colleague did is news itself, and must not sweep away the page that tells of it."""
    call = open_promise(day.bill, "I'll call")
    page = people(day.laura).at(day.bill, f"?act=keep&on={call.pk}")
    page.get_by_label("What was done, and how we know").fill("Rang her at half past one.")
    promises.keep_promise(promise_id=call.pk, at=NOW, evidence="She rang.", by=day.laura, now=NOW)
    page.get_by_role("button", name="Record that it was kept").click()
    expect(page.locator("#gone blockquote")).to_have_text("Rang her at half past one.")
    rang = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=NOW, note="Rang again.")
    contacts.record_contact(day.bill.pk, rang, now=NOW)

    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.locator(".mg-timeline")).to_contain_text("Rang again.")
    expect(page.locator("#gone blockquote")).to_have_text("Rang her at half past one.")
