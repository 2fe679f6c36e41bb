"""What the pages of other systems share: the words of a list, and showing it with its form."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise as Lazy

from makegood.doors.access import StaffRequest
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.fields import DeskForm
from makegood.queries.settings import history
from makegood.queries.settings.tables import Table
from makegood.records.models import Thing


@dataclass(frozen=True, kw_only=True, slots=True)
class DoorList:
    """The words of a list of other systems: above it, while it is empty, and of its form."""

    page: str
    icon: str
    title: str | Lazy
    says: str | Lazy
    until: str | Lazy
    then: str | Lazy
    add_words: str | Lazy
    submit: str | Lazy
    thing: Thing | None = None


def show_list(
    request: StaffRequest,
    listing: DoorList,
    table: Table,
    form: DeskForm,
    *,
    status: int = HTTPStatus.OK,
    template: str = "desk/settings/door_list.html",
    **more: object,
) -> HttpResponse:
    """The list, with the form of a new one below it, and what was changed lately.

    :param more: what a template of its own shows besides.
    """
    context = {
        "listing": listing,
        "table": table,
        "form": form,
        "icon": f"icons/{listing.icon}.html",
        "base": reverse(f"desk:{listing.page}"),
        "section": listing.page,
        **more,
    }
    if listing.thing is not None:
        context["history"] = history.history_of(listing.thing, zone=zone_of(request))
    return show(request, template, context, status=status)
