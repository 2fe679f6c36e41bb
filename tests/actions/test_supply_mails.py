"""Suppliers write when their parts come: believed of their own orders, and never guessed at."""

from zoneinfo import ZoneInfo

import pytest

from letter_world import ADDRESS
from mail_world import HOST, a_mail, came
from makegood.actions import eta_file
from makegood.actions.eta_file import Taken
from makegood.config.mail import _suppliers
from makegood.records.models import EtaChange, Mail, PartOrder
from visit_world import a_diagnosis, a_part, a_visit_for_a_part, an_order, order_of, slot_of
from world import MONDAY, a_case, a_customer

pytestmark = pytest.mark.django_db

PARTCO = "orders@partco.example"


@pytest.fixture(autouse=True)
def _known(settings):
    settings.MAIL_TRUSTED_HOST = HOST
    settings.SUPPLIERS = {PARTCO: "Partco"}


@pytest.fixture
def order() -> PartOrder:
    return an_order(a_diagnosis(), number="PO-7")


def mail(words: str, *, table: str = "", sender: str = PARTCO, **more) -> Mail:
    written = a_mail(words, sender=sender, **more)
    if table:
        written.add_attachment(table.encode(), maintype="text", subtype="csv", filename="etas.csv")
    return came(written)


def etas() -> int:
    return EtaChange.objects.filter(source="mail").count()


def test_a_line_moves_the_order_and_the_visit_that_waits_for_it():
    visit = a_visit_for_a_part()
    order = order_of(visit)
    PartOrder.objects.filter(pk=order.pk).update(number="PO-7")
    before = slot_of(visit)

    kept = mail("Good morning,\nOrder PO-7 arrives on 2026-06-09.\nPartco")

    order.refresh_from_db()
    assert order.eta_at is not None
    assert order.eta_at.isoformat() == "2026-06-09T22:59:59.999999+00:00"
    after = slot_of(visit)
    assert before is not None
    assert after is not None
    assert after.opens_at > order.eta_at
    assert (kept.kind, kept.case, kept.aside_because) == ("supply", visit.case, "")


@pytest.mark.usefixtures("order")
def test_a_file_is_taken_row_by_row_also_from_a_program():
    kept = mail("See file.", table="order;eta\nPO-7;2026-06-09\n", Auto_Submitted="auto-generated")

    assert kept.kind == "supply"
    assert etas() == 1


@pytest.mark.usefixtures("order")
def test_the_same_news_in_another_mail_changes_nothing():
    mail("PO-7 2026-06-09")
    again = mail("PO-7: 2026-06-09")

    assert again.kind == "supply"
    assert etas() == 1


@pytest.mark.parametrize(
    ("words", "table"),
    [
        ("PO-7 is not expected before 2026-06-09", ""),
        ("PO-8 2026-06-09", ""),
        ("It will take a week or so.", ""),
        ("", "order,eta\nPO-7,soon\n"),
        ("", "number of things\n7\n"),
        ("PO-7 2026-13-40", ""),
        ("PO-7 9999-12-31", ""),
    ],
)
@pytest.mark.usefixtures("order")
def test_what_cannot_be_read_is_set_aside_and_moves_nothing(words, table):
    kept = mail(words, table=table)

    assert (kept.kind, kept.aside_because) == ("aside", "supply")
    assert etas() == 0


@pytest.mark.usefixtures("order")
def test_of_a_mail_that_can_be_read_in_part_that_counts_and_a_person_sees_the_rest():
    kept = mail("PO-7 2026-06-09\nPO-8 2026-06-10")

    assert kept.aside_because == "supply"
    assert etas() == 1


@pytest.mark.parametrize(
    "line",
    [
        "PO-8 was cancelled.",
        "We have to cancel order PO-8",
        "Bestellung PO-8 ist storniert",
        "PO-8: no longer available",
        "PO-8 ist nicht lieferbar",
    ],
)
@pytest.mark.usefixtures("order")
def test_that_an_order_does_not_come_at_all_is_seen_by_a_person(line):
    kept = mail(f"PO-7 2026-06-09\n{line}")

    assert kept.aside_because == "supply"
    assert etas() == 1


@pytest.mark.parametrize("proven", [None, "fail"])
@pytest.mark.usefixtures("order")
def test_what_is_not_proven_to_be_theirs_moves_nothing(proven):
    kept = mail("PO-7 2026-06-09", proven=proven)

    assert kept.aside_because == "unproven"
    assert etas() == 0


def test_a_supplier_moves_no_order_of_another():
    other = a_part("Z-1", supplier="Acme")
    an_order(a_diagnosis(a_case(customer=a_customer("Ann")), other), number="PO-9")

    kept = mail("PO-9 2026-06-09")

    assert kept.aside_because == "supply"
    assert etas() == 0


@pytest.mark.usefixtures("order")
def test_a_person_who_writes_the_same_is_no_supplier():
    kept = mail("PO-7 2026-06-09", sender=ADDRESS)

    assert kept.kind == "news"
    assert etas() == 0


def test_suppliers_are_named_by_their_address():
    assert _suppliers("A@b.example=Partco GmbH, c@d.example = Acme") == {
        "a@b.example": "Partco GmbH",
        "c@d.example": "Acme",
    }


def test_a_number_of_two_suppliers_moves_neither_until_one_is_named(order):
    other = a_part("Z-1", supplier="Acme")
    an_order(a_diagnosis(a_case(customer=a_customer("Ann")), other), number="PO-7")
    london = ZoneInfo("Europe/London")

    def take(text: str) -> Taken:
        return eta_file.take_file(text, zone=london, by=None, now=MONDAY)

    both = take("order,eta\nPO-7,2026-06-09\n")
    assert (both.moved, len(both.bad)) == (0, 1)
    assert "two suppliers" in both.bad[0].why

    rows = ["order;supplier;eta", "PO-7;acme;2026-06-09", "PO-7;;2026-06-10", "PO-7;X;2026-06-11"]
    named = take("\n".join(rows))
    assert (named.moved, [bad.line for bad in named.bad]) == (1, [3, 4])
    assert named.bad[1].why == "No order with the number PO-7 is expected from X."
    order.refresh_from_db()
    assert order.etas.count() == 1
