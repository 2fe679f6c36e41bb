"""Breaking promises: what the clock, or a deed that came too late, sets off in one transaction.

A broken promise is settled as of its due time; the customer is owed one apology and is promised,
at once, when they will hear a new date, or the call that did not come once more; and somebody
above whom the ladder had reached is told. Several of one case that are broken in one batch share
one word of when the customer hears: twice the same would be a second promise of nothing. Where
two batches of a sweep part the promises of a case, each says its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, Self

from django.db import transaction

from makegood.actions import drafts, entitlements, policies, redress
from makegood.actions.call_words import Calls, Wanted
from makegood.actions.drafts import Word, made_facts
from makegood.actions.policies import Terms
from makegood.actions.telling import Rosters, skipped_facts, told_facts
from makegood.records import bulk
from makegood.records.bulk import DuePromise
from makegood.records.models import MessageKind, PromiseKind
from makegood.records.rows import NewEscalation, NewMessage, NewPromise
from makegood.rules import escalation, promises, timeline
from makegood.rules.duty import Told
from makegood.rules.escalation import Reason
from makegood.rules.promises import Outcome
from makegood.rules.severity import Severity
from makegood.rules.timeline import Entry, Head

Link = tuple[str, datetime, dict[str, Any]]

_HEIGHTS: Final = {role.value: height for height, role in enumerate(escalation.Role)}


@dataclass(kw_only=True, slots=True)
class _Effects:
    """Everything that a batch of broken promises will write."""

    broken: list[int] = field(default_factory=list)
    promises: list[NewPromise] = field(default_factory=list)
    messages: list[NewMessage] = field(default_factory=list)
    escalations: list[NewEscalation] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


@transaction.atomic
def break_due(*, now: datetime, limit: int, rosters: Rosters) -> int:
    """Break up to `limit` promises whose time has passed: severest first, then the oldest.

    Returns how many; promises that others have locked are left for the next call.
    """
    locked: list[int] = []
    for severity in bulk.severities_due(now):
        if len(locked) < limit:
            locked += bulk.lock_judgeable(severity=severity, now=now, limit=limit - len(locked))
    break_locked(locked, now=now, rosters=rosters)
    return len(locked)


@transaction.atomic
def break_one(promise_id: int, *, now: datetime, rosters: Rosters) -> None:
    """Break one promise whose time has passed, alone, if it is still open and due."""
    locked = [pk for pk in bulk.lock_open([promise_id]) if pk in bulk.judgeable_of(pk, now=now)]
    break_locked(locked, now=now, rosters=rosters)


def break_locked(
    locked: Sequence[int],
    *,
    now: datetime,
    rosters: Rosters,
    by_deed: bool = False,
    by_visit: int | None = None,
) -> None:
    """Break promises that this transaction has locked together with their cases.

    :param by_deed: what was promised came too late, so that no grace has to be waited for.
    :param by_visit: the visit that failed, by which it is certain before their time.
    :raises NotYetDueError: if one of them could still be kept.
    """
    if not locked:
        return
    due = bulk.read_due(locked)
    for row in due:
        _judge(row, now=now, by_deed=by_deed, by_visit=by_visit)
    if by_deed:  # a call that came too late has come: it is not promised once more
        due = [replace(row, needs_call=False) for row in due]
    terms = policies.read({row.policy for row in due})
    _write(_decide(due, terms, now=now, rosters=rosters, by_visit=by_visit), now=now)
    redress.promise_again([row.id for row in due], now=now)
    entitlements.watch_broken([row.id for row in due], now=now)


def _decide(
    due: Sequence[DuePromise],
    terms: dict[int, Terms],
    *,
    now: datetime,
    rosters: Rosters,
    by_visit: int | None,
) -> _Effects:
    effects, after = _Effects(), _After.prepare(due, now=now, rosters=rosters)
    heads: dict[int, Head] = {}
    breaks: dict[int, int] = defaultdict(int)
    for row in due:
        breaks[row.case] += 1
        again = after.promises(row, terms[row.policy])
        told = _told(row, terms[row.policy], breaks=row.breaks + breaks[row.case], rosters=rosters)
        head = heads.get(row.case, row.head)
        effects.entries.append(_broken(row, head, by_visit=by_visit, now=now))
        head = effects.entries[-1].head
        heads[row.case] = _collect(effects, row, again, told, terms[row.policy], head=head, now=now)
    effects.escalations = _number(effects.escalations)
    return effects


@dataclass(frozen=True, kw_only=True, slots=True)
class _Again:
    """What follows a break: what was promised for it, and the promise by which people watch it."""

    watched: NewPromise
    made: tuple[NewPromise, ...]


@dataclass(kw_only=True, slots=True)
class _After:
    """What is promised after a break: news, or a call once more, or both."""

    now: datetime
    _ids: Iterator[int]
    _news: drafts.News
    _calls: Calls
    _called: set[int] = field(default_factory=set)
    _shared: dict[int, NewPromise] = field(default_factory=dict)

    @classmethod
    def prepare(cls, due: Sequence[DuePromise], *, now: datetime, rosters: Rosters) -> Self:
        """Draw as many numbers as there may be promises."""
        most = len(due) + sum(row.needs_call for row in due)
        ids = iter(bulk.next_ids(NewPromise.TABLE, most))
        owners = frozenset(row.owner for row in due if row.needs_call)
        calls = Calls(now=now, rosters=rosters, owners=owners)
        return cls(now=now, _ids=ids, _news=drafts.News(now=now), _calls=calls)

    def promises(self, row: DuePromise, terms: Terms) -> _Again:
        """What the customer is promised now; people hear of the break by the first of it.

        A call that comes no later than the news would is the news. News that is promised already,
        for another promise of the case that is broken in the same batch, is not promised once more.
        """
        hearer = drafts.Hearer(zone=row.zone, language=row.language)
        news = self._news.word(
            owner_name=row.owner_name, hearer=hearer, terms=terms, after_break=True
        )
        call = self._call(row, terms, hearer)
        shared = self._shared_by(row.case, news.due_at)
        is_heard = bool(shared) or (call is not None and call.due_at <= news.due_at)
        words = [word for word in (None if is_heard else news, call) if word is not None]
        made = self._draft(words, row, terms)
        self._shared.update((row.case, one) for one in made if one.kind == PromiseKind.NEWS)
        return _Again(watched=min((*made, *shared), key=attrgetter("due_at")), made=made)

    def _shared_by(self, case: int, moment: datetime) -> tuple[NewPromise, ...]:
        """The news that was promised in this batch already, if it comes by a moment."""
        shared = self._shared.get(case)
        return (shared,) if shared is not None and shared.due_at <= moment else ()

    def _draft(
        self, words: Sequence[Word], row: DuePromise, terms: Terms
    ) -> tuple[NewPromise, ...]:
        beside = drafts.Place(case=row.case, severity=row.severity, zone=row.zone, terms=terms)
        places = replace(beside, follows=row.id), beside
        return tuple(
            drafts.draft(word, place, id_=next(self._ids), now=self.now)
            for word, place in zip(words, places, strict=False)
        )

    def _call(self, row: DuePromise, terms: Terms, hearer: drafts.Hearer) -> Word | None:
        if not row.needs_call or row.case in self._called:
            return None
        self._called.add(row.case)
        return self._calls.word(
            Wanted(
                owner=row.owner,
                owner_name=row.owner_name,
                team=row.team,
                severity=Severity(row.severity),
                hearer=hearer,
                terms=terms,
            )
        )


def _judge(row: DuePromise, *, now: datetime, by_deed: bool, by_visit: int | None) -> None:
    facts = promises.Promise(said_at=row.said_at, due_at=row.due_at, grace=row.grace)
    if by_visit is not None:
        promises.give_up(facts)
        return
    settled = promises.fulfil(facts, at=now) if by_deed else promises.lapse(facts, now=now)
    if settled.outcome is not Outcome.BROKEN:
        raise promises.NotYetDueError


def _told(row: DuePromise, terms: Terms, *, breaks: int, rosters: Rosters) -> Told | None:
    if row.is_canary:
        return None
    role = escalation.role_on_break(
        terms.policy.ladder,
        reached=row.rungs_spoken,
        severity=Severity(row.severity),
        breaks=breaks,
        customer_minutes=row.customer_minutes,
    )
    return rosters.whom_to_tell(role, team=row.team, owner=row.owner, severity=row.severity)


def _collect(
    effects: _Effects,
    row: DuePromise,
    again: _Again,
    told: Told | None,
    terms: Terms,
    *,
    head: Head,
    now: datetime,
) -> Head:
    effects.broken.append(row.id)
    effects.promises += again.made
    links = [_made_link(made, now=now) for made in again.made]
    if told is not None:
        effects.messages.append(_apology(row, now=now))
        effects.escalations.append(_escalation(row, again.watched, told, terms, now=now))
        links.append(("escalated", now, _told_facts(row, again.watched, told)))
    for kind, at, facts in links:
        entry = timeline.link(head, case=row.case, kind=kind, at=at, recorded=now, facts=facts)
        effects.entries.append(entry)
        head = entry.head
    return head


def _told_facts(row: DuePromise, watched: NewPromise, told: Told) -> dict[str, Any]:
    return told_facts(watched.id, told, reason=Reason.BREAK) | {"broken": row.id}


def _broken(row: DuePromise, head: Head, *, by_visit: int | None, now: datetime) -> Entry:
    facts = {"promise": row.id, "revised": row.was_revised}
    if by_visit is not None:
        facts["visit"] = by_visit
    return timeline.link(
        head,
        case=row.case,
        kind="promise_broken",
        at=min(row.due_at, now),
        recorded=now,
        facts=facts,
    )


def _made_link(made: NewPromise, *, now: datetime) -> Link:
    return "promise_made", now, made_facts(made)


def _apology(row: DuePromise, *, now: datetime) -> NewMessage:
    return NewMessage(
        case_id=row.case,
        promise_id=row.id,
        kind=MessageKind.APOLOGY.value,
        about=f"promise:{row.id}:broken",
        queued_at=now,
        channel="",
        words="",
    )


def _escalation(
    row: DuePromise, news: NewPromise, told: Told, terms: Terms, *, now: datetime
) -> NewEscalation:
    return NewEscalation(
        case_id=row.case,
        promise_id=news.id,
        broken_id=row.id,
        number=1,
        reason=Reason.BREAK.value,
        role=told.role.value,
        staff_id=told.person,
        skipped=skipped_facts(told),
        told_at=now,
        speak_again_at=now + terms.policy.ladder.unheard_after,
    )


def _number(told: Sequence[NewEscalation]) -> list[NewEscalation]:
    """Count the tellings of each promise. The highest speaks again, of equals the last."""
    highest: dict[int, NewEscalation] = {}
    for row in sorted(told, key=lambda row: _HEIGHTS[row.role]):
        highest[row.promise_id] = row
    numbers: dict[int, int] = defaultdict(int)
    counted = []
    for row in told:
        numbers[row.promise_id] += 1
        again = row.speak_again_at if highest[row.promise_id] is row else None
        counted.append(replace(row, number=numbers[row.promise_id], speak_again_at=again))
    return counted


def _write(effects: _Effects, *, now: datetime) -> None:
    bulk.settle_broken(effects.broken, now=now)
    bulk.copy_in(effects.promises)
    bulk.copy_in(effects.messages)
    bulk.copy_in(effects.escalations)
    bulk.copy_timeline(effects.entries)
