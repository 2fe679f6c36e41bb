"""Forms of the pages for data: a file, what its columns are, a name typed again, and periods."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from makegood.actions.imports import FILE_MAX
from makegood.actions.retaining import LONGEST, SHORTEST
from makegood.doors.web.staff.fields import DeskForm
from makegood.doors.web.staff.settings.fields import ZoneField, pick
from makegood.queries.labels import FUNCTIONS
from makegood.queries.settings.data import FORMS
from makegood.rules.importing.columns import FIELDS, NEEDED, What

FIELD_NAMES: Mapping[str, Any] = {
    "id": lazy("Its id there"),
    "name": lazy("Name"),
    "email": lazy("E-mail address"),
    "phone": lazy("Phone"),
    "address": lazy("Address"),
    "postcode": lazy("Postcode"),
    "zone": lazy("Time zone"),
    "language": lazy("Language"),
    "vulnerable": lazy("Needs special care"),
    "customer": lazy("The customer's id there"),
    "function": lazy("What it is for"),
    "place": lazy("Place"),
    "title": lazy("What is wrong"),
    "words": lazy("The customer's words"),
    "customer_name": lazy("The customer's name"),
    "customer_email": lazy("The customer's e-mail address"),
    "customer_phone": lazy("The customer's phone"),
    "opened_at": lazy("Opened at"),
    "status": lazy("Status"),
    "owner": lazy("The owner's e-mail address"),
    "promised": lazy("What was promised to the customer"),
    "promised_by": lazy("By when it was promised"),
}


class UploadForm(DeskForm):
    """A file, and what wrote it."""

    file = forms.FileField(label=lazy("File"), allow_empty_file=False)
    form = forms.ChoiceField(label=lazy("What wrote it"), choices=tuple(FORMS.items()))
    source = forms.CharField(
        label=lazy("Your name for that system"),
        max_length=100,
        required=False,
        help_text=lazy("By it and their ids there, nothing comes in twice."),
    )
    layout = (("file", "form", "source"),)

    def clean_file(self) -> "UploadedFile[bytes]":
        """A file that is small enough to be sent by a page.

        :raises ValidationError: if it is not.
        """
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_MAX:
            raise forms.ValidationError(
                _("It is larger than %(most)s MB: bring it in by the command line.")
                % {"most": FILE_MAX >> 20}
            )
        return file


class MappingForm(DeskForm):
    """Which column is what, and what counts where a row says nothing."""

    team = pick(lazy("Whose cases they become"), required=False)
    in_zone = ZoneField(label=lazy("Time zone, where a row has none"))
    function = forms.ChoiceField(
        label=lazy("What they are for, where a row does not say it"), choices=FUNCTIONS.items()
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed through
        what: What,
        columns: Mapping[str, str],
        teams: tuple[tuple[int, str], ...],
        **kwargs: Any,  # noqa: ANN401 - passed through
    ) -> None:
        super().__init__(*args, **kwargs)
        self.what = what
        choices = [("", _("no column"))]
        choices += [(name, _with_example(name, example)) for name, example in columns.items()]
        for field in FIELDS[what]:
            self.fields[f"of_{field}"] = forms.ChoiceField(
                label=FIELD_NAMES[field], choices=choices, required=field in NEEDED[what]
            )
            self.fields[f"of_{field}"].widget.attrs["class"] = "form-select"
        team = self.fields["team"]
        if isinstance(team, forms.TypedChoiceField):
            team.choices = [("", _("The first team")), *((str(pk), name) for pk, name in teams)]
        if what is not What.CASES:
            del self.fields["team"]
        if what is What.CUSTOMERS:
            del self.fields["function"]
        names = [f"of_{field}" for field in FIELDS[what]]
        pairs = (tuple(names[start : start + 2]) for start in range(0, len(names), 2))
        self.layout = (*pairs, self._defaults())

    def mapping(self) -> dict[str, str]:
        """Which column each field is."""
        named = {field: self.cleaned_data[f"of_{field}"] for field in FIELDS[self.what]}
        return {field: column for field, column in named.items() if column}

    def _defaults(self) -> tuple[str, ...]:
        return tuple(name for name in ("team", "function", "in_zone") if name in self.fields)


def _with_example(name: str, example: str) -> str:
    if not example:
        return name
    return _("%(column)s, such as “%(example)s”") % {"column": name, "example": example}


class EraseForm(DeskForm):
    """The name once more, and that one has understood."""

    name = forms.CharField(label=lazy("Their name, typed once more"), max_length=200)
    sure = forms.BooleanField(label=lazy("I know that this cannot be taken back"))
    layout = (("name",), ("sure",))


class PeriodForm(DeskForm):
    """For how many days one kind of data is kept."""

    days = forms.IntegerField(
        label=lazy("Days"),
        required=False,
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=lazy("Empty: for good."),
    )
    layout = (("days",),)
