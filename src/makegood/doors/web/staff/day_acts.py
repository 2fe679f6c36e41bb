"""The acts on a customer's own time: a voicemail is a call that we owe; when visits suit them."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.doors.access import StaffRequest
from makegood.doors.web.staff.act import Act
from makegood.doors.web.staff.day_forms import HoursForm, VoicemailForm
from makegood.doors.web.staff.desk import zone_of
from makegood.records.models import Case
from makegood.rules.convenience import ticks_of


def voicemail(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """The customer spoke to our machine."""
    return Act(
        name="voicemail",
        target=case.pk,
        url=reverse("desk:voicemail", args=[case.reference]),
        title=_("They left a voicemail"),
        says=_("The owner owes them a call in the next hour with room for it."),
        submit=_("Promise the call"),
        form=VoicemailForm(data, zone=zone_of(request), name="voicemail"),
    )


def hours(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """When visits suit the customer."""
    customer = case.customer
    ticked: dict[str, list[str]] = {}
    for day, part in ticks_of(customer.suits):
        ticked.setdefault(f"day_{day}", []).append(part.value)
    initial = {**ticked, "reach_by": customer.reach_by}
    return Act(
        name="hours",
        target=case.pk,
        url=reverse("desk:hours", args=[case.reference]),
        title=_("When visits suit them"),
        says=_(
            "Times for visits are chosen by it from now on. Nothing ticked: at any time of the day,"
            " and not at night."
        ),
        submit=_("Remember it"),
        form=HoursForm(data, zone=zone_of(request), name="hours", initial=initial),
    )
