"""Promises that history would not keep are found while they can still be moved."""

from datetime import timedelta

import pytest
from django.test import Client

from makegood.actions import contacts, foreseeing, promises
from makegood.actions.contacts import Touch
from makegood.clockwork import ticks
from makegood.queries import case_list, outlooks, promise_board
from makegood.queries.case_filter import CaseFilter
from makegood.records.models import Case, Direction, Foresight, Promise, PromiseKind
from makegood.rules.promises import Channel
from makegood.rules.roles import Role
from raw_sql import refused_by, sql
from round_world import a_food_bin, a_round
from standing_clock import StandingClock
from world import MONDAY, a_case, a_customer, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_history(*, count: int = 40, took=5 * DAY) -> None:
    """Cases of the last months, each done after about so many days."""
    first = a_case(now=MONDAY - 90 * DAY)
    said = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY - 90 * DAY, note="Thanks."
    )
    closer = contacts.record_contact(first.pk, said, now=MONDAY - 90 * DAY)
    copies = [
        Case(
            **{
                field.attname: getattr(first, field.attname)
                for field in Case._meta.concrete_fields
                if field.attname not in {"id", "uuid", "reference", "search"}
            }
            | {
                "reference": f"MG-H{number:04}",
                "known_at": (known := MONDAY - 80 * DAY + number * 1.5 * DAY),
                "failed_at": known,
                "recorded_at": known,
                "closed_at": known + took + (number % 7) * HOUR,
                "closed_by_contact_id": closer.pk,
            }
        )
        for number in range(count)
    ]
    sql("SET session_replication_role = replica")  # the laws of closing are not what is told here
    Case.objects.bulk_create(copies)
    sql("SET session_replication_role = origin")


def a_repair(case: Case, *, within, now=MONDAY) -> Promise:
    word = a_word(kind=PromiseKind.REPAIR, words="We will repair it.", due_at=now + within)
    return promises.make_promise(case.pk, word, now=now)


def test_a_promise_that_history_would_not_keep_is_marked_everywhere():
    a_history()
    owner = a_person()
    case = a_case(now=MONDAY, customer=a_customer("Carl Weber"))
    soon = a_repair(case, within=DAY)
    late = a_repair(case, within=20 * DAY)

    assert ticks.tick(now=MONDAY).foreseen == 2

    chances = dict(Foresight.objects.values_list("promise", "chance"))
    assert chances[soon.pk] < 0.5 < chances[late.pk]
    board = promise_board.get_board(case.owner, now=MONDAY)
    shaky = {row.id for group in board.groups for row in group.rows if row.is_shaky}
    assert shaky == {soon.pk}
    rows = case_list.get_case_list(owner, asked=CaseFilter(), now=MONDAY).rows
    assert {row.customer for row in rows if row.is_shaky} == {"Carl Weber"}


def test_it_is_looked_at_again_when_it_moved_and_every_hour():
    a_history()
    promise = a_repair(a_case(now=MONDAY), within=DAY)
    foreseeing.look(now=MONDAY)
    assert foreseeing.look(now=MONDAY + foreseeing.REST) == 0

    later = MONDAY + foreseeing.AGAIN_AFTER
    assert foreseeing.look(now=later) == 1
    assert foreseeing.look(now=later) == 0

    Foresight.objects.update(due_at=promise.due_at - HOUR)
    assert foreseeing.look(now=later + 2 * foreseeing.REST) == 1
    assert Foresight.objects.get().due_at == promise.due_at


def test_without_history_nothing_is_marked():
    a_repair(a_case(now=MONDAY), within=DAY)

    assert foreseeing.look(now=MONDAY) == 1

    assert Foresight.objects.get().chance is None


def test_a_foresight_is_a_chance():
    a_repair(a_case(now=MONDAY), within=DAY)
    foreseeing.look(now=MONDAY)

    with refused_by("foresight_is_a_chance"):
        sql("UPDATE records_foresight SET chance = 1.5")


def test_the_desk_suggests_what_history_kept(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    a_history()
    case = a_case(now=MONDAY)

    found = outlooks.suggestion_for(case, now=MONDAY, zone=StandingClock.now().tzinfo)

    assert 4 * DAY < found.due_at - MONDAY < 9 * DAY
    assert found.due_at.hour == 16  # the office closes at 17:00 in London
    assert found.because[0].startswith("Of 40 like this, 8 in 10 were done by")
    client = Client()
    client.force_login(a_person("Dora", role=Role.SUPERVISOR.value, team=a_team()))
    page = client.get(f"/cases/{case.reference}?act=make").content.decode()
    assert "8 in 10 were done by" in page


def test_where_a_round_comes_it_bounds_the_date():
    a_round()
    bin_ = a_food_bin()
    case = a_case(now=MONDAY, customer=bin_.customer, asset=bin_)

    found = outlooks.suggestion_for(case, now=MONDAY, zone=StandingClock.now().tzinfo)

    assert found.due_at == MONDAY.replace(day=5, hour=15)
    assert "Nothing like this was done lately" in found.because[0]
    assert "The next round, Food waste Friday" in found.because[1]
