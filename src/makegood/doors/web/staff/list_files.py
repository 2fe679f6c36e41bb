"""What lists show, as the lines of a file; times with their offset, on the reader's clock."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.doors.web.staff.csv_export import Row
from makegood.queries.case_list import NextPromise
from makegood.queries.labels import FUNCTIONS
from makegood.queries.learning import Unnamed
from makegood.queries.mail_desk import AsideCard
from makegood.queries.search import Marked, SearchPage
from makegood.queries.templates import TemplateCard
from makegood.queries.visit_week import Expected, Week
from makegood.queries.when import When
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


def search_header() -> tuple[str, ...]:
    """The first line of a file of what a search has found."""
    return (
        _("What it is"),
        _("Case"),
        _("Title or name"),
        _("Customer"),
        _("Owner"),
        _("Severity"),
        _("Known"),
        _("Closed"),
        _("Open cases"),
        _("Phone"),
        _("E-mail"),
        _("Place"),
    )


def search_lines(page: SearchPage, *, zone: str) -> Iterator[Row]:
    """One line a case, then one a customer, then one a thing."""
    for case in page.cases:
        yield (
            _("Case"), case.reference, _plain(case.title), _plain(case.customer), case.owner,
            f"P{case.severity}", _moment(case.known, zone), _yes(case.is_closed), *[""] * 4,
        )  # fmt: skip
    for person in page.people:
        yield (
            _("Customer"), "", "", _plain(person.name), *[""] * 4,
            person.open_cases, person.phone, person.email, person.place,
        )  # fmt: skip
    for asset in page.assets:
        yield (
            _("Thing"), asset.open_reference, _plain(asset.name), _plain(asset.customer),
            *[""] * 7, _plain(asset.place),
        )  # fmt: skip


def mail_header() -> tuple[str, ...]:
    """The first line of a file of mail that was set aside."""
    return (
        _("Received"), _("From"), _("E-mail"), _("Subject"), _("Why it is set aside"),
        _("Case that it names"), _("Words"),
    )  # fmt: skip


def mail_lines(cards: Iterable[AsideCard], *, zone: str) -> Iterator[Row]:
    """One line a mail."""
    for mail in cards:
        at = _moment(mail.at, zone)
        yield at, mail.who, mail.sender, mail.subject, mail.why, mail.reference, mail.words


def template_header() -> tuple[str, ...]:
    """The first line of a file of templates."""
    return (
        _("Template"), _("Language"), _("What it says"), _("What makes it true"), _("Area"),
        _("Owner"), _("Stopped"),
    )  # fmt: skip


def template_lines(cards: Iterable[TemplateCard]) -> Iterator[Row]:
    """One line a template."""
    for card in cards:
        stopped = "; ".join(f"{stop.area}: {stop.why}" for stop in card.stops)
        yield card.name, card.language, card.text, card.source, card.area, card.owner, stopped


def visit_header() -> tuple[str, ...]:
    """The first line of a file of visits."""
    return (
        _("Crew"), _("From"), _("Until"), _("Case"), _("Customer"), _("What for"), _("Sure"),
        _("What is missing"),
    )  # fmt: skip


def visit_lines(week: Week, *, zone: str) -> Iterator[Row]:
    """One line a time that a crew holds in the week; then the visits that have no time."""
    for crew in week.crews:
        for held in (held for day in crew.days for held in day.held):
            times = (_local(held.opens_at, zone), _local(held.closes_at, zone))
            about = (held.reference, held.customer, held.what)
            yield crew.name, *times, *about, _yes(held.is_sure), ""
    for card in week.unplaced:
        about = (card.reference, card.customer, card.what)
        yield "", "", "", *about, _yes(is_so=False), ", ".join(card.missing)


def part_header() -> tuple[str, ...]:
    """The first line of a file of parts that are on their way."""
    return _("Part"), _("Case"), _("Customer"), _("Arrives"), _("Overdue"), _("Doubted")


def part_lines(parts: Iterable[Expected], *, zone: str) -> Iterator[Row]:
    """One line a part."""
    for part in parts:
        arrives = _moment(part.arrives, zone) if part.arrives else None
        states = (_yes(part.is_overdue), _yes(part.is_doubted))
        yield part.part, part.reference, part.customer, arrives, *states


def unnamed_header() -> tuple[str, ...]:
    """The first line of a file of closed cases that wait for their cause."""
    return _("Case"), _("Title"), _("Customer"), _("Who is asked"), _("Due")


def unnamed_lines(rows: Iterable[Unnamed], *, zone: str) -> Iterator[Row]:
    """One line a case."""
    for row in rows:
        case, due = row.case, _moment(row.due, zone)
        yield case.reference, case.title, case.customer, row.asked, due


def _plain(parts: Marked) -> str:
    return "".join(text for text, _is_match in parts)


def _yes(is_so: bool) -> str:  # noqa: FBT001 - whether it is so is all there is to say
    return _("yes") if is_so else _("no")


def _moment(shown: When, zone: str) -> datetime | None:
    return _local(datetime.fromisoformat(shown.iso), zone)


def _local(moment: datetime | None, zone: str) -> datetime | None:
    return moment.astimezone(ZoneInfo(zone)) if moment else None
