"""The client, and the examples of docs/api.md as they stand there."""

import re
from pathlib import Path

import pytest
from django.test import Client as Browser

import makegood_client
from api_world import Standing, a_token
from makegood.doors.api import callers
from makegood.rules.scopes import Scope
from makegood_client.calls import Desk, ProblemError, Reply
from world import a_case, a_customer, a_person

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def in_process(method, address, headers, body):
    """A request as the client sends it, to the desk of this test."""
    path = address.removeprefix("https://desk.example")
    kind = headers.get("Content-Type", "application/json")
    answer = Browser().generic(method, path, body or b"", kind, headers=headers)
    return Reply(answer.status_code, dict(answer.headers), answer.content)


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    callers.calls.forget()
    callers.strangers.forget()


def a_desk(*scopes: Scope) -> Desk:
    return Desk("https://desk.example", a_token(*scopes), send=in_process)


@pytest.mark.django_db
def test_the_examples_of_the_documentation_run(monkeypatch):
    token = a_token(name="Shop")
    a_person()
    monkeypatch.setattr(
        makegood_client, "Desk", lambda address, _token: Desk(address, token, send=in_process)
    )
    examples = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert len(examples) == 3
    exec("\n".join(examples), {})  # noqa: S102 - our own documentation


@pytest.mark.django_db
def test_a_list_goes_on_by_itself():
    made = {a_case(customer=a_customer(f"C{n}")).reference for n in range(5)}
    found = [case["reference"] for case in a_desk().cases(limit=2)]
    assert sorted(found) == sorted(made)


@pytest.mark.django_db
def test_a_refusal_is_an_error_with_a_name_and_a_sentence():
    with pytest.raises(ProblemError) as refused:
        a_desk(Scope.READ).give(a_case().reference, 500, "GBP", because="x")
    assert (refused.value.status, refused.value.name) == (403, "missing-scope")
    assert "grant" in str(refused.value)


def test_each_act_has_a_key_of_its_own_unless_one_is_given():
    keys = []

    def send(_method, _address, headers, _body):
        keys.append(headers["Idempotency-Key"])
        return Reply(200, {}, b"{}")

    desk = Desk("https://desk.example/", "mg_x", send=send)
    desk.keep(1, evidence="x")
    desk.keep(1, evidence="x")
    desk.say("x", case="A", key="mine")

    assert keys[0] != keys[1]
    assert keys[2] == "mine"


def test_only_web_addresses_are_called():
    with pytest.raises(ValueError, match="https://"):
        Desk("file:///etc", "mg_x").case("A")
