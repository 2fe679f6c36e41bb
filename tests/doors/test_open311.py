"""Open311 by a client that is not ours, and by hand: true dates, true states, and nobody's data."""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from api_world import a_token
from makegood.actions import promises
from makegood.doors.api import callers
from makegood.doors.open311 import views
from makegood.records.models import Case, PromiseKind, Report, Service, TimelineEntry
from makegood.rules.promises import Speaker
from makegood.rules.scopes import Scope
from makegood.rules.severity import Function
from world import MONDAY, a_case, a_person, a_team, a_word

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PERSONAL = ("Ann", "Field", "ann@", "07700", "Lane", "EX4", "neighbour")
REPORT = {
    "description": "The bin was left, says my neighbour Ann Field.",
    "first_name": "Ann",
    "last_name": "Field",
    "email": "ann@example.org",
    "phone": "07700 900123",
    "address_string": "3 Mill Lane",
    "zipcode": "EX4 4QJ",
}


class Clock:
    """A clock that a test sets."""

    at = MONDAY

    @classmethod
    def now(cls, _zone) -> datetime:
        return cls.at


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> type[Clock]:
    Clock.at = MONDAY
    monkeypatch.setattr("makegood.doors.moment.datetime", Clock)
    for pace in (callers.calls, callers.strangers, views.readers):
        pace.forget()
    a_person()
    return Clock


@pytest.fixture
def service() -> Service:
    return Service.objects.create(
        name="Food waste round", function=Function.HYGIENE.value, team=a_team()
    )


def ask(path: str, **given):
    return Client().get(f"/open311/v2/{path}", given)


def report(service: Service, *, form: str = "json", key: str = "", **more):
    fields = {"api_key": a_token(Scope.REPORT), "service_code": service.pk} | REPORT | more
    headers = {"Idempotency-Key": key} if key else {}
    return Client().post(f"/open311/v2/requests.{form}", fields, headers=headers)


def reported(service: Service, **more) -> Case:
    answer = report(service, **more)
    assert answer.status_code == 201, answer.content
    return Case.objects.get(reference=answer.json()[0]["service_request_id"])


def promised(case: Case, **more):
    word = a_word(kind=PromiseKind.REPAIR, due_at=MONDAY + 5 * HOUR, **more)
    return promises.make_promise(case.pk, word, now=MONDAY)


def test_a_report_opens_a_case_with_an_owner_and_a_promise(service):
    case = reported(service, **{"attribute[harm]": "delayed"})
    assert (case.harm, case.team, case.asset.service) == ("delayed", service.team, service)
    assert case.owner.team_id == service.team_id
    assert case.promises.get().kind == "news"
    assert not case.customer.is_verified  # nothing is looked up by what a stranger says
    assert Report.objects.get().raw["email"] == "ann@example.org"
    assert TimelineEntry.objects.filter(case=case, body__contains='"token"').exists()


def test_the_date_follows_the_live_promise_and_is_never_made_up(service, clock):
    case = reported(service)
    before = ask(f"requests/{case.reference}.json").json()[0]
    promise = promised(case)
    live = ask(f"requests/{case.reference}.json").json()[0]
    revision = promises.decide_revision(
        promise_id=promise.pk, due_at=MONDAY + 9 * HOUR, cause="x", by=a_person(), now=MONDAY
    )
    decided = ask(f"requests/{case.reference}.json").json()[0]
    promises.record_told(
        revision_id=revision.pk, at=MONDAY, channel=a_word().channel, evidence="x", now=MONDAY
    )
    moved = ask(f"requests/{case.reference}.json").json()[0]
    clock.at = MONDAY + 10 * HOUR
    late = ask(f"requests/{case.reference}.json").json()[0]

    assert before["expected_datetime"] is None
    assert "No date is promised yet; the next news comes by 2026-06-02T" in before["status_notes"]
    assert live["expected_datetime"] == decided["expected_datetime"] == "2026-06-01T14:00:00Z"
    assert moved["expected_datetime"] == "2026-06-01T18:00:00Z"
    assert late["expected_datetime"] is None
    assert late["status_notes"] == "The time that was promised, 2026-06-01T18:00:00Z, has passed."


@pytest.mark.parametrize("form", ["json", "xml"])
def test_nothing_of_anybody_is_shown_to_anybody(service, form):
    case = reported(service)
    promised(case, words="Ann Field, we come to Mill Lane.", speaker=Speaker.PERSON)
    a_case()  # by telephone: no request of Open311

    for path in ("requests", f"requests/{case.reference}", f"tokens/{case.reference}"):
        said = ask(f"{path}.{form}").content.decode()
        assert case.reference in said
        assert [word for word in PERSONAL if word in said] == []
    assert len(ask("requests.json").json()) == 1


def test_what_did_not_come_by_open311_is_not_there():
    case = a_case()
    answer = ask(f"requests/{case.reference}.json")
    assert answer.status_code == 404
    assert answer.content == ask("requests/ABCD-2345.json").content


def test_requests_are_narrowed_as_the_standard_says(service, clock):
    first = reported(service)
    clock.at = MONDAY + 24 * HOUR
    second = reported(service)

    def ids(**given):
        return {one["service_request_id"] for one in ask("requests.json", **given).json()}

    assert ids() == {first.reference, second.reference}
    assert ids(start_date="2026-06-02T00:00:00Z") == {second.reference}
    assert ids(end_date="2026-06-01T23:00:00+01:00") == {first.reference}
    assert ids(service_request_id=f"{first.reference},nothing", status="closed") == {
        first.reference
    }
    assert ids(status="closed") == set()
    assert ids(status="open,closed", service_code="99") == set()
    assert ids(updated_after="2026-06-02T08:00:00Z") == {second.reference}
    assert ids(page="2", page_size="1") == {first.reference}


def test_the_same_key_is_the_same_report(service):
    token = a_token(Scope.REPORT)
    first = reported(service, key="once", api_key=token)
    again = reported(service, key="once", api_key=token)
    other = reported(service, key="once")
    assert first == again
    assert other != first


def test_a_sandbox_keeps_nothing(service):
    answer = report(service, api_key=a_token(Scope.REPORT, is_sandbox=True))
    assert answer.status_code == 201
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("requests.json", {"start_date": "soon"}, 400),
        ("requests.json", {"start_date": "2026-01-01", "end_date": "2026-06-01"}, 400),
        ("requests.json", {"status": "done"}, 400),
        ("requests.json", {"page_size": "0"}, 400),
        ("requests.json", {"start_date": "0001-01-01T00:00:00+23:00"}, 400),
        ("requests/x.json", {}, 404),
        ("services/x.json", {}, 404),
        ("requests.yaml", {}, 404),
    ],
)
def test_errors_are_as_the_standard_says_them(path, given, status):
    answer = ask(path, **given)
    assert answer.status_code == status
    [error] = answer.json()
    assert error["code"] == status
    assert error["description"]


def test_errors_are_xml_where_xml_was_asked_for():
    root = ET.fromstring(ask("requests/x.xml").content)  # noqa: S314 - our own answer
    assert (root.tag, root[0].tag) == ("errors", "error")
    assert root.findtext("error/code") == "404"


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "mg_wrong"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code was not given"),
        ({"service_code": "99"}, 404, "service_code was not found"),
        ({"description": "", "address_string": ""}, 400, "Say where it is"),
        ({"address_string": ""}, 400, "Say where it is"),
        ({"address_string": " ", "lat": " ", "long": ""}, 400, "Say where it is"),
        ({"attribute[harm]": "dreadful"}, 400, "attribute[harm]"),
        ({"email": "@"}, 400, "email"),
        ({"description": "x" * 5_000}, 400, "at most 4000"),
        ({"lat": "91", "long": "0", "address_string": ""}, 400, "degrees"),
        ({"lat": "abc", "long": "0", "address_string": ""}, 400, "degrees"),
        ({"lat": "50.7", "address_string": ""}, 400, "degrees"),
        ({"long": "-3.5"}, 400, "degrees"),
        ({"lat": "abc", "long": "def"}, 400, "degrees"),
        ({"lat": "nan", "long": "0"}, 400, "degrees"),
    ],
)
def test_a_report_that_cannot_be_taken_says_why(service, more, status, says):
    answer = report(service, **more)
    assert answer.status_code == status
    assert says in answer.json()[0]["description"]
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ({"lat": "50.7256", "long": "-3.5269"}, "50.725600, -3.526900"),
        ({"address_id": "EX-0017"}, "EX-0017"),
    ],
)
def test_one_place_is_enough_and_words_are_not_needed(service, place, address):
    answer = report(service, **({"description": "", "address_string": ""} | place))

    assert answer.status_code == 201
    assert Report.objects.get().raw["address"] == address


def test_a_key_that_may_only_read_reports_nothing(service):
    answer = report(service, api_key=a_token(Scope.READ))
    assert (answer.status_code, Case.objects.count()) == (403, 0)
    assert Client().delete("/open311/v2/requests.json").status_code == 405


def test_the_xml_of_a_request_is_as_the_standard_has_it(service):
    case = reported(service, description="\x0bBad & <worse>", form="json")
    root = ET.fromstring(ask(f"requests/{case.reference}.xml").content)  # noqa: S314 - our own
    [request] = root
    assert (root.tag, request.tag) == ("service_requests", "request")
    assert request.findtext("service_request_id") == case.reference
    assert request.findtext("requested_datetime") == "2026-06-01T09:00:00Z"
    assert request.find("description").text is None
    made = ET.fromstring(report(service, form="xml").content)  # noqa: S314 - our own
    assert made.findtext("request/service_request_id")
    found = ET.fromstring(ask("discovery.xml").content)  # noqa: S314 - our own
    assert found.findtext("endpoints/endpoint/formats/format") == "application/json"


def test_a_hundred_requests_cost_as_many_queries_as_one(
    service, django_assert_max_num_queries, django_assert_num_queries
):
    for _number in range(3):
        promised(reported(service))
    ask("requests.json")
    with django_assert_max_num_queries(6) as counted:
        ask("requests.json", page_size="1")
    with django_assert_num_queries(len(counted)):
        assert len(ask("requests.json").json()) == 3


def test_whoever_asks_too_fast_waits(monkeypatch):
    monkeypatch.setattr(views.readers, "per_minute", 1)
    assert ask("services.json").status_code == 200
    assert ask("services.json").status_code == 429
