"""A service with subscribers, and an incident that hits them."""

from datetime import timedelta

from makegood.actions import incidents
from makegood.actions.incidents import Outage, Truth
from makegood.records.models import Asset, Customer, Incident, IncidentRemedy, Service
from makegood.rules.severity import Function, Harm
from world import MONDAY, a_customer, a_person, a_team

HOUR = timedelta(hours=1)


def broadband() -> Service:
    found = Service.objects.filter(name="Broadband").first()
    return found or Service.objects.create(
        name="Broadband", function=Function.CONNECTION.value, team=a_team()
    )


def subscribers(*postcodes: str, **more) -> list[Customer]:
    found = []
    for postcode in postcodes:
        number = Customer.objects.count()
        customer = a_customer(f"Customer {number}", postcode=postcode, **more)
        Asset.objects.create(
            customer=customer, name="Line", function=Function.CONNECTION.value, service=broadband()
        )
        found.append(customer)
    return found


def an_outage(area: str = "EX4 4QJ", **more) -> Outage:
    values = {
        "service": broadband(),
        "area": area,
        "title": "No broadband in Exeter",
        "harm": Harm.LOST,
        "failed_at": MONDAY - HOUR,
        "known_at": MONDAY,
    }
    return Outage(**values | more)


def a_truth(words: str = "A cable was cut.", *, now=MONDAY) -> Truth:
    return Truth(words=words, due_at=now + 2 * HOUR)


def declare(outage: Outage | None = None, *, now=MONDAY) -> Incident:
    laura = a_person()
    return incidents.declare(
        outage or an_outage(), a_truth(now=now), owner=laura, by=laura, now=now
    )


def left_out(decided: IncidentRemedy) -> list[int]:
    """The cases that people have to see to, as nobody is given the remedy there by machine."""
    return list(decided.left_out.order_by("case").values_list("case", flat=True))
