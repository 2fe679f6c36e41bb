"""The forms of gestures: something for the catalogue, and a team's budget."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.settings.fields import NAME, SettingsForm, pick
from makegood.language import sentences
from makegood.queries.settings import choices
from makegood.records.settings_facts import Facts
from makegood.rules import money
from makegood.rules.money import MoneyError

_AMOUNT = 20


class _SumForm(SettingsForm):
    """A sum and its currency, which are one fact."""

    sum_field: str

    def currency(self) -> str:
        """The currency that was typed, if it is one."""
        given = str(self.cleaned_data.get("currency_code", "")).upper()
        return given if len(given) == len("GBP") and given.isalpha() and given.isascii() else ""

    def clean(self) -> dict[str, Any]:
        """The sum as it is kept."""
        cleaned = super().clean() or self.cleaned_data
        currency = self.currency()
        if not currency:
            where = "currency_code" if "currency_code" in self.fields else None
            self.add_error(where, _("Give three letters, such as GBP."))
            return cleaned
        given = (cleaned.get(self.sum_field) or "").strip()
        try:
            minor = money.parse(given, currency) if given else 0
            cleaned[self.sum_field] = f"{money.plain(minor, currency)} {currency}"
        except MoneyError as wrong:
            self.add_error(self.sum_field, sentences.said(str(wrong)))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The typed facts; the currency stands in the sum."""
        typed = super().facts()
        typed.pop("currency_code", None)
        return typed


class ItemForm(_SumForm):
    """Something for the catalogue."""

    sum_field = "cost"
    name = forms.CharField(
        label=_("What"), max_length=NAME, help_text=_("For example: a box of tea with a card.")
    )
    cost = forms.CharField(
        label=_("What it costs us"),
        max_length=_AMOUNT,
        help_text=_("The customer does not hear of it."),
    )
    currency_code = forms.CharField(label=_("Currency"), max_length=3, initial="GBP")
    layout = (("name",), ("cost", "currency_code"))

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """The cost and its currency apart."""
        cost, _space, currency = facts["cost"].partition(" ")
        return {**facts, "cost": cost, "currency_code": currency}


class BudgetForm(_SumForm):
    """What a team may spend."""

    sum_field = "in_all"
    in_all = forms.CharField(label=_("In all"), max_length=_AMOUNT)
    period_days = forms.IntegerField(label=_("Within days"), min_value=1, max_value=366, initial=30)
    layout: tuple[tuple[str, ...], ...] = (("in_all", "period_days"),)

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """The sum without its currency, which the title says."""
        return {**facts, "in_all": facts["in_all"].split()[0]}

    def currency(self) -> str:
        """The currency that the budget is in."""
        return str(self.standing.get("currency", ""))


class NewBudgetForm(BudgetForm):
    """A budget of a team that has none in this currency."""

    team = pick(_("Team"))
    currency_code = forms.CharField(label=_("Currency"), max_length=3, initial="GBP")
    layout = (("team", "currency_code"), *BudgetForm.layout)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.choose_from("team", choices.teams())

    def currency(self) -> str:
        """The currency that was typed, if it is one."""
        return _SumForm.currency(self)

    def facts(self) -> dict[str, Any]:
        """The currency under the name of its fact."""
        return {**super().facts(), "currency": self.currency()}
