"""Signal sources: platforms whose devices speak; how they write, what came, and a try-it box."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from makegood.actions import signal_sources
from makegood.actions import signals as actions
from makegood.actions.changes import FieldError
from makegood.actions.signal_sources import PLACES, Wanted
from makegood.actions.signals import SignalSettledError
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.fields import DeskForm, words_field
from makegood.doors.web.staff.settings.door_page import DoorList, show_list
from makegood.language import sentences
from makegood.queries.labels import HARMS
from makegood.queries.settings import signals as query
from makegood.queries.settings.signals import LONGEST, Trial
from makegood.records.models import Thing
from makegood.rules.roles import Right
from makegood.rules.severity import Harm

_METHODS = ["GET", "HEAD", "POST"]
_LISTS = ("states", "back", "kinds")
LISTING = DoorList(
    page="signals",
    icon="bell",
    title=lazy("Signals"),
    says=lazy(
        "Devices and monitors that say by themselves what fails: the case is open before the "
        "customer notices."
    ),
    until=lazy("No device speaks for itself yet."),
    then=lazy(
        "Let your alarm platform, network monitor or meter reading tell the desk what fails."
    ),
    add_words=lazy("Let a platform in"),
    submit=lazy("Take its signals"),
    thing=Thing.SIGNALS,
)


def _place(label: Any, *, example: str, required: bool = False) -> forms.CharField:  # noqa: ANN401 - lazy text
    return forms.CharField(
        label=label,
        required=required,
        max_length=200,
        widget=forms.TextInput({"placeholder": example}),
    )


class SourceForm(DeskForm):
    """How a platform writes."""

    title = forms.CharField(label=lazy("Name"), max_length=200)
    says = forms.CharField(
        label=lazy("What failed, as the customer reads it"),
        max_length=200,
        required=False,
        help_text=lazy("For example: Your alarm has no link to us. Empty: the asset's name."),
    )
    harm = forms.ChoiceField(label=lazy("How much of it fails"), choices=HARMS.items)
    place_asset = _place(
        lazy("Where the device stands"), example="data.device.serial", required=True
    )
    place_state = _place(lazy("Where the state stands"), example="data.state", required=True)
    place_at = _place(lazy("Where the time stands"), example="time")
    place_id = _place(lazy("Where its id stands"), example="id")
    place_kind = _place(lazy("Where the kind stands"), example="type")
    states = forms.CharField(
        label=lazy("A failure is called"),
        max_length=500,
        help_text=lazy("Several with commas: lost, offline."),
    )
    back = forms.CharField(
        label=lazy("That it works again is called"), max_length=500, required=False
    )
    kinds = forms.CharField(
        label=lazy("Only these kinds"),
        max_length=500,
        required=False,
        help_text=lazy("Empty: all of them."),
    )
    layout: tuple[tuple[str, ...], ...] = (
        ("title", "harm"),
        ("says",),
        ("place_asset", "place_state"),
        ("place_at", "place_id", "place_kind"),
        ("states", "back", "kinds"),
    )

    def wanted(self) -> Wanted:
        """As the action takes it."""
        given = self.cleaned_data
        lists = {
            name: tuple(word.strip()[:100] for word in given[name].split(",") if word.strip())
            for name in _LISTS
        }
        return Wanted(
            title=given["title"],
            says=given["says"],
            harm=Harm(given["harm"]),
            places={name: given[f"place_{name}"].strip() for name in PLACES},
            **lists,
        )


class NewSourceForm(SourceForm):
    """A platform that is new."""

    slug = forms.SlugField(
        label=lazy("Short name, for its address"),
        max_length=60,
        help_text=lazy("Small letters and hyphens, such as alarm-panels."),
    )
    layout = (("title", "slug", "harm"), *SourceForm.layout[1:])


class TryForm(DeskForm):
    """A signal to look at."""

    pasted = words_field(lazy("A signal, as the platform sends it"), rows=8, max_length=LONGEST)
    layout = (("pasted",),)


class LetGoForm(DeskForm):
    """Why nothing is to be done about a signal."""

    why = forms.CharField(label=lazy("Why nothing is to be done"), max_length=300)
    layout = (("why",),)


@allowed(Right.MANAGE_TOKENS)
@require_http_methods(_METHODS)
def signals(request: StaffRequest) -> HttpResponse:
    """Every source; by POST, a new one."""
    data = request.POST if request.method == "POST" else None
    form = NewSourceForm(data, zone=zone_of(request), name="source", initial={"harm": Harm.LOST})
    if data is not None and form.is_valid():
        try:
            made = signal_sources.make(
                form.cleaned_data["slug"], form.wanted(), by=request.user, now=request.now
            )
        except FieldError as wrong:
            form.add_error(wrong.field, sentences.said(str(wrong)))
        else:
            messages.success(request, _("Its signals are taken from now on. Try one here."))
            return redirect("desk:signal_source", made.pk)
    status = HTTPStatus.OK if data is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return show_list(request, LISTING, query.table(), form, status=status)


@allowed(Right.MANAGE_TOKENS)
@require_http_methods(_METHODS)
def signal_source(request: StaffRequest, source_id: int) -> HttpResponse:
    """One source; by POST, one act on it or on a signal that was set aside."""
    if query.source(source_id) is None:
        raise Http404
    if request.method != "POST":
        return _show(request, source_id)
    do = request.POST.get("do", "")
    if do in {"again", "let_go"}:
        return _settle(request, source_id, do)
    if do == "try":
        return _try(request, source_id)
    if do == "change":
        return _change(request, source_id)
    if do == "retire":
        signal_sources.retire(source_id, by=request.user, now=request.now)
    elif do == "bring_back":
        signal_sources.bring_back(source_id, by=request.user, now=request.now)
    else:
        return _show(request, source_id, status=HTTPStatus.BAD_REQUEST)
    messages.success(request, _("Retired.") if do == "retire" else _("Brought back."))
    return redirect("desk:signal_source", source_id)


def _change(request: StaffRequest, source_id: int) -> HttpResponse:
    form = SourceForm(request.POST, zone=zone_of(request), name="source")
    if form.is_valid():
        try:
            signal_sources.change(source_id, form.wanted(), by=request.user, now=request.now)
        except FieldError as wrong:
            form.add_error(wrong.field, sentences.said(str(wrong)))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:signal_source", source_id)
    return _show(request, source_id, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _try(request: StaffRequest, source_id: int) -> HttpResponse:
    form = TryForm(request.POST, zone=zone_of(request), name="try")
    if not form.is_valid():
        return _show(request, source_id, trying=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    found = query.trial(
        source_id, form.cleaned_data["pasted"], now=request.now, zone=zone_of(request)
    )
    return _show(request, source_id, trying=form, trial=found)


def _settle(request: StaffRequest, source_id: int, do: str) -> HttpResponse:
    signal_id = whole_number(request.POST.get("signal", ""))
    if not query.aside_of(source_id, signal_id):
        raise Http404
    try:
        if do == "again":
            placed = actions.try_again(signal_id, by=request.user, now=request.now)
            is_placed = placed.case is not None
            said = _("It has found its case.") if is_placed else _("Looked at once more.")
        else:
            form = LetGoForm(request.POST, zone=zone_of(request))
            if not form.is_valid():
                messages.error(request, _("Say why nothing is to be done."))
                return _show(request, source_id, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            why = form.cleaned_data["why"]
            actions.let_go(signal_id, why=why, by=request.user, now=request.now)
            said = _("Let go.")
    except SignalSettledError as refused:
        messages.error(request, sentences.said(str(refused)))
        return _show(request, source_id, status=HTTPStatus.CONFLICT)
    messages.success(request, said)
    return redirect("desk:signal_source", source_id)


def _show(
    request: StaffRequest,
    source_id: int,
    *,
    form: SourceForm | None = None,
    trying: TryForm | None = None,
    trial: Trial | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    zone = zone_of(request)
    first = query.values(source_id)
    context = {
        "card": query.source(source_id),
        "form": form or SourceForm(zone=zone, name="source", initial=first),
        "trying": trying or TryForm(zone=zone, name="try"),
        "trial": trial,
        "aside": query.aside(source_id, zone=zone),
        "latest": query.latest(source_id, zone=zone),
        "section": "signals",
    }
    return show(request, "desk/settings/signal_source.html", context, status=status)
