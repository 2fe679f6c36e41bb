"""Every address has its door: Alice, Bob and Charlie try each of them."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from addresses import addresses, things_of
from busy_day import NOW, PASSWORD, BusyDay
from makegood.actions import links
from makegood.records.models import CaseLink, Escalation, Handover, Staff
from world import a_person

pytestmark = pytest.mark.django_db

# Answers to machines: they say nothing about anybody.
MACHINES = {"healthz", "readyz", "metrics"}
WORDS_OF_OTHERS = ("Alarm link down", "Clarke", "technician")


def _addresses(day: BusyDay, *, door: str, token: str = "") -> list[str]:
    """Every address behind a door, filled with things of the alarm case."""
    things = things_of(day, token=token)
    return [address.filled(things) for address in addresses(door=door)]


def _contents() -> dict[str, list[tuple]]:
    """Every row of every table."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows[table] = cursor.fetchall()
    return rows


def test_every_address_has_its_door():
    unguarded = {address.name for address in addresses() if not address.door} - MACHINES
    assert not unguarded, f"decorate these by public, allowed, staff_only, link_only: {unguarded}"
    assert {address.door for address in addresses() if address.door} == {
        "link",
        "public",
        "signed",
        "staff",
        "token",
    }
    assert {address.name for address in addresses(door="public")} == {
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "api_not_here",
        "calendar_feed",
        "mfa_authenticate",
        "open311",
        "open311_request",
        "open311_requests",
        "open311_service",
        "open311_services",
        "open311_token",
        "openapi-json",
        "openid_connect_callback",
        "openid_connect_login",
        "tell_us",
    }


def test_charlie_who_has_not_signed_in_is_sent_to_sign_in(day):
    for address in _addresses(day, door="staff"):
        for answer in (Client().get(address), Client().head(address), Client().post(address)):
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/sign-in"), address


def test_somebody_who_has_left_is_a_stranger_at_once(day):
    lee = a_person("Lee Left")
    lee.set_password(PASSWORD)
    lee.save()
    client = Client()
    client.force_login(lee)
    assert client.get("/").status_code == 200
    Staff.objects.filter(pk=lee.pk).update(is_active=False)

    for address in _addresses(day, door="staff"):
        assert client.get(address).status_code == 302, address
    refused = Client().post("/sign-in", {"login": lee.email, "password": PASSWORD})
    assert "do not belong together" in refused.content.decode()


def test_a_stranger_learns_nothing_at_the_sign_in(day):
    wrong, unknown = (
        Client().post("/sign-in", {"login": who, "password": "wrong"}).content.decode()
        for who in (day.laura.email, "nobody@example.org")
    )

    def bare(page):
        return re.sub(r'value="[^"]*"', "", page)

    assert bare(wrong) == bare(unknown)


def test_bobs_link_opens_bobs_case_and_never_alices(day):
    for address in _addresses(day, door="link", token=day.bin_token):
        answer = Client().get(address)
        body = answer.content.decode()
        assert not any(word in body for word in WORDS_OF_OTHERS), address
    own = Client().get(f"/c/{day.bin_token}").content.decode()
    assert "Food bin not collected" in own


def test_a_link_opens_no_page_of_the_desk(day):
    client = Client()
    client.get(f"/c/{day.alarm_token}")

    assert not client.cookies
    for address in _addresses(day, door="staff"):
        assert client.get(address).status_code == 302, address


def test_unknown_expired_and_revoked_links_give_one_same_page(day):
    expired = links.mint_link(day.bin.pk, now=NOW - timedelta(days=91))
    revoked = links.mint_link(day.bin.pk, now=NOW)
    CaseLink.objects.filter(token_digest=links.digest(revoked)).update(revoked_at=NOW)
    cut = day.bin_token[:-1]
    tokens = [expired, revoked, cut, day.bin_token.swapcase(), "x", " ", "%00", "..", "ä" * 300]

    pages = set()
    for token in tokens:
        answer = Client().get(f"/c/{token}")
        assert answer.status_code == 404, token
        heads = {k: v for k, v in answer.headers.items() if k != "Content-Length"}
        pages.add((answer.content, str(sorted(heads.items()))))
    for address in _addresses(day, door="link", token=revoked):
        assert Client().post(address, {"words": "x"}).status_code in {404, 405}, address

    assert len(pages) == 1
    assert "Food bin" not in pages.pop()[0].decode()


def test_the_page_of_a_link_tells_nobody_its_address(day):
    for answer in (Client().get(f"/c/{day.bin_token}"), Client().get("/c/unknown")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]


def test_reading_changes_nothing(day, laura):
    staff = _addresses(day, door="staff")
    before = _contents()

    for address in staff:
        laura.get(address)
        laura.head(address)
    for address in _addresses(day, door="link", token=day.bin_token):
        Client().get(address)
        Client().head(address)
    for query in ("act=make", "act=contact", "act=handover", "act=close", "all"):
        laura.get(f"/cases/{day.alarm.reference}?{query}")
    for address in ("/sign-in", "/sign-out", "/reports/new?customer=1", "/cases?q=a", "/healthz"):
        Client().get(address)
        laura.get(address)

    assert _contents() == before


def test_what_writes_answers_no_get_and_what_reads_no_post(day, laura):
    for address in _addresses(day, door="staff"):
        answer = laura.get(address)
        leads_on = answer.headers.get("Location", "").startswith("/account/")
        assert leads_on or answer.status_code in {200, 403, 404, 405}, address
    for address in ("/", "/cases", f"/cases/{day.alarm.reference}", "/brief/1"):
        assert laura.post(address).status_code == 405, address


def test_no_form_of_the_desk_counts_without_its_token(day):
    client = Client(enforce_csrf_checks=True)
    client.force_login(day.laura)
    staff = _addresses(day, door="staff")
    before = _contents()

    for address in staff:
        assert client.post(address).status_code == 403, address
    assert client.post("/sign-in").status_code == 403

    assert _contents() == before


def test_no_form_of_a_customers_page_counts_without_its_key(day):
    client = Client(enforce_csrf_checks=True)
    before = _contents()
    other = Client().get(f"/c/{day.alarm_token}").content.decode()
    keys = ["", "forged", re.findall(r'name="form_key"\s+value="([^"]+)"', other)[0]]

    for what in ("answer", "write", "call", "no-call", "choice", "wish"):
        for key in keys:
            answer = client.post(
                f"/c/{day.bin_token}/{what}",
                {"form_key": key, "words": "Hello", "right": "yes", "wish": "x"},
            )
            assert answer.status_code in {409, 422}, (what, key)

    assert _contents() == before


def test_only_who_was_told_or_covers_for_them_acknowledges(day, laura):
    told = Escalation.objects.filter(case=day.alarm, reason="break").get()

    refused = laura.post(f"/escalations/{told.pk}/acknowledge")

    assert refused.status_code == 403
    told.refresh_from_db()
    assert told.acknowledged_at is None


@pytest.mark.usefixtures("day")
def test_only_who_was_asked_answers_a_handover():
    priya = Client()
    priya.force_login(Staff.objects.get(name="Priya Shah"))

    refused = priya.post(f"/handovers/{Handover.objects.get().pk}/answer", {"answer": "accept"})

    assert refused.status_code == 409
    assert "only they can answer" in refused.content.decode()


@pytest.mark.parametrize("number", [0, 10**12, 10**30])
def test_a_number_that_names_nothing_is_not_found(day, laura, number):  # noqa: ARG001 - signs in
    for address in (f"/brief/{number}", f"/reports/{number}"):
        assert laura.get(address).status_code == 404
    for address in ("promises/{}/keep", "messages/{}/said", "revisions/{}/told"):
        assert laura.post("/" + address.format(number)).status_code == 404


def test_sending_back_after_sign_in_stays_on_this_site(day):
    answer = Client().post(
        "/sign-in?next=https://evil.example/",
        {"login": day.laura.email, "password": PASSWORD, "next": "https://evil.example/"},
    )

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("sent_from", "leads_to"),
    [
        ("http://testserver/cases/M-1?act=contact", "/cases/M-1%3Fact%3Dcontact"),
        ("https://evil.example/cases", "/"),
        ("", "/"),
    ],
)
def test_who_sends_a_form_after_the_sign_in_was_over_comes_back_to_it(day, sent_from, leads_to):
    address = f"/cases/{day.bin.reference}/contacts"

    answer = Client().post(address, headers={"Referer": sent_from})

    assert answer.headers["Location"] == f"/sign-in?next={leads_to}"
