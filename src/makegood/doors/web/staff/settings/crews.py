"""Crews: who goes out, what they can do, where and when, and the calendar of each."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes
from makegood.actions import crews as actions
from makegood.actions.changes import SettingsError
from makegood.actions.crews import CREWS
from makegood.doors.access import StaffRequest, allowed, keep_secret
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of, open_form
from makegood.doors.web.staff.settings.fields import NAME, SettingsForm, pick
from makegood.doors.web.staff.settings.listing import show_list
from makegood.language import sentences
from makegood.queries import visit_calendar, visit_week
from makegood.queries.settings import choices, lists
from makegood.records import settings_facts
from makegood.records.models import Thing
from makegood.records.settings_facts import Facts
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]


class CrewForm(SettingsForm):
    """One crew."""

    name = forms.CharField(label=lazy("Name"), max_length=NAME)
    team = pick(lazy("Team"))
    calendar = pick(lazy("Hours"))
    members = forms.TypedMultipleChoiceField(
        label=lazy("Who goes out"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": ""}),
    )
    skills = forms.CharField(
        label=lazy("What they can do"),
        required=False,
        max_length=500,
        help_text=lazy("Separated by commas, for example: gas, ovens."),
    )
    areas = forms.CharField(
        label=lazy("Where they come"),
        required=False,
        max_length=500,
        help_text=lazy("Beginnings of postcodes, separated by commas; empty is everywhere."),
    )
    capacity = forms.IntegerField(
        label=lazy("Visits at once"), min_value=1, max_value=20, initial=1
    )
    slot_minutes = forms.IntegerField(
        label=lazy("Minutes of a window"), min_value=15, max_value=720, initial=120
    )
    layout = (
        ("name", "team", "calendar"),
        ("skills", "areas"),
        ("capacity", "slot_minutes"),
        ("members",),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("team", choices.teams())
        self.choose_from("calendar", choices.calendars())
        field = self.fields["members"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            people = choices.people(also=tuple(self.standing.get("members", ())))
            field.choices = [(str(pk), name) for pk, name in people]

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """What the fields show for some facts."""
        shown = dict(facts)
        return shown | {name: ", ".join(facts[name]) for name in ("skills", "areas")}

    def facts(self) -> dict[str, Any]:
        """The facts that were typed."""
        facts = super().facts()
        for name in ("skills", "areas"):
            parts = (part.strip() for part in facts[name].split(","))
            facts[name] = list(dict.fromkeys(part for part in parts if part))
        return facts | {"members": sorted(facts["members"])}


@allowed(Right.SEE_SETTINGS)
@require_safe
def crews(request: StaffRequest) -> HttpResponse:
    """Every crew."""
    return show_list(request, "crews", lists.crews())


@allowed(Right.PLAN_VISITS)
@require_http_methods(_METHODS)
def crew_new(request: StaffRequest) -> HttpResponse:
    """Add a crew."""
    return edit(request, _page(_("New crew"), said=_("The crew was added.")))


@allowed(Right.PLAN_VISITS)
@require_http_methods(_METHODS)
def crew(request: StaffRequest, crew_id: int) -> HttpResponse:
    """Change a crew."""
    return edit(request, _page_of(crew_id))


@allowed(Right.PLAN_VISITS)
@require_POST
def crew_retire(request: StaffRequest, crew_id: int) -> HttpResponse:
    """Retire a crew, or bring it back."""
    facts = _facts(crew_id)
    retired = {"retired": not facts["retired"]}
    try:
        changes.keep(CREWS, str(crew_id), retired, editor=editor_of(request))
    except SettingsError as wrong:
        messages.error(request, sentences.said(str(wrong)))
        return redirect("desk:crew", crew_id)
    messages.success(request, _("Brought back.") if facts["retired"] else _("Retired."))
    return redirect("desk:crews")


@allowed(Right.PLAN_VISITS)
@require_POST
def crew_feed(request: StaffRequest, crew_id: int) -> HttpResponse:
    """A fresh secret address of a crew's calendar, shown once; the one before shows nothing."""
    found = visit_week.crew_named(crew_id)
    if found is None:
        raise Http404
    actions.revoke_feeds(crew=found, staff=None, now=request.now)
    if "stop" in request.POST:
        messages.success(request, _("The calendar address shows nothing any more."))
        return redirect("desk:crew", crew_id)
    token = actions.make_feed(crew=found, staff=None, by=request.user, now=request.now)
    address = settings.BASE_URL.rstrip("/") + reverse("customer:calendar_feed", args=[token])
    answer = open_form(request, _page_of(crew_id, feed=address))
    keep_secret(answer)
    return answer


def _page_of(crew_id: int, *, feed: str = "") -> Page:
    facts = _facts(crew_id)
    return _page(facts["name"], said=_("Saved."), key=str(crew_id), facts=facts, feed=feed)


def _page(
    title: str, *, said: str, key: str | None = None, facts: Facts | None = None, feed: str = ""
) -> Page:
    more: dict[str, Any] = {}
    if key and facts is not None:
        more = {
            "retire_url": reverse("desk:crew_retire", args=[key]),
            "is_retired": facts["retired"],
            "feed_url": reverse("desk:crew_feed", args=[key]),
            "feed": feed,
            "has_address": visit_calendar.has_address(crew=int(key)),
        }
    return Page(
        keeper=CREWS,
        form=CrewForm,
        initial_of=CrewForm.initial_of,
        title=title,
        says=_("Who goes out together, what they can do, where and when."),
        back=reverse("desk:crews"),
        said=said,
        section="crews",
        template="desk/settings/crew.html",
        key=key,
        facts=facts,
        fixed=None if key else {"retired": False},
        extra=lambda: more,
    )


def _facts(crew_id: int) -> Facts:
    facts = settings_facts.read(Thing.CREW, str(crew_id))
    if facts is None:
        raise Http404
    return facts
