"""Something of a customer's was found: it is pushed to them, by a case with a promise."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from makegood.actions import found_things
from makegood.actions.found_things import Where
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import number_of, show, text_of, zone_of
from makegood.doors.web.staff.fields import DeskForm
from makegood.language import sentences
from makegood.queries import remedies
from makegood.queries.settings import choices
from makegood.records.models import Customer
from makegood.rules import money
from makegood.rules.found_things import Found, FoundKind
from makegood.rules.money import MoneyError
from makegood.rules.roles import Right

_KINDS = (
    (FoundKind.PROPERTY.value, gettext_lazy("A thing of theirs")),
    (FoundKind.BALANCE.value, gettext_lazy("A credit left on an account")),
    (FoundKind.REFUND.value, gettext_lazy("A refund nobody collected")),
)


class FoundForm(DeskForm):
    """What was found; an amount only for money."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    kind = forms.ChoiceField(label=gettext_lazy("What kind"), choices=_KINDS)
    what = forms.CharField(
        label=gettext_lazy("What it is"),
        max_length=200,
        help_text=gettext_lazy("As the customer would call it, such as: your blue umbrella."),
    )
    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Only for money."),
    )
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, required=False)
    layout = (("kind", "what"), ("amount", "currency"), ("key",))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        self.fields["currency"].initial = currency

    def clean(self) -> dict[str, Any]:
        """Read the amount, where there is to be one."""
        cleaned = super().clean() or self.cleaned_data
        is_money = cleaned.get("kind") != FoundKind.PROPERTY
        currency = (cleaned.get("currency") or "").upper() if is_money else ""
        given = (cleaned.get("amount") or "").strip() if is_money else ""
        cleaned["currency"], cleaned["amount_minor"] = currency, 0
        try:
            cleaned["amount_minor"] = money.parse(given, currency) if given else 0
        except MoneyError as wrong:
            self.add_error("amount", sentences.said(str(wrong)))
        if is_money and not self.errors and not cleaned["amount_minor"]:
            self.add_error("amount", _("Say how much was found."))
        return cleaned


@allowed(Right.ANSWER_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def found_new(request: StaffRequest) -> HttpResponse:
    """First whose it is, then what it is."""
    customer = Customer.objects.filter(pk=number_of(request, "customer")).first()
    if customer is None:
        sought = text_of(request, "q")
        context = {"sought": sought, "found": choices.customers(sought)}
        return show(request, "desk/found_new.html", context)
    currency = remedies.currency_of(request.user, now=request.now)
    data = request.POST if request.method == "POST" else None
    form = FoundForm(data, zone=zone_of(request), name="found", currency=currency)
    if data is None or not form.is_valid():
        return _show(request, customer, form, status=200 if data is None else 422)
    try:
        return _push(request, customer, form.cleaned_data)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show(request, customer, form, status=status, refusal=why)


def _push(request: StaffRequest, customer: Customer, typed: dict[str, Any]) -> HttpResponse:
    found = Found(
        kind=FoundKind(typed["kind"]),
        what=typed["what"],
        amount_minor=typed["amount_minor"],
        currency=typed["currency"],
    )
    where = Where(
        source="desk", external_id=f"{request.user.pk}-{typed['key']}", found_at=request.now
    )
    thing = found_things.push(customer, found, where, owner=request.user, now=request.now)
    messages.success(request, _("A case is open with a promise to bring it."))
    return redirect("desk:case", thing.case.reference)


def _show(
    request: StaffRequest, customer: Customer, form: FoundForm, *, status: int, refusal: str = ""
) -> HttpResponse:
    context = {
        "customer": customer.pk,
        "name": customer.name,
        "form": form,
        "refusal": refusal,
    }
    return show(request, "desk/found_new.html", context, status=status)
