"""The form of a round: how often it comes and on which days, or a rule of one's own."""

from datetime import date, time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import SHORT, ClockInput, DayInput, words_field
from makegood.doors.web.staff.settings.fields import SettingsForm, pick
from makegood.queries.labels import HARMS
from makegood.queries.settings import choices, wording
from makegood.records.settings_facts import Facts
from makegood.rules.rounds import LONGEST_RULE, Shift

NAME: Final = 40
OWN: Final = "own"
SHIFTS: Final = (
    (Shift.SLIDE, _("It comes a day later, and so does the rest of that week")),
    (Shift.NEXT, _("It comes on the next working day")),
    (Shift.BEFORE, _("It comes on the working day before")),
    (Shift.SKIP, _("It does not come that time")),
    (Shift.STAY, _("It comes all the same")),
)
_EVERY: Final = {
    "1": _("Every week"),
    "2": _("Every two weeks"),
    "3": _("Every three weeks"),
    "4": _("Every four weeks"),
}
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RoundForm(SettingsForm):
    """One round."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME, help_text=_("For example: Food waste, Friday north.")
    )
    service = pick(_("What it does"))
    crew = pick(_("Who goes"), required=False)
    owner = pick(_("Who owns a missed one"))
    every = forms.ChoiceField(
        label=_("How often"), choices=[*_EVERY.items(), (OWN, _("By a rule of its own"))]
    )
    weekdays = forms.MultipleChoiceField(
        label=_("On which days"),
        choices=[*zip(_WEEKDAYS, wording.WEEKDAY_LABELS, strict=True)],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": ""}),
    )
    rule = forms.CharField(
        label=_("The rule"),
        max_length=LONGEST_RULE,
        required=False,
        help_text=_("As in calendar files, for example: FREQ=MONTHLY;BYDAY=1MO."),
    )
    first_day = forms.DateField(label=_("From which day on"), widget=DayInput())
    opens = forms.TimeField(label=_("It comes from"), widget=ClockInput())
    closes = forms.TimeField(label=_("until"), widget=ClockInput())
    report_minutes = forms.IntegerField(
        label=_("Minutes to report"),
        min_value=0,
        max_value=2880,
        initial=60,
        help_text=_("So long after its hours, silence means that it was missed."),
    )
    calendar = pick(_("Holidays and time zone of"))
    shift = forms.ChoiceField(label=_("On a holiday"), choices=SHIFTS)
    left_out = forms.CharField(
        label=_("Days without it"),
        required=False,
        max_length=2000,
        help_text=_("Separated by commas, for example: 2026-12-25."),
    )
    added = forms.CharField(label=_("Days on top"), required=False, max_length=2000)
    areas = forms.CharField(
        label=_("Where it comes"),
        required=False,
        max_length=1000,
        help_text=_("Districts of postcodes or towns, separated by commas; empty is everywhere."),
    )
    missed_title = forms.CharField(
        label=_("Title of the case if it is missed"),
        max_length=SHORT,
        help_text=_("For example: Your food waste was not collected."),
    )
    harm = forms.ChoiceField(label=_("How bad that is"), choices=[*HARMS.items()])
    missed_words = words_field(
        _("What everybody is told then"),
        rows=3,
        help_text=_("True on any day that it is missed: no date, no cause."),
    )
    layout = (
        ("name", "service"),
        ("every", "first_day"),
        ("weekdays",),
        ("rule",),
        ("opens", "closes", "report_minutes"),
        ("calendar", "shift"),
        ("left_out", "added"),
        ("areas", "crew", "owner"),
        ("missed_title", "harm"),
        ("missed_words",),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("service", choices.services(also=self.standing.get("service")))
        self.choose_from("calendar", choices.calendars())
        self.choose_from("owner", choices.people(also=(self.standing.get("owner"),)))
        self.choose_from("crew", choices.crews(also=self.standing.get("crew")))

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """What the fields show for some facts; a plain weekly rule as boxes."""
        every, weekdays = _plain(facts["rule"])
        return {
            **facts,
            "every": every,
            "weekdays": weekdays,
            "rule": facts["rule"] if every == OWN else "",
            "opens": _clock(facts["opens"]),
            "closes": _clock(facts["closes"]),
            **{name: ", ".join(facts[name]) for name in ("left_out", "added", "areas")},
        }

    def clean_left_out(self) -> list[str]:
        """Days, in order."""
        return _days(self.cleaned_data["left_out"])

    def clean_added(self) -> list[str]:
        """Days, in order."""
        return _days(self.cleaned_data["added"])

    def clean(self) -> dict[str, Any]:
        """A rule, or how often and on which days."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("every") == OWN:
            if not cleaned.get("rule"):
                self.add_error("rule", _("Write the rule, or choose how often it comes."))
        elif not cleaned.get("weekdays"):
            self.add_error("weekdays", _("Choose at least one day."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The facts that were typed."""
        typed = super().facts()
        every, weekdays = typed.pop("every"), typed.pop("weekdays")
        if every != OWN:
            typed["rule"] = _weekly(int(every), weekdays)
        return typed | {
            "first_day": typed["first_day"].isoformat(),
            "opens": _minute(typed["opens"]),
            "closes": _minute(typed["closes"], ends=True),
            "areas": [area.strip() for area in typed["areas"].split(",") if area.strip()],
        }


def _weekly(interval: int, weekdays: list[str]) -> str:
    days = ",".join(day for day in _WEEKDAYS if day in weekdays)
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return f"FREQ=WEEKLY{every};BYDAY={days}"


def _plain(rule: str) -> tuple[str, list[str]]:
    """How often and on which days, if that is all that a rule says."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    days = parts.get("BYDAY", "").split(",")
    interval = parts.get("INTERVAL", "1")
    if interval in _EVERY and set(days) <= set(_WEEKDAYS) and rule == _weekly(int(interval), days):
        return interval, days
    return OWN, []


def _minute(clock: time, *, ends: bool = False) -> int:
    minute = clock.hour * 60 + clock.minute
    return 1440 if ends and not minute else minute


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _days(typed: str) -> list[str]:
    try:
        found = {date.fromisoformat(day.strip()) for day in typed.split(",") if day.strip()}
    except ValueError as wrong:
        raise forms.ValidationError(_("Write days as 2026-12-25, separated by commas.")) from wrong
    return [day.isoformat() for day in sorted(found)]
