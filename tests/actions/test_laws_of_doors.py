"""The laws of tokens, webhooks, deliveries signals and partners, attacked from psql."""

import json

import pytest

from makegood.actions import canary, signals
from makegood.actions.signals import Given
from makegood.records.models import Delivery, SignalSource, TimelineEntry, Token, Webhook
from partner_world import City, a_partner, a_service, look
from raw_sql import insert, refused_by, sql
from signal_world import a_panel, a_signal, a_source
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


def a_row_of_webhook(**more) -> None:
    row = {
        "name": "shop", "url": "https://shop.example/hook", "secret": "whsec_x", "old_secret": "",
        "kinds": [], "with_words": False, "is_cloudevents": False, "made_by_id": a_person().pk,
        "made_at": MONDAY,
    }  # fmt: skip
    insert("records_webhook", **(row | more))


def a_row_of_source(**more) -> None:
    row = {
        "slug": "alarms", "title": "Alarm platform", "paths": json.dumps({}), "states": ["lost"],
        "back": [], "kinds": [], "says": "",
        "harm": "lost", "made_by_id": a_person().pk, "made_at": MONDAY,
    }  # fmt: skip
    insert("records_signalsource", **(row | more))


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        ("webhook_has_a_name_an_address_and_a_secret", {"name": ""}),
        ("webhook_has_a_name_an_address_and_a_secret", {"url": "file:///etc/passwd"}),
        ("webhook_has_a_name_an_address_and_a_secret", {"secret": ""}),
        ("webhook_old_secret_has_an_end", {"old_secret": "whsec_y"}),
        ("webhook_old_secret_has_an_end", {"old_until": MONDAY}),
    ],
)
def test_a_webhook_makes_sense(law, wrong):
    with refused_by(law):
        a_row_of_webhook(**wrong)


def test_a_webhook_is_stopped_at_a_moment():
    with refused_by("webhook_is_stopped_at_a_moment"):
        a_row_of_webhook(stopped_by_id=a_person().pk)


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        ("signal_source_has_a_short_name_and_a_title", {"slug": "A b"}),
        ("signal_source_has_a_short_name_and_a_title", {"title": ""}),
        ("signal_source_knows_what_a_failure_is", {"states": []}),
        ("signal_source_harm_is_known", {"harm": "bad"}),
    ],
)
def test_a_signal_source_makes_sense(law, wrong):
    with refused_by(law):
        a_row_of_source(**wrong)
    a_row_of_source()
    assert SignalSource.objects.count() == 1


def test_webhook_hears_what_happens_in_the_same_transaction():
    """The law `webhook_hears_what_happens`: whatever writes an entry, by whichever way."""
    a_row_of_webhook()
    a_row_of_webhook(kinds=["promise_made"])
    a_row_of_webhook(stopped_at=MONDAY)

    a_case(customer=a_customer("Ann"))
    canary.ensure(now=MONDAY)

    every, some, none = Webhook.objects.order_by("pk")
    of_ann = TimelineEntry.objects.filter(case__is_canary=False).values_list("pk", flat=True)
    assert set(every.deliveries.values_list("entry", flat=True)) == set(of_ann)
    assert {one.entry.kind for one in some.deliveries.all()} == {"promise_made"}
    assert none.deliveries.count() == 0


def test_an_entry_goes_to_a_webhook_once_and_is_in_one_state():
    a_row_of_webhook()
    a_case()
    one = Delivery.objects.earliest("pk")
    with refused_by("delivery_once_per_entry"):
        insert(
            "records_delivery", webhook_id=one.webhook_id, entry_id=one.entry_id, made_at=MONDAY,
            send_at=MONDAY,
        )  # fmt: skip
    with refused_by("delivery_waits_arrived_or_was_given_up"):
        sql("UPDATE records_delivery SET delivered_at = made_at")
    with refused_by("delivery_waits_arrived_or_was_given_up"):
        sql("UPDATE records_delivery SET send_at = NULL")


def test_a_token_may_call_now_and_then_and_cannot_be_widened():
    row = {
        "name": "x", "digest": b"x" * 32, "hint": "mg_", "scopes": ["read"], "currency": "",
        "made_by_id": a_person().pk, "made_at": MONDAY,
    }  # fmt: skip
    for wrong in (0, 100_001):
        with refused_by("token_may_call_now_and_then"):
            insert("records_token", **row, calls_per_minute=wrong)
    insert("records_token", **row)
    for change in ("acts_for_id = made_by_id", "is_sandbox = true", "calls_per_minute = 5"):
        with refused_by("token_is_only_used_and_revoked"):
            sql(f"UPDATE records_token SET {change}")
    assert Token.objects.count() == 1


def a_row_of_partner(**more) -> None:
    row = {
        "name": "City", "url": "https://city.example/v2", "jurisdiction": "", "api_key": "",
        "codes": [], "service_id": a_service().pk, "since": MONDAY, "made_by_id": a_person().pk,
        "made_at": MONDAY, "look_at": MONDAY, "failures": 0, "error": "", "unread": 0,
    }  # fmt: skip
    insert("records_partner", **(row | more))


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        ("partner_has_a_name_and_an_address", {"name": ""}),
        ("partner_has_a_name_and_an_address", {"url": ""}),
        ("partner_is_looked_at_or_stopped", {"look_at": None}),
        ("partner_is_looked_at_or_stopped", {"stopped_at": MONDAY}),
        ("partner_fails_since_a_moment_and_says_why", {"failures": 1}),
        ("partner_fails_since_a_moment_and_says_why", {"failures": 1, "failing_since": MONDAY}),
        ("partner_fails_since_a_moment_and_says_why", {"error": "It is down."}),
    ],
)
def test_a_partner_makes_sense(law, wrong):
    with refused_by(law):
        a_row_of_partner(**wrong)


def test_a_partner_is_there_once_by_its_name():
    a_row_of_partner()
    with refused_by("partner_once_by_name"):
        a_row_of_partner()


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("partner_request_keeps_its_case", "UPDATE records_partnerrequest SET external_id = '18'"),
        ("partner_request_stays", "DELETE FROM records_partnerrequest"),
        (
            "partner_request_once",
            """INSERT INTO records_partnerrequest
                      (partner_id, external_id, case_id, is_open, updated_at, seen_at)
               SELECT partner_id, external_id, (SELECT max(id) FROM records_case), true,
                      now(), now()
                 FROM records_partnerrequest""",
        ),
    ],
)
def test_a_request_of_a_partner_has_one_case_for_good(law, change):
    a_partner()
    city = City()
    city.shows()
    look(city)
    a_case()
    with refused_by(law):
        sql(change)


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("signal_stays_as_it_came", "UPDATE records_signal SET device = '' WHERE device <> ''"),
        ("signal_stays_as_it_came", "UPDATE records_signal SET state = 'back'"),
        ("signal_stays_as_it_came", "UPDATE records_signal SET external_id = 'x' || id"),
        ("signal_stays_as_it_came", "UPDATE records_signal SET raw = '{}' WHERE why <> ''"),
        ("signal_only_grows", "DELETE FROM records_signal"),
    ],
)
def test_a_signal_stays_as_it_came(law, change):
    source = a_source()
    a_panel()
    for document in (a_signal(1), a_signal(2, panel="nobody's")):
        signals.receive(Given(source=source.pk, document=document), now=MONDAY)
    with refused_by(law):
        sql(change)
