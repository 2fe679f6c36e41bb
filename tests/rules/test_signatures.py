"""What is signed with a key is believed for five minutes, and nothing else is."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.signatures import SignatureError, key_of, sign, verify

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
KEY = key_of("whsec_" + base64.b64encode(b"k" * 32).decode())


def check(body: bytes, **more) -> None:
    given = {
        "key": KEY, "message": "m1", "stamp": str(int(NOW.timestamp())), "now": NOW,
        "signature": sign(b"{}", key=KEY, message="m1", at=NOW),
    }  # fmt: skip
    verify(body, **(given | more))


def test_the_published_example_of_the_scheme_has_its_published_signature():
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    body = b'{"test": 2432232314}'
    assert sign(body, key=key, message="msg_p5jXN8AQM9LWM0D4loKWxJek", at=at) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_what_was_signed_just_now_is_believed_also_beside_an_older_signature():
    check(b"{}")
    check(b"{}", signature="v1,old " + sign(b"{}", key=KEY, message="m1", at=NOW))


@pytest.mark.parametrize(
    "wrong",
    [
        {"message": "m2"},
        {"message": ""},
        {"stamp": "1"},
        {"stamp": "x"},
        {"stamp": "9" * 30},
        {"now": NOW + timedelta(minutes=6)},
        {"now": NOW - timedelta(minutes=6)},
        {"signature": ""},
        {"signature": "v1,ü"},
        {"key": b"another key of thirty-two bytes!"},
    ],
)
def test_anything_else_is_not(wrong):
    with pytest.raises(SignatureError):
        check(b"{}", **wrong)


@given(st.binary(max_size=40).filter(lambda body: body != b"{}"))
def test_another_body_is_not_believed(body):
    with pytest.raises(SignatureError):
        check(body)


@pytest.mark.parametrize("secret", ["", "whsec_", "short", "not base64 at all!", "ü"])
def test_a_secret_that_is_none_is_refused(secret):
    with pytest.raises(SignatureError):
        key_of(secret)
