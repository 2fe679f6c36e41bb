"""Drafting promises: from words and a window to the row that the clock will watch."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.actions import policies
from makegood.actions.policies import Terms
from makegood.language import choice
from makegood.language.moments import in_words
from makegood.records.models import Case, PromiseKind
from makegood.records.rows import NewPromise
from makegood.rules import callbacks, escalation, promises, workinghours
from makegood.rules.promises import Channel, Precision, Speaker
from makegood.rules.severity import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """What was said, by whom and for when; moments are aware UTC."""

    kind: PromiseKind
    words: str
    speaker: Speaker
    speaker_name: str
    channel: Channel
    said_at: datetime
    due_at: datetime
    said_by: int | None = None
    earliest_at: datetime | None = None
    precision: Precision = Precision.INSTANT
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearer:
    """On whose clock and in which language a customer is spoken to; empty is the company's."""

    zone: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a promise belongs: its case, and what it takes over from it."""

    case: int
    severity: int
    zone: str
    terms: Terms
    follows: int | None = None


def draft(word: Word, place: Place, *, id_: int, now: datetime) -> NewPromise:
    """The row of a promise, with its clocks set.

    A rung whose time has passed when a promise is recorded late speaks at once.

    :raises WindowError: if the window cannot be kept.
    """
    promises.check_window(said_at=word.said_at, earliest_at=word.earliest_at, due_at=word.due_at)
    first = escalation.next_step(
        place.terms.policy.ladder, said_at=word.said_at, due_at=word.due_at, reached=0
    )
    return NewPromise(
        id=id_,
        case_id=place.case,
        kind=word.kind.value,
        words=word.words,
        speaker=word.speaker.value,
        speaker_name=word.speaker_name,
        said_by_id=word.said_by,
        channel=word.channel.value,
        said_at=word.said_at,
        recorded_at=now,
        earliest_at=word.earliest_at,
        first_due_at=word.due_at,
        due_at=word.due_at,
        precision=word.precision.value,
        zone=place.zone,
        grace=place.terms.policy.grace,
        policy_id=place.terms.id,
        trace=word.trace,
        severity=place.severity,
        follows_id=place.follows,
        rungs_spoken=0,
        judge_at=word.due_at + place.terms.policy.grace,
        escalate_at=first.at if first else None,
        message_at=message_at(word.kind, opens=word.earliest_at, now=now),
        evidence="",
    )


def message_at(kind: str, *, opens: datetime | None, now: datetime) -> datetime | None:
    """When a message goes ahead of what is promised: of a call, shortly before."""
    return callbacks.message_at(opens, now=now) if kind == PromiseKind.CALLBACK else None


@dataclass(kw_only=True, slots=True)
class News:
    """The promises that keep cases from falling silent: when customers hear next, as of one moment.

    Each due time is computed once for all who share a policy, and each sentence made once for all
    who share a zone and a language as well.
    """

    now: datetime
    _dues: dict[int, workinghours.Computed] = field(default_factory=dict)
    _sentences: dict[tuple[int, Hearer, bool], str] = field(default_factory=dict)

    def word(self, *, owner_name: str, hearer: Hearer, terms: Terms, after_break: bool) -> Word:
        """The word to one customer, in their language."""
        computed = self._due(terms)
        return Word(
            kind=PromiseKind.NEWS,
            words=self._sentence(terms, hearer, after_break=after_break) % {"owner": owner_name},
            speaker=Speaker.SYSTEM,
            speaker_name="Makegood",
            channel=Channel.WEB,
            said_at=self.now,
            due_at=computed.due_at,
            trace=computed.trace,
        )

    def _due(self, terms: Terms) -> workinghours.Computed:
        if terms.id not in self._dues:
            self._dues[terms.id] = news_due(terms, now=self.now)
        return self._dues[terms.id]

    def _sentence(self, terms: Terms, hearer: Hearer, *, after_break: bool) -> str:
        key = terms.id, hearer, after_break
        if key not in self._sentences:
            due_at = self._due(terms).due_at
            self._sentences[key] = news_sentence(due_at, hearer, after_break=after_break)
        return self._sentences[key]


def news_sentence(due_at: datetime, hearer: Hearer, *, after_break: bool = False) -> str:
    """The sentence that promises news, with only the owner's name still to be filled in."""
    with choice.speaking(hearer.language):
        sentence = (
            _("You will hear from %(owner)s with a new date by %(moment)s.")
            if after_break
            else _("You will hear from %(owner)s about what happens next by %(moment)s.")
        )
        moment = in_words(due_at, zone=ZoneInfo(hearer.zone)).replace("%", "%%")
        return sentence % {"owner": "%(owner)s", "moment": moment}


def word_of_owner(case: Case, sentence: str, *, now: datetime) -> Word:
    """The word that the owner does something by when news is due, in the customer's language.

    :param sentence: in English, with `%(owner)s` and `%(moment)s`.
    """
    due = news_due(policies.snapshot(case.team, Severity(case.severity)), now=now)
    with choice.speaking(case.customer.language):
        moment = in_words(due.due_at, zone=ZoneInfo(case.customer.zone))
        words = _(sentence) % {"owner": case.owner.name, "moment": moment}
    return Word(
        kind=PromiseKind.NEWS,
        words=words,
        speaker=Speaker.SYSTEM,
        speaker_name="Makegood",
        channel=Channel.WEB,
        said_at=now,
        due_at=due.due_at,
        trace=due.trace,
    )


def news_due(terms: Terms, *, now: datetime) -> workinghours.Computed:
    """When a customer has to hear something at the latest, by these terms."""
    amount = terms.policy.news_within
    try:
        return workinghours.add(now, amount, calendar=terms.calendar)
    except workinghours.CalendarRunsOutError as ran_out:
        # A calendar that ran out must not silence anybody: count as if every day were a working
        # day, which is the stricter promise, and say so. `doctor` and /metrics alarm about it.
        days = timedelta(
            days=amount.quantity if amount.unit is workinghours.Unit.WORKING_DAYS else 1
        )
        return workinghours.Computed(
            due_at=now + days, trace=(f"{ran_out} Counted {days.days} days without a calendar.",)
        )


def made_facts(promise: NewPromise) -> dict[str, Any]:
    """What the timeline says of a new promise; its words stand in the promise itself."""
    return {
        "promise": promise.id,
        "kind": promise.kind,
        "due": promise.due_at.isoformat(),
        "speaker": promise.speaker,
        "by": promise.said_by_id,
        "follows": promise.follows_id,
    }
