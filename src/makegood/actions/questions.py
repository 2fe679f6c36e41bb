"""The question whether it is right, by letter to whoever has an address; counted when it is there.

It quotes nothing that was reported, so that nobody sends their words to others through us. What
somebody asks by another way meanwhile, or the customer's own word, keeps the letter back.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from makegood.actions import letters
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft, LetterError
from makegood.language import askings as language
from makegood.records.models import Asking, Letter, Message, MessageKind

TRY_FOR: Final = timedelta(days=1)
"""For so long a letter is tried where too much was written to an address; then people ask."""


def due(*, now: datetime, limit: int) -> list[int]:
    """The questions that wait to be asked and can go by letter."""
    waiting = Message.objects.filter(
        kind=MessageKind.QUESTION,
        said_at=None,
        queued_at__gt=now - TRY_FOR,
        asking__ended_at=None,
        asking__asked_at=None,
        case__closed_at=None,
    )
    rows = waiting.exclude(case__customer__email="").exclude(
        pk__in=Letter.objects.filter(duty__isnull=False).values("duty")
    )
    return list(rows.order_by("queued_at", "pk").values_list("asking", flat=True)[:limit])


@transaction.atomic
def write(asking_id: int, *, now: datetime) -> Letter | None:
    """Queue the letter that asks; None if it must wait, or was overtaken."""
    asking = Asking.objects.select_related("message", "case__customer", "case__owner").get(
        pk=asking_id
    )
    if Letter.objects.filter(duty=asking.message).exists():
        return None
    words = language.question_by_letter(
        number=asking.number,
        owner=asking.case.owner.name,
        language=asking.case.customer.language,
    )
    try:
        with transaction.atomic():
            return letters.write(asking.case_id, Draft(words=words, duty=asking.message), now=now)
    except (LetterError, LetterStoppedError):
        return None
