"""What the customer sees: what happened, what happens next and when, what was said and done.

Rendered from the same records as the desk, in the customer's zone, and with nothing internal:
no severity, no names of rungs, no evidence, no reasons that staff wrote for each other.
"""

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.language import choice, moments
from makegood.queries import (
    call_times,
    case_claims,
    case_ending,
    convenience,
    customer_lines,
    customer_visits,
    glance,
    people,
    plain,
    standings,
)
from makegood.queries.call_times import CallDay
from makegood.queries.case_claims import ClaimCard
from makegood.queries.case_ending import Ending, WantCard
from makegood.queries.convenience import Convenience
from makegood.queries.customer_lines import Apology, Clock, Line, Promised, Replied, There
from makegood.queries.customer_visits import TheirVisit
from makegood.queries.made_good import MadeGood, get_made_good
from makegood.queries.when import When
from makegood.records.models import Case, Choice, MessageKind, PromiseKind, ReplyKind
from makegood.rules import phones
from makegood.rules.claims import Source
from makegood.rules.promises import Precision, Speaker
from makegood.rules.severity import Function

# What happens at the customer's own place and time, so that another day can suit better.
_AT_THEIR_TIME = frozenset({PromiseKind.VISIT, PromiseKind.DELIVERY, PromiseKind.REPAIR})
# Bills and answers are corrected where nobody has to be at home.
_ON_PAPER = frozenset({Function.MONEY, Function.INFORMATION})


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherTime:
    """Another time that the customer can choose."""

    id: int
    words: str
    due: When


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """Something that is promised. `is_off`: it is a visit that cannot be at the time promised."""

    id: int
    words: str
    due: When
    is_overdue: bool
    is_by_the_clock: bool
    is_at_their_time: bool
    is_their_call: bool
    number: str
    others: tuple[OtherTime, ...]
    visit: TheirVisit | None
    is_off: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """The owner is away: until when, and who looks after it meanwhile."""

    until: When
    cover: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerPage:
    """The page. `asks` says that it was put right, so that the customer is asked whether it is.

    `is_sorry` says that somebody has apologised, and that no apology is owed: the page does not say
    by itself what a person has yet to say, and so it agrees with what the desk shows.
    """

    title: str
    thing: str
    place: str
    since: When
    is_sorry: bool
    owner: str
    owner_first: str
    away: Away | None
    zone: str
    lang: str
    next: NextStep | None
    more: tuple[NextStep, ...]
    meanwhile: str
    is_quiet_today: bool
    answer: NextStep | None
    call: NextStep | None
    number: str
    call_days: tuple[CallDay, ...]
    visits: tuple[TheirVisit, ...]
    suits: Convenience | None
    asks: bool
    has_said_right: bool
    wants: tuple[WantCard, ...]
    claims: tuple[ClaimCard, ...]
    ending: Ending | None
    lines: tuple[Line, ...]
    has_older_lines: bool
    made_good: tuple[MadeGood, ...]
    closed: When | None


class _Read(NamedTuple):
    """A case as its customer's page reads it, and what else there is to read."""

    title: str
    function: str
    meanwhile: str
    failed_at: datetime
    closed_at: datetime | None
    thing: str
    place: str
    owner: int
    owner_name: str
    owner_absent_until: datetime | None
    team: int
    phone: str
    zone: str
    language: str
    suits: str
    reach_by: str
    is_put_right: bool
    has_replies: bool
    has_choices: bool
    has_moves: bool
    has_handovers: bool
    has_remedies: bool
    has_wants: bool
    has_claims: bool
    is_asked: bool
    has_said_right: bool
    has_visits: bool


# Put right: something was done for the customer, and nothing is still to be done. Said to be right:
# the last that they answered, with nothing promised since but news, or what is given besides.
_SELECT = """
    SELECT c.title, c.function, c.meanwhile, c.failed_at, c.closed_at,
           coalesce(a.name, '') AS thing, coalesce(a.place, '') AS place,
           c.owner_id AS owner, o.name AS owner_name,
           (SELECT max(d.ends_at) FROM records_duty d
             WHERE d.staff_id = c.owner_id AND d.kind = 'absence' AND d.starts_at <= %(now)s
               AND d.ends_at > %(now)s) AS owner_absent_until,
           c.team_id AS team, u.phone, u.zone, u.language,
           u.suits, u.reach_by,
           coalesce((SELECT bool_or(p.outcome = 'kept') AND NOT bool_or(p.outcome IS NULL)
              FROM records_promise p
             WHERE p.case_id = c.id AND {before_asking} AND NOT EXISTS (
                   SELECT FROM records_correction k WHERE k.promise_id = p.id)), false)
             AS is_put_right,
           EXISTS (SELECT FROM records_reply r WHERE r.case_id = c.id) AS has_replies,
           EXISTS (SELECT FROM records_promise p JOIN records_choice x ON x.promise_id = p.id
                    WHERE p.case_id = c.id AND p.outcome IS NULL) AS has_choices,
           EXISTS (SELECT FROM records_promise p JOIN records_promiserevision r
                       ON r.promise_id = p.id WHERE p.case_id = c.id) AS has_moves,
           EXISTS (SELECT FROM records_handover h WHERE h.case_id = c.id) AS has_handovers,
           EXISTS (SELECT FROM records_remedy r WHERE r.case_id = c.id) AS has_remedies,
           EXISTS (SELECT FROM records_want w WHERE w.case_id = c.id) AS has_wants,
           EXISTS (SELECT FROM records_claim m WHERE m.case_id = c.id) AS has_claims,
           EXISTS (SELECT FROM records_asking q WHERE q.case_id = c.id AND q.ended_at IS NULL
                      AND q.asked_at IS NOT NULL) AS is_asked,
           coalesce((SELECT r.kind = 'right' AND NOT EXISTS (
                  SELECT FROM records_promise p
                   WHERE p.case_id = c.id AND p.recorded_at > r.sent_at
                     AND {before_asking})
              FROM records_reply r
             WHERE r.case_id = c.id AND r.kind IN ('right', 'not_right', 'more')
             ORDER BY r.id DESC LIMIT 1), false) AS has_said_right,
           EXISTS (SELECT FROM records_visit v WHERE v.case_id = c.id AND v.outcome IS NULL)
             AS has_visits
      FROM records_case c
      JOIN records_customer u ON u.id = c.customer_id
      JOIN records_staff o ON o.id = c.owner_id
      LEFT JOIN records_asset a ON a.id = c.asset_id
     WHERE c.id = %(case)s
"""
_READ = plain.Kept(_SELECT.format(before_asking=standings.IS_BEFORE_ASKING))


def at_their_time(function: str) -> frozenset[PromiseKind]:
    """What happens at the customer's own place and time, for a failure of this function."""
    return _AT_THEIR_TIME - {PromiseKind.REPAIR} if function in _ON_PAPER else _AT_THEIR_TIME


def get_customer_page(case_id: int, *, now: datetime, everything: bool = False) -> CustomerPage:
    """The page of one case at `now`; without `everything`, with the newest lines alone.

    :raises Case.DoesNotExist: if there is none.
    """
    case = _read_case(case_id, now=now)
    clock = Clock(now=now, zone=ZoneInfo(case.zone))
    most = customer_lines.LINES_MAX if everything else customer_lines.LINES_SHOWN
    promises = customer_lines.read_promises(case_id, most=most)
    sent = customer_lines.read_replies(case_id) if case.has_replies else []
    # The reply that led to each promise, the latest one.
    replies = {reply.promise: reply for reply in sent}
    choices = _choices(promises, clock) if case.has_choices else {}
    open_ = [row for row in promises if row.outcome is None]
    apologies = customer_lines.read_apologies(case_id)
    visits = customer_visits.read_visits(case_id, clock) if case.has_visits else ()
    come = {visit.promise: visit for visit in visits}
    kinds = at_their_time(case.function)
    number = _number(sent, case)
    steps = tuple(
        _step(row, number, choices.get(row.id, ()), clock, come.get(row.id), kinds) for row in open_
    )
    there = There(moves=case.has_moves, handovers=case.has_handovers)
    history = customer_lines.read_lines(
        case_id, there, clock, promises=promises, replies=sent, apologies=apologies, most=most
    )
    return CustomerPage(
        title=case.title,
        thing=case.thing,
        place=case.place,
        since=clock.at(case.failed_at),
        is_sorry=_is_sorry(apologies),
        owner=case.owner_name,
        owner_first=case.owner_name.split()[0],
        away=_away(case, clock),
        zone=moments.zone_in_words(clock.zone),
        lang=choice.mark_of(case.language),
        next=steps[0] if steps else None,
        more=steps[1:],
        meanwhile="" if case.closed_at else case.meanwhile,
        is_quiet_today=not any(_is_today(record, clock) for record in open_),
        answer=next((step for step in steps if _answers(step, replies)), None),
        call=next((step for step in steps if step.is_their_call), None),
        number=phones.masked(case.phone),
        call_days=_call_days(case, clock),
        visits=tuple(v for v in visits if v.promise not in {step.id for step in steps}),
        suits=convenience.read(json.loads(case.suits), case.reach_by) if visits else None,
        asks=case.closed_at is None and not visits and _is_open_question(case),
        has_said_right=case.closed_at is None and case.has_said_right,
        wants=_wants(case_id, clock) if case.has_wants else (),
        claims=_claims(case_id, clock) if case.has_claims else (),
        ending=_ending(case_id, clock) if case.closed_at else None,
        lines=history.lines,
        has_older_lines=history.has_older,
        made_good=get_made_good(case_id, now=now) if case.has_remedies else (),
        closed=clock.at(case.closed_at) if case.closed_at else None,
    )


def _is_open_question(case: _Read) -> bool:
    """Whether it is time to ask if it is right; who has said so is asked no second time."""
    return case.is_asked or (case.is_put_right and not case.has_said_right)


def _is_sorry(said: Iterable[Apology]) -> bool:
    """Whether somebody has apologised, and no apology is owed."""
    apologies = [row for row in said if row.kind == MessageKind.APOLOGY]
    return bool(apologies) and all(row.said_at for row in apologies)


def _read_case(case_id: int, *, now: datetime) -> _Read:
    case = plain.row(_READ, _Read, case=case_id, now=now)
    if case is None:
        raise Case.DoesNotExist
    return case


def _call_days(case: _Read, clock: Clock) -> tuple[CallDay, ...]:
    if case.closed_at:
        return ()
    hours = glance.office_hours(case.team, now=clock.now)
    return call_times.read_days(hours, now=clock.now, zone=clock.zone)


def _choices(promises: Iterable[Promised], clock: Clock) -> Mapping[int, Sequence[Choice]]:
    found: dict[int, list[Choice]] = {}
    rows = Choice.objects.filter(
        promise__in=[row.id for row in promises if row.outcome is None],
        withdrawn_at=None,
        chosen_at=None,
        due_at__gt=clock.now,
    )
    for row in rows.order_by("due_at", "pk"):
        found.setdefault(row.promise_id, []).append(row)
    return found


def _step(
    record: Promised,
    number: str,
    choices: Iterable[Choice],
    clock: Clock,
    visit: TheirVisit | None,
    kinds: Container[str],
) -> NextStep:
    is_overdue = clock.now > record.due_at
    is_call = record.kind == PromiseKind.CALLBACK and record.speaker == Speaker.SYSTEM
    return NextStep(
        id=record.id,
        words=record.words,
        due=visit.due if visit and visit.due else clock.due(record),
        is_overdue=is_overdue,
        is_by_the_clock=record.precision == Precision.INSTANT and record.earliest_at is None,
        is_at_their_time=record.kind in kinds and not is_overdue and visit is None,
        is_their_call=is_call,
        number=phones.masked(number) if is_call else "",
        others=tuple(_other(row, clock) for row in choices),
        visit=visit,
        is_off=visit is not None and visit.due is None and not visit.is_here,
    )


def _number(sent: Sequence[Replied], case: _Read) -> str:
    """The number that we call: the last that they gave on the page, else the one on record."""
    given = [reply.phone for reply in sent if reply.kind == ReplyKind.CALL]
    return given[-1] if given else case.phone


def _other(row: Choice, clock: Clock) -> OtherTime:
    return OtherTime(id=row.pk, words=row.words, due=clock.window(row))


def _answers(step: NextStep, replies: Mapping[int | None, Replied]) -> bool:
    reply = replies.get(step.id)
    return bool(reply and not step.is_their_call and reply.kind != ReplyKind.CHOICE)


def _is_today(record: Promised, clock: Clock) -> bool:
    opens = record.earliest_at or record.due_at
    today = clock.now.astimezone(clock.zone).date()
    return opens.astimezone(clock.zone).date() <= today


def _claims(case_id: int, clock: Clock) -> tuple[ClaimCard, ...]:
    """What they were promised; a word of ours that we found wrong is ours to sort out."""
    found = case_claims.read_claims(case_id, now=clock.now, zone=clock.zone, finds=False)
    return tuple(one for one in found if one.source != Source.MISTAKE or one.steps)


def _wants(case_id: int, clock: Clock) -> tuple[WantCard, ...]:
    return case_ending.read_wants(case_id, now=clock.now, zone=clock.zone)


def _ending(case_id: int, clock: Clock) -> Ending | None:
    case = Case.objects.select_related(*case_ending.CLOSERS).get(pk=case_id)
    return case_ending.read_ending(case, now=clock.now, zone=clock.zone)


def _away(case: _Read, clock: Clock) -> Away | None:
    back = case.owner_absent_until
    if back is None or case.closed_at:
        return None
    cover = people.cover_of(case.owner, team_id=case.team, now=clock.now)
    return Away(until=clock.at(back), cover=cover)
