"""One case for an ombudsman: all that was said and done, when, and when it was written down.

It holds this case and nobody else's. Staff are named, or called by their role, as the company's
policy says; the chain of the timeline holds numbers of staff only, so it verifies either way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from makegood.language import choice
from makegood.queries import case_ending, case_file_letters, case_file_timeline
from makegood.queries.case_effort import read_effort
from makegood.records import personal
from makegood.records.models import (
    Asking,
    Case,
    Contact,
    Escalation,
    Handover,
    Letter,
    Message,
    Promise,
    PromiseRevision,
    Remedy,
    Report,
    Review,
    Staff,
    Want,
)
from makegood.rules import case_file, money
from makegood.rules.case_file import FORMAT, HOW_TO_CHECK
from makegood.rules.remedies import RemedyOutcome

_Row = dict[str, Any]


class Names(Protocol):
    """What people of the staff are called in a file."""

    def of(self, staff: int | None) -> str:
        """One person; empty for nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Called:
    names: Mapping[int, str]

    def of(self, staff: int | None) -> str:
        return self.names.get(staff, "") if staff is not None else ""


def get_case_file(case_id: int, *, now: datetime, by_role: bool = False) -> _Row:
    """The file of a case as it is known at `now`, sealed; a constant number of queries.

    :param by_role: call the staff by their role and a number instead of their names.

    :raises Case.DoesNotExist: if there is none.
    """
    case = Case.objects.select_related("customer", "asset", "team", *case_ending.CLOSERS).get(
        pk=case_id
    )
    called = _called(case_id, by_role=by_role)
    promises = list(Promise.objects.filter(case=case).order_by("pk"))
    for row in promises:  # what is told of them calls people as the rest of the file does
        row.speaker_name = called.of(row.said_by_id) or row.speaker_name
    contacts = list(Contact.objects.filter(case=case).order_by("happened_at", "pk"))
    entries = case_file_timeline.read_entries(case, promises, names=called.names, now=now)
    document: _Row = {
        "format": FORMAT,
        "exported_at": _at(now),
        "staff_are_called_by": "role" if by_role else "name",
        "how_to_check": list(HOW_TO_CHECK),
        "case": _case(case, called),
        "ending": _ending(case, called, now=now),
        "promises": [_promise(row, called) for row in promises],
        "revisions": _revisions(case, called),
        "contacts": [_contact(row, called) for row in contacts],
        "effort": _effort(case.pk, contacts),
        "made_good": _made_good(case, called),
        "messages": _messages(case, called),
        "letters": case_file_letters.read_letters(case, names=called.names, now=now),
        "mails": case_file_letters.read_mails(case),
        "questions": _questions(case),
        "wants": _wants(case, called),
        "reviews": _reviews(case, called),
        "told": _told(case, called),
        "handovers": _handovers(case, called),
        "reports": _reports(case),
    }
    document = personal.told(document)  # not the timeline, whose words are proven by their hash
    document |= {"timeline": entries, "head": entries[-1]["hash"] if entries else ""}
    return document | {"seal": case_file.seal(document)}


def _called(case_id: int, *, by_role: bool) -> _Called:
    people = Staff.objects.values_list("pk", "name", "role").order_by("pk")
    if not by_role:
        return _Called(names={pk: name for pk, name, _role in people})
    counts: dict[str, int] = {}
    names: dict[int, str] = {}
    for pk in _who_is_in(case_id):
        role = next((role for person, _name, role in people if person == pk), "")
        if role:
            counts[role] = counts.get(role, 0) + 1
            names[pk] = f"{role.replace('_', ' ').capitalize()} {counts[role]}"
    return _Called(names=names)


def _who_is_in(case_id: int) -> list[int]:
    """Everybody of the staff whom this case names, in a steady order."""
    found: set[int] = set()
    rows = (
        Case.objects.filter(pk=case_id).values_list("owner", "closed_by_parting__decided_by"),
        Promise.objects.filter(case=case_id).values_list("said_by", "settled_by"),
        Contact.objects.filter(case=case_id).values_list("staff", "withdrawn_by"),
        Escalation.objects.filter(case=case_id).values_list("staff", "acknowledged_by"),
        Handover.objects.filter(case=case_id).values_list("from_staff", "to_staff"),
        Message.objects.filter(case=case_id).values_list("said_by", "said_by"),
        Remedy.objects.filter(case=case_id).values_list("granted_by", "approval__decided_by"),
        Want.objects.filter(case=case_id).values_list("declined_by", "declined_by"),
        Letter.objects.filter(case=case_id).values_list("written_by", "written_by"),
        Review.objects.filter(case=case_id).values_list("recorded_by", "recorded_by"),
    )
    for pair in (pair for each in rows for pair in each):
        found |= {person for person in pair if person}
    return sorted(found)


def _case(case: Case, called: Names) -> _Row:
    customer = case.customer
    return {
        "reference": case.reference,
        "what_was_wrong": case.title,
        "customer": {
            "name": customer.name,
            "email": customer.email,
            "phone": customer.phone,
            "address": customer.address,
            "postcode": customer.postcode,
            "zone": customer.zone,
        },
        "thing": case.asset.name if case.asset else "",
        "place": case.asset.place if case.asset else "",
        "wanted": case.wanted,
        "severity": case.severity,
        "severity_because": case.severity_because,
        "team": case.team.name,
        "owner": called.of(case.owner_id),
        "failed_at": _at(case.failed_at),
        "known_at": _at(case.known_at),
        "recorded_at": _at(case.recorded_at),
        "closed_at": _at(case.closed_at),
    }


def _ending(case: Case, called: Names, *, now: datetime) -> _Row | None:
    ending = case_ending.read_ending(case, now=now, zone=ZoneInfo(case.customer.zone))
    if ending is None:
        return None
    answer, parting = case.closed_by_contact, case.closed_by_parting
    return {
        "by": ending.kind,
        "on_their_page": ending.by_page,
        "heard_by": called.of(answer.staff_id) if answer else "",
        "words": ending.words,
        "what_was_tried": parting.tried if parting else "",
        "external_route": ending.route,
        "decided_by": called.of(parting.decided_by_id) if parting else "",
    }


def _promise(row: Promise, called: Names) -> _Row:
    return {
        "id": row.pk,
        "kind": row.kind,
        "words": row.words,
        "speaker": row.speaker,
        "said_by": row.speaker_name,
        "channel": row.channel,
        "said_at": _at(row.said_at),
        "recorded_at": _at(row.recorded_at),
        "earliest_at": _at(row.earliest_at),
        "first_due_at": _at(row.first_due_at),
        "due_at": _at(row.due_at),
        "how_the_date_came_about": list(row.trace),
        "outcome": row.outcome,
        "settled_at": _at(row.settled_at),
        "settled_recorded_at": _at(row.settled_recorded_at),
        "settled_by": called.of(row.settled_by_id),
        "evidence": row.evidence,
        "follows": row.follows_id,
        "replaced_by": row.replaced_by_id,
    }


def _revisions(case: Case, called: Names) -> list[_Row]:
    rows = PromiseRevision.objects.filter(promise__case=case).order_by("promise", "number")
    return [
        {
            "promise": row.promise_id,
            "number": row.number,
            "old_due_at": _at(row.old_due_at),
            "new_due_at": _at(row.new_due_at),
            "cause": row.cause,
            "decided_at": _at(row.decided_at),
            "decided_by": called.of(row.decided_by_id),
            "told_at": _at(row.told_at),
            "told_by": row.told_channel,
            "told_evidence": row.told_evidence,
        }
        for row in rows
    ]


def _contact(row: Contact, called: Names) -> _Row:
    return {
        "id": row.pk,
        "direction": row.direction,
        "channel": row.channel,
        "happened_at": _at(row.happened_at),
        "recorded_at": _at(row.recorded_at),
        "staff": called.of(row.staff_id),
        "note": row.note,
        "hold_minutes": row.hold_minutes,
        "talk_minutes": row.talk_minutes,
        "other_minutes": row.other_minutes,
        "told_again": row.told_again,
        "minutes_are": "estimated" if row.estimated else "measured",
        "money_minor": row.money_minor,
        "currency": row.currency,
        "taken_back_at": _at(row.withdrawn_at),
    }


def _effort(case_id: int, contacts: Iterable[Contact]) -> _Row:
    rows = [row for row in contacts if row.withdrawn_at is None]
    with choice.speaking("en"):
        total = read_effort(case_id)
    return {
        "contacts": total.contacts,
        "contacts_by_the_customer": total.by_customer,
        "minutes": total.minutes,
        "minutes_on_hold": sum(row.hold_minutes for row in rows),
        "minutes_talking": sum(row.talk_minutes for row in rows),
        "minutes_otherwise": sum(row.other_minutes for row in rows),
        "minutes_are": "partly estimated" if total.is_estimated else "measured",
        "money": list(total.money),
        "came_back": list(total.came_back),
        "still_open": list(total.still_open),
    }


def _made_good(case: Case, called: Names) -> list[_Row]:
    rows = Remedy.objects.filter(case=case).select_related("approval").order_by("pk")
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "source": row.source,
            "scheme": row.scheme,
            "version": row.version,
            "how_the_sum_came_about": list(row.trace),
            "what": row.thing or money.in_words(row.amount_minor, row.currency),
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "because": row.because,
            "granted_at": _at(row.granted_at),
            "granted_by": called.of(row.granted_by_id),
            "approved_by": called.of(row.approval.decided_by_id) if row.approval else "",
            "promise": row.promise_id,
            "outcome": row.outcome,
            "arrived_at": _at(row.settled_at) if row.outcome == RemedyOutcome.ARRIVED else None,
        }
        for row in rows
    ]


def _messages(case: Case, called: Names) -> list[_Row]:
    rows = Message.objects.filter(case=case).order_by("queued_at", "pk")
    return [
        {
            "kind": row.kind,
            "about": row.about,
            "owed_since": _at(row.queued_at),
            "said_at": _at(row.said_at),
            "said_by": called.of(row.said_by_id),
            "channel": row.channel,
            "words": row.words,
        }
        for row in rows
    ]


def _questions(case: Case) -> list[_Row]:
    return [
        {
            "number": row.number,
            "owed_since": _at(row.opened_at),
            "asked_at": _at(row.asked_at),
            "time_to_answer_until": _at(row.act_at),
            "ended_at": _at(row.ended_at),
            "ended_by": row.ended_by,
        }
        for row in Asking.objects.filter(case=case).order_by("pk")
    ]


def _reviews(case: Case, called: Names) -> list[_Row]:
    return [
        {
            "reviewer": row.reviewer,
            "decided_on": row.decided_on.isoformat(),
            "verdict": row.verdict,
            "words": row.words,
            "recorded_at": _at(row.recorded_at),
            "recorded_by": called.of(row.recorded_by_id),
        }
        for row in Review.objects.filter(case=case).order_by("pk")
    ]


def _wants(case: Case, called: Names) -> list[_Row]:
    return [
        {
            "words": row.words,
            "said_at": _at(row.said_at),
            "promise": row.promise_id,
            "declined_at": _at(row.declined_at),
            "declined_by": called.of(row.declined_by_id),
            "honest_no": row.honest_no,
            "instead": row.instead,
        }
        for row in Want.objects.filter(case=case).order_by("pk")
    ]


def _told(case: Case, called: Names) -> list[_Row]:
    return [
        {
            "at": _at(row.told_at),
            "role": row.role,
            "who": called.of(row.staff_id),
            "why": row.reason,
            "promise": row.promise_id,
            "acknowledged_at": _at(row.acknowledged_at),
            "acknowledged_by": called.of(row.acknowledged_by_id),
            "passed_over": [skip["role"] for skip in row.skipped],
        }
        for row in Escalation.objects.filter(case=case).order_by("pk")
    ]


def _handovers(case: Case, called: Names) -> list[_Row]:
    return [
        {
            "asked_at": _at(row.asked_at),
            "from": called.of(row.from_staff_id),
            "to": called.of(row.to_staff_id),
            "accepted_at": _at(row.accepted_at),
            "declined_at": _at(row.declined_at),
        }
        for row in Handover.objects.filter(case=case).order_by("pk")
    ]


def _reports(case: Case) -> list[_Row]:
    return [
        {
            "channel": row.channel,
            "happened_at": _at(row.happened_at),
            "recorded_at": _at(row.recorded_at),
            "as_it_came": row.raw,
        }
        for row in Report.objects.filter(case=case).order_by("pk")
    ]


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
