"""The forms of asking, wanting and ending."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import (
    SHORT,
    DayInput,
    DeskForm,
    WallField,
    heard_field,
    words_field,
)
from makegood.doors.web.staff.fields import channel_field as said_field
from makegood.doors.web.staff.forms import NOW_HELP, MakePromiseForm
from makegood.language import sentences
from makegood.queries.labels import REVIEW_VERDICTS
from makegood.rules import money
from makegood.rules.explanations import Why
from makegood.rules.money import MoneyError

AMOUNT_LENGTH = 20


WHYS = {
    Why.KNOWN.value: _("yes, and we can say it"),
    Why.NOT_YET.value: _("not yet"),
    Why.CONFIDENTIAL.value: _("yes, but it concerns others and stays with us"),
}


class ExplainForm(DeskForm):
    """They were told why it happened."""

    passes_gate = True
    why = forms.ChoiceField(label=_("Do we know why?"), choices=[*WHYS.items()])
    words = words_field(
        _("In which words"),
        rows=3,
        required=False,
        help_text=_(
            "If we know: plainly, what happened and why. Nothing made up, nobody blamed. Else "
            "leave it empty: they are told that we do not know yet, and by when they hear."
        ),
    )
    channel = said_field(_("Said by"))
    layout = (("why", "channel"), ("words",))


class WantForm(DeskForm):
    """The customer said that it is not right yet, or that they want something more."""

    channel = heard_field(_("How they said so"))
    at = WallField(label=_("When"), help_text=NOW_HELP)
    want = words_field(
        _("What they want, in their words"),
        help_text=_("It is answered by a promise, or by an honest no with an alternative."),
    )
    layout = (("want",), ("channel", "at"))


class PromiseWantForm(MakePromiseForm):
    """What the customer wants, promised."""


class HonestNoForm(DeskForm):
    """What we do not do, why, and what we do instead."""

    honest_no = words_field(
        _("What you say to the customer"),
        help_text=_("What we do not do, and why. Never “can't” where we decide not to."),
    )
    instead = words_field(_("What you offer instead"))
    channel = said_field(_("Said by"))
    amount = forms.CharField(
        label=_("If they asked for money: how much"), max_length=AMOUNT_LENGTH, required=False
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    why = forms.CharField(
        label=_("Why you do not give it"),
        max_length=SHORT,
        required=False,
        help_text=_("For colleagues; it counts as could have been given, and was not."),
    )
    layout = (("honest_no",), ("instead",), ("channel",), ("amount", "currency"), ("why",))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = currency

    def clean(self) -> dict[str, Any]:
        """Turn the amount into minor units; one that is refused needs a reason."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["amount_minor"] = 0
        amount = (cleaned.get("amount") or "").strip()
        if not amount:
            return cleaned
        cleaned["currency"] = (cleaned.get("currency") or "").upper()
        try:
            cleaned["amount_minor"] = money.parse(amount, cleaned["currency"])
        except MoneyError as wrong:
            self.add_error("amount", sentences.said(str(wrong)))
        if not (cleaned.get("why") or "").strip():
            self.add_error("why", _("Say why it is not given."))
        return cleaned


class PartForm(DeskForm):
    """An honest end where a customer could not be satisfied."""

    tried = words_field(
        _("What was tried"),
        help_text=_("What happened, what was offered, what they said. No word about their person."),
        rows=3,
    )
    route = forms.CharField(
        label=_("Whom outside the company they can turn to"),
        max_length=300,
        help_text=_("Its name and how to reach it, such as an ombudsman."),
    )
    words = words_field(_("In which words you told them"), rows=3)
    channel = said_field(_("Said by"))
    layout = (("tried",), ("route",), ("words",), ("channel",))


class ReviewForm(DeskForm):
    """What somebody outside decided on a case that ended without a yes."""

    reviewer = forms.CharField(
        label=_("Who decided"),
        max_length=SHORT,
        help_text=_("An ombudsman, a regulator or a court; the office, not the person."),
    )
    decided_on = forms.DateField(label=_("On which day"), widget=DayInput())
    verdict = forms.ChoiceField(label=_("What they decided"), choices=[*REVIEW_VERDICTS.items()])
    words = words_field(_("In which words, or under which reference"), rows=3)
    layout = (("reviewer", "decided_on"), ("verdict",), ("words",))


class MistakeForm(DeskForm):
    """A case was closed by mistake."""

    why = forms.CharField(
        label=_("What was the mistake"),
        max_length=SHORT,
        help_text=_("For example: the answer was about another case."),
    )
    layout = (("why",),)
