"""One case on one screen: what is wrong, who owns it, what is promised and what was said."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.language import choice, moments
from makegood.queries import (
    because,
    case_effort,
    case_promises,
    case_steps,
    case_timeline,
    convenience,
    plain,
    when,
)
from makegood.queries.case_effort import Effort
from makegood.queries.case_promises import Card
from makegood.queries.case_steps import State, Step
from makegood.queries.case_timeline import Event, History
from makegood.queries.waiting import About, Owed
from makegood.queries.when import When
from makegood.records.models import Case, Handover, Message, MessageKind, Staff
from makegood.rules import explanations
from makegood.rules.askings import AskingEnd
from makegood.rules.presence import GONE_AFTER


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerCard:
    """Whom it happened to, and how to reach them."""

    name: str
    phone: str
    email: str
    address: str
    is_vulnerable: bool
    zone: str
    lang: str
    wall_time: str
    suits: str
    reach_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverCard:
    """A hand-over that waits for its answer."""

    id: int
    from_name: str
    to_name: str
    is_for_reader: bool
    why: str
    asked: When


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """The page."""

    id: int
    reference: str
    title: str
    customer: CustomerCard
    asset: str
    place: str
    wanted: str
    severity: int
    severity_because: str
    since: When
    known: When
    reports: int
    incident: str
    truth: str
    owner: str
    is_mine: bool
    owner_absent_until: When | None
    team: str
    handover: HandoverCard | None
    closed: When | None
    can_reopen: bool
    open: tuple[Card, ...]
    settled: tuple[Card, ...]
    owed: tuple[Owed, ...]
    steps: tuple[Step, ...]
    effort: Effort
    events: tuple[Event, ...]
    has_older_events: bool
    links: int
    link_until: When | None
    is_explained: bool
    has_visits: bool
    has_lesson: bool
    is_anybody_here: bool

    @property
    def next(self) -> Card | None:
        """What is promised next."""
        return self.open[0] if self.open else None

    @property
    def is_apologised(self) -> bool:
        """Whether somebody has apologised, and no apology is owed."""
        return any(step.key == "apologised" and step.state == State.DONE for step in self.steps)


class _Read(NamedTuple):
    """A case with whom it happened to, as it is read; and what else there is on it to read."""

    id: int
    reference: str
    title: str
    wanted: str
    severity: int
    severity_because: str
    failed_at: datetime
    known_at: datetime
    closed_at: datetime | None
    owner: int
    owner_name: str
    team: str
    asset: str
    place: str
    customer: str
    phone: str
    email: str
    address: str
    postcode: str
    zone: str
    language: str
    vulnerable: bool
    suits: str
    reach_by: str
    reports: int
    owner_absent_until: datetime | None
    links: int
    link_until: datetime | None
    incident: str
    truth: str
    put_right_at: datetime | None
    can_reopen: bool
    has_revisions: bool
    has_escalations: bool
    has_apologies: bool
    has_handover: bool
    has_visits: bool
    has_lesson: bool
    is_anybody_here: bool


_READ = plain.Kept("""
    SELECT c.id, c.reference, c.title, c.wanted, c.severity, c.severity_because, c.failed_at,
           c.known_at, c.closed_at, c.owner_id AS owner, o.name AS owner_name, t.name AS team,
           coalesce(a.name, '') AS asset, coalesce(a.place, '') AS place, u.name AS customer,
           u.phone, u.email, u.address, u.postcode, u.zone, u.language, u.vulnerable,
           u.suits, u.reach_by,
           (SELECT count(*) FROM records_report r WHERE r.case_id = c.id) AS reports,
           (SELECT max(d.ends_at) FROM records_duty d
             WHERE d.staff_id = c.owner_id AND d.kind = 'absence' AND d.starts_at <= %(now)s
               AND d.ends_at > %(now)s) AS owner_absent_until,
           l.links, l.link_until,
           coalesce(i.reference, '') AS incident,
           coalesce((SELECT h.words FROM records_incidenttruth h WHERE h.incident_id = i.id
                      ORDER BY h.number DESC LIMIT 1), '') AS truth,
           CASE WHEN NOT i.was_false AND i.merged_into_id IS NULL
                 AND NOT EXISTS (SELECT FROM records_timelineentry e
                      WHERE e.case_id = c.id AND e.kind = 'case_reopened'
                        AND e.happened_at >= i.over_at)
                 AND NOT EXISTS (SELECT FROM records_reply r
                      WHERE r.case_id = c.id AND r.kind = 'not_right' AND r.sent_at >= i.over_at)
                THEN i.over_at END AS put_right_at,
           c.closed_at IS NOT NULL OR (
               SELECT e.kind FROM records_timelineentry e
                WHERE e.case_id = c.id AND e.kind IN ('opened_to_give', 'case_closed',
                      'closed_as_before', 'case_reopened', 'closing_taken_back')
                ORDER BY e.seq DESC LIMIT 1) IS NOT DISTINCT FROM 'opened_to_give'
             AS can_reopen,
           EXISTS (SELECT FROM records_promiserevision r JOIN records_promise p
                       ON p.id = r.promise_id WHERE p.case_id = c.id) AS has_revisions,
           EXISTS (SELECT FROM records_escalation e WHERE e.case_id = c.id) AS has_escalations,
           EXISTS (SELECT FROM records_message m WHERE m.case_id = c.id
                      AND m.kind IN ('apology', 'question', 'explanation')) AS has_apologies,
           EXISTS (SELECT FROM records_handover h WHERE h.case_id = c.id
                      AND h.accepted_at IS NULL AND h.declined_at IS NULL) AS has_handover,
           EXISTS (SELECT FROM records_visit v WHERE v.case_id = c.id
                      AND v.outcome IS NULL) AS has_visits,
           EXISTS (SELECT FROM records_lesson n WHERE n.case_id = c.id) AS has_lesson,
           EXISTS (SELECT FROM records_presence p WHERE p.case_id = c.id
                      AND p.seen_at >= %(here_since)s AND p.staff_id <> %(reader)s)
             AS is_anybody_here
      FROM records_case c
      JOIN records_customer u ON u.id = c.customer_id
      JOIN records_staff o ON o.id = c.owner_id
      JOIN records_team t ON t.id = c.team_id
      LEFT JOIN records_asset a ON a.id = c.asset_id
      LEFT JOIN records_incident i ON i.id = c.incident_id
     CROSS JOIN LATERAL (SELECT count(*) AS links, max(expires_at) AS link_until
                           FROM records_caselink WHERE case_id = c.id AND revoked_at IS NULL
                            AND expires_at > %(now)s) l
     WHERE c.id = %(case)s
""")


def get_case_page(
    case_id: int, *, reader: Staff, now: datetime, all_events: bool = False
) -> CasePage:
    """The case as `reader` sees it at `now`, in the reader's zone.

    :raises Case.DoesNotExist: if there is none.
    """
    zone, case = ZoneInfo(reader.zone), _read_case(case_id, reader, now=now)
    promised = case_promises.read_cards(
        case_id, now=now, zone=zone, everything=all_events, has_revisions=case.has_revisions
    )
    history = _history(case, now=now, zone=zone, everything=all_events)
    to_say = _to_say(case)
    return CasePage(
        id=case.id,
        reference=case.reference,
        title=case.title,
        customer=_customer(case, now=now, zone=zone),
        asset=case.asset,
        place=case.place,
        wanted=case.wanted,
        severity=case.severity,
        severity_because=because.in_words(case.severity_because),
        since=when.at(case.failed_at, now=now, zone=zone),
        known=when.at(case.known_at, now=now, zone=zone),
        reports=case.reports,
        incident=case.incident,
        truth=case.truth,
        owner=case.owner_name,
        is_mine=case.owner == reader.pk,
        owner_absent_until=_at(case.owner_absent_until, now=now, zone=zone),
        team=case.team,
        handover=_handover(case_id, reader, now=now, zone=zone) if case.has_handover else None,
        closed=_at(case.closed_at, now=now, zone=zone),
        can_reopen=case.can_reopen,
        open=promised.open,
        settled=tuple(card for card in reversed(promised.cards) if not card.is_open),
        owed=_owed(case, to_say, now=now, zone=zone),
        steps=_steps(case, promised.cards, to_say, now=now, zone=zone),
        effort=case_effort.read_effort(case_id),
        events=history.events,
        has_older_events=history.has_older or promised.has_older,
        links=case.links,
        link_until=_at(case.link_until, now=now, zone=zone),
        is_explained=_is_explained(to_say),
        has_visits=case.has_visits,
        has_lesson=case.has_lesson,
        is_anybody_here=case.is_anybody_here,
    )


def _read_case(case_id: int, reader: Staff, *, now: datetime) -> _Read:
    case = plain.row(
        _READ, _Read, case=case_id, reader=reader.pk, here_since=now - GONE_AFTER, now=now
    )
    if case is None:
        raise Case.DoesNotExist
    return case


def _history(case: _Read, *, now: datetime, zone: ZoneInfo, everything: bool) -> History:
    limit = None if everything else case_timeline.SHOWN
    return case_timeline.read_events(
        case.id, now=now, zone=zone, limit=limit, has_escalations=case.has_escalations
    )


def _customer(case: _Read, *, now: datetime, zone: ZoneInfo) -> CustomerCard:
    theirs = ZoneInfo(case.zone)
    differs = now.astimezone(zone).utcoffset() != now.astimezone(theirs).utcoffset()
    suits = convenience.read(json.loads(case.suits), case.reach_by)
    return CustomerCard(
        name=case.customer,
        phone=case.phone,
        email=case.email,
        address=", ".join(part for part in (case.address, case.postcode) if part),
        is_vulnerable=case.vulnerable,
        zone=moments.zone_in_words(theirs),
        lang=choice.mark_of(case.language),
        wall_time=moments.clock_in_words(now, zone=theirs) if differs else "",
        suits=suits.words,
        reach_by=suits.reach_by,
    )


def _handover(case_id: int, reader: Staff, *, now: datetime, zone: ZoneInfo) -> HandoverCard | None:
    offers = Handover.objects.filter(case=case_id, accepted_at=None, declined_at=None)
    offer = offers.select_related("from_staff", "to_staff").first()
    if offer is None:
        return None
    return HandoverCard(
        id=offer.pk,
        from_name=offer.from_staff.name,
        to_name=offer.to_staff.name,
        is_for_reader=offer.to_staff_id == reader.pk,
        why=offer.why,
        asked=when.at(offer.asked_at, now=now, zone=zone),
    )


def _to_say(case: _Read) -> list[Message]:
    if not case.has_apologies:
        return []
    kinds = (MessageKind.APOLOGY, MessageKind.QUESTION, MessageKind.EXPLANATION)
    rows = Message.objects.filter(case=case.id, kind__in=kinds)
    return list(rows.select_related("promise", "asking").order_by("queued_at"))


def _is_explained(said: Iterable[Message]) -> bool:
    """Whether they were told why it happened, and not only that we do not know yet."""
    told = (row.about for row in said if row.kind == MessageKind.EXPLANATION)
    return explanations.is_told(told)


def _steps(
    case: _Read, cards: Sequence[Card], to_say: Sequence[Message], *, now: datetime, zone: ZoneInfo
) -> tuple[Step, ...]:
    apologies = [row for row in to_say if row.kind == MessageKind.APOLOGY]
    questions = [row for row in to_say if row.kind == MessageKind.QUESTION]
    return case_steps.read_steps(
        cards=cards,
        apologies=_said(apologies, now=now, zone=zone),
        questions=_asked(questions, now=now, zone=zone),
        known=when.at(case.known_at, now=now, zone=zone),
        put_right=_at(case.put_right_at, now=now, zone=zone),
        closed=_at(case.closed_at, now=now, zone=zone),
    )


def _said(rows: Sequence[Message], *, now: datetime, zone: ZoneInfo) -> list[When | None]:
    return [_at(row.said_at, now=now, zone=zone) for row in rows]


def _asked(rows: Sequence[Message], *, now: datetime, zone: ZoneInfo) -> list[When | None]:
    """Whoever has answered was asked, though nobody saw the letter arrive."""
    heard = [
        row.asking.ended_at if row.asking.ended_by == AskingEnd.HEARD else None for row in rows
    ]
    moments = [row.said_at or answered for row, answered in zip(rows, heard, strict=True)]
    return [_at(moment, now=now, zone=zone) for moment in moments]


def _at(moment: datetime | None, *, now: datetime, zone: ZoneInfo) -> When | None:
    return when.at(moment, now=now, zone=zone) if moment else None


def _owed(
    case: _Read, to_say: Sequence[Message], *, now: datetime, zone: ZoneInfo
) -> tuple[Owed, ...]:
    about = About(
        reference=case.reference, title=case.title, customer=case.customer, severity=case.severity
    )
    return tuple(
        Owed(
            id=row.pk,
            about=about,
            words=row.promise.words if row.promise else "",
            since=when.at(row.queued_at, now=now, zone=zone),
        )
        for row in to_say
        if row.said_at is None and row.kind == MessageKind.APOLOGY
    )
