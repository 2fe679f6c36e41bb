"""Telling a customer why it happened, at the desk: once and truly, or that we do not know yet."""

import pytest
from django.test import Client

from makegood.records.models import Case, Message, MessageKind, Promise, PromiseKind
from makegood.rules.roles import Role
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db
WHY = "The order named the old address, and we did not check it."


@pytest.fixture(autouse=True)
def _on_monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def laura(client) -> Client:
    client.force_login(a_person())
    return client


@pytest.fixture
def case() -> Case:
    return a_case()


def explain(client: Client, case: Case, words: str = WHY, **more):
    given = {"why": "known", "channel": "phone", "words": words} | more
    return client.post(f"/cases/{case.reference}/explanations", given)


def told(case: Case) -> list[str]:
    kind = MessageKind.EXPLANATION
    return list(Message.objects.filter(case=case, kind=kind).values_list("words", flat=True))


def test_why_it_happened_is_told_once(laura, case):
    first, again = explain(laura, case), explain(laura, case)

    assert (first.status_code, again.status_code) == (302, 409)
    assert "They were told why already" in again.content.decode()
    assert told(case) == [WHY]


def test_not_to_know_yet_is_a_promise_to_tell(laura, case):
    before = Promise.objects.filter(case=case, kind=PromiseKind.NEWS).count()

    assert explain(laura, case, words="", why="not_yet").status_code == 302

    promises = Promise.objects.filter(case=case, kind=PromiseKind.NEWS).order_by("-pk")
    assert promises.count() == before + 1
    assert told(case) == [promises[0].words]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "Say in plain words why it happened"),
        ("It has been fixed. " + WHY, "Nothing on record says that it stands so."),
    ],
)
def test_no_words_and_untrue_ones_are_refused_and_kept(laura, case, words, says):
    answer = explain(laura, case, words=words)

    assert answer.status_code in {409, 422}
    assert says in answer.content.decode()
    assert words in answer.content.decode()
    assert told(case) == []


def test_nobody_explains_who_may_not_answer_customers_or_is_not_signed_in(client, case):
    stranger = explain(client, case)
    client.force_login(a_person("Kim Keeper", role=Role.KNOWLEDGE_KEEPER))

    assert stranger.status_code == 302
    assert "/sign-in" in stranger.headers["Location"]
    assert explain(client, case).status_code == 403
    assert told(case) == []
