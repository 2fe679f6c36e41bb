"""Lists at the desk: filters in the address, saved views with undo, files, and the search."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from busy_day import BusyDay, a_busy_day, many_promises, outsider
from examples import examples
from makegood.actions import parts
from makegood.queries import promise_board, waiting
from makegood.records.models import EtaSource, SavedView
from visit_world import a_visit_for_a_part, order_of, utc
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def save(client: Client, name: str = "Money", address: str = "function=money", **more):
    return client.post("/views", {"name": name, "address": address, **more})


def lines(answer) -> list[list[str]]:
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body)))


def test_filters_stand_in_the_address_and_as_chips(day, laura):
    page = text(laura.get("/cases?function=money&severity=3"))

    assert day.bill.title in page
    assert day.bin.title not in page
    assert "P3" in page
    assert 'href="?severity=3"' in page


@pytest.mark.usefixtures("day")
def test_a_filter_that_makes_no_sense_is_named(laura):
    answer = laura.get("/cases?state=sideways")

    assert "was left out: state" in text(answer)


@pytest.mark.usefixtures("day")
def test_a_place_that_no_list_gave_out_begins_at_the_first_page(laura):
    answer = laura.get("/cases?function=money&place=nowhere")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/cases?function=money")


@pytest.mark.usefixtures("day")
def test_a_view_is_saved_opened_renamed_and_made_the_default(laura):
    assert save(laura).headers["Location"] == "/cases?function=money"
    view = SavedView.objects.get()
    assert "<h1>Money</h1>" in text(laura.get("/cases?function=money"))

    laura.post(f"/views/{view.pk}", {"name": "Bills", "default": "on"})

    assert laura.get("/cases").headers["Location"] == "/cases?function=money"
    assert "<h1>Bills</h1>" in text(laura.get("/cases?function=money"))
    assert "<h1>Open cases</h1>" in text(laura.get("/cases?all=1"))


@pytest.mark.usefixtures("day")
def test_a_deleted_view_comes_back_by_undo(laura):
    save(laura)
    view = SavedView.objects.get()

    gone = laura.post(f"/views/{view.pk}/delete", follow=True)
    assert "The view “Money” is deleted." in text(gone)
    assert SavedView.objects.filter(deleted_at=None).count() == 0

    back = laura.post(f"/views/{view.pk}/restore", follow=True)
    assert "<h1>Money</h1>" in text(back)


@pytest.mark.usefixtures("day")
def test_a_name_that_is_taken_is_refused_with_the_list_kept(laura):
    save(laura)

    again = save(laura, address="function=goods")
    assert again.status_code == 409
    assert "You have a view of that name already" in text(again)
    assert "Filter and sort" in text(again)
    assert save(laura, name=" ").status_code == 422


def test_a_shared_view_is_seen_by_the_team_and_changed_by_its_maker_alone(laura):
    save(laura, shared="on")
    view = SavedView.objects.get()
    priya, otto = signed_in(a_person("Priya Shah")), signed_in(outsider())

    assert "Money" in text(priya.get("/cases"))
    assert priya.post(f"/views/{view.pk}/delete").status_code == 409
    assert priya.post(f"/views/{view.pk}", {"name": "Mine now"}).status_code == 409
    assert 'href="?function=money"' not in text(otto.get("/cases"))
    assert otto.post(f"/views/{view.pk}/delete").status_code == 404
    assert Client().post(f"/views/{view.pk}/delete").status_code == 302
    view.refresh_from_db()
    assert (view.name, view.deleted_at) == ("Money", None)


def test_somebody_s_own_view_is_there_for_nobody_else(laura):
    save(laura)
    view = SavedView.objects.get()
    priya = signed_in(a_person("Priya Shah"))

    for act in ("", "/delete", "/restore"):
        assert priya.post(f"/views/{view.pk}{act}", {"name": "x"}).status_code == 404


def test_a_file_holds_the_cases_that_are_filtered(day, laura):
    answer = laura.get("/cases.csv?function=money&sort=newest")

    header, *rows = lines(answer)
    assert header[:3] == ["Case", "Title", "Customer"]
    assert {row[0] for row in rows} == {day.bill.reference, day.offered.reference}
    assert "2026-06-01T14:00:00+01:00" in {row[-1] for row in rows}
    assert "cases-" in answer.headers["Content-Disposition"]


def test_a_file_of_one_s_word_holds_every_open_promise(day, laura):
    header, *rows = lines(laura.get("/my-word.csv"))

    assert header[0] == "Promise"
    assert {row[5] for row in rows} == {"Laura Bennett", "Tom Reed"}
    assert "I'll call you by two." in {row[0] for row in rows}
    assert day.offered.reference not in {row[2] for row in rows}


def test_a_page_of_one_s_whole_word_does_not_lead_to_itself(day, laura, monkeypatch):
    monkeypatch.setattr(promise_board, "ROWS_MAX", 30)
    many_promises(day.bill, 40)

    assert '<a href="?all=1">' in text(laura.get("/"))
    page = text(laura.get("/?all=1"))

    assert '<a href="?all=1">' not in page
    assert "More follow as these are settled." in page


def test_where_more_visits_wait_to_be_told_of_than_are_shown_the_rest_is_a_click_away(
    day, laura, monkeypatch
):
    monkeypatch.setattr(waiting, "ROWS_MAX", 1)
    for case in (day.bill, day.bin):
        order = order_of(a_visit_for_a_part(case, eta=utc(3, 17)))
        parts.record_eta(order.pk, utc(8, 17), now=utc(3, 9), source=EtaSource.API, by=None)

    page = text(laura.get("/"))
    assert page.count("Open its visits") == 1
    assert '<a href="?all=1">' in page
    assert text(laura.get("/?all=1")).count("Open its visits") == 2


@pytest.mark.parametrize("address", ["/cases?q=taylor", "/search?q=taylor", "/cases?sort=due"])
def test_a_page_asks_no_more_the_more_it_shows(laura, address):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            laura.get(address)
        return len(captured)

    laura.get(address)
    few = count()
    for number in range(6):
        a_case(now=MONDAY, customer=a_customer(f"Taylor {number}"))

    assert count() == few


def test_what_is_found_is_grouped_and_marked(day, laura):
    page = text(laura.get("/search?q=taylor"))

    assert "<mark>Taylor</mark>" in page
    for heading in ("Cases", "People", "Things"):
        assert f"{heading} </h2>" in page
    assert f"/cases/{day.bin.reference}" in page


def test_the_best_few_appear_while_one_types(day, laura):
    quick = text(laura.get("/search/quick?q=tayl"))

    assert f"/cases/{day.bin.reference}" in quick
    assert "All results" in quick
    assert "<html" not in quick
    assert text(laura.get("/search/quick?q=t")) == ""


def test_what_is_searched_for_is_shown_as_text(laura):
    a_customer("<script>alert(1)</script> Eve \x02\x03")

    page = text(laura.get("/search?q=eve"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>Eve</mark>" in page


@pytest.mark.usefixtures("day")
def test_finding_nothing_helps(laura):
    assert "Nothing was found." in text(laura.get("/search?q=qqqqxyz"))
    assert "Give at least two letters" in text(laura.get("/search"))
    assert "No case is left by these filters" in text(laura.get("/cases?q=qqqqxyz"))


class AnyAddress(TestCase):
    """Hypothesis runs on one database."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.laura = a_busy_day().laura

    @settings(max_examples=examples(20), suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=40), st.sampled_from(["/search", "/search/quick", "/cases"]))
    def test_no_text_breaks_a_page(self, typed, address):
        self.client.force_login(self.laura)

        assert self.client.get(address, {"q": typed, "place": typed}).status_code in {200, 302}


def _report(day: BusyDay, **more) -> dict[str, object]:
    key = "7b0c5c4e-6b43-4a1e-9d4e-000000000001"
    return {"key": key, "customer": day.bin.customer_id, "harm": "lost", "title": ""} | more


def test_joining_an_open_case_needs_no_more_words(day, laura):
    answer = laura.post("/reports/new", _report(day, join=day.bin.pk))

    assert answer.status_code == 302
    taken = text(laura.get(answer.headers["Location"]))
    assert "It joined the open case" in taken
    assert "3 reports" in taken


def test_a_case_of_somebody_else_or_a_closed_one_is_not_joined(day, laura):
    for other in (day.bill.pk, 10**15):
        answer = laura.post("/reports/new", _report(day, join=other))
        assert answer.status_code == 409
        assert "That case is closed by now" in text(answer)


def test_while_the_report_is_written_what_it_may_be_about_appears(day, laura):
    found = text(
        laura.get(f"/reports/new/same?customer={day.bin.customer_id}&title=food+bin+collected")
    )

    assert "Join it" in found
    assert "said in like words" in found
    assert text(laura.get("/reports/new/same?customer=x&asset=y&function=z")) == ""


def test_enter_takes_the_report_and_joins_nothing(laura):
    page = text(laura.get("/reports/new"))
    form = page[page.index('class="mg-report"') :]

    first = form[form.index("<button") : form.index("</button>")]
    assert "name=" not in first
    assert form.index("<button") < form.index('id="same"')
