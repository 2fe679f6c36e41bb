"""The forms of visits and parts, each for one act."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import (
    SHORT,
    TIME_GONE,
    DayInput,
    DeskForm,
    WallField,
    channel_field,
    words_field,
)
from makegood.rules import promises


class PartForm(DeskForm):
    """A part was found to be needed, and is ordered."""

    number = forms.CharField(label=_("Part number"), max_length=60)
    name = forms.CharField(
        label=_("What it is"), max_length=200, required=False, help_text=_("For a new part.")
    )
    order_number = forms.CharField(
        label=_("Order number at the supplier"), max_length=100, required=False
    )
    eta_on = forms.DateField(
        label=_("Expected on"),
        widget=DayInput(),
        required=False,
        help_text=_("Empty: as long as this part usually takes."),
    )
    layout = (("number", "name"), ("order_number", "eta_on"))


class OrderForm(DeskForm):
    """The part of a diagnosis is ordered, or another one that is to fit."""

    diagnosis = forms.IntegerField(widget=forms.HiddenInput)
    number = forms.CharField(label=_("Part number"), max_length=60)
    order_number = forms.CharField(
        label=_("Order number at the supplier"), max_length=100, required=False
    )
    eta_on = forms.DateField(label=_("Expected on"), widget=DayInput(), required=False)
    layout = (("diagnosis",), ("number", "order_number", "eta_on"))


class BookForm(DeskForm):
    """A visit. It can bring the part that was found last, if one was."""

    what = forms.CharField(
        label=_("What for"), max_length=200, help_text=_("For example: fit the heating element.")
    )
    skill = forms.ChoiceField(label=_("What the crew must be able to do"), required=False)
    time = forms.TypedChoiceField(
        label=_("When"),
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": TIME_GONE},
    )
    needs_part = forms.BooleanField(required=False)
    needs_access = forms.BooleanField(
        label=_("Somebody has to let us in, and has not said yet that they will"), required=False
    )
    channel = channel_field(_("Said by"))
    layout: tuple[tuple[str, ...], ...] = (
        ("what", "skill"),
        ("time", "channel"),
        ("needs_part",),
        ("needs_access",),
    )

    def __init__(self, *args: Any, part: str, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, initial={"needs_part": bool(part)}, **kwargs)
        self.fields["needs_part"].label = _("It brings the part found last: %(part)s") % {
            "part": part
        }
        if not part:
            del self.fields["needs_part"]
            self.layout = tuple(row for row in self.layout if row != ("needs_part",))


class MoveVisitForm(DeskForm):
    """Another time for a visit."""

    visit = forms.IntegerField(widget=forms.HiddenInput)
    time = forms.TypedChoiceField(
        label=_("When"), coerce=int, error_messages={"invalid_choice": TIME_GONE}
    )
    layout = (("visit",), ("time",))


class ToldVisitForm(DeskForm):
    """The customer was told."""

    message = forms.IntegerField(widget=forms.HiddenInput)
    channel = channel_field(_("How they were told"))
    at = WallField(label=_("When they were told"), help_text=_("Empty: just now."))
    evidence = words_field(_("How we know that they heard it"))
    layout = (("message",), ("channel", "at"), ("evidence",))


class OffForm(DeskForm):
    """The customer no longer wants the visit."""

    visit = forms.IntegerField(widget=forms.HiddenInput)
    evidence = words_field(_("How we know that the customer wants it no more"))
    layout = (("visit",), ("evidence",))


class EtaForm(DeskForm):
    """When a part is expected now."""

    order = forms.IntegerField(widget=forms.HiddenInput)
    eta_on = forms.DateField(label=_("Expected on"), widget=DayInput())
    layout = (("order",), ("eta_on",))


class FitsForm(DeskForm):
    """Why a part fits although the diagnosis names another one."""

    order = forms.IntegerField(widget=forms.HiddenInput)
    because = forms.CharField(label=_("Why it fits all the same"), max_length=SHORT)
    layout = (("order",), ("because",))


class WrongPartForm(DeskForm):
    """What is wrong with a part that has come."""

    order = forms.IntegerField(widget=forms.HiddenInput)
    because = forms.CharField(label=_("What is wrong with it"), max_length=SHORT)
    layout = (("order",), ("because",))


class AwayForm(DeskForm):
    """A crew cannot come."""

    first = forms.DateField(label=_("From"), widget=DayInput())
    last = forms.DateField(label=_("Until the end of"), widget=DayInput())
    layout = (("first", "last"),)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("It ends before it begins."))
        return cleaned


class EtaFileForm(forms.Form):
    """A supplier's file of arrivals."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("Or its lines"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control"}),
    )


def end_of(day: date | None, zone: ZoneInfo) -> datetime | None:
    """The end of a day that was typed, if one was."""
    return promises.end_of_day(day, zone) if day else None
