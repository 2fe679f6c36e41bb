"""What a form of the settings can be filled with: teams, people, calendars, services."""

from django.db.models import Q, QuerySet

from makegood.records import canary
from makegood.records.models import Asset, Crew, Customer, Service, Staff, Team, WorkingCalendar
from makegood.rules.roles import Right, roles_with

Choices = tuple[tuple[int, str], ...]


def real_teams() -> QuerySet[Team]:
    """The teams of people: that of the clock's canary is none."""
    return Team.objects.exclude(name=canary.NAME)


def real_calendars() -> QuerySet[WorkingCalendar]:
    """The calendars of offices."""
    return WorkingCalendar.objects.exclude(teams__name=canary.NAME)


def real_assets() -> QuerySet[Asset]:
    """What customers depend on; the canary is no customer."""
    return Asset.objects.exclude(customer__uuid=canary.CUSTOMER)


def teams() -> Choices:
    """Every team, by name."""
    return tuple(real_teams().order_by("name").values_list("pk", "name"))


def calendars() -> Choices:
    """Every working calendar, by name."""
    return tuple(real_calendars().order_by("name").values_list("pk", "name"))


def crews(*, also: int | None = None) -> Choices:
    """Every crew that goes out, by name, and one that a thing has from before."""
    rows = Crew.objects.order_by("name").values_list("pk", "name", "retired_at")
    return tuple((pk, name) for pk, name, retired in rows if retired is None or pk == also)


def services(*, also: int | None = None) -> Choices:
    """Every service that is offered, by name, and one that a thing has from before."""
    rows = Service.objects.order_by("name").values_list("pk", "name", "retired_at")
    return tuple((pk, name) for pk, name, retired in rows if retired is None or pk == also)


def people(
    *, besides: int | None = None, also: tuple[int | None, ...] = (), team: int | None = None
) -> Choices:
    """Everybody who works here, by name and team, and those whom a thing names from before."""
    rows = Staff.objects.people().select_related("team").order_by("name")
    return tuple(
        (row.pk, f"{row.name}, {row.team.name}")
        for row in rows
        if (row.is_active or row.pk in also)
        and row.pk != besides
        and (team is None or row.team_id == team)
    )


def heirs(*, besides: int) -> Choices:
    """Everybody who can take cases over, by name."""
    rows = Staff.objects.people().filter(
        is_active=True, role__in=roles_with(Right.ANSWER_CUSTOMERS)
    )
    named = rows.exclude(pk=besides).select_related("team").order_by("name")
    return tuple((row.pk, f"{row.name}, {row.team.name}") for row in named)


def customer_name(customer_id: int) -> str | None:
    """The name of a customer; None if there is none."""
    return Customer.objects.filter(pk=customer_id).values_list("name", flat=True).first()


def function_of(service: int | None) -> str | None:
    """What a service is for; None if there is no such service."""
    rows = Service.objects.filter(pk=service or 0)
    return rows.values_list("function", flat=True).first()


def customers(sought: str, *, limit: int = 10) -> Choices:
    """The customers whose name, phone or postcode has this in it; the first few."""
    words = sought.strip()
    if not words:
        return ()
    found = Customer.objects.filter(
        Q(name__icontains=words) | Q(phone=words) | Q(postcode__iexact=words)
    )
    rows = found.exclude(uuid=canary.CUSTOMER).order_by("name", "pk")[:limit]
    return tuple((row.pk, _with_address(row)) for row in rows)


def _with_address(customer: Customer) -> str:
    parts = (customer.name, customer.address, customer.postcode)
    return ", ".join(part for part in parts if part)
