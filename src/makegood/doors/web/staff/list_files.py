"""Cases and promises as the lines of a file; times with their offset, on the reader's clock."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.doors.web.staff.csv_export import Row
from makegood.queries.case_list import NextPromise
from makegood.queries.labels import FUNCTIONS
from makegood.records.models import Case, Promise


def case_header() -> tuple[str, ...]:
    """The first line of a file of cases."""
    return (
        _("Case"),
        _("Title"),
        _("Customer"),
        _("What it is about"),
        _("Kind"),
        _("Severity"),
        _("Owner"),
        _("Team"),
        _("Failed"),
        _("Known"),
        _("Closed"),
        _("Next for the customer"),
        _("Due"),
    )


def case_lines(rows: Iterable[tuple[Case, NextPromise | None]], *, zone: str) -> Iterator[Row]:
    """One line a case."""
    for case, next_ in rows:
        yield (
            case.reference,
            case.title,
            case.customer.name,
            case.asset.name if case.asset else "",
            str(FUNCTIONS.get(case.function, case.function)),
            f"P{case.severity}",
            case.owner.name,
            case.team.name,
            _local(case.failed_at, zone),
            _local(case.known_at, zone),
            _local(case.closed_at, zone),
            next_.words if next_ else "",
            _local(next_.due_at, zone) if next_ else "",
        )


def word_header() -> tuple[str, ...]:
    """The first line of a file of promises."""
    return (
        _("Promise"),
        _("Customer"),
        _("Case"),
        _("Title"),
        _("Severity"),
        _("Owner"),
        _("Given"),
        _("Due"),
    )


def word_lines(rows: Iterable[Promise], *, zone: str) -> Iterator[Row]:
    """One line a promise."""
    for row in rows:
        yield (
            row.words,
            row.case.customer.name,
            row.case.reference,
            row.case.title,
            f"P{row.case.severity}",
            row.case.owner.name,
            _local(row.said_at, zone),
            _local(row.due_at, zone),
        )


def _local(moment: datetime | None, zone: str) -> datetime | None:
    return moment.astimezone(ZoneInfo(zone)) if moment else None
