"""Messages to other systems: signed by the published scheme, and never into one's own network."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import signatures, webhooks

AT = datetime.fromtimestamp(1_614_265_330, UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of the specification
EVENT = {
    "id": "evt_7",
    "case": "FG4M-Q74M",
    "kind": "promise_kept",
    "at": "2026-06-01T09:00:00+00:00",
    "facts": {"promise": 3},
    "words": "Ann said so",
}
KEYS = st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=2)


def test_the_example_of_the_specification_is_signed_as_it_says():
    body = b'{"test": 2432232314}'
    key = signatures.key_of(SECRET)
    made = webhooks.headers(
        body, message="msg_p5jXN8AQM9LWM0D4loKWxJek", keys=[key], at=AT, is_cloudevents=False
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert made["webhook-timestamp"] == "1614265330"


@given(content=st.binary(), keys=KEYS)
def test_whoever_has_one_of_the_secrets_can_check_it_and_nobody_else(content, keys):
    made = webhooks.headers(content, message="evt_1", keys=keys, at=AT, is_cloudevents=False)
    signed = b".".join([b"evt_1", made["webhook-timestamp"].encode(), content])
    for key in keys:  # as another library would compute it
        digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert f"v1,{digest}" in made["webhook-signature"].split(" ")
    with pytest.raises(signatures.SignatureError):
        signatures.verify(
            content + b" ", key=keys[0], message="evt_1", stamp=made["webhook-timestamp"],
            signature=made["webhook-signature"], now=AT,
        )  # fmt: skip


def test_peoples_words_leave_only_where_they_are_wanted():
    bare = webhooks.body(EVENT, with_words=False, is_cloudevents=False, source="https://x")
    whole = webhooks.body(EVENT, with_words=True, is_cloudevents=False, source="https://x")
    assert "Ann" not in bare.decode()
    assert json.loads(whole)["data"]["words"] == "Ann said so"
    assert json.loads(bare)["type"] == "makegood.promise_kept"


def test_a_cloud_event_has_what_its_specification_requires():
    event = json.loads(
        webhooks.body(EVENT, with_words=False, is_cloudevents=True, source="https://x")
    )
    assert {"specversion", "id", "source", "type"} <= set(event)
    assert (event["specversion"], event["id"], event["subject"]) == ("1.0", "evt_7", "FG4M-Q74M")


def test_it_is_tried_for_days_with_longer_and_longer_pauses_and_then_given_up():
    assert list(webhooks.PAUSES) == sorted(webhooks.PAUSES)
    last = len(webhooks.PAUSES)
    assert webhooks.next_try(1, now=AT) == AT + timedelta(seconds=5)
    assert webhooks.next_try(last, now=AT) == AT + timedelta(days=1)
    assert webhooks.next_try(last + 1, now=AT) is None


def test_a_topic_stands_for_all_its_kinds_and_no_kind_is_in_two_of_them():
    kinds = [kind for topic in webhooks.TOPICS.values() for kind in topic]

    assert len(kinds) == len(set(kinds))
    assert webhooks.kinds_of(["promises"]) == webhooks.TOPICS["promises"]
    assert set(webhooks.kinds_of(["case_closed", "promises", "promise_kept", "weather"])) == {
        "case_closed",
        *webhooks.TOPICS["promises"],
    }
    assert webhooks.kinds_of([]) == ()
