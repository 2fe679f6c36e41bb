"""The list of cases: what filters leave, what comes first, and pages that lose nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from busy_day import NOW, BusyDay, a_busy_day, at, many_promises
from makegood.actions import cases, contacts, promises
from makegood.actions.contacts import Touch
from makegood.queries import case_filter, case_list, case_matching
from makegood.queries.case_filter import NONE, CaseFilter, Sort, State
from makegood.queries.case_filters_page import get_filters_page
from makegood.queries.case_list import PAGE_ROWS, case_rows, get_case_list
from makegood.queries.case_matching import PlaceError
from makegood.records.models import Case, Direction, Promise, PromiseKind
from makegood.rules import sought
from makegood.rules.promises import Channel, Standing
from told_once import told_once
from world import a_case, a_customer, a_person, a_team, a_word


@pytest.fixture
def day(db) -> BusyDay:  # noqa: ARG001 - a database is needed, its fixture has no value
    return a_busy_day()


def left(**filters) -> list[str]:
    asked = replace(NONE, **filters)
    return [row.reference for row in get_case_list(a_person(), asked=asked, now=NOW).rows]


def many(count: int, **more) -> list[Case]:
    about = {"customer": a_customer("Page Turner"), "failed_at": at(8), "owner": a_person()} | more
    return [
        a_case(now=NOW, known_at=NOW - timedelta(minutes=minute), **about)
        for minute in range(count)
    ]


def two_pages() -> list[Case]:
    """As many cases as fill two."""
    return many(2 * PAGE_ROWS)


def three_pages() -> list[Case]:
    """More cases than fill two."""
    return many(2 * PAGE_ROWS + 3)


def walk(asked: CaseFilter, *, between=lambda: None) -> list[str]:
    """All references, page by page."""
    seen, place = [], ""
    while True:
        page = get_case_list(a_person(), asked=asked, place=place, now=NOW)
        seen += [row.reference for row in page.rows]
        if not page.after:
            return seen
        place = page.after
        between()


def test_cases_stand_severest_first_then_oldest_with_their_next_promise(day):
    page = get_case_list(day.laura, asked=NONE, now=NOW)

    assert [row.severity for row in page.rows] == sorted(row.severity for row in page.rows)
    assert page.rows[0].reference == day.alarm.reference
    assert page.rows[1].next is not None
    assert page.rows[1].next.words == "I ring you before I go home."
    assert page.rows[0].is_mine
    assert page.count == len(page.rows) == 6


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"state": State.BROKEN}, {"alarm"}),
        ({"state": State.AT_RISK}, {"alarm", "bill"}),
        ({"state": State.CLOSED}, set()),
        ({"broke": True}, {"alarm", "bin"}),
        ({"function": "money"}, {"bill", "offered"}),
        ({"function": "money", "q": "deposit"}, {"offered"}),
        ({"q": "clarke -bin"}, {"alarm"}),
        ({"severity": (1,)}, {"alarm"}),
        ({"since": date(2026, 6, 2)}, set()),
        ({"until": date(2026, 5, 31)}, set()),
        ({"waiting": 1}, set()),
    ],
)
def test_filters_leave_what_they_say(day, filters, names):
    assert set(left(**filters)) == {getattr(day, name).reference for name in names}


def test_filters_by_people_and_by_the_reader_s_days(day):
    tom = day.covered.owner

    assert left(owner=tom.pk) == [day.covered.reference]
    assert left(team=a_team("billing").pk) == []
    assert len(left(since=date(2026, 6, 1), until=date(2026, 6, 1))) == 6
    assert day.alarm.reference in left(owner=day.laura.pk, state=State.ALL)


def test_at_risk_is_what_the_rules_call_at_risk(day):
    many_promises(day.covered, 3)
    for minutes in range(0, 600, 20):
        now = NOW + timedelta(minutes=minutes)
        rows = get_case_list(day.laura, asked=NONE, now=now).rows
        asked = replace(NONE, state=State.AT_RISK)

        found = {row.reference for row in get_case_list(day.laura, asked=asked, now=now).rows}

        # The next promise is the first to be warned of, as all of these have ladders alike.
        by_rules = {
            row.reference for row in rows if row.next and row.next.standing is Standing.AT_RISK
        }
        assert by_rules <= found


def test_who_waits_longest_is_found_until_they_heard_from_us(day):
    later = NOW + timedelta(hours=3)
    asked = replace(NONE, waiting=1)

    def waiting() -> set[str]:
        page = get_case_list(day.laura, asked=asked, now=later)
        return {row.reference for row in page.rows}

    assert day.alarm.reference in waiting()
    call = Touch(channel=Channel.PHONE, direction=Direction.OUTBOUND, at=NOW, note="Rang.")
    contacts.record_contact(day.alarm.pk, call, now=NOW)
    assert day.alarm.reference not in waiting()


def test_done_and_waiting_for_the_customer_is_what_has_nothing_left_but_news(day):
    for promise in Promise.objects.still_open().filter(case=day.bill).exclude(kind="news"):
        promises.keep_promise(
            promise_id=promise.pk, at=NOW, evidence="Done.", by=day.laura, now=NOW
        )

    assert left(state=State.ASKED) == [day.bill.reference]
    promises.make_promise(day.bill.pk, a_word(now=NOW, kind=PromiseKind.VISIT), now=NOW)
    assert left(state=State.ASKED) == []


def test_what_falls_due_next_stands_first(day):
    page = get_case_list(day.laura, asked=replace(NONE, sort=Sort.DUE), now=NOW)

    dues = [row.next.due_at for row in page.rows if row.next]
    assert len(dues) == 6
    assert dues == sorted(dues)
    newest = left(sort=Sort.DUE, state=State.ALL)
    assert newest == left(sort=Sort.NEWEST, state=State.ALL)


@pytest.mark.django_db
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("state", [State.OPEN, State.ALL])
def test_pages_hold_every_case_once_while_new_ones_come_in(sort, state):
    known = {case.reference for case in told_once(three_pages)}
    asked = replace(NONE, sort=sort, state=state)

    seen = walk(asked, between=lambda: many(2))

    assert len(seen) == len(set(seen))
    assert known <= set(seen)


@pytest.mark.django_db
@pytest.mark.parametrize("sort", Sort)
def test_going_back_shows_the_page_before(sort):
    told_once(two_pages)
    asked, reader = replace(NONE, sort=sort), a_person()
    first = get_case_list(reader, asked=asked, now=NOW)
    second = get_case_list(reader, asked=asked, place=first.after, now=NOW)

    back = get_case_list(reader, asked=asked, place=second.before, now=NOW)

    assert back.rows == first.rows
    assert (back.before, second.after) == ("", "")
    assert first.before == ""


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["x", "1", "1.2", "1.2.3.4", "-", "²", "1.x.3", "1.2.-3"])
def test_a_place_that_no_list_gave_out_is_refused(place):
    with pytest.raises(PlaceError):
        get_case_list(a_person(), asked=NONE, place=place, now=NOW)


@pytest.mark.django_db
def test_a_place_beyond_all_calendars_is_an_empty_page():
    page = get_case_list(a_person(), asked=NONE, place=f"9.{'9' * 18}.{'9' * 18}", now=NOW)

    assert page.rows == ()


def test_a_long_list_asks_no_more_than_a_short_one(day):
    def count(**filters) -> int:
        asked = replace(NONE, **filters)
        with CaptureQueriesContext(connection) as captured:
            get_case_list(day.laura, asked=asked, now=NOW)
            get_filters_page(asked, reader=day.laura)
        return len(captured)

    before = count(), count(sort=Sort.DUE)
    many(PAGE_ROWS)

    # One more than before: what goes beyond the page is counted.
    assert (count(), count(sort=Sort.DUE)) == (before[0] + 1, before[1] + 1)
    many(PAGE_ROWS)
    assert (count(), count(sort=Sort.DUE)) == (before[0] + 1, before[1] + 1)


def test_a_file_holds_what_the_filters_leave_however_long(day, monkeypatch):
    monkeypatch.setattr(case_list, "FILE_ROWS", 4)
    asked = replace(NONE, state=State.ALL, sort=Sort.NEWEST)

    rows = list(case_rows(day.laura, asked=asked, now=NOW))

    assert [case.reference for case, _next in rows] == left(state=State.ALL, sort=Sort.NEWEST)
    assert all(next_ for _case, next_ in rows)


def test_counting_stops_where_it_would_take_long(day, monkeypatch):
    monkeypatch.setattr(case_list, "COUNTED_MAX", PAGE_ROWS)
    many(PAGE_ROWS)

    page = get_case_list(day.laura, asked=NONE, now=NOW)
    assert page.is_counted_out
    assert get_case_list(day.laura, asked=replace(NONE, q="bin"), now=NOW).count is None


def test_filters_on_are_chips_each_with_the_way_to_take_it_off(day):
    asked = replace(NONE, owner=day.laura.pk, severity=(1, 2), q="bin", broke=True, waiting=24)

    page = get_filters_page(asked, reader=day.laura)

    labels = [chip.label for chip in page.chips]
    assert labels == [
        "“bin”",
        "owner: Laura Bennett",
        "P1, P2",
        "a promise was broken",
        "customer waits 1 day or longer",
    ]
    for chip in page.chips:
        without, misread = case_filter.read_address(chip.without)
        assert misread == ()
        assert len(get_filters_page(without, reader=day.laura).chips) == len(labels) - 1


def test_the_clock_s_own_case_and_a_closed_one_stay_out(day):
    answer = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=NOW, note="Right.")
    contact = contacts.record_contact(day.lengthy.pk, answer, now=NOW)
    cases.close_case(case_id=day.lengthy.pk, answer=contact, now=NOW)
    Case.objects.filter(pk=day.offered.pk).update(is_canary=True)

    assert day.lengthy.reference not in left()
    assert left(state=State.CLOSED) == [day.lengthy.reference]
    assert day.offered.reference not in left(state=State.ALL)


def test_an_address_that_makes_no_sense_is_named_and_the_rest_counts():
    asked, misread = case_filter.read(
        {
            "state": ["sideways"],
            "owner": ["x"],
            "severity": ["1", "2"],
            "since": ["31 June"],
            "until": ["0001-01-01"],
            "waiting": ["5"],
            "function": [""],
        }
    )

    assert asked == replace(NONE, severity=(1, 2))
    assert misread == ("state", "owner", "since", "until", "waiting")


filters = st.builds(
    CaseFilter,
    q=st.text(alphabet="ab \"-'é", max_size=20).map(lambda text: sought.read(text).typed),
    state=st.sampled_from(State),
    owner=st.none() | st.integers(1, 10**17),
    team=st.none() | st.integers(1, 99),
    severity=st.sets(st.integers(1, 4), max_size=3).map(lambda levels: tuple(sorted(levels))),
    function=st.sampled_from(["", "money", "hygiene"]),
    since=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    broke=st.booleans(),
    waiting=st.none() | st.sampled_from(case_filter.WAITING_HOURS),
    sort=st.sampled_from(Sort),
)  # fmt: skip


@given(filters)
def test_an_address_says_all_filters_and_is_read_back(asked):
    assert case_filter.read_address(asked.address()) == (asked, ())


@given(st.dictionaries(st.sampled_from([*NONE.__slots__]), st.lists(st.text(max_size=12))))
def test_no_address_breaks_the_list(given_):
    asked, _misread = case_filter.read(given_)

    assert case_matching.order_of(asked)
