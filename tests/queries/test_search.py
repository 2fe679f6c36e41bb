"""Searching by words, numbers and beginnings; what the index holds, and that nothing breaks it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from busy_day import NOW, BusyDay, a_busy_day, at
from examples import examples
from makegood.actions import canary, cases, contacts, promises
from makegood.actions.contacts import Touch
from makegood.queries.search import RANKED_MAX, search
from makegood.records import migrations
from makegood.records.models import (
    AssetSearch,
    CaseSearch,
    Contact,
    Customer,
    CustomerSearch,
    Direction,
    Message,
)
from makegood.rules.promises import Channel
from raw_sql import sql
from world import a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db
TABLES = ("case", "customer", "asset")


@pytest.fixture
def day() -> BusyDay:
    return a_busy_day()


def find(typed: str):
    return search(typed, reader=a_person(), now=NOW)


def references(typed: str) -> set[str]:
    page = find(typed)
    return set() if page.is_alike else {case.reference for case in page.cases}


def names(typed: str) -> set[str]:
    return {plain(person.name) for person in find(typed).people}


def plain(marked) -> str:
    return "".join(text for text, _is_match in marked)


def indexed() -> list[tuple]:
    """What the index holds, without the places of the words, which grow as words are added."""
    with connection.cursor() as cursor:
        rows = []
        for kind in TABLES:
            cursor.execute(
                f"SELECT {kind}_id, (SELECT array_agg(lexeme ORDER BY lexeme) FROM unnest(words)),"
                f" alike FROM records_{kind}search ORDER BY 1"
            )
            rows += cursor.fetchall()
    return rows


@pytest.mark.parametrize(
    "typed",
    [
        "taylor",
        "TAYLOR bin",  # across customer and asset
        "tayl",  # the last word may be a beginning
        "elm road",
        "N1 1AA",
        "n11aa",
        "07700 900123",
        "+44 7700 900 123",
        "0044 (0)7700/900123",
        "foxes",  # what the customer wants
        "still standing there",  # what they said
        "crew will come by",  # what we promised
        '"nobody came"',  # what we apologised for
        "taylor -alarm",
        "food bin or nothing",
    ],
)
def test_a_case_is_found_by_any_of_its_words(day, typed):
    assert day.bin.reference in references(typed)


def test_a_case_is_found_by_its_reference_however_it_is_written(day):
    reference = day.bin.reference

    for typed in (reference, reference.lower(), reference.replace("-", ""), reference[:6]):
        assert day.bin.reference in references(typed)


@pytest.mark.parametrize("typed", ["taylor -bin", '"collected bin"', "zebra", "aylor", "900124"])
def test_what_does_not_match_is_not_found(day, typed):
    assert day.bin.reference not in references(typed)


def test_matches_are_marked_and_the_line_that_matches_is_shown(day):
    case = next(case for case in find("foxes").cases if case.reference == day.bin.reference)
    assert ("foxes", True) in case.snippet

    (person,) = find("david").people
    assert person.name == (("David", True), (" Taylor", False))
    assert person.open_cases == 1


def test_an_asset_is_found_with_the_open_case_about_it(day):
    (asset,) = find("panel harbour").assets

    assert plain(asset.name) == "alarm panel"
    assert asset.open_reference == day.alarm.reference


@pytest.mark.usefixtures("day")
def test_accents_may_be_left_out_or_typed():
    a_customer("Zoë Müller-Łukasiewicz", email="zoe.mueller@example.org")

    for typed in ("zoe muller", "Zoë Müller", "lukasiewicz", "zoe.mueller@example.org", "MUELLER"):
        assert names(typed) == {"Zoë Müller-Łukasiewicz"}


@pytest.mark.usefixtures("day")
def test_misspelt_words_find_what_is_written_alike():
    page = find("tailor")

    assert page.is_alike
    assert "David Taylor" in {plain(person.name) for person in page.people}


@pytest.mark.usefixtures("day")
def test_without_the_extension_misspelt_words_find_nothing_and_the_rest_goes_on():
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute(Path(migrations.__path__[0], "0005_alike.sql").read_text())

    assert find("tailor").is_empty
    assert names("taylor") == {"David Taylor"}


def test_open_cases_stand_before_closed_ones(day):
    opened = [
        a_case(now=at(9), customer=a_customer(f"Zebra {number}"), title="Zebra on the line")
        for number in range(3)
    ]
    answer = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at(10), note="It works.")
    contact = contacts.record_contact(opened[-1].pk, answer, now=at(10))
    cases.close_case(case_id=opened[-1].pk, answer=contact, now=at(10))

    assert [case.is_closed for case in find("zebra").cases] == [False, False, True]
    assert day.bin.reference not in references("zebra")


@pytest.mark.usefixtures("day")
def test_the_clock_s_canary_is_never_found():
    canary.ensure(now=NOW)

    assert find("canary").is_empty
    assert not CaseSearch.objects.filter(case__is_canary=True).exists()


def test_a_frequent_word_shows_the_first_and_says_that_there_are_more():
    for number in range(12):
        a_case(now=NOW, customer=a_customer(f"Frequent {number}"), title="Same words")

    page = find("frequent")

    assert (len(page.cases), len(page.people), page.has_more) == (10, 10, True)
    assert len(page.cases) < RANKED_MAX


def test_a_search_asks_as_much_for_many_as_for_one(day):
    def count(typed: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            search(typed, reader=day.laura, now=NOW)
        return len(captured)

    one = count("taylor")
    for number in range(8):
        a_case(now=NOW, customer=a_customer(f"Taylor {number}"))

    assert count("taylor") == one == 4  # what was typed, cases, people, things


def test_the_index_follows_every_change_as_if_it_were_made_anew(day):
    """Named for the triggers that keep it.

    customer_is_found_by_their_words, asset_is_found_by_its_words, case_is_found_by_its_words,
    case_is_found_by_its_new_words, case_is_found_by_its_promises, case_is_found_by_what_was_said,
    case_is_found_by_its_contacts, case_is_found_by_its_reports.
    """
    sql("UPDATE records_customer SET name = 'Ada Lovelace' WHERE name = 'David Taylor'")
    sql("UPDATE records_asset SET place = 'Attic' WHERE name = 'alarm panel'")
    sql("UPDATE records_case SET title = 'Another title' WHERE id = %s", day.bill.pk)
    sql("UPDATE records_contact SET note = 'other words' WHERE starts_with(note, 'The panel')")
    sql(
        "INSERT INTO records_gatepass (case_id, digest, speaker, channel, rests_on, warned_of, at,"
        " made_in) SELECT case_id, sha256('We regret it.'), 'bot', 'chat', '{}', '{}', now(), 0"
        " FROM records_message WHERE words <> ''"
    )
    sql("UPDATE records_message SET words = 'We regret it.' WHERE words <> ''")
    promises.make_promise(day.bill.pk, a_word(now=NOW, words="Zigzag.", due_at=at(20)), now=NOW)

    followed = indexed()
    sql("SELECT search_fill()")

    assert indexed() == followed
    assert references("lovelace") == {day.bin.reference}
    assert references("zigzag") == {day.bill.reference}
    assert not references("nobody came")


def test_erased_words_are_found_no_longer(day):
    contact = Contact.objects.get(note__startswith="The panel says")
    contact.note = ""
    contact.save(update_fields=["note"])
    customer = Customer.objects.get(pk=day.bin.customer_id)
    customer.name, customer.phone, customer.postcode, customer.address = "Erased", "", "", ""
    customer.save()

    for typed in ("failure to communicate", "taylor", "07700 900123", "n1 1aa"):
        page = find(typed)
        assert page.is_empty or page.is_alike
    assert not AssetSearch.objects.filter(words__contains="taylor").exists()


def test_a_customer_or_an_asset_that_goes_takes_its_words_along():
    customer = a_customer("Gone Gary")
    asset_id = customer.assets.create(name="kettle", function="comfort").pk
    assert AssetSearch.objects.filter(pk=asset_id).exists()

    sql("DELETE FROM records_asset WHERE id = %s", asset_id)
    sql("DELETE FROM records_customer WHERE id = %s", customer.pk)

    assert not AssetSearch.objects.filter(pk=asset_id).exists()
    assert not CustomerSearch.objects.filter(pk=customer.pk).exists()


def test_somebody_waits_from_when_they_reached_us_until_we_reach_them():
    case = a_case(now=at(9))

    def touch(direction: Direction, hour: int) -> None:
        what = Touch(channel=Channel.PHONE, direction=direction, at=at(hour), note="x")
        contacts.record_contact(case.pk, what, now=at(hour))

    def waiting():
        return CaseSearch.objects.get(case=case).waiting_since

    assert waiting() is None
    touch(Direction.INBOUND, 10)
    touch(Direction.INBOUND, 11)
    assert waiting() == at(10)
    touch(Direction.OUTBOUND, 12)
    assert waiting() is None
    touch(Direction.INBOUND, 13)
    assert waiting() == at(13)


def test_an_apology_that_was_said_ends_the_wait(day):
    message = Message.objects.get(case=day.alarm)
    assert CaseSearch.objects.get(case=day.alarm).waiting_since == at(12, 55)

    contacts.record_said(
        message_id=message.pk,
        words="I am sorry.",
        channel=Channel.PHONE,
        at=NOW,
        by=day.laura,
        now=NOW + timedelta(minutes=1),
    )

    assert CaseSearch.objects.get(case=day.alarm).waiting_since is None


def test_a_case_that_says_more_than_any_other_stays_findable():
    case = a_case(now=at(9))
    for number in range(3):
        note = " ".join(f"word{number}x{i}" for i in range(2_500))
        what = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at(10), note=note)
        contacts.record_contact(case.pk, what, now=at(10))

    assert references("word2x7") == {case.reference}


class AnyText(TestCase):
    """Hypothesis runs on one database."""

    @classmethod
    def setUpTestData(cls) -> None:
        a_busy_day()

    @settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
    @given(
        st.text(max_size=60)
        | st.text(alphabet="\"'-()|&!:*<> \x00\\%_orab1+\u0308\ud800", max_size=30)
    )
    def test_no_text_breaks_a_search(self, typed):
        assert find(typed).sought == find(find(typed).sought).sought

    @settings(max_examples=examples(20), suppress_health_check=list(HealthCheck))
    @given(st.from_regex(r"[a-zA-Z]{3,9}[!-/:-@\[-`{-~][a-zA-Z0-9]{3,9}", fullmatch=True))
    def test_what_was_written_is_found_by_the_same_writing(self, name):
        customer = Customer.objects.create(name=name, zone="UTC", since=NOW)

        assert customer.pk in {person.id for person in find(name).people}
