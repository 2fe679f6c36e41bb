"""Whose data was erased: when, by whom and why, for the pages on which they stood."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from makegood.queries.settings import wording
from makegood.records.models import Case, Customer, ErasedBecause, Erasure, TimelineEntry
from makegood.rules import timeline


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """The end of a person's data. Nobody in `by` is the clock or the command line."""

    at: str
    by: str
    is_asked: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Chains:
    """How many chains of a person's cases there are, and what is wrong with which."""

    count: int
    entries: int
    faults: tuple[str, ...]


def erased_of_case(case_id: int, *, zone: ZoneInfo) -> Erased | None:
    """How the customer of a case was erased; None if they were not."""
    return _read(Customer.objects.filter(cases=case_id).first(), zone=zone)


def erased_of(customer: Customer, *, zone: ZoneInfo) -> Erased | None:
    """How a customer was erased; None if they were not."""
    return _read(customer, zone=zone)


def chains_of(customer: Customer) -> Chains:
    """Every chain of theirs, computed anew from its first link."""
    rows = TimelineEntry.objects.filter(case__customer=customer).order_by("case_id", "seq")
    fields = ("case_id", "seq", "body", "prev_hash", "hash")
    count = entries = 0
    faults = []
    for case, links in groupby(rows.values_list(*fields).iterator(), key=itemgetter(0)):
        chain = list(_plain(links))
        count, entries = count + 1, entries + len(chain)
        if fault := timeline.first_fault(chain):
            reference = Case.objects.values_list("reference", flat=True).get(pk=case)
            faults.append(f"{reference}: {fault}")
    return Chains(count=count, entries=entries, faults=tuple(faults))


def _plain(
    links: "Iterator[tuple[int, int, str, bytes, bytes]]",
) -> Iterator[tuple[int, str, bytes, bytes]]:
    for _case, seq, body, before, own in links:
        yield seq, body, bytes(before), bytes(own)


def _read(customer: Customer | None, *, zone: ZoneInfo) -> Erased | None:
    row = Erasure.objects.filter(customer=customer).select_related("by").first()
    if customer is None or row is None:
        return None
    return Erased(
        at=wording.moment(row.erased_at, zone=zone),
        by=row.by.name if row.by else "",
        is_asked=row.because == ErasedBecause.ASKED,
    )
