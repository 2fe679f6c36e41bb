"""A technician's phone: today's visits, arrived, done, and the wrong part before leaving."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from makegood.actions import parts, visits
from makegood.clockwork import ticks
from makegood.queries.visit_round import read_round
from makegood.records.models import Contact, Message, Visit
from makegood.rules.roles import Role
from standing_clock import StandingClock
from visit_world import a_crew, a_part, a_visit, a_visit_for_a_part, order_of, slot_of, utc
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

NOW = utc(1, 12, 38)


@pytest.fixture(autouse=True)
def _the_clock_stands(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


@pytest.fixture
def mike():
    return a_person("Mike Doyle", role=Role.AGENT.value)


@pytest.fixture
def visit(mike):
    a_crew(members=(mike,))
    return a_visit(a_case(customer=a_customer("Carl Weber")), now=MONDAY)


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.usefixtures("visit")
def test_todays_visits_stand_on_the_phone(mike):
    page = as_(mike).get("/today").content.decode()
    assert "Carl Weber" in page
    assert "fit the heating element" in page
    assert "You are of no crew yet" in as_(a_person("Laura Bennett")).get("/today").content.decode()


def test_a_visit_that_was_begun_before_its_day_stands_once(mike, visit):
    before = slot_of(visit).opens_at - timedelta(days=2)
    Visit.objects.filter(pk=visit.pk).update(arrived_at=before)

    page = read_round(mike, now=before + timedelta(minutes=5))

    assert ([card.id for card in page.open], page.later) == ([visit.pk], ())


def test_what_has_moved_stands_by_the_time_that_it_holds_now(mike):
    a_crew(members=(mike,))
    moved, first, gone = (
        a_visit(a_case(customer=a_customer(name)), now=MONDAY, chosen=utc(2, hour))
        for name, hour in (("Ann", 10), ("Ben", 12), ("Cleo", 14))
    )
    visits.move_visit(gone.pk, chosen=utc(3, 10), by=mike, now=MONDAY)
    visits.move_visit(moved.pk, chosen=utc(3, 8), by=mike, now=MONDAY)
    visits.move_visit(moved.pk, chosen=utc(2, 14), by=mike, now=MONDAY)

    page = read_round(mike, now=utc(2, 7))

    assert [card.id for card in page.open] == [first.pk, moved.pk]
    assert [card.id for card in page.later] == [gone.pk]


@pytest.mark.usefixtures("visit")
def test_who_goes_out_finds_the_visits_on_the_first_page_and_nobody_else_does(mike):
    assert 'href="/today"' in as_(mike).get("/").content.decode()
    assert 'href="/today"' not in as_(a_person("Laura Bennett")).get("/").content.decode()


def test_arrived_and_done_are_one_tap_each(mike, visit):
    client = as_(mike)
    assert "I have arrived" in client.get(f"/today/{visit.pk}").content.decode()

    client.post(f"/today/{visit.pk}", {"do": "arrived"})
    visit.refresh_from_db()
    assert visit.arrived_at == NOW
    assert "It is done" in client.get(f"/today/{visit.pk}").content.decode()

    client.post(f"/today/{visit.pk}", {"do": "done", "note": "Heats again."})
    visit.refresh_from_db()
    assert (visit.outcome, visit.note) == ("done", "Heats again.")
    assert client.post(f"/today/{visit.pk}", {"do": "done"}).status_code == 409
    assert client.post(f"/today/{visit.pk}", {"do": "nonsense"}).status_code == 400
    assert "Ended today" in client.get("/today").content.decode()


def test_a_visit_that_nobody_has_ended_says_so_to_the_technician_and_to_the_owner(mike, visit):
    as_(mike).post(f"/today/{visit.pk}", {"do": "arrived"})
    later = NOW + timedelta(days=2)
    Visit.objects.update(look_at=NOW)
    ticks.tick(now=later)

    owner = as_(visit.case.owner).get("/").content.decode()
    assert "Nobody has said how the visit ended" in owner
    assert f"/cases/{visit.case.reference}/visits" in owner
    card = read_round(mike, now=later).open[0]
    assert card.is_unended


def test_a_visit_of_another_crew_is_not_ones_own(visit):
    stranger = as_(a_person("Nick Other", role=Role.AGENT.value))
    for address in (f"/today/{visit.pk}", f"/today/{visit.pk}/wrong"):
        assert stranger.get(address).status_code == 403
        assert stranger.post(address, {"do": "arrived"}).status_code == 403
    assert stranger.get("/today/0").status_code == 404
    assert Client().get("/today").status_code == 302
    visit.refresh_from_db()
    assert visit.arrived_at is None


def test_the_wrong_part_holds_the_next_time_before_he_leaves(mike):
    a_crew(members=(mike,))
    case = a_case(customer=a_customer("Carl Weber"))
    visit = a_visit_for_a_part(case, eta=MONDAY - 3 * (utc(2, 0) - utc(1, 0)))
    parts.receive_part(order_of(visit).pk, at=MONDAY, by=None, now=MONDAY)
    right = a_part("H-300", name="upper element")
    client = as_(mike)
    form = client.get(f"/today/{visit.pk}/wrong?part={right.pk}").content.decode()
    assert "our mistake" in form
    times = re.findall(r'name="time"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="time"', form)
    chosen = int(next(a or b for a, b in times[1:]))

    answer = client.post(
        f"/today/{visit.pk}/wrong",
        {
            "failing": "wrong_part",
            "part": right.pk,
            "minutes": 38,
            "words": "I have the wrong part. That is our mistake, and I am sorry.",
            "time": chosen,
        },
    )

    following = Visit.objects.get(follows=visit)
    assert answer.headers["Location"] == f"/today/{following.pk}?held"
    assert int(slot_of(following).opens_at.timestamp()) == chosen
    assert order_of(following).part == right
    assert Contact.objects.get(case=case).other_minutes == 38
    apology = Message.objects.get(case=case, kind="apology")
    assert apology.said_by == mike
    assert apology.words.startswith("I have the wrong part.")
    held = client.get(answer.headers["Location"]).content.decode()
    assert "Held and promised" in held


def test_who_may_give_nothing_himself_asks_and_says_nothing_before_the_answer(mike, visit):
    typed = {"failing": "more_work", "minutes": 90, "words": "Sorry.", "time": _a_time(mike, visit)}

    held = as_(mike).post(f"/today/{visit.pk}/wrong", typed, follow=True).content.decode()

    assert "Ask for £" in held
    assert "on your account" not in held
    assert "Do not say it before they have agreed." in held


def test_times_and_words_follow_what_is_wrong_and_which_part_is_needed(mike, visit):
    slow = a_part("H-900", lead_days=9)
    address = f"/today/{visit.pk}/wrong"
    of_slow = as_(mike).get(f"{address}?failing=wrong_part&part={slow.pk}").content.decode()
    more = as_(mike).get(f"{address}?failing=more_work&part={slow.pk}").content.decode()

    assert 'hx-trigger="change from:#fail-failing, change from:#fail-part"' in of_slow
    assert int(_times(of_slow)[0]) > NOW.timestamp() + 9 * 24 * 3600 > int(_times(more)[0])
    assert "I have come without what your repair needs." in of_slow
    assert "Your repair needs more than we had planned." in more


def test_what_is_said_of_a_locked_door_is_a_note_of_the_visit_and_no_apology(mike, visit):
    typed = {"failing": "no_access", "minutes": 0, "words": "Locked.", "time": _a_time(mike, visit)}

    as_(mike).post(f"/today/{visit.pk}/wrong", typed)

    assert not Message.objects.filter(kind="apology").exists()
    visit.refresh_from_db()
    assert visit.note == "Locked."
    assert not Contact.objects.filter(case=visit.case).exists()


def test_a_time_that_somebody_took_meanwhile_comes_back_with_all_that_was_typed(mike, visit):
    typed = {"failing": "more_work", "minutes": 5, "words": "Sorry.", "time": 1}
    answer = as_(mike).post(f"/today/{visit.pk}/wrong", typed)
    assert answer.status_code == 422
    assert "Sorry." in answer.content.decode()
    assert "data-own" in answer.content.decode()  # what is proposed takes the place of none of it
    visit.refresh_from_db()
    assert visit.outcome is None


def test_a_time_that_is_gone_is_said_to_be_taken_and_nothing_of_its_number(mike, visit):
    typed = {"failing": "more_work", "minutes": 5, "words": "Sorry.", "time": 1}
    answer = as_(mike).post(f"/today/{visit.pk}/wrong", typed).content.decode()
    assert "This time has just been taken. Choose another one." in answer
    assert "not one of the available choices" not in answer


def test_who_taps_twice_or_goes_back_is_shown_what_is_held(mike, visit):
    typed = {"failing": "more_work", "minutes": 5, "words": "Sorry.", "time": _a_time(mike, visit)}
    client, address = as_(mike), f"/today/{visit.pk}/wrong"
    held = client.post(address, typed | {"sent_key": uuid4()}).headers["Location"]

    for again in ({"sent_key": uuid4()}, {}):
        answer = client.post(address, typed | again)
        assert answer.headers["Location"] == held
    assert client.get(address).headers["Location"] == held
    shown = client.get(held).content.decode()
    assert "Held and promised" in shown
    assert "It counts once." in shown
    assert Visit.objects.count() == 2


def test_who_fails_a_visit_that_was_done_is_shown_that_it_is(mike, visit):
    client = as_(mike)
    client.post(f"/today/{visit.pk}", {"do": "done"})
    assert client.get(f"/today/{visit.pk}/wrong").headers["Location"] == f"/today/{visit.pk}"


def test_what_has_ended_shows_what_comes_next_and_no_time_that_it_lacks(mike, visit):
    client = as_(mike)
    typed = {"failing": "more_work", "minutes": 5, "words": "Sorry.", "time": _a_time(mike, visit)}
    client.post(f"/today/{visit.pk}/wrong", typed)

    shown = client.get(f"/today/{visit.pk}").content.decode()

    following = Visit.objects.get(follows=visit)
    assert "What comes next" in shown
    assert f'href="/today/{following.pk}"' in shown
    assert "No time yet" not in shown
    assert "No time yet" not in client.get("/today").content.decode()


@pytest.mark.parametrize("failing", ["more_work", "wrong_part"])
def test_a_time_that_is_offered_can_be_had_though_the_part_is_on_its_way(mike, failing):
    a_crew(members=(mike,))
    visit = a_visit_for_a_part(a_case(customer=a_customer("Carl Weber")), eta=utc(8, 17))
    address = f"/today/{visit.pk}/wrong"
    form = as_(mike).get(f"{address}?failing={failing}").content.decode()
    typed = {"failing": failing, "minutes": 5, "words": "Sorry.", "time": _times(form)[0]}

    answer = as_(mike).post(address, typed)

    assert answer.status_code == 302
    following = Visit.objects.get(follows=visit)
    assert int(slot_of(following).opens_at.timestamp()) == int(typed["time"])


def test_a_visit_whose_day_is_still_to_come_asks_whether_one_is_there_already(mike, visit):
    assert "Are you there already?" not in as_(mike).get(f"/today/{visit.pk}").content.decode()
    visits.move_visit(visit.pk, chosen=utc(3, 10), by=mike, now=MONDAY)
    ahead = as_(mike).get(f"/today/{visit.pk}").content.decode()
    assert "<details" in ahead.split("Are you there already?")[0][-120:]


def test_nobody_has_lost_a_minute_at_a_closed_door_unless_somebody_says_so(mike, visit):
    def lost(failing: str) -> str:
        form = as_(mike).get(f"/today/{visit.pk}/wrong?failing={failing}").content.decode()
        return re.findall(r'data-lost="(\d+)"', form)[0]

    assert lost("more_work") == "38"
    assert lost("no_access") == "0"


def test_where_no_crew_is_free_he_can_leave_once_his_lead_has_heard(mike, visit):
    crew = slot_of(visit).crew
    crew.skills = []
    crew.save()
    typed = {"failing": "more_work", "minutes": 5, "words": "Sorry."}

    form = as_(mike).get(f"/today/{visit.pk}/wrong?failing=more_work").content.decode()
    answer = as_(mike).post(f"/today/{visit.pk}/wrong", typed, follow=True)

    assert "more than we had planned" in form
    assert "just chosen" not in form
    assert "No crew is free yet" in answer.content.decode()
    news = visit.case.promises.still_open().get(kind="news")
    assert news.words in answer.content.decode()
    assert visit.case.escalations.filter(reason="no_slot").exists()


@pytest.mark.usefixtures("visit")
def test_ones_own_calendar_has_a_secret_address_that_stops(mike):
    client = as_(mike)
    assert "Stop the address" not in client.get("/today").content.decode()  # there is none
    shown = client.post("/today/calendar").content.decode()
    assert "Stop the address" in shown
    secret = re.findall(r"/calendar/([\w-]+)\.ics", shown)[0]
    feed = Client().get(f"/calendar/{secret}.ics")
    assert feed.content.count(b"BEGIN:VEVENT") == 1
    assert feed.status_code == 200

    client.post("/today/calendar/stop")

    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def _a_time(person, visit) -> str:
    """The first time that the form of a failed visit offers."""
    form = as_(person).get(f"/today/{visit.pk}/wrong").content.decode()
    return _times(form)[0]


def _times(form: str) -> list[str]:
    return re.findall(r'name="time"[^>]*?value="(\d+)"', form)
