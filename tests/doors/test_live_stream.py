"""The stream as a process of its own: who may listen, what they hear, and when it ends."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

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


def after_news(page: Page, *, beats: bool = False) -> str:
    """The name of the next event that is no news, as other tests may have left some on its way."""
    name = "news"
    while name == "news":
        name, _news = page.next(beats=beats)
    return name


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
        mine, not_mine = hers.news_of(case), others.news_of(case)

    assert mine["mine"] == [case.pk]
    assert not_mine["mine"] == []
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
        heard = page.news_of(case)

    assert heard["mine"] == [case.pk]


def test_a_burst_is_gathered_and_presence_is_told(port):
    laura = a_person()
    with Page(port, a_session(laura)) as page:
        with transaction.atomic():
            made = [a_case(owner=laura, customer=a_customer(f"Customer {n}")) for n in range(5)]
            presence.be_here(case_id=made[0].pk, staff_id=laura.pk, typing=False, now=MONDAY)
        numbers = {case.pk for case in made}
        heard, present, events = set(), set(), 0
        while heard != numbers or not present:
            _name, news = page.next()
            told = numbers & set(news["changed"]), {made[0].pk} & set(news["present"])
            heard, present = heard | told[0], present | told[1]
            events += any(told)  # what other tests have left on its way does not count

    assert events < 5


def test_who_comes_back_catches_up_from_where_they_were(port):
    laura = a_person()
    since = live.position()
    case = a_case(owner=laura)

    with Page(port, a_session(laura), query=f"?since={since}") as page:
        assert page.news_of(case)
    with Page(port, a_session(laura), headers={"Last-Event-ID": str(since)}) as page:
        assert page.news_of(case)


def test_a_database_that_went_away_makes_pages_look_at_everything(port):
    with Page(port, a_session(a_person())) as page:
        stop_listening_connections()

        name, news = page.next()
        while name == "news" and "everything" not in news:
            name, news = page.next()
        assert news["everything"] is True


def test_who_loses_the_right_loses_the_stream_and_others_hear_that_it_lives(port):
    laura, priya, sam, mike = (a_person(name) for name in ("Laura", "Priya", "Sam", "Mike"))
    sessions = [a_session(person) for person in (laura, priya, sam, mike)]
    pages = [Page(port, session) for session in sessions]
    with pages[0] as signs_out, pages[1] as leaves, pages[2] as changes, pages[3] as stays:
        Session.objects.get(pk=sessions[0]).delete()
        Staff.objects.filter(pk=priya.pk).update(is_active=False)
        sam.set_password("another long pass phrase")
        sam.save(update_fields=["password"])

        for page in (signs_out, leaves, changes):
            assert after_news(page) == "over"
            assert page.next()[0] == "end"
        assert after_news(stays, beats=True) == "beat"


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
