"""What was promised by a round: kept by its crew's report, for those to whom it came."""

from datetime import timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from makegood.actions import changes, corrections, incidents, promises
from makegood.actions import rounds as actions
from makegood.actions.changes import Editor
from makegood.actions.incidents import Truth
from makegood.actions.rounds import CrewReport
from makegood.clockwork import ticks
from makegood.queries import incident_tellings, verify
from makegood.records.models import (
    Asking,
    Customer,
    Incident,
    Promise,
    PromiseKind,
    Round,
    RoundWord,
)
from makegood.rules.rounds import Came
from round_world import CLOSES, REPORTED, a_food_bin, a_round, run_of
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DONE, MISSED = CrewReport(came=Came.DONE), CrewReport(came=Came.MISSED)


def save(row: Round, *, now=MONDAY, **more) -> None:
    changes.keep(actions.ROUNDS, str(row.pk), more, editor=Editor(by=None, now=now))


def promised_with_the_round(name: str, **more) -> Promise:
    """Who was not come to, and heard in a letter that we come with the next round."""
    bin_ = a_food_bin(name, **more)
    Customer.objects.filter(pk=bin_.customer_id).update(email="ann@example.org")
    case = a_case(customer=bin_.customer, asset=bin_)
    word = a_word(kind=PromiseKind.VISIT, words="We come by noon.", due_at=MONDAY + 60 * MINUTE)
    promises.make_promise(case.pk, word, now=MONDAY)
    for hour in (2, 3):  # it breaks, and the letter says sorry
        ticks.tick(now=MONDAY + hour * 60 * MINUTE)
    return case.promises.still_open().get(kind="visit")


def test_a_round_that_was_done_keeps_what_was_promised_by_it_and_the_customer_is_asked():
    row = a_round()
    word = promised_with_the_round("Ann")

    actions.report(run_of(row).pk, DONE, by=a_person(), now=REPORTED)

    word.refresh_from_db()
    assert (word.outcome, word.settled_at) == ("kept", CLOSES)
    assert word.evidence == "The crew came with the round Food waste Friday."
    assert Asking.objects.get(ended_at=None).case == word.case
    assert verify.run() == []


@pytest.mark.parametrize("by_stops", [False, True], ids=["areas", "stops"])
def test_a_round_in_part_keeps_it_only_for_those_to_whom_it_came(by_stops):
    row = a_round(areas=["EX1", "EX4"])
    ann = promised_with_the_round("Ann", number="A-1")
    bob = promised_with_the_round("Bob", number="B-2", postcode="EX1 1AA")
    part = CrewReport(came=Came.PART, areas=("EX1",))
    if by_stops:
        actions.set_stops(row.pk, ["A-1", "B-2"])
        stop = row.stops.get(asset=bob.case.asset)
        part = CrewReport(came=Came.PART, stops=(stop.pk,))

    actions.report(run_of(row).pk, part, by=None, now=CLOSES)

    assert set(Promise.objects.filter(kind="visit", outcome="kept")) == {ann}
    assert bob in Promise.objects.still_open()


def test_a_round_by_another_name_keeps_what_it_was_promised_by():
    row = a_round()
    word = promised_with_the_round("Ann")
    save(row, name="Kitchen waste Friday")
    a_round(name="Food waste Friday", areas=["EX1"])

    actions.report(run_of(row).pk, DONE, by=a_person(), now=REPORTED)

    word.refresh_from_db()
    assert word.outcome == "kept"
    assert word.evidence == "The crew came with the round Kitchen waste Friday."


def test_a_round_that_took_the_name_of_another_keeps_nothing_of_it():
    row = a_round()
    word = promised_with_the_round("Ann")
    save(row, name="Kitchen waste Friday")
    other = a_round(name="Food waste Friday")

    actions.report(run_of(other).pk, DONE, by=a_person(), now=REPORTED)

    assert word in Promise.objects.still_open()


@pytest.mark.parametrize("by_stops", [False, True], ids=["areas", "stops"])
def test_a_round_does_not_keep_what_was_promised_to_whom_it_comes_no_more(by_stops):
    row = a_round()
    ann = promised_with_the_round("Ann", number="A-1")
    a_food_bin("Bob", number="B-2")
    if by_stops:
        actions.set_stops(row.pk, ["B-2"])
    else:
        Customer.objects.filter(pk=ann.case.customer_id).update(postcode="EX1 1AA")

    actions.report(run_of(row).pk, DONE, by=a_person(), now=REPORTED)

    assert ann in Promise.objects.still_open()


def test_what_was_promised_by_name_alone_is_found_by_the_name_of_that_time():
    row = a_round()
    word = promised_with_the_round("Ann")
    save(row, name="Kitchen waste Friday", now=MONDAY + 4 * 60 * MINUTE)
    a_round(name="Food waste Friday", now=MONDAY + 5 * 60 * MINUTE, areas=["EX1"])
    RoundWord.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(import_module("makegood.records.migrations.0054_by_round").LINK)

    assert list(RoundWord.objects.values_list("promise", "round")) == [(word.pk, row.pk)]


def test_a_promise_that_stands_again_is_kept_by_its_round():
    row = a_round()
    word = promised_with_the_round("Ann")
    by, later = a_person(), MONDAY + 4 * 60 * MINUTE
    evidence = "The crew says so."
    promises.keep_promise(promise_id=word.pk, at=later, evidence=evidence, by=by, now=later)
    again = corrections.take_back_kept(promise_id=word.pk, by=by, now=later + MINUTE)

    actions.report(run_of(row).pk, DONE, by=by, now=REPORTED)

    again.refresh_from_db()
    assert again.outcome == "kept"


def test_a_round_that_was_missed_keeps_nothing():
    row = a_round()
    word = promised_with_the_round("Ann")

    actions.report(run_of(row).pk, MISSED, by=a_person(), now=CLOSES)

    assert word in Promise.objects.still_open()


def test_that_a_round_came_after_all_is_told_to_who_owns_its_incident_until_it_is_ended():
    row = a_round()
    a_food_bin()
    run = run_of(row)
    ticks.tick(now=REPORTED)
    incident = Incident.objects.get()
    assert not incident.tellings.exists()

    actions.report(run.pk, DONE, by=a_person(), now=REPORTED + MINUTE)
    ticks.tick(now=REPORTED + MINUTE)

    assert incident.tellings.get().staff == incident.owner
    said = incident_tellings.says(incident.pk, now=REPORTED + MINUTE, zone=ZoneInfo("UTC"))
    assert said == ("Its crew says that the round came after all: say so to everybody.",)
    now = REPORTED + 2 * MINUTE
    truth = Truth(words="All is well.", due_at=now + 60 * MINUTE)
    incidents.find_false(incident.pk, truth, evidence="Reported.", by=a_person(), now=now)
    ticks.tick(now=incident.tellings.get().speak_again_at)
    assert incident.tellings.get().settled_at is not None
