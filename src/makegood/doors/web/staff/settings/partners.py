"""Partners: other desks that are followed by Open311; set up, changed, looked at, stopped."""

from datetime import datetime, time
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from makegood.actions import partners as actions
from makegood.actions.changes import FieldError
from makegood.actions.partners import Wanted
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.fields import DayInput
from makegood.doors.web.staff.settings.door_page import DoorList, show_list
from makegood.doors.web.staff.settings.fields import SettingsForm, pick
from makegood.language import sentences
from makegood.queries.settings import choices, history
from makegood.queries.settings import partners as query
from makegood.records.models import Thing
from makegood.rules.calendars import at_wall_time
from makegood.rules.roles import Right

_METHODS: Final = ["GET", "HEAD", "POST"]
LISTING: Final = DoorList(
    page="partners",
    icon="handover",
    title=lazy("Partners"),
    says=lazy(
        "Other desks that work for your customers: "
        "their requests become cases, and their dates promises."
    ),
    until=lazy("No other desk is followed."),
    then=lazy(
        "Where a council or contractor shows its work by Open311, "
        "what it promises can be held to account here."
    ),
    add_words=lazy("Follow another desk"),
    submit=lazy("Follow it"),
    thing=Thing.PARTNER,
)


class PartnerForm(SettingsForm):
    """Whom to follow, and which of their requests."""

    name = forms.CharField(label=lazy("Name, as customers read it"), max_length=100)
    url = forms.CharField(
        label=lazy("Address of its Open311"),
        max_length=500,
        help_text=lazy("Such as https://city.example/open311/v2."),
    )
    jurisdiction = forms.CharField(
        label=lazy("Jurisdiction"),
        max_length=200,
        required=False,
        help_text=lazy("If it asks for one."),
    )
    key = forms.CharField(
        label=lazy("Key"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=lazy("If it asks for one. Empty: as it is."),
    )
    codes = forms.CharField(
        label=lazy("Only these of its services"),
        max_length=1_000,
        required=False,
        help_text=lazy("Their codes, with commas. Empty: all of them."),
    )
    service = pick(lazy("Which service of ours they are about"))
    since = forms.DateField(
        label=lazy("Reported since"),
        widget=DayInput(),
        help_text=lazy("What was reported there before is left alone."),
    )
    layout = (("name", "service"), ("url",), ("jurisdiction", "key"), ("codes", "since"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("service", choices.services(also=self.standing.get("service")))

    def wanted(self) -> Wanted:
        """As the action takes it; the day begins where the service's office is."""
        typed = self.cleaned_data
        zone = query.zone_of_service(typed["service"])
        return Wanted(
            name=typed["name"],
            url=typed["url"],
            service=typed["service"],
            since=at_wall_time(datetime.combine(typed["since"], time()), zone=zone),
            jurisdiction=typed["jurisdiction"],
            key=typed["key"],
            codes=tuple(code.strip()[:100] for code in typed["codes"].split(",") if code.strip()),
        )


@allowed(Right.MANAGE_TOKENS)
@require_http_methods(_METHODS)
def partners(request: StaffRequest) -> HttpResponse:
    """Every partner; by POST, a new one."""
    zone = zone_of(request)
    data = request.POST if request.method == "POST" else None
    today = request.now.astimezone(zone).date()
    form = PartnerForm(data, zone=zone, name="partner", initial={"since": today})
    if data is not None and form.is_valid():
        try:
            made = actions.make(form.wanted(), by=request.user, now=request.now)
        except FieldError as wrong:
            form.add_error(wrong.field, sentences.said(str(wrong)))
        else:
            messages.success(
                request, _("It is followed from now on; the first look is on its way.")
            )
            return redirect("desk:partner", made.pk)
    status = HTTPStatus.OK if data is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return show_list(request, LISTING, query.partners(zone=zone), form, status=status)


@allowed(Right.MANAGE_TOKENS)
@require_http_methods(_METHODS)
def partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    """One partner; by POST, one act on it."""
    if query.partner(partner_id, zone=zone_of(request)) is None:
        raise Http404
    if request.method != "POST":
        return _show(request, partner_id)
    do = request.POST.get("do", "")
    if do == "change":
        return _change(request, partner_id)
    if do == "look":
        actions.look_soon(partner_id, now=request.now)
        messages.success(request, _("The next look is on its way."))
    elif do == "stop":
        actions.stop(partner_id, by=request.user, now=request.now)
        messages.success(request, _("Stopped. What was promised stays promised."))
    elif do == "start":
        actions.start(partner_id, by=request.user, now=request.now)
        messages.success(request, _("It is followed again, and what was missed is looked at."))
    else:
        return _show(request, partner_id, status=HTTPStatus.BAD_REQUEST)
    return redirect("desk:partner", partner_id)


def _change(request: StaffRequest, partner_id: int) -> HttpResponse:
    form = _form(request, partner_id, request.POST)
    if form.is_valid():
        try:
            actions.change(partner_id, form.wanted(), by=request.user, now=request.now)
        except FieldError as wrong:
            form.add_error(wrong.field, sentences.said(str(wrong)))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:partner", partner_id)
    return _show(request, partner_id, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _form(request: StaffRequest, partner_id: int, data: Any = None) -> PartnerForm:  # noqa: ANN401 - as Django gives it
    standing = query.values(partner_id)
    return PartnerForm(data, zone=zone_of(request), name="partner", initial=standing, also=standing)


def _show(
    request: StaffRequest,
    partner_id: int,
    *,
    form: PartnerForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    zone = zone_of(request)
    context = {
        "card": query.partner(partner_id, zone=zone),
        "form": form or _form(request, partner_id),
        "requests": query.requests(partner_id, zone=zone),
        "cases_url": reverse("desk:cases"),
        "history": history.history_of(Thing.PARTNER, key=str(partner_id), zone=zone),
        "section": "partners",
    }
    return show(request, "desk/settings/partner.html", context, status=status)
