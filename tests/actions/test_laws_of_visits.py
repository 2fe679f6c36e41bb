"""The laws of visits, attacked with raw SQL as from psql: the database must refuse."""

from datetime import timedelta

import pytest

from makegood.actions import breaking, contacts, crews, parts, promises, visit_day
from makegood.actions.contacts import Touch
from makegood.actions.telling import Rosters
from makegood.actions.visit_day import Fault
from makegood.records.models import (
    CalendarFeed,
    Crew,
    Direction,
    EtaChange,
    Part,
    PartOrder,
    Slot,
    Visit,
)
from makegood.rules.promises import Channel
from makegood.rules.visits import Access, Failing
from raw_sql import insert, refused_by, sql
from visit_world import (
    DAY,
    HOUR,
    a_crew,
    a_diagnosis,
    a_part,
    a_visit,
    a_visit_for_a_part,
    an_order,
    order_of,
    slot_of,
    someone_else,
)
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db


def forge_slot(visit: Visit, **more) -> None:
    """Another slot for a visit, as somebody would write it past the actions."""
    held = Slot.objects.filter(visit=visit).latest("pk")
    plain = {
        "visit_id": visit.pk,
        "number": 99,
        "crew_id": held.crew_id,
        "lane": 1,
        "opens_at": held.opens_at,
        "closes_at": held.closes_at,
        "why": "[]",
        "held_at": MONDAY,
        "cause": "",
    }
    insert("records_slot", **plain | more)


class TestNoCrewIsInTwoPlaces:
    def test_no_two_slots_overlap(self):
        visit, other = a_visit(), a_visit(someone_else(), access=Access.ASKED)
        Slot.objects.filter(visit=other).update(released_at=MONDAY, cause="planned")
        held = slot_of(visit)
        for shift in (timedelta(0), HOUR, -HOUR):
            with refused_by("slot_is_never_double_booked"):
                forge_slot(other, opens_at=held.opens_at + shift, closes_at=held.closes_at + shift)

    def test_a_crew_does_no_more_at_once_than_it_can(self):
        visit = a_visit()
        for lane in (0, 2):
            with refused_by("slot_within_the_crew"):
                forge_slot(visit, lane=lane)
        sql("UPDATE records_crew SET retired_at = now()")
        with refused_by("slot_within_the_crew"):
            forge_slot(visit)

    def test_a_crew_without_the_skill_is_not_sent(self):
        visit = a_visit()
        roofs = a_crew("Roofs", skills=["roofs"])
        with refused_by("slot_of_a_crew_with_the_skill"):
            forge_slot(visit, crew_id=roofs.pk)

    def test_a_crew_that_is_away_is_not_sent(self):
        visit = a_visit()
        slot = slot_of(visit)
        crews.record_absence(
            slot.crew_id, starts_at=slot.opens_at, ends_at=slot.closes_at, by=a_person(), now=MONDAY
        )
        with refused_by("slot_while_the_crew_is_there"):
            forge_slot(visit)

    def test_a_slot_stays_as_it_was_held(self):
        a_visit(access=Access.ASKED)
        with refused_by("slot_keeps_its_terms"):
            sql("UPDATE records_slot SET opens_at = opens_at - interval '1 hour'")
        sql("UPDATE records_slot SET released_at = held_at, cause = 'planned'")
        with refused_by("slot_keeps_its_terms"):
            sql("UPDATE records_slot SET released_at = NULL, cause = ''")

    def test_a_visit_holds_one_slot_at_a_time(self):
        visit = a_visit()
        later = slot_of(visit).opens_at + DAY
        with refused_by("slot_one_at_a_time_for_a_visit"):
            forge_slot(visit, opens_at=later, closes_at=later + HOUR)
        with refused_by("slot_once_per_number"):
            forge_slot(visit, number=1, opens_at=later, closes_at=later + HOUR)
        with refused_by("slot_opens_before_it_closes"):
            forge_slot(visit, opens_at=later, closes_at=later)

    def test_a_slot_is_released_for_a_cause(self):
        a_visit()
        with refused_by("slot_released_for_a_cause"):
            sql("UPDATE records_slot SET released_at = held_at")

    def test_what_was_held_stays(self):
        a_visit()
        with refused_by("slot_stays"):
            sql("DELETE FROM records_slot")
        with refused_by("visit_stays"):
            sql("DELETE FROM records_visit")


class TestAVisitIsAsItSays:
    def test_it_is_sure_only_when_all_is_there(self):
        visit = a_visit_for_a_part()
        with refused_by("visit_confirmed_only_when_ready"):
            sql("UPDATE records_visit SET confirmed_at = now()")
        other = a_visit(someone_else(), access=Access.ASKED)
        with refused_by("visit_confirmed_only_when_ready"):
            sql("UPDATE records_visit SET confirmed_at = now() WHERE id = %s", other.pk)
        assert visit.confirmed_at is None

    def test_it_stays_sure_only_while_its_part_is_the_right_one(self):
        visit = a_visit_for_a_part()
        parts.receive_part(order_of(visit).pk, at=MONDAY, by=None, now=MONDAY)
        with refused_by("visit_confirmed_only_when_ready"):
            sql("UPDATE records_partorder SET wrong_at = received_at")

    def test_a_doubted_part_makes_nothing_sure(self):
        diagnosis = a_diagnosis()
        order = an_order(diagnosis, part=a_part("H-200").pk)
        visit = a_visit(diagnosis.case, diagnosis=diagnosis.pk)
        parts.receive_part(order.pk, at=MONDAY, by=None, now=MONDAY)
        with refused_by("visit_confirmed_only_when_ready"):
            sql("UPDATE records_visit SET confirmed_at = now() WHERE id = %s", visit.pk)

    def test_its_window_is_what_was_promised(self):
        visit = a_visit()
        later = slot_of(visit).opens_at + DAY
        with refused_by("visit_window_is_promised"):
            sql("UPDATE records_slot SET released_at = held_at, cause = 'planned'")
            forge_slot(visit, opens_at=later, closes_at=later + HOUR)
        with refused_by("visit_window_is_promised"):
            sql("UPDATE records_visit SET promise_id = NULL")

    def test_the_word_that_we_come_is_kept_by_coming(self):
        visit = a_visit()
        promises.make_promise(visit.case_id, a_word(), now=MONDAY)
        with refused_by("visit_is_kept_by_coming"):
            sql(
                "UPDATE records_promise SET outcome = 'kept', evidence = 'x', settled_at = said_at,"
                " settled_recorded_at = said_at, judge_at = NULL, escalate_at = NULL"
                " WHERE id = %s",
                visit.promise_id,
            )

    def test_who_fails_leaves_a_next_visit(self):
        a_visit()
        with refused_by("visit_that_failed_leaves_a_next_one"):
            sql("UPDATE records_slot SET released_at = held_at, cause = 'ended'")
            sql(
                "UPDATE records_visit SET outcome = 'failed', failing = 'more_work',"
                " ended_at = booked_at, look_at = NULL"
            )

    def test_what_failed_frees_its_crew(self):
        visit = a_visit()
        visit_day.fail(visit.pk, Fault(failing=Failing.MORE_WORK), by=a_person(), now=MONDAY + HOUR)
        held = Slot.objects.filter(visit=visit).get()
        with refused_by("visit_that_failed_frees_its_slot"):
            forge_slot(visit, opens_at=held.opens_at + 9 * DAY, closes_at=held.closes_at + 9 * DAY)

    def test_it_ends_once(self):
        visit = a_visit()
        visit_day.finish(visit.pk, note="", by=a_person(), now=MONDAY + HOUR)
        with refused_by("visit_ends_once"):
            sql("UPDATE records_visit SET outcome = 'cancelled'")

    def test_it_belongs_to_its_case_and_what_happened_stays(self):
        visit, other = a_visit(), someone_else()
        with refused_by("visit_keeps_its_terms"):
            sql("UPDATE records_visit SET case_id = %s", other.pk)
        visit_day.arrive(visit.pk, at=MONDAY, by=a_person(), now=MONDAY)
        with refused_by("visit_keeps_its_terms"):
            sql("UPDATE records_visit SET arrived_at = arrived_at + interval '1 hour'")

    def test_its_sequence_only_grows(self):
        a_visit()
        with refused_by("visit_sequence_only_grows"):
            sql("UPDATE records_visit SET sequence = sequence - 1")

    def test_a_case_closes_with_no_visit_open(self):
        visit = a_visit()
        later = MONDAY + DAY
        touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=later)
        answer = contacts.record_contact(visit.case_id, touch, now=later)
        with refused_by("case_closes_with_no_visit_open"):
            breaking.break_due(now=later, limit=9, rosters=Rosters(now=later))
            sql(
                "UPDATE records_promise SET outcome = 'kept', evidence = 'x', settled_at = said_at,"
                " settled_recorded_at = said_at, judge_at = NULL, escalate_at = NULL"
                " WHERE outcome IS NULL"
            )
            sql(
                "UPDATE records_case SET closed_at = %s, closed_by_contact_id = %s",
                later,
                answer.pk,
            )

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("visit_is_for_something", "what = ''"),
            ("visit_access_is_known", "access = 'perhaps'"),
            ("visit_open_or_ended", "outcome = 'done', arrived_at = booked_at"),
            ("visit_open_is_watched", "look_at = NULL"),
            ("visit_open_is_watched", "arrived_at = booked_at, look_at = NULL"),
            (
                "visit_done_by_who_came",
                "outcome = 'done', ended_at = booked_at, look_at = NULL",
            ),
            (
                "visit_fails_for_a_reason",
                "outcome = 'failed', failing = 'whim', ended_at = booked_at, look_at = NULL",
            ),
            (
                "visit_failed_says_why",
                "outcome = 'failed', ended_at = booked_at, look_at = NULL",
            ),
        ],
    )
    def test_what_a_visit_says_makes_sense(self, name, change):
        a_visit()
        with refused_by(name):
            sql(f"UPDATE records_visit SET {change}")


class TestPartsAreWhatWasSaid:
    def test_a_diagnosis_only_grows(self):
        a_diagnosis()
        with refused_by("diagnosis_only_grows"):
            sql("UPDATE records_diagnosis SET note = 'x'")

    def test_what_was_said_of_an_arrival_only_grows(self):
        an_order()
        with refused_by("eta_only_grows"):
            sql("UPDATE records_etachange SET new_at = now()")

    def test_an_expected_arrival_has_its_history(self):
        an_order()
        with refused_by("order_eta_has_its_history"):
            sql("UPDATE records_partorder SET eta_at = eta_at + interval '1 day'")

    def test_an_order_stays_as_it_was_placed(self):
        order = an_order()
        with refused_by("order_stays"):
            sql("DELETE FROM records_partorder")
        with refused_by("order_keeps_its_terms"):
            sql("UPDATE records_partorder SET part_id = %s", a_part("H-200").pk)
        parts.receive_part(order.pk, at=MONDAY, by=None, now=MONDAY)
        with refused_by("order_keeps_its_terms"):
            sql("UPDATE records_partorder SET received_at = NULL")

    def test_one_order_at_a_time(self):
        order = an_order()
        with refused_by("order_one_at_a_time_for_a_diagnosis"):
            PartOrder.objects.create(
                diagnosis=order.diagnosis, part=order.part, ordered_at=MONDAY,
                recorded_at=MONDAY, ordered_by=a_person(),
            )  # fmt: skip

    def test_a_suppliers_number_is_one_order(self):
        one, other = an_order(number="P-1"), an_order(a_diagnosis(someone_else()))
        with refused_by("order_once_per_number"):
            PartOrder.objects.filter(pk=other.pk).update(number=one.number)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("order_is_received_or_cancelled", "received_at = now(), cancelled_at = now()"),
            ("order_is_wrong_once_it_is_here", "wrong_at = now()"),
            ("order_fits_because_somebody_says_why", "fits_because = 'It does.'"),
        ],
    )
    def test_what_an_order_says_makes_sense(self, name, change):
        an_order()
        with refused_by(name):
            sql(f"UPDATE records_partorder SET {change}")

    @pytest.mark.parametrize(
        ("name", "more"),
        [
            ("eta_once_per_number", {"number": 1}),
            ("eta_source_is_known", {"source": "rumour"}),
            ("eta_change_changes", {"old_at": MONDAY + 99 * DAY}),
        ],
    )
    def test_a_change_of_arrival_makes_sense(self, name, more):
        order = an_order()
        plain = {"order": order, "number": 2, "source": "desk", "recorded_at": MONDAY}
        with refused_by(name):
            EtaChange.objects.create(**plain | {"new_at": MONDAY + 99 * DAY} | more)

    def test_a_part_has_a_name(self):
        with refused_by("part_has_a_name"):
            Part.objects.create(number="X-1", name="")


class TestCrews:
    def test_a_crew_makes_sense(self):
        a_crew()
        with refused_by("crew_does_a_few_visits_at_once"):
            Crew.objects.update(capacity=0)
        with refused_by("crew_windows_are_of_a_day"):
            Crew.objects.update(slot_minutes=5)

    def test_an_absence_ends_after_it_began_and_stays(self):
        crew = a_crew()
        with refused_by("crew_absence_ends_after_it_began"):
            insert(
                "records_crewabsence",
                crew_id=crew.pk, starts_at=MONDAY, ends_at=MONDAY, recorded_at=MONDAY,
            )  # fmt: skip
        crews.record_absence(
            crew.pk, starts_at=MONDAY, ends_at=MONDAY + DAY, by=a_person(), now=MONDAY
        )
        with refused_by("crew_absence_withdrawn_after_it_was_recorded"):
            crew.absences.update(withdrawn_at=MONDAY - DAY, withdrawn_by=a_person())
        with refused_by("crew_absence_stays"):
            sql("DELETE FROM records_crewabsence")

    def test_a_feed_is_of_a_crew_or_a_person(self):
        crew, laura = a_crew(), a_person()
        plain = {"made_at": MONDAY, "made_by": laura}
        for wrong in ({}, {"crew": crew, "staff": laura}):
            with refused_by("feed_is_of_a_crew_or_a_person"):
                CalendarFeed.objects.create(token_digest=b"x" * 32, **plain | wrong)
        with refused_by("feed_revoked_after_it_was_made"):
            CalendarFeed.objects.create(
                token_digest=b"x" * 32, crew=crew, revoked_at=MONDAY - DAY, **plain
            )


def test_a_reply_that_suits_and_a_telling_of_no_slot_are_known():
    case = a_case()
    assert case.pk
    with refused_by("message_kind_is_known"):
        insert("records_message", case_id=case.pk, kind="visits", about="x", queued_at=MONDAY,
               channel="", words="")  # fmt: skip
