"""Where the mailbox was left off: the last number that was taken of it."""

from django.db.models import BigIntegerField, F, Max, Value
from django.db.models.functions import Cast, StrIndex, Substr

from makegood.records.models import Mail


def place(life: int, uid: int) -> str:
    """How a mail's place is written down: the server's count, and its number in it."""
    return f"{life}:{uid}"


def last_place(source: str, *, life: int) -> int:
    """The highest number that was taken of a mailbox in this count; 0 if none was."""
    number = Cast(Substr("place", StrIndex(F("place"), Value(":")) + 1), BigIntegerField())
    taken = Mail.objects.filter(source=source, place__startswith=f"{life}:")
    return taken.aggregate(last=Max(number))["last"] or 0
