"""The day of a visit: we come, it is done, or it fails and nobody leaves without the next time."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.actions import (
    askings,
    contacts,
    moving,
    parts,
    promises,
    timeline,
    unended,
    visit_letters,
    visits,
)
from makegood.actions.contacts import Touch
from makegood.actions.moving import Move
from makegood.actions.visits import Booking
from makegood.language import choice
from makegood.records import crew_times
from makegood.records.models import (
    Case,
    Direction,
    Message,
    MessageKind,
    Staff,
    Visit,
)
from makegood.rules import visits as rules
from makegood.rules.promises import Channel, NotYetHappenedError
from makegood.rules.visits import Access, Cause, Failing, VisitOutcome

OURS = frozenset({Failing.WRONG_PART, Failing.MORE_WORK})
"""What we acknowledge as our fault on the spot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Why a visit cannot do what it was for, and what it has cost the customer.

    `part` is the one that is needed after all, if it is another one; `chosen` the next time, as
    the customer chose it; `words` how it was acknowledged, or noted where it is not ours.
    """

    failing: Failing
    minutes: int = 0
    words: str = ""
    part: int | None = None
    chosen: datetime | None = None
    note: str = ""


@transaction.atomic
def arrive(visit_id: int, *, at: datetime, by: Staff, now: datetime) -> Visit:
    """The crew is with the customer: that keeps the word that we come, if it was in time.

    :raises VisitEndedError: if it has ended.
    :raises NotYetHappenedError: if that lies ahead, or before the visit was promised.
    """
    visit = moving.lock(visit_id)
    if visit.arrived_at is not None:
        return visit
    if not visit.booked_at <= at <= now:
        raise NotYetHappenedError("Nobody arrives before the visit was booked, nor after now.")
    visit.arrived_at = at
    visit.look_at = unended.ask_at(visit)
    visit.save(update_fields=["arrived_at", "look_at"])
    facts = {"visit": visit.pk, "by": by.pk}
    timeline.append(case_id=visit.case_id, kind="visit_arrived", at=at, now=now, facts=facts)
    moving.forget(visit, now=now)  # nobody hears of another time while somebody is there
    _keep(visit, at=at, by=by, now=now)
    return visit


@transaction.atomic
def finish(visit_id: int, *, note: str, by: Staff, now: datetime) -> Visit:
    """What the visit was for is done.

    :raises VisitEndedError: if it has ended.
    """
    visit = arrive(visit_id, at=now, by=by, now=now)
    visits.end(visit, VisitOutcome.DONE, note=note, by=by, now=now)
    askings.look(visit.case, now=now)
    return visit


@transaction.atomic
def fail(visit_id: int, fault: Fault, *, by: Staff, now: datetime) -> Visit:
    """End a visit that could not do what it was for; returns the next one, which is held.

    The fault is acknowledged, the minutes that it cost the customer are recorded, the right part
    is on order, and the next time is promised and sent in writing, in one transaction. Where no
    crew is free, somebody above hears it now, and the next visit waits for its time. Where nobody
    was there, the word that we come is kept, and who has yet to hear the next time is told of it.

    :raises VisitEndedError: if it has ended.
    :raises TooEarlyError: if nobody could let us in, before the time that was promised.
    :raises SlotGoneError: if the chosen time is not free.
    :raises ClosedCaseError: if the case is closed.
    :raises StoppedError: if what was said is not true.
    """
    visit = moving.lock(visit_id)
    _check_not_too_early(visit, fault, now=now)
    _note_arrival(visit, fault, by=by, now=now)
    _touch(visit, fault, by=by, now=now)
    needed = parts.needed_next(visit)
    diagnosis = needed.pk if needed else None
    if fault.failing is Failing.WRONG_PART:
        diagnosis = parts.order_again(visit, part_id=fault.part, by=by, now=now)
    note = _note_of(fault)
    visits.end(visit, VisitOutcome.FAILED, note=note, by=by, now=now, failing=fault.failing)
    is_heard = fault.failing in OURS
    booking = Booking(
        what=visit.what,
        diagnosis=diagnosis,
        skill=visit.skill,
        access=Access.ASKED if fault.failing is Failing.NO_ACCESS else Access(visit.access),
        chosen=fault.chosen,
        channel=Channel.IN_PERSON if is_heard else Channel.WEB,
        follows=visit.pk,
        is_heard=is_heard,
    )
    old = _word_to_end(visit, fault, by=by, now=now)
    following = visits.place_visit(visit.case_id, booking, by=by, now=now, instead_of=old)
    if not is_heard:
        moving.tell_of_next(following, now=now)
        return following
    # Last, since who says sorry a second time needs a new date.
    acknowledge(visit, fault, is_ordered=diagnosis is not None, by=by, now=now)
    if crew_times.live_slot(following.pk) is None:
        moving.tell_none_is_free(following, now=now)
    else:
        visit_letters.come_again(following, by=by, now=now)
    return following


@transaction.atomic
def look(visit_id: int, *, now: datetime) -> None:
    """What the clock does with a visit whose moment to be looked at has come."""
    visit = _locked_if_due(visit_id, now=now)
    if visit is None:
        return
    slot = crew_times.live_slot(visit.pk)
    if visit.arrived_at is not None:
        unended.look(visit, now=now)
    elif slot is not None and now >= rules.missed_at(slot.closes_at):
        _miss(visit, now=now)
    elif slot is not None and not crew_times.is_kept(slot):
        since = rules.ready_from(crew_times.part_of(visit), now=now)
        moving.move(visit, Move(cause=Cause.CREW_AWAY, since=since), now=now)
    elif slot is not None and moving.settle(visit, slot, now=now):
        Visit.objects.filter(pk=visit.pk).update(look_at=rules.missed_at(slot.closes_at))
    else:
        ready = rules.ready_from(crew_times.part_of(visit), now=now)
        since = moving.a_day_later(visit, ready)
        moving.move(visit, Move(cause=Cause.NOT_READY, since=since), now=now)


def due(*, now: datetime, limit: int) -> list[int]:
    """The visits to be looked at by now, those longest due first."""
    rows = Visit.objects.filter(look_at__lte=now, outcome=None).order_by("look_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def postpone(visit_id: int, *, now: datetime) -> None:
    """Look again later, after it failed."""
    Visit.objects.filter(pk=visit_id, look_at__isnull=False).update(look_at=now + rules.NOTICE)


def words_at_the_door(case: Case, failing: Failing, *, has_chosen: bool, is_ordered: bool) -> str:
    """What can be said where a visit fails, in the customer's language.

    :param has_chosen: whether the customer chose the next time; where no crew is free, none can.
    :param is_ordered: whether the right part is on order; where nobody knows which, none is.
    """
    with choice.speaking(case.customer.language):
        if failing is Failing.NO_ACCESS:
            return _("Nobody could let me in. We come again, and you can choose another time.")
        ours = (
            _(
                "Your repair needs more than we had planned. We should have known that before, and "
                "it has cost you your time. I am sorry."
            )
            if failing is Failing.MORE_WORK
            else _(
                "I have come without what your repair needs. That is our mistake, not yours, and "
                "it has cost you your time. I am sorry."
            )
        )
        said = [ours]
        if failing is Failing.WRONG_PART and is_ordered:
            said.append(_("I have ordered the right part."))
        if has_chosen:
            said.append(_("We come again at the time that you have just chosen."))
        return " ".join(said)


def acknowledge(visit: Visit, fault: Fault, *, is_ordered: bool, by: Staff, now: datetime) -> None:
    """Record that the fault was acknowledged to the customer's face."""
    ours = words_at_the_door(
        visit.case,
        fault.failing,
        has_chosen=fault.chosen is not None,
        is_ordered=is_ordered,
    )
    message = Message.objects.create(
        case_id=visit.case_id,
        kind=MessageKind.APOLOGY,
        about=f"visit:{visit.pk}:failed",
        queued_at=now,
    )
    contacts.record_said(
        message_id=message.pk,
        words=fault.words or ours,
        channel=Channel.IN_PERSON,
        at=now,
        by=by,
        now=now,
    )


def _miss(visit: Visit, *, now: datetime) -> None:
    """Nobody came: the next visit is placed before the customer has to ask."""
    visits.end(visit, VisitOutcome.FAILED, note="", by=None, now=now, failing=Failing.MISSED)
    booking = Booking(
        what=visit.what,
        diagnosis=visit.diagnosis_id,
        skill=visit.skill,
        access=Access(visit.access),
        channel=Channel.WEB,
        follows=visit.pk,
    )
    following = visits.place_visit(visit.case_id, booking, by=None, now=now)
    moving.tell_of_next(following, now=now)


def _check_not_too_early(visit: Visit, fault: Fault, *, now: datetime) -> None:
    """Nobody need be there before the time that we have promised."""
    if fault.failing is not Failing.NO_ACCESS:
        return
    slot, word = crew_times.live_slot(visit.pk), moving.open_word(visit)
    # The word's own time too: of an earlier one that the visit moved to they may not have heard.
    begins = [slot.opens_at if slot else None, word.earliest_at if word else None]
    if any(opens is not None and now < opens for opens in begins):
        raise rules.TooEarlyError


def _locked_if_due(visit_id: int, *, now: datetime) -> Visit | None:
    try:
        visit = moving.lock(visit_id)
    except rules.VisitEndedError:
        return None
    return visit if visit.look_at is not None and visit.look_at <= now else None


def _keep(visit: Visit, *, at: datetime, by: Staff, now: datetime) -> None:
    word = moving.open_word(visit)
    if word is None:
        return
    locked = promises.lock_open(word.pk)
    promises.settle_by_deed(
        locked, at=max(at, word.said_at), evidence=f"{by.name} came.", by=by, now=now
    )
    promises.never_silent(visit.case, now=now)


def _note_arrival(visit: Visit, fault: Fault, *, by: Staff, now: datetime) -> None:
    """Who says at the door that it cannot be done has come, but not with what was promised."""
    if visit.arrived_at is not None or fault.failing is Failing.MISSED:
        return
    visit.arrived_at = now
    visit.save(update_fields=["arrived_at"])
    facts = {"visit": visit.pk, "by": by.pk}
    timeline.append(case_id=visit.case_id, kind="visit_arrived", at=now, now=now, facts=facts)


def _touch(visit: Visit, fault: Fault, *, by: Staff, now: datetime) -> None:
    """What it cost the customer, and what they were told; at a closed door nobody heard a word."""
    is_heard = fault.failing is not Failing.NO_ACCESS
    if not is_heard and not fault.minutes:
        return
    touch = Touch(
        channel=Channel.IN_PERSON,
        direction=Direction.OUTBOUND,
        at=now,
        note=fault.note if is_heard else "",
        staff=by,
        other_minutes=fault.minutes,
    )
    contacts.record_contact(visit.case_id, touch, now=now)


def _note_of(fault: Fault) -> str:
    """What is noted of the visit: also what was written where nobody was there to be told."""
    words = "" if fault.failing in OURS else fault.words
    return "\n".join(filter(None, (fault.note, words)))


def _word_to_end(visit: Visit, fault: Fault, *, by: Staff, now: datetime) -> int | None:
    """The word of a visit that failed before its time: the next one takes its place, or breaks it.

    Who stood at a closed door in time has kept it; one whose time has passed is broken by then.
    Where nobody came at all, the clock breaks it.
    """
    word = moving.open_word(visit)
    if word is None or visit.arrived_at is None:
        return None
    if fault.failing is not Failing.NO_ACCESS and now <= word.due_at:
        return word.pk
    is_shut = fault.failing is Failing.NO_ACCESS
    evidence = f"{by.name} came{', and nobody could let us in' if is_shut else ''}."
    promises.settle_by_deed(promises.lock_open(word.pk), at=now, evidence=evidence, by=by, now=now)
    return None
