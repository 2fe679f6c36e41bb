"""Whose a phone number is, however it was typed."""

from django.db import connection

# "07700 900123" is "+44 7700 900123" at home: where one of the two has no country, the end decides.
_WHOSE = r"""
    WITH known AS (
        SELECT id, phone LIKE '+%%' is_whole,
               ltrim(regexp_replace(phone, '\D', '', 'g'), '0') digits
          FROM records_customer WHERE phone <> '')
    SELECT id FROM known
     WHERE digits = %(digits)s
        OR (NOT (is_whole AND %(is_whole)s)
            AND least(length(digits), length(%(digits)s)) >= %(fewest)s
            AND right(digits, length(%(digits)s)) = right(%(digits)s, length(digits)))
     ORDER BY id LIMIT 2
"""
FEWEST = 8
"""So many digits at the end have to agree, where only one of two numbers names its country."""


def whose(number: str) -> list[int]:
    """The customers with a number, at most two: with two, nobody knows who called."""
    digits = "".join(char for char in number if char.isdigit()).lstrip("0")
    given: dict[str, str | bool | int] = {
        "digits": digits,
        "is_whole": number.startswith("+"),
        "fewest": FEWEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WHOSE, given)
        return [row[0] for row in cursor.fetchall()]
