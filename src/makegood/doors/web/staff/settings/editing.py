"""The page of one setting: its form, what others changed meanwhile, its history, and saving."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from makegood.actions import changes
from makegood.actions.changes import (
    ChangedMeanwhileError,
    Editor,
    FieldError,
    Keeper,
    SettingsError,
)
from makegood.doors.access import StaffRequest
from makegood.doors.numbers import whole_number
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.settings.fields import SettingsForm
from makegood.language import sentences
from makegood.queries.settings import history
from makegood.queries.settings.history import History
from makegood.records.settings_facts import Facts


class MakeForm(Protocol):
    """Makes the form of a setting, with Django's own arguments."""

    def __call__(self, *args: Any, **kwargs: Any) -> SettingsForm:  # noqa: ANN401 - passed through
        """A form, bound or not."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What the page of one setting says, and how its form becomes facts."""

    keeper: Keeper
    form: MakeForm
    initial_of: Callable[[Facts], dict[str, Any]]
    title: str
    says: str
    back: str
    said: str
    section: str
    template: str = "desk/settings/edit.html"
    submit: str = ""
    key: str | None = None
    facts: Facts | None = None
    """What stands there; None for something new."""
    start: Mapping[str, Any] | None = None
    """What the form of something new begins with."""
    fixed: Mapping[str, Any] | None = None
    """Facts that no field shows, such as whose asset it is."""
    extra: Callable[[], dict[str, Any]] | None = None
    after: Callable[[str], str] | None = None
    """Where to go when it was saved, by its key; else back."""


def edit(request: StaffRequest, page: Page) -> HttpResponse:
    """Show the form, or save what was typed."""
    if request.method != "POST":
        return open_form(request, page)
    form = page.form(
        request.POST, request.FILES, zone=zone_of(request), name="set", also=page.facts
    )
    seen = _seen(request)
    if not form.is_valid():
        return _show(request, page, form, seen=seen, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _save(request, page, form, seen=seen)


def open_form(request: StaffRequest, page: Page) -> HttpResponse:
    """Show the form with what stands there."""
    initial = page.start if page.facts is None else page.initial_of(page.facts)
    form = page.form(zone=zone_of(request), name="set", also=page.facts, initial=initial)
    seen = history.last_change(page.keeper.thing, page.key) if page.key else 0
    return _show(request, page, form, seen=seen)


def editor_of(request: StaffRequest, *, seen: int | None = None) -> Editor:
    """Who changes a setting now."""
    return Editor(by=request.user, now=request.now, seen=seen)


def _save(request: StaffRequest, page: Page, form: SettingsForm, *, seen: int) -> HttpResponse:
    facts = {**(page.fixed or {}), **form.facts()}
    try:
        editor = editor_of(request, seen=seen if page.key else None)
        key = changes.keep(page.keeper, page.key, facts, editor=editor)
    except ChangedMeanwhileError:
        return _show_meanwhile(request, page, facts, seen=seen)
    except FieldError as wrong:
        where = wrong.field if wrong.field in form.fields else None
        form.add_error(where, sentences.said(str(wrong)))
        return _show(request, page, form, seen=seen, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except SettingsError as wrong:
        form.add_error(None, sentences.said(str(wrong)))
        return _show(request, page, form, seen=seen, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, page.said)
    return redirect(page.after(key) if page.after else page.back)


def _show_meanwhile(request: StaffRequest, page: Page, typed: Facts, *, seen: int) -> HttpResponse:
    """What somebody else changed stays, unless the reader typed something else there."""
    key, current = str(page.key), page.facts or {}
    thing = page.keeper.thing
    then = history.facts_then(thing, key, since=seen, current=current)
    mine = {name: value for name, value in typed.items() if value != then.get(name)}
    merged = {**current, **mine}
    form = page.form(
        zone=zone_of(request),
        name="set",
        also=page.facts,
        initial=page.initial_of(merged),
    )
    meanwhile = history.history_of(thing, key=key, since=seen, zone=zone_of(request))
    return _show(
        request,
        page,
        form,
        seen=history.last_change(thing, key),
        meanwhile=meanwhile,
        status=HTTPStatus.CONFLICT,
    )


def _seen(request: StaffRequest) -> int:
    return whole_number(request.POST.get("seen", ""))


def _show(
    request: StaffRequest,
    page: Page,
    form: SettingsForm,
    *,
    seen: int,
    meanwhile: History | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    past = None
    if page.key:
        past = history.history_of(page.keeper.thing, key=page.key, zone=zone_of(request))
    context = {
        "page": page,
        "form": form,
        "seen": seen,
        "meanwhile": meanwhile,
        "history": past,
        "submit": page.submit or _("Save"),
        **(page.extra() if page.extra else {}),
    }
    return show(request, page.template, context, status=status)
