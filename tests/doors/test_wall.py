"""The wall: who may see it, what it shows, and that it stays as quick as it is."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import money_world
from clock import SimulatedClock
from makegood.actions import promises
from makegood.actions.loading import LoggedRequest, Owners, load_requests
from makegood.actions.past_promises import keep_past
from makegood.clockwork import counting
from makegood.queries.metrics.past_promises import read_past
from makegood.queries.metrics.series import Period
from makegood.records.models import GatePass, PromiseKind
from makegood.rules.metrics.definitions import METRICS, TILES
from makegood.rules.roles import Role
from makegood.rules.severity import Severity
from past_world import an_outcome
from standing_clock import StandingClock
from world import a_case, a_customer, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

NOW = StandingClock.now()


@pytest.fixture(autouse=True)
def _standing(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


@pytest.fixture
def alice() -> Client:
    """A supervisor, who may see the wall."""
    client = Client()
    client.force_login(a_person("Alice", role=Role.SUPERVISOR.value))
    return client


def a_day_of_words(*, cases: int = 2, **more) -> None:
    """Cases with a promise that was kept and one that broke."""
    clock = SimulatedClock(NOW - timedelta(days=3))
    for number in range(cases):
        case = a_case(
            now=clock.now, customer=a_customer(f"Customer {number}"), failed_at=clock.now,
            known_at=clock.now, **more,
        )  # fmt: skip
        kept = promises.make_promise(case.pk, a_word(now=clock.now), now=clock.now)
        promises.keep_promise(
            promise_id=kept.pk, at=clock.now, evidence="Rang.", by=case.owner, now=clock.now
        )
        due = clock.now + timedelta(hours=1)
        promises.make_promise(case.pk, a_word(now=clock.now, due_at=due), now=clock.now)
    clock.wait(hours=2)
    counting.count_new(now=clock.now)


def table(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_wall_shows_eight_tiles_and_the_charts(alice):
    a_day_of_words()

    answer = alice.get("/wall")

    page = answer.context["page"]
    assert tuple(tile.code for tile in page.tiles) == TILES
    callbacks = next(tile for tile in page.all if tile.code == "M32")
    assert callbacks.value == "50%"
    assert "few" in callbacks.note
    assert {tile.code for tile in page.all} == set(METRICS)
    assert "Laura Bennett" in {line.name for line in page.speakers.lines}
    assert 'role="img"' in answer.content.decode()


def test_what_there_is_nothing_of_shows_a_dash_instead_of_a_nought(alice):
    a_day_of_words()

    page = alice.get("/wall").context["page"]

    by_code = {tile.code: tile for tile in page.all}
    assert {by_code[code].value for code in ("M17", "M22", "M29", "M30")} == {"\N{EN DASH}"}


def test_a_wall_without_anything_says_how_it_fills(alice):
    answer = alice.get("/wall")

    assert answer.context["page"].is_empty
    assert "Nothing has been counted" in answer.content.decode()


def test_bob_who_answers_customers_may_not_see_it_and_charlie_has_to_sign_in():
    bob, charlie = Client(), Client()
    bob.force_login(a_person("Bob", role=Role.AGENT.value))

    for address in ("/wall", "/wall/M01", "/wall/M01.csv", "/wall/charts/kept.csv"):
        assert bob.get(address).status_code == 403
        assert charlie.get(address).status_code == 302


def test_a_metric_leads_to_the_cases_behind_it_each_once_with_the_broken_ones_first(alice):
    a_day_of_words()
    well = a_case(now=NOW - timedelta(days=1), customer=a_customer("Well served"))
    word = promises.make_promise(well.pk, a_word(now=well.known_at), now=well.known_at)
    promises.keep_promise(promise_id=word.pk, at=NOW, evidence="Rang.", by=well.owner, now=NOW)
    counting.count_new(now=NOW)

    answer = alice.get("/wall/M01")

    shown = [(row["customer"], row["value"]) for row in answer.context["rows"]]
    assert sorted(shown[:2]) == [("Customer 0", "no"), ("Customer 1", "no")]
    assert shown[2:] == [("Well served", "yes")]
    assert [int(row["times"]) > 1 for row in answer.context["rows"]] == [True, True, False]
    assert answer.context["all"] == 3


def test_money_behind_a_metric_is_added_up_for_each_case(alice):
    case = a_case(now=NOW - timedelta(days=1), customer=a_customer("Repaid"))
    for minor in (2500, 1500):
        money_world.arrive(money_world.a_remedy(minor, case=case), at=NOW, now=NOW)
    counting.count_new(now=NOW)

    (row,) = alice.get("/wall/M16").context["rows"]

    assert (row["customer"], row["times"], row["value"]) == ("Repaid", "2", "£40.00")


def test_every_metric_has_its_page_and_its_file(alice):
    a_day_of_words()

    for code in METRICS:
        page, file = alice.get(f"/wall/{code}?weeks=4"), alice.get(f"/wall/{code}.csv")

        assert page.status_code == 200
        assert table(file)[0][0] == "Part"


def test_every_chart_is_a_file_with_the_rows_of_its_table(alice):
    a_day_of_words()

    for which in ("kept", "causes", "speakers", "windows", "metrics"):
        rows = table(alice.get(f"/wall/charts/{which}.csv?weeks=52"))

        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1 or which == "windows"


@pytest.mark.parametrize("address", ["/wall/M33", "/wall/charts/nothing.csv", "/wall/M99.csv"])
def test_what_is_not_there_is_not_found(alice, address):
    assert alice.get(address).status_code == 404


def test_a_team_has_a_wall_of_its_own(alice):
    other = a_team("alarms")
    a_day_of_words()

    mine = alice.get("/wall").context["page"]
    theirs = alice.get(f"/wall?team={other.pk}").context["page"]

    assert not mine.is_empty
    assert theirs.is_empty


def test_an_odd_address_shows_the_usual_period(alice):
    for query in ("weeks=5", "weeks=x", "team=x", "weeks=99999999999999999999"):
        answer = alice.get(f"/wall?{query}")

        assert answer.context["period"].weeks == 13


def test_the_wall_shows_the_weeks_until_a_day_that_is_chosen(alice):
    a_day_of_words()
    broke_on, today = (NOW - timedelta(days=3)).date(), NOW.date()

    then = alice.get(f"/wall?weeks=4&until={broke_on}")
    before = alice.get(f"/wall?weeks=4&until={broke_on - timedelta(days=1)}")
    file = alice.get(f"/wall/charts/speakers.csv?weeks=4&until={broke_on}")

    assert then.context["period"].today == broke_on
    assert f"until={broke_on}" in then.context["address"]
    assert "Laura Bennett" in then.content.decode()
    assert "Laura Bennett" not in before.content.decode()
    assert len(table(file)) == 2
    for query in ("", "until=x", f"until={today + timedelta(days=1)}", "until=0001-01-01"):
        answer = alice.get(f"/wall?{query}")
        assert (answer.context["period"].today, answer.context["until"]) == (today, ""), query


def test_a_metric_can_be_seen_as_it_was_known_on_a_day(alice):
    a_day_of_words()
    day_before = (NOW - timedelta(days=4)).date()
    day_after = (NOW - timedelta(days=2)).date()

    before = alice.get(f"/wall/M32?then={day_before}")
    after = alice.get(f"/wall/M32?then={day_after}")
    now = alice.get("/wall/M32?then=nonsense")

    assert before.context["all"] == 0
    assert [(row["value"], row["times"]) for row in after.context["rows"]] == [("no", "2")] * 2
    assert after.context["rows"] == now.context["rows"]
    assert after.context["tiles"][0].value == now.context["tiles"][0].value == "50%"


def test_a_metric_keeps_its_last_day_when_it_is_asked_what_was_known_later(alice):
    a_day_of_words()
    broke_on, later = (NOW - timedelta(days=3)).date(), (NOW - timedelta(days=1)).date()

    page = alice.get(f"/wall/M32?weeks=4&until={broke_on}&then={later}")
    earlier = alice.get(f"/wall/M32?weeks=4&until={later}&then={broke_on}")

    assert page.context["period"].today == earlier.context["period"].today == broke_on
    assert page.context["tiles"][0].value == "50%"
    form = page.content.decode()
    assert f'name="until" class="form-control" value="{broke_on}"' in form
    assert f'name="then" class="form-control" value="{later}"' in form


def test_what_was_over_when_a_log_came_counts_beside_the_cases(alice):
    a_day_of_words(cases=1)
    at = NOW - timedelta(days=3)
    keep_past(
        [an_outcome(str(number), said_at=at, hours=number) for number in (1, 2, 3)],
        team=a_team(),
        now=NOW - timedelta(days=1),
    )

    now = alice.get("/wall/M01?weeks=4")
    then = alice.get(f"/wall/M01?weeks=4&then={(NOW - timedelta(days=2)).date()}")

    assert "of 7" in now.context["tiles"][0].note
    assert "Beside them 3 promises count" in now.content.decode()
    assert len(now.context["rows"]) == 1
    assert "of 2" in then.context["tiles"][0].note


def test_what_was_not_known_then_is_not_said_to_count(alice):
    at = NOW - timedelta(days=3)
    outcomes = [an_outcome(str(number), said_at=at) for number in range(1_200)]
    keep_past(outcomes, team=a_team(), now=NOW - timedelta(days=1))

    now = alice.get("/wall/M01?weeks=4")
    then = alice.get(f"/wall/M01?weeks=4&then={(NOW - timedelta(days=2)).date()}")

    assert "Beside them 1,200 promises count" in now.content.decode()
    assert "Beside them" not in then.content.decode()


def test_past_promises_are_read_by_their_days_when_it_is_asked_what_was_known(alice):
    at = NOW - timedelta(days=9)
    outcomes = [an_outcome(str(n), said_at=at, hours=1 + n % 3) for n in range(30)]
    keep_past(outcomes, team=a_team(), now=NOW - timedelta(days=5))
    then = (NOW - timedelta(days=2)).date()

    page = alice.get(f"/wall/M01?weeks=4&then={then}")
    elsewhere = alice.get(f"/wall/M01?weeks=4&then={then}&team={a_team('elsewhere').pk}")

    assert "Beside them 30 promises count" in page.content.decode()
    assert "of 30" in page.context["tiles"][0].note
    assert "Beside them" not in elsewhere.content.decode()
    period = Period(weeks=4, today=then)
    assert [(due.value, due.n) for due in sorted(read_past(period, as_of=NOW))] == [
        (0, 10),
        (1, 20),
    ]


def test_too_many_cases_are_not_counted_while_somebody_waits(alice, monkeypatch):
    a_day_of_words()
    monkeypatch.setattr("makegood.queries.metrics.known_then.MOST_CASES", 1)

    page = alice.get(f"/wall/M32?then={(NOW - timedelta(days=2)).date()}")

    assert page.context["too_many"]
    assert "Too many cases" in page.content.decode()


def test_worth_is_only_what_was_assumed(alice):
    a_day_of_words()

    bare = alice.get("/wall")
    odd = alice.get("/wall?margin=-1&years=x&low=&high=200")

    assert bare.context["worth"] == ()
    assert odd.context["worth"] == ()
    assert set(odd.context["assumed"].errors) == {"margin", "years", "low", "high"}


def test_the_wall_asks_as_often_for_many_cases_as_for_few(alice):
    a_day_of_words()
    with CaptureQueriesContext(connection) as few:
        alice.get("/wall")
    a_day_of_words(cases=6)

    with CaptureQueriesContext(connection) as many:
        alice.get("/wall")

    assert len(many) == len(few)


def test_a_metric_says_in_each_column_what_stands_in_it(alice):
    a_day_of_words()

    kept = alice.get("/wall/M01").context["tables"][0].heads
    sorry = alice.get("/wall/M11").context
    file = table(alice.get("/wall/M11.csv"))[0]

    assert kept == ("From", "How many", "Share"), "each promise that was due was kept or broken"
    assert sorry["tables"][0].heads == (
        "From", "How many", "Without an apology", "Half of them within",
    )  # fmt: skip
    assert file[1:] == list(sorry["tables"][0].heads)


def test_words_found_wanting_are_named_by_their_rule_and_shared_out_by_sender(alice):
    case = a_case()
    passed = {"case": case, "digest": bytes(32), "channel": "email", "at": NOW}
    GatePass.objects.create(**passed, speaker="bot")
    GatePass.objects.create(**passed, speaker="person", by=case.owner, warned_of=["LATER"])
    counting.count_new(now=NOW)

    parts = {row[0]: row[1:] for row in alice.get("/wall/M31").context["parts"].rows}

    assert parts == {
        "said by machines": ("1", "100%"),
        "said by people": ("1", "0%"),
        "This is later than what is promised.": ("1", "500 in 1,000 messages"),
    }


def test_what_was_wrong_in_the_cases_of_a_log_is_what_their_log_calls_it(alice):
    a_person()
    logged = [
        LoggedRequest(
            log="2026.csv", external_id=f"{number}", kind=kind, opened_at=NOW - timedelta(days=2),
            zone="Europe/London", severity=Severity.P3, promises=(),
        )
        for number, kind in enumerate(("Street light out", "Street light out", "Graffiti"))
    ]  # fmt: skip
    load_requests(logged, owners=Owners(), now=NOW)
    counting.count_new(now=NOW)

    rows = alice.get("/wall").context["page"].causes.table.rows

    assert [row[:2] for row in rows] == [("Street light out", "2"), ("Graffiti", "1")]


@pytest.mark.parametrize("earlier", [None, timedelta(hours=4)])
def test_where_no_window_has_fallen_due_yet_the_wall_says_that_and_no_more(alice, earlier):
    """Also where one was promised whose time is yet to come."""
    at, due = NOW - timedelta(days=1), NOW + timedelta(days=2)
    case = a_case(now=at, customer=a_customer("Carol"), failed_at=at, known_at=at)
    word = a_word(
        kind=PromiseKind.VISIT, now=at, due_at=due, earliest_at=due - earlier if earlier else None
    )
    promises.make_promise(case.pk, word, now=at)
    counting.count_new(now=NOW)

    body = alice.get("/wall").content.decode()

    assert "No window that was promised has fallen due in this time." in body
    assert "named one moment" not in body


def test_a_figure_of_the_time_before_says_how_many_it_rests_on(alice, monkeypatch):
    a_day_of_words()
    later = NOW + timedelta(days=26)
    monkeypatch.setattr(StandingClock, "now", staticmethod(lambda _zone=None: later))

    assert alice.get("/wall/M01?weeks=4").context["tiles"][0].before == "50% (of 4)"


def test_a_figure_that_rests_on_nothing_says_what_is_missing_alone(alice):
    a_day_of_words()

    assert alice.get("/wall/M11").context["tiles"][0].note == "2 without an apology"
