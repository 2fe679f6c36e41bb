"""One remedy for everybody whom an incident hit: decided once, over its whole sum, and told once.

It is published with a truth. As that truth reaches a case, the case is given the remedy by the
laws of any other: granted, promised, booked and put in line to be paid, in the same batch. What a
scheme owes is given to each by their own facts, and to nobody of whom it is not sure.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.actions import incidents
from makegood.actions.incidents import IncidentError, Truth
from makegood.records import hit
from makegood.records.authorities import read_standing
from makegood.records.models import (
    Incident,
    IncidentRemedy,
    IncidentTruth,
    Staff,
)
from makegood.rules.authority import Limits
from makegood.rules.remedies import RemedyKind, Source, Terms

_NOBODY = 0


class GivenToAllError(IncidentError):
    """Everybody whom this incident hit was given something already; it is decided once."""


class BeyondSumError(IncidentError):
    """For all of them together this is more than you may give; who may give that sum decides it."""


class StillOpeningError(IncidentError):
    """Not everybody has a case yet, so nobody knows the sum; decide when all cases are open."""


class GivenThereError(IncidentError):
    """This incident is part of another: what is given there goes to everybody of this one too."""


class NobodyHitError(IncidentError):
    """No case of this incident is left to which it could be given."""


class NotOverError(IncidentError):
    """What a scheme owes hangs on how long it lasted: say first that it is over."""


@transaction.atomic
def publish(
    incident_id: int, terms: Terms, truth: Truth, *, by: Staff, now: datetime
) -> IncidentRemedy:
    """Decide what everybody is given, and tell it with the next truth; also when it is over.

    :raises GivenToAllError: if that was decided before.
    :raises StillOpeningError: if cases are still being opened.
    :raises BeyondSumError: if it is more than this person may give, to each or to all together.
    :raises NotOverError: if it is what a scheme owes, and the incident is going on.
    :raises GivenThereError: if the incident is part of another.
    :raises NobodyHitError: if nobody is left to give it to.
    :raises IncidentError: if what is said cannot be.
    :raises StoppedError: if the words are not true of the cases that would hear them.
    """
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if IncidentRemedy.objects.filter(incident=incident).exists():
        raise GivenToAllError(GivenToAllError.__doc__)
    if incident.merged_into_id is not None:
        raise GivenThereError(GivenThereError.__doc__)
    if incident.spread_at is None:
        raise StillOpeningError(StillOpeningError.__doc__)
    if terms.kind is RemedyKind.WAIVER or terms.source is Source.OWN:
        raise IncidentError("A fee is waived on its own case; give everybody money or a thing.")
    if terms.source is Source.SCHEME and incident.over_at is None:
        raise NotOverError(NotOverError.__doc__)
    at_most = _count(incident, terms)
    if not at_most:
        raise NobodyHitError(NobodyHitError.__doc__)
    limits = _judge(terms, at_most, by=by, now=now)
    if terms.source is Source.SCHEME:  # to each another sum, by their own facts
        said = incidents.say_on(incident, truth, by=by, now=now)
    else:
        family = hit.family(incident.pk)
        said = incidents.say_on(incident, truth, by=by, now=now, family=family, gives=terms)
    return _write(said, terms, limits, at_most=at_most, now=now)


def _count(incident: Incident, terms: Terms) -> int:
    """To how many it goes: to closed cases too, but for a scheme, whose clock seeks those out."""
    if terms.source is Source.SCHEME:
        return incident.cases.filter(closed_at=None).count()
    return hit.count_given(hit.family(incident.pk))


def _judge(terms: Terms, at_most: int, *, by: Staff, now: datetime) -> Limits:
    Staff.objects.select_for_update(no_key=True).get(pk=by.pk)
    standing = read_standing(
        staff=by.pk,
        customer=_NOBODY,
        currency=terms.currency,
        activity=terms.activity,
        now=now,
    )
    limits = standing.limits
    if limits is None or terms.amount_minor > limits.per_case_minor:
        raise BeyondSumError(BeyondSumError.__doc__)
    if standing.by_person_minor + terms.amount_minor * at_most > limits.per_period_minor:
        raise BeyondSumError(BeyondSumError.__doc__)
    return limits


def _write(
    said: IncidentTruth, terms: Terms, limits: Limits, *, at_most: int, now: datetime
) -> IncidentRemedy:
    try:
        with transaction.atomic():
            return IncidentRemedy.objects.create(
                incident_id=said.incident_id,
                truth=said,
                kind=terms.kind.value,
                amount_minor=terms.amount_minor,
                currency=terms.currency,
                thing=terms.thing,
                scheme=terms.scheme,
                because=terms.because,
                at_most=at_most,
                to_one_minor=limits.per_case_minor,
                period_days=limits.period_days,
                decided_by=said.said_by,
                decided_at=now,
            )
    except IntegrityError as refused:
        if "incident_remedy_within_authority" not in str(refused):
            raise
        raise BeyondSumError(BeyondSumError.__doc__) from refused
