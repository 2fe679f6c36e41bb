"""URLs of databases, as Django wants them; and servers that are too old or do not answer."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from makegood.config import database
from makegood.config.database import (
    DatabaseUnreachableError,
    database_settings,
    require_supported_server,
)


def test_a_url_is_taken_apart() -> None:
    found = database_settings("postgresql://ann:p%40ss@db.example.com:6543/desk?sslmode=require")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("desk", "ann", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example.com", "6543")
    assert found["OPTIONS"] == {"application_name": "makegood", "sslmode": "require"}


def test_a_socket_is_a_host_too() -> None:
    found = database_settings("postgresql://makegood@/makegood?host=%2Fvar%2Flib%2Fmakegood%2Frun")
    assert found["HOST"] == "/var/lib/makegood/run"


def test_a_pool_is_made_only_when_asked_for() -> None:
    url = "postgresql://ann@db.example.com/desk"
    assert "pool" not in database_settings(url)["OPTIONS"]
    assert database_settings(url, pool_size=8)["OPTIONS"]["pool"]["max_size"] == 8


@pytest.mark.parametrize("url", ["mysql://db/desk", "desk", "postgresql://db/desk?no_such=1"])
def test_what_is_no_url_of_postgresql_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAKEGOOD_DATABASE_URL"):
        database_settings(url)


def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "server_version", lambda _: 14)
    with pytest.raises(ImproperlyConfigured, match="is PostgreSQL 14; Makegood needs 15 or newer"):
        require_supported_server("postgresql://ann@db.example.com/desk")


def test_a_server_that_does_not_answer_is_named_in_one_sentence() -> None:
    with pytest.raises(DatabaseUnreachableError, match="does not answer"):
        require_supported_server("postgresql://ann@127.0.0.1:1/desk")
