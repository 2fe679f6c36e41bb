"""Who answers for whom: somebody who is there, if anybody is, and nobody is skipped silently."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import duty
from makegood.rules.calendars import Calendar, Interval
from makegood.rules.duty import Person, Roster, Skip, Span
from makegood.rules.escalation import Role

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
NIGHT = MONDAY.replace(hour=23)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
OFFICE = Calendar(
    name="office",
    zone=ZoneInfo("UTC"),
    week=((Interval(opens=540, closes=1020),),) * 5 + ((), ()),
    known_until=date(2030, 12, 31),
)
OWNER, LEAD, HEAD, EXECUTIVE, COVER, WATCH = range(1, 7)
NAMES = ("Olga", "Lena", "Hugo", "Eve", "Carl", "Will")


def a_person(number: int, **change) -> Person:
    return Person(**{"id": number, "name": NAMES[number - 1], "calendar": OFFICE} | change)


def a_roster(*people: Person, **change) -> Roster:
    everybody = {number: a_person(number) for number in range(1, 7)}
    everybody |= {person.id: person for person in people}
    rungs = {"lead": LEAD, "head": HEAD, "executive": EXECUTIVE}
    return Roster(people=everybody, **rungs | change)


def around(moment: datetime, cover: int | None = None) -> tuple[Span, ...]:
    return (Span(starts_at=moment - HOUR, ends_at=moment + HOUR, cover=cover),)


def tell(role: Role, roster: Roster, now: datetime = MONDAY, *, urgent: bool = True) -> duty.Told:
    return duty.whom_to_tell(role, owner=OWNER, roster=roster, now=now, urgent=urgent)


@pytest.mark.parametrize(
    ("owner", "who"),
    [
        ({}, OWNER),
        ({"absences": around(MONDAY, COVER)}, COVER),
        ({"absences": around(MONDAY)}, None),
        ({"shifts": around(MONDAY)}, OWNER),  # it ends as the shift does
        ({"shifts": (Span(starts_at=MONDAY, ends_at=MONDAY + HOUR / 2),)}, None),
        ({"is_active": False, "cover": COVER}, COVER),
        # away in the midst of it
        ({"absences": (Span(starts_at=MONDAY + HOUR / 4, ends_at=MONDAY + HOUR / 2),)}, None),
        # a gap between two shifts
        (
            {
                "shifts": (
                    Span(starts_at=MONDAY - HOUR, ends_at=MONDAY + HOUR / 4),
                    Span(starts_at=MONDAY + HOUR / 2, ends_at=MONDAY + 2 * HOUR),
                )
            },
            None,
        ),
        # one shift follows upon another
        (
            {
                "shifts": (
                    Span(starts_at=MONDAY + HOUR / 2, ends_at=MONDAY + 2 * HOUR),
                    Span(starts_at=MONDAY - HOUR, ends_at=MONDAY + HOUR / 2),
                )
            },
            OWNER,
        ),
    ],
)
def test_for_an_hour_somebody_is_there_who_is_on_duty_for_all_of_it(owner, who):
    roster = a_roster(a_person(OWNER, **owner))

    found = duty.there_through(OWNER, roster=roster, since=MONDAY, until=MONDAY + HOUR)

    assert (found.id if found else None) == who


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (MONDAY - INSTANT, False),
        (MONDAY, True),
        (MONDAY + HOUR - INSTANT, True),
        (MONDAY + HOUR, False),  # half-open: at its end it is over
    ],
)
def test_a_span_holds_from_its_start_up_to_its_end(moment, inside):
    span = Span(starts_at=MONDAY, ends_at=MONDAY + HOUR)

    assert span.holds(moment) is inside
    assert (a_person(OWNER, absences=(span,)).absence_at(moment) == span) is inside


@pytest.mark.parametrize(
    ("change", "now", "there"),
    [
        ({}, MONDAY, True),  # their team's hours
        ({}, NIGHT, False),
        ({"is_active": False}, MONDAY, False),
        ({"absences": around(MONDAY)}, MONDAY, False),
        ({"absences": around(NIGHT)}, MONDAY, True),
        ({"shifts": around(NIGHT)}, NIGHT, True),
        ({"shifts": around(NIGHT)}, MONDAY, False),  # who works shifts, works those
        ({"watches": around(NIGHT)}, NIGHT, True),
        ({"watches": around(NIGHT)}, MONDAY, True),  # a watch comes on top of the office's hours
        ({"watches": around(NIGHT), "absences": around(NIGHT)}, NIGHT, False),
        ({"watches": around(NIGHT), "is_active": False}, NIGHT, False),
    ],
)
def test_somebody_is_on_duty_by_shift_by_watch_or_by_their_teams_hours(change, now, there):
    assert a_person(OWNER, **change).on_duty(now) is there


@pytest.mark.parametrize("year", [2019, 2031])
@pytest.mark.parametrize(("hour", "there"), [(9, True), (23, False)])
def test_beyond_what_a_calendar_knows_its_weekly_hours_still_hold(year, hour, there):
    # Only its holidays are unknown there, which must not keep anybody from being told.
    known = replace(OFFICE, known_from=date(2020, 1, 1))
    moment = datetime(year, 1, 1, hour, 30, tzinfo=UTC)

    assert a_person(OWNER, calendar=known).on_duty(moment) is there


@pytest.mark.parametrize(
    ("role", "person"),
    [(Role.OWNER, OWNER), (Role.LEAD, LEAD), (Role.HEAD, HEAD), (Role.EXECUTIVE, EXECUTIVE)],
)
def test_who_stands_on_a_rung_is_told_while_they_are_there(role, person):
    told = tell(role, a_roster())

    assert (told.person, told.role, told.skipped) == (person, role, ())


def test_whoever_covers_is_told_instead_and_it_is_said_why():
    away = a_person(OWNER, absences=around(MONDAY, cover=COVER))

    told = tell(Role.OWNER, a_roster(away))

    assert (told.person, told.role) == (COVER, Role.OWNER)
    assert told.skipped == (
        Skip(person=None, role=Role.OWNER, why="Olga is absent until 2026-06-01 10:00Z"),
    )


def test_the_cover_of_an_absence_comes_before_the_standing_one():
    roster = a_roster(
        a_person(OWNER, absences=around(MONDAY, cover=WATCH), cover=COVER),
        a_person(WATCH, absences=around(MONDAY), cover=COVER),
    )

    assert duty.stand_in(OWNER, roster=roster, now=MONDAY)[0] == COVER
    assert tell(Role.OWNER, roster).skipped[1].why.startswith("Will is absent until")


def test_who_has_left_is_replaced_by_their_standing_cover():
    roster = a_roster(a_person(OWNER, is_active=False, cover=COVER))

    assert duty.stand_in(OWNER, roster=roster, now=MONDAY) == (COVER, ("Olga has left",))


def test_somebody_whom_nobody_knows_has_left():
    assert duty.stand_in(99, roster=a_roster(), now=MONDAY) == (None, ("staff 99 has left",))


def test_a_circle_of_covers_ends_in_the_rung_above():
    roster = a_roster(
        a_person(OWNER, absences=around(MONDAY), cover=COVER),
        a_person(COVER, absences=around(MONDAY), cover=OWNER),
    )

    told = tell(Role.OWNER, roster)

    assert (told.person, told.role) == (LEAD, Role.LEAD)
    assert [skip.why.partition(" until")[0] for skip in told.skipped] == [
        "Olga is absent",
        "Carl is absent",
    ]


def test_a_team_without_a_rung_goes_on_to_the_next():
    told = tell(Role.LEAD, a_roster(lead=None))

    assert (told.person, told.role) == (HEAD, Role.HEAD)
    assert told.skipped == (Skip(person=None, role=Role.LEAD, why="the team has no lead"),)


@pytest.mark.parametrize("owner", [{}, {"absences": around(NIGHT)}])
def test_at_night_the_watch_hears_it_whether_the_holder_is_at_home_or_away(owner):
    roster = a_roster(a_person(OWNER, **owner), a_person(WATCH, watches=around(NIGHT)))

    told = tell(Role.OWNER, roster, now=NIGHT)

    assert (told.person, told.role) == (WATCH, Role.OWNER)
    assert told.skipped[0].why.startswith("Olga is ")


def test_a_watch_that_is_absent_is_no_watch():
    asleep = a_person(WATCH, watches=around(NIGHT), absences=around(NIGHT))

    assert a_roster(asleep).watch_at(NIGHT) is None


def test_when_nobody_is_there_the_first_who_will_return_is_told_all_the_same():
    roster = a_roster(a_person(OWNER, absences=around(NIGHT)))

    told = tell(Role.OWNER, roster, now=NIGHT)

    assert (told.person, told.role) == (LEAD, Role.LEAD)
    assert [(skip.person, skip.role, skip.why) for skip in told.skipped[1:]] == [
        (LEAD, Role.LEAD, "Lena is off duty"),
        (HEAD, Role.HEAD, "Hugo is off duty"),
        (EXECUTIVE, Role.EXECUTIVE, "Eve is off duty"),
    ]


def test_the_executive_is_fetched_at_night_only_for_what_cannot_wait():
    awake = around(NIGHT)
    roster = a_roster(a_person(EXECUTIVE, shifts=awake))

    assert tell(Role.OWNER, roster, now=NIGHT, urgent=True).person == EXECUTIVE
    assert tell(Role.OWNER, roster, now=NIGHT, urgent=False).person == OWNER
    assert tell(Role.EXECUTIVE, roster, now=NIGHT, urgent=False).person == EXECUTIVE


@pytest.mark.parametrize("awake", [LEAD, HEAD])
def test_whoever_is_awake_below_the_executive_hears_also_what_can_wait(awake):
    roster = a_roster(a_person(awake, shifts=around(NIGHT)))

    assert tell(Role.OWNER, roster, now=NIGHT, urgent=False).person == awake


def test_when_everybody_has_left_it_stays_with_the_owner():
    roster = a_roster(*(a_person(number, is_active=False) for number in range(1, 7)))

    told = tell(Role.HEAD, roster)

    assert (told.person, told.role) == (OWNER, Role.HEAD)
    assert [skip.why for skip in told.skipped] == ["Hugo has left", "Eve has left"]


numbers = st.integers(1, 6)
spans = st.lists(
    st.builds(
        lambda start, length, cover: Span(
            starts_at=MONDAY + start * HOUR, ends_at=MONDAY + (start + length) * HOUR, cover=cover
        ),
        st.integers(-12, 24),
        st.integers(1, 12),
        st.none() | numbers,
    ),
    max_size=1,
).map(tuple)
rosters = st.builds(
    lambda people, lead, head, executive: Roster(
        people={person.id: person for person in people}, lead=lead, head=head, executive=executive
    ),
    st.tuples(
        *(
            st.builds(
                a_person,
                st.just(number),
                is_active=st.booleans(),
                cover=st.none() | numbers,
                shifts=spans,
                watches=spans,
                absences=spans,
            )
            for number in range(1, 7)
        )
    ),
    st.none() | numbers,
    st.none() | numbers,
    st.none() | st.integers(1, 7),  # 7 is nobody we know
)
moments = st.integers(-12, 36).map(lambda hours: MONDAY + hours * HOUR)
roles = st.sampled_from(Role)


@given(roles, rosters, moments)
def test_nobody_absent_or_gone_is_told_while_anybody_is_there(role, roster, now):
    told = tell(role, roster, now)
    person = roster.people[told.person]
    above = list(Role)[list(Role).index(role) :]
    reached = [
        duty.stand_in(holder, roster=roster, now=now)[0]
        for rung in above
        if (holder := roster.holder(rung, owner=OWNER)) is not None
    ]
    there = [pk for pk in reached if pk is not None and roster.people[pk].on_duty(now)]

    assert person.on_duty(now) or not (there or roster.watch_at(now))
    if any(pk is not None for pk in reached):
        assert person.is_active
        assert person.absence_at(now) is None


@given(roles, rosters, moments)
def test_whoever_was_passed_over_is_named_with_a_reason(role, roster, now):
    told = tell(role, roster, now)
    first = roster.holder(role, owner=OWNER)

    assert all(skip.why for skip in told.skipped)
    if first is None:
        assert told.skipped[0].why == f"the team has no {role.value}"
    elif told.person != first:
        name = roster.people[first].name if first in roster.people else f"staff {first}"
        assert told.skipped[0].why.startswith(f"{name} ")
    rungs = list(Role)
    assert rungs.index(told.role) >= rungs.index(role)
    assert [rungs.index(skip.role) for skip in told.skipped] == sorted(
        rungs.index(skip.role) for skip in told.skipped
    )


@given(numbers, rosters, moments)
def test_every_chain_of_covers_ends_in_somebody_who_is_not_away_or_in_nobody(person, roster, now):
    found, passed = duty.stand_in(person, roster=roster, now=now)

    assert len(passed) <= len(roster.people)
    if found is not None:
        assert roster.people[found].is_active
        assert roster.people[found].absence_at(now) is None
