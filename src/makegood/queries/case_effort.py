"""The effort account of a case: what the failure has cost the customer so far."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from makegood.language import money, spans
from makegood.records.models import Contact, Direction


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """Contacts, time and money of the customer."""

    contacts: int
    by_customer: int
    minutes: int
    time: str
    money: tuple[str, ...]
    is_estimated: bool


def read_effort(case_id: int) -> Effort:
    """The account of one case, in one query."""
    return add_up(Contact.objects.standing().filter(case=case_id))


def add_up(contacts: Iterable[Contact]) -> Effort:
    """The account of some contacts."""
    rows = list(contacts)
    minutes = sum(row.hold_minutes + row.talk_minutes + row.other_minutes for row in rows)
    paid: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.money_minor:
            paid[row.currency] += row.money_minor
    return Effort(
        contacts=len(rows),
        by_customer=sum(row.direction == Direction.INBOUND for row in rows),
        minutes=minutes,
        time=spans.length(timedelta(minutes=minutes)),
        money=tuple(money.in_words(minor, currency) for currency, minor in sorted(paid.items())),
        is_estimated=any(row.estimated for row in rows),
    )
