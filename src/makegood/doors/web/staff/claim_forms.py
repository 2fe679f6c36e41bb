"""The forms of late promises: what they were promised, and each rung of the ladder."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.due_words import SaidDueFields
from makegood.doors.web.staff.fields import (
    SHORT,
    DeskForm,
    WallField,
    channel_field,
    heard_field,
    words_field,
)
from makegood.doors.web.staff.forms import NOW_HELP
from makegood.doors.web.staff.remedy_forms import AMOUNT_LENGTH, RemedyForm
from makegood.language import sentences
from makegood.queries.labels import CLAIM_SOURCES, KINDS
from makegood.records.models import PromiseKind
from makegood.rules import money
from makegood.rules.claims import Source
from makegood.rules.money import MoneyError


class ClaimForm(DeskForm):
    """What the customer was promised, and how it came to light."""

    promised = words_field(
        _("What they were promised, in their words"),
        help_text=_("We believe them, and look through our own records ourselves."),
    )
    source = forms.ChoiceField(label=_("How it came to light"), choices=[*CLAIM_SOURCES.items()])
    speaker_name = forms.CharField(label=_("Who gave the word"), max_length=200, required=False)
    said_at = WallField(label=_("When, as far as anybody knows"))
    attachment = forms.TypedChoiceField(
        label=_("The paper or photo"), coerce=int, empty_value=None, required=False
    )
    channel = heard_field(_("How they said so"))
    at = WallField(label=_("When they said so"), help_text=NOW_HELP)
    layout = (
        ("promised",),
        ("source", "attachment"),
        ("speaker_name", "said_at"),
        ("channel", "at"),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed through
        attachments: Iterable[tuple[int, str]],
        **kwargs: Any,  # noqa: ANN401 - passed through
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["attachment"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("None")), *attachments]

    @property
    def is_said(self) -> bool:
        """Whether the customer said so, rather than the company found it."""
        return bool(self.cleaned_data["source"] == Source.CUSTOMER)


class _Decides(DeskForm):
    """Why, at which cost, and in which words the customer is told."""

    tell = words_field(_("What you tell the customer"))
    channel = channel_field(_("Told by"))
    why = forms.CharField(
        label=_("Why"),
        max_length=SHORT,
        help_text=_("For the record; the customer does not read it."),
    )
    cost = forms.CharField(
        label=_("What it costs us"),
        max_length=AMOUNT_LENGTH,
        required=False,
        help_text=_("More than you may decide goes to the next on the ladder, never back to them."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = currency
        self.fields["channel"].initial = "email"

    def clean(self) -> dict[str, Any]:
        """Turn the cost into minor units."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["cost_minor"] = _minor(self, "cost")
        return cleaned


class StandsForm(_Decides):
    """It is done, as the promise on record says."""

    layout = (("tell",), ("channel", "cost", "currency"), ("why",))


class HonourForm(_Decides, SaidDueFields):
    """It is done: from now on a promise with a date."""

    words = words_field(_("The promise from now on"))
    kind = forms.ChoiceField(
        label=_("What it is"), choices=[*KINDS.items()], initial=PromiseKind.OTHER.value
    )
    layout = (
        ("words",),
        ("due_on", "due_time", "kind"),
        ("tell",),
        ("channel", "cost", "currency"),
        ("why",),
    )


class InsteadForm(_Decides):
    """It cannot be done: ask what would make it right, with an offer on the table."""

    offer = forms.CharField(
        label=_("What you put on the table"),
        max_length=SHORT,
        help_text=_("Something concrete: they need not think of it themselves."),
    )
    layout = (("offer",), ("tell",), ("channel", "cost", "currency"), ("why",))


class TakeForm(SaidDueFields):
    """What makes it right, as the customer said: a promise, or money."""

    note = words_field(_("What they said"))
    channel = heard_field(_("How they said so"))
    words = words_field(_("The promise from now on"), required=False)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=[*KINDS.items()], initial=PromiseKind.OTHER.value
    )
    amount = forms.CharField(
        label=_("Or money: how much"), max_length=AMOUNT_LENGTH, required=False
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput())
    layout = (
        ("note",),
        ("channel",),
        ("words",),
        ("due_on", "due_time", "kind"),
        ("amount", "currency"),
        ("key",),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = currency

    def clean(self) -> dict[str, Any]:
        """One of both: words with a day, or an amount."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["amount_minor"] = _minor(self, "amount")
        is_promise = bool((cleaned.get("words") or "").strip())
        if is_promise == bool(cleaned["amount_minor"]):
            self.add_error("words", _("Give either a promise or an amount."))
        return cleaned


class ValueForm(RemedyForm):
    """Something of value, and the words for it."""

    tell = words_field(_("What you tell the customer"))
    channel = channel_field(_("Told by"))
    layout = (*RemedyForm.layout[:-1], ("tell",), ("channel",), RemedyForm.layout[-1])


class SaidSoForm(DeskForm):
    """What the customer said about it."""

    note = words_field(_("What they said"))
    channel = heard_field(_("How they said so"))
    layout = (("note",), ("channel",))


class MistakenForm(DeskForm):
    """A promise that we should not have given."""

    why = forms.CharField(
        label=_("Why we should not have promised it"),
        max_length=SHORT,
        help_text=_("For the record. Do not tell the customer: they keep what they were told."),
    )
    layout = (("why",),)


def _minor(form: DeskForm, field: str) -> int:
    """The minor units of a typed amount; 0 if there is none, or it is wrong."""
    typed = (form.cleaned_data.get(field) or "").strip()
    if not typed:
        return 0
    currency = form.cleaned_data["currency"] = (form.cleaned_data.get("currency") or "").upper()
    try:
        return money.parse(typed, currency)
    except MoneyError as wrong:
        form.add_error(field, sentences.said(str(wrong)))
        return 0
