"""The form of a ladder: its rungs, its waits, and how soon there must be news."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import DeskForm, WallField
from makegood.doors.web.staff.settings.fields import SettingsForm, pick
from makegood.language import sentences
from makegood.queries.labels import ROLES as RUNGS
from makegood.queries.settings import choices
from makegood.records.settings_facts import Facts
from makegood.rules import policy
from makegood.rules.amounts import Amount, AmountError, parse_amount
from makegood.rules.policy import PolicyError

MOST_RUNGS: Final = 4
MINUTES_MAX: Final = 60 * 24 * 60


class LadderForm(SettingsForm):
    """Up to four rungs: at which part of the time that was promised, who hears."""

    share1 = forms.FloatField(label=_("1st rung at (%)"), min_value=0.1, max_value=99.9)
    role1 = forms.ChoiceField(label=_("hears"), choices=[*RUNGS.items()])
    share2 = forms.FloatField(
        label=_("2nd rung at (%)"), min_value=0.1, max_value=99.9, required=False
    )
    role2 = forms.ChoiceField(label=_("hears"), choices=[*RUNGS.items()], required=False)
    share3 = forms.FloatField(
        label=_("3rd rung at (%)"), min_value=0.1, max_value=99.9, required=False
    )
    role3 = forms.ChoiceField(label=_("hears"), choices=[*RUNGS.items()], required=False)
    share4 = forms.FloatField(
        label=_("4th rung at (%)"), min_value=0.1, max_value=99.9, required=False
    )
    role4 = forms.ChoiceField(label=_("hears"), choices=[*RUNGS.items()], required=False)
    unheard = forms.IntegerField(
        label=_("Next rung after (minutes)"),
        min_value=1,
        max_value=MINUTES_MAX,
        help_text=_("While nobody acknowledges."),
    )
    again = forms.IntegerField(
        label=_("Speaks again after (minutes)"),
        min_value=1,
        max_value=MINUTES_MAX,
        help_text=_("When it was heard, and is open still."),
    )
    grace = forms.IntegerField(
        label=_("Grace (minutes)"),
        min_value=0,
        max_value=MINUTES_MAX,
        help_text=_("For news of the deed to arrive. Customers never see it."),
    )
    news_within = forms.CharField(
        label=_("News within"),
        max_length=40,
        help_text=_("The longest silence, such as 4 hours or 1 working day."),
    )
    ask_again_after = forms.CharField(
        label=_("Ask once more after"),
        max_length=40,
        help_text=_("When a customer was asked whether it is right, and said nothing."),
    )
    close_after = forms.CharField(
        label=_("Close after"),
        max_length=40,
        help_text=_("When they said nothing the second time either. Whole days."),
    )
    layout = (
        ("share1", "role1"),
        ("share2", "role2"),
        ("share3", "role3"),
        ("share4", "role4"),
        ("unheard", "again"),
        ("grace", "news_within"),
        ("ask_again_after", "close_after"),
    )

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """Shares as percents, waits in minutes."""
        shown: dict[str, Any] = {
            "unheard": facts["unheard_after_seconds"] // 60,
            "again": facts["speak_again_after_seconds"] // 60,
            "grace": facts["grace_seconds"] // 60,
            "news_within": facts["news_within"],
            "ask_again_after": facts.get("ask_again_after", str(policy.ASK_AGAIN_AFTER)),
            "close_after": facts.get("close_after", str(policy.CLOSE_AFTER)),
        }
        for number, rung in enumerate(facts["rungs"][:MOST_RUNGS], start=1):
            shown[f"share{number}"] = f"{round(rung['share'] * 100, 1):g}"
            shown[f"role{number}"] = rung["role"]
        return shown

    def clean_news_within(self) -> str:
        """An amount of time.

        :raises ValidationError: if it is none.
        """
        return str(self._amount("news_within"))

    def clean_ask_again_after(self) -> str:
        """Whole days.

        :raises ValidationError: if it is not.
        """
        return self._patience("ask_again_after")

    def clean_close_after(self) -> str:
        """Whole days.

        :raises ValidationError: if it is not.
        """
        return self._patience("close_after")

    def clean(self) -> dict[str, Any]:
        """Each rung must speak later than the one below it."""
        cleaned = super().clean() or self.cleaned_data
        last = 0.0
        for number in range(1, MOST_RUNGS + 1):
            share = cleaned.get(f"share{number}")
            if share is None:
                continue
            if share <= last:
                self.add_error(
                    f"share{number}", _("Each rung must speak later than the one before it.")
                )
            last = max(last, share)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The terms as promises keep them."""
        typed = self.cleaned_data
        return {
            "grace_seconds": typed["grace"] * 60,
            "news_within": typed["news_within"],
            "ask_again_after": typed["ask_again_after"],
            "close_after": typed["close_after"],
            "unheard_after_seconds": typed["unheard"] * 60,
            "speak_again_after_seconds": typed["again"] * 60,
            "rungs": [
                {"share": round(typed[f"share{number}"] / 100, 4), "role": typed[f"role{number}"]}
                for number in range(1, MOST_RUNGS + 1)
                if typed.get(f"share{number}") is not None
            ],
        }

    def _amount(self, name: str) -> Amount:
        try:
            return parse_amount(self.cleaned_data[name])
        except AmountError as wrong:
            raise ValidationError(sentences.said(str(wrong))) from wrong

    def _patience(self, name: str) -> str:
        wait = self._amount(name)
        try:
            policy.check_patience(wait)
        except PolicyError as wrong:
            raise ValidationError(sentences.said(str(wrong))) from wrong
        return str(wait)


class PreviewForm(DeskForm):
    """A promise as it could be given now: whose, and due when."""

    due_at = WallField(label=_("Due"))
    owner = pick(_("Of a case of"), required=False)
    layout = (("due_at", "owner"),)

    def __init__(self, *args: Any, team: int, zone: ZoneInfo, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, zone=zone, name="preview", **kwargs)
        field = self.fields["owner"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(str(pk), words) for pk, words in choices.people(team=team)]

    def due(self, *, now: datetime) -> datetime | None:
        """The due time, if it was given and lies ahead."""
        if not self.is_valid():
            return None
        given: datetime | None = self.cleaned_data["due_at"]
        if given is not None and given <= now:
            self.add_error("due_at", _("A promise is due in the future; give a later time."))
            return None
        return given


class CountForm(DeskForm):
    """From when, and how much time."""

    start = WallField(label=_("From"), help_text=_("Empty: just now."))
    amount = forms.CharField(
        label=_("How long"),
        max_length=40,
        help_text=_("Such as 3 working days, 4 working hours, 90 minutes."),
    )
    layout = (("start", "amount"),)
