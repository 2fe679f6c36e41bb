"""The forms of learning: why it happened, what was learned, what is changed, what is told."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import SHORT, DayInput, DeskForm, words_field
from makegood.queries.people import Colleague

NAME = 200
WHAT = 1000
WORDS = 2000
NO, YES = "no", "yes"


class OwnedForm(DeskForm):
    """A form that asks who sees to it."""

    owner = forms.TypedChoiceField(label=_("Who sees to it"), coerce=int)

    def __init__(self, *args: Any, owners: Iterable[Colleague], **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.id, f"{one.name}, {one.team}") for one in owners]


class CauseForm(OwnedForm):
    """Why a case happened, and what was not known."""

    cause = forms.CharField(
        label=_("Why it happened"),
        max_length=NAME,
        help_text=_("About how we work, never about people. Take a known one if one fits."),
        widget=forms.TextInput(attrs={"list": "known-causes", "autocomplete": "off"}),
    )
    has_gap = forms.ChoiceField(
        label=_("Was there something that we did not know?"),
        choices=[(NO, _("no")), (YES, _("yes"))],
    )
    gap = forms.CharField(
        label=_("What we did not know"),
        max_length=SHORT,
        required=False,
        help_text=_("Empty if nothing was missing. No names of customers."),
        widget=forms.TextInput(attrs={"list": "known-gaps", "autocomplete": "off"}),
    )
    layout = (("cause",), ("has_gap", "gap"), ("owner",))

    def found_gap(self) -> str | None:
        """What was not known; None where nothing was missing."""
        typed: str = self.cleaned_data["gap"]
        return typed if self.cleaned_data["has_gap"] == YES or typed.strip() else None


class ChangeForm(OwnedForm):
    """What is changed, by whom and by when."""

    cause = forms.TypedChoiceField(label=_("The cause it is to end"), coerce=int)
    title = forms.CharField(label=_("What it is called"), max_length=NAME)
    what = words_field(_("What is changed"), rows=3, max_length=WHAT)
    due_on = forms.DateField(label=_("By when"), widget=DayInput(), required=False)
    layout = (("cause",), ("title",), ("what",), ("owner", "due_on"))

    def __init__(self, *args: Any, causes: Iterable[tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        field = self.fields["cause"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(causes)


class AnswerForm(DeskForm):
    """What is done about something that came again."""

    why = forms.CharField(max_length=SHORT)
    improvement = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    layout = (("why", "improvement"),)

    def __init__(self, *args: Any, changes: Iterable[tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        field = self.fields["improvement"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", ""), *changes]


class LearnedForm(DeskForm):
    """What was learned, or why a change is dropped: one line."""

    words = forms.CharField(max_length=SHORT)
    layout = (("words",),)


class TellForm(DeskForm):
    """What customers are told of a change."""

    words = words_field(
        _("What they are told"),
        rows=5,
        max_length=WORDS,
        help_text=_("That it won't happen again may be said now; nothing else that is not so."),
    )
    layout = (("words",),)
