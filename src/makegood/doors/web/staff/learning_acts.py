"""The act of saying why a case happened, and the form of a change."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.doors.access import StaffRequest
from makegood.doors.web.staff.act import Act
from makegood.doors.web.staff.desk import zone_of
from makegood.doors.web.staff.learning_forms import NO, YES, CauseForm, ChangeForm
from makegood.queries import people
from makegood.queries.people import Colleague
from makegood.records.models import Case, Cause, Lesson


def why(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """Why it happened, and what was not known."""
    known = Lesson.objects.filter(case=case, cause__isnull=False).select_related("cause").first()
    initial = {"owner": request.user.pk, "has_gap": NO}
    if known is not None and known.cause is not None:
        initial |= {
            "cause": known.cause.name,
            "gap": known.gap,
            "has_gap": YES if known.gap else NO,
            "owner": known.gap_owner_id or known.cause.owner_id,
        }
    return Act(
        name="why",
        target=case.pk,
        url=reverse("desk:name_cause", args=[case.reference]),
        title=_("Why it happened"),
        says=_("For ourselves: so that it does not happen again. The customer does not read it."),
        submit=_("Write it down"),
        form=CauseForm(
            data, zone=zone_of(request), name="why", initial=initial, owners=_owners(request)
        ),
    )


def change_form(request: StaffRequest, data: QueryDict | None, *, cause: int) -> ChangeForm:
    """The form of a new change; the cause that one came from is chosen."""
    return ChangeForm(
        data,
        zone=zone_of(request),
        name="change",
        initial={"cause": cause, "owner": request.user.pk},
        owners=_owners(request),
        causes=tuple(Cause.objects.order_by("name").values_list("pk", "name")),
    )


def _owners(request: StaffRequest) -> tuple[Colleague, ...]:
    me = Colleague(id=request.user.pk, name=request.user.name, team=request.user.team.name)
    return (me, *people.colleagues(besides=request.user.pk))
