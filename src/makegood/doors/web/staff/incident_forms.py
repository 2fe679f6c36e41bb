"""The forms of incidents: declare, say what is new, say that it is over."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.due_words import SaidDueFields
from makegood.doors.web.staff.fields import SHORT, WallField, words_field
from makegood.language import sentences
from makegood.queries.incident_owed import SchemeForAll
from makegood.queries.labels import HARMS, REMEDY_KINDS
from makegood.queries.people import Colleague
from makegood.rules import money
from makegood.rules.gate.facts import HEARING
from makegood.rules.money import MoneyError
from makegood.rules.remedies import BadRemedyError, RemedyKind, Source, Terms
from makegood.rules.timewords.moment import Frame

_DUE = ("due_on", "due_time")


class TruthForm(SaidDueFields):
    """What everybody is told now, and by when they hear the next, as the words say or as typed.

    Words may say when it will work again as well: that is no time by which they hear the next.
    """

    speaks_of = HEARING
    has_opening = False
    words = words_field(
        _("What everybody is told"),
        rows=3,
        help_text=_("What you know, what you do not know yet, and what to do until then."),
    )
    layout: tuple[tuple[str, ...], ...] = (("words",), _DUE)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        frame = Frame(now=now, zone=kwargs["due_zone"], day_first=True)
        super().__init__(*args, frame_at=lambda _said_at: frame, **kwargs)
        self.fields["due_on"].label = _("They hear the next by")
        self.fields["due_on"].help_text = _("Empty: the day by which your words say it.")


class OverForm(TruthForm):
    """It works again."""

    over_at = WallField(label=_("Since when it works"), help_text=_("Empty: just now."))
    evidence = words_field(
        _("How we know that it works"),
        help_text=_("For example: the exchange answers, and the crew saw water at number 12."),
    )
    layout = (("over_at",), ("evidence",), ("words",), _DUE)


class GiveAllForm(TruthForm):
    """Everybody is given the same, and told of it with what is new."""

    kind = forms.ChoiceField(label=_("What everybody gets"), choices=[*REMEDY_KINDS.items()])
    amount = forms.CharField(
        label=_("Amount for each"),
        max_length=20,
        help_text=_("For a thing or a service: what it costs us, 0 if nothing."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3)
    thing = forms.CharField(
        label=_("What they get"),
        max_length=200,
        required=False,
        help_text=_("Only for a thing or a service, such as: a new food bin."),
    )
    because = forms.CharField(
        label=_("The cause"),
        max_length=SHORT,
        help_text=_("What it makes good, for the books: a day without broadband."),
    )
    layout = (("kind", "amount", "currency"), ("thing",), ("because",), ("words",), _DUE)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = currency
        self.fields["kind"].initial = RemedyKind.CREDIT.value

    def clean(self) -> dict[str, Any]:
        """Read the amount, and what it is for."""
        cleaned = super().clean() or self.cleaned_data
        currency = cleaned["currency"] = (cleaned.get("currency") or "").upper()
        if {"kind", "amount", "because"} & self.errors.keys():
            return cleaned
        try:
            amount = money.parse(cleaned["amount"], currency)
        except MoneyError as wrong:
            self.add_error("amount", sentences.said(str(wrong)))
            return cleaned
        try:
            cleaned["terms"] = Terms(
                kind=RemedyKind(cleaned["kind"]),
                source=Source.GOODWILL,
                amount_minor=amount,
                currency=currency,
                because=cleaned["because"],
                thing=cleaned.get("thing") or "",
            )
        except BadRemedyError as wrong:
            self.add_error("thing" if amount else "amount", sentences.said(str(wrong)))
        return cleaned


class SchemeForm(TruthForm):
    """Everybody is given what a scheme owes them, up to an amount, and told of it."""

    scheme = forms.ChoiceField(label=_("By which scheme"))
    amount = forms.CharField(
        label=_("At most for each"),
        max_length=20,
        help_text=_("Whoever is owed more than this, or not surely, is left to people."),
    )
    layout = (("scheme", "amount"), ("words",), _DUE)

    def __init__(self, *args: Any, schemes: Iterable[SchemeForAll], **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        self.schemes = {one.scheme: one for one in schemes}
        names = [(one.scheme, one.title) for one in self.schemes.values()]
        _offer(self.fields["scheme"], names)
        most = next(iter(self.schemes.values()), None)
        if most is not None:
            self.fields["amount"].initial = money.plain(most.most_minor, most.currency)

    def clean(self) -> dict[str, Any]:
        """Read the amount in the currency of the scheme."""
        cleaned = super().clean() or self.cleaned_data
        found = self.schemes.get(cleaned.get("scheme", ""))
        if found is None or "amount" in self.errors:
            return cleaned
        try:
            cleaned["terms"] = Terms(
                kind=RemedyKind.CREDIT,
                source=Source.SCHEME,
                amount_minor=money.parse(cleaned["amount"], found.currency),
                currency=found.currency,
                because=found.because,
                scheme=found.scheme,
            )
        except (MoneyError, BadRemedyError) as wrong:
            self.add_error("amount", sentences.said(str(wrong)))
        return cleaned


class FalseForm(TruthForm):
    """Nothing had failed."""

    evidence = words_field(
        _("How we know that nothing had failed"),
        help_text=_("For example: the sensor was broken, and every line answers."),
    )
    layout = (("evidence",), ("words",), _DUE)


class MergeForm(TruthForm):
    """It is part of another incident."""

    into = forms.TypedChoiceField(label=_("Of which it is part"), coerce=int)
    layout = (("into",), ("words",), _DUE)

    def __init__(self, *args: Any, others: Iterable[tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _offer(self.fields["into"], others)


class DeclareForm(TruthForm):
    """A service failed for everybody in an area."""

    service = forms.TypedChoiceField(label=_("What failed"), coerce=int)
    area = forms.CharField(
        label=_("Where"),
        max_length=100,
        required=False,
        help_text=_("A postcode or its district, or a town. Empty: everywhere."),
    )
    title = forms.CharField(
        label=_("In a few words"),
        max_length=SHORT,
        help_text=_("It becomes the title of every case: “No broadband in Exeter”."),
    )
    harm = forms.ChoiceField(label=_("How bad it is"), choices=[*HARMS.items()])
    since = WallField(label=_("Since when"), help_text=_("Empty: just now."))
    owner = forms.TypedChoiceField(label=_("Who owns it"), coerce=int)
    layout = (("service", "area"), ("title",), ("harm", "since", "owner"), ("words",), _DUE)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed through
        services: Iterable[tuple[int, str]],
        owners: Iterable[Colleague],
        **kwargs: Any,  # noqa: ANN401 - passed through
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["service"], [("", _("Choose a service")), *services])
        _offer(
            self.fields["owner"],
            [(person.id, f"{person.name}, {person.team}") for person in owners],
        )


def _offer(field: forms.Field, choices: Iterable[tuple[Any, Any]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)
