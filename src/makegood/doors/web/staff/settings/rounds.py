"""Rounds: when they come, with the next ten days and why one moves; to whom; how they went."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes
from makegood.actions import rounds as actions
from makegood.actions.changes import SettingsError
from makegood.actions.rounds import ROUNDS
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import zone_of
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of
from makegood.doors.web.staff.settings.listing import show_list
from makegood.doors.web.staff.settings.round_form import RoundForm
from makegood.language import sentences
from makegood.queries import rounds as queries
from makegood.queries.rounds import Coming
from makegood.queries.settings import lists
from makegood.records import settings_facts
from makegood.records.models import Round, Thing, WorkingCalendar
from makegood.records.settings_facts import Facts
from makegood.rules.calendars import CalendarError, Interval
from makegood.rules.roles import Right
from makegood.rules.rounds import Plan, RoundError, Shift

_METHODS = ["GET", "HEAD", "POST"]
LARGEST_FILE: Final = 2_000_000
UNKNOWN_NAMED: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """The next days of a round, or why there are none."""

    days: tuple[Coming, ...] = ()
    wrong: str = ""


@allowed(Right.SEE_SETTINGS)
@require_safe
def rounds(request: StaffRequest) -> HttpResponse:
    """Every round."""
    return show_list(request, "rounds", lists.rounds())


@allowed(Right.PLAN_VISITS)
@require_http_methods(_METHODS)
def round_new(request: StaffRequest) -> HttpResponse:
    """Add a round."""
    return edit(request, _page(request, _("New round"), said=_("The round was added.")))


@allowed(Right.PLAN_VISITS)
@require_http_methods(_METHODS)
def round_one(request: StaffRequest, round_id: int) -> HttpResponse:
    """Change a round."""
    facts = _facts(round_id)
    return edit(
        request, _page(request, facts["name"], said=_("Saved."), key=str(round_id), facts=facts)
    )


@allowed(Right.PLAN_VISITS)
@require_safe
def round_preview(request: StaffRequest) -> HttpResponse:
    """The next ten days of a round as it is being typed; a part of its page."""
    form = RoundForm(request.GET, zone=zone_of(request), name="set")
    form.is_valid()
    typed = form.cleaned_data
    needed = ("every", "first_day", "opens", "closes", "calendar", "shift")
    found = Preview()
    if all(typed.get(name) for name in needed) and not {"rule", "weekdays"} & form.errors.keys():
        empty: dict[str, Any] = {name: "" for name in form.fields if name not in typed}
        lists_ = {name: typed.get(name) or [] for name in ("left_out", "added")}
        form.cleaned_data = {**empty, **typed, **lists_, "areas": typed.get("areas") or ""}
        found = _preview(form.facts(), now=request.now)
    return render(request, "desk/settings/round_days.html", {"preview": found})


@allowed(Right.PLAN_VISITS)
@require_POST
def round_retire(request: StaffRequest, round_id: int) -> HttpResponse:
    """Retire a round, or bring it back."""
    facts = _facts(round_id)
    retired = {"retired": not facts["retired"]}
    try:
        changes.keep(ROUNDS, str(round_id), retired, editor=editor_of(request))
    except SettingsError as wrong:
        messages.error(request, sentences.said(str(wrong)))
        return redirect("desk:round_one", round_id)
    messages.success(request, _("Brought back.") if facts["retired"] else _("Retired."))
    return redirect("desk:rounds")


@allowed(Right.PLAN_VISITS)
@require_POST
def round_stops(request: StaffRequest, round_id: int) -> HttpResponse:
    """Take the stops of a round from a file: the first column names assets by their numbers."""
    _facts(round_id)
    given = request.FILES.get("file")
    if given is None or (given.size or 0) > LARGEST_FILE:
        messages.error(request, _("Choose a CSV file of at most 2 MB."))
        return redirect("desk:round_one", round_id)
    count, unknown = actions.set_stops(round_id, _numbers(given.read()))
    if unknown:
        named = ", ".join(unknown[:UNKNOWN_NAMED])
        words = ngettext(
            "Nothing was changed: %(count)s number is of no asset of this service: %(named)s.",
            "Nothing was changed: %(count)s numbers are of no asset of this service, "
            "first %(named)s.",
            len(unknown),
        )
        messages.error(request, words % {"count": len(unknown), "named": named})
    else:
        words = ngettext("The round has %(count)s stop.", "The round has %(count)s stops.", count)
        messages.success(request, words % {"count": count})
    return redirect("desk:round_one", round_id)


def _numbers(data: bytes) -> list[str]:
    text = data.decode("utf-8-sig", errors="replace").replace("\x00", "")
    rows = csv.reader(io.StringIO(text, newline=""), strict=False)
    found = [row[0].strip()[:200] for row in rows if row]
    # A file with a head names its column; a number of an asset has a digit in it.
    has_head = bool(found) and not any(letter.isdigit() for letter in found[0])
    return found[1:] if has_head else found


def _preview(facts: Facts, *, now: datetime) -> Preview:
    calendar = WorkingCalendar.objects.filter(pk=facts["calendar"]).first()
    if calendar is None:
        return Preview()
    try:
        plan = Plan(
            rule=facts["rule"],
            first=date.fromisoformat(facts["first_day"]),
            hours=Interval(opens=facts["opens"], closes=facts["closes"]),
            calendar=calendar.facts(),
            shift=Shift(facts["shift"]),
            left_out=frozenset(map(date.fromisoformat, facts["left_out"])),
            added=frozenset(map(date.fromisoformat, facts["added"])),
        )
        return Preview(days=queries.preview(plan, now=now))
    except (RoundError, CalendarError) as wrong:
        return Preview(wrong=sentences.said(str(wrong)))


def _page(
    request: StaffRequest,
    title: str,
    *,
    said: str,
    key: str | None = None,
    facts: Facts | None = None,
) -> Page:
    more: dict[str, Any] = {"preview": Preview()}
    if key and facts is not None:
        more = {
            "retire_url": reverse("desk:round_retire", args=[key]),
            "is_retired": facts["retired"],
            "stops_url": reverse("desk:round_stops", args=[key]),
            "stops": Round.objects.get(pk=key).stops.count(),
            "runs": queries.runs_of(int(key)),
            "preview": _preview(facts, now=request.now),
        }
    return Page(
        keeper=ROUNDS,
        form=RoundForm,
        initial_of=RoundForm.initial_of,
        title=title,
        says=_("A service that comes again and again, and what happens when it does not."),
        back=reverse("desk:rounds"),
        said=said,
        section="rounds",
        template="desk/settings/round.html",
        key=key,
        facts=facts,
        start={"first_day": request.now.date(), "opens": "07:00", "closes": "16:00"},
        fixed=None if key else {"retired": False},
        extra=lambda: more,
        after=lambda saved: reverse("desk:round_one", args=[saved]),
    )


def _facts(round_id: int) -> Facts:
    facts = settings_facts.read(Thing.ROUND, str(round_id))
    if facts is None:
        raise Http404
    return facts
