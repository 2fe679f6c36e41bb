"""Bringing data in: a file is sent, its columns are mapped, it is tried, and then it comes in."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.actions import imports as actions
from makegood.actions.imports import BringingInError, Chosen, ImportOverError, NewImport
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.settings.data_forms import MappingForm, UploadForm
from makegood.language import sentences
from makegood.queries import export_files, import_files
from makegood.queries.export_files import ExportFileError, Whole
from makegood.queries.import_files import ImportFileError
from makegood.queries.settings import choices
from makegood.queries.settings import data as query
from makegood.queries.settings.data import ImportCard
from makegood.rules.importing.columns import What, guess_mapping, guess_what, usable
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]
_EXAMPLE = 40


@allowed(Right.MANAGE_DATA)
@require_http_methods(_METHODS)
def imports(request: StaffRequest) -> HttpResponse:
    """Every import; by POST, a file for another one."""
    if request.method != "POST":
        return _list(request, UploadForm(zone=zone_of(request), name="import"))
    form = UploadForm(request.POST, request.FILES, zone=zone_of(request), name="import")
    if not form.is_valid():
        return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        if given["form"] == "makegood":
            return _list(request, UploadForm(zone=zone_of(request)), whole=_whole(given["file"]))
        new = _new(given["file"], given["form"], given["source"])
    except (ImportFileError, ExportFileError) as wrong:
        form.add_error("file", sentences.said(" ".join(str(wrong).split())))
        return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    made = actions.receive(new, by=request.user, now=request.now)
    return redirect("desk:import_one", made.pk)


@allowed(Right.MANAGE_DATA)
@require_http_methods(_METHODS)
def import_one(request: StaffRequest, import_id: int) -> HttpResponse:
    """One import, as far as it has come; by POST, its next step."""
    card = query.one_import(import_id, zone=zone_of(request))
    if card is None:
        raise Http404
    if request.method != "POST":
        return _show(request, card)
    try:
        refused = _STEPS.get(request.POST.get("do", ""), _no_step)(request, card)
    except BringingInError as wrong:
        status, why = refusals.explain(wrong)
        messages.error(request, why)
        return _show(request, card, status=status)
    return refused or redirect("desk:import_one", import_id)


@allowed(Right.MANAGE_DATA)
@require_safe
def import_bad(request: StaffRequest, import_id: int) -> HttpResponseBase:
    """The rows that could not be taken, as a file."""
    if query.one_import(import_id, zone=zone_of(request)) is None:
        raise Http404
    header = (_("Line"), _("Why it cannot be taken"))
    rows = query.bad_rows(import_id)
    return csv_response(f"import-{import_id}-bad", header=header, rows=rows, now=request.now)


def _try(request: StaffRequest, card: ImportCard) -> HttpResponse | None:
    if card.is_over:
        raise ImportOverError(ImportOverError.__doc__)
    form = None if card.form == actions.MAILS else _form(card, request, data=request.POST)
    if form is None:
        chosen = Chosen(what="", mapping={}, team=None, zone="UTC", function=card.function)
    elif form.is_valid():
        given = form.cleaned_data
        chosen = Chosen(
            what=form.what,
            mapping=form.mapping(),
            team=given.get("team"),
            zone=given["in_zone"],
            function=given.get("function", card.function),
        )
    else:
        return _show(request, card, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    actions.try_out(card.id, chosen, now=request.now)
    return None


def _begin(request: StaffRequest, card: ImportCard) -> None:
    actions.begin(card.id, by=request.user, now=request.now)


def _stop(request: StaffRequest, card: ImportCard) -> None:
    actions.give_up(card.id, why=f"{actions.BY_HAND}{request.user.name}", now=request.now)


def _no_step(request: StaffRequest, card: ImportCard) -> HttpResponse:
    return _show(request, card, status=HTTPStatus.BAD_REQUEST)


_STEPS = {"try": _try, "begin": _begin, "stop": _stop}


def _new(file: "UploadedFile[bytes]", form: str, source: str) -> NewImport:
    name = file.name or ""
    content = file.read()
    examples: dict[str, str] = {}
    what = None
    with import_files.laid_out(content, name=name) as path:
        if form == actions.MAILS:
            next(import_files.read_mails(path), None)
        else:
            examples = import_files.examples_of(path, form=form)
            what = import_files.what_is_in(path, form=form) or guess_what(examples)
    columns = usable(examples)
    if what is not None and not columns:
        raise ImportFileError(_("There are no columns in it: its first line gives their names."))
    return NewImport(
        name="".join(letter for letter in name if letter.isprintable()) or "—",
        form=form,
        source=source.strip() or form,
        content=content,
        what=what or "",
        columns={column: _example(examples[column]) for column in columns},
        mapping=guess_mapping(columns, what) if what else {},
    )


def _example(value: str) -> str:
    plain = "".join(letter for letter in value[:_EXAMPLE] if letter.isprintable())
    return f"{plain} …" if len(value) > _EXAMPLE else plain


def _whole(file: "UploadedFile[bytes]") -> Whole:
    with import_files.laid_out(file.read(), name="export.zip") as path:
        return export_files.examine(path)


def _list(
    request: StaffRequest,
    form: UploadForm,
    *,
    whole: Whole | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "cards": query.imports(zone=zone_of(request)),
        "form": form,
        "whole": whole,
        "section": "data",
    }
    return show(request, "desk/settings/imports.html", context, status=status)


def _show(
    request: StaffRequest,
    card: ImportCard,
    *,
    form: MappingForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    maps = card.state in {"looked", "tried"} and card.form != actions.MAILS
    context = {
        "card": card,
        "form": form or (_form(card, request) if maps else None),
        "whats": query.WHATS.items(),
        "section": "data",
    }
    return show(request, "desk/settings/import.html", context, status=status)


def _form(
    card: ImportCard, request: StaffRequest, *, data: Mapping[str, Any] | None = None
) -> MappingForm:
    asked = (data or request.GET).get("what", "")
    what = What(asked) if asked in set(What) else What(card.what)
    mapping = card.mapping
    if what != card.what:
        mapping = guess_mapping(list(card.columns), what)
    return MappingForm(
        data,
        what=what,
        columns=card.columns,
        teams=choices.teams(),
        zone=zone_of(request),
        name="map",
        initial={
            **{f"of_{field}": column for field, column in mapping.items()},
            "team": card.team,
            "in_zone": card.zone if card.zone != "UTC" else request.user.zone,
            "function": card.function,
        },
    )
