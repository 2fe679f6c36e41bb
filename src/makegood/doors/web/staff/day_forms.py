"""The forms of a customer's own time: a voicemail that they left, and when visits suit them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import DeskForm, WallField, words_field
from makegood.queries.convenience import PARTS, WAYS, day_names
from makegood.rules.convenience import DAYS, DayPart, Tick


class VoicemailForm(DeskForm):
    """A voicemail that somebody listened to."""

    at = WallField(label=_("When it was left"), help_text=_("Empty: just now."))
    words = words_field(_("What they said"))
    layout = (("at",), ("words",))


class HoursForm(DeskForm):
    """When a visit suits a customer, and how to reach them."""

    reach_by = forms.ChoiceField(
        label=_("How to reach them"),
        required=False,
        choices=[("", _("any way")), *WAYS.items()],
    )
    layout = (*((f"day_{day}",) for day in range(DAYS)), ("reach_by",))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        for day, name in enumerate(day_names()):
            self.fields[f"day_{day}"] = forms.MultipleChoiceField(
                label=name,
                required=False,
                choices=[*PARTS.items()],
                widget=forms.CheckboxSelectMultiple(attrs={"class": ""}),
            )

    def ticks(self) -> list[Tick]:
        """What was ticked."""
        return [
            (day, DayPart(part)) for day in range(DAYS) for part in self.cleaned_data[f"day_{day}"]
        ]
