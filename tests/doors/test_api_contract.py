"""The API as it describes itself: whatever is sent, the answer is one that it names."""

from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from makegood.actions import tokens
from makegood.actions.tokens import NewToken
from makegood.doors.api import callers
from makegood.rules.scopes import Scope
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db


class Standing:
    """It is Monday morning, and stays so."""

    @staticmethod
    def now(_zone):
        return MONDAY


@pytest.fixture
def described(monkeypatch):
    """The description, read over the door itself."""
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    signals = (request_started, request_finished)
    for signal in signals:  # as Django's own test client does: the test's connection stays open
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def token():
    a_case()
    wanted = NewToken(name="Chatbot", scopes=(Scope.SAY, Scope.PROMISE))
    return tokens.make(wanted, by=a_person(), now=MONDAY - timedelta(hours=1))[1]


def test_every_answer_is_one_that_the_description_names(described, token):
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    operations = [found.ok() for found in described.get_all_operations()]
    assert operations

    for operation in operations:

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def holds(case):
            callers.calls.forget()
            callers.strangers.forget()
            # What may be said is for the gate to judge, not for a schema.
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        holds()
