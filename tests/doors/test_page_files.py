"""What pages list, as files: the same rows, for who may see the page and take lists with them."""

import csv
import io

import pytest
from django.test import Client

from makegood.records.models import StaffRole
from world import a_customer, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day")]

FILES = {
    "/search?q=ortiz": "/search.csv?q=ortiz",
    "/mail": "/mail.csv",
    "/templates": "/templates.csv",
    "/visits": "/visits.csv",
    "/learning": "/learning/unnamed.csv",
    "/wall/patterns": "/wall/patterns.csv",
}
"""Where each list stands, and its file; that of parts stands with the visits."""


@pytest.fixture
def lead() -> Client:
    return signed_in(a_person("Grace Lind", role=StaffRole.SUPERVISOR))


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def lines(answer) -> list[list[str]]:
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body)))


@pytest.mark.parametrize("address", [*FILES.values(), "/visits/parts.csv"])
def test_a_list_goes_out_with_those_who_may_take_it_and_with_nobody_else(lead, address):
    header, *rows = lines(lead.get(address))
    agent = signed_in(a_person("Ann Agent", role=StaffRole.AGENT))

    assert all(header)
    assert all(len(row) == len(header) for row in rows)
    assert agent.get(address).status_code == 403
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("page", ["/search?q=ortiz", "/visits"])
def test_a_page_offers_its_file_to_those_who_may_take_it(lead, page):
    agent = signed_in(a_person("Ann Agent", role=StaffRole.AGENT))
    link = f'href="{FILES[page].partition("?")[0]}'

    assert link in lead.get(page).content.decode()
    assert link not in agent.get(page).content.decode()


def test_a_search_goes_out_with_cases_people_and_things_and_without_formulas(day, lead):
    a_customer("=Ortiz(1)")

    rows = lines(lead.get("/search.csv?q=ortiz"))[1:]

    assert {row[0] for row in rows} >= {"Case", "Customer"}
    assert day.bill.reference in {row[1] for row in rows}
    assert "'=Ortiz(1)" in {row[3] for row in rows}


def test_more_of_a_search_goes_out_than_stands_on_its_page(lead):
    for number in range(12):
        a_customer(f"Ortiz {number}")

    people = [row for row in lines(lead.get("/search.csv?q=ortiz")) if row[0] == "Customer"]

    assert len(people) > 12
