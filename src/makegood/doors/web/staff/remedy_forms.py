"""The forms of making good."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import FIRST_DAY, SHORT, DayInput, DeskForm, channel_field
from makegood.language import sentences
from makegood.queries.labels import REMEDY_KINDS
from makegood.rules import goodwill, money
from makegood.rules.money import MoneyError
from makegood.rules.remedies import MONEY_KINDS, RemedyKind

AMOUNT_LENGTH = 20


class RemedyForm(DeskForm):
    """Give something of one's own choosing."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    kind = forms.ChoiceField(label=_("What"), choices=[*REMEDY_KINDS.items()])
    amount = forms.CharField(
        label=_("Amount"),
        max_length=AMOUNT_LENGTH,
        help_text=_("For a thing or a service: what it costs us, 0 if nothing."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3)
    thing = forms.CharField(
        label=_("What they get"),
        max_length=200,
        required=False,
        help_text=_("Only for a thing or a service, such as: a new food bin."),
    )
    because = forms.CharField(
        label=_("Why"), max_length=SHORT, help_text=_("For colleagues; do not name the customer.")
    )
    price = forms.CharField(
        label=_("What they paid for it"),
        max_length=AMOUNT_LENGTH,
        required=False,
        help_text=_("If you know it: far more than that pleases less."),
    )
    sure = forms.BooleanField(label=_("Give it all the same"), required=False)
    layout: tuple[tuple[str, ...], ...] = (
        ("kind", "amount", "currency"),
        ("thing",),
        ("because",),
        ("price", "sure"),
        ("key",),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        self.fields["currency"].initial = currency
        self.fields["kind"].initial = RemedyKind.CREDIT.value

    def clean(self) -> dict[str, Any]:
        """Read the amounts, and warn once where the sum is far above the price."""
        cleaned = super().clean() or self.cleaned_data
        currency = cleaned["currency"] = (cleaned.get("currency") or "").upper()
        cleaned["amount_minor"] = self._minor("amount", currency)
        price = self._minor("price", currency)
        is_money = cleaned.get("kind") in {kind.value for kind in MONEY_KINDS}
        if not is_money and not (cleaned.get("thing") or "").strip():
            self.add_error("thing", _("Say what they get."))
        if is_money and cleaned.get("thing"):
            self.add_error("thing", _("Money is no thing: leave this empty."))
        if "key" in self.errors:
            self.add_error(None, _("This form was not opened here. Open it again."))
        warning = goodwill.warning(cleaned["amount_minor"] or 0, price_minor=price)
        if warning and not cleaned.get("sure"):
            self.add_error("sure", f"{warning} {_('Tick this to give it all the same.')}")
        return cleaned

    def _minor(self, field: str, currency: str) -> int | None:
        given = (self.cleaned_data.get(field) or "").strip()
        if not given:
            return None
        try:
            return money.parse(given, currency)
        except MoneyError as wrong:
            self.add_error(field, sentences.said(str(wrong)))
            return None


class FeeForm(DeskForm):
    """A fee or penalty that our failure caused, to be taken off at once."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    what = forms.CharField(
        label=_("What they were charged for"),
        max_length=200,
        help_text=_(
            "For example: restocking fee, cancellation fee, early termination, return postage, "
            "late payment. Do not name the customer."
        ),
    )
    amount = forms.CharField(label=_("Amount"), max_length=AMOUNT_LENGTH)
    currency = forms.CharField(label=_("Currency"), max_length=3)
    charged_on = forms.DateField(label=_("Charged on"), widget=DayInput())
    layout = (("what",), ("amount", "currency", "charged_on"), ("key",))

    def __init__(self, *args: Any, currency: str, today: date, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["key"].initial = uuid.uuid4
        self.fields["currency"].initial = currency
        self.fields["charged_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """Read the amount, and refuse a day that has not come."""
        cleaned = super().clean() or self.cleaned_data
        currency = cleaned["currency"] = (cleaned.get("currency") or "").upper()
        given = (cleaned.get("amount") or "").strip()
        try:
            cleaned["amount_minor"] = money.parse(given, currency) if given else 0
        except MoneyError as wrong:
            self.add_error("amount", sentences.said(str(wrong)))
        if given and "amount" not in self.errors and not cleaned["amount_minor"]:
            self.add_error("amount", _("A fee is more than nothing."))
        day = cleaned.get("charged_on")
        if day is not None and not FIRST_DAY <= day <= self.today:
            self.add_error("charged_on", _("Give the day on which it was charged, up to today."))
        if "key" in self.errors:
            self.add_error(None, _("This form was not opened here. Open it again."))
        return cleaned


class OfferForm(forms.Form):
    """Give what the case offers, as it was shown: its id, its amount and the form's own key."""

    offer = forms.CharField(max_length=100)
    amount = forms.IntegerField(min_value=0)
    key = forms.UUIDField()


class GestureForm(forms.Form):
    """Give something of the catalogue: which, and the form's own key."""

    item = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    key = forms.UUIDField()


class WithholdForm(DeskForm):
    """Not to give what one could give, with the reason."""

    offer = forms.CharField(max_length=100, widget=forms.HiddenInput())
    why = forms.CharField(
        label=_("Why not"),
        max_length=SHORT,
        help_text=_("It is counted, and stands on the timeline. Do not name the customer."),
    )
    asked = forms.BooleanField(label=_("The customer has asked for it"), required=False)
    layout = (("why",), ("asked",), ("offer",))


class ArrivedForm(DeskForm):
    """A remedy has reached the customer, as somebody knows."""

    evidence = forms.CharField(
        label=_("How we know that it has arrived"),
        max_length=SHORT,
        help_text=_("For example: she rang to thank us for the flowers."),
    )
    layout = (("evidence",),)


class SaidForm(DeskForm):
    """The customer was told of a remedy."""

    channel = channel_field(_("Said by"))
    layout = (("channel",),)


class DecisionForm(forms.Form):
    """Yes; or no, with the reason and what is offered instead."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    why = forms.CharField(max_length=SHORT, required=False)
    instead = forms.CharField(max_length=SHORT, required=False)


def first_error(form: forms.Form) -> str:
    """The first thing that is wrong with a form, as a sentence."""
    errors: Iterable[Any] = form.errors.values()
    return str(next(iter(next(iter(errors)))))
