"""Templates: what the company says again and again, made, stopped for an area, and let speak."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import templates
from makegood.actions.templates import NewTemplate
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.fields import SHORT, DeskForm, words_field
from makegood.language import sentences
from makegood.queries.templates import get_templates
from makegood.records.models import Template, TemplateStop, TruthSource
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate.slots import SlotError
from makegood.rules.roles import Right

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


class StopForm(DeskForm):
    """Where it is stopped, and why."""

    area = forms.CharField(
        label=gettext_lazy("Where it is not true"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("A postcode or its district, or a town. Empty: everywhere."),
    )
    why = forms.CharField(label=gettext_lazy("Why it is not true"), max_length=SHORT)
    layout = (("area", "why"),)

    def plain_rows(self) -> list[list[BoundField]]:
        """The fields, without taking the focus from the rest of the page."""
        return [[self[name] for name in names] for names in self.layout]


class NewForm(DeskForm):
    """A new template."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    text = words_field(
        gettext_lazy("What it says"),
        rows=5,
        help_text=gettext_lazy(
            "{when} and {amount} are filled from what is promised and granted, {customer}, "
            "{owner} and {reference} from the case."
        ),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("What makes it true"),
        required=False,
        choices=[
            ("", gettext_lazy("It says nothing of what is to come")),
            (TruthSource.PROMISE.value, gettext_lazy("the live promise of each case")),
            (TruthSource.REMEDY.value, gettext_lazy("what was granted in each case")),
        ],
    )
    about = forms.ChoiceField(
        label=gettext_lazy("Whose time {when} is"),
        required=False,
        choices=[
            ("", gettext_lazy("the next promise, whatever it is")),
            (Kind.VISIT.value, gettext_lazy("a visit")),
            (Kind.CALLBACK.value, gettext_lazy("a call")),
            (Kind.UPDATE.value, gettext_lazy("news")),
            (Kind.DELIVERY.value, gettext_lazy("a delivery")),
            (Kind.COLLECTION.value, gettext_lazy("a collection")),
            (Kind.REPAIR.value, gettext_lazy("a repair")),
        ],
    )
    layout = (("name", "language"), ("text",), ("source", "about"))


@allowed(Right.SEE_CASES)
@require_safe
def show_templates(request: StaffRequest) -> HttpResponse:
    """Every template, with where it is stopped."""
    return _show(request)


@allowed(Right.KEEP_KNOWLEDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def template_new(request: StaffRequest) -> HttpResponse:
    """Make a template."""
    data = request.POST if request.method == "POST" else None
    form = NewForm(data, zone=zone_of(request), name="template")
    if data is None:
        return _show_form(request, form)
    if not form.is_valid():
        return _show_form(request, form, status=UNPROCESSABLE)
    try:
        made = templates.make(_wanted(form.cleaned_data), owner=request.user, now=request.now)
    except SlotError as refused:
        form.add_error("text", sentences.said(str(refused)))
        return _show_form(request, form, status=UNPROCESSABLE)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_form(request, form, refusal=why, status=status)
    messages.success(request, _("%(name)s is there. You answer for it.") % {"name": made.name})
    return redirect("desk:templates")


@allowed(Right.SEE_CASES)
@require_POST
def stop(request: StaffRequest, template_id: int) -> HttpResponse:
    """Stop a template for an area, at once: whoever sees that it is not true may."""
    template = get_object_or_404(Template, pk=template_id)
    form = StopForm(request.POST, zone=zone_of(request), name=f"stop-{template.pk}")
    if not form.is_valid():
        return _show(request, stopping=(template.pk, form), status=UNPROCESSABLE)
    typed = form.cleaned_data
    try:
        templates.stop(
            template.pk, area=typed["area"], why=typed["why"], by=request.user, now=request.now
        )
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show(request, stopping=(template.pk, form), refusal=why, status=status)
    messages.success(
        request, _("Stopped. What was written with it and has not left is held there.")
    )
    return redirect("desk:templates")


@allowed(Right.SEE_CASES)
@require_POST
def lift(request: StaffRequest, stop_id: int) -> HttpResponse:
    """Let a template speak again where it was stopped."""
    found = get_object_or_404(TemplateStop, pk=stop_id)
    try:
        templates.lift(found.pk, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show(request, refusal=why, status=status)
    messages.success(request, _("It speaks again there."))
    return redirect("desk:templates")


def _wanted(typed: dict[str, Any]) -> NewTemplate:
    return NewTemplate(
        name=typed["name"],
        text=typed["text"],
        language=typed["language"],
        truth_source=TruthSource(typed["source"]),
        about=Kind(typed["about"]) if typed["about"] else None,
    )


def _show(
    request: StaffRequest,
    *,
    stopping: tuple[int, StopForm] | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    cards = get_templates(reader=request.user, now=request.now)
    at, sent = stopping or (0, None)
    zone = zone_of(request)
    rows = [
        (card, sent if sent and card.id == at else StopForm(zone=zone, name=f"stop-{card.id}"))
        for card in cards
    ]
    context = {"rows": rows, "stopping": at, "refusal": refusal}
    return show(request, "desk/templates.html", context, status=status)


def _show_form(
    request: StaffRequest, form: NewForm, *, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "refusal": refusal}
    return show(request, "desk/template_new.html", context, status=status)
