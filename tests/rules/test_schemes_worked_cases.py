"""Every worked case of every scheme: the sum to the penny, the dates to the day."""

import pytest

from makegood.queries.schemes.reading import shipped_packs
from scheme_cases import MONEY, Case, answer
from scheme_clock_cases import CLOCKS

CASES = [*MONEY, *CLOCKS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_worked_case_comes_out(case: Case):
    found = answer(case.scheme, **case.facts)
    assert found.amount == case.amount, found.because
    if case.pay_by is not None:
        assert found.pay_by == case.pay_by
    assert found.in_kind == case.in_kind
    clocks = {clock.what: clock.by for clock in found.clocks}
    assert clocks.items() >= case.clocks.items()
    if case.unsure or case.amount is None:
        assert found.unsure


def test_every_shipped_scheme_but_our_own_has_a_worked_case():
    assert {case.scheme for case in CASES} == set(shipped_packs()) - {"our-promise"}
