"""What schemes owe and nobody has given: watched from the failure on, found, and raised.

A clock of its own looks when a promise has broken, and again each day while something is missing,
so that nobody has to ask for what is theirs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Case as If
from django.db.models import F, Q, QuerySet, When
from django.db.models.functions import Greatest

from makegood.actions import timeline
from makegood.records.models import Case, Entitlement, IncidentWatch, Promise, SchemeUse
from makegood.rules.severity import Function

AGAIN_AFTER = timedelta(days=1)
FIRST_AFTER = timedelta(hours=1)
"""Time for whoever is with the customer to give it before it is raised."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a scheme says on a case now, in plain values."""

    version: str
    amount_minor: int | None
    given_minor: int
    currency: str
    pay_by: date | None
    because: str
    unsure: str

    @property
    def is_missing(self) -> bool:
        """Whether more is owed than was given."""
        return (self.amount_minor or 0) > self.given_minor


def watch_broken(broken: Sequence[int], *, now: datetime) -> None:
    """Look soon at what schemes owe for promises that have just broken."""
    schemes: dict[str, set[str]] = defaultdict(set)
    for kind, scheme in _uses(now).exclude(on="case").values_list("on", "scheme"):
        schemes[kind].add(scheme)
    if schemes:
        rows = Promise.objects.filter(pk__in=broken, kind__in=schemes, case__is_canary=False)
        found = rows.values_list("case", "kind")
        _watch({(case, scheme) for case, kind in found for scheme in schemes[kind]}, now=now)


def watch_opened(cases: Iterable[int], *, function: Function, now: datetime) -> None:
    """Look soon at what schemes owe for failures of a function as such."""
    uses = _uses(now).filter(on="case", function__in=["", function.value])
    schemes = list(uses.values_list("scheme", flat=True))
    _watch({(case, scheme) for case in cases for scheme in schemes}, now=now)


def watch_ended(incident: int, *, now: datetime) -> None:
    """Look soon at what schemes owe to whom an incident hit: it may hang on when that ended.

    The clock goes through its cases, so that nobody waits until a million were looked through.
    """
    begins = {"owed_from": now, "owed_after": 0}
    IncidentWatch.objects.update_or_create(incident_id=incident, defaults=begins)


def ended(*, now: datetime) -> list[int]:
    """The incidents whose cases are still to be watched since they ended."""
    rows = IncidentWatch.objects.filter(owed_from__lte=now).order_by("owed_from", "pk")
    return list(rows.values_list("incident", flat=True))


@transaction.atomic
def watch_next(incident: int, *, now: datetime, limit: int) -> int:
    """Watch the next cases of an incident that has ended. Returns how many; 0 after the last."""
    rows = IncidentWatch.objects.select_for_update(skip_locked=True)
    watch = rows.filter(incident=incident, owed_from__isnull=False).first()
    if watch is None:
        return 0
    left = Case.objects.filter(incident=incident, pk__gt=watch.owed_after).order_by("pk")
    cases = list(left.values_list("pk", flat=True)[:limit])
    watch_joined(cases, now=now)
    watch.owed_after = cases[-1] if cases else 0
    watch.owed_from = watch.owed_from if len(cases) == limit else None
    watch.save(update_fields=["owed_from", "owed_after"])
    return len(cases)


def postpone_ended(incident: int, *, now: datetime) -> None:
    """Go on later with the cases of an incident that has ended, after it failed."""
    IncidentWatch.objects.filter(incident=incident, owed_from__isnull=False).update(
        owed_from=now + FIRST_AFTER
    )


def watch_joined(cases: Sequence[int], *, now: datetime) -> None:
    """As `watch_ended`, for some cases; or those that join when it is over already.

    In the order in which `_watch` takes them, so that neither waits for the other.
    """
    _look_soon(Entitlement.objects.filter(case__in=cases), now=now)


def due(*, now: datetime, limit: int) -> list[tuple[int, str]]:
    """What is to be looked at: the entitlement and its scheme."""
    rows = Entitlement.objects.filter(look_at__lte=now).order_by("look_at")
    return list(rows.values_list("pk", "scheme")[:limit])


@transaction.atomic
def record(
    entitlement_id: int, find: Callable[[int], Found | None], *, now: datetime
) -> Entitlement:
    """Find what is owed and write it; what is missing is raised once, and looked at again.

    :param find: reads it of the case by its id, when nobody can give anything any more meanwhile.
    """
    case_id = Entitlement.objects.values_list("case_id", flat=True).get(pk=entitlement_id)
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    row = Entitlement.objects.select_for_update().get(pk=entitlement_id)
    found = find(case_id)
    is_missing = found is not None and found.is_missing
    if found is not None:
        row.version, row.amount_minor = found.version, found.amount_minor
        row.granted_minor, row.currency = found.given_minor, found.currency
        row.pay_by, row.because, row.unsure = found.pay_by, found.because, found.unsure
    row.look_at = now + AGAIN_AFTER if is_missing and case.closed_at is None else None
    if is_missing and row.raised_at is None:
        row.raised_at = now
        facts = {"entitlement": row.pk, "scheme": row.scheme, "owner": case.owner_id}
        timeline.append(case_id=case.pk, kind="entitlement_found", at=now, now=now, facts=facts)
    elif not is_missing:
        row.raised_at = None
    row.save()
    return row


def count_given(case_id: int, scheme: str, minor: int, *, now: datetime) -> None:
    """Owe so much less from this moment on, or more again if less than nothing was given.

    What it all comes to is worked out anew by the next look, at once.
    """
    given = Greatest(F("granted_minor") + minor, 0)
    is_missing = When(amount_minor__gt=given, then=F("raised_at"))
    rows = Entitlement.objects.filter(case=case_id, scheme=scheme)
    rows.update(granted_minor=given, raised_at=If(is_missing), look_at=now)


def look_at_once(cases: Sequence[int], scheme: str, *, now: datetime) -> None:
    """Work out anew what a scheme owes on cases where it was given to many."""
    Entitlement.objects.filter(case__in=cases, scheme=scheme).update(look_at=now)


def postpone(entitlement_id: int, *, now: datetime) -> None:
    """Look again in a day at what could not be worked out."""
    Entitlement.objects.filter(pk=entitlement_id).update(look_at=now + AGAIN_AFTER)


def _uses(now: datetime) -> QuerySet[SchemeUse]:
    return SchemeUse.objects.filter(Q(ended_at=None) | Q(ended_at__gt=now), since__lte=now)


def _look_soon(rows: QuerySet[Entitlement], *, now: datetime) -> None:
    in_order = rows.order_by("case", "scheme")
    locked = in_order.select_for_update(no_key=True, of=("self",)).values("pk")
    Entitlement.objects.filter(pk__in=locked).update(look_at=now + FIRST_AFTER)


def _watch(pairs: Iterable[tuple[int, str]], *, now: datetime) -> None:
    Entitlement.objects.bulk_create(
        [
            Entitlement(case_id=case, scheme=scheme, look_at=now + FIRST_AFTER)
            for case, scheme in sorted(pairs)
        ],
        update_conflicts=True,
        unique_fields=["case", "scheme"],
        update_fields=["look_at"],
    )
