"""An administrator brings data in, takes it out, erases somebody, and follows a partner."""

import zipfile
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from busy_day import NOW
from data_world import TICKETS
from makegood.clockwork import moving_data
from makegood.records.models import Customer, ImportedCase, Partner, Retention
from makegood.rules.roles import Role
from world import a_person

pytestmark = pytest.mark.browser


@pytest.fixture
def page(day, people) -> Page:  # noqa: ARG001 - the day is there, whoever looks
    """A page of somebody who may do all of this."""
    return people(a_person("Ada Moreno", role=Role.ADMINISTRATOR.value)).page


def the_clock_goes_on(page: Page) -> None:
    while moving_data.move_data(NOW, Event()):
        pass
    page.reload()


def test_a_file_is_tried_before_it_comes_in_and_says_what_became_of_each_row(page, tmp_path):
    file = tmp_path / "tickets.csv"
    file.write_text(TICKETS)
    page.goto("/settings/data")
    page.get_by_role("link", name="Bring data in").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Your name for that system").fill("old desk")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Try it, keep nothing").click()
    the_clock_goes_on(page)
    expect(page.get_by_role("cell", name="it has no title.")).to_be_visible()
    assert not ImportedCase.objects.exists()

    page.get_by_role("button", name="Bring in 2 rows").click()
    the_clock_goes_on(page)

    expect(page.get_by_role("main")).to_contain_text("counted once more in the desk there are 2")
    assert ImportedCase.objects.count() == 2


def test_everything_goes_out_as_one_file_that_is_whole(page):
    page.goto("/settings/data")
    page.get_by_role("link", name="Take everything out").click()
    page.get_by_role("button", name="Write an export now").click()
    the_clock_goes_on(page)

    with page.expect_download() as taken:
        page.get_by_role("button", name="Download it").click()

    with zipfile.ZipFile(taken.value.path()) as archive:
        assert archive.testzip() is None
        assert len(archive.read("jsonl/case.jsonl").splitlines()) > 1


def test_somebody_gets_a_copy_and_is_then_erased(page):
    Customer.objects.create(name="Dan Fine", email="dan@example.org", zone="UTC", since=NOW)
    page.goto("/settings/data/people")
    page.get_by_role("main").get_by_role("searchbox").fill("Dan Fine")
    page.get_by_role("main").get_by_role("button", name="Find").click()
    page.get_by_role("main").get_by_role("link", name="Dan Fine").click()
    with page.expect_download() as copied:
        page.get_by_role("button", name="Download a copy").click()
    page.get_by_role("link", name="Erase their data").click()
    page.get_by_label("Their name, typed once more").fill("Dan Fine")
    page.get_by_label("I know that this cannot be taken back").check()
    page.get_by_role("button", name="Erase it for good").click()

    expect(page.get_by_role("button", name="Erase it for good")).to_have_count(0)
    expect(page.get_by_role("main")).not_to_contain_text("dan@example.org")
    assert zipfile.ZipFile(copied.value.path()).testzip() is None
    assert not Customer.objects.filter(email="dan@example.org").exists()


def test_a_period_is_kept_only_after_its_effect_was_shown(page):
    page.goto("/settings/data/retention")
    customers = page.get_by_role("region", name="Customers whose last case is long closed")
    customers.get_by_label("Days").fill("400")
    customers.get_by_role("button", name="What would go?").click()
    expect(customers.get_by_role("status")).to_contain_text("Nothing would go today.")
    assert not Retention.objects.filter(days=400).exists()

    customers.get_by_role("button", name="Keep it so").click()

    expect(customers.get_by_role("button", name="Keep it so")).to_have_count(0)
    assert Retention.objects.filter(days=400).exists()


def test_another_desk_is_followed_and_stopped_and_never_by_an_address_inside(page):
    page.goto("/settings/partners")
    form = page.get_by_role("region", name="Follow another desk")
    form.get_by_label("Name, as customers read it").fill("City works")
    form.get_by_label("Which service of ours").select_option(index=1)
    form.get_by_label("Address of its Open311").fill("http://127.0.0.1/v2")
    form.get_by_role("button", name="Follow it").click()
    expect(page.get_by_role("main")).to_contain_text("https")
    assert not Partner.objects.exists()

    form.get_by_label("Address of its Open311").fill("https://city.example.org/open311/v2")
    form.get_by_role("button", name="Follow it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("City works")
    page.get_by_role("button", name="Stop", exact=True).click()

    expect(page.get_by_role("button", name="Look now")).to_have_count(0)
    assert Partner.objects.get().stopped_at is not None
