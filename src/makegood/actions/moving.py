"""The chain: what a visit waits for changes, and everything that hangs on it, in one transaction.

A part comes later, a crew cannot come, the day before finds something missing: the visit takes
the best other time for the customer, its word gets a new date that counts once the customer was
told, one message is owed, and its calendar entry has a new sequence. Where no time is soon enough,
somebody above hears of it now and not on the day. The caller holds the lock of the case.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction

from makegood.actions import (
    breaking,
    cases,
    escalation,
    holding,
    letters,
    promises,
    timeline,
    visit_words,
)
from makegood.actions.drafts import Word
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.telling import Rosters
from makegood.records import crew_times
from makegood.records.models import (
    Letter,
    Promise,
    PromiseKind,
    PromiseRevision,
    Slot,
    Staff,
    Visit,
)
from makegood.rules import slots, visits
from makegood.rules.escalation import Reason, Role
from makegood.rules.promises import Channel, Outcome, Speaker
from makegood.rules.severity import Severity
from makegood.rules.slots import Ranked
from makegood.rules.visits import Cause, Failing, Missing

CAUSES = {
    Cause.PART_LATE: "The part comes later.",
    Cause.CREW_AWAY: "The crew cannot come.",
    Cause.NOT_READY: "Not everything is there on the day before.",
    Cause.MISSED: "Nobody came.",
    Cause.PLANNED: "Planned anew.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Why a visit moves, and from when on it can be; `since` is None while nobody knows."""

    cause: Cause
    since: datetime | None
    by: Staff | None = None
    chosen: datetime | None = None
    is_with_them: bool = False
    """Whether the customer is there, so that no letter need tell them."""


def lock(visit_id: int) -> Visit:
    """Take a visit with its case for this transaction.

    :raises VisitEndedError: if it has ended.
    """
    case_id = Visit.objects.values_list("case_id", flat=True).get(pk=visit_id)
    return lock_with(case_id, visit_id)


def lock_with(case_id: int, visit_id: int) -> Visit:
    """As `lock`, for a case that is known already.

    :raises VisitEndedError: if the visit has ended.
    """
    cases.lock(case_id)
    rows = Visit.objects.select_related(
        "case__customer", "case__team__calendar", "case__owner", "diagnosis"
    )
    visit = rows.get(pk=visit_id)
    if visit.outcome is not None:
        raise visits.VisitEndedError
    return visit


def move(visit: Visit, change: Move, *, now: datetime) -> Slot | None:
    """Give a locked visit the best other time, and tell of it; None if there is none.

    :raises SlotGoneError: if a time was chosen that is not free.
    """
    before = crew_times.live_slot(visit.pk)
    if before is None:
        change = replace(change, cause=_lost_for(visit) or change.cause)
    holding.release(visit, cause=change.cause, now=now)
    ranked = holding.find(visit, since=change.since) if change.since else ()
    best = _best(visit, ranked, change)
    slot = holding.hold(visit, best, by=change.by, now=now) if best else None
    if before is None and slot is None:
        _look_later(visit, now=now)
        return None
    _write(visit, slot, now=now)
    _record(visit, before, slot, change, now=now)
    if slot is None:
        _unplaced(visit, change, now=now)
        return None
    _give_word(visit, slot, _words(visit, slot, change, before), change, now=now)
    if not _is_in_time(visit, slot, before, now=now):
        speak(visit, now=now)
    settle(visit, slot, now=now)
    return slot


def settle(visit: Visit, slot: Slot | None, *, now: datetime) -> bool:
    """Confirm a locked visit if everything is there. Whether it is sure now."""
    if visits.missing(crew_times.needs_of(visit, slot)) or slot is None:
        return False
    if visit.confirmed_at is None:
        visit.confirmed_at, visit.look_at = now, visits.missed_at(slot.closes_at)
        visit.sequence += 1
        visit.save(update_fields=["confirmed_at", "look_at", "sequence"])
        facts = {"visit": visit.pk, "promise": visit.promise_id}
        timeline.append(case_id=visit.case_id, kind="visit_confirmed", at=now, now=now, facts=facts)
    return True


def unsettle(visit: Visit, *, until: datetime, now: datetime) -> None:
    """Of a locked visit that lacks something again nothing is sure; the clock looks by `until`."""
    visit.look_at = min(visit.look_at or until, until)
    if visit.confirmed_at is not None:
        visit.confirmed_at = None
        visit.sequence += 1
        facts = {"visit": visit.pk}
        timeline.append(case_id=visit.case_id, kind="visit_unsure", at=now, now=now, facts=facts)
    visit.save(update_fields=["look_at", "confirmed_at", "sequence"])


def keep_waiting(visit: Visit, slot: Slot, *, now: datetime) -> None:
    """The time of a locked visit still holds: it becomes sure when all that it needs is there."""
    later = look_at(slot, now=now)
    if visit.look_at is not None and visit.look_at < later:
        visit.look_at = later
        visit.save(update_fields=["look_at"])


def speak(visit: Visit, *, now: datetime) -> None:
    """Let somebody above hear now that no crew can come in time."""
    open_ = Promise.objects.still_open().filter(case=visit.case_id, due_at__gt=now)
    about = open_.filter(visits=visit).first() or open_.order_by("due_at").first()
    if about is not None:
        rosters = Rosters(now=now)
        escalation.speak_now([about.pk], role=Role.LEAD, reason=Reason.NO_SLOT, rosters=rosters)


def none_is_free(visit: Visit, instead_of: int | None, *, now: datetime) -> None:
    """No crew can come: somebody above hears it now, of what the customer is promised instead.

    :param instead_of: the word that the visit before was to keep. It is broken now by that visit:
        who knows it does not wait until its time has passed, with a second apology.
    """
    if instead_of is not None:
        promises.lock_open(instead_of)
        rosters, failed = Rosters(now=now), visit.follows_id
        breaking.break_locked([instead_of], now=now, rosters=rosters, by_visit=failed)
    promises.never_silent(visit.case, now=now)
    speak(visit, now=now)


def visit_word(
    visit: Visit, slot: Slot, *, by: Staff | None, channel: Channel, now: datetime
) -> Word:
    """The word that we come in the window of a slot."""
    return Word(
        kind=PromiseKind.VISIT,
        words=visit_words.word(visit.case, visit.what),
        speaker=Speaker.PERSON if by else Speaker.SYSTEM,
        speaker_name=by.name if by else "Makegood",
        said_by=by.pk if by else None,
        channel=channel,
        said_at=now,
        earliest_at=slot.opens_at,
        due_at=slot.closes_at,
        trace=(f"Held by crew {slot.crew.name}.",),
    )


def tell_of_next(visit: Visit, *, now: datetime) -> None:
    """Owe the customer the time of a visit that follows one at which they were not met."""
    slot = crew_times.live_slot(visit.pk)
    if slot is not None:
        owe(visit, _first_words(visit, slot), promise=visit.promise, now=now)
        return
    news = _news(visit, now=now)
    if _is_after(visit, Failing.NO_ACCESS):
        late = _came_late(visit)
        words = visit_words.not_let_in_unplaced(visit.case, news, is_late=late)
    else:
        words = visit_words.unplaced(visit.case, Cause.MISSED, news)
    owe(visit, words, promise=None, now=now)


def tell_none_is_free(visit: Visit, *, now: datetime) -> None:
    """Owe the customer by when they hear, as no time was free at the door."""
    news = _news(visit, now=now)
    owe(visit, visit_words.none_is_free(visit.case, news), promise=None, now=now)


def _news(visit: Visit, *, now: datetime) -> Promise:
    """When the customer hears next: as is promised already, if it is."""
    open_ = Promise.objects.still_open().filter(case=visit.case_id, kind=PromiseKind.NEWS)
    news = open_.filter(due_at__gt=now).order_by("due_at").first()
    return news or promises.promise_news(visit.case, now=now)


def owe(
    visit: Visit,
    words: str,
    *,
    promise: Promise | None,
    now: datetime,
    revision: PromiseRevision | None = None,
) -> None:
    """Owe the customer these words, once: by a letter if one can be written, else by the owner.

    What was owed of this visit before, and was not said, is owed no more.
    """
    forget(visit, now=now)
    duty = visit_words.queue(visit, words, promise=promise, now=now)
    tells = promise if revision is None else None
    draft = letters.Draft(words=words, tells=tells, revision=revision, duty=duty)
    with suppress(letters.LetterError, LetterStoppedError), transaction.atomic():
        letters.write(visit.case_id, draft, now=now)


def forget(visit: Visit, *, now: datetime) -> None:
    """Nothing is owed of this visit any more: what has not left does not leave."""
    waiting = visit_words.waiting(visit)
    letters.withdraw(waiting.values_list("pk", flat=True), now=now)
    waiting.delete()


def open_word(visit: Visit) -> Promise | None:
    """The word of a visit while it is open."""
    return Promise.objects.still_open().filter(pk=visit.promise_id or 0).first()


def look_at(slot: Slot, *, now: datetime) -> datetime:
    """When the clock looks whether a visit can be: the day before, or halfway there."""
    return max(visits.gate_at(slot.opens_at), now + (slot.opens_at - now) / 2)


def _best(visit: Visit, ranked: tuple[Ranked, ...], change: Move) -> Ranked | None:
    if change.chosen is None:
        word = open_word(visit) if change.cause is Cause.CREW_AWAY else None
        return slots.best_beside(word.earliest_at if word else None, ranked)
    chosen = holding.at(ranked, change.chosen)
    if chosen is None:
        raise visits.SlotGoneError
    return chosen


def _write(visit: Visit, slot: Slot | None, *, now: datetime) -> None:
    visit.sequence += 1
    visit.confirmed_at = None
    visit.look_at = look_at(slot, now=now) if slot else now + visits.LOOK_AGAIN
    visit.save(update_fields=["sequence", "confirmed_at", "look_at"])


def _record(
    visit: Visit, before: Slot | None, slot: Slot | None, change: Move, *, now: datetime
) -> None:
    facts = {
        "visit": visit.pk,
        "cause": change.cause.value,
        "from": before.opens_at.isoformat() if before else None,
        "to_time": slot.opens_at.isoformat() if slot else None,
        "why": slot.why if slot else [],
        "by": change.by.pk if change.by else None,
    }
    kind = "visit_moved" if slot else "visit_unplaced"
    timeline.append(case_id=visit.case_id, kind=kind, at=now, now=now, facts=facts)


def _look_later(visit: Visit, *, now: datetime) -> None:
    """It had no time and has none: nothing is new, nobody waits for anybody, and it was said."""
    visit.look_at = now + visits.LOOK_AGAIN
    visit.save(update_fields=["look_at"])


def _unplaced(visit: Visit, change: Move, *, now: datetime) -> None:
    news = promises.promise_news(visit.case, now=now)
    owe(visit, visit_words.unplaced(visit.case, change.cause, news), promise=None, now=now)
    speak(visit, now=now)


def _words(visit: Visit, slot: Slot, change: Move, before: Slot | None) -> str:
    """Why it moves; whoever knows that it had no time hears only that it has one now."""
    is_ready = change.cause is not Cause.NOT_READY
    if before is not None and not is_ready and _lacks_only_access(visit, before):
        return visit_words.nobody_lets_us_in(visit.case, slot)
    if before is not None:
        return visit_words.moved(visit.case, slot, change.cause)
    if not _is_news_to_them(visit):
        return visit_words.found(visit.case, slot)
    if slot.number == 1:
        return _first_words(visit, slot)
    return visit_words.moved(visit.case, slot, change.cause)


def _first_words(visit: Visit, slot: Slot) -> str:
    """The first time of a visit, and why there is another visit if nobody was met at the last."""
    if _is_after(visit, Failing.NO_ACCESS):
        return visit_words.not_let_in(visit.case, slot, is_late=_came_late(visit))
    if _is_after(visit, Failing.MISSED):
        return visit_words.moved(visit.case, slot, Cause.MISSED)
    return visit_words.found(visit.case, slot)


def _is_after(visit: Visit, failing: Failing) -> bool:
    return visit.follows is not None and visit.follows.failing == failing


def _came_late(visit: Visit) -> bool:
    """Whether the word of the visit before was broken when somebody came."""
    return Promise.objects.filter(visits__followed_by=visit, outcome=Outcome.BROKEN).exists()


def _lacks_only_access(visit: Visit, before: Slot) -> bool:
    return visits.missing(crew_times.needs_of(visit, before)) == (Missing.ACCESS,)


def _is_news_to_them(visit: Visit) -> bool:
    """Whether nobody has told them that it had no time, and no letter has left that says so."""
    left = Letter.objects.filter(handed_at__isnull=False).values("duty")
    return visit_words.waiting(visit).exclude(pk__in=left.filter(duty__isnull=False)).exists()


def _lost_for(visit: Visit) -> Cause | None:
    """Why a visit without a time has lost the last one; None if it never had any."""
    last = visit.slots.order_by("number").last()
    return Cause(last.cause) if last is not None else None


def _give_word(visit: Visit, slot: Slot, words: str, change: Move, *, now: datetime) -> None:
    """A new date for the word that was given, or a new word where that has ended."""
    word, revision = open_word(visit), None
    if word is None or word.due_at < now:
        fresh = visit_word(visit, slot, by=None, channel=Channel.WEB, now=now)
        visit.promise = promises.promise_from_page(visit.case, fresh, now=now)
        visit.save(update_fields=["promise"])
    elif (word.earliest_at, word.due_at) == (slot.opens_at, slot.closes_at):
        forget(visit, now=now)  # another crew comes at the very time that was promised
        return
    else:
        revision = promises.decide_locked(
            promises.lock_open(word.pk),
            due_at=slot.closes_at,
            earliest_at=slot.opens_at,
            cause=CAUSES[change.cause],
            by=change.by,
            now=now,
        )
    if change.is_with_them:
        forget(visit, now=now)
        visit_words.queue(visit, words, promise=visit.promise, now=now)
        return
    owe(visit, words, promise=visit.promise, revision=revision, now=now)


def _is_in_time(visit: Visit, slot: Slot, before: Slot | None, *, now: datetime) -> bool:
    since = _first_had(visit, before).opens_at if before else now
    severity = Severity(visit.case.severity)
    return slots.is_in_time(slot.opens_at, since=since, severity=severity)


def _first_had(visit: Visit, before: Slot) -> Slot:
    """The time from which slips add up: the first one, or the one that somebody chose last."""
    had = list(visit.slots.filter(number__lte=before.number).order_by("number"))
    chosen = (new for old, new in pairwise(had) if old.cause == Cause.PLANNED)
    return [had[0], *chosen][-1]


def a_day_later(visit: Visit, ready: datetime | None) -> datetime | None:
    """From when on a visit can be that could not be on its day: at least a day later."""
    slot = crew_times.live_slot(visit.pk)
    if ready is None or slot is None:
        return ready
    return max(ready, slot.opens_at + timedelta(days=1))
