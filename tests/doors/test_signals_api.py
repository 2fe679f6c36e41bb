"""Signals at the door: CloudEvents in both forms, plain JSON, and what is refused."""

import json

import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from django.test import Client

from api_world import Standing, a_token, problem
from makegood.doors.api import callers
from makegood.records.models import Case, Signal, TimelineEntry, Token
from makegood.rules.scopes import Scope
from signal_world import a_panel, a_signal, a_source
from world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    callers.calls.forget()
    callers.strangers.forget()
    a_person()
    a_source()


def send(body, *, token: str = "", source: str = "panels", **headers: str):
    words = token or a_token(Scope.REPORT, name="Alarms")
    kind = headers.pop("content-type", "application/json")
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().generic(
        "POST", f"/api/v1/signals?source={source}", data, kind,
        headers={"Authorization": f"Bearer {words}"} | headers,
    )  # fmt: skip


def test_plain_json_opens_the_case_and_the_token_stands_on_its_timeline():
    a_panel()
    answer = send(a_signal())
    assert answer.status_code == 200, answer.content
    assert answer.json()["outcome"] == "opened"
    case = Case.objects.get(reference=answer.json()["case"])
    facts = TimelineEntry.objects.filter(case=case, kind="case_opened").get()
    assert json.loads(facts.body)["facts"]["token"] == Token.objects.get().pk


@pytest.mark.parametrize("form", [to_structured, to_binary])
def test_a_cloud_event_counts_once_by_its_source_and_id(form):
    a_panel()
    attributes = {"id": "1", "source": "//panels.example", "type": "link"}
    event = CloudEvent(attributes, a_signal()["data"])
    message = form(event, JSONFormat())
    token = a_token(Scope.REPORT)

    first = send(message.body, token=token, **message.headers)
    again = send(message.body, token=token, **message.headers)

    assert first.json()["outcome"] == "opened", first.content
    assert (again.json()["seen_before"], again.json()["id"]) == (True, first.json()["id"])
    assert Signal.objects.get().external_id == "//panels.example 1"


def test_the_same_id_of_another_source_is_another_signal():
    a_panel()
    for source in ("//a.example", "//b.example"):
        event = CloudEvent({"id": "1", "source": source, "type": "link"}, a_signal()["data"])
        message = to_structured(event, JSONFormat())
        send(message.body, **message.headers)
    assert Signal.objects.count() == 2
    assert Case.objects.count() == 1


def test_an_unknown_device_is_accepted_and_said_to_be_set_aside():
    answer = send(a_signal())
    assert (answer.status_code, answer.json()["outcome"]) == (202, "aside")
    assert "register it" in answer.json()["why"]


def test_in_a_sandbox_nothing_of_it_stays():
    a_panel()
    answer = send(a_signal(), token=a_token(Scope.REPORT, is_sandbox=True))
    assert (answer.json()["outcome"], answer.json()["sandbox"]) == ("opened", True)
    assert (Signal.objects.count(), Case.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "body",
    [b"", b"[1]", b'"x"', b"{", b'{"a": NaN}', b"\xff", b"[" * 20_000, b'{"id": 1' + b"0" * 5000],
)
def test_what_is_no_json_object_is_refused(body):
    assert problem(send(body)) == (422, "unreadable")


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"specversion":"9"}', b"1", b'{"id":1}'])
def test_what_is_no_cloud_event_is_refused(body):
    answer = send(body, **{"content-type": "application/cloudevents+json"})
    assert problem(answer) == (422, "unreadable")


def test_strange_characters_are_kept_as_far_as_they_can_be():
    a_panel("P-1")
    answer = send(b'{"id":"\\u0000\\ud800","data":{"panel":"P-1","link":"lost"},"x":1e999}')
    assert answer.status_code == 200, answer.content
    assert Case.objects.get().reports.get().raw["x"] == "inf"


def test_a_stranger_a_wrong_scope_and_an_unknown_source_get_nowhere():
    retired = a_source("old", retired_at=Standing.now(None))
    assert problem(send(a_signal(), token="wrong" * 2))[0] == 401
    assert problem(send(a_signal(), token=a_token(Scope.READ))) == (403, "missing-scope")
    assert problem(send(a_signal(), source="none")) == (404, "no-such-signal-source")
    assert problem(send(a_signal(), source=retired.slug)) == (404, "no-such-signal-source")
    assert Signal.objects.count() == 0
