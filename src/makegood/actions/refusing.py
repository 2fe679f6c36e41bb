"""A "we cannot" about money is stopped where whoever says it may give it themselves (law 6)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db.models import Q

from makegood.records.authorities import read_standing
from makegood.records.models import Authority, Case, Staff
from makegood.rules import authority
from makegood.rules.figures import SENTENCE
from makegood.rules.gate.sums import find_sums
from makegood.rules.gate.verdict import Answer, Verdict
from makegood.rules.remedies import Activity
from makegood.rules.wording.findings import Finding, Level
from makegood.rules.wording.levels import HAS_AUTHORITY

_RULE: Final = "CANT"
_FEE: Final = re.compile(r"\b(?:fees?|charges?|penalt(?:y|ies)|waiv\w+)\b", re.IGNORECASE)
_MONEY: Final = re.compile(
    r"\b(?:refund\w*|credit\w*|reimburs\w+|compensat\w+|discount\w*|goodwill|money back"
    r"|pay(?: you)?(?: back)?|voucher)\b",
    re.IGNORECASE,
)


def weigh(case_id: int, text: str, verdict: Verdict, *, by: Staff | None, now: datetime) -> Verdict:
    """The verdict on a person's text, with what they deny although they may give it as blocking.

    Without a sum in the sentence it is enough that they may give anything.
    """
    said = [one for one in verdict.findings if one.rule == _RULE and one.level is Level.WARN]
    if by is None or not said:
        return verdict
    untrue = {one for one in said if _may_give(case_id, _sentence_of(one, text), by=by, now=now)}
    if not untrue:
        return verdict
    return replace(
        verdict,
        answer=Answer.DO_NOT,
        findings=tuple(_blocking(one) if one in untrue else one for one in verdict.findings),
        instead="",
    )


def _blocking(finding: Finding) -> Finding:
    return replace(finding, level=Level.BLOCK, reason=f"{finding.reason} {HAS_AUTHORITY}")


def _sentence_of(finding: Finding, text: str) -> str:
    spans = (found.span() for found in SENTENCE.finditer(text))
    here = (text[begin:end] for begin, end in spans if begin < finding.end and end > finding.start)
    return " ".join(here)


def _may_give(case_id: int, sentence: str, *, by: Staff, now: datetime) -> bool:
    customer = Case.objects.values_list("customer", flat=True).get(pk=case_id)
    for minor, currency, activity in _spoken_of(sentence, by=by, now=now):
        standing = read_standing(
            staff=by.pk, customer=customer, currency=currency, activity=activity, now=now
        )
        if authority.judge(minor, standing) is authority.Verdict.GIVE:
            return True
    return False


def _spoken_of(sentence: str, *, by: Staff, now: datetime) -> Iterator[tuple[int, str, Activity]]:
    """The sums that the sentence may mean, in the currencies in which this person gives."""
    if not _FEE.search(sentence) and not _MONEY.search(sentence):
        return
    activity = Activity.WAIVER if _FEE.search(sentence) else Activity.GOODWILL
    sums = [one for one in find_sums(sentence.lower()) if one.minor is not None]
    for currency in _currencies(by, activity, now=now):
        named = [one.minor for one in sums if currency in one.currencies and one.minor]
        if named or not sums:
            yield max(named, default=1), currency, activity


def _currencies(by: Staff, activity: Activity, *, now: datetime) -> set[str]:
    theirs = Q(staff=by) | Q(staff=None, role=by.role)
    held = Authority.objects.filter(theirs, activity=activity.value, since__lte=now, ended_at=None)
    return set(held.values_list("currency", flat=True))
