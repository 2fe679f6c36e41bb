"""The money of a case, read for the gate: how far each sum has come, and what is true of it."""

from collections.abc import Iterator

from makegood.language import true_words
from makegood.records.case_rows import CaseRows, RemedyRow, SumRow
from makegood.records.models import PaymentState
from makegood.rules.gate.facts import Money, Sum
from makegood.rules.remedies import RemedyKind, RemedyOutcome


def read_sums(rows: CaseRows) -> Iterator[Sum]:
    """Every amount that a text about the case may name: given, owed, charged, and spent by them."""
    yield from _given(rows)
    yield from (_of_row("entitlement", row, Money.OWED) for row in rows.owed)
    yield from (_of_row("fee", row, Money.CHARGED) for row in rows.fees)
    yield from _spent(rows)


def _given(rows: CaseRows) -> Iterator[Sum]:
    for remedy in rows.remedies:
        if not remedy.thing and remedy.outcome != RemedyOutcome.RELEASED:
            how_far, is_credit = _how_far(remedy), _is_booked_credit(remedy)
            yield Sum(
                key=f"remedy:{remedy.id}",
                minor=remedy.amount_minor,
                currency=remedy.currency,
                how_far=how_far,
                since=remedy.granted_at,
                says=true_words.of_money(
                    remedy.amount_minor, remedy.currency, how_far, is_credit=is_credit
                ),
                is_credit=is_credit,
            )


def _of_row(kind: str, row: SumRow, how_far: Money) -> Sum:
    return Sum(
        key=f"{kind}:{row.id}",
        minor=row.minor,
        currency=row.currency,
        how_far=how_far,
        since=row.since_at,
        says=true_words.of_money(row.minor, row.currency, how_far),
    )


def _spent(rows: CaseRows) -> Iterator[Sum]:
    for contact in rows.contacts:
        if contact.money_minor:
            yield Sum(
                key=f"contact:{contact.id}",
                minor=contact.money_minor,
                currency=contact.currency,
                how_far=Money.SPENT,
                since=contact.happened_at,
                says=true_words.of_money(contact.money_minor, contact.currency, Money.SPENT),
            )


def _how_far(remedy: RemedyRow) -> Money:
    if remedy.kind == RemedyKind.WAIVER:
        return Money.WAIVED
    if remedy.outcome == RemedyOutcome.ARRIVED:
        return Money.ARRIVED
    return Money.SENT if remedy.payment == PaymentState.SENT else Money.GRANTED


def _is_booked_credit(remedy: RemedyRow) -> bool:
    """A credit is on the account as it is granted, unless its payment failed for good."""
    return remedy.kind == RemedyKind.CREDIT and remedy.payment != PaymentState.FAILED
