"""The matrix of roles and rights keeps what the desk relies on."""

import pytest

from makegood.records.models import StaffRole
from makegood.rules.roles import RIGHTS, Right, Role, has, may_on_case, roles_with


def test_every_role_of_a_person_stands_in_the_matrix():
    assert set(RIGHTS) == set(Role)
    assert {role.value for role in Role} == set(StaffRole.values)


def test_every_right_is_somebodys():
    assert [right for right in Right if not roles_with(right)] == []


def test_everybody_at_the_desk_reads_cases():
    assert roles_with(Right.SEE_CASES) == tuple(Role)


def test_who_sets_limits_never_uses_them():
    money = {Right.GRANT_REMEDIES, Right.APPROVE_REMEDIES}
    assert not RIGHTS[Role.ADMINISTRATOR] & money
    assert not {
        role for role in Role if has(role, Right.MANAGE_STAFF) and has(role, Right.APPROVE_REMEDIES)
    }


def test_the_ladder_can_do_what_the_people_below_it_can():
    for above in (Role.SUPERVISOR, Role.EXECUTIVE):
        assert RIGHTS[above] > RIGHTS[Role.OWNER] > RIGHTS[Role.AGENT]


def test_managing_includes_seeing():
    for role, rights in RIGHTS.items():
        if rights & {Right.MANAGE_SETTINGS, Right.MANAGE_STAFF, Right.MANAGE_TOKENS}:
            assert Right.SEE_SETTINGS in rights, role
        if Right.ANSWER_CUSTOMERS in rights:
            assert Right.SEE_CASES in rights, role


@pytest.mark.parametrize(
    ("role", "is_own", "may"),
    [
        (Role.AGENT, True, True),
        (Role.AGENT, False, False),
        (Role.OWNER, False, True),
        (Role.DISPATCHER, False, False),
        (Role.DISPATCHER, True, True),
        (Role.SUPERVISOR, False, True),
        (Role.KNOWLEDGE_KEEPER, True, False),
        (Role.KNOWLEDGE_KEEPER, False, False),
    ],
)
def test_ones_own_case_needs_less_than_that_of_another(role, is_own, may):
    assert may_on_case(role, others=Right.CLOSE_OTHERS, is_own=is_own) is may


def test_a_role_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="janitor"):
        has("janitor", Right.SEE_CASES)
