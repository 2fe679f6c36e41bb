"""Telling the database's own trouble, which passes, from an error that lies in a row."""

import psycopg
from django.db import DatabaseError, InterfaceError

_PASSING = (
    "08",  # the connection failed
    "25006",  # read only: a replica, until it is promoted
    "40",  # a deadlock or a serialization failure: the other one went first
    "53",  # out of disk, memory or connections
    "57P",  # shutting down, crashed, or not yet accepting connections
    "58",  # trouble of the system beneath
)


def is_passing(error: BaseException) -> bool:
    """Whether the same work may well succeed later, with nothing changed about the row.

    Setting rows aside for such an error would blame, and delay, whatever came up first.
    """
    cause = error.__cause__ if isinstance(error, (DatabaseError, InterfaceError)) else error
    if not isinstance(cause, psycopg.Error):
        return False
    if cause.sqlstate is None:  # nothing came back from the server at all
        return isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError))
    return cause.sqlstate.startswith(_PASSING)
