"""Counting those who use a public form, so that nobody can flood the desk through it."""

from datetime import datetime, timedelta

from django.db import connection

from makegood.records.models import Knock

KEPT_FOR = timedelta(hours=24)
_COUNT = """
    INSERT INTO records_knock (hour, form, visitor, times) VALUES (%s, %s, %s, 1)
    ON CONFLICT (hour, form, visitor) DO UPDATE SET times = records_knock.times + 1
    RETURNING times
"""


class TooManyKnocksError(Exception):
    """So much came from this network address within the hour that more has to wait."""


def knock(form: str, visitor: bytes, *, at_most: int, now: datetime) -> None:
    """Count one use of a form, and refuse it if there were too many within this hour.

    :param visitor: a digest by which the same network address is known again within the hour.
    :raises TooManyKnocksError: if this is more than `at_most`.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    Knock.objects.filter(hour__lt=now - KEPT_FOR).delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, (hour, form, visitor))
        (times,) = cursor.fetchone() or (0,)
    if times > at_most:
        raise TooManyKnocksError(TooManyKnocksError.__doc__)
