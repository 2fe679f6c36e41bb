"""No customer's key and no secret stands in a log, whoever writes the line (attacks 21, 46)."""

import io
import logging
import logging.config
from unittest import mock

import pytest
import structlog
from django.core.exceptions import PermissionDenied
from django.test import Client
from granian.server import Server

from makegood.config import web
from makegood.config.logs import logging_settings, scrub

TOKEN = "Zx9-" + "k_" * 19 + "Q"


@pytest.fixture(params=[True, False], ids=["json", "plain"])
def log(request) -> io.StringIO:
    """What the program's own formatter writes."""
    settings = logging_settings(as_json=request.param)
    formatter = settings["formatters"]["lines"] | {}
    made = formatter.pop("()")(**formatter)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(made)
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "/write", "/nothing", "%00", "?thanks=call"])
def test_an_address_that_is_not_found_or_refused_is_logged_without_the_key(log, path):
    Client().get(f"/c/{TOKEN}{path}")
    Client().put(f"/c/{TOKEN}{path}")

    assert TOKEN not in log.getvalue()
    assert "Not Found" in log.getvalue()


def test_who_may_not_do_something_leaves_one_line(log):
    why = PermissionDenied("not yours")
    logging.getLogger("django.request").warning(
        "Forbidden: /x", exc_info=why, extra={"status_code": 403}
    )

    assert "Forbidden: /x" in log.getvalue()
    assert "not yours" not in log.getvalue()


def test_a_traceback_and_a_field_are_logged_without_the_key(log):
    try:
        int(f"https://desk.example/c/{TOKEN}?x=1")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: /c/%s", TOKEN)
    structlog.get_logger("x").warning("went_wrong", path=f"/c/{TOKEN}/call")

    assert TOKEN not in log.getvalue()
    assert "/c/.../call" in log.getvalue()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /c/abc HTTP/1.1", "GET /c/... HTTP/1.1"),
        ('{"path": "/c/abc/write"}', '{"path": "/c/.../write"}'),
        ("next=/c/abc?thanks=words", "next=/c/...?thanks=words"),
        ("next=%2Fc%2Fabc", "next=%2Fc%2F..."),
        ("/cases/AB12-CD34", "/cases/AB12-CD34"),
        ("/calendar/Zx9-k_Q.ics", "/calendar/..."),
        ("GET /sign-in/reset/1k/d2x-abc9 HTTP", "GET /sign-in/reset/1k/... HTTP"),
        ("GET /sign-in/reset/sent HTTP", "GET /sign-in/reset/sent HTTP"),
        ("{'Authorization': 'Bearer mg_abcdefgh1234'}", "{'Authorization': 'Bearer ...'}"),
        ('"token": "mg_Zx9-k_k_k_k_Q"', '"token": "mg_..."'),
        ("signed with whsec_MfKQ9r8GKYqrTwjU", "signed with whsec_..."),
        ("postgresql://mg:s3cret@db/makegood?x", "postgresql://mg:...@db/makegood?x"),
        ("https://desk.example:8000/a@b", "https://desk.example:8000/a@b"),
    ],
)
def test_attack_46_only_the_secret_is_taken_out(line, kept):
    assert scrub(line) == kept


def test_the_server_writes_no_log_of_addresses(monkeypatch):
    given = mock.Mock(spec=Server)
    monkeypatch.setattr(web, "Granian", given)
    monkeypatch.setattr(web.lifeline, "hold", lambda: None)
    monkeypatch.setattr(web, "require_supported_server", lambda _url: None)
    monkeypatch.setenv("MAKEGOOD_LOCAL", "1")

    web.serve(host="127.0.0.1", port=1, workers=1)

    assert given.call_args.kwargs["log_access"] is False
