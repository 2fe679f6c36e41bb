"""What `makegood owed` prints: answers as JSON lines, the list of schemes, and one in full."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from makegood.rules.schemes.facts import Fact
from makegood.rules.schemes.owing import Owed
from makegood.rules.schemes.packs import Pack, Status
from makegood.rules.schemes.words import plain_amount


def line_of_json(answer: Owed, *, identity: Any) -> str:  # noqa: ANN401 - whatever they call it
    """An answer on one line. Amounts are text with the currency's decimals, such as "20.68"."""
    line: dict[str, Any] = {} if identity is None else {"id": identity}
    line |= {
        "scheme": answer.scheme,
        "version": answer.version,
        "amount": _amount(answer.amount, answer.currency),
        "currency": answer.currency,
        "pay_by": _day(answer.pay_by),
        "because": answer.because,
        "unsure": list(answer.unsure),
    }
    if len(answer.payments) > 1:
        line["payments"] = [
            {
                "rule": payment.rule,
                "amount": _amount(payment.amount, answer.currency),
                "pay_by": _day(payment.pay_by),
            }
            for payment in answer.payments
        ]
    if answer.clocks:
        line["clocks"] = [{"what": clock.what, "by": _day(clock.by)} for clock in answer.clocks]
    if answer.in_kind:
        line["in_kind"] = answer.in_kind
    return json.dumps(line, ensure_ascii=False, default=str)


def _amount(minor: int | None, currency: str) -> str | None:
    return None if minor is None else plain_amount(minor, currency)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def list_of(packs: Iterable[Pack]) -> str:
    """Each scheme on a line: its id, its currency, how it stands, and its title."""
    rows = [
        (pack.id, pack.currency, pack.status.value, f"{pack.title} ({pack.jurisdiction})")
        for pack in packs
    ]
    wide = max(len(row[0]) for row in rows)
    return "\n".join(
        f"{name:<{wide}}  {money}  {how:<10}  {title}" for name, money, how, title in rows
    )


def describe(pack: Pack) -> str:
    """A scheme in full: what it rests on, its versions, the facts it needs, and an example."""
    lines = [
        f"{pack.title} ({pack.id})",
        f"For {pack.jurisdiction}. {_rests_on(pack)}Figures verified on {pack.verified_on}.",
        f"Sources: {'; '.join(pack.sources)}.",
        "A floor: other claims stay." if pack.is_floor else "Not a law, but a promise.",
        "This is no legal advice.",
        *pack.notes,
        "",
        "Versions, chosen by the day of the event:",
        *[f"  {version.name:<28}{_status(version.status)}" for version in pack.versions],
        "",
        "Facts:",
        *[_fact(fact) for fact in pack.facts.values()],
    ]
    if pack.exclusions:
        lines += ["", "Exclusions, which count only with evidence:"]
        lines += [
            f"  {item.id}: {item.says}. Evidence: {item.needs}."
            for item in pack.exclusions.values()
        ]
    return "\n".join([*lines, "", "Example:", f"  {example_of(pack)}"])


def _rests_on(pack: Pack) -> str:
    return f"Rests on {pack.legal_basis}. " if pack.legal_basis else ""


def _status(status: Status) -> str:
    return "pending, not applied" if status is Status.PENDING else status.value


def _fact(fact: Fact) -> str:
    return f"  {fact.name} ({fact.must_be}; {_when(fact)}): {fact.help}"


def _when(fact: Fact) -> str:
    if fact.needed:
        return "always needed"
    return "if it applies" if fact.default is None else f"otherwise {_plain(fact.default)}"


def example_of(pack: Pack) -> str:
    """Facts that the scheme can answer, as JSON."""
    facts = {fact.name: fact.example for fact in pack.facts.values() if fact.example is not None}
    return json.dumps({"scheme": pack.id, **facts}, default=str, ensure_ascii=False)


def _plain(value: bool | Fraction | Decimal | date | int | str) -> str:  # noqa: FBT001 - one of many types
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
