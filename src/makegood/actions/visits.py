"""What can happen to a visit before its day: booked, moved, chosen, told, made sure, called off."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.actions import (
    askings,
    cases,
    contacts,
    holding,
    moving,
    promises,
    replies,
    timeline,
    unended,
    visit_access,
    visit_letters,
    visit_words,
)
from makegood.actions.choices import CHOSEN, ChoiceGoneError
from makegood.actions.drafts import Word
from makegood.actions.moving import Move
from makegood.actions.replies import Effect, Sender
from makegood.actions.spoken import ALOUD
from makegood.records import crew_times
from makegood.records.models import (
    Case,
    Diagnosis,
    Message,
    Promise,
    PromiseRevision,
    ReplyKind,
    Staff,
    Visit,
)
from makegood.rules import visits
from makegood.rules.promises import (
    Channel,
    ClosedCaseError,
    EvidenceMissingError,
    NotYetHappenedError,
)
from makegood.rules.visits import Access, Cause, NoSlotError, VisitEndedError, VisitOutcome

AGREED = "The customer agreed to this time on their page."
LETS_IN = "The customer says on their page that somebody will let us in."


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """What a visit is for. Without a chosen time it takes the best for the customer.

    `is_heard`: whether the customer is there to hear the time, or has yet to be told.
    """

    what: str
    diagnosis: int | None = None
    skill: str = ""
    access: Access = Access.NOT_NEEDED
    chosen: datetime | None = None
    channel: Channel = Channel.PHONE
    follows: int | None = None
    is_heard: bool = True


@transaction.atomic
def book_visit(case_id: int, booking: Booking, *, by: Staff, now: datetime) -> Visit:
    """Hold a time for a visit and promise it to the customer, who is on the line.

    :raises ClosedCaseError: if the case is closed.
    :raises NoSlotError: if no crew that can do it has a free time, or nobody knows when its part
        comes.
    :raises NoCrewError: if there is no such crew.
    :raises PartUnknownError, SlotGoneError: if the chosen time cannot be.
    """
    visit = place_visit(case_id, booking, by=by, now=now)
    if visit.promise_id is None:
        _check_there_is_a_crew(visit)
        raise NoSlotError(NoSlotError.__doc__)
    if booking.channel in ALOUD:
        visit_letters.agreed(visit, by=by, now=now)
    return visit


@transaction.atomic
def place_visit(
    case_id: int,
    booking: Booking,
    *,
    by: Staff | None,
    now: datetime,
    instead_of: int | None = None,
) -> Visit:
    """As `book_visit`; where no time is free, the visit waits for one and somebody above hears it.

    :param instead_of: the promise that this one replaces with the customer's agreement; where no
        time is free, it is broken by the visit that failed.
    :raises ClosedCaseError: if the case is closed.
    :raises NoCrewError, PartUnknownError, SlotGoneError: if the chosen time cannot be.
    """
    case = cases.lock(case_id)
    if case.closed_at is not None:
        raise ClosedCaseError(f"Case {case.reference} is closed; reopen it first.")
    visit = _create(case, booking, by=by, now=now)
    ready = visits.ready_from(crew_times.part_of(visit), now=now)
    ranked = holding.find(visit, since=ready) if ready else ()
    best = holding.at(ranked, booking.chosen) if booking.chosen else next(iter(ranked), None)
    if booking.chosen and best is None:
        _check_there_is_a_crew(visit)
        raise visits.SlotGoneError if ready else visits.PartUnknownError
    if best is None:
        moving.none_is_free(visit, instead_of, now=now)
        return visit
    slot = holding.hold(visit, best, by=by, now=now)
    says = by if booking.is_heard else None
    word = moving.visit_word(visit, slot, by=says, channel=booking.channel, now=now)
    visit.promise = _promise(case, word, instead_of, by=says, now=now)
    visit.look_at = moving.look_at(slot, now=now)
    visit.save(update_fields=["promise", "look_at"])
    moving.settle(visit, slot, now=now)
    return visit


@transaction.atomic
def move_visit(
    visit_id: int,
    *,
    chosen: datetime | None,
    by: Staff,
    now: datetime,
    is_with_them: bool = False,
) -> Visit:
    """Give a visit another time; it counts once the customer was told.

    :param is_with_them: whether the customer is there, so that no letter need tell them.
    :raises VisitEndedError: if it has ended, or the crew is there.
    :raises PartUnknownError, SlotGoneError: if the chosen time cannot be.
    """
    visit = _lock_before_arrival(visit_id)
    since = visits.ready_from(crew_times.part_of(visit), now=now)
    change = Move(cause=Cause.PLANNED, since=since, by=by, chosen=chosen, is_with_them=is_with_them)
    if chosen is not None and since is None:
        raise visits.PartUnknownError
    moving.move(visit, change, now=now)
    return visit


@transaction.atomic
def cancel_visit(visit_id: int, *, evidence: str, by: Staff, now: datetime) -> Visit:
    """Call a visit off because the customer no longer wants it; we never do so by ourselves.

    :raises VisitEndedError: if it has ended, or the crew is there.
    :raises EvidenceMissingError: if nothing says how we know.
    :raises ToldTooLateError: if its time has passed.
    """
    visit = _lock_before_arrival(visit_id)
    open_ = moving.open_word(visit)
    end(visit, VisitOutcome.CANCELLED, note=evidence, by=by, now=now)
    if open_ is not None:
        locked = promises.lock_open(open_.pk)
        promises.release_locked(locked, at=now, evidence=evidence, by=by, now=now)
    visit_letters.called_off(visit, by=by, now=now)
    askings.look(visit.case, now=now)
    return visit


@transaction.atomic
def tell(message_id: int, *, at: datetime, channel: Channel, evidence: str, now: datetime) -> None:
    """Record the proof that the customer was told what is owed of a visit.

    For whatever tells: a person on the phone, a mail that was delivered. Where the word broke
    before they heard of the new time, that time is promised from now on.

    :raises AlreadySaidError: if it was said before, or another message has taken its place.
    :raises EvidenceMissingError: if there is no proof.
    :raises NotYetHappenedError: if the telling lies in the future, or before it was owed.
    :raises PromiseError: as `promises.record_told`.
    """
    message = Message.objects.filter(pk=message_id, said_at=None).first()
    if message is None:
        raise contacts.AlreadySaidError(contacts.AlreadySaidError.__doc__)
    _check_telling(message, at=at, evidence=evidence, now=now)
    pending = pending_revision(message.promise_id)
    if pending is not None:
        promises.record_told(
            revision_id=pending.pk, at=at, channel=channel, evidence=evidence, now=now
        )
        return
    cases.lock(message.case_id)
    if not Message.objects.filter(pk=message.pk, said_at=None).exists():
        raise contacts.AlreadySaidError(contacts.AlreadySaidError.__doc__)
    _promise_what_they_hear(message, at=at, channel=channel, now=now)
    visit_words.say(message, at=at, channel=channel, now=now)
    facts = {"message": message_id, "about": message.about, "channel": channel.value}
    timeline.append(
        case_id=message.case_id, kind="visit_said", at=at, now=now, facts=facts, words=evidence
    )


def choose_time(sender: Sender, visit_id: int, opens: datetime, *, now: datetime) -> bool:
    """The customer chooses another time on their page. False if that was taken before.

    :raises ChoiceGoneError: if it is not, or no longer, theirs to choose.
    :raises ToldTooLateError: if the time that was promised has passed.
    :raises TooManyRepliesError: if too much came by this link within the hour.
    """

    def act(case: Case) -> Effect:
        visit = _own(case, visit_id)
        since = visits.ready_from(crew_times.part_of(visit), now=now)
        chosen = holding.at(holding.find(visit, since=since), opens) if since else None
        if chosen is None:
            raise ChoiceGoneError(ChoiceGoneError.__doc__)
        contact = replies.touch(case, CHOSEN, now=now)
        visit_access.let_in(visit, by=None, now=now)  # who chooses a time will be there
        holding.release(visit, cause=Cause.PLANNED, now=now)
        slot = holding.hold(visit, chosen, by=None, now=now)
        word = moving.visit_word(visit, slot, by=None, channel=Channel.WEB, now=now)
        before, visit.promise = visit.promise_id, _agreed(visit, word, now=now)
        _anew(visit, look_at=moving.look_at(slot, now=now))
        moving.forget(visit, now=now)
        _record_choice(visit, opens, now=now)
        moving.settle(visit, slot, now=now)
        visit_letters.agreed(visit, by=None, now=now)
        return Effect(contact=contact, promise=visit.promise, about=before)

    content = (str(visit_id), opens.isoformat())
    return replies.take(sender, ReplyKind.CHOICE, content, act, now=now)


def agree(sender: Sender, visit_id: int, opens: datetime, *, now: datetime) -> bool:
    """The customer says on their page that the new time suits. False if that was taken before.

    Where somebody has to let us in, they say by it that somebody will, also of a time that they
    know.

    :raises ChoiceGoneError: if there is nothing to agree to any more, or it has moved again.
    :raises ToldTooLateError: if the time that was promised has passed.
    :raises TooManyRepliesError: if too much came by this link within the hour.
    """

    def act(case: Case) -> Effect:
        visit = _own(case, visit_id)
        owed, slot = visit_words.waiting(visit).first(), crew_times.live_slot(visit.pk)
        is_asked = owed is not None or visit.access == Access.ASKED
        if not is_asked or slot is None or slot.opens_at != opens:
            raise ChoiceGoneError(ChoiceGoneError.__doc__)
        contact = replies.touch(case, AGREED if owed else LETS_IN, now=now)
        visit_access.let_in(visit, by=None, now=now)
        moving.settle(visit, slot, now=now)
        if owed is not None:
            tell(owed.pk, at=now, channel=Channel.WEB, evidence=AGREED, now=now)
        return Effect(contact=contact, about=visit.promise_id)

    content = (str(visit_id), opens.isoformat())
    return replies.take(sender, ReplyKind.SUITS, content, act, now=now)


def end(
    visit: Visit,
    outcome: VisitOutcome,
    *,
    note: str,
    by: Staff | None,
    now: datetime,
    failing: str = "",
) -> None:
    """Write how a locked visit ended; unless it was done, its crew is free again."""
    visit.outcome, visit.failing, visit.note = outcome.value, failing, note[:300]
    visit.ended_at, visit.ended_by, visit.look_at = now, by, None
    visit.sequence += 1
    visit.save(
        update_fields=["outcome", "failing", "note", "ended_at", "ended_by", "look_at", "sequence"]
    )
    if outcome is not VisitOutcome.DONE:
        holding.release(visit, cause=None, now=now)
    moving.forget(visit, now=now)
    unended.answered(visit, by=by, now=now)
    facts = {"visit": visit.pk, "failing": failing, "by": by.pk if by else None}
    timeline.append(
        case_id=visit.case_id,
        kind=f"visit_{outcome.value}",
        at=now,
        now=now,
        facts=facts,
        words=note,
    )


def pending_revision(promise_id: int | None) -> PromiseRevision | None:
    """The new time of an open promise that the customer has not been told yet."""
    untold = PromiseRevision.objects.filter(promise=promise_id, promise__outcome=None, told_at=None)
    last = untold.select_related("promise").order_by("-number").first()
    return last if last and last.old_due_at == last.promise.due_at else None


def _check_there_is_a_crew(visit: Visit) -> None:
    if not crew_times.crews_for(visit.skill, visit.case.customer.postcode):
        raise visits.NoCrewError


def _create(case: Case, booking: Booking, *, by: Staff | None, now: datetime) -> Visit:
    diagnosis = None
    if booking.diagnosis is not None:
        diagnosis = Diagnosis.objects.get(pk=booking.diagnosis, case=case)
    visit = Visit.objects.create(
        case=case,
        diagnosis=diagnosis,
        follows_id=booking.follows,
        what=booking.what,
        skill=booking.skill,
        access=booking.access.value,
        booked_at=now,
        booked_by=by,
        look_at=now + visits.LOOK_AGAIN,
    )
    facts = {"visit": visit.pk, "by": by.pk if by else None}
    timeline.append(
        case_id=case.pk, kind="visit_booked", at=now, now=now, facts=facts, words=booking.what
    )
    return visit


def _promise(
    case: Case, word: Word, instead_of: int | None, *, by: Staff | None, now: datetime
) -> Promise:
    if instead_of is not None:
        locked = promises.lock_open(instead_of)
        evidence = "Agreed with the customer on the spot."
        return promises.replace_locked(locked, word, evidence=evidence, by=by, now=now)
    if by is None:
        return promises.promise_from_page(case, word, now=now)
    return promises.make_promise(case.pk, word, now=now)


def _check_telling(message: Message, *, at: datetime, evidence: str, now: datetime) -> None:
    if not evidence.strip():
        raise EvidenceMissingError("Say how we know that the customer was told.")
    if not message.queued_at <= at <= now:
        raise NotYetHappenedError("The customer was told between the moment it was owed and now.")


def _promise_what_they_hear(
    message: Message, *, at: datetime, channel: Channel, now: datetime
) -> None:
    """Promise the time that a locked case's customer has heard, if the word before is broken."""
    broken = message.promise
    if broken is None or broken.outcome is None:
        return
    visit = Visit.objects.filter(promise=broken, outcome=None, arrived_at=None).first()
    slot = crew_times.live_slot(visit.pk) if visit is not None else None
    if visit is None or slot is None or slot.closes_at <= now:
        return
    word = moving.visit_word(visit, slot, by=None, channel=channel, now=at)
    visit.promise = message.promise = promises.make_promise(visit.case_id, word, now=now)
    visit.save(update_fields=["promise"])
    message.save(update_fields=["promise"])


def _agreed(visit: Visit, word: Word, *, now: datetime) -> Promise:
    before = moving.open_word(visit)
    if before is None:
        return promises.promise_from_page(visit.case, word, now=now)
    locked = promises.lock_open(before.pk)
    return promises.replace_locked(locked, word, evidence=CHOSEN, by=None, now=now)


def _anew(visit: Visit, *, look_at: datetime) -> None:
    visit.look_at, visit.confirmed_at = look_at, None
    visit.sequence += 1
    visit.save(update_fields=["promise", "look_at", "confirmed_at", "sequence"])


def _record_choice(visit: Visit, opens: datetime, *, now: datetime) -> None:
    facts = {"visit": visit.pk, "to_time": opens.isoformat()}
    timeline.append(case_id=visit.case_id, kind="visit_chosen", at=now, now=now, facts=facts)


def _own(case: Case, visit_id: int) -> Visit:
    """A visit of this case that the customer can still decide about."""
    rows = Visit.objects.filter(case=case, outcome=None, arrived_at=None)
    if not rows.filter(pk=visit_id).exists():
        raise ChoiceGoneError(ChoiceGoneError.__doc__)
    return moving.lock_with(case.pk, visit_id)


def _lock_before_arrival(visit_id: int) -> Visit:
    visit = moving.lock(visit_id)
    if visit.arrived_at is not None:
        raise VisitEndedError("The crew is there already; end the visit instead.")
    return visit
