"""What somebody outside decided, recorded at the desk: on the case, on the wall, in the file."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from asking import DECIDED, FAREWELL, HOUR, a_case_put_right, climb
from busy_day import NOW
from makegood.actions import partings, reviews
from makegood.doors.papers import case_pdf
from makegood.queries import verify
from makegood.queries.case_file import get_case_file
from makegood.records.models import Case, Review
from makegood.rules.roles import Role
from world import a_customer, a_person

pytestmark = pytest.mark.django_db

SAID = {
    "reviewer": "Local Ombudsman",
    "verdict": "partly_upheld",
    "words": "26-004711: a second visit was owed.",
}


@pytest.fixture
def case(day) -> Case:
    case = a_case_put_right(
        now=NOW - 2 * HOUR, customer=a_customer("Ms Right"), owner=day.laura, title="Wrong bin"
    )
    climb(case, now=NOW - HOUR)
    partings.part(case.pk, FAREWELL, by=case.team.executive, now=NOW - HOUR)
    case.refresh_from_db()
    return case


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def body_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def decided(**more) -> dict[str, str]:
    return SAID | {"decided_on": NOW.date().isoformat()} | more


def test_where_else_they_can_turn_ends_with_one_full_stop(day):
    case = a_case_put_right(now=NOW - 2 * HOUR, owner=day.laura, title="Wrong bin")
    climb(case, now=NOW - HOUR)
    farewell = replace(FAREWELL, route="Local Ombudsman, 0300 061 0614.")
    partings.part(case.pk, farewell, by=case.team.executive, now=NOW - HOUR)

    page = body_of(signed_in(case.team.executive).get(f"/cases/{case.reference}"))

    assert "turn to Local Ombudsman, 0300 061 0614. " in page
    assert "0614.." not in page
    assert "mg-next-kept" not in page
    listed = body_of(signed_in(case.team.executive).get("/cases?state=closed"))
    assert case.reference in listed
    assert "mg-standing mg-kept" not in listed


def test_who_may_end_cases_records_it_where_the_parting_stands(case):
    top = signed_in(case.team.executive)
    address = f"/cases/{case.reference}"
    assert "Somebody outside has decided" in body_of(top.get(address))
    assert 'name="reviewer"' in body_of(top.get(f"{address}?act=review"))

    answer = top.post(f"{address}/review", decided())

    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.closed_at, case.promises.still_open().count()) == (None, 1)
    page = body_of(top.get(address))
    assert "Local Ombudsman decided on" in page
    assert "upheld in part. <q>26-004711: a second visit was owed.</q>" in page
    assert "Opened again: somebody outside found that it is not right." in page
    assert verify.run() == []


def test_not_upheld_leaves_it_closed(case):
    top = signed_in(case.team.executive)
    top.post(f"/cases/{case.reference}/review", decided(verdict="not_upheld"))

    case.refresh_from_db()
    assert case.closed_by_parting is not None
    assert "not upheld. <q>" in body_of(top.get(f"/cases/{case.reference}"))


def test_a_day_that_is_still_to_come_is_sent_back_with_the_words_kept(case):
    tomorrow = (NOW + timedelta(days=2)).date().isoformat()
    address = f"/cases/{case.reference}/review"
    answer = signed_in(case.team.executive).post(address, decided(decided_on=tomorrow))

    assert answer.status_code == 409
    assert "not later than today" in body_of(answer)
    assert "26-004711" in body_of(answer)
    assert not Review.objects.exists()


def test_a_case_that_did_not_end_so_has_no_such_form_and_takes_none(case, day):
    top, address = signed_in(case.team.executive), f"/cases/{day.bin.reference}"
    assert "Somebody outside has decided" not in body_of(top.get(address))
    assert top.post(f"{address}/review", decided()).status_code == 409


def test_bob_may_not_and_charlie_is_not_signed_in(case, laura):
    address = f"/cases/{case.reference}"
    assert "Somebody outside has decided" not in body_of(laura.get(address))
    keeper = signed_in(a_person("Kay Keeper", role=Role.KNOWLEDGE_KEEPER))

    assert laura.post(f"{address}/review", decided()).status_code == 403
    assert keeper.post(f"{address}/review", decided()).status_code == 403
    assert Client().post(f"{address}/review", decided()).status_code == 302
    assert not Review.objects.exists()


def test_the_file_of_the_case_holds_it(case):
    decision = type(DECIDED)(
        reviewer="Local Ombudsman", decided_on=NOW.date(), verdict=DECIDED.verdict, words="26-4711"
    )
    reviews.record(case.pk, decision, by=case.team.executive, now=NOW)

    document = get_case_file(case.pk, now=NOW)

    [held] = document["reviews"]
    assert (held["reviewer"], held["verdict"], held["words"]) == (
        "Local Ombudsman", "upheld", "26-4711",
    )  # fmt: skip
    assert held["recorded_by"] == case.team.executive.name
    assert case_pdf.render(document).startswith(b"%PDF")
