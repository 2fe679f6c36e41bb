"""The promise that a granted remedy is: by when it is there, and again when that was broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from makegood.actions import drafts, policies, timeline
from makegood.actions.drafts import Hearer, Place, Word
from makegood.language import choice, moments, remedies
from makegood.records import bulk
from makegood.records.models import Case, Message, Promise, PromiseKind, Remedy, Staff
from makegood.records.rows import NewPromise
from makegood.rules import promises, workinghours
from makegood.rules.amounts import Amount, Unit
from makegood.rules.calendars import Calendar
from makegood.rules.promises import Channel, Precision, Speaker
from makegood.rules.remedies import AGAIN_WITHIN, Terms, telling_of
from makegood.rules.severity import Severity


class Sentence(Protocol):
    """What is said of a remedy and a day."""

    def __call__(self, terms: Terms, *, when: str) -> str:
        """The sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """The end of the customer's day by which something is there, and how that was computed."""

    at: datetime
    trace: tuple[str, ...]


def due_within(amount: Amount, *, case: Case, now: datetime, at_most: datetime | None) -> Due:
    """The day by which something is there: so much working time from now, and never after a law.

    A whole day on the customer's calendar: nobody waits for money by the minute.
    """
    calendar = policies.snapshot(case.team, Severity(case.severity)).calendar
    zone = ZoneInfo(case.customer.zone)
    return due_on(amount, calendar=calendar, zone=zone, now=now, at_most=at_most)


def due_on(
    amount: Amount,
    *,
    calendar: Calendar,
    zone: ZoneInfo,
    now: datetime,
    at_most: datetime | None = None,
) -> Due:
    """As `due_within`, for everybody with the same working days and the same clock."""
    computed = _computed(now, amount, calendar)
    moment = computed.due_at
    if at_most is not None and now < at_most < moment:
        moment = at_most
    at = promises.end_of_day(moment.astimezone(zone).date(), zone)
    return Due(at=at, trace=computed.trace)


def promise_redress(case: Case, terms: Terms, due: Due, *, now: datetime, by: Staff) -> Promise:
    """Promise what was granted on a locked case."""
    words = _said(remedies.sentence, terms, due, case)
    return _make(case, words, due, now=now, by=by)


def in_words(terms: Terms, due: Due, *, hearer: Hearer) -> str:
    """What a customer is promised, in their language and on their clock."""
    with choice.speaking(hearer.language):
        day = moments.day_in_words(due.at, zone=ZoneInfo(hearer.zone))
        return remedies.sentence(terms, when=day)


def promise_second(case: Case, terms: Terms, due: Due, *, now: datetime) -> Promise:
    """Promise what a scheme owes because a payment came late."""
    words = _said(remedies.sentence, terms, due, case)
    return _make(case, words, due, now=now, by=None)


def promise_found(case: Case, words: str, due: Due, *, now: datetime) -> Promise:
    """Promise a customer on a locked case the money of theirs that was found."""
    return _make(case, words, due, now=now, by=None)


def promise_again(broken: Sequence[int], *, now: datetime) -> None:
    """Promise again what was granted and has not come by the time that just broke (law 7)."""
    open_ = Remedy.objects.filter(promise__in=broken, outcome=None)
    for remedy in open_.select_related("case__customer", "case__team__calendar"):
        due = due_within(AGAIN_WITHIN, case=remedy.case, now=now, at_most=None)
        words = _said(remedies.sentence_when_late, remedy.terms(), due, remedy.case)
        remedy.promise = _make(remedy.case, words, due, now=now, by=None)
        remedy.save(update_fields=["promise"])
        # Whoever has not said yet that it was given says the day that holds now.
        unsaid = Message.objects.filter(about=telling_of(remedy.pk), said_at=None)
        unsaid.update(promise=remedy.promise)


def _said(sentence: Sentence, terms: Terms, due: Due, case: Case) -> str:
    """The sentence in the customer's language and zone."""
    with choice.speaking(case.customer.language):
        day = moments.day_in_words(due.at, zone=ZoneInfo(case.customer.zone))
        return sentence(terms, when=day)


def _make(case: Case, words: str, due: Due, *, now: datetime, by: Staff | None) -> Promise:
    word = word_of(words, due, now=now, by=by)
    place = Place(
        case=case.pk,
        severity=case.severity,
        zone=case.customer.zone,
        terms=policies.snapshot(case.team, Severity(case.severity)),
    )
    row = drafts.draft(word, place, id_=bulk.next_ids(NewPromise.TABLE, 1)[0], now=now)
    bulk.copy_in([row])
    facts = drafts.made_facts(row)
    timeline.append(case_id=case.pk, kind="promise_made", at=now, now=now, facts=facts)
    return Promise.objects.get(pk=row.id)


def word_of(words: str, due: Due, *, now: datetime, by: Staff | None) -> Word:
    """The word that what was granted is there by a day."""
    return Word(
        kind=PromiseKind.REDRESS,
        words=words,
        speaker=Speaker.PERSON if by else Speaker.SYSTEM,
        speaker_name=by.name if by else "Makegood",
        said_by=by.pk if by else None,
        channel=Channel.WEB,
        said_at=now,
        due_at=due.at,
        precision=Precision.DATE,
        trace=due.trace,
    )


def _computed(now: datetime, amount: Amount, calendar: Calendar) -> workinghours.Computed:
    try:
        return workinghours.add(now, amount, calendar=calendar)
    except workinghours.CalendarRunsOutError as ran_out:
        # As with promises of news: a calendar that ran out must not keep anybody's money back.
        days = amount.quantity if amount.unit is Unit.WORKING_DAYS else 1
        why = f"{ran_out} Counted {days} days without a calendar."
        return workinghours.Computed(due_at=now + timedelta(days=days), trace=(why,))
