"""The busy day at the desk's doors, and who has signed in there."""

import pytest
from django.test import Client

from busy_day import BusyDay, a_busy_day
from makegood.records.models import Staff
from makegood.rules.roles import Role
from standing_clock import StandingClock
from world import a_person


@pytest.fixture
def day(monkeypatch) -> BusyDay:
    """The day, whose hour stands."""
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    return a_busy_day()


@pytest.fixture
def laura(day) -> Client:
    """The browser of one of its owners."""
    client = Client()
    client.force_login(day.laura)
    return client


@pytest.fixture
def ada(day) -> Staff:  # noqa: ARG001 - the desk has its day
    """Its administrator."""
    return a_person("Ada Min", role=Role.ADMINISTRATOR.value, zone="Europe/London")


@pytest.fixture
def desk(ada) -> Client:
    """The browser of its administrator."""
    client = Client()
    client.force_login(ada)
    return client
