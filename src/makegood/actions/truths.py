"""What everybody of an incident was told, and by when they hear the next: also who comes late."""

from datetime import datetime, timedelta
from typing import Final

from makegood.actions import drafts, letters, timeline
from makegood.actions.drafts import Hearer, Word
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft, LetterError
from makegood.records.models import Case, IncidentTruth, PromiseKind
from makegood.rules.letters import LetterChannel
from makegood.rules.promises import Channel, Speaker

# Who hears of it late is not promised news within less than this.
_SOONEST: Final = timedelta(minutes=15)


def standing(incident: int, *, now: datetime) -> IncidentTruth | None:
    """What was said last of an incident that is going on, while its next news is still to come."""
    truths = IncidentTruth.objects.filter(incident=incident, incident__over_at=None)
    newest = truths.select_related("said_by").order_by("number").last()
    return newest if newest is not None and newest.due_at > now else None


def next_news(truth: IncidentTruth, hearer: Hearer, *, owner_name: str, now: datetime) -> Word:
    """The word that the next truth is heard by the time that was named to everybody."""
    due_at = max(truth.due_at, now + _SOONEST)
    return Word(
        kind=PromiseKind.NEWS,
        words=drafts.news_sentence(due_at, hearer) % {"owner": owner_name},
        speaker=Speaker.SYSTEM,
        speaker_name="Makegood",
        channel=Channel.WEB,
        said_at=now,
        due_at=due_at,
        trace=(f"The time named to everybody in truth {truth.number}.",),
    )


def tell(case: Case, truth: IncidentTruth, *, now: datetime) -> None:
    """Write to the customer of a new case what everybody else has heard already.

    Where no letter may go there, the history of the case says so, and its owner tells it.
    """
    draft = Draft(
        words=truth.words,
        channel=LetterChannel.EMAIL if case.customer.email else LetterChannel.SMS,
        by=truth.said_by,
        tells=case.promises.still_open().order_by("due_at", "pk").first(),
    )
    try:
        letters.write(case.pk, draft, now=now)
    except (LetterError, LetterStoppedError) as refused:
        facts = {"why": type(refused).__name__}
        timeline.append(case_id=case.pk, kind="letter_not_written", at=now, now=now, facts=facts)
