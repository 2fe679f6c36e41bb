"""What a company sets up from the command line: `makegood calendar`, `person` and `admit`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from makegood.actions import calendars, sign_in, staff, teams
from makegood.queries import sign_in_mail
from makegood.queries.calendar_sources import office_of, read_calendar, zone_named
from makegood.queries.holidays import UnknownHolidayCodeError
from makegood.queries.settings.choices import real_calendars
from makegood.records.models import Staff, StaffRole, WorkingCalendar
from makegood.rules.calendars import Calendar, CalendarError

_YEARS_BACK, _YEARS_AHEAD = 1, 5
_EXIT_BAD_INPUT = 2


def calendar(
    file: Annotated[Path, typer.Argument(help="A TOML file; see docs/calendars.md.")],
) -> None:
    """Store a working calendar in the desk, or replace the one of its name."""
    now = datetime.now(UTC)
    try:
        stored = calendars.store_calendar(read_calendar(file, years=_years(now)), now=now)
    except CalendarError as wrong:
        _refuse(wrong)
    typer.echo(
        f"Stored the calendar {stored.name}: {stored.holidays.count()} holidays, "
        f"known until {stored.known_until}."
    )


def person(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="The name that customers are told.")],
    team: Annotated[str, typer.Option(help="The team; founded if there is none.")],
    calendar_name: Annotated[
        str,
        typer.Option(
            "--calendar", help="The calendar of a team that is founded, or a code such as GB-ENG."
        ),
    ] = "",
    role: Annotated[StaffRole, typer.Option(help="What they may do.")] = StaffRole.OWNER,
    zone: Annotated[
        str, typer.Option("--tz", help="Their time zone, if it is not their team's.")
    ] = "",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked.")
    ] = "",
) -> None:
    """Add a person who can own cases and sign in; founds their team if need be."""
    now = datetime.now(UTC)
    try:
        there = zone_named(zone) if zone else None
        hours = _calendar_for(team, calendar_name, zone=there, now=now)
        founded = staff.found_team(team, calendar=hours, now=now)
        moved = teams.leave_canarys_hours(founded, calendar=hours, now=now)
        at = zone or founded.calendar.zone
        hired = staff.hire(
            email=email, name=name, team=founded, role=role, zone=at, password=password
        )
    except (CalendarError, staff.EmailTakenError) as wrong:
        _refuse(wrong)
    typer.echo(f"{hired.name} can sign in as {hired.email}, in the team {founded.name}.")
    if moved:
        typer.echo(f"The team {founded.name} keeps the hours of {hours.name} from now on.")


def admit(
    email: Annotated[str, typer.Argument(help="The address that they sign in with.")],
) -> None:
    """Help somebody who cannot sign in: forget their second step, and print a link for a password.

    For the day on which no administrator can get in; whoever runs this command holds the database.
    """
    now = datetime.now(UTC)
    somebody = Staff.objects.people().filter(email=email, is_active=True).first()
    if somebody is None:
        _refuse(LookupError(f"Nobody who works here signs in as {email}."))
    forgotten = sign_in.drop_second_steps(somebody, by=None, now=now)
    if forgotten:
        typer.echo(f"Their second step is forgotten, and {somebody.name} is told by letter.")
    typer.echo(f"{somebody.name} chooses a new password here, once:")
    typer.echo(sign_in_mail.choose_password_at(somebody))


def _calendar_for(team: str, name: str, *, zone: ZoneInfo | None, now: datetime) -> WorkingCalendar:
    found = real_calendars()
    present = found.filter(teams__name=team).first()
    if name:
        given = found.filter(name__iexact=name).first() or _office(name, zone=zone, now=now)
        if present is not None and present != given:
            raise CalendarError(
                f"The team {team} keeps the hours of {present.name}; leave --calendar out, or give "
                "the team another calendar under Settings, Teams."
            )
        return (
            given
            if isinstance(given, WorkingCalendar)
            else calendars.store_calendar(given, now=now)
        )
    if any_ := present or found.order_by("pk").first():
        return any_
    raise CalendarError(
        "There is no calendar yet; give --calendar a code such as GB-ENG, "
        "or store your own with makegood calendar FILE."
    )


def _office(code: str, *, zone: ZoneInfo | None, now: datetime) -> Calendar:
    """The usual hours of an office where the code says."""
    try:
        return office_of(code, zone=zone, years=_years(now))
    except UnknownHolidayCodeError as unknown:
        known = ", ".join(real_calendars().values_list("name", flat=True)) or "none yet"
        raise CalendarError(
            f'There is no calendar "{code}" (known: {known}), and no such place. {unknown}'
        ) from unknown


def _years(now: datetime) -> range:
    return range(now.year - _YEARS_BACK, now.year + _YEARS_AHEAD)


def _refuse(wrong: Exception) -> NoReturn:
    typer.echo(" ".join(str(wrong).split()), err=True)
    raise typer.Exit(_EXIT_BAD_INPUT)
