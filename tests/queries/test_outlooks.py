"""The company's own history answers "when?" for one case."""

from datetime import timedelta

import pytest

from makegood.queries.outlooks import outlook_of
from makegood.rules.outlook import NoDate
from world import MONDAY, a_case

pytestmark = pytest.mark.django_db


def test_a_company_without_history_gets_no_date_and_hears_why(django_assert_num_queries):
    case = a_case(now=MONDAY)
    a_case(now=MONDAY + timedelta(hours=1))

    with django_assert_num_queries(1):
        found = outlook_of(case, now=MONDAY + timedelta(days=1))

    assert found.no_date is NoDate.TOO_LITTLE_KNOWN
    assert found.rests_on == 0
