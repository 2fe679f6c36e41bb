"""The acts of asking, wanting and ending, each with its form and what it says it will do."""

from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.doors.access import StaffRequest
from makegood.doors.web.staff import asking_forms as forms
from makegood.doors.web.staff.act import Act
from makegood.doors.web.staff.desk import zone_of
from makegood.doors.web.staff.due_words import frame_at
from makegood.queries import remedies
from makegood.records.models import Case, PromiseKind, Want


def explain(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """They were told why it happened."""
    return Act(
        name="explain",
        target=case.pk,
        url=reverse("desk:explain", args=[case.reference]),
        title=_("Why it happened, for the customer"),
        says=_("Said once, and true. What we do not know yet, we promise to tell."),
        submit=_("Record that it was said"),
        form=forms.ExplainForm(data, zone=zone_of(request), name="explain"),
    )


def want(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """The customer wants something more."""
    return Act(
        name="want",
        target=case.pk,
        url=reverse("desk:want", args=[case.reference]),
        title=_("Not right yet, or they want more"),
        says=_("It has an owner at once, and the customer is promised an answer."),
        submit=_("Record what they want"),
        form=forms.WantForm(data, zone=zone_of(request), name="want"),
    )


def promise_want(request: StaffRequest, want: Want, data: QueryDict | None = None) -> Act:
    """What they want is promised."""
    zone = ZoneInfo(want.case.customer.zone)
    form = forms.PromiseWantForm(
        data,
        zone=zone_of(request),
        due_zone=zone,
        frame_at=frame_at(request, want.case),
        name="promise_want",
        initial={"kind": PromiseKind.OTHER},
    )
    return Act(
        name="promise_want",
        target=want.pk,
        url=reverse("desk:promise_want", args=[want.pk]),
        title=_("Promise it"),
        says=_("It stands on the customer's page at once, and the clock watches it. "),
        submit=_("Promise it"),
        form=form,
    )


def decline_want(request: StaffRequest, want: Want, data: QueryDict | None = None) -> Act:
    """An honest no."""
    currency = remedies.currency_of(request.user, now=request.now)
    form = forms.HonestNoForm(data, zone=zone_of(request), name="decline_want", currency=currency)
    return Act(
        name="decline_want",
        target=want.pk,
        url=reverse("desk:decline_want", args=[want.pk]),
        title=_("An honest no"),
        says=_("The customer reads both on their page: what we do not do, and what we do instead."),
        submit=_("Say no, and offer this"),
        form=form,
    )


def part(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """An end without a yes."""
    return Act(
        name="part",
        target=case.pk,
        url=reverse("desk:part", args=[case.reference]),
        title=_("End without a yes"),
        says=_(
            "After the whole ladder. It counts as not satisfied, and opens again if they say so."
        ),
        submit=_("End it, and name where they can turn"),
        form=forms.PartForm(data, zone=zone_of(request), name="part"),
    )


def review(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """Somebody outside decided on an end without a yes."""
    return Act(
        name="review",
        target=case.pk,
        url=reverse("desk:review", args=[case.reference]),
        title=_("Somebody outside has decided"),
        says=_("Upheld, even in part, it opens again with the same owner and a new promise."),
        submit=_("Record what they decided"),
        form=forms.ReviewForm(data, zone=zone_of(request), name="review"),
    )


def mistake(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """It was closed by mistake."""
    return Act(
        name="mistake",
        target=case.pk,
        url=reverse("desk:mistake", args=[case.reference]),
        title=_("Closed by mistake"),
        says=_("It opens again with the same owner and a new promise; both stay on the timeline."),
        submit=_("Open it again"),
        form=forms.MistakeForm(data, zone=zone_of(request), name="mistake"),
    )
