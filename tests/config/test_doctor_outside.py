"""The doctor knocks where something outside is named, and says plainly what does not answer."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from makegood.config.doctor_outside import Reached, look_outside
from makegood.config.environment import read_environment

SERVED = {
    "MAKEGOOD_LOCAL": "0",
    "MAKEGOOD_SECRET_KEY": "s" * 50,
    "MAKEGOOD_ALLOWED_HOSTS": "desk.example.com",
    "MAKEGOOD_DATABASE_URL": "postgresql://makegood@db.example.com/makegood",
    "MAKEGOOD_LIVE_URL": "",
}
KEYS = {"MAKEGOOD_OIDC_CLIENT_ID": "desk", "MAKEGOOD_OIDC_CLIENT_SECRET": "secret"}


def found(what: str, **named: str) -> Reached:
    local = {"MAKEGOOD_DATA": "/nowhere"} if "MAKEGOOD_LOCAL" not in named else {}
    environment = read_environment(local | named)
    return next(one for one in look_outside(environment) if one.what == what)


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = ("/.well-known/openid-configuration", "/live/healthz")
        self.send_response(200 if self.path in known else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def somebody() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    polling = {"poll_interval": 0.01}
    threading.Thread(target=server.serve_forever, kwargs=polling, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return f"127.0.0.1:{gone.getsockname()[1]}"


def test_nothing_named_on_one_machine_is_nothing_wrong():
    seen = list(look_outside(read_environment({"MAKEGOOD_DATA": "/nowhere"})))

    assert [one.what for one in seen] == ["mail", "mailbox", "company sign-in", "live pages"]
    assert not any(one.is_wrong for one in seen)


def test_a_served_desk_without_mail_is_told_that_its_letters_go_nowhere():
    assert found("mail", **SERVED) == Reached(
        what="mail",
        says="letters go nowhere: name a server in MAKEGOOD_MAIL_URL",
        is_wrong=True,
    )


def test_a_mail_server_is_knocked_at_and_its_password_is_not_repeated(somebody, nobody):
    there = found("mail", MAKEGOOD_MAIL_URL=f"smtp://me:hush@{somebody.removeprefix('http://')}")
    gone = found("mail", MAKEGOOD_MAIL_URL=f"smtp://me:hush@{nobody}")

    assert not there.is_wrong
    assert gone.is_wrong
    assert f"{nobody} does not answer" in gone.says
    assert "hush" not in f"{there.says} {gone.says}"


@pytest.mark.parametrize(
    ("url", "says", "wrong"),
    [
        ("anymail://postmark?POSTMARK_SERVER_TOKEN=hush", "by the provider postmark", False),
        ("anymail://pigeon?TOKEN=hush", "pigeon is no provider", True),
        ("carrier:hush", "cannot be read", True),
    ],
)
def test_a_mail_provider_has_to_be_one_that_there_is(url, says, wrong):
    one = found("mail", MAKEGOOD_MAIL_URL=url)

    assert says in one.says
    assert one.is_wrong is wrong
    assert "hush" not in one.says


def test_the_identity_provider_has_to_answer(somebody, nobody):
    there = found("company sign-in", MAKEGOOD_OIDC_ISSUER=somebody, **KEYS)
    gone = found("company sign-in", MAKEGOOD_OIDC_ISSUER=f"http://{nobody}", **KEYS)
    half = found("company sign-in", MAKEGOOD_OIDC_ISSUER=somebody)

    assert (there.is_wrong, there.says) == (False, f"{somebody} answers")
    assert gone.is_wrong
    assert half.is_wrong
    assert "MAKEGOOD_OIDC_CLIENT_ID" in half.says


def test_the_stream_of_live_pages_has_to_answer_where_one_is_named(somebody, nobody):
    there = found("live pages", MAKEGOOD_LIVE_URL=f"{somebody}/live/events")
    gone = found("live pages", MAKEGOOD_LIVE_URL=f"http://{nobody}/live/events")
    elsewhere = found("live pages", MAKEGOOD_LIVE_URL=f"{somebody}/elsewhere/events")

    assert not there.is_wrong
    assert gone.is_wrong
    assert "answers 404, not 200" in elsewhere.says
