"""What other systems hear, checked by the libraries with which they would: not by ours."""

from datetime import UTC, datetime, timedelta

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http
from cloudevents.core.formats.json import JSONFormat
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from makegood.actions import webhooks as actions
from makegood.actions.webhooks import NewWebhook
from makegood.clockwork.telling_systems import tell_due
from makegood.gateways.webhooks import Parcel
from makegood.records.models import Webhook
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.WEBHOOKS_PRIVATE = True


def right_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the verifier reads the real clock


def sent(*, now: datetime, **more) -> tuple[Webhook, list[Parcel]]:
    """A webhook, and what it was sent when a case opened and its secret was changed half-way."""
    wanted = NewWebhook(name="shop", url="http://127.0.0.1/hook", **more)
    webhook = actions.make(wanted, by=a_person(), now=MONDAY)
    parcels: list[Parcel] = []
    a_case()
    tell_due(now=now, hand_over=lambda parcel: parcels.append(parcel) or 200)
    return webhook, parcels


def rebuilt(parcel: Parcel) -> dict[str, str]:
    return {name.lower(): value for name, value in parcel.headers.items()}


def test_a_standard_webhooks_verifier_believes_each_message_and_no_changed_one():
    webhook, parcels = sent(now=right_now())
    verifier = Verifier(webhook.secret)

    assert parcels
    for parcel in parcels:
        assert verifier.verify(parcel.body, rebuilt(parcel))["type"].startswith("makegood.")
        with pytest.raises(WebhookVerificationError):
            verifier.verify(parcel.body + b" ", rebuilt(parcel))
        with pytest.raises(WebhookVerificationError):
            verifier.verify(parcel.body, rebuilt(parcel) | {"webhook-id": "evt_0"})


def test_while_the_secret_is_changed_both_are_believed_and_a_day_later_the_new_one():
    now = right_now()
    webhook, _first = sent(now=now)
    fresh = actions.rotate(webhook.pk, now=now)
    parcels: list[Parcel] = []
    actions.replay(webhook.pk, since=MONDAY, now=now)
    tell_due(now=now, hand_over=lambda parcel: parcels.append(parcel) or 200)

    for secret in (webhook.secret, fresh.secret):
        assert Verifier(secret).verify(parcels[0].body, rebuilt(parcels[0]))
    assert actions.keys_of(fresh, now=now + 2 * timedelta(days=1)) != actions.keys_of(
        fresh, now=now
    )


def test_an_old_message_is_not_believed_again():
    webhook, parcels = sent(now=right_now() - 10 * MINUTE)
    with pytest.raises(WebhookVerificationError):
        Verifier(webhook.secret).verify(parcels[0].body, rebuilt(parcels[0]))


def test_a_cloud_events_reader_reads_the_other_envelope():
    _webhook, parcels = sent(now=right_now(), is_cloudevents=True)
    message = HTTPMessage(headers=rebuilt(parcels[0]), body=parcels[0].body)

    event = from_http(message, JSONFormat())

    assert event.get_type().startswith("makegood.")
    assert event.get_id() == rebuilt(parcels[0])["webhook-id"]
    assert event.get_time() is not None
    assert "words" not in (event.get_data() or {})
