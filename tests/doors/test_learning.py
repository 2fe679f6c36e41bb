"""Learning at the desk: the question on the case, the page, a change with its chart, the files."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning_world import (
    LATE_LORRY,
    a_closed_case,
    a_lead,
    a_lesson,
    a_shipped_one,
    an_improvement,
)
from letter_world import ADDRESS
from makegood.actions import repeats
from makegood.records.models import Improvement, Lesson, Repeat
from signing_in import signed_in, somebody
from world import MONDAY, a_bin, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def lead():
    return signed_in(somebody("Grace Lind", role="supervisor", zone="Europe/London"))


@pytest.fixture
def agent():
    return signed_in(somebody("Laura Bennett"))


@pytest.fixture
def change():
    for day in range(3):
        lesson = a_lesson(a_closed_case(now=MONDAY + day * DAY))
    return a_shipped_one(lesson.cause, now=MONDAY + 4 * DAY)


def the_card() -> Repeat:
    bin_ = a_bin(a_customer())
    cases = [a_case(customer=bin_.customer, asset=bin_) for _ in range(2)]
    repeats.look([case.pk for case in cases], now=MONDAY)
    return Repeat.objects.get()


def test_whoever_opens_a_closed_case_is_asked_why_it_happened_and_may_say_it(agent):
    case = a_closed_case()
    page = agent.get(f"/cases/{case.reference}?act=why").content.decode()
    assert "Why it happened" in page
    assert "Nothing waits for it" in page

    form = {"cause": LATE_LORRY, "has_gap": "no", "gap": "", "owner": a_person().pk}
    answer = agent.post(f"/cases/{case.reference}/why", form)

    assert answer.status_code == 302
    assert Lesson.objects.get(case=case).cause.name == LATE_LORRY
    assert LATE_LORRY in agent.get(f"/cases/{case.reference}").content.decode()


def test_a_gap_without_words_is_refused_in_a_sentence(agent):
    case = a_closed_case()

    form = {"cause": LATE_LORRY, "has_gap": "yes", "gap": " ", "owner": a_person().pk}
    answer = agent.post(f"/cases/{case.reference}/why", form)

    assert answer.status_code == 422
    assert "Say what was not known" in answer.content.decode()
    assert Lesson.objects.get(case=case).cause is None


def test_the_page_shows_what_came_again_what_waits_and_what_was_not_known(lead):
    the_card()
    a_closed_case(title="Nobody said why")
    a_lesson(a_closed_case(), gap="When the depot opens")

    page = lead.get("/learning").content.decode()

    assert "food bin" in page
    assert "Nobody said why" in page
    assert "When the depot opens" in page
    assert LATE_LORRY in page


def test_the_page_asks_no_more_for_more_of_everything(lead):
    the_card()
    a_lesson(a_closed_case(), gap="When the depot opens")
    with CaptureQueriesContext(connection) as first:
        lead.get("/learning")
    for number in range(4):
        a_lesson(a_closed_case(), f"Cause {number}", gap=f"Gap {number}")
        an_improvement(Lesson.objects.latest("pk").cause, title=f"Change {number}")

    with CaptureQueriesContext(connection) as more:
        lead.get("/learning")

    assert len(more) == len(first)


def test_a_card_is_answered_by_who_owns_it_or_may_change_things_and_by_nobody_else(lead, agent):
    card = the_card()

    assert agent.post(f"/learning/cards/{card.pk}/answer", {"why": "Mine"}).status_code == 409
    assert lead.post(f"/learning/cards/{card.pk}/answer", {"why": ""}).status_code == 422
    assert lead.post(f"/learning/cards/{card.pk}/answer", {"why": "A new bin"}).status_code == 302

    card.refresh_from_db()
    assert card.why == "A new bin"


def test_a_gap_is_closed_by_what_was_learned(lead):
    lesson = a_lesson(a_closed_case(), gap="When the depot opens")

    answer = lead.post(f"/learning/gaps/{lesson.pk}/close", {"words": "It opens at six."})

    assert answer.status_code == 302
    lesson.refresh_from_db()
    assert lesson.learned == "It opens at six."


def test_a_change_is_begun_shipped_and_watched(lead):
    cause = a_lesson(a_closed_case()).cause
    form = {
        "cause": cause.pk, "title": "Leave at six", "what": "Earlier.", "owner": a_lead().pk,
        "due_on": "2026-07-01",
    }  # fmt: skip

    answer = lead.post("/learning/changes/new", form)
    change = Improvement.objects.get()
    assert answer["Location"] == f"/learning/changes/{change.pk}"
    assert lead.post(f"/learning/changes/{change.pk}/ship").status_code == 302

    change.refresh_from_db()
    assert change.shipped_at is not None
    assert lead.post(f"/learning/changes/{change.pk}/drop", {"words": "No"}).status_code == 409


def test_the_page_of_a_change_has_its_chart_as_a_table_and_as_a_file(lead, change):
    page = lead.get(f"/learning/changes/{change.pk}").content.decode()
    file = b"".join(lead.get(f"/learning/changes/{change.pk}.csv").streaming_content).decode()

    assert 'role="img"' in page
    assert "Nobody knows yet whether it helps" in page
    assert file.count("\n") >= 14
    assert "after it shipped" in file


def test_customers_are_told_of_a_change_only_what_is_true(lead):
    case = a_closed_case(customer=a_customer(email=ADDRESS))
    change = a_shipped_one(a_lesson(case).cause, now=MONDAY + DAY)
    where = f"/learning/changes/{change.pk}/tell"

    refused = lead.post(where, {"words": "Your bin comes tomorrow at nine."})
    done = lead.post(where, {"words": "The lorry has a second driver. It won't happen again."})

    assert refused.status_code == 422
    assert "Your bin comes tomorrow" in refused.content.decode(), "the words are kept"
    assert done.status_code == 302
    change.refresh_from_db()
    assert change.tell_at is not None


def test_the_causes_are_a_file_for_those_who_see_the_wall(lead, agent):
    a_lesson(a_closed_case())

    file = b"".join(lead.get("/learning/causes.csv").streaming_content).decode()

    assert LATE_LORRY in file
    assert agent.get("/learning/causes.csv").status_code == 403


@pytest.mark.parametrize("where", ["/learning", "/learning/changes/1", "/learning/changes/new"])
def test_who_has_not_signed_in_learns_nothing(where):
    answer = Client().get(where)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


def test_a_change_that_is_not_there_is_not_found(lead):
    assert lead.get("/learning/changes/999999").status_code == 404
    assert lead.post("/learning/changes/999999/ship").status_code == 404
