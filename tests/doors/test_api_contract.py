"""The API as it describes itself: whatever is sent, the answer is one that it names."""

from datetime import timedelta
from typing import NamedTuple

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import booleans
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from makegood.actions import tokens
from makegood.actions.tokens import NewToken
from makegood.doors.api import callers
from makegood.rules.scopes import Scope
from visit_world import a_crew, a_visit, an_order
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db

MANY = 40
EXAMPLES = 5  # of each operation; a fault of an input type shows in many of them


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


class Known(NamedTuple):
    """A token of all scopes, and one of each thing that addresses name."""

    token: str
    things: dict[str, object]


@pytest.fixture
def known() -> Known:
    case = a_case()
    wanted = NewToken(name="Chatbot", scopes=(Scope.ADMIN,), limit_minor=500, currency="GBP")
    token = tokens.make(wanted, by=a_person(), now=MONDAY - timedelta(hours=1))[1]
    things = {
        "reference": case.reference,
        "promise_id": case.promises.get().pk,
        "customer_id": str(case.customer.uuid),
        "visit_id": str(a_visit(case).uuid),
        "order_id": an_order().pk,
        "crew_id": a_crew().pk,
    }
    return Known(token, things)


def test_every_answer_is_one_that_the_description_names(described, known):
    headers = {"Authorization": f"Bearer {known.token}", "Accept-Encoding": "identity"}
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > MANY

    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=operation.as_strategy(), is_known=booleans())
        def holds(case, is_known):
            callers.calls.forget()
            callers.strangers.forget()
            if is_known and case.path_parameters:
                case.path_parameters.update(
                    {name: known.things.get(name, 1) for name in case.path_parameters}
                )
            # What may be said or done is for the laws to judge, not for a schema.
            excluded = [positive_data_acceptance]
            if is_known:  # what was wrong in the address may have been mended just now
                excluded.append(negative_data_rejection)
            case.call_and_validate(headers=headers, excluded_checks=excluded)

        holds()
