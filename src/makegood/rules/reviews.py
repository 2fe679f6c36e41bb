"""What somebody outside decided on a case that we ended without a yes: ombudsman, regulator, court.

If they found that the customer was right, even in part, the case is not over.
"""

from datetime import date
from enum import StrEnum

from makegood.rules.askings import AskingError


class ReviewVerdict(StrEnum):
    """What they decided on the complaint."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


OPENS_AGAIN = frozenset({ReviewVerdict.UPHELD, ReviewVerdict.PARTLY_UPHELD})
"""After these it is not right yet, so the case opens again."""


class NoPartingError(AskingError):
    """This case has not ended without a yes, so nobody outside has decided on that end."""


class ReviewDayError(AskingError):
    """They decide after the case ended without a yes, and not later than today."""


class ReviewWordsMissingError(AskingError):
    """Say who decided, and in which words or under which reference."""


def check_day(decided_on: date, *, parted_on: date, today: date) -> None:
    """A decision lies between the end of the case and today.

    :raises ReviewDayError: if it does not.
    """
    if not parted_on <= decided_on <= today:
        raise ReviewDayError
