"""Parts by their number: a known one, or a new one with its name."""

from makegood.records.models import Part
from makegood.rules.visits import VisitError


class UnknownPartError(VisitError):
    """No part of this number is known: say what it is."""


def part_of(number: str, *, name: str = "") -> Part:
    """The part of a number; one that is not known yet is written down if it has a name.

    :raises UnknownPartError: if it is not known and has no name.
    """
    plain = " ".join(number.split())
    found = Part.objects.filter(number__iexact=plain).first()
    if found is not None:
        return found
    if not name.strip():
        raise UnknownPartError(f"No part of the number {plain} is known: say what it is.")
    return Part.objects.create(number=plain, name=name.strip())
