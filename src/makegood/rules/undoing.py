"""What may be taken back: for some minutes, by a correction that is recorded, and never by erasing.

Law 3 and law 5 stand above it: a promise that was given or settled stays, and the timeline only
grows. What cannot be taken back says why, and what to do instead.
"""

from datetime import datetime, timedelta

UNDO_FOR = timedelta(minutes=10)
REOPEN_FOR = timedelta(days=30)
"""How long a case that was closed wrongly can be opened again without the customer's asking."""


class UndoError(Exception):
    """Base of every refusal to take something back; the message says what to do instead."""


class TooLateToUndoError(UndoError):
    """This can be taken back for ten minutes only, and they have passed."""


class OvertakenByEventsError(UndoError):
    """Something has followed from it meanwhile, so it stands."""


def check_time(done_at: datetime, *, now: datetime) -> None:
    """Refuse what is too old to be a slip of the hand.

    :raises TooLateToUndoError: if more than ten minutes have passed.
    """
    if now - done_at > UNDO_FOR:
        raise TooLateToUndoError(TooLateToUndoError.__doc__)
