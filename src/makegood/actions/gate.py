"""Law 4: no word leaves that is not true. Whatever is said to a customer passes here first.

A text is checked when it is composed, and again in the transaction in which it leaves, with its
case locked: facts may have changed in between. The database refuses a message that did not.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.actions import case_facts, refusing, taking_back
from makegood.actions.case_facts import Asking, CaseFacts, kinds_of_promise
from makegood.actions.drafts import Word
from makegood.records.models import (
    Case,
    GatePass,
    PromiseKind,
    PromiseRevision,
    Staff,
    Template,
    TemplateStop,
)
from makegood.rules import places
from makegood.rules.gate.facts import Facts, Money, Sum, Window
from makegood.rules.gate.objections import REASONS, Objection, Rule
from makegood.rules.gate.verdict import Answer, Speech, Verdict, decide
from makegood.rules.promises import Channel, Precision, Speaker
from makegood.rules.remedies import RemedyKind, Terms
from makegood.rules.timewords.moment import Frame
from makegood.rules.wording.findings import Level

_REVISION = "revision:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """What is to be said, by whom and by which way.

    `said_at`: when it was said, if that lies back. `may_promise`: this speaker may give the
    company's word anew; without it, only what is on record may be said. `tells`: it reaches the
    customer, and whoever lets it leave records the new dates in it as told; without it, a new date
    that was decided is not said before it was told. `brings_news`: it says what the customer was
    not told before, so that "sorry" in it is no second apology.
    """

    text: str
    speaker: Speaker
    channel: Channel
    by: Staff | None = None
    token: int | None = None
    template: int | None = None
    said_at: datetime | None = None
    may_promise: bool = False
    tells: bool = False
    brings_news: bool = False

    @property
    def is_automatic(self) -> bool:
        """Whether no person answers for these words."""
        return self.speaker is not Speaker.PERSON


class StoppedError(Exception):
    """These words may not leave; the verdict says why, and what would be true instead."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(_why(verdict))
        self.verdict = verdict


def check(
    case_id: int | str,
    saying: Saying,
    *,
    now: datetime,
    also: Iterable[Window] = (),
    gives: Terms | None = None,
) -> Verdict:
    """What the gate says of a text now, of a case by its id or its reference; writes nothing.

    :param also: times beside those on record, as of a promise that is being made.
    :param gives: a remedy that is granted beside those on record, before the text leaves.
    :raises Case.DoesNotExist: if there is no such case.
    """
    return _check(case_id, saying, now=now, also=also, gives=gives)


def check_without_case(saying: Saying, *, now: datetime) -> Verdict:
    """What the gate says of a text about no case: nothing is on record, so nothing is promised."""
    speech = Speech(automatic=saying.is_automatic)
    frame = Frame(now=now, zone=ZoneInfo("UTC"), day_first=True)
    return decide(saying.text, facts=Facts(), frame=frame, speech=speech)


@transaction.atomic
def pass_or_stop(
    case_id: int,
    saying: Saying,
    *,
    now: datetime,
    also: Iterable[Window] = (),
    offers: str = "",
) -> Verdict:
    """Let a text leave, in this very transaction, or stop it.

    The case is locked until the transaction ends, so that no fact changes while the text leaves;
    the pass is written beside, and the database marks no message as said without one.

    :param offers: a thing that these very words give, and that is put on record with them.
    :raises StoppedError: if something in it is not true.
    """
    Case.objects.select_for_update(no_key=True).values_list("pk").get(pk=case_id)
    verdict = _check(case_id, saying, now=now, also=also, offers=offers)
    if not verdict.passes:
        raise StoppedError(verdict)
    GatePass.objects.create(
        case_id=case_id,
        digest=digest(saying.text),
        speaker=saying.speaker.value,
        channel=saying.channel.value,
        template_id=saying.template,
        by=saying.by,
        token_id=saying.token,
        rests_on=sorted({one.key for one in verdict.bound}),
        warned_of=sorted({one.rule.value for one in verdict.objections}),
        at=now,
    )
    return verdict


def facts_of(case_id: int, *, now: datetime) -> Facts:
    """All that may be said of a case now."""
    return known_of(case_id, now=now).facts


def known_of(case_id: int | str, *, now: datetime) -> CaseFacts:
    """As `facts_of`, with the case and the frame in which words about it are read.

    :raises Case.DoesNotExist: if there is no such case.
    """
    return _known(case_id, Asking(now=now))


def told_in(verdict: Verdict) -> tuple[int, ...]:
    """The revisions whose new dates a text tells."""
    return _revisions(one.key for one in verdict.bound)


def told_by(case_id: int, text: str) -> tuple[int, ...]:
    """The revisions whose new dates a text told that passed and left."""
    passed = GatePass.objects.filter(case=case_id, digest=digest(text)).order_by("-pk").first()
    return _revisions(passed.rests_on) if passed is not None else ()


def _revisions(keys: Iterable[str]) -> tuple[int, ...]:
    numbers = (int(key.partition(":")[2]) for key in keys if key.startswith(_REVISION))
    return tuple(dict.fromkeys(numbers))


def digest(text: str) -> bytes:
    """The SHA-256 of a text, as the database computes it of the words of a message."""
    return hashlib.sha256(text.encode()).digest()


def window_of(word: Word) -> Window:
    """The time of a promise that is being made, so that its own words can rest on it."""
    return Window(
        key="promise:new",
        kinds=kinds_of_promise(word.kind, word.words),
        due=word.due_at,
        earliest=word.earliest_at,
        is_day=word.precision is Precision.DATE,
        since=word.said_at,
        is_own=True,
    )


def window_of_revision(revision: PromiseRevision) -> Window:
    """The new time that was decided for a promise: it may be told, and counts once it was."""
    promise = revision.promise
    return Window(
        key=f"{_REVISION}{revision.pk}",
        kinds=kinds_of_promise(PromiseKind(promise.kind), promise.words),
        due=revision.new_due_at,
        earliest=revision.new_earliest_at,
        is_day=promise.precision == Precision.DATE,
        since=revision.decided_at,
    )


def is_stopped(template_id: int, *, area: str) -> bool:
    """Whether a template may say nothing in an area now."""
    if Template.objects.filter(pk=template_id, stopped_at__isnull=False).exists():
        return True
    stops = TemplateStop.objects.filter(template=template_id, lifted_at=None)
    return stops.filter(area__in={"", area}).exists()


def _check(
    case_id: int | str,
    saying: Saying,
    *,
    now: datetime,
    also: Iterable[Window],
    gives: Terms | None = None,
    offers: str = "",
) -> Verdict:
    asking = Asking(now=now, said_at=saying.said_at, tells=saying.tells, also=tuple(also))
    known = _known(case_id, asking)
    if saying.template is not None:
        area = places.area_of(known.case.postcode)
        if is_stopped(saying.template, area=area):
            return _stopped(saying.text)
    speech = Speech(
        automatic=saying.is_automatic,
        may_promise=saying.may_promise,
        brings_news=saying.brings_news,
    )
    facts = known.facts if gives is None else _given(known.facts, gives, now=now)
    if offers:
        facts = replace(facts, things=(*facts.things, offers))
    verdict = decide(saying.text, facts=facts, frame=known.frame, speech=speech)
    verdict = refusing.weigh(known.case.id, saying.text, verdict, by=saying.by, now=now)
    return taking_back.weigh(known.standing, saying.text, verdict)


def _given(facts: Facts, gives: Terms, *, now: datetime) -> Facts:
    """The facts as they stand once something is granted that is no waiver of a fee."""
    if gives.thing:
        return replace(facts, things=(*facts.things, gives.thing))
    granted = Sum(
        key="remedy:new",
        minor=gives.amount_minor,
        currency=gives.currency,
        how_far=Money.GRANTED,
        since=now,
        is_credit=gives.kind is RemedyKind.CREDIT,
    )
    return replace(facts, sums=(*facts.sums, granted))


def _known(case_id: int | str, asking: Asking) -> CaseFacts:
    known = case_facts.read_facts(case_id, asking)
    if known is None:
        raise Case.DoesNotExist(f"There is no case {case_id}.")
    return known


def _stopped(text: str) -> Verdict:
    rule = Rule.TEMPLATE_STOPPED
    objection = Objection(
        rule=rule,
        level=Level.BLOCK,
        start=0,
        end=len(text),
        first=0,
        last=len(text),
        reason=REASONS[rule],
    )
    return Verdict(answer=Answer.DO_NOT, objections=(objection,))


def _why(verdict: Verdict) -> str:
    """One sentence for whoever wanted to say it: the first thing that is wrong."""
    for one in verdict.objections:
        if one.stops:
            return one.reason
    for finding in verdict.findings:
        if finding.level is Level.BLOCK:
            return finding.reason
    return StoppedError.__doc__ or ""
