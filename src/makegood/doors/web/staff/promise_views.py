"""What the desk does to promises: each view checks the door, and makes one call."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.actions import callbacks, promises, spoken
from makegood.actions.drafts import Word
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.refusals import RepeatedError
from makegood.doors.web.staff import acts
from makegood.doors.web.staff.desk import zone_of
from makegood.doors.web.staff.fields import DeskForm
from makegood.doors.web.staff.performing import perform
from makegood.doors.web.staff.undoing import Done
from makegood.queries import answers, call_attempts
from makegood.records.models import PromiseKind
from makegood.rules.attempts import Attempt
from makegood.rules.promises import Channel, Outcome, Speaker
from makegood.rules.roles import Right


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def make(request: StaffRequest, reference: str) -> HttpResponse:
    """Give the customer a new word."""
    case = access.case(request, reference)
    act = acts.make(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        word = word_of(request, act.form, typed)
        if answers.is_same_promise_open(case.pk, words=word.words, due_at=word.due_at):
            raise RepeatedError(_("These very words are promised for that time already."))
        spoken.make_promise(case.pk, word, by=request.user, now=request.now)
        return Done(
            says=_("Promised. The customer sees it on their page."),
            stays=_(
                "A word that was given stands. If it was wrong, tell the customer and replace it."
            ),
        )

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def keep(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Record that a promise was kept, by evidence."""
    promise = access.promise(request, promise_id)
    act = acts.keep(request, promise, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        settled = promises.keep_promise(
            promise_id=promise.pk,
            at=act.form.moment("at", now=request.now, not_before=promise.said_at),
            evidence=typed["evidence"],
            by=request.user,
            now=request.now,
        )
        if settled.outcome == Outcome.BROKEN:
            return Done(
                says=_(
                    "It was done after its time, so it is recorded as broken. An apology is owed."
                ),
                stays=_("A promise broke at its due time, whoever records it."),
            )
        says = _("Kept: “%(words)s”") % {"words": promise.words}
        return Done(says=says, undo=("kept", str(promise.pk)))

    return perform(request, promise.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def rang(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Record that we rang as promised, and nobody answered."""
    promise = access.promise(request, promise_id)
    act = acts.rang(request, promise, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        at = act.form.moment("at", now=request.now, not_before=promise.said_at)
        attempt = Attempt(at=at, left_message=typed["left_message"])
        callbacks.record_unanswered(promise.pk, attempt, by=request.user, now=request.now)
        return Done(
            says=call_attempts.what_next(promise, zone=zone_of(request)),
            stays=_("If you did not ring them, say so in a contact."),
        )

    return perform(request, promise.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def move(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Decide on a new date."""
    promise = access.promise(request, promise_id)
    act = acts.move(request, promise, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        if answers.is_same_date_decided(promise.pk, due_at=typed["due_at"]):
            raise RepeatedError(_("This date was decided already. Tell the customer, and say so."))
        promises.decide_revision(
            promise_id=promise.pk,
            due_at=typed["due_at"],
            earliest_at=typed.get("earliest_at"),
            cause=typed["cause"],
            by=request.user,
            now=request.now,
        )
        return Done(
            says=_(
                "Decided. Now tell the customer, before the old time passes, and record it here."
            ),
            stays=_(
                "Until the customer was told, the old time stands; decide another date if not."
            ),
        )

    return perform(request, promise.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def tell(request: StaffRequest, revision_id: int) -> HttpResponse:
    """Record that the customer was told of a new date."""
    revision = access.revision(request, revision_id)
    act = acts.tell(request, revision, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        promises.record_told(
            revision_id=revision.pk,
            at=act.form.moment("at", now=request.now, not_before=revision.decided_at),
            channel=Channel(typed["channel"]),
            evidence=typed["evidence"],
            now=request.now,
        )
        return Done(
            says=_("The date has moved."),
            stays=_("The customer has heard this date. If it was wrong, tell them another one."),
        )

    return perform(request, revision.promise.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def release(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Record that the customer released the company."""
    promise = access.promise(request, promise_id)
    act = acts.release(request, promise, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        promises.release_promise(
            promise_id=promise.pk,
            at=act.form.moment("at", now=request.now, not_before=promise.said_at),
            evidence=typed["evidence"],
            by=request.user,
            now=request.now,
        )
        return Done(says=_("Released by the customer."), stays=_settled_for_good())

    return perform(request, promise.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def replace(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Record that the customer agreed to another promise instead."""
    promise = access.promise(request, promise_id)
    act = acts.replace(request, promise, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        spoken.replace_promise(
            promise,
            word_of(request, act.form, typed),
            evidence=typed["agreed"],
            by=request.user,
            now=request.now,
        )
        return Done(says=_("Replaced by the new promise."), stays=_settled_for_good())

    return perform(request, promise.case, act, do)


def _settled_for_good() -> str:
    return _("A promise is settled once. If it was a mistake, promise it anew.")


def word_of(request: StaffRequest, form: DeskForm, typed: dict[str, Any]) -> Word:
    """The word that a form gives, which the reader has filled in."""
    return Word(
        kind=PromiseKind(typed["kind"]),
        words=typed["words"],
        speaker=Speaker.PERSON,
        speaker_name=request.user.name,
        said_by=request.user.pk,
        channel=Channel(typed["channel"]),
        said_at=form.moment("said_at", now=request.now),
        due_at=typed["due_at"],
        earliest_at=typed.get("earliest_at"),
        precision=typed["precision"],
    )
