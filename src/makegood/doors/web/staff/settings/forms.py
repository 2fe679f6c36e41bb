"""The forms of services, assets, teams, people, duty and tokens."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import DayInput, WallField
from makegood.doors.web.staff.settings.fields import NAME, SettingsForm, ZoneField, pick
from makegood.language import sentences
from makegood.queries.labels import FUNCTIONS
from makegood.queries.settings import choices, wording
from makegood.records.models import DutyKind
from makegood.records.models.token import CALLS_PER_MINUTE_MAX
from makegood.records.settings_facts import Facts
from makegood.rules import money
from makegood.rules.money import MoneyError
from makegood.rules.scopes import Scope


class ServiceForm(SettingsForm):
    """A kind of thing that customers depend on."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME, help_text=_("For example: food waste round.")
    )
    function = forms.ChoiceField(
        label=_("What customers need it for"), choices=[("", _("Choose")), *FUNCTIONS.items()]
    )
    criticality = forms.ChoiceField(
        label=_("How critical"),
        choices=[*wording.CRITICALITIES.items()],
        help_text=_("A critical one makes each failure one step more severe."),
    )
    team = pick(_("Who answers when it fails"))
    layout = (("name",), ("function", "criticality"), ("team",))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("team", choices.teams())


class AssetForm(SettingsForm):
    """What one customer depends on."""

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("For example: alarm panel, food bin.")
    )
    place = forms.CharField(label=_("Where it is"), max_length=300, required=False)
    service = pick(_("Service"), required=False)
    function = forms.ChoiceField(
        label=_("What they need it for"),
        choices=[("", _("As the service has it")), *FUNCTIONS.items()],
        required=False,
    )
    criticality = forms.ChoiceField(
        label=_("How critical"), choices=[*wording.CRITICALITIES.items()]
    )
    external_id = forms.CharField(
        label=_("Number in other systems"),
        max_length=200,
        required=False,
        help_text=_("By which signals of devices find it."),
    )
    layout = (("name", "place"), ("service", "function"), ("criticality", "external_id"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        offered = choices.services(also=self.standing.get("service"))
        self.choose_from("service", offered, empty=_("None"))

    def clean(self) -> dict[str, Any]:
        """Take what it is for from the service, where it was not said."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("function"):
            function = choices.function_of(cleaned.get("service"))
            if function is None:
                self.add_error("function", _("Say what they need it for, or choose a service."))
            cleaned["function"] = function or ""
        return cleaned


class TeamForm(SettingsForm):
    """A team, its office hours, and who stands above its owners."""

    name = forms.CharField(label=_("Name"), max_length=NAME)
    calendar = pick(_("Calendar"))
    lead = pick(_("Team lead"), required=False)
    head = pick(_("Head"), required=False)
    executive = pick(_("Executive"), required=False)
    layout = (("name", "calendar"), ("lead", "head", "executive"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("calendar", choices.calendars())
        rungs = ("lead", "head", "executive")
        people = choices.people(also=tuple(self.standing.get(rung) for rung in rungs))
        for rung in rungs:
            self.choose_from(rung, people)


class PersonForm(SettingsForm):
    """Somebody who works here."""

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("As customers are told it.")
    )
    email = forms.EmailField(label=_("E-mail"), help_text=_("To sign in with."))
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    team = pick(_("Team"))
    role = forms.ChoiceField(label=_("Role"), choices=[*wording.ROLES.items()])
    cover = pick(_("Cover"), required=False, help_text=_("Hears for them while they are away."))
    lives_in = ZoneField()
    layout = (("name", "email", "phone"), ("team", "role"), ("cover", "lives_in"))

    def __init__(self, *args: Any, person: int | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("team", choices.teams())
        cover = self.standing.get("cover")
        self.choose_from("cover", choices.people(besides=person, also=(cover,)))

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """The zone under the name of its field."""
        return {**facts, "lives_in": facts.get("zone")}

    def facts(self) -> dict[str, Any]:
        """The zone under the name of its fact."""
        typed = super().facts()
        return {**typed, "zone": typed.pop("lives_in")}


class LeaveForm(SettingsForm):
    """Who takes over from somebody who leaves."""

    to = pick(
        _("Who takes over"),
        required=False,
        help_text=_("Nobody chosen: their cover, else up the ladder to whoever is there."),
    )
    layout = (("to",),)

    def __init__(self, *args: Any, person: int, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("to", choices.heirs(besides=person))


class SpanForm(SettingsForm):
    """From when until when."""

    starts_at = WallField(label=_("From"))
    ends_at = WallField(label=_("Until"), help_text=_("At that moment it is over."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            self.fields[name].required = True

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """Moments as the fields know them."""
        moments = {
            name: datetime.fromisoformat(facts[name])
            for name in ("starts_at", "ends_at")
            if facts.get(name)
        }
        return {**facts, **moments}

    def clean(self) -> dict[str, Any]:
        """Refuse what ends before it starts, at the field where it is mended."""
        cleaned = super().clean() or self.cleaned_data
        for name, words in (("starts_at", _("Say from when.")), ("ends_at", _("Say until when."))):
            if name in cleaned and cleaned[name] is None:
                self.add_error(name, words)
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("It must end after it starts; give a later end."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Moments as they are kept."""
        typed = super().facts()
        return {**typed, **{name: typed[name].isoformat() for name in ("starts_at", "ends_at")}}


class DutyForm(SpanForm):
    """A shift, a watch or an absence of somebody."""

    staff = pick(_("Who"))
    kind = forms.ChoiceField(label=_("What"), choices=[*wording.DUTIES.items()])
    cover = pick(
        _("Cover"),
        required=False,
        help_text=_("For an absence. Nobody chosen: their standing cover."),
    )
    layout = (("staff", "kind"), ("starts_at", "ends_at"), ("cover",))

    def __init__(self, *args: Any, team: int | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        now = self.standing
        people = choices.people(also=(now.get("staff"), now.get("cover")))
        theirs = choices.people(team=team, also=(now.get("staff"),)) if team else people
        self.choose_from("staff", theirs)
        self.choose_from("cover", people)

    def clean(self) -> dict[str, Any]:
        """Only an absence has a cover."""
        cleaned = super().clean()
        if cleaned.get("cover") and cleaned.get("kind") != DutyKind.ABSENCE:
            self.add_error("cover", _("Only an absence has a cover; leave it empty."))
        return cleaned


class AbsenceForm(SpanForm):
    """One's own absence."""

    cover = pick(
        _("Who covers for you"),
        required=False,
        help_text=_("Hears what you would hear. Nobody chosen: your standing cover."),
    )
    layout = (("starts_at", "ends_at"), ("cover",))

    def __init__(self, *args: Any, person: int, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.person = person
        self.choose_from("cover", choices.people(besides=person))

    def facts(self) -> dict[str, Any]:
        """An absence of the reader, whatever else the form was sent with."""
        return {**super().facts(), "staff": self.person, "kind": DutyKind.ABSENCE.value}


class TokenForm(SettingsForm):
    """What a key of another system may do."""

    name = forms.CharField(
        label=_("Which system"), max_length=NAME, help_text=_("For example: phone system.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[*wording.SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that it may do.")},
    )
    limit = forms.CharField(
        label=_("May grant at most"),
        max_length=30,
        required=False,
        help_text=_("Such as 20.00 GBP, for each thing that it grants."),
    )
    expires_on = forms.DateField(
        label=_("Until the end of"),
        widget=DayInput(),
        required=False,
        help_text=_("Empty: until somebody revokes it."),
    )
    acts_for = pick(
        _("Acts for"),
        required=False,
        help_text=_("It can give no more than this person may, and ends when they leave."),
    )
    team = pick(_("Reaches the cases of"), required=False)
    calls_per_minute = forms.IntegerField(
        label=_("Calls a minute at most"),
        min_value=1,
        max_value=CALLS_PER_MINUTE_MAX,
        required=False,
        help_text=_("Empty: as many as any system may make."),
    )
    is_sandbox = forms.BooleanField(
        label=_("For trying out: nothing that it does stays"), required=False
    )
    layout = (
        ("name",),
        ("scopes",),
        ("limit", "expires_on"),
        ("acts_for", "team"),
        ("calls_per_minute",),
        ("is_sandbox",),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("acts_for", choices.people(), empty=_("Me"))
        self.choose_from("team", choices.teams(), empty=_("Every team"))

    def clean_limit(self) -> tuple[int, str] | None:
        """The limit in minor units with its currency.

        :raises ValidationError: if it is no amount of money.
        """
        given = self.cleaned_data["limit"].split()
        if not given:
            return None
        amounts = [part for part in given if any(letter.isdigit() for letter in part)]
        letters = [part.upper() for part in given if part.isalpha()]
        if len(amounts) != 1 or len(letters) != 1:
            raise ValidationError(_("Give an amount and its currency, such as 20.00 GBP."))
        try:
            return money.parse(amounts[0], letters[0]), letters[0]
        except MoneyError as wrong:
            raise ValidationError(sentences.said(str(wrong))) from wrong

    def scopes_typed(self) -> tuple[Scope, ...]:
        """The scopes that were chosen."""
        return tuple(Scope(scope) for scope in self.cleaned_data["scopes"])
