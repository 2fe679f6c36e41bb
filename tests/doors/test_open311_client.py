"""Open311 over a real connection, by a client library that is not ours."""

from datetime import timedelta

import pytest
import requests
from georeport.georeport import GeoReport

from api_world import Standing, a_token
from makegood.actions import promises
from makegood.doors.open311 import views
from makegood.gateways.open311 import Server, pages
from makegood.records.models import Case, PromiseKind, Service
from makegood.rules.scopes import Scope
from makegood.rules.severity import Function
from world import MONDAY, a_person, a_team, a_word

SECONDS = 120


@pytest.fixture
def address(live_server, monkeypatch) -> str:
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    views.readers.forget()
    # The client waits for ever by itself; a test must not.
    plain = requests.get
    monkeypatch.setattr(requests, "get", lambda *a, **more: plain(*a, timeout=SECONDS, **more))
    return f"{live_server.url}/open311/v2"


def _here(address: str) -> Server:
    """For our own client, beside that of others."""
    return Server(url=address, is_private_allowed=True)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_client_that_is_not_ours_reads_all_of_it(address, form):
    a_person()
    service = Service.objects.create(
        name="Food waste round", function=Function.HYGIENE.value, team=a_team()
    )
    fields = {
        "api_key": a_token(Scope.REPORT), "service_code": service.pk, "description": "Full.",
        "lat": "50.7256", "long": "-3.5269",
    }  # fmt: skip
    made = requests.post(f"{address}/requests.json", fields, timeout=SECONDS).json()
    case = Case.objects.get(reference=made[0]["service_request_id"])
    word = a_word(kind=PromiseKind.REPAIR, due_at=MONDAY + timedelta(hours=5))
    promises.make_promise(case.pk, word, now=MONDAY)
    city = GeoReport(address, output_format=form)

    listed = city.get_service_list()
    definition = city.get_service_definition(str(service.pk))
    found = city.get_service_requests(service_code=str(service.pk), status="open")
    one = city.get_service_request(case.reference)

    listed = listed if isinstance(listed, list) else [listed]  # XML has no list of one
    found = found if isinstance(found, list) else [found]
    ours = [each for page in pages(_here(address), [{"status": "open"}]) for each in page.requests]
    assert {each.id for each in ours} == {each["service_request_id"] for each in found}
    assert ours[0].expected_at == word.due_at
    assert [each["service_name"] for each in listed] == ["Food waste round"]
    assert definition["service_code"] == str(service.pk)
    assert [each["service_request_id"] for each in found] == [case.reference]
    assert one["expected_datetime"] == "2026-06-01T14:00:00Z"
    assert (one["status"], one["agency_responsible"]) == ("open", "collections")
