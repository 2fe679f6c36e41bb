"""What there is to read on a page, asked in one statement before it is read.

Most of what a page could show is not there on most days: no hand-over waits, nothing was taken
back, no colleague is here. To put such a query together costs more than to answer it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from makegood.queries import undelivered
from makegood.records import prepared
from makegood.records.prepared import Kept
from makegood.rules import calendars
from makegood.rules.calendars import Calendar

MAILS_COUNTED = 100
_WAITING = f"""
    SELECT EXISTS (SELECT FROM records_escalation e JOIN records_promise p ON p.id = e.promise_id
                    WHERE e.staff_id = ANY(%(owners)s) AND e.acknowledged_at IS NULL
                      AND p.outcome IS NULL),
           EXISTS (SELECT FROM records_handover h
                    WHERE h.to_staff_id = %(reader)s AND h.accepted_at IS NULL
                      AND h.declined_at IS NULL),
           EXISTS (SELECT FROM records_contact c JOIN records_case k ON k.id = c.case_id
                    WHERE k.owner_id = ANY(%(owners)s) AND c.direction = 'inbound'
                      AND c.channel IN ('web', 'email', 'sms') AND c.staff_id IS NULL
                      AND c.happened_at > %(heard_since)s
                      AND c.withdrawn_at IS NULL),
           EXISTS (SELECT FROM records_approvalrequest a
                    WHERE a.approver_id = %(reader)s AND a.decided_at IS NULL),
           EXISTS (SELECT FROM records_entitlement e JOIN records_case k ON k.id = e.case_id
                    WHERE e.raised_at IS NOT NULL AND k.owner_id = %(reader)s
                      AND k.closed_at IS NULL)
           OR EXISTS (SELECT FROM records_case k JOIN records_fee f
                          ON f.customer_id = k.customer_id AND f.charged_at >= k.failed_at
                       WHERE k.owner_id = %(reader)s AND k.closed_at IS NULL),
           EXISTS (SELECT FROM records_doubt d JOIN records_article a ON a.id = d.article_id
                    WHERE d.answered_at IS NULL AND %(reader)s IN (d.asked_id, a.owner_id)),
           EXISTS (SELECT FROM records_lesson l
                    WHERE l.asked_id = %(reader)s AND l.cause_id IS NULL)
           OR EXISTS (SELECT FROM records_lesson l
                       WHERE l.gap_owner_id = %(reader)s AND l.gap_closed_at IS NULL)
           OR EXISTS (SELECT FROM records_doubt d
                       WHERE d.gap_owner_id = %(reader)s AND d.gap_closed_at IS NULL)
           OR EXISTS (SELECT FROM records_repeat r
                       WHERE r.owner_id = %(reader)s AND r.answered_at IS NULL),
           EXISTS (SELECT FROM records_incidenttelling t
                    WHERE t.staff_id = ANY(%(owners)s) AND t.acknowledged_at IS NULL
                      AND t.settled_at IS NULL),
           (SELECT count(*) FROM (SELECT FROM records_mail m WHERE m.settled_at IS NULL
               AND m.aside_because <> '' AND m.aside_because NOT IN ('machine', 'copy')
             LIMIT %(mails_shown)s) unread),
           EXISTS (SELECT FROM records_crew_members m JOIN records_crew w ON w.id = m.crew_id
                    WHERE m.staff_id = %(reader)s AND w.retired_at IS NULL),
           EXISTS (SELECT FROM records_letter l JOIN records_case k ON k.id = l.case_id
                    WHERE {undelivered.OF_OWNERS}),
           owed.apologies, owed.tellings, owed.owed_for
      FROM (SELECT coalesce(array_agg(m.id ORDER BY m.queued_at, m.id)
                       FILTER (WHERE m.kind = 'apology'), '{{}}') AS apologies,
                   coalesce(array_agg(m.id ORDER BY m.queued_at, m.id)
                       FILTER (WHERE m.kind = 'visit'), '{{}}') AS tellings,
                   coalesce(array_agg(m.promise_id) FILTER (WHERE m.kind = 'apology'), '{{}}')
                       AS owed_for
              FROM unnest(%(owners)s::bigint[]) owner (id) CROSS JOIN LATERAL (
                   SELECT m.id, m.kind, m.queued_at, m.promise_id
                     FROM records_case k JOIN records_message m ON m.case_id = k.id
                    WHERE k.owner_id = owner.id AND m.said_at IS NULL
                      AND (m.kind = 'apology' OR m.kind = 'visit' AND k.closed_at IS NULL)
                   OFFSET 0) m) owed
"""  # noqa: S608 - our own words
_ABSENT = """
    SELECT EXISTS (SELECT FROM records_duty d WHERE d.kind = 'absence'
                      AND d.starts_at <= %(now)s AND d.ends_at > %(now)s)
"""
_TO_MAKE_GOOD = """
    SELECT EXISTS (SELECT FROM records_remedy r WHERE r.case_id = %(case)s),
           EXISTS (SELECT FROM records_approvalrequest a
                    WHERE a.case_id = %(case)s AND a.decided_at IS NULL),
           EXISTS (SELECT FROM records_fee f WHERE f.customer_id = k.customer_id),
           (SELECT count(*) FROM records_promise p
             WHERE p.case_id = k.id AND p.outcome = 'broken'),
           (SELECT count(*) FROM records_case o
             WHERE o.customer_id = k.customer_id AND o.function = k.function AND o.id <> k.id
               AND o.known_at >= k.known_at - %(repeat_within)s AND o.known_at < k.known_at),
           EXISTS (SELECT FROM records_schemeuse s
                    WHERE s.since <= %(now)s AND (s.ended_at IS NULL OR s.ended_at > %(now)s)
                      AND s.function IN ('', k.function)),
           CASE WHEN EXISTS (SELECT FROM records_gesturebudget b
                              WHERE b.team_id = k.team_id AND b.ended_at IS NULL)
                THEN gesture_lacks(k.id, %(now)s) END,
           (SELECT a.currency FROM records_authority a
             WHERE (a.staff_id = %(reader)s OR a.staff_id IS NULL AND a.role = %(role)s)
               AND a.since <= %(now)s AND a.ended_at IS NULL
             ORDER BY a.staff_id, a.id LIMIT 1),
           EXISTS (SELECT FROM records_foundthing f WHERE f.case_id = k.id)
      FROM records_case k WHERE k.id = %(case)s
"""
_OTHERS = """
    SELECT EXISTS (SELECT FROM records_presence p WHERE p.case_id = %(case)s
                      AND p.seen_at >= %(since)s AND p.staff_id <> %(reader)s)
"""
_CALENDAR = """
    SELECT c.name, c.zone, c.week, c.known_until,
           (SELECT jsonb_object_agg(h.day, h.name) FROM records_holiday h
             WHERE h.calendar_id = c.id AND h.day BETWEEN %(first)s AND %(last)s) holidays
"""
_OF_TEAM = """
      FROM records_team t JOIN records_workingcalendar c ON c.id = t.calendar_id
"""
_OFFICE = _CALENDAR + _OF_TEAM + "WHERE t.id = %(team)s"
_NEWEST = ", (SELECT last_value FROM records_timelineentry_id_seq), d.kind, d.starts_at, d.ends_at"
_TIMES = "LEFT JOIN records_duty d ON d.staff_id = %(person)s AND d.ends_at > %(now)s"
_DUTY = Kept(_CALENDAR + _NEWEST + _OF_TEAM + _TIMES + " WHERE t.id = %(team)s")
_NEAR = timedelta(days=3)
"""Whether an office is open now hangs on no other days, in whatever zone it lies."""

_Given = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyNear:
    """When somebody is there: by their office's calendar, and their own times beside it.

    With it comes the number of the newest entry of all timelines, since every page needs both.
    """

    newest_entry: int
    calendar: Calendar
    times: tuple[tuple[str, datetime, datetime], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """Whether tellings, hand-overs, customers' words, requests, what is owed and doubts wait.

    `lessons`: whether a cause, a gap or something that came again waits; `incidents`: whether what
    machines could not do for everybody does. `unread`: mails that no
    rule could place, counted as far as `MAILS_COUNTED`. `in_crew`: whether visits may be theirs.
    `undelivered`: whether letters did not reach their customers.
    `apologies` and `tellings` of visits: the messages that are to be said, the longest owed first;
    apologies also on closed cases. `owed_for`: the promises that the apologies are for.
    """

    told: bool
    offers: bool
    heard: bool
    asked: bool
    raised: bool
    doubts: bool
    lessons: bool
    incidents: bool
    unread: int
    in_crew: bool
    undelivered: bool
    apologies: tuple[int, ...]
    tellings: tuple[int, ...]
    owed_for: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ToMakeGood:
    """Whether a case has remedies, requests, fees and schemes; what weighs; and who may give.

    `gesture` is what a gesture waits for; None where the team has no budget for any. `currency` is
    the one in which the reader gives; None if they hold no authority. `is_found` is a case of what
    we found of theirs.
    """

    remedies: bool
    requests: bool
    fees: bool
    broken: int
    repeats: int
    schemes: bool
    gesture: str | None
    currency: str | None
    is_found: bool


def waits(owners: Iterable[int], *, reader: int, now: datetime, heard_within: timedelta) -> Waits:
    """What waits for the reader, who also looks after the cases of `owners`."""
    given: _Given = {
        "owners": list(owners),
        "reader": reader,
        "heard_since": now - heard_within,
        "unsure_since": undelivered.unsure_since(now),
        "mails_shown": MAILS_COUNTED,
    }
    told, offers, heard, asked, raised, doubts, *more = _ask(_WAITING, given)
    lessons, incidents_, unread, in_crew, letters, apologies, tellings, owed_for = more
    return Waits(
        told=told,
        offers=offers,
        heard=heard,
        asked=asked,
        raised=raised,
        doubts=doubts,
        lessons=lessons,
        incidents=incidents_,
        unread=unread,
        in_crew=in_crew,
        undelivered=letters,
        apologies=tuple(apologies),
        tellings=tuple(tellings),
        owed_for=tuple(owed_for),
    )


def duty_near(person: int, *, team: int, now: datetime) -> DutyNear:
    """Somebody's shifts, watches and absences from now on, and their team's calendar around now."""
    given: _Given = {
        "person": person,
        "team": team,
        "now": now,
        "first": (now - _NEAR).date(),
        "last": (now + _NEAR).date(),
    }
    with prepared.cursor_of(_DUTY) as cursor:
        cursor.execute(_DUTY, given)
        rows = cursor.fetchall()
    times = tuple((kind, start, end) for *_team, kind, start, end in rows if kind)
    return DutyNear(newest_entry=rows[0][5], calendar=_calendar(rows[0][:5]), times=times)


def office_hours(team: int, *, now: datetime) -> Calendar:
    """A team's calendar with its holidays from now on, for what falls due later."""
    given: _Given = {"team": team, "first": (now - _NEAR).date(), "last": date.max}
    return _calendar(_ask(_OFFICE, given))


def _calendar(row: tuple[Any, ...]) -> Calendar:
    name, zone, week, known_until, holidays = row
    return calendars.from_plain(
        {
            "name": name,
            "zone": zone,
            "week": json.loads(week),
            "holidays": json.loads(holidays or "{}"),
            "known_until": known_until.isoformat(),
        }
    )


def is_anybody_absent(*, now: datetime) -> bool:
    """Whether there is anybody to cover for."""
    return bool(_ask(_ABSENT, {"now": now})[0])


def to_make_good(
    case_id: int, *, reader: int, role: str, repeat_within: timedelta, now: datetime
) -> ToMakeGood:
    """What there is to make a case good, and how often the same happened to the customer before."""
    given: _Given = {
        "case": case_id, "reader": reader, "role": role, "repeat_within": repeat_within, "now": now
    }  # fmt: skip
    remedies, requests, fees, broken, repeats, schemes, *more = _ask(_TO_MAKE_GOOD, given)
    gesture, currency, is_found = more
    return ToMakeGood(
        remedies=remedies,
        requests=requests,
        fees=fees,
        broken=broken,
        repeats=repeats,
        schemes=schemes,
        gesture=gesture,
        currency=currency,
        is_found=is_found,
    )


def is_anybody_else_here(case_id: int, *, reader: int, since: datetime) -> bool:
    """Whether somebody else was seen on a case since then."""
    return bool(_ask(_OTHERS, {"case": case_id, "reader": reader, "since": since})[0])


def _ask(statement: str, given: _Given) -> tuple[Any, ...]:
    row = prepared.fetch_one(statement, given)
    return tuple(row or ())
