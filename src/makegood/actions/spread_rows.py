"""Everything that one batch will write, of an incident or a log, gathered and copied in at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from makegood.actions.drafts import made_facts
from makegood.records import bulk
from makegood.records.rows import (
    NewAsking,
    NewBooking,
    NewCase,
    NewDuty,
    NewLedgerEntry,
    NewLetter,
    NewPayment,
    NewPromise,
    NewRemedy,
    Row,
)
from makegood.rules import timeline
from makegood.rules.timeline import Entry, Head


@dataclass(kw_only=True, slots=True)
class Rows:
    """The rows of a batch, by kind."""

    cases: list[NewCase] = field(default_factory=list)
    promises: list[NewPromise] = field(default_factory=list)
    remedies: list[NewRemedy] = field(default_factory=list)
    payments: list[NewPayment] = field(default_factory=list)
    bookings: list[NewBooking] = field(default_factory=list)
    sides: list[NewLedgerEntry] = field(default_factory=list)
    duties: list[NewDuty] = field(default_factory=list)
    askings: list[NewAsking] = field(default_factory=list)
    letters: list[NewLetter] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def link(
        self,
        head: Head,
        *,
        case: int,
        kind: str,
        at: datetime,
        now: datetime,
        facts: dict[str, Any],
    ) -> Head:
        """Add an entry to a case's timeline."""
        entry = timeline.link(head, case=case, kind=kind, at=at, recorded=now, facts=facts)
        self.entries.append(entry)
        return entry.head

    def promise(self, made: NewPromise, head: Head, *, now: datetime) -> Head:
        """Add a promise, and that it was made to its case's timeline."""
        self.promises.append(made)
        at, facts = made.said_at, made_facts(made)
        return self.link(head, case=made.case_id, kind="promise_made", at=at, now=now, facts=facts)

    def write(self) -> None:
        """Write them, what is referred to first."""
        for rows in self._in_order():
            bulk.copy_in(rows)
        bulk.copy_timeline(self.entries)

    def _in_order(self) -> tuple[Sequence[Row], ...]:
        given = self.remedies, self.payments, self.bookings, self.sides, self.duties, self.askings
        return self.cases, self.promises, *given, self.letters
