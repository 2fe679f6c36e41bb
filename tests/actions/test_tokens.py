"""Keys of other systems: shown once, kept as a digest, never widened, revoked for good."""

import hashlib
from datetime import timedelta

import pytest

from makegood.actions import tokens
from makegood.actions.changes import CannotUndoError, Editor, FieldError
from makegood.actions.tokens import NewToken
from makegood.actions.undo import undo
from makegood.records.models import SettingsChange, Token
from makegood.rules.scopes import Scope
from raw_sql import refused_by, sql
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def a_token(**more) -> tuple[Token, str]:
    wanted = NewToken(**{"name": "Phone system", "scopes": (Scope.READ,)} | more)
    return tokens.make(wanted, by=a_person(), now=MONDAY)


def test_only_the_digest_of_a_token_is_kept():
    _, words = a_token()
    kept = Token.objects.get()
    assert bytes(kept.digest) == hashlib.sha256(words.encode()).digest()
    assert words.startswith(kept.hint)
    assert words not in str(Token.objects.values().get())
    assert words not in str(list(SettingsChange.objects.values()))


def test_making_and_revoking_are_recorded_and_not_taken_back():
    token, _ = a_token()
    tokens.revoke(token.pk, by=a_person(), now=MONDAY + DAY)
    made, revoked = SettingsChange.objects.order_by("pk")
    assert made.after["scopes"] == ["read"]
    assert (revoked.before, revoked.after) == ({"revoked": False}, {"revoked": True})
    with pytest.raises(CannotUndoError, match="make another"):
        undo(revoked.pk, editor=Editor(by=None, now=MONDAY))


def test_revoking_twice_changes_nothing():
    token, _ = a_token()
    tokens.revoke(token.pk, by=a_person(), now=MONDAY + DAY)
    tokens.revoke(token.pk, by=a_person("Omar"), now=MONDAY + 2 * DAY)
    assert Token.objects.get().revoked_at == MONDAY + DAY


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"scopes": ()}, "scopes"),
        ({"scopes": (Scope.GRANT,)}, "limit"),
        ({"limit_minor": 100, "currency": "GBP"}, "limit"),
        ({"expires_at": MONDAY}, "expires_on"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(wanted, field):
    with pytest.raises(FieldError) as refused:
        a_token(**wanted)
    assert refused.value.field == field


def test_the_last_use_is_noted_but_not_with_each_question():
    token, _ = a_token()
    tokens.note_use(token.pk, last_used_at=None, now=MONDAY)
    tokens.note_use(token.pk, last_used_at=MONDAY, now=MONDAY + timedelta(seconds=30))
    assert Token.objects.get().last_used_at == MONDAY
    tokens.note_use(token.pk, last_used_at=MONDAY, now=MONDAY + timedelta(seconds=61))
    assert Token.objects.get().last_used_at == MONDAY + timedelta(seconds=61)


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("token_is_only_used_and_revoked", "name = 'Other'"),
        ("token_is_only_used_and_revoked", "scopes = '{admin}'"),
        ("token_is_only_used_and_revoked", "expires_at = now()"),
        ("token_is_revoked_by_somebody", "revoked_at = now()"),
        (
            "token_is_revoked_by_somebody",
            "revoked_at = made_at - interval '1 s', revoked_by_id = made_by_id",
        ),
    ],
)
def test_a_token_stays_as_it_was_made(law, change):
    a_token()
    with refused_by(law):
        sql(f"UPDATE records_token SET {change}")


def test_a_revoked_token_stays_revoked_and_none_is_deleted():
    token, _ = a_token()
    tokens.revoke(token.pk, by=a_person(), now=MONDAY)
    with refused_by("token_is_only_used_and_revoked"):
        sql("UPDATE records_token SET revoked_at = NULL, revoked_by_id = NULL")
    with refused_by("token_stays"):
        sql("DELETE FROM records_token")


@pytest.mark.parametrize(
    ("law", "column", "value"),
    [
        ("token_digest_once", "name", "'Copy'"),
        ("token_has_known_scopes", "scopes", "'{}'"),
        ("token_has_known_scopes", "scopes", "'{read,fly}'"),
        ("token_limit_has_a_currency", "limit_minor", "5"),
        ("token_limit_has_a_currency", "currency", "'GBP'"),
        ("token_expires_after_it_was_made", "expires_at", "made_at"),
    ],
)
def test_the_database_refuses_a_senseless_token(law, column, value):
    a_token()
    columns = ["name", "digest", "hint", "scopes", "limit_minor", "currency", "made_by_id"]
    columns += ["made_at", "expires_at"]
    values = dict.fromkeys(columns)
    picked = {name: value if name == column else name for name in values}
    if law != "token_digest_once":
        picked["digest"] = "sha256(digest)"
    with refused_by(law):
        sql(
            f"INSERT INTO records_token ({', '.join(picked)})"
            f" SELECT {', '.join(picked.values())} FROM records_token"
        )
