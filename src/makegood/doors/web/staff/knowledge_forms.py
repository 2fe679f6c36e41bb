"""The forms of knowledge: an article, the answer to a doubt, what was learned."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from makegood.doors.web.staff.fields import SHORT, DayInput, DeskForm, words_field
from makegood.language import sentences
from makegood.queries.labels import ARTICLE_KINDS, VERDICTS
from makegood.queries.people import Colleague
from makegood.rules import figures, places
from makegood.rules.articles import FIGURES_MAX
from makegood.rules.figures import Figure, FigureError

TITLE = 200


class ArticleForm(DeskForm):
    """What the company says to everybody, and who answers for it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[*ARTICLE_KINDS.items()])
    title = forms.CharField(label=_("Title"), max_length=TITLE)
    about = forms.CharField(
        label=_("What it is about"),
        max_length=TITLE,
        help_text=_("The thing as people call it: flooring, broadband, food waste."),
    )
    words = words_field(_("What it says"), rows=5)
    figures = words_field(
        _("Its figures, one a line"),
        rows=4,
        required=False,
        help_text=_("For example: missed appointment: 40 GBP, or: letters: up to 20 GBP."),
    )
    from_on = forms.DateField(label=_("In force from"), widget=DayInput())
    until_on = forms.DateField(label=_("Until"), widget=DayInput(), required=False)
    review_on = forms.DateField(label=_("Look at it again on"), widget=DayInput(), required=False)
    area = forms.CharField(
        label=_("Where"),
        max_length=100,
        required=False,
        help_text=_("A postcode or its district, or a town. Empty: everywhere."),
    )
    source = forms.CharField(
        label=_("Where it stands"),
        max_length=SHORT,
        required=False,
        help_text=_("An address, or where the paper hangs."),
    )
    owner = forms.TypedChoiceField(label=_("Who answers for it"), coerce=int)
    layout: tuple[tuple[str, ...], ...] = (
        ("kind", "title"),
        ("about", "area"),
        ("words",),
        ("figures",),
        ("from_on", "until_on", "review_on"),
        ("owner", "source"),
    )

    def __init__(self, *args: Any, owners: Iterable[Colleague], **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ChoiceField):
            owner.choices = [(one.id, f"{one.name}, {one.team}") for one in owners]

    def clean_figures(self) -> tuple[Figure, ...]:
        """Each line as a figure.

        :raises ValidationError: if one cannot be read, or there are too many.
        """
        lines = [line for line in self.cleaned_data["figures"].splitlines() if line.strip()]
        if len(lines) > FIGURES_MAX:
            raise ValidationError(_("That is more than 50 figures: make two articles of it."))
        try:
            return tuple(figures.read_line(line) for line in lines)
        except FigureError as wrong:
            raise ValidationError(sentences.said(str(wrong))) from wrong

    def clean_area(self) -> str:
        """The area, as customers' postcodes are compared with it.

        :raises ValidationError: if it is none.
        """
        typed = self.cleaned_data["area"].strip()
        area = places.area_of(typed)
        if typed and not area:
            raise ValidationError(_("Give a postcode, its district or a town."))
        return area


class ChangeForm(ArticleForm):
    """The next version of an article."""

    why = forms.CharField(
        label=_("Why it changes"),
        max_length=SHORT,
        help_text=_("Whoever told customers the old version will want to know."),
    )
    layout = (*ArticleForm.layout, ("why",))


class AnswerForm(DeskForm):
    """Which of the two is right."""

    verdict = forms.ChoiceField(
        label=_("Which is right"), choices=[*VERDICTS.items()], widget=forms.Select()
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=SHORT,
        help_text=_("For colleagues. The customer hears nothing of it."),
    )
    layout = (("verdict", "why"),)


class LessonForm(DeskForm):
    """What was learned."""

    lesson = forms.CharField(
        label=_("What was learned and changed"),
        max_length=SHORT,
        help_text=_("For example: the flyer was reprinted, and the team went through it."),
    )
    layout = (("lesson",),)
