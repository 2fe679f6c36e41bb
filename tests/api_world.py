"""Another system at the door of the API: its token, its calls, and problems as it reads them."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client

from makegood.actions import tokens
from makegood.actions.tokens import NewToken
from makegood.rules.scopes import Scope
from world import MONDAY, a_person

HOUR = timedelta(hours=1)
_keys = count()


class Standing:
    """It is Monday morning, and stays so."""

    @staticmethod
    def now(_zone):
        return MONDAY


def a_token(*scopes: Scope, **more: Any) -> str:
    """The words of a token; of all scopes if none is named."""
    if Scope.GRANT in scopes or not scopes:
        more = {"limit_minor": 2_000, "currency": "GBP"} | more
    every = tuple(scope for scope in Scope if scope is not Scope.ADMIN)
    name = more.pop("name", "Chatbot")
    wanted = NewToken(name=name, scopes=scopes or every, **more)
    return tokens.make(wanted, by=a_person(), now=MONDAY - HOUR)[1]


class System:
    """A system with a token, which sends a new key with each act."""

    def __init__(self, *scopes: Scope, **more: Any) -> None:
        self.words = a_token(*scopes, **more)
        self._client = Client()

    def get(self, path: str, **asked: Any):
        return self._client.get(f"/api/v1/{path}", asked, headers=self._headers())

    def post(self, path: str, *, key: str | None = None, **body: Any):
        headers = self._headers() | {"Idempotency-Key": f"key-{next(_keys)}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        kind = "application/json"
        return self._client.post(f"/api/v1/{path}", body, content_type=kind, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.words}"}


def problem(answer) -> tuple[int, str]:
    """The status and the name of a problem."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["type"].removeprefix("urn:makegood:problem:")
