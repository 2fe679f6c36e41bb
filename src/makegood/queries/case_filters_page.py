"""The filters of the list of cases as a page shows them: choices, chips, and saved views."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makegood.queries import plain
from makegood.queries.case_filter import (
    NONE,
    WAITING_HOURS,
    CaseFilter,
    Sort,
    State,
)
from makegood.queries.labels import FUNCTIONS, Labels
from makegood.records.models import SavedView, Staff, Team
from makegood.rules.severity import Severity

HOURS_A_DAY = 24
STATES: Labels = {
    State.OPEN: gettext_lazy("Open"),
    State.AT_RISK: gettext_lazy("At risk"),
    State.BROKEN: gettext_lazy("Broken, and not put right"),
    State.ASKED: gettext_lazy("Done, waits for the customer's yes"),
    State.CLOSED: gettext_lazy("Closed"),
    State.ALL: gettext_lazy("Open and closed"),
}
SORTS: Labels = {
    Sort.SEVERITY: gettext_lazy("Most severe, then oldest"),
    Sort.DUE: gettext_lazy("Next due first"),
    Sort.NEWEST: gettext_lazy("Newest first"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    without: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewLink:
    """A saved view."""

    id: int
    name: str
    address: str
    is_mine: bool
    is_shared: bool
    is_default: bool
    is_open: bool
    made_by: str


class _View(NamedTuple):
    """A saved view as it is read."""

    id: int
    name: str
    address: str
    owner: int
    is_shared: bool
    is_default: bool
    made_by: str


_VIEWS = plain.Kept("""
    SELECT v.id, v.name, v.address, v.owner_id AS owner, v.team_id IS NOT NULL AS is_shared,
           v.is_default, o.name AS made_by
      FROM records_savedview v JOIN records_staff o ON o.id = v.owner_id
     WHERE (v.owner_id = %(reader)s OR v.team_id = %(team)s) AND v.deleted_at IS NULL
     ORDER BY v.name, v.id
""")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the form of the filters offers; read when it is opened, as it names everybody."""

    owners: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    functions: tuple[Choice, ...]
    states: tuple[Choice, ...]
    waitings: tuple[Choice, ...]
    sorts: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FiltersPage:
    """All that the filters show; `choices` while their form is open."""

    asked: CaseFilter
    chips: tuple[Chip, ...]
    choices: Choices | None
    views: tuple[ViewLink, ...]
    address: str
    reader: int

    @property
    def open_view(self) -> ViewLink | None:
        """The saved view whose filters these are."""
        return next((view for view in self.views if view.is_open), None)

    @property
    def is_mine(self) -> bool:
        """Whether these are all open cases of the reader, in the usual order."""
        return self.asked == replace(NONE, owner=self.reader)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is filtered."""
        return not self.chips


def get_filters_page(
    asked: CaseFilter, *, reader: Staff, with_choices: bool = False
) -> FiltersPage:
    """The filters for `reader`: their own views and their team's, and choices if asked for."""
    address = asked.address()
    return FiltersPage(
        asked=asked,
        chips=tuple(_chips(asked)),
        choices=_read_choices(asked) if with_choices else None,
        views=tuple(_view(row, reader, address) for row in _views(reader)),
        address=address,
        reader=reader.pk,
    )


def default_address(reader: Staff) -> str | None:
    """The filters that the list opens with for this person, if they chose a view for that."""
    return next(
        (view.address for view in _views(reader) if view.owner == reader.pk and view.is_default),
        None,
    )


def view_of(view_id: int, *, reader: Staff) -> SavedView | None:
    """A view that the reader may see: their own, deleted or not, or their team's."""
    mine = Q(owner=reader)
    shared = Q(team=reader.team_id, deleted_at=None)
    return SavedView.objects.filter(mine | shared, pk=view_id).first()


def waiting_label(hours: int) -> str:
    """How long somebody has waited."""
    if hours < HOURS_A_DAY:
        return ngettext("%(n)d hour or longer", "%(n)d hours or longer", hours) % {"n": hours}
    days = hours // HOURS_A_DAY
    return ngettext("%(n)d day or longer", "%(n)d days or longer", days) % {"n": days}


def _views(reader: Staff) -> list[_View]:
    return plain.rows(_VIEWS, _View, reader=reader.pk, team=reader.team_id)


def _read_choices(asked: CaseFilter) -> Choices:
    people = Staff.objects.people().filter(Q(is_active=True) | Q(pk=asked.owner)).order_by("name")
    teams = Team.objects.order_by("name")
    return Choices(
        owners=_choices(
            [(str(pk), name) for pk, name in people.values_list("pk", "name")], str(asked.owner)
        ),
        teams=_choices(
            [(str(pk), name) for pk, name in teams.values_list("pk", "name")], str(asked.team)
        ),
        severities=tuple(
            Choice(value=str(level.value), label=level.name, is_chosen=level in asked.severity)
            for level in Severity
        ),
        functions=_labelled(FUNCTIONS, asked.function),
        states=_labelled(STATES, asked.state),
        waitings=_choices([(str(h), waiting_label(h)) for h in WAITING_HOURS], str(asked.waiting)),
        sorts=_labelled(SORTS, asked.sort),
    )


def _view(row: _View, reader: Staff, address: str) -> ViewLink:
    is_mine = row.owner == reader.pk
    return ViewLink(
        id=row.id,
        name=row.name,
        address=row.address or "all=1",
        is_mine=is_mine,
        is_shared=row.is_shared,
        is_default=row.is_default and is_mine,
        is_open=row.address == address,
        made_by=row.made_by,
    )


def _choices(pairs: list[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=value, label=label, is_chosen=value == chosen) for value, label in pairs
    )


def _labelled(labels: Labels, chosen: str) -> tuple[Choice, ...]:
    return _choices([(str(key), str(label)) for key, label in labels.items()], str(chosen))


def _owner_name(owner: int) -> str:
    rows = Staff.objects.filter(pk=owner).values_list("name", flat=True)
    return rows.first() or _("somebody who is not here")


def _team_name(team: int) -> str:
    rows = Team.objects.filter(pk=team).values_list("name", flat=True)
    return rows.first() or _("a team that is not here")


def _chips(asked: CaseFilter) -> Iterator[Chip]:
    labels = {
        "q": _("“%(words)s”") % {"words": asked.q},
        "state": str(STATES[asked.state]),
        "owner": _("owner: %(name)s") % {"name": _owner_name(asked.owner) if asked.owner else ""},
        "team": _("team: %(name)s") % {"name": _team_name(asked.team) if asked.team else ""},
        "severity": ", ".join(f"P{level}" for level in asked.severity),
        "function": str(FUNCTIONS.get(asked.function, "")).partition(":")[0],
        "since": _("known from %(day)s") % {"day": asked.since},
        "until": _("known until %(day)s") % {"day": asked.until},
        "broke": _("a promise was broken"),
        "imported": _("import %(number)s") % {"number": asked.imported},
        "waiting": _("customer waits %(time)s") % {"time": waiting_label(asked.waiting or 0)},
    }
    for name, label in labels.items():
        if getattr(asked, name) != getattr(NONE, name):
            yield Chip(label=label, without=asked.without(name).address() or "all=1")
