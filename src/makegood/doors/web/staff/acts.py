"""What can be done on a case: each act with its form, its address, and what it says it will do."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.doors import access
from makegood.doors.access import StaffRequest
from makegood.doors.web.staff import asking_acts, claim_acts, day_acts, forms, learning_acts
from makegood.doors.web.staff.act import Act
from makegood.doors.web.staff.desk import number_of, text_of, zone_of
from makegood.doors.web.staff.due_words import frame_at
from makegood.language import moments
from makegood.queries import answers, call_attempts, outlooks, people
from makegood.queries.outlooks import Suggestion
from makegood.records.models import (
    Case,
    Claim,
    Message,
    Promise,
    PromiseKind,
    PromiseRevision,
    Want,
)
from makegood.rules import roles
from makegood.rules.promises import Precision
from makegood.rules.roles import Right
from makegood.rules.severity import Function

BOARD = "word"
PROMISE = "make"
ON_OTHERS = {
    "handover": Right.HAND_OVER_OTHERS,
    "close": Right.CLOSE_OTHERS,
    "mistake": Right.CLOSE_OTHERS,
}
"""Acts that on somebody else's case need more than answering customers."""


def from_address(request: StaffRequest, case: Case) -> Act | None:
    """The act that the address asks to open, if it belongs to this case and is the reader's."""
    name = text_of(request, "act")
    build = _BUILDERS.get(name)
    if build is None or not may(request, case, name):
        return None
    try:
        return build(request, case, number_of(request, "on"))
    except Http404:
        return None


def may(request: StaffRequest, case: Case, name: str) -> bool:
    """Whether the reader may do an act on this case."""
    if name in {"part", "review"}:
        return roles.has(request.user.role, Right.END_WITHOUT_YES)
    others = ON_OTHERS.get(name)
    if others is None:
        return roles.has(request.user.role, Right.ANSWER_CUSTOMERS)
    return access.may_on_case(request, case, others=others)


def make(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """Give the customer a new word."""
    zone = ZoneInfo(case.customer.zone)
    hint = Suggestion()
    if data is None:  # what was typed needs no suggestion
        hint = outlooks.suggestion_for(case, now=request.now, zone=zone_of(request))
    form = forms.MakePromiseForm(
        data,
        zone=zone_of(request),
        due_zone=zone,
        frame_at=frame_at(request, case),
        name="make",
        initial={
            **_due(hint.due_at, zone=zone),
            "kind": answers.kind_needed_next(case.pk, function=Function(case.function)),
        },
    )
    return Act(
        name="make",
        target=case.pk,
        url=reverse("desk:make", args=[case.reference]),
        title=_("Make a promise"),
        says=_("It stands on the customer's page at once, and the clock watches it. ")
        + _clock_of(zone),
        submit=_("Promise it"),
        form=form,
        hints=hint.because,
    )


def _due(at: datetime | None, *, zone: ZoneInfo) -> dict[str, Any]:
    """The day and time that a form begins with; nothing known leaves them to the words."""
    local = at.astimezone(zone) if at else None
    return {"due_on": local.date(), "due_time": local.time()} if local else {}


def keep(request: StaffRequest, promise: Promise, data: QueryDict | None = None) -> Act:
    """A promise was kept."""
    tried = call_attempts.as_evidence(promise, zone=zone_of(request)) if _is_call(promise) else ""
    return Act(
        name="keep",
        target=promise.pk,
        url=reverse("desk:keep", args=[promise.pk]),
        title=_("Kept"),
        says=_("Done after its time, it counts as broken all the same."),
        submit=_("Record that it was kept"),
        form=forms.KeepForm(data, zone=zone_of(request), name="keep", initial={"evidence": tried}),
        back=_back(request, data),
    )


def rang(request: StaffRequest, promise: Promise, data: QueryDict | None = None) -> Act:
    """We rang, and nobody answered."""
    return Act(
        name="rang",
        target=promise.pk,
        url=reverse("desk:rang", args=[promise.pk]),
        title=_("Rang, no answer"),
        says=_("The promise stands. Two tries apart, and a message, make it kept."),
        submit=_("Record the try"),
        form=forms.RangForm(data, zone=zone_of(request), name="rang"),
        back=_back(request, data),
    )


def move(request: StaffRequest, promise: Promise, data: QueryDict | None = None) -> Act:
    """A new date."""
    zone = ZoneInfo(promise.zone)
    due = promise.due_at.astimezone(zone)
    clock = None if promise.precision == Precision.DATE else due.time()
    form = forms.MoveForm(
        data,
        zone=zone_of(request),
        due_zone=zone,
        name="move",
        initial={"due_on": due.date(), "due_time": clock},
    )
    return Act(
        name="move",
        target=promise.pk,
        url=reverse("desk:move", args=[promise.pk]),
        title=_("Move the date"),
        says=_(
            "The new date counts once the customer has heard it, before the old one passes. "
            "Until then the old one stands. "
        )
        + _clock_of(zone),
        submit=_("Decide on the new date"),
        form=form,
        back=_back(request, data),
    )


def tell(request: StaffRequest, revision: PromiseRevision, data: QueryDict | None = None) -> Act:
    """The customer was told of a new date."""
    return Act(
        name="tell",
        target=revision.promise_id,
        url=reverse("desk:tell", args=[revision.pk]),
        title=_("Told"),
        says=_("With this the date moves."),
        submit=_("Record that the customer was told"),
        form=forms.ToldForm(data, zone=zone_of(request), name="tell"),
    )


def release(request: StaffRequest, promise: Promise, data: QueryDict | None = None) -> Act:
    """The customer wants it no more."""
    return Act(
        name="release",
        target=promise.pk,
        url=reverse("desk:release", args=[promise.pk]),
        title=_("Released by the customer"),
        says=_("Only the customer can release us, and only before its time has passed."),
        submit=_("Record the release"),
        form=forms.ReleaseForm(data, zone=zone_of(request), name="release"),
    )


def replace(request: StaffRequest, promise: Promise, data: QueryDict | None = None) -> Act:
    """Another promise instead."""
    zone = ZoneInfo(promise.zone)
    form = forms.ReplaceForm(
        data,
        zone=zone_of(request),
        due_zone=zone,
        frame_at=frame_at(request, promise.case),
        name="replace",
        initial={"kind": promise.kind},
    )
    return Act(
        name="replace",
        target=promise.pk,
        url=reverse("desk:replace", args=[promise.pk]),
        title=_("Replace it by another promise"),
        says=_("The customer agreed to something else instead. Both stay visible. ")
        + _clock_of(zone),
        submit=_("Replace it"),
        form=form,
    )


def hand_over(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """Ask somebody else to own it."""
    form = forms.HandoverForm(
        data,
        zone=zone_of(request),
        name="handover",
        colleagues=people.colleagues(besides=case.owner_id),
        off_duty=people.off_duty(now=request.now),
    )
    return Act(
        name="handover",
        target=case.pk,
        url=reverse("desk:hand_over", args=[case.reference]),
        title=_("Hand over"),
        says=_("You stay the owner until they accept."),
        submit=_("Ask them"),
        form=form,
    )


def contact(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """A touch with the customer."""
    return Act(
        name="contact",
        target=case.pk,
        url=reverse("desk:contact", args=[case.reference]),
        title=_("Record a contact"),
        says=_("Its minutes and money count to the customer's effort."),
        submit=_("Record it"),
        form=forms.ContactForm(data, zone=zone_of(request), name="contact"),
    )


def apologise(request: StaffRequest, message: Message, data: QueryDict | None = None) -> Act:
    """An apology was said."""
    return Act(
        name="apologise",
        target=message.pk,
        url=reverse("desk:apologise", args=[message.pk]),
        title=_("Apology"),
        says=_("The words stand on the customer's page as you said them."),
        submit=_("Record that it was said"),
        form=forms.ApologyForm(data, zone=zone_of(request), name="apologise"),
        back=_back(request, data),
    )


def sorry(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """An apology was said that was not waited for."""
    return Act(
        name="sorry",
        target=case.pk,
        url=reverse("desk:sorry", args=[case.reference]),
        title=_("Apology"),
        says=_("The words stand on the customer's page as you said them."),
        submit=_("Record that it was said"),
        form=forms.ApologyForm(data, zone=zone_of(request), name="sorry"),
        back=_back(request, data),
    )


def close(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """The customer says it is right."""
    form = forms.CloseForm(
        data,
        zone=zone_of(request),
        name="close",
        contacts=answers.recent_answers(case.pk, now=request.now, zone=zone_of(request)),
    )
    return Act(
        name="close",
        target=case.pk,
        url=reverse("desk:close", args=[case.reference]),
        title=_("Close the case"),
        says=_("A case closes by the customer's answer that it is right, never by ours."),
        submit=_("Close by the customer's answer"),
        form=form,
    )


def reopen(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """The customer says it is not right after all."""
    return Act(
        name="reopen",
        target=case.pk,
        url=reverse("desk:reopen", args=[case.reference]),
        title=_("Open it again"),
        says=_("It keeps its owner, and the customer is promised at once when they will hear."),
        submit=_("Open it again"),
        form=forms.ReopenForm(data, zone=zone_of(request), name="reopen"),
    )


def _is_call(promise: Promise) -> bool:
    return promise.kind == PromiseKind.CALLBACK


def _clock_of(zone: ZoneInfo) -> str:
    """On whose clock a due time is typed."""
    return _("Due times are the customer's: %(zone)s.") % {"zone": moments.zone_in_words(zone)}


def _back(request: StaffRequest, data: QueryDict | None) -> str:
    """Where to go afterwards: to the board, if one came from there, or on to a promise."""
    given = (data or request.GET).get("back", "")
    return given if given in {BOARD, PROMISE} else ""


_Builder = Callable[[StaffRequest, Case, int], Act]


def _on_case(build: Callable[[StaffRequest, Case], Act]) -> _Builder:
    return lambda request, case, _target: build(request, case)


def _on_promise(build: Callable[[StaffRequest, Promise], Act]) -> _Builder:
    def open_(request: StaffRequest, case: Case, target: int) -> Act:
        promise = access.promise(request, target)
        if promise.case_id != case.pk:
            raise Http404
        return build(request, promise)

    return open_


def _on_want(build: Callable[[StaffRequest, Want], Act]) -> _Builder:
    def open_(request: StaffRequest, case: Case, target: int) -> Act:
        want = access.want(request, target)
        if want.case_id != case.pk:
            raise Http404
        return build(request, want)

    return open_


def _on_claim(build: Callable[[StaffRequest, Claim], Act]) -> _Builder:
    def open_(request: StaffRequest, case: Case, target: int) -> Act:
        claim = access.claim(request, target)
        if claim.case_id != case.pk or claim.settled_at is not None:
            raise Http404
        return build(request, claim)

    return open_


def _on_revision(request: StaffRequest, case: Case, target: int) -> Act:
    revision = access.revision(request, target)
    if revision.promise.case_id != case.pk:
        raise Http404
    return tell(request, revision)


def _on_message(request: StaffRequest, case: Case, target: int) -> Act:
    message = access.message(request, target)
    if message.case_id != case.pk:
        raise Http404
    return apologise(request, message)


_BUILDERS: Mapping[str, _Builder] = {
    "make": _on_case(make),
    "handover": _on_case(hand_over),
    "contact": _on_case(contact),
    "sorry": _on_case(sorry),
    "explain": _on_case(asking_acts.explain),
    "close": _on_case(close),
    "reopen": _on_case(reopen),
    "voicemail": _on_case(day_acts.voicemail),
    "hours": _on_case(day_acts.hours),
    "want": _on_case(asking_acts.want),
    "part": _on_case(asking_acts.part),
    "review": _on_case(asking_acts.review),
    "mistake": _on_case(asking_acts.mistake),
    "claim": _on_case(claim_acts.claim),
    "why": _on_case(learning_acts.why),
    "mistaken": _on_promise(claim_acts.mistaken),
    "honour": _on_claim(claim_acts.honour),
    "instead": _on_claim(claim_acts.instead),
    "take": _on_claim(claim_acts.take),
    "refuse": _on_claim(claim_acts.refuse),
    "value": _on_claim(claim_acts.value),
    "let_go": _on_claim(claim_acts.let_go),
    "promise_want": _on_want(asking_acts.promise_want),
    "decline_want": _on_want(asking_acts.decline_want),
    "keep": _on_promise(keep),
    "rang": _on_promise(rang),
    "move": _on_promise(move),
    "release": _on_promise(release),
    "replace": _on_promise(replace),
    "tell": _on_revision,
    "apologise": _on_message,
}
