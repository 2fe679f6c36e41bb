"""Form parts that the desk's forms share: wall times in a named zone, and plain inputs."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from makegood.queries.labels import CHANNELS
from makegood.rules import moments, promises
from makegood.rules.moments import SkippedTimeError
from makegood.rules.promises import Channel, NotYetHappenedError, Precision

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 1, 1)
SHORT = 300
LONG = 5_000
MINUTES_MAX = 10_000
TIME_GONE = _("This time has just been taken. Choose another one.")
"""Said of a time that was offered when the form was opened, and is not any more."""


class DayInput(forms.DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """A time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WallInput(forms.DateTimeInput):
    """A day and a time of day."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class WallField(forms.Field):
    """A wall time in the reader's zone, as an instant; empty stands for just now."""

    widget = WallInput

    def __init__(self, *, label: Any, help_text: Any = "") -> None:  # noqa: ANN401 - lazy texts
        super().__init__(label=label, required=False, help_text=help_text)
        self.zone = ZoneInfo("UTC")

    def to_python(self, value: Any) -> datetime | None:  # noqa: ANN401 - as the widget gives it
        """The instant, or None if it was left empty.

        :raises ValidationError: if it is no time, or one that the clocks jumped over.
        """
        if value in self.empty_values:
            return None
        try:
            wall = datetime.fromisoformat(str(value))
        except ValueError as wrong:
            raise ValidationError(_("Give a day and a time.")) from wrong
        return to_instant(wall, zone=self.zone)

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """An instant shown on the reader's clock; what was typed stays as it was typed."""
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(self.zone)
        return value


def to_instant(wall: datetime, *, zone: ZoneInfo) -> datetime:
    """The instant of a typed wall time.

    :raises ValidationError: if it never came, carries a zone of its own, or lies far off.
    """
    if wall.tzinfo is not None or not FIRST_DAY <= wall.date() < LAST_DAY:
        raise ValidationError(_("Give a day between 2000 and 2099, without a zone."))
    try:
        return moments.from_wall(wall, zone=zone)
    except SkippedTimeError as skipped:
        raise ValidationError(
            _("The clocks go forward that night, and %(time)s does not come; give another time."),
            params={"time": f"{skipped.wall:%H:%M}"},
        ) from skipped


class DeskForm(forms.Form):
    """A form of the desk: knows the reader's zone, and how its fields stand side by side."""

    layout: tuple[tuple[str, ...], ...] = ()
    passes_gate = False
    """Whether its words reach the customer, so that the gate looks at them as one types."""
    template_name = "includes/form_fields.html"

    def __init__(self, *args: Any, zone: ZoneInfo, name: str = "act", **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        kwargs.setdefault("auto_id", f"{name}-%s")
        super().__init__(*args, **kwargs)
        self.zone = zone
        for field in self.fields.values():
            if isinstance(field, WallField):
                field.zone = zone
            _dress(field)

    def rows(self) -> Iterable[list[BoundField]]:
        """The fields as they stand side by side; the first (wrong) one has the focus."""
        names = [name for row in self.layout for name in row]
        first = next((name for name in names if name in self.errors), names[0])
        self.fields[first].widget.attrs["autofocus"] = True
        return [[self[name] for name in names] for names in self.layout]

    def moment(self, name: str, *, now: datetime, not_before: datetime | None = None) -> datetime:
        """A moment that was typed to the minute; empty is now.

        In the very minute of `not_before`, it is that moment: nobody types seconds.

        :raises NotYetHappenedError: if it lies ahead.
        """
        given: datetime | None = self.cleaned_data[name]
        if given is None:
            return now
        if given > now:
            raise NotYetHappenedError
        if not_before is not None and given == not_before.replace(second=0, microsecond=0):
            return not_before
        return given


class DueFields(DeskForm):
    """When something is due: by a time, by the end of a day, or in a window, in a named zone."""

    due_on = forms.DateField(label=_("By which day"), widget=DayInput())
    due_time = forms.TimeField(
        label=_("By what time"),
        widget=ClockInput(),
        required=False,
        help_text=_("Empty: by the end of the day."),
    )
    from_on = forms.DateField(label=_("Not before"), widget=DayInput(), required=False)
    from_time = forms.TimeField(label=_("at"), widget=ClockInput(), required=False)

    def __init__(self, *args: Any, due_zone: ZoneInfo, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        self.due_zone = due_zone
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Turn days and times on the customer's clock into instants."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("due_on") is not None and "due_time" not in self.errors:
            self.set_instants()
        return cleaned

    def set_instants(self) -> None:
        """The instants of the days and times that were given."""
        cleaned = self.cleaned_data
        clock: time | None = cleaned.get("due_time")
        cleaned["precision"] = Precision.INSTANT if clock else Precision.DATE
        self._set_instant("due_on", "due_at", cleaned["due_on"], clock)
        opens: date | None = cleaned.get("from_on")
        if opens is not None:
            self._set_instant("from_on", "earliest_at", opens, cleaned.get("from_time") or time(0))
        elif cleaned.get("from_time"):
            self.add_error("from_on", _("Give the day as well."))

    def _set_instant(self, field: str, into: str, day: date, clock: time | None) -> None:
        try:
            self.cleaned_data[into] = _instant(day, clock, zone=self.due_zone)
        except ValidationError as wrong:
            self.add_error(field, wrong)


def _instant(day: date, clock: time | None, *, zone: ZoneInfo) -> datetime:
    if not FIRST_DAY <= day < LAST_DAY:
        raise ValidationError(_("Give a day between 2000 and 2099, without a zone."))
    if clock is None:
        return promises.end_of_day(day, zone).astimezone(UTC)
    return to_instant(datetime.combine(day, clock), zone=zone)


def channel_field(label: Any, *, signals: bool = False) -> forms.ChoiceField:  # noqa: ANN401 - lazy text
    """The way by which words reached somebody; a signal is no way to speak to a person."""
    choices = [(key, name) for key, name in CHANNELS.items() if signals or key != Channel.SIGNAL]
    return forms.ChoiceField(label=label, choices=choices)


def heard_field(label: Any) -> forms.ChoiceField:  # noqa: ANN401 - lazy text
    """The way by which somebody heard a customer; what they send on their page is only theirs."""
    silent = {Channel.SIGNAL, Channel.WEB}
    choices = [(key, name) for key, name in CHANNELS.items() if key not in silent]
    return forms.ChoiceField(label=label, choices=choices)


def words_field(label: Any, *, rows: int = 2, **more: Any) -> forms.CharField:  # noqa: ANN401 - lazy text
    """Text of several lines."""
    more.setdefault("max_length", LONG)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


def _dress(field: forms.Field) -> None:
    css = "form-control"
    if isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
        css = "form-check-input"
    elif isinstance(field.widget, forms.Select):
        css = "form-select"
    field.widget.attrs.setdefault("class", css)
