"""What passes by itself is told from what lies in a row."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from psycopg import errors

from makegood.records.trouble import is_passing


def from_driver(kind: type[DatabaseError], cause: psycopg.Error) -> DatabaseError:
    """As Django raises it."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("kind", "cause", "passes"),
    [
        (OperationalError, errors.AdminShutdown, True),
        (OperationalError, errors.CannotConnectNow, True),
        (OperationalError, errors.DeadlockDetected, True),
        (OperationalError, errors.SerializationFailure, True),
        (OperationalError, errors.DiskFull, True),
        (OperationalError, errors.TooManyConnections, True),
        (OperationalError, psycopg.OperationalError, True),
        (InterfaceError, psycopg.InterfaceError, True),
        (DatabaseError, errors.ReadOnlySqlTransaction, True),
        (OperationalError, errors.QueryCanceled, False),
        (OperationalError, errors.ProgramLimitExceeded, False),
        (IntegrityError, errors.UniqueViolation, False),
        (DatabaseError, errors.UndefinedTable, False),
        (DatabaseError, psycopg.DataError, False),
    ],
)
def test_what_passes(kind, cause, passes):
    assert is_passing(from_driver(kind, cause())) is passes
    assert is_passing(cause()) is passes


@pytest.mark.parametrize("error", [ZeroDivisionError(), OSError(), DatabaseError(), ValueError()])
def test_what_does_not_come_from_the_driver_does_not_pass(error):
    assert is_passing(error) is False
