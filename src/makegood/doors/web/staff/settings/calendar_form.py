"""The form of a working calendar: hours as one types them, holidays by place or file, own days."""

from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import words_field
from makegood.doors.web.staff.settings.fields import NAME, SettingsForm, ZoneField
from makegood.language import sentences
from makegood.queries.calendar_sources import read_hours
from makegood.queries.holidays import HolidaysError, holidays_from_ical, holidays_of
from makegood.queries.settings import wording
from makegood.records.settings_facts import Facts
from makegood.rules.calendars import WEEKDAYS, CalendarError

YEARS_BACK: Final = 1
YEARS_AHEAD: Final = 3
LARGEST_FILE: Final = 1_000_000
DAYS: Final = tuple(weekday.lower() for weekday in WEEKDAYS)
_LAST_DAY: Final = date(2100, 12, 31)


class CalendarForm(SettingsForm):
    """A working calendar. Public holidays come from a place or a file; own days are typed."""

    name = forms.CharField(label=_("Name"), max_length=NAME)
    lives_in = ZoneField()
    monday = forms.CharField(label=_("Monday"), required=False, max_length=200)
    tuesday = forms.CharField(label=_("Tuesday"), required=False, max_length=200)
    wednesday = forms.CharField(label=_("Wednesday"), required=False, max_length=200)
    thursday = forms.CharField(label=_("Thursday"), required=False, max_length=200)
    friday = forms.CharField(label=_("Friday"), required=False, max_length=200)
    saturday = forms.CharField(label=_("Saturday"), required=False, max_length=200)
    sunday = forms.CharField(label=_("Sunday"), required=False, max_length=200)
    holiday_code = forms.CharField(
        label=_("Country or region"),
        required=False,
        max_length=10,
        help_text=_("Such as GB-ENG, DE-BE or US-MA. Its public holidays are taken anew."),
    )
    ical = forms.FileField(
        label=_("Or a file of holidays"),
        required=False,
        help_text=_("An .ics file with all-day events; it replaces the public holidays."),
    )
    known_until = forms.DateField(
        label=_("Known until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: as far as the place or the file tells."),
    )
    extra = words_field(
        _("Own days off"),
        rows=4,
        required=False,
        help_text=_("One on each line: 2026-12-24 Christmas Eve."),
    )
    layout = (
        ("name", "lives_in"),
        ("monday", "tuesday", "wednesday"),
        ("thursday", "friday", "saturday"),
        ("sunday",),
        ("holiday_code", "ical", "known_until"),
        ("extra",),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.now = now
        self.taken: dict[str, str] | None = None

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """Hours and days as lines of text; a code fills nothing anew unless it is typed again."""
        if not facts:
            return {}
        hours = {day: wording.day_hours(facts["week"][number]) for number, day in enumerate(DAYS)}
        extra = "\n".join(f"{day} {name}" for day, name in facts["extra"].items())
        return {**facts, **hours, "extra": extra, "lives_in": facts["zone"]}

    def clean(self) -> dict[str, Any]:
        """Read hours, days and holidays; each mistake stands at its own field."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["week"] = [self._hours(day) for day in DAYS]
        if not any(cleaned["week"]) and not self.errors:
            self.add_error("monday", _("It never opens; give one day its hours."))
        self._take_holidays()
        if not cleaned.get("known_until") and not self.errors:
            self.add_error(
                "known_until", _("Say until when its holidays are known, or choose a place.")
            )
        return cleaned

    def clean_extra(self) -> dict[str, str]:
        """Own days off, by day.

        :raises ValidationError: naming the first line that is none.
        """
        found: dict[str, str] = {}
        for line in self.cleaned_data["extra"].splitlines():
            if not line.strip():
                continue
            day, _space, name = line.strip().partition(" ")
            try:
                found[date.fromisoformat(day).isoformat()] = name.strip()[:NAME] or str(
                    _("day off")
                )
            except ValueError as wrong:
                raise ValidationError(
                    _("“%(line)s” is no day; write lines such as 2026-12-24 Christmas Eve."),
                    params={"line": line.strip()[:40]},
                ) from wrong
        return dict(sorted(found.items()))

    def facts(self) -> dict[str, Any]:
        """The calendar; without a place typed anew or a file, its public holidays stay."""
        typed = self.cleaned_data
        extra = typed["extra"]
        public = self.taken if self.taken is not None else dict(self.standing.get("holidays", {}))
        until: date = typed["known_until"]
        return {
            "name": typed["name"],
            "zone": typed["lives_in"],
            "week": typed["week"],
            "holidays": {day: name for day, name in public.items() if day not in extra},
            "extra": extra,
            "holiday_code": typed["holiday_code"].upper(),
            "known_until": min(until, _LAST_DAY).isoformat(),
        }

    def _hours(self, day: str) -> list[list[int]]:
        text = self.cleaned_data.get(day, "")
        try:
            return [[span.opens, span.closes] for span in read_hours(day.title(), text)]
        except CalendarError as wrong:
            self.add_error(day, sentences.said(str(wrong).removeprefix("[hours] ")))
            return []

    def _take_holidays(self) -> None:
        file = self.cleaned_data.get("ical")
        code = self.cleaned_data.get("holiday_code", "").strip()
        try:
            if file is not None:
                self._take(*holidays_from_ical(file.read(LARGEST_FILE + 1)))
            elif code and self._is_asked_for(code):
                self._take_code(code)
        except HolidaysError as wrong:
            self.add_error(
                "ical" if file is not None else "holiday_code", sentences.said(str(wrong))
            )

    def _is_asked_for(self, code: str) -> bool:
        """A new place, or the same one while no other end of what is known was typed."""
        is_new = code.upper() != str(self.standing.get("holiday_code", "")).upper()
        until = self.cleaned_data.get("known_until")
        kept = until is not None and until.isoformat() == self.standing.get("known_until")
        return is_new or not kept

    def _take_code(self, code: str) -> None:
        year = self.now.year
        years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
        self._take(holidays_of(code, years=years), date(years[-1], 12, 31))

    def _take(self, days: dict[date, str], until: date) -> None:
        self.taken = {day.isoformat(): name for day, name in sorted(days.items())}
        known: date | None = self.cleaned_data.get("known_until")
        stands = self.standing.get("known_until")
        if known is None or known.isoformat() == stands or known > until:
            self.cleaned_data["known_until"] = until
