"""The form for a call in progress: who calls, what is broken, what they want."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import MINUTES_MAX, DeskForm, WallField, words_field
from makegood.queries.labels import FUNCTIONS, HARMS
from makegood.queries.report_form import Caller

TITLE_MAX = 300
_SAY_WHO = _("Give the caller's name, or find them above.")
_SAY_WHAT_FOR = _("Say what they depend on it for; severity follows.")


class NewReportForm(DeskForm):
    """A report by phone; with a known caller, the customer's own fields are left out."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    customer = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    join = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    lives_in = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("As in Europe/London; promises are said in it."),
    )
    speaks = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As usual here")), *settings.LANGUAGES],
        required=False,
        help_text=_("Promises and pages are in it."),
    )
    vulnerable = forms.BooleanField(label=_("Somebody vulnerable depends on it"), required=False)
    asset = forms.TypedChoiceField(
        label=_("What is broken"), coerce=int, required=False, empty_value=None
    )
    asset_name = forms.CharField(
        label=_("What it is, if it is not on the list"),
        max_length=200,
        required=False,
        help_text=_("For example: alarm panel, food bin, order 4711."),
    )
    asset_place = forms.CharField(label=_("Where it is"), max_length=300, required=False)
    function = forms.ChoiceField(
        label=_("What they depend on it for"),
        choices=[("", _("Choose")), *FUNCTIONS.items()],
        required=False,
    )
    harm = forms.ChoiceField(label=_("How bad it is"), choices=[*HARMS.items()])
    title = forms.CharField(
        label=_("What went wrong, in one line"),
        max_length=TITLE_MAX,
        help_text=_("The customer reads this line on their page."),
    )
    since = WallField(label=_("Since when"), help_text=_("Empty: just now."))
    wanted = words_field(_("What they want to happen, in their words"), required=False)
    note = words_field(_("What they said"), required=False)
    hold_minutes = forms.IntegerField(
        label=_("Minutes on hold"), min_value=0, max_value=MINUTES_MAX, required=False
    )
    talk_minutes = forms.IntegerField(
        label=_("Minutes talking"), min_value=0, max_value=MINUTES_MAX, required=False
    )

    who = (
        ("name", "phone"),
        ("address", "postcode"),
        ("vulnerable",),
    )
    who_more = (
        ("email",),
        ("speaks", "lives_in"),
    )
    what = (
        ("asset",),
        ("asset_name", "asset_place"),
        ("function", "harm"),
        ("title",),
        ("note", "wanted"),
    )
    what_more = (
        ("since",),
        ("hold_minutes", "talk_minutes"),
    )

    def __init__(self, *args: Any, caller: Caller | None, now: datetime, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.caller = caller
        self.now = now
        self.fields["lives_in"].initial = self.zone.key
        # What joins an open case needs no more words than that case has already.
        self.fields["title"].required = not self.data.get("join")
        has_assets = bool(caller and caller.assets)
        name, function = self.fields["name"], self.fields["function"]
        name.required = caller is None
        name.error_messages["required"] = _SAY_WHO
        function.required = not (has_assets or self.data.get("join"))
        function.error_messages["required"] = _SAY_WHAT_FOR
        field = self.fields["asset"]
        if isinstance(field, forms.ChoiceField):
            assets = caller.assets if caller else ()
            if not assets:
                self.fields["asset_name"].label = _("What is broken")
            field.choices = [
                ("", _("Something else, named below")),
                *((str(pk), name) for pk, name, _function in assets),
            ]
            if len(assets) == 1:  # whoever has one thing with us rings about that
                field.initial = str(assets[0][0])

    def who_rows(self) -> list[list[forms.BoundField]]:
        """The customer's own fields that a call needs."""
        return self._rows(self.who)

    def who_more_rows(self) -> list[list[forms.BoundField]]:
        """What is worth asking when there is time."""
        return self._rows(self.who_more)

    def what_rows(self) -> list[list[forms.BoundField]]:
        """What is broken; a list of things only for a customer who has some."""
        has_assets = bool(self.caller and self.caller.assets)
        return self._rows(names for names in self.what if has_assets or names != ("asset",))

    def what_more_rows(self) -> list[list[forms.BoundField]]:
        """Since when, and what it cost them so far."""
        return self._rows(self.what_more)

    def is_who_more_open(self) -> bool:
        """Whether something there is wrong, or was typed."""
        return self._is_open(self.who_more)

    def is_what_more_open(self) -> bool:
        """Whether something there is wrong, or was typed."""
        return self._is_open(self.what_more)

    def _is_open(self, rows: Iterable[tuple[str, ...]]) -> bool:
        names = {name for row in rows for name in row}
        return bool(names & {*self.errors, *self.changed_data}) if self.is_bound else False

    def _rows(self, rows: Iterable[tuple[str, ...]]) -> list[list[forms.BoundField]]:
        """Fields as they stand side by side; the first of all that is wrong has the focus."""
        shown = [*self.who, *self.who_more, *self.what, *self.what_more]
        wrong = [name for row in shown for name in row if name in self.errors]
        for name in wrong[:1]:
            self.fields[name].widget.attrs["autofocus"] = True
        return [[self[name] for name in names] for names in rows]

    def clean_lives_in(self) -> str:
        """A zone that exists."""
        given = self.cleaned_data["lives_in"] or self.zone.key
        try:
            return ZoneInfo(given).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
            raise forms.ValidationError(_("No such zone; write it as Europe/London.")) from wrong

    def clean_since(self) -> datetime | None:
        """Not ahead."""
        since: datetime | None = self.cleaned_data["since"]
        if since is not None and since > self.now:
            raise forms.ValidationError(_("That lies ahead."))
        return since

    def clean(self) -> dict[str, Any]:
        """Something must be broken: one of the caller's things, or another one."""
        cleaned = super().clean() or self.cleaned_data
        is_known = cleaned.get("asset") or cleaned.get("function") or cleaned.get("join")
        if not is_known and "function" not in self.errors:
            self.add_error("function", _SAY_WHAT_FOR)
        return cleaned
