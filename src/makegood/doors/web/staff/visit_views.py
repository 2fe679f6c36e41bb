"""The visits and parts of a case: one page, and each act on it one form."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.actions import part_names, parts, visit_access, visits
from makegood.actions.parts import Order
from makegood.actions.sending import FormSentTwiceError
from makegood.actions.visits import Booking
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web import refusals
from makegood.doors.web.staff import visit_forms
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.fields import DeskForm
from makegood.doors.web.staff.performing import once
from makegood.doors.web.staff.visit_forms import end_of
from makegood.queries import case_visits
from makegood.queries.case_visits import CaseVisits
from makegood.queries.skills import skills_of_crews
from makegood.records.models import Case, EtaSource
from makegood.rules.promises import Channel
from makegood.rules.roles import Right
from makegood.rules.visits import Access

Typed = dict[str, Any]
_Do = Callable[[StaffRequest, Case, Typed], str]


@allowed(Right.ANSWER_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def of_case(request: StaffRequest, reference: str) -> HttpResponse:
    """The visits and parts of a case; by POST, one act on them."""
    case = access.case(request, reference)
    page = case_visits.get_case_visits(case.pk, reader=request.user, now=request.now)
    if request.method != "POST":
        return _show(request, page)
    name = request.POST.get("do", "")
    if name not in _ACTS:
        return _show(request, page, status=HTTPStatus.BAD_REQUEST)
    make, do = _ACTS[name]
    form = make(request, page) if make else None
    if form is not None and not form.is_valid():
        return _show(request, page, bound=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    typed = form.cleaned_data if form is not None else _numbers(request)
    try:
        messages.success(request, once(request, lambda: do(request, case, typed)))
    except FormSentTwiceError:
        messages.info(request, _("This was sent twice. It counts once."))
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        fresh = case_visits.get_case_visits(case.pk, reader=request.user, now=request.now)
        return _show(request, fresh, bound=form, refusal=why, status=status)
    return redirect("desk:case_visits", case.reference)


def _book(request: StaffRequest, case: Case, typed: Typed) -> str:
    booking = Booking(
        what=typed["what"],
        diagnosis=case_visits.latest_diagnosis(case.pk) if typed.get("needs_part") else None,
        skill=typed["skill"],
        access=Access.ASKED if typed["needs_access"] else Access.NOT_NEEDED,
        chosen=_moment(typed["time"]),
        channel=Channel(typed["channel"]),
    )
    visits.book_visit(case.pk, booking, by=request.user, now=request.now)
    return _("Held and promised. The customer sees it on their page.")


def _move(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own(case.visits.filter(pk=typed["visit"]).exists())
    visits.move_visit(
        typed["visit"], chosen=_moment(typed["time"]), by=request.user, now=request.now
    )
    return _("Moved. It counts once the customer was told.")


def _tell(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own(case.messages.filter(pk=typed["message"]).exists())
    visits.tell(
        typed["message"],
        at=typed["at"] or request.now,
        channel=Channel(typed["channel"]),
        evidence=typed["evidence"],
        now=request.now,
    )
    return _("Recorded: the customer knows.")


def _let_in(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own(case.visits.filter(pk=typed["visit"]).exists())
    visit_access.give_access(typed["visit"], by=request.user, now=request.now)
    return _("Noted: somebody will let us in.")


def _off(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own(case.visits.filter(pk=typed["visit"]).exists())
    visits.cancel_visit(
        typed["visit"], evidence=typed["evidence"], by=request.user, now=request.now
    )
    return _("The visit is off, as the customer wishes.")


def _find_part(request: StaffRequest, case: Case, typed: Typed) -> str:
    part = part_names.part_of(typed["number"], name=typed["name"])
    found = parts.diagnose(case.pk, part, note="", by=request.user, now=request.now)
    return _place(request, found.pk, typed)


def _order(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own(case.diagnoses.filter(pk=typed["diagnosis"]).exists())
    return _place(request, typed["diagnosis"], typed)


def _place(request: StaffRequest, diagnosis: int, typed: Typed) -> str:
    part = part_names.part_of(typed["number"])
    order = Order(
        diagnosis=diagnosis,
        part=part.pk,
        number=typed["order_number"],
        eta=end_of(typed["eta_on"], zone_of(request)),
    )
    parts.order_part(order, by=request.user, now=request.now)
    return _("Ordered. Its arrival is watched.")


def _expect(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own_order(case, typed)
    eta = end_of(typed["eta_on"], zone_of(request)) or request.now
    changed = parts.record_eta(
        typed["order"], eta, source=EtaSource.DESK, by=request.user, now=request.now
    )
    if not changed:
        return _("That was known already.")
    return _("Recorded. Visits that cannot be before then have moved.")


def _receive(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own_order(case, typed)
    parts.receive_part(typed["order"], at=request.now, by=request.user, now=request.now)
    return _("The part is here. Visits that waited for nothing else are sure now.")


def _fits(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own_order(case, typed)
    parts.answer_doubt(typed["order"], because=typed["because"], by=request.user, now=request.now)
    return _("Recorded: it fits.")


def _refuse_part(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own_order(case, typed)
    parts.refuse_part(typed["order"], because=typed["because"], by=request.user, now=request.now)
    return _("Recorded. Another one is on order, and its visits go by that.")


def _cancel_order(request: StaffRequest, case: Case, typed: Typed) -> str:
    _own_order(case, typed)
    parts.cancel_order(typed["order"], by=request.user, now=request.now)
    return _("The order is cancelled.")


def _own(is_of_this_case: bool) -> None:  # noqa: FBT001 - said by its one argument
    if not is_of_this_case:
        raise Http404


def _own_order(case: Case, typed: Typed) -> None:
    _own(case.diagnoses.filter(orders=typed["order"]).exists())


def _moment(second: int | None) -> datetime | None:
    return datetime.fromtimestamp(second, UTC) if second else None


def _numbers(request: StaffRequest) -> Typed:
    """What a form of one button sends: the number of a visit or an order."""
    return {name: whole_number(request.POST.get(name, "")) for name in ("visit", "order")}


def _form(make: type[DeskForm], request: StaffRequest, **more: Any) -> DeskForm:  # noqa: ANN401 - passed through
    data = request.POST if request.method == "POST" and "data" not in more else None
    more.pop("data", None)
    return make(data, zone=zone_of(request), **more)


def _fill(form: DeskForm, name: str, choices: list[tuple[str, str]]) -> DeskForm:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
    return form


def _book_form(request: StaffRequest, page: CaseVisits, *, fresh: bool = False) -> DeskForm:
    more = {"data": None} if fresh else {}
    part = page.parts[0].words if page.parts else ""
    form = _form(visit_forms.BookForm, request, name="book", part=part, **more)
    times = [(str(time.value), capfirst(time.words)) for time in page.times]
    _fill(form, "time", [("", _("The best for the customer")), *times])
    skills = [(skill, skill) for skill in skills_of_crews()]
    return _fill(form, "skill", [("", _("Nothing special")), *skills])


def _move_form(request: StaffRequest, page: CaseVisits) -> DeskForm:
    form = _form(visit_forms.MoveVisitForm, request, name="move")
    wanted = request.POST.get("visit", "")
    times = next((v.times for v in page.open if str(v.card.id) == wanted), ())
    return _fill(form, "time", [(str(time.value), capfirst(time.words)) for time in times])


def _plain(make: type[DeskForm], name: str) -> Callable[[StaffRequest, CaseVisits], DeskForm]:
    return lambda request, _page: _form(make, request, name=name)


_ACTS: dict[str, tuple[Callable[[StaffRequest, CaseVisits], DeskForm] | None, _Do]] = {
    "book": (_book_form, _book),
    "move": (_move_form, _move),
    "told": (_plain(visit_forms.ToldVisitForm, "told"), _tell),
    "access": (None, _let_in),
    "off": (_plain(visit_forms.OffForm, "off"), _off),
    "part": (_plain(visit_forms.PartForm, "part"), _find_part),
    "order": (_plain(visit_forms.OrderForm, "order"), _order),
    "eta": (_plain(visit_forms.EtaForm, "eta"), _expect),
    "received": (None, _receive),
    "fits": (_plain(visit_forms.FitsForm, "fits"), _fits),
    "wrong": (_plain(visit_forms.WrongPartForm, "wrong"), _refuse_part),
    "cancel_order": (None, _cancel_order),
}


def _show(
    request: StaffRequest,
    page: CaseVisits,
    *,
    bound: DeskForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    failed = request.POST.get("do", "")
    is_book = failed == "book" and bound is not None
    is_part = failed == "part" and bound is not None
    problem = refusal or (_first_problem(bound) if bound and not (is_book or is_part) else "")
    part = _form(visit_forms.PartForm, request, name="part", data=None)
    context = {
        "page": page,
        "book": bound if is_book else _book_form(request, page, fresh=True),
        "part": bound if is_part else part,
        "told": _form(visit_forms.ToldVisitForm, request, name="told", data=None),
        "refusal": problem,
        "sent_key": uuid4(),
    }
    return show(request, "desk/case_visits.html", context, status=status)


def _first_problem(form: DeskForm) -> str:
    return next((str(error) for errors in form.errors.values() for error in errors), "")
