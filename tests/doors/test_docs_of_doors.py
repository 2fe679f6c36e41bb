"""The examples in the documentation of the doors, as they stand there."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from api_world import Standing, System, a_token
from makegood.doors.api import callers
from makegood.doors.open311 import views
from makegood.records.models import Case, Service, SignalEnd
from makegood.rules.scopes import Scope
from makegood.rules.severity import Function
from makegood_client import agents
from signal_world import a_panel, a_source
from world import a_person, a_team

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    for pace in (callers.calls, callers.strangers, views.readers):
        pace.forget()


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)


@pytest.mark.django_db
def test_the_signal_of_the_documentation_opens_a_case():
    a_person()
    a_source()
    a_panel()
    [example] = blocks("signals.md", "json")
    answer = System(Scope.REPORT).post("signals?source=panels", **json.loads(example))
    assert answer.json()["outcome"] == SignalEnd.OPENED


def test_every_outcome_of_a_signal_is_explained():
    explained = set(re.findall(r"^\| `(\w+)` \|", (DOCS / "signals.md").read_text(), re.MULTILINE))
    assert explained == set(SignalEnd.values) - {SignalEnd.LET_GO.value}


@pytest.mark.django_db
def test_the_report_of_the_documentation_is_taken():
    a_person()
    service = Service.objects.create(name="Bins", function=Function.HYGIENE.value, team=a_team())
    [example] = blocks("open311.md", "sh")
    found = re.findall(r'-d (\w+)=("[^"]*"|\S+)', example)
    fields = {name: value.strip('"') for name, value in found}
    more = {"api_key": a_token(Scope.REPORT), "service_code": service.pk}

    answer = Client().post("/open311/v2/requests.json", fields | more)

    assert answer.status_code == 201, answer.content
    assert Case.objects.get().customer.postcode == "EX4 4QJ"


def test_the_tools_for_agents_are_explained_and_their_settings_are_json():
    [example] = blocks("mcp.md", "json")
    server = json.loads(example)["mcpServers"]["makegood"]
    assert server["args"][0] == "mcp"
    explained = set(re.findall(r"^\| `(\w+)` \|", (DOCS / "mcp.md").read_text(), re.MULTILINE))
    assert explained == {"look_up_case", "may_i_say", "promise", "grant", "report"}
    assert "quote" in agents.HINTS
