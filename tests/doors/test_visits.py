"""Visits at the desk: booked, moved, told, parts ordered and expected; crews and their week."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.actions import moving, parts, visits
from makegood.records.models import Crew, CrewAbsence, EtaSource, PartOrder, SettingsChange, Visit
from makegood.rules.roles import Role
from standing_clock import StandingClock
from visit_world import (
    a_crew,
    a_diagnosis,
    a_part,
    a_visit,
    a_visit_for_a_part,
    an_order,
    order_of,
    slot_of,
    someone_else,
    utc,
)
from world import a_calendar, a_case, a_customer, a_person, a_team

pytestmark = pytest.mark.django_db

NOW = utc(1, 12, 38)


@pytest.fixture(autouse=True)
def _the_clock_stands(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


@pytest.fixture
def case():
    return a_case(customer=a_customer("Carl Weber"))


def as_(role: Role = Role.DISPATCHER, name: str = "Dara Quinn") -> Client:
    client = Client()
    client.force_login(a_person(name, role=role.value))
    return client


def act(case, do: str, **typed):
    return as_().post(f"/cases/{case.reference}/visits", {"do": do, **typed})


def page(case) -> str:
    return as_().get(f"/cases/{case.reference}/visits").content.decode()


def test_a_visit_brings_a_part_only_where_one_was_found(case):
    a_crew()
    assert "It brings the part" not in page(case)
    assert (
        act(case, "book", what="Look at the oven", channel="phone", needs_part="on").status_code
        == 302
    )
    assert case.visits.get().diagnosis is None
    found = a_diagnosis(case)
    assert f"It brings the part found last: {found.part.name} ({found.part.number})" in page(case)


def test_a_visit_is_booked_while_the_customer_is_on_the_line(case):
    a_crew()
    assert "Nothing special" in page(case)

    answer = act(case, "book", what="fit the element", skill="ovens", channel="phone")

    assert answer.status_code == 302
    visit = Visit.objects.get()
    assert slot_of(visit).opens_at == utc(2, 8)
    assert "Between 08:00 and 10:00 tomorrow" in page(case)
    assert "We come to you" in as_().get(f"/cases/{case.reference}").content.decode()


def test_the_days_of_the_times_to_choose_from_have_capitals(case):
    a_crew()

    shown = page(case)

    assert re.search(r"<option[^>]*>\s*Between [^<]* on [A-Z][a-z]+day", shown)
    assert not re.search(r"<option[^>]*>\s*Between [^<]* on [a-z]+day", shown)


def test_a_visit_that_no_crew_can_do_is_refused_in_a_sentence(case):
    answer = act(case, "book", what="fit the element", channel="phone")
    assert answer.status_code == 409
    assert "No crew can do this where the customer is" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_form_with_a_mistake_comes_back_with_its_words(case):
    answer = act(case, "book", what="", channel="phone")
    assert answer.status_code == 422
    assert act(case, "nonsense").status_code == 400


def test_a_part_is_found_ordered_expected_and_received(case):
    act(case, "part", number="H-1", name="element", order_number="PO-7", eta_on="2026-06-03")
    order = PartOrder.objects.get()
    assert order.eta_at.day == 3
    assert "element (H-1)" in page(case)

    act(case, "eta", order=order.pk, eta_on="2026-06-09")
    order.refresh_from_db()
    assert order.eta_at.day == 9
    assert "moved once" in page(case)

    act(case, "received", order=order.pk)
    order.refresh_from_db()
    assert order.received_at == NOW
    assert act(case, "cancel_order", order=order.pk).status_code == 409


def test_a_part_that_came_wrong_is_said_so_and_another_one_ordered(case):
    order = an_order(a_diagnosis(case))
    assert "It is the wrong one, or broken" not in page(case)
    assert act(case, "wrong", order=order.pk, because="Torn.").status_code == 409
    parts.receive_part(order.pk, at=NOW, by=a_person(), now=NOW)
    assert "It is the wrong one, or broken" in page(case)
    assert act(case, "wrong", order=order.pk, because="").status_code == 422

    assert act(case, "wrong", order=order.pk, because="Its thread is torn.").status_code == 302

    order.refresh_from_db()
    assert order.wrong_at == NOW
    assert PartOrder.objects.filter(diagnosis=order.diagnosis_id).count() == 2
    assert "Cancel the order" in page(case)


def test_a_part_that_nobody_knows_needs_a_name(case):
    answer = act(case, "part", number="X-9")
    assert answer.status_code == 409
    assert "say what it is" in answer.content.decode()


def test_an_order_that_does_not_match_is_doubted_until_somebody_says_why_it_fits(case):
    a_part("H-200", name="other element")
    diagnosis = a_diagnosis(case)
    act(case, "order", diagnosis=diagnosis.pk, number="h-200", order_number="PO-8")
    assert "the diagnosis names another part" in page(case)

    act(case, "fits", order=PartOrder.objects.get().pk, because="It replaces H-100.")

    assert "the diagnosis names another part" not in page(case)


def test_a_visit_moves_and_the_customer_is_told(case):
    visit = a_visit(case, now=NOW)
    wanted = int(utc(4, 8).timestamp())

    assert act(case, "move", visit=visit.pk, time=wanted).status_code == 302
    owed = case.messages.get(kind="visit")
    assert owed.words in page(case).replace("&#x27;", "'")
    act(case, "told", message=owed.pk, channel="phone", evidence="She said yes.")

    visit.promise.refresh_from_db()
    assert visit.promise.due_at == utc(4, 10)
    assert act(case, "told", message=owed.pk, channel="phone", evidence="x").status_code == 409


def test_access_is_noted_and_a_visit_called_off_as_the_customer_wishes(case):
    a_crew()
    act(case, "book", what="look", channel="phone", needs_access="on")
    visit = Visit.objects.get()
    act(case, "access", visit=visit.pk)
    visit.refresh_from_db()
    assert visit.confirmed_at == NOW
    act(case, "off", visit=visit.pk, evidence="Mended itself.")
    visit.refresh_from_db()
    assert visit.outcome == "cancelled"
    assert "Off" in page(case)


def test_the_things_of_another_case_are_not_reached_by_this_one(case):
    other = a_visit(someone_else(), now=NOW)
    order = an_order(a_diagnosis(other.case))
    for do, typed in (
        ("access", {"visit": other.pk}),
        ("off", {"visit": other.pk, "evidence": "x"}),
        ("received", {"order": order.pk}),
        ("eta", {"order": order.pk, "eta_on": "2026-06-09"}),
        ("fits", {"order": order.pk, "because": "x"}),
        ("cancel_order", {"order": order.pk}),
        ("wrong", {"order": order.pk, "because": "x"}),
        ("order", {"diagnosis": order.diagnosis_id, "number": "H-100"}),
        ("told", {"message": 1, "channel": "phone", "evidence": "x"}),
    ):
        assert act(case, do, **typed).status_code == 404, do
    assert slot_of(other) is not None


def test_the_week_shows_who_comes_where_and_what_waits(case):
    visit = a_visit_for_a_part(case, eta=utc(3, 17))
    parts.record_eta(order_of(visit).pk, utc(4, 17), source=EtaSource.DESK, by=None, now=NOW)
    week = as_().get("/visits?week=2026-06-08").content.decode()
    assert "Carl Weber" in week
    assert "tentative" in week
    assert "heating element (H-100)" in week
    assert "To be told" in week
    assert as_().get("/visits?week=nonsense").status_code == 200

    parts.cancel_order(order_of(visit).pk, by=a_person(), now=NOW)
    assert "Visits without a time" in as_().get("/visits").content.decode()


def test_the_questions_of_the_week_do_not_grow_with_what_crews_hold(case):
    client = as_()

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/visits?week=2026-06-01")
        return len(captured)

    a_visit(case, now=NOW)
    before = count()
    for n in range(4):
        a_visit(a_case(customer=a_customer(str(n))), now=NOW)
    assert count() == before


def test_a_crew_that_cannot_come_gives_its_visits_away(case):
    visit = a_visit(case, now=NOW)
    crew = slot_of(visit).crew
    a_crew("Van 2")

    answer = as_().post(
        f"/visits/crews/{crew.pk}/away", {"first": "2026-06-01", "last": "2026-06-05"}
    )

    assert answer.status_code == 302
    assert slot_of(visit).crew.name == "Van 2"
    assert CrewAbsence.objects.get().starts_at == NOW
    for first, last in (("2026-06-05", "2026-06-01"), ("2026-05-01", "2026-05-02"), ("", "")):
        typed = {"first": first, "last": last}
        assert as_().post(f"/visits/crews/{crew.pk}/away", typed).status_code == 422
    assert as_().post("/visits/crews/0/away", {}).status_code == 404


def test_who_records_it_sees_at_once_what_could_not_be_moved(case, monkeypatch):
    crew = slot_of(a_visit(case, now=NOW)).crew
    monkeypatch.setattr(moving, "move", lambda *_args, **_more: 1 / 0)

    week = as_().post(
        f"/visits/crews/{crew.pk}/away", {"first": "2026-06-01", "last": "2026-06-05"}, follow=True
    )

    assert "Van 1 is away then; 0 visits have moved." in week.content.decode()
    assert "1 visit could not be moved yet; the clock tries it again soon." in week.content.decode()


def test_an_absence_that_was_a_mistake_is_withdrawn(case):
    crew = slot_of(a_visit(case, now=NOW)).crew
    away = {"first": "2026-06-04", "last": "2026-06-05"}
    as_().post(f"/visits/crews/{crew.pk}/away", away)
    absence = CrewAbsence.objects.get()
    week = as_().get("/visits").content.decode()
    assert "until the end of" in week
    assert f"/visits/absences/{absence.pk}/withdraw" in week

    week = as_().post(f"/visits/absences/{absence.pk}/withdraw", follow=True).content.decode()

    assert "Van 1 can be given visits then again. Nothing has moved back." in week
    assert f"/visits/absences/{absence.pk}/withdraw" not in week
    assert as_().post(f"/visits/absences/{absence.pk}/withdraw").status_code == 409
    assert as_().post("/visits/absences/0/withdraw").status_code == 404


def test_more_at_once_than_a_crew_does_by_now_stands_on_the_week(case):
    a_crew(capacity=2)
    booked = [a_visit(one, now=NOW, chosen=utc(4, 8)) for one in (case, someone_else())]
    assert "More at once" not in as_().get("/visits").content.decode()
    Crew.objects.update(capacity=1)

    week = as_().get("/visits").content.decode()

    assert week.count("Van 1 does 1 visit at once") == 1
    visits.move_visit(booked[0].pk, chosen=utc(5, 8), by=a_person(), now=NOW)
    assert "More at once" not in as_().get("/visits").content.decode()


def test_a_suppliers_file_moves_visits_and_lists_what_cannot_be_taken(case):
    diagnosis = a_diagnosis(case)
    an_order(diagnosis, number="PO-1", eta=utc(3, 17))
    visit = a_visit(case, diagnosis=diagnosis.pk)
    lines = "Order;ETA\nPO-1;2026-06-08\nPO-2;2026-06-08\nPO-1;soon\n\nPO-1\n"

    answer = as_().post("/visits/parts", {"text": lines}).content.decode()

    assert "1 arrival was recorded" in answer
    assert "Line 3" in answer
    assert "No order with the number PO-2 is expected" in answer
    assert "soon is no date" in answer
    assert "The row is too short" in answer
    assert slot_of(visit).opens_at > utc(9, 0)
    again = as_().post("/visits/parts", {"text": lines}).content.decode()
    assert "Known already: 1" in again


def test_a_file_without_its_columns_is_refused():
    for text in ("", "a,b\n1,2\n", "\x00"):
        answer = as_().post("/visits/parts", {"text": text})
        assert answer.status_code == 422
    assert "must name a column" in answer.content.decode()


def test_a_crew_is_added_changed_and_retired():
    boss = as_()
    mike = a_person("Mike Doyle")
    typed = {
        "name": "Van 9",
        "team": a_team().pk,
        "calendar": a_calendar().pk,
        "members": [mike.pk],
        "skills": "gas, ovens, gas",
        "areas": "EX1",
        "capacity": 2,
        "slot_minutes": 60,
    }
    assert boss.post("/settings/crews/new", typed).status_code == 302
    crew = Crew.objects.get()
    assert (crew.skills, crew.areas, crew.capacity) == (["gas", "ovens"], ["EX1"], 2)
    assert list(crew.members.all()) == [mike]
    assert "Van 9" in boss.get("/settings/crews").content.decode()

    seen = SettingsChange.objects.latest("pk").pk
    boss.post(f"/settings/crews/{crew.pk}", {**typed, "skills": "gas", "seen": seen})
    crew.refresh_from_db()
    assert crew.skills == ["gas"]
    assert "gas, ovens" in boss.get(f"/settings/crews/{crew.pk}").content.decode()

    boss.post(f"/settings/crews/{crew.pk}/retire")
    crew.refresh_from_db()
    assert crew.retired_at == NOW


def test_a_crew_that_still_holds_visits_is_not_retired(case):
    crew = slot_of(a_visit(case, now=NOW)).crew
    answer = as_().post(f"/settings/crews/{crew.pk}/retire", follow=True)
    assert "still holds visits" in answer.content.decode()
    crew.refresh_from_db()
    assert crew.retired_at is None


def test_a_crew_that_still_holds_visits_that_need_a_skill_keeps_it(case):
    visit = a_visit(case, now=NOW)
    crew = slot_of(visit).crew
    typed = {"name": crew.name, "team": crew.team_id, "calendar": crew.calendar_id, "skills": "gas"}
    typed |= {"capacity": 1, "slot_minutes": 120}

    def try_it():
        return as_().post(f"/settings/crews/{crew.pk}", typed)

    answer = try_it()
    assert answer.status_code == 422
    assert "still holds visits that need ovens" in answer.content.decode()

    visits.cancel_visit(visit.pk, evidence="Mended itself.", by=a_person(), now=NOW)
    assert try_it().status_code == 302
    crew.refresh_from_db()
    assert crew.skills == ["gas"]


def test_the_calendar_of_a_crew_has_a_secret_address_that_stops(case):
    crew = slot_of(a_visit(case, now=NOW)).crew
    shown = as_().post(f"/settings/crews/{crew.pk}/calendar").content.decode()
    address = shown.split("/calendar/")[1].split(".ics")[0]
    assert Client().get(f"/calendar/{address}.ics").status_code == 200

    as_().post(f"/settings/crews/{crew.pk}/calendar", {"stop": "1"})

    assert Client().get(f"/calendar/{address}.ics").status_code == 404
    assert as_().post("/settings/crews/0/calendar").status_code == 404
