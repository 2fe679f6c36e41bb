"""Telling the database's own trouble, which passes, from an error that lies in a row."""

from django.db import DatabaseError, InterfaceError, OperationalError

_PASSING = (
    "08",  # the connection failed
    "25006",  # read only: a replica, until it is promoted
    "40",  # a deadlock or a serialization failure: the other one went first
    "53",  # out of disk, memory or connections
    "57P",  # shutting down, crashed, or not yet accepting connections
    "58",  # trouble of the system beneath
)


def is_passing(error: Exception) -> bool:
    """Whether the same work may well succeed later, with nothing changed about the row.

    Setting rows aside for such an error would blame, and delay, whatever came up first.
    """
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, DatabaseError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None:  # nothing came back from the server at all
        return isinstance(error, OperationalError)
    return bool(state.startswith(_PASSING))
