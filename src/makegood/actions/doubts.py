"""Raising doubts: what is said to customers is compared with the articles in force, as it is said.

A doubt stops nobody and takes nothing back. Its card goes to whoever owns the article, who has
five minutes; then the next on the ladder has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.actions import timeline
from makegood.actions.telling import Rosters
from makegood.records.models import Article, Case, Claim, Doubt, Promise, Staff
from makegood.rules import articles, places
from makegood.rules import doubts as rules
from makegood.rules.articles import Clash
from makegood.rules.doubts import CLOCK
from makegood.rules.escalation import Role
from makegood.rules.severity import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What was said to the customer of a case, or is said to have been."""

    case: int
    words: str
    said_at: datetime
    by: int | None = None
    promise: Promise | None = None
    claim: Claim | None = None


def find(statement: Statement) -> Iterator[tuple[Article, Clash]]:
    """Every figure of an article in force that a statement contradicts; writes nothing."""
    in_use = Article.objects.filter(replaced_at=None, withdrawn_at=None).exclude(figures=[])
    known = list(in_use.select_related("owner").order_by("pk"))
    if not known:
        return
    case = Case.objects.select_related("customer", "asset").get(pk=statement.case)
    day = statement.said_at.astimezone(ZoneInfo(case.customer.zone)).date()
    area = places.area_of(case.customer.postcode)
    context = f"{case.title} {case.asset.name if case.asset else ''}"
    for article in known:
        facts = article.facts()
        if facts.holds(on=day, area=area):
            for clash in rules.clashes(statement.words, facts, context=context):
                yield article, clash


@transaction.atomic
def look(statement: Statement, *, now: datetime) -> tuple[Doubt, ...]:
    """Raise a doubt for each article that a statement contradicts; once while it is unanswered."""
    return tuple(
        doubt
        for article, clash in find(statement)
        if (doubt := _raise(article, clash, statement, now=now)) is not None
    )


def look_at(promise: Promise, *, now: datetime) -> tuple[Doubt, ...]:
    """As `look`, for the words of a promise as it is given."""
    statement = Statement(
        case=promise.case_id,
        words=promise.words,
        said_at=promise.said_at,
        by=promise.said_by_id,
        promise=promise,
    )
    return look(statement, now=now)


@transaction.atomic
def compare(article: Article, *, by: Staff, now: datetime) -> tuple[Doubt, ...]:
    """Raise a doubt for each other article in force that cannot be true beside this one."""
    others = Article.objects.filter(replaced_at=None, withdrawn_at=None)
    raised = []
    for other in others.exclude(series=article.series).order_by("pk"):
        for clash in articles.clashes(article.facts(), other.facts()):
            doubt = _new(article, clash, by=by.pk, now=now)
            doubt.other = other
            doubt.save()
            raised.append(doubt)
    return tuple(raised)


@transaction.atomic
def pass_on(doubt_id: int, *, now: datetime) -> Doubt | None:
    """Ask the next on the ladder about a doubt whose time has passed; None if it was answered."""
    case_id = Doubt.objects.values_list("case_id", flat=True).get(pk=doubt_id)
    if case_id is not None:
        _lock(case_id)
    doubt = Doubt.objects.select_for_update(no_key=True, of=("self",)).get(pk=doubt_id)
    if doubt.act_at is None or doubt.act_at > now:
        return None
    role = rules.next_role(Role(doubt.role))
    if role is not None:
        _ask(doubt, role, now=now)
    is_top = rules.next_role(Role(doubt.role)) is None
    doubt.act_at = None if is_top else now + CLOCK
    doubt.save(update_fields=["role", "asked", "act_at"])
    if doubt.case_id is not None:
        facts = {"doubt": doubt.pk, "role": doubt.role, "to": doubt.asked_id}
        timeline.append(case_id=doubt.case_id, kind="doubt_passed_on", at=now, now=now, facts=facts)
    return doubt


def due(*, now: datetime, limit: int) -> list[int]:
    """The doubts whose clock has come."""
    waiting = Doubt.objects.filter(act_at__lte=now).order_by("act_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def postpone(doubt_id: int, *, now: datetime) -> None:
    """Look at a doubt again later, after an error; it holds nobody up."""
    Doubt.objects.filter(pk=doubt_id, act_at__lte=now).update(act_at=now + CLOCK)


def _lock(case_id: int) -> None:
    Case.objects.select_for_update(no_key=True).get(pk=case_id)


def _raise(article: Article, clash: Clash, statement: Statement, *, now: datetime) -> Doubt | None:
    _lock(statement.case)
    asked = Doubt.objects.filter(case=statement.case, article__series=article.series)
    if asked.filter(figure=clash.figure.name, says=clash.other).exists():
        return None  # the same was asked already, and one answer does for both
    doubt = _new(article, clash, by=statement.by, now=now)
    doubt.case_id, doubt.words = statement.case, statement.words
    doubt.promise, doubt.claim = statement.promise, statement.claim
    doubt.save()
    facts = {
        "doubt": doubt.pk,
        "article": article.pk,
        "series": str(article.series),
        "promise": statement.promise.pk if statement.promise else None,
        "claim": statement.claim.pk if statement.claim else None,
        "to": doubt.asked_id,
        "by": statement.by,
    }
    timeline.append(case_id=statement.case, kind="doubt_raised", at=now, now=now, facts=facts)
    return doubt


def _new(article: Article, clash: Clash, *, by: int | None, now: datetime) -> Doubt:
    doubt = Doubt(
        article=article,
        figure=clash.figure.name,
        holds=clash.figure.in_words(),
        says=clash.other,
        raised_at=now,
        raised_by_id=by,
        act_at=now + CLOCK,
    )
    _ask(doubt, Role.OWNER, now=now)
    return doubt


def _ask(doubt: Doubt, role: Role, *, now: datetime) -> None:
    """Put a doubt before whoever answers for this rung now; who is away is passed over."""
    owner = doubt.article.owner
    told = Rosters(now=now).whom_to_tell(
        role, team=owner.team_id, owner=owner.pk, severity=Severity.P2
    )
    doubt.role = told.role.value
    doubt.asked_id = told.person
