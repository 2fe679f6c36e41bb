"""A date for the deed itself is held against the next round as it is typed."""

import pytest

from makegood.records.models import Case
from round_world import a_food_bin, a_round
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def case(client) -> Case:
    client.force_login(a_person())
    a_round()
    asset = a_food_bin()
    return a_case(customer=asset.customer, asset=asset)


def typed(client, case, day: str, clock: str = "", words: str = "", kind: str = "repair") -> str:
    given = {"words": words, "due_on": day, "due_time": clock, "kind": kind, "channel": "phone"}
    answer = client.post(f"/cases/{case.reference}/word", given)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(("day", "clock"), [("2026-06-06", ""), ("2026-06-05", "20:00")])
def test_a_date_after_the_next_round_is_doubted_with_what_would_be_true(client, case, day, clock):
    said = typed(client, case, day, clock)

    assert "The next round, Food waste Friday, comes before that." in said
    assert "when it has come" in said
    assert "This may be said" not in said


@pytest.mark.parametrize(
    ("day", "clock"), [("2026-06-05", ""), ("2026-06-05", "16:00"), ("2026-06-03", "")]
)
def test_a_date_up_to_the_round_is_not_doubted(client, case, day, clock):
    assert typed(client, case, day, clock) == ""


def test_what_is_no_deed_of_the_round_may_come_when_it_comes(client, case):
    assert typed(client, case, "2026-06-20", kind="callback") == ""


def test_words_and_date_are_weighed_together(client, case):
    said = typed(client, case, "2026-06-06", words="We are sorry.")

    assert "This may be said." in said
    assert "comes before that" in said


@pytest.mark.parametrize("day", ["", "soon", "2026-05-01"])
def test_a_date_that_is_none_says_nothing(client, case, day):
    assert typed(client, case, day) == ""
