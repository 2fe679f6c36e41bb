"""The forms of money's settings: authority, closeness, and schemes in use."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import LONG
from makegood.doors.web.staff.settings.fields import SettingsForm, pick
from makegood.language import schemes, sentences
from makegood.queries.labels import FUNCTIONS
from makegood.queries.schemes.known import known_packs
from makegood.queries.settings import choices, giving, wording
from makegood.records.settings_facts import Facts
from makegood.rules import money
from makegood.rules.money import MoneyError
from makegood.rules.schemes.facts import FactError, read_fact
from makegood.rules.schemes.packs import Pack

READ_FROM_CASE = ("@failed_on", "@over_on", "@known_on", "@broken_on", "@times")
_AMOUNT = 20


class LimitsForm(SettingsForm):
    """How much somebody may give."""

    to_customer = forms.CharField(
        label=_("To one customer"),
        max_length=_AMOUNT,
        help_text=_("Counts whatever they were given by anybody."),
    )
    in_all = forms.CharField(label=_("To all customers"), max_length=_AMOUNT)
    period_days = forms.IntegerField(label=_("Within days"), min_value=1, max_value=366, initial=30)
    small = forms.CharField(
        label=_("Silence approves up to"),
        max_length=_AMOUNT,
        initial="0",
        help_text=_("What they ask beyond their own, and nobody answers in time. 0: nothing."),
    )
    layout: tuple[tuple[str, ...], ...] = (("to_customer", "in_all", "period_days"), ("small",))

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """Sums without their currency, which the title says."""
        sums = {name: facts[name].split()[0] for name in ("to_customer", "in_all", "small")}
        return {**facts, **sums}

    def currency(self) -> str:
        """The currency of the sums."""
        return str(self.standing.get("currency", ""))

    def clean(self) -> dict[str, Any]:
        """Sums as they are kept."""
        cleaned = super().clean() or self.cleaned_data
        currency = self.currency()
        for name in ("to_customer", "in_all", "small"):
            given = (cleaned.get(name) or "").strip()
            try:
                minor = money.parse(given, currency) if given and currency else 0
                cleaned[name] = f"{money.plain(minor, currency)} {currency}" if currency else given
            except MoneyError as wrong:
                self.add_error(name, sentences.said(str(wrong)))
        return cleaned


class AuthorityForm(LimitsForm):
    """A new authority, of a role or of one person."""

    role = forms.ChoiceField(label=_("Everybody who is"), required=False)
    staff = pick(_("or one person"), required=False)
    activity = forms.ChoiceField(label=_("For what"), choices=[*wording.ACTIVITIES.items()])
    currency_code = forms.CharField(label=_("Currency"), max_length=3, initial="GBP")
    layout = (("role", "staff"), ("activity", "currency_code"), *LimitsForm.layout)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        if isinstance(role, forms.ChoiceField):
            role.choices = [("", _("Choose")), *giving.givers()]
        self.choose_from("staff", choices.people())

    def currency(self) -> str:
        """The currency that was typed, if it is one."""
        given = str(self.cleaned_data.get("currency_code", "")).upper()
        return given if len(given) == len("GBP") and given.isalpha() and given.isascii() else ""

    def clean(self) -> dict[str, Any]:
        """One role or one person, and a currency."""
        if not self.currency() and "currency_code" not in self.errors:
            self.add_error("currency_code", _("Give three letters, such as GBP."))
        cleaned = super().clean()
        if bool(cleaned.get("role")) == bool(cleaned.get("staff")):
            self.add_error("role", _("Choose either a role or one person."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The currency under the name of its fact."""
        typed = super().facts()
        typed.pop("currency_code")
        return {**typed, "currency": self.currency()}


class ConflictForm(SettingsForm):
    """Who is close to a customer."""

    staff = pick(_("Who is it, or is close to them"))
    layout = (("staff",),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("staff", choices.people())


class UseForm(SettingsForm):
    """With which facts a scheme is asked."""

    facts_typed = forms.CharField(
        label=_("Facts"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "One on each line, such as: service = landline. Read from the case: @failed_on, "
            "@over_on (the end of an incident), @known_on, @broken_on, @times."
        ),
    )
    is_own = forms.BooleanField(
        label=_("Our own word to customers, no law or regulator"), required=False
    )
    layout: tuple[tuple[str, ...], ...] = (("facts_typed",), ("is_own",))

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """The facts as lines."""
        lines = "\n".join(f"{name} = {value}" for name, value in facts["facts"].items())
        return {**facts, "facts_typed": lines}

    def pack(self) -> Pack | None:
        """The scheme that the facts are for."""
        return known_packs().get(str(self.standing.get("scheme", "")))

    def clean_facts_typed(self) -> dict[str, str]:
        """The facts by name, each one that the scheme knows.

        :raises ValidationError: if a line says nothing, or what the scheme does not know.
        """
        found: dict[str, str] = {}
        for line in filter(str.strip, self.cleaned_data["facts_typed"].splitlines()):
            name, equals, value = (part.strip() for part in line.partition("="))
            if not (name and equals and value):
                raise ValidationError(
                    _("“%(line)s”: write a name, = and a value."), params={"line": line.strip()}
                )
            self._check(name, value)
            found[name] = value
        return found

    def _check(self, name: str, value: str) -> None:
        pack = self.pack()
        if pack is None:
            return
        if name not in pack.facts:
            raise ValidationError(
                _("The scheme %(scheme)s asks for no fact %(name)s."),
                params={"scheme": pack.id, "name": name},
            )
        if value in READ_FROM_CASE:
            return
        try:
            read_fact(pack.facts[name], value, zone=pack.zone, currency=pack.currency)
        except FactError as wrong:
            raise ValidationError(schemes.wrong_fact(wrong, pack.facts[name])) from wrong

    def facts(self) -> dict[str, Any]:
        """The facts under the name of their fact."""
        typed = super().facts()
        return {**typed, "facts": typed.pop("facts_typed")}


class NewUseForm(UseForm):
    """A scheme that is to bind the company: which, when it is asked, and for what."""

    scheme = forms.ChoiceField(label=_("Scheme"))
    on = forms.ChoiceField(label=_("Asked when"))
    function = forms.ChoiceField(
        label=_("Only where customers need it for"),
        required=False,
        choices=[("", _("Everything")), *FUNCTIONS.items()],
    )
    layout = (("scheme",), ("on", "function"), *UseForm.layout)
    field_order = ("scheme", "on", "function", "facts_typed", "is_own")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        packs = [(pack.id, schemes.title_of(pack.title)) for pack in known_packs().values()]
        whens = [(on, giving.when_asked(on)) for on in wording.USED_ON]
        for name, offered in (("scheme", packs), ("on", whens)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered

    def pack(self) -> Pack | None:
        """The scheme that was chosen above."""
        return known_packs().get(str(self.cleaned_data.get("scheme", "")))
