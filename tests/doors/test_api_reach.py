"""Who reaches what by the API: Alice has a token for it, Bob's may do other things, Charlie none.

Every operation of the description is walked; one that is added is walked as well, and needs its
body in `BODIES`.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from api_world import HOUR, Standing, System, problem
from makegood.actions import approvals, crews, incidents, promises, tokens
from makegood.actions.incidents import Outage, Truth
from makegood.doors.api import callers
from makegood.doors.api.site import api
from makegood.records.models import (
    Case,
    CrewAbsence,
    Criticality,
    PartOrder,
    Service,
    Staff,
    TimelineEntry,
    Token,
)
from makegood.rules.scopes import Scope
from makegood.rules.severity import Function, Harm
from money_world import a_wish, limits, may_give
from round_world import a_round, run_of
from visit_world import DAY, a_crew, a_diagnosis, a_visit, an_order
from world import MONDAY, a_bin, a_case, a_customer, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

LATER = "2026-06-02T12:00:00Z"
TOLD = {"channel": "phone", "evidence": "On the line"}
PROMISE = {"kind": "callback", "words": "We call you.", "channel": "chat", "due_at": LATER}
TRUTH = {"words": "We work on it.", "due_at": LATER}
BODIES: dict[str, dict[str, Any]] = {
    "take_signal": {"device": "P-1", "state": "lost"},
    "say": {"text": "Thank you for writing to us."},
    "register_customer": {"name": "Ada"},
    "register_asset": {"name": "alarm", "function": "safety"},
    "report": {"title": "x", "function": "safety", "harm": "lost"},
    "record_contact": {"channel": "phone", "direction": "inbound"},
    "apologise": {"words": "We are sorry.", "channel": "chat"},
    "hand_over": {"why": "x"},
    "withdraw_handover": {},
    "close_case": {"channel": "chat", "note": "It is right."},
    "reopen_case": {"channel": "chat", "note": "It is not right."},
    "make_promise": PROMISE,
    "keep_promise": {"evidence": "x"},
    "revise_promise": {"due_at": LATER, "cause": "x"},
    "told_of_revision": TOLD,
    "release_promise": {"evidence": "x"},
    "replace_promise": PROMISE | {"evidence": "x"},
    "grant": {"kind": "credit", "amount_minor": 5, "currency": "GBP", "because": "x"},
    "book_visit": {"what": "x"},
    "choose_time": TOLD | {"opens_at": LATER},
    "told_of_visit": TOLD,
    "give_access": {},
    "arrive": {},
    "finish_visit": {"evidence": "x"},
    "cancel_visit": {"evidence": "x"},
    "expect_part": {"eta_at": LATER},
    "receive_part": {},
    "fail_visit": {"failing": "more_work"},
    "record_absence": {"starts_at": LATER, "ends_at": "2026-06-05T12:00:00Z"},
    "withdraw_absence": {},
    "report_run": {"came": "done"},
    "supplier_expects": {"eta_at": LATER},
    "leave_voicemail": {"id": "7", "phone": "+44 20 7946 0100"},
    "declare_incident": TRUTH | {"title": "x", "harm": "lost", "failed_at": "2026-06-01T08:00:00Z"},
    "say_truth": TRUTH,
    "end_incident": TRUTH | {"over_at": "2026-06-01T08:30:00Z", "evidence": "x"},
}
NEEDS_NOTHING = {"get_token"}
OF_EVERYBODY = {"get_token", "list_services", "register_customer", "declare_incident", "say"} | {
    "leave_voicemail"
}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation, with its address filled with things of the company."""

    name: str
    method: str
    path: str
    has_things: bool

    def ask(self, bot: System, **more):
        if self.method == "get":
            return bot.get(self.path)
        return bot.post(self.path, **(BODIES[self.name] | more))


@dataclass(frozen=True, kw_only=True)
class Things:
    """One of each thing of the team that is called collections."""

    case: Case
    numbers: dict[str, Any]
    more: dict[str, dict[str, Any]]


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    callers.calls.forget()
    callers.strangers.forget()


@pytest.fixture
def things() -> Things:
    customer = a_customer()
    case = a_case(customer=customer, asset=a_bin(customer))
    promise = promises.make_promise(case.pk, a_word(), now=MONDAY)
    revision = promises.decide_revision(
        promise_id=promise.pk, due_at=MONDAY + 9 * HOUR, cause="x", by=a_person(), now=MONDAY
    )
    may_give(case.team.lead, held=limits(50_000, 90_000))
    asked = approvals.ask(case.pk, a_wish(), by=a_person(), now=MONDAY)
    service = Service.objects.create(
        name="round", function=Function.HYGIENE.value, criticality=Criticality.ORDINARY,
        team=a_team(),
    )  # fmt: skip
    outage = Outage(
        service=service, area="", title="No round", harm=Harm.LOST, failed_at=MONDAY,
        known_at=MONDAY,
    )  # fmt: skip
    truth = Truth(words="We are on it.", due_at=MONDAY + HOUR)
    incident = incidents.declare(outage, truth, owner=a_person(), by=a_person(), now=MONDAY)
    handover = case.handovers.create(
        from_staff=case.owner, to_staff=a_person("Omar"), why="x", asked_at=MONDAY
    )
    numbers = {
        "reference": case.reference,
        "incident": incident.reference,
        "promise_id": promise.pk,
        "revision_id": revision.pk,
        "handover_id": handover.pk,
        "customer_id": customer.uuid,
        "visit_id": a_visit(case).uuid,
        "order_id": an_order().pk,
        "order_number": an_order_by_number().number,
        "run_id": run_of(a_round()).pk,
        "crew_id": a_crew().pk,
        "absence_id": an_absence().pk,
        "approval_id": asked.pk,
    }
    more = {
        "report": {"customer": str(customer.uuid)},
        "hand_over": {"to": a_person("Omar").pk},
        "declare_incident": {"service": service.pk, "owner": a_person().pk},
    }
    return Things(case=case, numbers=numbers, more=more)


def an_absence() -> CrewAbsence:
    return crews.record_absence(
        a_crew().pk, starts_at=MONDAY + 90 * DAY, ends_at=MONDAY + 91 * DAY, by=a_person(),
        now=MONDAY,
    )  # fmt: skip


def an_order_by_number() -> PartOrder:
    return an_order(a_diagnosis(), number="PO/7")


def operations(things: Things) -> list[Operation]:
    found = []
    for route, methods in api.get_openapi_schema()["paths"].items():
        numbers = dict(things.numbers)
        if "/incidents/" in route:
            numbers["reference"] = numbers["incident"]
        path = route.format(**numbers)
        for method, operation in methods.items():
            name = operation["operationId"]
            bare = path.removeprefix("/api/v1/")
            bare += "?source=nowhere" if name == "take_signal" else ""
            has = "{" in route or name in {"report", "take_signal"}
            found.append(Operation(name=name, method=method, path=bare, has_things=has))
    return found


def test_every_operation_that_writes_has_a_body_here(things):
    writing = {one.name for one in operations(things) if one.method == "post"}
    assert writing == set(BODIES)


def test_charlie_learns_nothing_anywhere(things):
    revoked, expired, gone = System(), System(expires_at=MONDAY), System()
    tokens.revoke(Token.objects.earliest("pk").pk, by=a_person(), now=MONDAY)
    gone.words = "mg_" + "x" * 43
    for one in operations(things):
        callers.strangers.forget()
        for charlie in (revoked, expired, gone):
            assert problem(one.ask(charlie, **things.more.get(one.name, {}))) == (401, "no-token")
        assert Client().post(f"/api/v1/{one.path}").status_code in {401, 405}


def test_bob_learns_which_scope_he_lacks_and_nothing_else(things):
    before = TimelineEntry.objects.count()
    reader = System(Scope.READ)
    writer = System(Scope.REPORT, Scope.SAY, Scope.PROMISE, Scope.GRANT)
    for one in operations(things):
        if one.name in NEEDS_NOTHING:
            continue
        bob = writer if one.method == "get" else reader
        answer = one.ask(bob, **things.more.get(one.name, {}))
        assert problem(answer) == (403, "missing-scope"), one.name
    assert TimelineEntry.objects.count() == before


def test_a_token_of_another_team_finds_none_of_these_things(things):
    others = a_team("repairs")
    before = TimelineEntry.objects.count()
    bob = System(team=others.pk)
    admin = System(Scope.ADMIN, team=others.pk)
    for one in operations(things):
        needs_admin = one.name in {"say_truth", "end_incident"}
        answer = one.ask(admin if needs_admin else bob, **things.more.get(one.name, {}))
        if one.has_things:
            status, name = problem(answer)
            assert status == 404, one.name
            assert name.startswith("no-such-"), one.name
        elif one.name not in OF_EVERYBODY:
            body = answer.json()
            assert (body["items"] if isinstance(body, dict) else body) in ([], _people(others))
    assert TimelineEntry.objects.count() == before


def test_what_is_not_of_one_team_is_not_for_a_token_of_one_team(things):
    bob = System(Scope.ADMIN, team=a_team().pk)
    for name in ("register_customer", "declare_incident", "leave_voicemail"):
        [one] = [each for each in operations(things) if each.name == name]
        assert problem(one.ask(bob, **things.more.get(name, {}))) == (403, "of-one-team")


def test_a_token_of_the_team_reaches_them_all(things):
    alice = System(team=a_team().pk)
    for one in operations(things):
        if one.method == "get":
            assert one.ask(alice).status_code == 200, one.name


def test_attack_29_no_operation_takes_a_field_that_is_not_named(things):
    everybody = System(*Scope)
    before = TimelineEntry.objects.count()
    for one in operations(things):
        if one.name in _reading_a_body() - {"take_signal"}:  # a signal is kept as it came
            more = things.more.get(one.name, {}) | {"outcome": "kept"}
            assert problem(one.ask(everybody, **more)) == (422, "unreadable"), one.name
    assert TimelineEntry.objects.count() == before


def _reading_a_body() -> set[str]:
    """The operations that take fields at all; others read nothing of what is sent."""
    every = [one for each in api.get_openapi_schema()["paths"].values() for one in each.values()]
    found = {one["operationId"] for one in every if "requestBody" in one}
    assert len(found) > 25
    return found


def test_a_moved_case_is_out_of_reach_from_that_moment(things):
    alice = System(team=a_team().pk)
    assert alice.get(f"cases/{things.case.reference}").status_code == 200

    Case.objects.update(team=a_team("repairs"))

    assert problem(alice.get(f"cases/{things.case.reference}"))[0] == 404
    assert alice.get("cases").json()["items"] == []
    assert alice.get("events").json()["items"] == []


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "1e3", "x", "%00", "1;--"])
def test_a_number_that_nobody_gave_out_opens_nothing(number):
    alice = System()
    for path in ("promises", "approvals", "visits", "customers", "cases", "incidents"):
        assert problem(alice.get(f"{path}/{number}"))[0] in {404, 422}


def test_the_words_for_what_is_elsewhere_and_what_is_nowhere_are_the_same(things):
    bob = System(team=a_team("repairs").pk)
    elsewhere = bob.get(f"promises/{things.numbers['promise_id']}")
    nowhere = bob.get("promises/999999")
    assert elsewhere.content == nowhere.content


def _people(team) -> list[dict[str, Any]]:
    rows = Staff.objects.filter(team=team).order_by("name")
    return [{"id": row.pk, "name": row.name, "team": team.name, "role": row.role} for row in rows]
