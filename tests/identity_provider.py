"""A small identity provider on the loopback address that says of people what a test wants."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt

CLIENT = "makegood-desk"


class Provider(ThreadingHTTPServer):
    """Answers with the `claims` that it holds; remembers what it was asked for tokens."""

    claims: dict[str, Any]
    asked: list[dict[str, str]]
    is_broken = False

    @property
    def issuer(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        issuer = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            known = {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorise",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/keys",
            }
            self._send(known)
        else:
            self._send(self.server.claims)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append({name: given[0] for name, given in parse_qs(body).items()})
        until = datetime(2099, 1, 1, tzinfo=UTC)
        standard = {"iss": self.server.issuer, "aud": CLIENT, "iat": 0, "exp": until}
        token = jwt.encode(standard | self.server.claims, "k" * 40, algorithm="HS256")
        self._send({"access_token": "t", "token_type": "Bearer", "id_token": token})

    def log_message(self, *_args: object) -> None:
        """Stay silent."""

    def _send(self, what: dict[str, Any]) -> None:
        self.send_response(500 if self.server.is_broken else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())


@contextmanager
def running() -> Iterator[Provider]:
    """A provider for as long as the block runs."""
    server = Provider(("127.0.0.1", 0), _Answers)
    server.claims, server.asked = {}, []
    polling = {"poll_interval": 0.01}
    thread = threading.Thread(target=server.serve_forever, kwargs=polling, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
