"""What pages list, as files: the same rows, for who may see the page and take lists with them."""

import csv
import io
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from busy_day import NOW
from learning_world import a_closed_case
from mail_world import a_mail, came
from makegood.actions import templates
from makegood.actions.templates import NewTemplate
from makegood.records.models import (
    Cause,
    Customer,
    Diagnosis,
    PartOrder,
    StaffRole,
    Template,
    TruthSource,
    Visit,
)
from makegood.rules.capture.kinds import Kind
from money_world import a_remedy, arrive, limits, may_give
from visit_world import a_visit, an_order, slot_of
from world import MONDAY, a_case, a_customer, a_person

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


@pytest.fixture
def listed(day) -> None:
    """Something stands on each list."""
    came(a_mail("Where is my bin?", proven=None, sender="stranger@example.net"))
    a_template("coming")
    assert slot_of(a_visit(day.bin)) is not None
    an_order(eta=NOW)
    a_closed_case()
    given_often()


def a_template(name: str) -> None:
    wanted = NewTemplate(
        name=name,
        text="We will visit you {when}.",
        truth_source=TruthSource.PROMISE,
        about=Kind.VISIT,
    )
    templates.make(wanted, owner=a_person("Olga", role=StaffRole.OWNER), now=MONDAY)


def given_often() -> None:
    """One of a hundred and fifty customers, who was given something seven times."""
    Customer.objects.bulk_create(
        Customer(name=f"Customer {n}", zone="Europe/London", since=NOW) for n in range(150)
    )
    may_give(a_person(), held=limits(50_000, 90_000))
    customer = a_customer("Oft Given")
    for n in range(7):
        remedy = a_remedy(100, case=a_case(customer=customer, title=f"Failure {n}"))
        arrive(remedy, at=remedy.granted_at)


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("address", [*FILES.values(), "/visits/parts.csv"])
def test_a_list_goes_out_with_those_who_may_take_it_and_with_nobody_else(lead, address):
    header, *rows = lines(lead.get(address))
    agent = signed_in(a_person("Ann Agent", role=StaffRole.AGENT))

    assert all(header)
    assert rows
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


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("address", "heads", "says"),
    [
        ("/search.csv?q=ortiz", "Was es ist", {"Fall", "nein"}),
        ("/visits.csv", "Trupp", {"ja"}),
        ("/visits/parts.csv", "Teil", {"nein"}),
        ("/mail.csv", "Eingegangen", {"Nichts beweist, wer sie geschickt hat."}),
        (
            "/templates.csv",
            "Vorlage",
            {"Ihre Zeiten kommen aus der offenen Zusage des jeweiligen Falls."},
        ),
        ("/cases.csv", "Fall", {"Hygiene: Abfall, Reinigung"}),
    ],
)
def test_a_german_reader_has_the_rows_in_german_as_well_as_the_header(address, heads, says):
    anna = signed_in(a_person("Anna Maier", role=StaffRole.SUPERVISOR, language="de"))

    header, *rows = lines(anna.get(address))

    assert heads in header
    assert {cell for row in rows for cell in row} >= says


MANY = 230
"""More rows than any page shows."""


def many_templates(_day) -> None:
    a_template("coming")
    one = Template.objects.get(name="coming")
    copy(one, times=MANY - 1, name="coming {}")


def many_visits_without_a_time(day) -> None:
    one = a_visit(day.bin)
    copy(one, times=MANY - 1, uuid=lambda _n: uuid.uuid4(), confirmed_at=None)


def many_parts(_day) -> None:
    one = an_order()
    found = copy(one.diagnosis, times=MANY - 1)
    copy(one, times=MANY - 1, diagnosis=lambda n: found[n], eta_at=None)


def many_causes(day) -> None:
    Cause.objects.bulk_create(
        Cause(name=f"Cause {n}", owner=day.laura, made_at=NOW, made_by=day.laura)
        for n in range(MANY)
    )


def copy(one: Template | Visit | PartOrder | Diagnosis, *, times: int, **changed: object) -> list:
    """The same row again and again, but for what is changed: a value, a pattern or a function."""
    plain = {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}
    del plain["id"]
    kind, rows = type(one), []
    for n in range(times):
        row = kind(**plain)
        for name, value in changed.items():
            setattr(row, name, _made(value, n))
        rows.append(row)
    return kind.objects.bulk_create(rows)


def _made(value: object, n: int) -> object:
    if callable(value):
        return value(n)
    return value.format(n) if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("address", "fill"),
    [("/visits.csv", many_visits_without_a_time), ("/visits/parts.csv", many_parts)],
)
def test_a_file_of_many_rows_asks_no_more_than_one_of_few(
    day, lead, address, fill: Callable[[object], None]
):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            lines(lead.get(address))
        return len(queries)

    fill(day)
    asked()
    before = asked()
    fill(day)

    assert asked() == before


@pytest.mark.parametrize(
    ("address", "fill"),
    [
        ("/templates.csv", many_templates),
        ("/visits.csv", many_visits_without_a_time),
        ("/visits/parts.csv", many_parts),
        ("/learning/causes.csv", many_causes),
    ],
)
def test_a_file_holds_every_row_also_where_its_page_shows_fewer(
    day, lead, address, fill: Callable[[object], None]
):
    before = len(lines(lead.get(address)))
    fill(day)

    assert len(lines(lead.get(address))) == before + MANY
