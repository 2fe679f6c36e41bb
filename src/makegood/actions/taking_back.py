"""A correction that would take a promise back is stopped until somebody decided how it is honoured.

Whoever learns of the company's error first is tempted to tell the customer the right figure. That
is the customer paying for it, so the gate asks here.
"""

from collections.abc import Iterable
from dataclasses import replace

from makegood.records.case_rows import StandingRow
from makegood.rules import claims, figures
from makegood.rules.gate.objections import REASONS, Objection, Rule
from makegood.rules.gate.verdict import Answer, Verdict
from makegood.rules.wording.findings import Level


def weigh(standing: Iterable[StandingRow], text: str, verdict: Verdict) -> Verdict:
    """The verdict on a text, with an objection to what takes back words that stand."""
    if not any(figures.find(text)):
        return verdict
    stopped = tuple(
        _objection(start, end)
        for row in standing
        if (place := claims.takes_back(text, row.words, times=row.is_claim)) is not None
        for start, end in (place,)
    )
    if not stopped:
        return verdict
    return replace(
        verdict, answer=Answer.DO_NOT, objections=(*stopped, *verdict.objections), instead=""
    )


def _objection(start: int, end: int) -> Objection:
    rule = Rule.TAKES_BACK
    return Objection(
        rule=rule,
        level=Level.BLOCK,
        start=start,
        end=end,
        first=start,
        last=end,
        reason=REASONS[rule],
    )
