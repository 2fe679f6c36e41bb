"""What the forms of the settings share: facts in, facts out, and lists to choose from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import DeskForm
from makegood.language import sentences
from makegood.queries.calendar_sources import zone_named
from makegood.records.settings_facts import Facts
from makegood.rules.calendars import CalendarError

NAME = 100
NOBODY = _("Nobody")


class SettingsForm(DeskForm):
    """A form of one setting: filled from its facts, and read back into them."""

    def __init__(self, *args: Any, also: Facts | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        """:param also: the facts as they are, whose choices must stay on the lists."""
        super().__init__(*args, **kwargs)
        self.standing: Facts = also or {}

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """What the fields show for some facts."""
        return dict(facts)

    def facts(self) -> dict[str, Any]:
        """The facts that were typed."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def choose_from(
        self, name: str, choices: Iterable[tuple[int, str]], *, empty: str | Lazy = NOBODY
    ) -> None:
        """Fill a list; one that may stay empty says first what that means."""
        field = self.fields[name]
        if isinstance(field, forms.TypedChoiceField):
            first = ("", _("Choose")) if field.required else ("", empty)
            field.choices = [first, *((str(pk), words) for pk, words in choices)]


class ZoneField(forms.CharField):
    """A time zone by its name, such as Europe/London."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("help_text", _("As in Europe/London."))
        super().__init__(max_length=64, **kwargs)

    def clean(self, value: Any) -> str:  # noqa: ANN401 - Django's signature
        """The name of a zone that there is.

        :raises ValidationError: if there is none.
        """
        given: str = super().clean(value)
        try:
            return zone_named(given).key
        except CalendarError as unknown:
            raise ValidationError(sentences.said(str(unknown))) from unknown


def pick(label: Any, *, required: bool = True, help_text: Any = "") -> forms.TypedChoiceField:  # noqa: ANN401 - lazy texts
    """One of a list of people or things, by number."""
    return forms.TypedChoiceField(
        label=label, coerce=int, empty_value=None, required=required, help_text=help_text
    )
