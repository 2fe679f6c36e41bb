"""Telling a customer why it happened: once, in words that are true, or that we do not know yet."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.actions import cases, doubts, drafts, gate, policies, promises, timeline
from makegood.actions.doubts import Statement
from makegood.actions.drafts import Word
from makegood.actions.gate import Saying
from makegood.language import explanations as language
from makegood.records.models import Case, Message, MessageKind, Promise, PromiseKind, Staff
from makegood.rules import explanations
from makegood.rules.explanations import Why
from makegood.rules.promises import Channel, Speaker
from makegood.rules.severity import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """How far we can say why, and the words; without words, those of the product are said."""

    why: Why
    channel: Channel
    words: str = ""


@transaction.atomic
def explain(case_id: int, said: Explanation, *, by: Staff, now: datetime) -> Message:
    """Record what the customer was told of why it happened.

    What we do not know yet is a promise: by when they hear it. A new date in the words was told
    by them.

    :raises ExplanationMissingError: if the cause is known, and nothing says what it is.
    :raises AlreadyExplainedError: if they were told before.
    :raises ClosedCaseError: if we do not know yet, and the case is closed.
    :raises StoppedError: if something in the words is not true.
    """
    cases.lock(case_id)
    case = Case.objects.select_related("customer", "owner", "team__calendar").get(pk=case_id)
    before = Message.objects.filter(case=case, kind=MessageKind.EXPLANATION)
    names = list(before.values_list("about", flat=True))
    explanations.check(said.why, said.words, said=names)
    promise = _promise_to_tell(case, by=by, now=now) if said.why is Why.NOT_YET else None
    words = promise.words if promise else _words(case, said)
    saying = Saying(text=words, speaker=Speaker.PERSON, channel=said.channel, by=by, tells=True)
    verdict = gate.pass_or_stop(case.pk, saying, now=now)
    for revision in gate.told_in(verdict):
        promises.record_told(
            revision_id=revision, at=now, channel=said.channel, evidence=words, now=now
        )
    message = Message.objects.create(
        case=case,
        promise=promise,
        kind=MessageKind.EXPLANATION,
        about=explanations.about(case.pk, said.why, number=len(names) + 1),
        queued_at=now,
        said_at=now,
        said_by=by,
        channel=said.channel.value,
        words=words,
    )
    _note(message, said.why, by=by, now=now)
    doubts.look(Statement(case=case.pk, words=words, said_at=now, by=by.pk), now=now)
    return message


def _words(case: Case, said: Explanation) -> str:
    if said.words.strip():
        return said.words.strip()
    return language.confidential(language=case.customer.language)


def _promise_to_tell(case: Case, *, by: Staff, now: datetime) -> Promise:
    terms = policies.snapshot(case.team, Severity(case.severity))
    due = drafts.news_due(terms, now=now)
    words = language.not_yet(
        due.due_at,
        owner=case.owner.name,
        zone=ZoneInfo(case.customer.zone),
        language=case.customer.language,
    )
    word = Word(
        kind=PromiseKind.NEWS,
        words=words,
        speaker=Speaker.PERSON,
        speaker_name=by.name,
        said_by=by.pk,
        channel=Channel.WEB,
        said_at=now,
        due_at=due.due_at,
        trace=due.trace,
    )
    return promises.make_promise(case.pk, word, now=now)


def _note(message: Message, why: Why, *, by: Staff, now: datetime) -> None:
    facts = {
        "message": message.pk,
        "cause_known": why is not Why.NOT_YET,
        "confidential": why is Why.CONFIDENTIAL,
        "by": by.pk,
        "channel": message.channel,
    }
    timeline.append(
        case_id=message.case_id,
        kind="explanation_said",
        at=now,
        now=now,
        facts=facts,
        words=message.words,
    )
