"""Whose a phone number is, however it was typed."""

from django.db import connection

_WHOSE = r"""
    SELECT id FROM records_customer
     WHERE phone <> '' AND regexp_replace(phone, '\D', '', 'g') = %s ORDER BY id LIMIT 2
"""


def whose(number: str) -> list[int]:
    """The customers with a number, at most two: with two, nobody knows who called."""
    digits = "".join(char for char in number if char.isdigit())
    with connection.cursor() as cursor:
        cursor.execute(_WHOSE, [digits])
        return [row[0] for row in cursor.fetchall()]
