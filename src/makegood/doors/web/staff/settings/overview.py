"""The front page of the settings, all that was changed, taking it back, and lists as files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import undo as undo_actions
from makegood.actions.changes import SettingsError
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import number_of, show, text_of, zone_of
from makegood.doors.web.staff.settings.editing import editor_of
from makegood.language import sentences
from makegood.queries import people
from makegood.queries.settings import (
    duty_week,
    gestures,
    giving,
    history,
    lists,
    partners,
    signals,
    webhooks,
)
from makegood.queries.settings.overview import Problem, get_overview
from makegood.queries.settings.tables import Row, Table, as_text
from makegood.records.models import Thing
from makegood.rules import roles
from makegood.rules.roles import Right

RIGHT_TO_CHANGE = {
    Thing.SERVICE: Right.MANAGE_SETTINGS,
    Thing.CREW: Right.PLAN_VISITS,
    Thing.ROUND: Right.PLAN_VISITS,
    Thing.ASSET: Right.MANAGE_SETTINGS,
    Thing.LADDER: Right.MANAGE_SETTINGS,
    Thing.CALENDAR: Right.MANAGE_SETTINGS,
    Thing.DUTY: Right.MANAGE_DUTY,
    Thing.TEAM: Right.MANAGE_STAFF,
    Thing.STAFF: Right.MANAGE_STAFF,
    Thing.TOKEN: Right.MANAGE_TOKENS,
    Thing.SIGN_IN: Right.MANAGE_STAFF,
    Thing.AUTHORITY: Right.MANAGE_SETTINGS,
    Thing.CONFLICT: Right.MANAGE_STAFF,
    Thing.SCHEME: Right.MANAGE_SETTINGS,
    Thing.GESTURE: Right.MANAGE_SETTINGS,
    Thing.BUDGET: Right.MANAGE_SETTINGS,
    Thing.RETENTION: Right.MANAGE_DATA,
    Thing.SIGNALS: Right.MANAGE_TOKENS,
    Thing.PARTNER: Right.MANAGE_TOKENS,
}
RIGHT_TO_MEND = {
    **dict.fromkeys(("calendar", "calendar_new", "ladder"), Right.MANAGE_SETTINGS),
    **dict.fromkeys(("service", "service_new", "authority_new"), Right.MANAGE_SETTINGS),
    **dict.fromkeys(("staff", "person", "team", "team_new"), Right.MANAGE_STAFF),
    **dict.fromkeys(("duty_span", "duty_team"), Right.MANAGE_DUTY),
    **dict.fromkeys(("partner", "signal_source", "tokens", "webhook"), Right.MANAGE_TOKENS),
}
"""What it takes to mend something, by the page where that is done."""
OF_OTHER_SYSTEMS = frozenset({"partners", "signals", "tokens", "webhooks"})
"""Lists that nobody takes as a file who may not see their pages."""
CHANGES_A_PAGE = 30


@allowed(Right.SEE_SETTINGS)
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """What is set, and what is wrong."""
    found = get_overview(now=request.now)
    context = {
        "problems": _mendable(request, found.problems),
        "parts": _parts(request, found.counts),
        "history": history.history_of(zone=zone_of(request), limit=5),
        "section": "overview",
    }
    return show(request, "desk/settings/overview.html", context)


@allowed(Right.SEE_SETTINGS)
@require_safe
def changes(request: StaffRequest) -> HttpResponse:
    """Everything that was changed."""
    return _show_changes(request)


@allowed(Right.SEE_SETTINGS)
@require_POST
def undo(request: StaffRequest, change_id: int) -> HttpResponse:
    """Take one change back."""
    thing = history.thing_of(change_id)
    if thing is None:
        raise Http404
    access.check(request, RIGHT_TO_CHANGE[Thing(thing)])
    try:
        undo_actions.undo(change_id, editor=editor_of(request))
    except SettingsError as refused:
        return _show_changes(
            request, refusal=sentences.said(str(refused)), status=HTTPStatus.CONFLICT
        )
    messages.success(request, _("Taken back."))
    return redirect(_back(request))


@allowed(Right.SEE_SETTINGS)
@require_safe
def export(request: StaffRequest, which: str) -> HttpResponseBase:
    """A list as a file."""
    access.check(request, Right.EXPORT)
    if which not in _LISTS:
        raise Http404
    if which in OF_OTHER_SYSTEMS:
        access.check(request, Right.MANAGE_TOKENS)
    heads, rows = _LISTS[which](request)
    header = [str(head) for head in heads]
    return csv_response(which, header=header, rows=rows, now=request.now)


def _mendable(
    request: StaffRequest, problems: Sequence[Problem]
) -> list[tuple[Problem, str, tuple[str, ...]]]:
    """Each problem with the page where the reader mends it, or with the names of those who may."""
    needed = {RIGHT_TO_MEND[problem.page] for problem in problems}
    missing = {right for right in needed if not roles.has(request.user.role, right)}
    who = {right: people.names_with(right) for right in missing}
    return [
        (problem, "", who[RIGHT_TO_MEND[problem.page]])
        if RIGHT_TO_MEND[problem.page] in missing
        else (problem, _mended_at(problem), ())
        for problem in problems
    ]


def _mended_at(problem: Problem) -> str:
    args = [int(part) for part in problem.key.split("/") if part]
    return reverse(f"desk:{problem.page}", args=args)


def _parts(request: StaffRequest, counts: Mapping[str, int]) -> list[tuple[str, str, str, str]]:
    parts = [
        ("services", _("Services"), _("what customers depend on")),
        ("assets", _("Assets"), _("each with its customer")),
        ("ladders", _("Ladders"), _("that differ from the default")),
        ("calendars", _("Calendars"), _("hours and holidays")),
        ("templates", _("Templates"), _("what we write again and again")),
        ("teams", _("Teams"), _("and who stands above them")),
        ("staff", _("Staff"), _("who work here")),
        ("tokens", _("Tokens"), _("of other systems")),
    ]
    return [
        (reverse(f"desk:{page}"), name, str(counts[page]), says)
        for page, name, says in parts
        if page != "tokens" or roles.has(request.user.role, Right.MANAGE_TOKENS)
    ]


def _show_changes(
    request: StaffRequest, *, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    number = min(max(number_of(request, "page", default=1), 1), 10_000)
    page = history.history_page(number=number, size=CHANGES_A_PAGE, zone=zone_of(request))
    context = {"history": page, "refusal": refusal, "section": "changes"}
    return show(request, "desk/settings/changes.html", context, status=status)


def _back(request: StaffRequest) -> str:
    given = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if is_ours else reverse("desk:changes")


_Export = Callable[[StaffRequest], tuple[Iterable[object], Iterator[list[str]]]]


def _table(heads: Iterable[object], rows: Callable[[StaffRequest], Iterator[Row]]) -> _Export:
    return lambda request: (heads, as_text(rows(request)))


def _whole(table: Callable[[StaffRequest], Table]) -> _Export:
    """A list whose page shows all of it."""

    def read(request: StaffRequest) -> tuple[Iterable[object], Iterator[list[str]]]:
        found = table(request)
        return found.heads, as_text(found.rows)

    return read


_LISTS: dict[str, _Export] = {
    "crews": _whole(lambda _request: lists.crews()),
    "conflicts": _whole(lambda _request: giving.conflicts()),
    "schemes": _whole(lambda request: giving.uses(now=request.now)),
    "signals": _whole(lambda _request: signals.table()),
    "partners": _whole(lambda request: partners.partners(zone=zone_of(request))),
    "webhooks": _whole(lambda request: webhooks.table(now=request.now, zone=zone_of(request))),
    "services": _table(lists.SERVICE_HEADS, lambda _request: lists.service_rows()),
    "assets": _table(lists.ASSET_HEADS, lambda request: lists.asset_rows(text_of(request, "q"))),
    "rounds": _table(lists.ROUND_HEADS, lambda _request: lists.round_rows()),
    "calendars": _table(lists.CALENDAR_HEADS, lambda request: lists.calendar_rows(now=request.now)),
    "teams": _table(lists.TEAM_HEADS, lambda _request: lists.team_rows()),
    "staff": _table(lists.STAFF_HEADS, lambda _request: lists.staff_rows()),
    "ladders": _table(lists.LADDER_HEADS, lambda _request: lists.ladder_rows()),
    "authorities": _table(giving.AUTHORITY_HEADS, lambda _request: giving.authority_rows()),
    "gestures": _table(gestures.ITEM_HEADS, lambda _request: gestures.item_rows()),
    "budgets": _table(gestures.BUDGET_HEADS, lambda request: gestures.budget_rows(now=request.now)),
    "tokens": _table(
        lists.TOKEN_HEADS,
        lambda request: lists.token_rows(now=request.now, zone=zone_of(request)),
    ),
    "duty": lambda request: (
        (_("Who"), _("Team"), _("What"), _("From"), _("Until"), _("Cover")),
        duty_week.duty_rows(now=request.now, zone=zone_of(request)),
    ),
    "changes": lambda request: (
        (
            *(_("When"), _("Who"), _("Thing"), _("Which"), _("Deed")),
            *(_("Field"), _("Before"), _("After")),
        ),
        history.history_rows(zone=zone_of(request)),
    ),
}
