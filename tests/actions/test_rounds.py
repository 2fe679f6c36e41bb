"""Rounds: planned a day ahead, reported, and missed aloud, also when nobody says anything."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from makegood.actions import calendars, changes, gate
from makegood.actions import rounds as actions
from makegood.actions.changes import Editor, FieldError
from makegood.actions.gate import Saying
from makegood.actions.rounds import AlreadyReportedError, CrewReport, RoundReportError
from makegood.clockwork import ticks
from makegood.records.models import (
    Case,
    Incident,
    Promise,
    Round,
    RoundRun,
    Staff,
)
from makegood.records.next_due import next_due
from makegood.rules.promises import Channel, Speaker
from makegood.rules.rounds import Came
from raw_sql import refused_by, sql
from round_world import (
    CLOSES,
    OPENS,
    REPORTED,
    a_food_bin,
    a_round,
    round_facts,
    run_of,
)
from world import MONDAY, a_calendar, a_case, a_person, a_team

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DONE, MISSED = CrewReport(came=Came.DONE), CrewReport(came=Came.MISSED)


def save(row: Round, *, now=MONDAY, **more) -> None:
    changes.keep(actions.ROUNDS, str(row.pk), more, editor=Editor(by=None, now=now))


def test_the_next_day_of_a_round_is_planned_when_it_is_kept():
    run = run_of(a_round())

    assert (run.planned, run.opens_at, run.closes_at) == (date(2026, 6, 5), OPENS, CLOSES)
    assert run.look_at == next_due(now=MONDAY) == REPORTED


def test_what_was_planned_follows_the_round_and_its_calendar():
    row = a_round()

    save(row, rule="FREQ=WEEKLY;BYDAY=WE")
    assert run_of(row).planned == date(2026, 6, 3)

    office = a_calendar()
    shut = replace(office.facts(), holidays={date(2026, 6, 3): "Founders' day"})
    calendars.store_calendar(shut, now=MONDAY)
    run = run_of(row)
    assert (run.planned, run.opens_at.day, run.moved_by) == (
        date(2026, 6, 3),
        4,
        "Founders' day",
    )

    save(row, retired=True)
    assert not row.runs.exists()


def test_a_day_that_was_done_is_followed_by_the_next():
    row = a_round()

    run = actions.report(run_of(row).pk, DONE, by=a_person(), now=CLOSES)

    assert (run.outcome, run.by_silence, run.incident) == ("done", False, None)
    assert run_of(row).planned == date(2026, 6, 12)
    assert not Incident.objects.exists()


def test_a_round_that_was_reported_missed_opens_the_case_of_everybody_on_it():
    row = a_round()
    bin_ = a_food_bin()
    a_food_bin("Bob Plymouth", postcode="PL1 1AA")

    run = actions.report(run_of(row).pk, MISSED, by=a_person(), now=OPENS)
    ticks.tick(now=OPENS)

    case = Case.objects.get()
    assert (case.customer, case.incident) == (bin_.customer, run.incident)
    assert (case.title, case.owner) == ("Your food waste was not collected", row.owner)
    assert case.promises.get().kind == "news"


def test_silence_after_the_hours_is_a_missed_round():
    row = a_round()
    a_food_bin()

    assert ticks.tick(now=REPORTED - MINUTE).rounds == 0
    assert ticks.tick(now=REPORTED).rounds == 1

    run = row.runs.get(planned=date(2026, 6, 5))
    assert (run.outcome, run.by_silence, run.incident.failed_at) == ("missed", True, CLOSES)
    assert Case.objects.get().known_at == REPORTED
    assert Promise.objects.get().due_at > REPORTED
    assert ticks.tick(now=REPORTED).rounds == 0


def test_where_its_owner_left_and_nobody_stood_in_a_missed_round_is_whoevers_turn_it_is():
    row = a_round(owner=a_person("Ann", team=a_team("alone")).pk)
    a_food_bin()
    here = a_person()
    Staff.objects.filter(pk=row.owner_id).update(is_active=False)

    actions.report(run_of(row).pk, MISSED, by=here, now=OPENS)
    ticks.tick(now=OPENS)

    owner = Case.objects.get().owner
    assert owner.is_active
    assert owner.team == row.service.team


def test_a_round_in_part_hits_only_those_whom_it_did_not_reach():
    row = a_round(areas=["EX1", "EX4"])
    a_food_bin("Ann")
    bob = a_food_bin("Bob", postcode="EX1 1AA")
    part = CrewReport(came=Came.PART, areas=("ex1 2bb", "PL1"))

    run = actions.report(run_of(row).pk, part, by=a_person(), now=CLOSES)
    ticks.tick(now=CLOSES)

    assert run.missed_areas == ["EX1"]
    assert [case.customer for case in Case.objects.all()] == [bob.customer]


def test_a_round_with_stops_hits_those_or_the_ones_that_it_missed():
    row = a_round(areas=[])
    ann, bob = a_food_bin("Ann", number="A-1"), a_food_bin("Bob", number="B-2")
    a_food_bin("Cem", number="C-3")
    assert actions.set_stops(row.pk, ["B-2", "A-1", "B-2", " "]) == (2, [])
    assert [stop.asset for stop in row.stops.order_by("place")] == [bob, ann]

    stop = row.stops.get(asset=bob)
    part = CrewReport(came=Came.PART, stops=(stop.pk,))
    actions.report(run_of(row).pk, part, by=None, now=CLOSES)
    ticks.tick(now=CLOSES)
    assert {case.customer.name for case in Case.objects.all()} == {"Bob"}

    next_ = run_of(row)
    actions.report(next_.pk, MISSED, by=None, now=next_.closes_at)
    ticks.tick(now=next_.closes_at)
    assert {case.customer.name for case in Case.objects.all()} == {"Ann", "Bob"}
    assert Incident.objects.count() == 2


@pytest.mark.parametrize(("also", "hit"), [(False, {"Ann"}), (True, {"Ann", "Bob"})])
def test_an_area_of_a_round_with_stops_is_its_stops_there_besides_those_that_are_named(also, hit):
    row = a_round(areas=[])
    a_food_bin("Ann", number="A-1")
    bob = a_food_bin("Bob", number="B-2", postcode="EX1 1AA")
    a_food_bin("Cem", number="C-3")  # another round comes there
    actions.set_stops(row.pk, ["A-1", "B-2"])
    stops = (row.stops.get(asset=bob).pk,) if also else ()

    part = CrewReport(came=Came.PART, areas=("EX4", "PL1"), stops=stops)
    run = actions.report(run_of(row).pk, part, by=None, now=CLOSES)
    ticks.tick(now=CLOSES)

    assert run.missed_areas == ["EX4"]
    assert {case.customer.name for case in Case.objects.all()} == hit


def test_unknown_stops_are_named_and_change_nothing():
    row = a_round()
    a_food_bin("Ann", number="A-1")

    assert actions.set_stops(row.pk, ["A-1", "Z-9"]) == (0, ["Z-9"])
    assert not row.stops.exists()


def test_a_report_that_comes_late_says_that_it_was_done_after_all():
    row = a_round()
    a_food_bin()
    run = run_of(row)
    actions.look(run.pk, now=REPORTED)

    told = actions.report(run.pk, DONE, by=a_person(), now=REPORTED + MINUTE)
    ticks.tick(now=REPORTED + MINUTE)

    assert (told.outcome, told.by_silence) == ("done", True)
    assert told.incident is not None
    assert not Case.objects.exists()


def test_reports_that_cannot_be_are_refused():
    row = a_round()
    run = run_of(row)

    with pytest.raises(RoundReportError, match="not begun"):
        actions.report(run.pk, DONE, by=None, now=OPENS - MINUTE)
    with pytest.raises(RoundReportError, match="where the round did not come"):
        actions.report(run.pk, CrewReport(came=Came.PART, areas=("PL1",)), by=None, now=OPENS)
    actions.report(run.pk, DONE, by=None, now=OPENS)
    with pytest.raises(AlreadyReportedError):
        actions.report(run.pk, MISSED, by=None, now=OPENS)


def test_after_a_long_downtime_only_the_last_week_is_looked_at():
    row = a_round()

    actions.look(run_of(row).pk, now=REPORTED + timedelta(days=30))

    assert run_of(row).planned == date(2026, 7, 3)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rule": "every Friday"}, "rule"),
        ({"service": 0}, "service"),
        ({"calendar": 0}, "calendar"),
        ({"owner": 0}, "owner"),
        ({"crew": 99}, "crew"),
        ({"opens": 960}, "opens"),
        ({"name": "food waste FRIDAY"}, "name"),
    ],
)
def test_a_round_that_cannot_be_is_refused_at_its_field(wrong, field):
    a_round()

    with pytest.raises(FieldError) as refused:
        changes.keep(
            actions.ROUNDS,
            None,
            round_facts(name="Another") | wrong,
            editor=Editor(by=None, now=MONDAY),
        )

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("round SET opens = closes", "round_has_hours"),
        ("round SET rule = ''", "round_comes_by_a_rule"),
        ("round SET missed_words = ''", "round_says_what_it_is_to_miss_it"),
        ("round SET report_minutes = 9999", "round_is_reported_within_two_days"),
        ("roundrun SET closes_at = opens_at", "round_run_closes_after_it_opens"),
        ("roundrun SET look_at = NULL", "round_run_waits_or_is_settled"),
        ("roundrun SET by_silence = true", "round_run_is_silent_only_after_its_hours"),
        (
            "roundrun SET outcome = 'missed', look_at = NULL, settled_at = closes_at",
            "round_run_missed_is_an_incident",
        ),
    ],
)
def test_the_database_keeps_rounds_true(change, name):
    a_round()

    with refused_by(name):
        sql(f"UPDATE records_{change}")


def test_what_was_done_in_part_says_where_it_was_not():
    run = actions.report(run_of(a_round()).pk, MISSED, by=None, now=OPENS)

    with refused_by("round_run_done_in_part_says_which"):
        sql("UPDATE records_roundrun SET outcome = 'part' WHERE id = %s", run.pk)


def test_a_day_of_a_round_is_written_once():
    run = run_of(a_round())
    run.pk = None

    with refused_by("round_runs_once_a_day"):
        run.save(force_insert=True)


def test_a_round_stops_once_at_an_asset():
    row = a_round()
    bin_ = a_food_bin()
    row.stops.create(asset=bin_, place=1)

    with refused_by("round_stops_once_at_an_asset"):
        row.stops.create(asset=bin_, place=2)


def test_no_run_is_left_when_the_calendar_ends():
    office = a_calendar()
    office.known_until = date(2026, 6, 4)
    office.save()

    assert not RoundRun.objects.filter(round=a_round()).exists()


def test_words_about_the_next_round_are_true_where_one_comes():
    a_round()
    bin_ = a_food_bin()
    case = a_case(now=MONDAY, customer=bin_.customer, asset=bin_)
    words = "We will collect it on the next scheduled trash day."
    saying = Saying(text=words, speaker=Speaker.SYSTEM, channel=Channel.EMAIL)

    assert gate.check(case.pk, saying, now=MONDAY).passes
    Round.objects.update(retired_at=MONDAY)
    assert not gate.check(case.pk, saying, now=MONDAY).passes
