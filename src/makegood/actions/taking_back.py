"""A correction that would take a promise back is stopped until somebody decided how it is honoured.

Whoever learns of the company's error first is tempted to tell the customer the right figure. That
is the customer paying for it, so the gate asks here.
"""

from dataclasses import replace

from makegood.records.models import Claim, Promise, PromiseKind
from makegood.rules import claims, figures
from makegood.rules.gate.objections import REASONS, Objection, Rule
from makegood.rules.gate.verdict import Answer, Verdict
from makegood.rules.wording.findings import Level

_OF_ITS_OWN = [PromiseKind.NEWS, PromiseKind.REDRESS]


def weigh(case_id: int, text: str, verdict: Verdict) -> Verdict:
    """The verdict on a text, with an objection to what takes a promise of the case back."""
    if not any(figures.find(text)):
        return verdict
    stopped = tuple(
        _objection(start, end)
        for promised, is_claim in _promised(case_id)
        if (place := claims.takes_back(text, promised, times=is_claim)) is not None
        for start, end in (place,)
    )
    if not stopped:
        return verdict
    return replace(
        verdict, answer=Answer.DO_NOT, objections=(*stopped, *verdict.objections), instead=""
    )


def _promised(case_id: int) -> list[tuple[str, bool]]:
    """The words that stand until somebody decided: claims, and open promises that none settled."""
    claimed = Claim.objects.filter(case=case_id, settled_at=None, steps=None)
    decided = Claim.objects.filter(case=case_id, promise__isnull=False).exclude(steps=None)
    open_ = Promise.objects.still_open().filter(case=case_id).exclude(kind__in=_OF_ITS_OWN)
    free = open_.exclude(pk__in=decided.values("promise"))
    return [
        *((words, True) for words in claimed.values_list("words", flat=True)),
        *((words, False) for words in free.values_list("words", flat=True)),
    ]


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
