"""“It was said”: somebody told the customer what was queued, and says by which way."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from makegood.actions import contacts
from makegood.doors.access import StaffRequest
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import zone_of
from makegood.doors.web.staff.performing import show_case
from makegood.doors.web.staff.remedy_forms import SaidForm, first_error
from makegood.records.models import Message
from makegood.rules.promises import Channel


def record(request: StaffRequest, message: Message, words: str, *, done: str) -> HttpResponse:
    """Record that these words were said, and answer with the case; `done` is what is shown."""
    form = SaidForm(request.POST, zone=zone_of(request), name="said")
    if not form.is_valid():
        refusal, status = first_error(form), int(HTTPStatus.UNPROCESSABLE_ENTITY)
        return show_case(request, message.case, refusal=refusal, status=status)
    try:
        contacts.record_said(
            message_id=message.pk,
            words=words,
            channel=Channel(form.cleaned_data["channel"]),
            at=request.now,
            by=request.user,
            now=request.now,
        )
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return show_case(request, message.case, refusal=why, status=status)
    messages.success(request, done)
    return redirect("desk:case", message.case.reference)
