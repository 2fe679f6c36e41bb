"""The customer's page shows the visit: its window, how sure it is, other times at one tap."""

import re

import pytest
import vobject
from django.test import Client

from clock import SimulatedClock
from customer_client import read, send
from makegood.actions import crews, links, parts, visits
from makegood.queries import visit_calendar
from makegood.records.models import CalendarFeed, EtaSource, Staff
from makegood.rules.visits import Access
from standing_clock import StandingClock
from visit_world import (
    a_crew,
    a_visit,
    a_visit_for_a_part,
    order_of,
    slot_of,
    someone_else,
    utc,
)
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

LINE_MAX = 75  # octets, RFC 5545, section 3.1
NOW = utc(1, 12, 38)  # as the standing clock has it


@pytest.fixture(autouse=True)
def _the_clock_stands(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


@pytest.fixture
def visit():
    return a_visit_for_a_part(a_case(customer=a_customer("Carl Weber")), eta=utc(3, 17))


def a_token(visit) -> str:
    return links.mint_link(visit.case_id, now=NOW)


def slip(visit) -> None:
    parts.record_eta(order_of(visit).pk, utc(8, 17), source=EtaSource.DESK, by=None, now=NOW)


def entry(visit):
    return vobject.readOne(visit_calendar.invitation(visit, now=NOW).decode())


def test_a_visit_stands_on_the_page_with_its_window_and_its_part(visit):
    page = read(a_token(visit))
    assert "Between 09:00 and 11:00 on Friday 5 June" in page
    assert "It waits for a part, which we expect by 18:00 on Wednesday 3 June" in page
    assert "Put it into your calendar" in page
    assert "This is a new time." not in page


def test_a_new_time_stands_there_before_anybody_has_told_it_and_suits_at_one_tap(visit):
    slip(visit)
    token = a_token(visit)
    page = read(token)
    assert "Between 09:00 and 11:00 on Wednesday 10 June" in page
    assert "This is a new time." in page

    seen = int(slot_of(visit).opens_at.timestamp())
    assert f'name="time" value="{seen}"' in Client().get(f"/c/{token}").content.decode()
    answer = send(token, "visit-suits", visit=visit.pk, time=seen)

    assert answer.status_code == 302
    visit.promise.refresh_from_db()
    assert visit.promise.due_at == utc(10, 10)
    after = read(token)
    assert "This is a new time." not in after


def test_a_time_at_which_nobody_can_come_is_not_shown_as_if_it_stood(visit):
    parts.cancel_order(order_of(visit).pk, by=a_person(), now=NOW)
    page = Client().get(f"/c/{a_token(visit)}").content.decode()
    assert re.search(r"<s><time[^>]*>Between 09:00 and 11:00 on Friday 5 June", page)
    assert "We cannot come at that time, and we are sorry." in page
    assert "all is ready" not in page

    SimulatedClock(NOW).wait_until(utc(5, 12))  # the word broke, and still no crew has time

    assert "We have no time for it yet." in read(a_token(visit))


class TestSomebodyHasToLetUsIn:
    @pytest.fixture
    def locked(self):
        case = a_case(customer=a_customer("Carl Weber"))
        return a_visit(case, access=Access.ASKED, chosen=utc(4, 8))

    def test_the_page_asks_who_will(self, locked):
        page = read(a_token(locked))
        assert "Somebody has to let us in." in page
        assert "This is a new time." not in page
        assert "all is ready" not in page

    def test_one_tap_says_that_somebody_will(self, locked):
        seen = int(slot_of(locked).opens_at.timestamp())
        answer = send(a_token(locked), "visit-suits", visit=locked.pk, time=seen)

        assert answer.status_code == 302
        locked.refresh_from_db()
        assert (locked.access, locked.confirmed_at) == (Access.GIVEN, NOW)
        assert "Somebody has to let us in." not in read(a_token(locked))
        again = send(a_token(locked), "visit-suits", visit=locked.pk, time=seen)
        assert again.status_code == 409

    def test_who_chooses_another_time_will(self, locked):
        token = a_token(locked)
        send(token, "visit-time", visit=locked.pk, time=int(utc(5, 8).timestamp()))

        locked.refresh_from_db()
        assert (locked.access, locked.confirmed_at) == (Access.GIVEN, NOW)

    def test_one_tap_on_a_new_time_says_both(self, locked):
        visits.move_visit(locked.pk, chosen=utc(5, 8), by=a_person(), now=NOW)
        page = read(a_token(locked))
        assert "This is a new time. Somebody has to let us in." in page

        seen = int(utc(5, 8).timestamp())
        send(a_token(locked), "visit-suits", visit=locked.pk, time=seen)

        locked.refresh_from_db()
        assert (locked.access, locked.confirmed_at) == (Access.GIVEN, NOW)
        assert locked.promise.due_at == utc(5, 10)


def test_another_time_is_chosen_at_one_tap(visit):
    token = a_token(visit)
    page = Client().get(f"/c/{token}").content.decode()
    offered = [int(value) for value in re.findall(r'name="time"\s+value="(\d+)"', page)]
    assert len(offered) == 6

    answer = send(token, "visit-time", visit=visit.pk, time=offered[2])

    assert answer.status_code == 302
    assert int(slot_of(visit).opens_at.timestamp()) == offered[2]


def test_a_time_that_is_gone_is_refused_and_nothing_moves(visit):
    slot = slot_of(visit)
    for wrong in (0, int(utc(2, 8).timestamp()), 10**17):
        answer = send(a_token(visit), "visit-time", visit=visit.pk, time=wrong)
        assert answer.status_code == 409
        assert "can no longer be changed here" in answer.content.decode()
    assert slot_of(visit) == slot


def test_somebody_elses_visit_can_neither_be_chosen_nor_seen(visit):
    other = a_visit(someone_else())
    token = a_token(visit)
    for what in ("visit-time", "visit-suits"):
        assert send(token, what, visit=other.pk, time=1).status_code == 409
    assert Client().get(f"/c/{token}/visit.ics?visit={other.pk}").status_code == 404
    assert Client().get(f"/c/{token}/visit.ics?visit=x").status_code == 404
    assert Client().get(f"/c/nonsense/visit.ics?visit={visit.pk}").status_code == 404


def test_the_entry_keeps_its_uid_and_its_sequence_goes_up(visit):
    first = entry(visit)
    assert first.method.value == "REQUEST"
    assert first.vevent.status.value == "TENTATIVE"
    assert first.vtimezone.tzid.value == "Europe/London"
    assert first.vevent.dtstart.value == slot_of(visit).opens_at

    slip(visit)
    visit.refresh_from_db()
    second = entry(visit)

    assert second.vevent.uid.value == first.vevent.uid.value
    assert int(second.vevent.sequence.value) > int(first.vevent.sequence.value)
    assert second.vevent.dtstart.value == utc(10, 8)

    parts.receive_part(order_of(visit).pk, at=NOW, by=None, now=NOW)
    visit.refresh_from_db()
    assert entry(visit).vevent.status.value == "CONFIRMED"

    visits.cancel_visit(visit.pk, evidence="Mended.", by=a_person(), now=NOW)
    visit.refresh_from_db()
    last = entry(visit)
    assert last.method.value == "CANCEL"
    assert last.vevent.status.value == "CANCELLED"
    assert last.vevent.uid.value == first.vevent.uid.value
    assert int(last.vevent.sequence.value) > int(second.vevent.sequence.value)


def test_the_entry_is_downloaded_by_the_link(visit):
    answer = Client().get(f"/c/{a_token(visit)}/visit.ics?visit={visit.pk}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert vobject.readOne(answer.content.decode()).vevent.summary.value.startswith("Visit: ")


def test_summer_and_winter_stand_at_the_same_hour_of_the_customers_clock():
    a_crew()
    visit = a_visit(now=utc(1, 12))
    winter = a_visit(someone_else(), now=MONDAY.replace(month=11, day=2))
    for one in (visit, winter):
        found = entry(one).vevent
        assert found.dtstart.value == slot_of(one).opens_at
        assert found.dtstart.value.hour in {9, 11, 13, 15}


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Asia/Kolkata"])
def test_another_program_reads_the_same_times_and_words_from_a_feed(zone):
    crew, late = a_crew(), utc(1, 12).replace(month=11)
    wording = "Oma, Straße 5; “hinten” \\\\ links, " + "ü" * 90
    people = [a_customer(f"{wording} {n}", zone=zone, address=wording) for n in range(2)]
    summer = a_visit(a_case(customer=people[0]), now=utc(1, 12))
    winter = a_visit(a_case(customer=people[1]), now=late)
    token = crews.make_feed(crew=crew, staff=None, by=a_person(), now=NOW)

    sent = Client().get(f"/calendar/{token}.ics").content
    found = vobject.readOne(sent.decode())

    again = vobject.readOne(found.serialize())  # as it would pass it on
    for file in (found, again):
        times = {one.uid.value: one.dtstart.value for one in file.vevent_list}
        uids = {entry(one).vevent.uid.value: slot_of(one).opens_at for one in (summer, winter)}
        assert times == uids
        assert all(wording in one.location.value for one in file.vevent_list)
        assert [one.tzid.value for one in file.vtimezone_list] == [zone]
    assert max(len(line) for line in sent.splitlines()) <= LINE_MAX


def test_a_feed_shows_the_visits_of_its_crew_until_it_is_revoked(visit):
    mike = a_person("Mike Doyle")
    crew = slot_of(visit).crew
    crew.members.add(mike)
    for of in ({"crew": crew, "staff": None}, {"crew": None, "staff": mike}):
        token = crews.make_feed(**of, by=a_person(), now=NOW)
        address = f"/calendar/{token}.ics"

        found = vobject.readOne(Client().get(address).content.decode())

        assert found.method.value == "PUBLISH"
        assert found.vevent.uid.value == entry(visit).vevent.uid.value
        assert crews.revoke_feeds(**of, now=NOW) == 1
        assert Client().get(address).status_code == 404
    assert not CalendarFeed.objects.filter(token_digest=b"").exists()


def test_the_feed_of_somebody_who_has_left_shows_nothing():
    mike = a_person("Mike Doyle")
    token = crews.make_feed(crew=None, staff=mike, by=mike, now=NOW)
    assert Client().get(f"/calendar/{token}.ics").status_code == 200
    Staff.objects.filter(pk=mike.pk).update(is_active=False)
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    assert Client().get("/calendar/guessed.ics").status_code == 404
