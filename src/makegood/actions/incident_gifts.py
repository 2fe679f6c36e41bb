"""What everybody whom an incident hit is given, case by case, in the batch that tells them of it.

By the laws of any other remedy: granted, promised, booked and put in line to be paid. What a scheme
owes is given to each by their own facts, and to nobody of whom it is not sure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from makegood.actions import drafts, entitlements, redress
from makegood.actions.circulars import Said
from makegood.actions.drafts import Hearer, Place, made_facts
from makegood.actions.policies import Terms as Policy
from makegood.actions.redress import Due
from makegood.actions.spread_rows import Rows
from makegood.records import bulk, hit
from makegood.records.hit import HitCase
from makegood.records.models import (
    Account,
    Booking,
    IncidentRemedy,
    IncidentTruth,
    MessageKind,
    PaymentState,
)
from makegood.records.rows import (
    NewBooking,
    NewDuty,
    NewLedgerEntry,
    NewPayment,
    NewPromise,
    NewRemedy,
)
from makegood.rules import remedies
from makegood.rules.remedies import Source, Terms, telling_of
from makegood.rules.timeline import Head


@dataclass(frozen=True, kw_only=True, slots=True)
class Owes:
    """What a scheme surely owes on one case and nobody has given, and by when it has to be paid."""

    is_own: bool
    amount_minor: int
    version: str
    because: str
    pay_by: datetime | None
    late_minor: int


OwedBy = Callable[[str, Sequence[int]], Mapping[int, Owes]]
"""What a scheme surely owes on each of some cases."""


def nothing_owed(_scheme: str, _cases: Sequence[int]) -> Mapping[int, Owes]:
    """Where nobody can ask a scheme, it is sure of nobody."""
    return {}


def decided_with(truth: IncidentTruth) -> IncidentRemedy | None:
    """What everybody is given with a truth, if anything is."""
    return IncidentRemedy.objects.filter(truth=truth).select_related("decided_by").first()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ids:
    """The numbers of the rows that one grant makes."""

    promise: int
    remedy: int
    booking: int
    duty: int


@dataclass(kw_only=True, slots=True)
class Gift:
    """What everybody of a batch is given; what is alike for many is worked out once."""

    decided: IncidentRemedy
    terms: Terms
    now: datetime
    left_out: set[int]
    owes: Mapping[int, Owes]
    _ids: Iterator[_Ids]
    _dues: dict[tuple[int, str, datetime | None], Due] = field(default_factory=dict)
    _words: dict[tuple[Terms, datetime, Hearer], str] = field(default_factory=dict)

    @classmethod
    def prepare(
        cls, decided: IncidentRemedy, cases: Sequence[HitCase], *, owed: OwedBy, now: datetime
    ) -> Self:
        """Leave out whom the laws keep from it, and note them for people to see to.

        So is whoever is owed nothing surely by a scheme, or more than was decided for each.
        """
        known = [one.case for one in cases]
        left_out = hit.kept_from(decided.pk, cases=known, now=now)
        owes = owed(decided.scheme, known) if decided.scheme else {}
        if decided.scheme:
            most = decided.amount_minor
            left_out |= {one for one in known if one not in owes or owes[one].amount_minor > most}
            entitlements.look_at_once(known, decided.scheme, now=now)
        had = set(decided.grants.filter(case__in=known).values_list("case", flat=True))
        hit.leave_out(left_out - had, remedy=decided.pk)
        return cls(
            decided=decided,
            terms=decided.terms(),
            now=now,
            left_out=left_out | had,
            owes=owes,
            _ids=_numbers(len(cases)),
        )

    def give(
        self, one: HitCase, policy: Policy, *, rows: Rows, head: Head
    ) -> tuple[Head, Said | None]:
        """Grant it on a locked case: where its timeline ends now, and what its letter says."""
        if one.case in self.left_out:
            return head, None
        ids, terms = next(self._ids), self._terms(one)
        due = self._due(one, policy)
        words = self._sentence(one, terms, due)
        place = Place(case=one.case, severity=one.severity, zone=one.zone, terms=policy)
        word = redress.word_of(words, due, now=self.now, by=self.decided.decided_by)
        made = drafts.draft(word, place, id_=ids.promise, now=self.now)
        rows.promises.append(made)
        rows.remedies.append(self._remedy(one, terms, ids))
        rows.payments.append(self._payment(terms, ids))
        rows.duties.append(self._duty(one, ids))
        self._book(one, terms, ids, rows)
        head = self._note(one, terms, made, ids, rows=rows, head=head)
        return head, Said(words=words, duty=ids.duty, promise=made)

    def _terms(self, one: HitCase) -> Terms:
        owes = self.owes.get(one.case)
        if owes is None:
            return self.terms
        return replace(
            self.terms,
            source=Source.OWN if owes.is_own else Source.SCHEME,
            amount_minor=owes.amount_minor,
            because=owes.because,
            version=owes.version,
        )

    def _pay_by(self, one: HitCase) -> datetime | None:
        owes = self.owes.get(one.case)
        return owes.pay_by if owes else None

    def _due(self, one: HitCase, policy: Policy) -> Due:
        key = policy.id, one.zone, self._pay_by(one)
        if key not in self._dues:
            self._dues[key] = redress.due_on(
                remedies.PAY_WITHIN[self.terms.kind],
                calendar=policy.calendar,
                zone=ZoneInfo(one.zone),
                now=self.now,
                at_most=self._pay_by(one),
            )
        return self._dues[key]

    def _sentence(self, one: HitCase, terms: Terms, due: Due) -> str:
        hearer = Hearer(zone=one.zone, language=one.language)
        key = terms, due.at, hearer
        if key not in self._words:
            self._words[key] = redress.in_words(terms, due, hearer=hearer)
        return self._words[key]

    def _remedy(self, one: HitCase, terms: Terms, ids: _Ids) -> NewRemedy:
        owes = self.owes.get(one.case)
        return NewRemedy(
            id=ids.remedy,
            case_id=one.case,
            promise_id=ids.promise,
            team_id=one.team,
            of_incident_id=self.decided.pk,
            kind=terms.kind.value,
            source=terms.source.value,
            scheme=terms.scheme,
            version=terms.version,
            trace=(),
            amount_minor=terms.amount_minor,
            currency=terms.currency,
            thing=terms.thing,
            because=terms.because,
            late_minor=owes.late_minor if owes else 0,
            pay_by=self._pay_by(one),
            key=f"incident:{self.decided.incident_id}:{one.case}",
            granted_at=self.now,
            granted_by_id=self.decided.decided_by_id,
        )

    def _payment(self, terms: Terms, ids: _Ids) -> NewPayment:
        return NewPayment(
            remedy_id=ids.remedy,
            number=1,
            key=f"remedy-{ids.remedy}-1",
            amount_minor=terms.amount_minor,
            currency=terms.currency,
            state=PaymentState.WAITING.value,
            made_at=self.now,
            send_at=self.now,
            tries=0,
            reference="",
            error="",
        )

    def _duty(self, one: HitCase, ids: _Ids) -> NewDuty:
        return NewDuty(
            id=ids.duty,
            case_id=one.case,
            promise_id=ids.promise,
            kind=MessageKind.REMEDY.value,
            about=telling_of(ids.remedy),
            queued_at=self.now,
            channel="",
            words="",
        )

    def _book(self, one: HitCase, terms: Terms, ids: _Ids, rows: Rows) -> None:
        """As `actions.ledger` books a grant: what it is for, and what the customer is owed."""
        amount, cost = terms.amount_minor, Account(terms.activity.value)
        if not amount:
            return
        rows.bookings.append(
            NewBooking(
                id=ids.booking,
                remedy_id=ids.remedy,
                kind=Booking.GRANTED.value,
                at=self.now,
                recorded_at=self.now,
            )
        )
        rows.sides += (
            NewLedgerEntry(
                transaction_id=ids.booking,
                account=account.value,
                amount_minor=side,
                currency=terms.currency,
                customer_id=one.customer,
                case_id=one.case,
                team_id=one.team,
            )
            for account, side in ((cost, amount), (Account.OWED, -amount))
        )

    def _note(
        self,
        one: HitCase,
        terms: Terms,
        made: NewPromise,
        ids: _Ids,
        *,
        rows: Rows,
        head: Head,
    ) -> Head:
        facts = made_facts(made)
        head = rows.link(
            head, case=one.case, kind="promise_made", at=self.now, now=self.now, facts=facts
        )
        facts = {
            "remedy": ids.remedy,
            "promise": ids.promise,
            "by": self.decided.decided_by_id,
            "approved_by": None,
            "scheme": terms.scheme,
            "relented": False,
            "incident": self.decided.incident_id,
            "remedy_kind": terms.kind.value,
            "amount_minor": terms.amount_minor,
            "currency": terms.currency,
        }
        return rows.link(
            head, case=one.case, kind="remedy_granted", at=self.now, now=self.now, facts=facts
        )


def gift_of(
    truth: IncidentTruth, cases: Sequence[HitCase], *, owed: OwedBy, now: datetime
) -> Gift | None:
    """What the cases of a batch are given as they hear a truth, if anything comes with it."""
    decided = decided_with(truth)
    return None if decided is None else Gift.prepare(decided, cases, owed=owed, now=now)


def _numbers(count: int) -> Iterator[_Ids]:
    drawn: Iterable[tuple[int, ...]] = zip(
        *(bulk.next_ids(row.TABLE, count) for row in (NewPromise, NewRemedy, NewBooking, NewDuty)),
        strict=True,
    )
    for promise, remedy, booking, duty in drawn:
        yield _Ids(promise=promise, remedy=remedy, booking=booking, duty=duty)
