"""What a crew cannot keep is found by the clock: away, on holiday, off, or without the skill."""

from datetime import date, timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import calendars, crews, moving, staff
from makegood.actions.changes import Editor, keep
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records import settings_facts
from makegood.records.models import (
    Crew,
    CrewAbsence,
    Holiday,
    Message,
    MessageKind,
    PromiseRevision,
    Thing,
    Visit,
)
from makegood.rules.visits import NoCrewError
from visit_world import DAY, a_crew, a_visit, a_visit_for_a_part, slot_of, someone_else, utc
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def be_away(visit: Visit, *, now=MONDAY, days: int = 2) -> CrewAbsence:
    """Its crew is away until after the visit, and nobody moves anything."""
    slot = slot_of(visit)
    return crews.record_absence(
        slot.crew_id,
        starts_at=now,
        ends_at=slot.opens_at + days * DAY,
        by=a_person(),
        now=now,
    )


def told_of(visit: Visit) -> list[Message]:
    return list(Message.objects.filter(case=visit.case, kind=MessageKind.VISIT))


def settle(visit: Visit) -> None:
    visit.refresh_from_db()
    assert visit.confirmed_at is not None


def change(thing: Thing, keeper, key: int, **facts) -> None:
    known = settings_facts.read(thing, str(key))
    keep(keeper, str(key), {**known, **facts}, editor=Editor(by=a_person(), now=MONDAY))


def test_nobody_has_to_be_in_sooner_than_they_were_told_if_there_is_another_way():
    crew = a_crew("Van 1")
    visit = a_visit(a_case(customer=a_customer("Ann")), chosen=utc(3, 12))
    before = slot_of(visit)
    crews.record_absence(
        crew.pk, starts_at=before.opens_at, ends_at=before.closes_at, by=a_person(), now=MONDAY
    )

    crews.move_off(crew.pk, now=MONDAY)

    assert slot_of(visit).opens_at == before.closes_at
    assert len(told_of(visit)) == 1


def test_another_crew_comes_at_the_very_time_that_was_promised_if_one_is_free():
    a_crew("Van 1")
    visit = a_visit(a_case(customer=a_customer("Ann")), chosen=utc(4, 12))
    before = slot_of(visit)
    a_crew("Van 2")
    be_away(visit)

    crews.move_off(before.crew_id, now=MONDAY)

    after = slot_of(visit)
    assert after.crew_id != before.crew_id
    assert (after.opens_at, after.closes_at) == (before.opens_at, before.closes_at)
    assert told_of(visit) == []
    assert not PromiseRevision.objects.exists()
    settle(visit)


class TestTheClock:
    def test_it_moves_a_sure_visit_that_nobody_moved_and_tells_once_and_in_time(self):
        visit = a_visit(chosen=utc(4, 8))
        settle(visit)
        be_away(visit)

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(visit).opens_at >= utc(6, 8)
        revision = PromiseRevision.objects.get(promise=visit.promise)
        assert (revision.old_due_at, revision.decided_at < utc(4, 8)) == (utc(4, 10), True)
        assert len(told_of(visit)) == 1

    def test_it_lets_whoever_recorded_it_go_first(self):
        visit = a_visit(chosen=utc(4, 8))
        be_away(visit)

        ticks.tick(now=MONDAY + timedelta(seconds=30))

        assert slot_of(visit).opens_at == utc(4, 8)

    def test_it_has_nothing_left_to_do_once_they_have_moved(self):
        visit = a_visit(chosen=utc(4, 8))
        absence = be_away(visit)
        crews.move_off(absence.crew_id, now=MONDAY)
        held = slot_of(visit)

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(visit) == held
        assert Crew.objects.get().look_at is None

    def test_it_leaves_alone_what_was_withdrawn(self):
        visit = a_visit(chosen=utc(4, 8))
        absence = be_away(visit)
        crews.withdraw_absence(absence.pk, by=a_person(), now=MONDAY + MINUTE)

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(visit).opens_at == utc(4, 8)

    def test_one_that_fails_holds_up_no_other_and_is_tried_again_later(self, monkeypatch):
        bad, good = a_visit(chosen=utc(4, 8)), a_visit(someone_else(), chosen=utc(4, 10))
        be_away(bad)
        tried = fail_for(monkeypatch, bad)

        clock = SimulatedClock(MONDAY)
        clock.wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(good).opens_at >= utc(6, 8)
        assert slot_of(bad).opens_at == utc(4, 8)
        assert len(tried) == 1
        monkeypatch.undo()
        clock.wait_until(MONDAY + 30 * MINUTE)
        assert slot_of(bad).opens_at >= utc(6, 8)
        assert len(told_of(bad)) == 1

    def test_the_look_of_the_day_before_makes_nothing_sure_with_a_crew_that_is_away(self):
        visit = a_visit(chosen=utc(4, 8))
        be_away(visit)
        Crew.objects.update(look_at=None)  # as if the clock had passed it over
        Visit.objects.update(look_at=utc(2, 8), confirmed_at=None)

        ticks.tick(now=utc(2, 8))

        assert slot_of(visit).opens_at >= utc(6, 8)
        assert "The colleagues who were to come to you cannot." in told_of(visit)[0].words

    def test_what_nobody_looks_at_costs_one_query_however_many_visits_there_are(
        self, django_assert_num_queries
    ):
        for n in range(3):
            a_visit(a_case(customer=a_customer(str(n))))
        Crew.objects.update(look_at=None)
        with django_assert_num_queries(1):
            assert crews.due(now=utc(2, 8), limit=9) == []


class TestWhoeverRecordsIt:
    def test_hears_how_many_have_moved_and_how_many_are_tried_again(self, monkeypatch):
        bad, good = a_visit(chosen=utc(4, 8)), a_visit(someone_else(), chosen=utc(4, 10))
        absence = be_away(bad)
        fail_for(monkeypatch, bad)

        off = crews.move_off(absence.crew_id, now=MONDAY)

        assert (off.moved, off.failed) == (1, 1)
        assert slot_of(good).opens_at >= utc(6, 8)

    def test_may_withdraw_it_and_nothing_moves_back(self):
        visit = a_visit(chosen=utc(4, 8))
        absence = be_away(visit)
        crews.move_off(absence.crew_id, now=MONDAY)
        held = slot_of(visit)

        crews.withdraw_absence(absence.pk, by=a_person(), now=MONDAY + MINUTE)

        assert slot_of(visit) == held
        other = a_visit(someone_else(), now=MONDAY + MINUTE, chosen=utc(4, 8))
        assert slot_of(other).crew_id == absence.crew_id
        absence.refresh_from_db()
        assert (absence.withdrawn_at, absence.withdrawn_by) == (MONDAY + MINUTE, a_person())

    def test_withdraws_it_once_and_not_after_it_was_over(self):
        visit = a_visit(chosen=utc(4, 8))
        absence = be_away(visit)
        crews.withdraw_absence(absence.pk, by=a_person(), now=MONDAY + MINUTE)
        with pytest.raises(crews.AbsenceOverError):
            crews.withdraw_absence(absence.pk, by=a_person(), now=MONDAY + MINUTE)
        again = be_away(visit)
        with pytest.raises(crews.AbsenceOverError):
            crews.withdraw_absence(again.pk, by=a_person(), now=again.ends_at)


class TestChangedSettings:
    def test_a_holiday_moves_what_was_held_on_it_and_nothing_else(self):
        visit, other = a_visit(chosen=utc(4, 8)), a_visit(someone_else(), chosen=utc(5, 8))
        settle(visit)
        key = slot_of(visit).crew.calendar_id
        change(Thing.CALENDAR, calendars.CALENDARS, key, extra={"2026-06-04": "Works outing"})
        assert Holiday.objects.filter(day=date(2026, 6, 4)).exists()

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(visit).opens_at != utc(4, 8)
        assert len(told_of(visit)) == 1
        assert slot_of(other).opens_at == utc(5, 8)

    def test_shorter_hours_move_what_lies_outside_them(self):
        early, late = a_visit(chosen=utc(4, 8)), a_visit(someone_else(), chosen=utc(4, 14))
        key = slot_of(late).crew.calendar_id
        week = [[[540, 840]]] * 5 + [[], []]  # until two in the afternoon
        change(Thing.CALENDAR, calendars.CALENDARS, key, week=week)

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(early).opens_at == utc(4, 8)
        assert slot_of(late).opens_at != utc(4, 14)

    def test_hours_that_shift_keep_what_lies_within_them(self):
        visit = a_visit(chosen=utc(4, 8))
        key = slot_of(visit).crew.calendar_id
        week = [[[480, 570], [570, 1020]]] * 5 + [[], []]  # a border in the midst of the visit
        change(Thing.CALENDAR, calendars.CALENDARS, key, week=week)

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(visit).opens_at == utc(4, 8)

    def test_a_crew_that_lost_the_skill_before_that_was_refused_gives_its_visit_away(self):
        visit = a_visit(chosen=utc(4, 8))
        settle(visit)
        a_crew("Van 2")
        Crew.objects.filter(pk=slot_of(visit).crew_id).update(skills=["roofs"], look_at=MONDAY)

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(visit).crew.name == "Van 2"

    def test_fewer_at_once_moves_nobody(self):
        crew = a_crew(capacity=2)
        held = [a_visit(a_case(customer=a_customer(n)), chosen=utc(4, 8)) for n in ("Ann", "Bea")]
        change(Thing.CREW, crews.CREWS, crew.pk, capacity=1)

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert [slot_of(visit).opens_at for visit in held] == [utc(4, 8), utc(4, 8)]

    def test_a_visit_whose_part_nobody_expects_waits_for_a_time(self):
        visit = a_visit_for_a_part()
        order = visit.diagnosis.orders.get()
        assert order.eta_at is not None
        be_away(visit, days=90)

        SimulatedClock(MONDAY).wait_until(MONDAY + 5 * MINUTE)

        assert slot_of(visit) is None
        assert visit.case.escalations.filter(reason="no_slot").exists()


def fail_for(monkeypatch, visit: Visit) -> list[int]:
    """Let every move of a visit fail; which were tried."""
    moves, tried = moving.move, []

    def move(found, change, *, now):
        if found.pk == visit.pk:
            tried.append(found.pk)
            raise ValueError("It does not move.")
        return moves(found, change, now=now)

    monkeypatch.setattr(moving, "move", move)
    return tried


class TestEverybodyHasLeft:
    """A crew of which nobody is there any more does not go out."""

    @pytest.fixture
    def mike(self):
        return a_person("Mike Doyle")

    def test_its_visits_go_to_others_and_are_told(self, mike):
        a_crew(members=(mike,))
        visit = a_visit(chosen=utc(4, 8))
        a_crew("Van 2", members=(a_person("Nina Park"),), slot_minutes=60)

        staff.leave(mike, now=MONDAY)
        SimulatedClock(MONDAY).wait_until(MONDAY + MINUTE)

        assert slot_of(visit).crew.name == "Van 2"
        [message] = told_of(visit)
        assert message.words.startswith("The colleagues who were to come to you cannot.")

    def test_nobody_books_it_any_more(self, mike):
        a_crew(members=(mike,))
        staff.leave(mike, now=MONDAY)
        with pytest.raises(NoCrewError):
            a_visit()

    def test_it_goes_out_while_somebody_is_left(self, mike):
        crew = a_crew(members=(mike, a_person("Nina Park")))
        visit = a_visit(chosen=utc(4, 8))

        staff.leave(mike, now=MONDAY)
        SimulatedClock(MONDAY).wait_until(MONDAY + MINUTE)

        assert slot_of(visit).crew == crew
        assert told_of(visit) == []

    def test_a_crew_that_names_nobody_goes_out(self):
        a_crew(members=())
        assert slot_of(a_visit()) is not None

    def test_it_stays_at_home_when_something_else_of_it_is_changed(self, mike):
        crew = a_crew(members=(mike,))
        staff.leave(mike, now=MONDAY)

        change(Thing.CREW, crews.CREWS, crew.pk, capacity=2)

        with pytest.raises(NoCrewError):
            a_visit()
