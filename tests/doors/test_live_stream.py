"""The stream as a process of its own: who may listen, what they hear, and when it ends."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from live_process import Page, a_session, live_process
from makegood.actions import cases, presence, promises
from makegood.queries import live
from makegood.records.models import SecondStepRole, Staff
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("transactional_db")]


@pytest.fixture(scope="module")
def port(django_db_setup) -> Iterator[int]:  # noqa: ARG001 - its database has to be there first
    with live_process() as listening:
        yield listening


def stop_listening_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'makegood live'"
        )


def test_a_page_hears_that_a_case_changed_and_whether_it_is_on_its_desk(port):
    laura, priya = a_person(), a_person("Priya Shah")
    case = a_case(owner=laura)

    with Page(port, a_session(laura)) as hers, Page(port, a_session(priya)) as others:
        assert hers.answer.status == 200
        promises.make_promise(case.pk, a_word(words="A secret word."), now=MONDAY)
        (_name, mine), (_same, not_mine) = hers.next(), others.next()

    assert (mine["changed"], mine["mine"]) == ([case.pk], [case.pk])
    assert (not_mine["changed"], not_mine["mine"]) == ([case.pk], [])
    assert set(mine) == {"position", "changed", "mine", "present"}  # and no word of anybody


def test_whose_role_needs_a_second_step_hears_nothing_before_it_is_set_up(port):
    laura = a_person()
    session = a_session(laura)
    SecondStepRole.objects.create(role=laura.role, set_by=laura, set_at=MONDAY)

    with Page(port, session) as page:
        assert page.answer.status in {401, 403}


def test_who_is_asked_to_take_a_case_hears_of_it(port):
    laura, priya = a_person(), a_person("Priya Shah")
    case = a_case(owner=laura)

    with Page(port, a_session(priya)) as page:
        cases.offer_handover(case_id=case.pk, to=priya, why="x", by=laura, now=MONDAY)
        _name, heard = page.next()

    assert heard["mine"] == [case.pk]


def test_a_burst_is_gathered_and_presence_is_told(port):
    laura = a_person()
    with Page(port, a_session(laura)) as page:
        made = [a_case(owner=laura, customer=a_customer(f"Customer {n}")) for n in range(5)]
        presence.be_here(case_id=made[0].pk, staff_id=laura.pk, typing=False, now=MONDAY)
        heard, events = set(), 0
        while len(heard) < 5:
            _name, news = page.next()
            heard |= set(news["changed"])
            events += 1

    assert heard == {case.pk for case in made}
    assert events < 5


def test_who_comes_back_catches_up_from_where_they_were(port):
    laura = a_person()
    since = live.position()
    case = a_case(owner=laura)

    with Page(port, a_session(laura), query=f"?since={since}") as page:
        assert case.pk in page.next()[1]["changed"]
    with Page(port, a_session(laura), headers={"Last-Event-ID": str(since)}) as page:
        assert case.pk in page.next()[1]["changed"]


def test_a_database_that_went_away_makes_pages_look_at_everything(port):
    with Page(port, a_session(a_person())) as page:
        stop_listening_connections()

        assert page.next()[1]["everything"] is True


def test_it_is_said_again_and_again_that_the_stream_lives(port):
    with Page(port, a_session(a_person())) as page:
        assert page.next(beats=True)[0] == "beat"


@pytest.mark.parametrize("loss", ["signs out", "leaves", "has a new password"])
def test_who_loses_the_right_loses_the_stream(port, loss):
    laura = a_person()
    with Page(port, a_session(laura)) as page:
        if loss == "signs out":
            Session.objects.all().delete()
        elif loss == "leaves":
            Staff.objects.filter(pk=laura.pk).update(is_active=False)
        else:
            laura.set_password("another long pass phrase")
            laura.save(update_fields=["password"])

        heard = [page.next()[0]]
        while heard[-1] == "news":  # of what other tests have left on its way
            heard.append(page.next()[0])
        assert heard[-1] == "over"
        assert page.next()[0] == "end"


@pytest.mark.parametrize(
    ("session", "headers", "status"),
    [
        ("", {}, 401),
        ("forged", {}, 401),
        ("good", {"Origin": "https://evil.example"}, 403),
        ("good", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("good", {"Origin": "http://127.0.0.1:8000"}, 200),
        ("good", {"Origin": "http://localhost:8000"}, 200),
    ],
)
def test_only_pages_of_people_who_have_signed_in_listen(port, session, headers, status):
    key = a_session(a_person()) if session == "good" else session

    with Page(port, key, headers=headers) as page:
        assert page.answer.status == status
        if "Origin" in headers and status == 200:
            assert page.answer.headers["Access-Control-Allow-Origin"] == headers["Origin"]
            assert page.answer.headers["Access-Control-Allow-Credentials"] == "true"


def test_one_person_cannot_take_every_place(port):
    key = a_session(a_person())
    pages = [Page(port, key) for _ in range(13)]

    statuses = [page.__enter__().answer.status for page in pages]

    for page in pages:
        page.__exit__()
    assert statuses == [200] * 12 + [429]
