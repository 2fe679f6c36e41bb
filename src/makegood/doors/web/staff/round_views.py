"""A technician's phone: today's visits, arrived, done, and the one button for the wrong part."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import crews, parts, visit_day
from makegood.actions.sending import FormSentTwiceError
from makegood.actions.visit_day import Fault
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import number_of, show, zone_of
from makegood.doors.web.staff.fields import MINUTES_MAX, SHORT, TIME_GONE, DeskForm, words_field
from makegood.doors.web.staff.performing import once
from makegood.doors.web.staff.visit_access import visit_of_ones_round
from makegood.queries import rounds, visit_cards, visit_round
from makegood.queries.case_effort import read_effort
from makegood.queries.remedies import get_case_remedies
from makegood.queries.visit_cards import VisitCard
from makegood.records import crew_times
from makegood.records.models import Visit
from makegood.rules.roles import Right
from makegood.rules.visits import Failing, VisitEndedError

_METHODS = ["GET", "HEAD", "POST"]


class FailForm(DeskForm):
    """Why it cannot be done, what it has cost the customer, and the next time."""

    failing = forms.ChoiceField(
        label=lazy("What is wrong"),
        choices=[
            (Failing.WRONG_PART, lazy("I have the wrong part, or none")),
            (Failing.MORE_WORK, lazy("It needs more than was planned")),
            (Failing.NO_ACCESS, lazy("Nobody could let me in")),
        ],
    )
    part = forms.TypedChoiceField(
        label=lazy("The right part"), coerce=int, required=False, empty_value=None
    )
    minutes = forms.IntegerField(
        label=lazy("Minutes that the customer lost"), min_value=0, max_value=MINUTES_MAX
    )
    words = words_field(lazy("What you say to the customer"), rows=4)
    time = forms.TypedChoiceField(
        label=lazy("The next time, as the customer chooses"),
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": ""}),
        error_messages={"invalid_choice": TIME_GONE},
    )
    layout = (("failing",), ("part",), ("minutes",), ("words",), ("time",))

    def to_choose(self) -> Iterable[list[BoundField]]:
        """What is asked first, on which the rest hangs."""
        return list(self.rows())[:3]

    def to_say(self) -> Iterable[list[BoundField]]:
        """The words; ours follow what is wrong until somebody types their own."""
        return list(self.rows())[3:4]

    def times(self) -> Iterable[list[BoundField]]:
        """The times that fit what is wrong and which part is needed."""
        return list(self.rows())[4:]


@allowed(Right.ANSWER_CUSTOMERS)
@require_safe
def my_round(request: StaffRequest) -> HttpResponse:
    """Today's visits."""
    page = visit_round.read_round(request.user, now=request.now)
    context = {"page": page, "runs": rounds.out_today(request.user, now=request.now)}
    return show(request, "desk/round.html", {**context, "sent_key": uuid4()})


@allowed(Right.ANSWER_CUSTOMERS)
@require_http_methods(_METHODS)
def visit(request: StaffRequest, visit_id: int) -> HttpResponse:
    """One visit; by POST, that one has arrived, or that it is done."""
    found = visit_of_ones_round(request, visit_id)
    if request.method != "POST":
        return _show(request, found)
    acts: dict[str, Callable[[], Visit]] = {
        "arrived": lambda: visit_day.arrive(
            found.pk, at=request.now, by=request.user, now=request.now
        ),
        "done": lambda: visit_day.finish(
            found.pk, note=_note(request), by=request.user, now=request.now
        ),
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        return _show(request, found, status=HTTPStatus.BAD_REQUEST)
    try:
        once(request, act)
    except FormSentTwiceError:
        pass
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show(request, found, refusal=why, status=status)
    return redirect("desk:visit", found.pk)


@allowed(Right.ANSWER_CUSTOMERS)
@require_http_methods(_METHODS)
def fail(request: StaffRequest, visit_id: int) -> HttpResponse:
    """It cannot be done: acknowledge it, and hold the next time before leaving."""
    found = visit_of_ones_round(request, visit_id)
    if found.outcome is not None:
        return _ended_before(request, found)
    form = _fail_form(request, found)
    if request.method != "POST" or not form.is_valid():
        is_new = request.method != "POST"
        code = HTTPStatus.OK if is_new else HTTPStatus.UNPROCESSABLE_ENTITY
        return _show_fail(request, found, form, status=code)
    try:
        following = once(
            request,
            lambda: visit_day.fail(
                found.pk, _fault(form.cleaned_data), by=request.user, now=request.now
            ),
        )
    except (FormSentTwiceError, VisitEndedError):
        return _ended_before(request, found)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_fail(request, found, form, refusal=why, status=status)
    return _held(following)


def _held(following: Visit) -> HttpResponse:
    return redirect(f"{reverse('desk:visit', args=[following.pk])}?held")


def _ended_before(request: StaffRequest, found: Visit) -> HttpResponse:
    """Sent twice, or from a page that was open before: what counts is what comes next."""
    following = Visit.objects.filter(follows=found.pk, outcome=None).first()
    if following is None:
        return redirect("desk:visit", found.pk)
    if request.method == "POST":
        messages.info(request, _("This was sent twice. It counts once."))
    return _held(following)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def make_feed(request: StaffRequest) -> HttpResponse:
    """A fresh secret address of one's own calendar, shown once; the old one shows nothing more."""
    crews.revoke_feeds(crew=None, staff=request.user, now=request.now)
    token = crews.make_feed(crew=None, staff=request.user, by=request.user, now=request.now)
    page = visit_round.read_round(request.user, now=request.now)
    address = settings.BASE_URL.rstrip("/") + reverse("customer:calendar_feed", args=[token])
    context = {"page": page, "feed": address, "sent_key": uuid4()}
    answer = show(request, "desk/round.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def revoke_feed(request: StaffRequest) -> HttpResponse:
    """Let the address of one's own calendar show nothing any more."""
    if crews.revoke_feeds(crew=None, staff=request.user, now=request.now):
        messages.success(request, _("Your calendar address shows nothing any more."))
    return redirect("desk:round")


def _note(request: StaffRequest) -> str:
    return request.POST.get("note", "").replace("\x00", "").strip()[:SHORT]


def _show(
    request: StaffRequest, found: Visit, *, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    fresh = visit_round.find_visit(found.pk) or found
    remedies = None
    if fresh.follows_id is not None:
        effort = read_effort(fresh.case_id)
        remedies = get_case_remedies(
            fresh.case, reader=request.user, effort=effort, now=request.now
        )
    context = {
        "card": visit_cards.read_card(fresh, now=request.now, zone=zone_of(request)),
        "is_held": "held" in request.GET,
        "is_ahead": visit_round.is_ahead(fresh, now=request.now, zone=zone_of(request)),
        "following": _following(request, fresh),
        "offers": remedies.offers if remedies else (),
        "refusal": refusal,
        "sent_key": uuid4(),
        "form_key": uuid4(),
        "max": SHORT,
    }
    return show(request, "desk/round_visit.html", context, status=status)


def _following(request: StaffRequest, ended: Visit) -> VisitCard | None:
    """What comes after a visit that has ended."""
    if ended.outcome is None:
        return None
    found = visit_round.find_next(ended.pk)
    if found is None:
        return None
    return visit_cards.read_card(found, now=request.now, zone=zone_of(request))


def _fail_form(request: StaffRequest, found: Visit) -> FailForm:
    data = request.POST if request.method == "POST" else None
    slot = crew_times.live_slot(found.pk)
    waited = request.now - slot.opens_at if slot else timedelta(0)
    is_at_home = _failing(request) is not Failing.NO_ACCESS
    initial = {
        "failing": _failing(request),
        "minutes": max(int(waited.total_seconds() // 60), 0) if is_at_home else 0,
        "part": str(_part(request, found) or ""),
    }
    form = FailForm(data, zone=zone_of(request), name="fail", initial=initial)
    known = [(str(part.id), part.words) for part in visit_round.parts()]
    _fill(form, "part", [("", _("The one that the diagnosis names")), *known])
    part = parts.brought_next(found, _failing(request), part_id=_named(request), now=request.now)
    times = visit_round.next_times(found, part=part, now=request.now, zone=zone_of(request))
    _fill(form, "time", [(str(time.value), capfirst(time.words)) for time in times])
    form.fields["words"].initial = visit_day.words_at_the_door(
        found.case,
        _failing(request),
        has_chosen=bool(times),
        is_ordered=_part(request, found) is not None,
    )
    if not is_at_home:
        form.fields["time"].label = _("The next time; the customer is told, and can choose another")
    if times:
        form.fields["time"].initial = str(times[0].value)
    return form


def _fill(form: FailForm, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _failing(request: StaffRequest) -> Failing:
    """What is wrong, as it was sent or is being chosen; the wrong part, before anything is."""
    asked = request.POST.get("failing", request.GET.get("failing", ""))
    return Failing(asked) if asked in set(Failing) else Failing.WRONG_PART


def _named(request: StaffRequest) -> int | None:
    """The part that is named as the right one, if one is."""
    return whole_number(request.POST.get("part", ""), default=number_of(request, "part")) or None


def _part(request: StaffRequest, found: Visit) -> int | None:
    return _named(request) or (found.diagnosis.part_id if found.diagnosis else None)


def _fault(typed: dict[str, Any]) -> Fault:
    chosen = typed["time"]
    return Fault(
        failing=Failing(typed["failing"]),
        minutes=typed["minutes"],
        words=typed["words"],
        part=typed["part"],
        chosen=datetime.fromtimestamp(chosen, UTC) if chosen else None,
    )


def _show_fail(
    request: StaffRequest,
    found: Visit,
    form: FailForm,
    *,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "card": visit_cards.read_card(found, now=request.now, zone=zone_of(request)),
        "form": form,
        "refusal": refusal,
        "sent_key": uuid4(),
    }
    return show(request, "desk/round_fail.html", context, status=status)
