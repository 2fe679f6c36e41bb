"""The forms of the desk, each for one act."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.due_words import SaidDueFields
from makegood.doors.web.staff.fields import (
    MINUTES_MAX,
    SHORT,
    DeskForm,
    DueFields,
    WallField,
    channel_field,
    heard_field,
    words_field,
)
from makegood.language import sentences
from makegood.queries.labels import KINDS
from makegood.queries.people import Colleague
from makegood.records.models import Direction
from makegood.rules import money
from makegood.rules.money import MoneyError
from makegood.rules.promises import Channel

NOW_HELP = _("Empty: just now.")


class MakePromiseForm(SaidDueFields):
    """A new word to the customer."""

    passes_gate = True
    words = words_field(_("In which words"))
    kind = forms.ChoiceField(label=_("What it is"), choices=[*KINDS.items()])
    channel = channel_field(_("Said by"))
    said_at = WallField(label=_("When it was said"), help_text=NOW_HELP)
    layout: tuple[tuple[str, ...], ...] = (
        ("words",),
        ("due_on", "due_time"),
        ("from_on", "from_time"),
        ("kind", "channel", "said_at"),
    )


class ReplaceForm(MakePromiseForm):
    """Another promise, to which the customer agreed."""

    agreed = words_field(
        _("How we know that the customer agreed"),
        help_text=_("For example: agreed on the phone at 14:05."),
    )
    layout = (*MakePromiseForm.layout, ("agreed",))


class KeepForm(DeskForm):
    """A promise was kept."""

    evidence = words_field(
        _("What was done, and how we know"),
        help_text=_("For example: rang at 13:50 and spoke to her."),
    )
    at = WallField(label=_("When it was done"), help_text=NOW_HELP)
    layout = (("evidence",), ("at",))


class RangForm(DeskForm):
    """We rang, and nobody answered."""

    at = WallField(label=_("When you rang"), help_text=NOW_HELP)
    left_message = forms.BooleanField(
        label=_("I left a message, so that they know that we rang"), required=False
    )
    layout = (("left_message",), ("at",))


class MoveForm(DueFields):
    """A new date for a promise, before the old one passes."""

    cause = forms.CharField(
        label=_("Why it moves"),
        max_length=SHORT,
        help_text=_("For colleagues; the customer does not see it."),
    )
    layout = (("due_on", "due_time"), ("from_on", "from_time"), ("cause",))


class ToldForm(DeskForm):
    """The customer was told of a new date."""

    channel = channel_field(_("How they were told"))
    at = WallField(label=_("When they were told"), help_text=NOW_HELP)
    evidence = words_field(
        _("How we know that they heard it"), help_text=_("For example: she said that Friday suits.")
    )
    layout = (("channel", "at"), ("evidence",))


class ReleaseForm(DeskForm):
    """The customer no longer wants what was promised."""

    evidence = words_field(_("How we know that the customer wants it no more"))
    at = WallField(label=_("When they said so"), help_text=NOW_HELP)
    layout = (("evidence",), ("at",))


class HandoverForm(DeskForm):
    """Ask a colleague to take the case over."""

    to = forms.TypedChoiceField(label=_("Who"), coerce=int)
    why = forms.CharField(
        label=_("Why"), max_length=SHORT, help_text=_("Do not name the customer here.")
    )
    layout = (("to", "why"),)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed through
        colleagues: Iterable[Colleague],
        off_duty: frozenset[int],
        **kwargs: Any,  # noqa: ANN401 - passed through
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.id), _named(one, is_there=one.id not in off_duty)) for one in colleagues]
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose somebody")), *named]


def _named(colleague: Colleague, *, is_there: bool) -> str:
    words = f"{colleague.name}, {colleague.team}"
    return words if is_there else f"{words} ({gettext('off duty')})"


class ContactForm(DeskForm):
    """One touch with the customer, and what it cost them."""

    direction = forms.ChoiceField(
        label=_("Who reached whom"),
        choices=[
            (Direction.INBOUND, _("The customer reached us")),
            (Direction.OUTBOUND, _("We reached the customer")),
        ],
    )
    channel = channel_field(_("By"))
    at = WallField(label=_("When"), help_text=NOW_HELP)
    note = words_field(_("What was said"), required=False)
    hold_minutes = forms.IntegerField(
        label=_("Minutes on hold"), min_value=0, max_value=MINUTES_MAX, required=False
    )
    talk_minutes = forms.IntegerField(
        label=_("Minutes talking"), min_value=0, max_value=MINUTES_MAX, required=False
    )
    other_minutes = forms.IntegerField(
        label=_("Other minutes"), min_value=0, max_value=MINUTES_MAX, required=False
    )
    estimated = forms.BooleanField(label=_("The minutes are estimated"), required=False)
    told_again = forms.BooleanField(
        label=_("They had to tell again what is on record"), required=False
    )
    money = forms.CharField(label=_("Money it cost them"), max_length=20, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False, initial="GBP")
    layout = (
        ("direction", "channel", "at"),
        ("note",),
        ("hold_minutes", "talk_minutes", "other_minutes"),
        ("money", "currency"),
        ("estimated", "told_again"),
    )

    def clean(self) -> dict[str, Any]:
        """Turn the amount into minor units."""
        cleaned = super().clean() or self.cleaned_data
        on_page = cleaned.get("channel") == Channel.WEB
        if on_page and cleaned.get("direction") == Direction.INBOUND:
            self.add_error("channel", _("What customers send on their page is recorded by itself."))
        if cleaned.get("told_again") and cleaned.get("direction") == Direction.OUTBOUND:
            why = _("Only a customer who reached us can have had to tell something again.")
            self.add_error("told_again", why)
        cleaned["money_minor"] = 0
        amount = (cleaned.get("money") or "").strip()
        currency = cleaned["currency"] = (cleaned.get("currency") or "").upper() if amount else ""
        if amount:
            try:
                cleaned["money_minor"] = money.parse(amount, currency)
            except MoneyError as wrong:
                self.add_error("money", sentences.said(str(wrong)))
        return cleaned


class ApologyForm(DeskForm):
    """An apology was said."""

    passes_gate = True
    words = words_field(
        _("In which words"),
        rows=3,
        help_text=_("Whose fault, what it cost them, and that we are sorry. No “if”, no “but”."),
    )
    channel = channel_field(_("Said by"))
    at = WallField(label=_("When it was said"), help_text=NOW_HELP)
    layout = (("words",), ("channel", "at"))


class ReopenForm(DeskForm):
    """The customer said that it is not right after all."""

    channel = heard_field(_("How they said so"))
    at = WallField(label=_("When"), help_text=NOW_HELP)
    note = words_field(_("In their words"))
    layout = (("channel", "at"), ("note",))


class CloseForm(DeskForm):
    """The customer said that it is right: in a contact recorded before, or in one told here."""

    contact = forms.TypedChoiceField(
        label=_("In which contact they said so"), coerce=int, required=False, empty_value=None
    )
    channel = heard_field(_("How they said so"))
    at = WallField(label=_("When"), help_text=NOW_HELP)
    note = words_field(
        _("In their words"),
        required=False,
        help_text=_("Needed for a contact that you record here. For example: yes, it works again."),
    )
    layout = (("contact",), ("channel", "at"), ("note",))

    def __init__(self, *args: Any, contacts: Iterable[tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        choices = [("", _("In one that I record here")), *contacts]
        field = self.fields["contact"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A new contact needs the customer's words."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("contact") and not (cleaned.get("note") or "").strip():
            self.add_error("note", _("Write down what the customer said."))
        return cleaned
