"""A date for the deed itself is held against the next round as it is typed, and as it is sent."""

import re

import pytest

from makegood.queries import outlooks
from makegood.records.models import Case
from round_world import a_food_bin, a_round
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db
DOUBTED = r'name="doubted" value="([^"]+)"'


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


def sent(client, case, *, doubted: str = "", act: str = "", **more):
    given = {
        "words": "We come and see to it.", "due_on": "2026-06-06", "due_time": "",
        "kind": "repair", "channel": "phone", "doubted": doubted,
    }  # fmt: skip
    return client.post(act or f"/cases/{case.reference}/promises", given | more)


class TestWithoutScripts:
    """Whoever has not read the doubt beside the words reads it once, with the form filled in."""

    def test_the_form_comes_back_with_what_was_typed_and_the_reason(self, client, case):
        answer = sent(client, case)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "The next round, Food waste Friday, comes before that." in page
        assert "send it once more if you mean it" in page
        assert "We come and see to it." in page
        assert 'value="2026-06-06"' in page
        assert not case.promises.filter(kind="repair").exists()

    def test_sent_once_more_the_date_counts(self, client, case):
        key = doubted_in(sent(client, case))

        assert sent(client, case, doubted=key).status_code == 302

        assert case.promises.get(kind="repair").words == "We come and see to it."

    def test_another_date_that_is_doubted_comes_back_too(self, client, case):
        key = doubted_in(sent(client, case))

        answer = sent(client, case, doubted=key, due_on="2026-06-13")

        assert answer.status_code == 422
        assert doubted_in(answer) != key

    def test_who_read_it_beside_the_words_is_not_asked_again(self, client, case):
        panel = typed(client, case, "2026-06-06")

        answer = sent(client, case, doubted=re.search(DOUBTED, panel)[1])

        assert answer.status_code == 302

    def test_a_date_that_history_never_kept_comes_back(self, client, case, monkeypatch):
        monkeypatch.setattr(
            outlooks, "doubt_of_date", lambda *_a, **_k: ("Fewer than 8 in 10.", "by Friday")
        )

        answer = sent(client, case, due_on="2026-06-03")

        assert "Fewer than 8 in 10. Better: by Friday." in answer.content.decode()

    def test_a_promise_that_moves_past_the_round_comes_back_as_well(self, client, case):
        sent(client, case, due_on="2026-06-04")
        made = case.promises.get(kind="repair")
        move = {"act": f"/promises/{made.pk}/move", "cause": "The van is late."}

        answer = sent(client, case, **move)

        assert answer.status_code == 422
        assert "The van is late." in answer.content.decode()
        assert not made.revisions.exists()
        assert sent(client, case, doubted=doubted_in(answer), **move).status_code == 302
        assert made.revisions.count() == 1

    def test_what_is_no_deed_is_promised_for_when_it_is_wanted(self, client, case):
        assert sent(client, case, kind="callback").status_code == 302


def doubted_in(answer) -> str:
    return re.search(DOUBTED, answer.content.decode())[1]
