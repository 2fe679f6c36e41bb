"""What was done last can be taken back by a button, or says why not; and a form counts once."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from busy_day import NOW, BusyDay, a_busy_day, open_promise
from makegood.actions import presence, promises
from makegood.queries.meanwhile import changed_by_others
from makegood.records.models import CaseLink, Contact, Handover, Presence, Promise, Staff
from standing_clock import StandingClock
from world import a_person, a_word

pytestmark = pytest.mark.django_db

CALL = {"direction": "inbound", "channel": "phone", "note": "Wrong case."}


@pytest.fixture
def day(monkeypatch) -> BusyDay:
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    # Signed texts grow old by the real clock, which is far from that afternoon.
    return a_busy_day()


def signed_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer) -> str:
    bare = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return html.unescape(re.sub(r"\s+", " ", bare))


def token_on(answer) -> str:
    return re.findall(r'name="undo"\s+value="([^"]+)"', answer.content.decode())[0]


def undone(client: Client, answer) -> str:
    return text(client.post("/undo", {"undo": token_on(answer)}, follow=True))


def test_a_contact_is_taken_back(day, laura):
    page = laura.post(f"/cases/{day.bin.reference}/contacts", CALL, follow=True)

    said = undone(laura, page)

    assert "The contact is taken back." in said
    assert "took a contact back" in said
    assert Contact.objects.get(note="Wrong case.").withdrawn_by == day.laura


def test_a_mark_kept_is_taken_back_and_the_promise_stands_again(day, laura):
    call = open_promise(day.bill, "I'll call")
    page = laura.post(f"/promises/{call.pk}/keep", {"evidence": "Rang."}, follow=True)

    said = undone(laura, page)

    assert "the promise stands again, for the same time" in said
    assert "Marked by mistake: it was not kept." in said
    assert Promise.objects.get(follows=call, outcome=None).words == call.words


def test_a_handover_is_taken_back(day, laura):
    priya = Staff.objects.get(name="Priya Shah")
    sent = {"to": priya.pk, "why": "Shift ends."}
    page = laura.post(f"/cases/{day.bill.reference}/handovers", sent, follow=True)

    assert "The hand-over is taken back." in undone(laura, page)
    assert Handover.objects.get(case=day.bill).withdrawn_by == day.laura


def test_links_are_brought_back(day, laura):
    Staff.objects.filter(pk=day.laura.pk).update(role="supervisor")
    page = laura.post(f"/cases/{day.bin.reference}/links/revoke", follow=True)

    assert "The links open the customer's page again." in undone(laura, page)
    assert not CaseLink.objects.filter(case=day.bin).exclude(revoked_at=None).exists()


def test_what_cannot_be_undone_says_why_and_what_to_do(day, laura):
    sent = {
        "words": "I ring you at four.",
        "due_on": "2026-06-01",
        "due_time": "16:00",
        "kind": "callback",
        "channel": "phone",
    }
    page = laura.post(f"/cases/{day.bill.reference}/promises", sent, follow=True)

    assert "This cannot be undone. A word that was given stands." in text(page)
    elsewhere = text(laura.get("/knowledge"))
    assert f"{day.bill.reference} Promised. The customer sees it on their page." in elsewhere
    assert 'name="undo"' not in page.content.decode()


def test_what_somebody_answered_meanwhile_stands_and_says_so(day, laura):
    priya = Staff.objects.get(name="Priya Shah")
    sent = {"to": priya.pk, "why": "Shift ends."}
    page = laura.post(f"/cases/{day.bill.reference}/handovers", sent, follow=True)
    offer = Handover.objects.get(case=day.bill)
    signed_in(priya).post(f"/handovers/{offer.pk}/answer", {"answer": "accept"})

    answer = laura.post("/undo", {"undo": token_on(page)})

    assert answer.status_code == 409
    assert "Priya Shah has accepted and owns the case now." in text(answer)


def test_a_button_counts_for_who_did_it_and_only_as_it_was_made(day, laura):
    page = laura.post(f"/cases/{day.bin.reference}/contacts", CALL, follow=True)
    token = token_on(page)
    priya = signed_in(Staff.objects.get(name="Priya Shah"))

    for client, given in ((priya, token), (laura, "forged"), (laura, token[:-1]), (laura, "")):
        assert client.post("/undo", {"undo": given}).status_code == 409
    assert Contact.objects.get(note="Wrong case.").withdrawn_at is None


def test_it_is_offered_for_a_minute_everywhere_and_for_ten_on_its_case(day, laura, monkeypatch):
    laura.post(f"/cases/{day.bin.reference}/contacts", CALL)
    offered = {}
    for minutes in (0, 2, 11):

        class Later(StandingClock):
            @classmethod
            def now(cls, tz=None, minutes=minutes):
                return NOW.astimezone(tz) + timedelta(minutes=minutes)

        monkeypatch.setattr("makegood.doors.moment.datetime", Later)
        pages = (laura.get("/cases"), laura.get(f"/cases/{day.bin.reference}"))
        offered[minutes] = tuple('name="undo"' in page.content.decode() for page in pages)

    assert offered == {0: (True, True), 2: (False, True), 11: (False, False)}


def test_who_wants_to_leave_it_so_is_offered_nothing_more(day, laura):
    laura.post(f"/cases/{day.bin.reference}/contacts", CALL)

    page = laura.post("/undo/dismiss", follow=True)

    assert 'name="undo"' not in page.content.decode()


def test_a_form_that_was_refused_keeps_its_key_and_counts_later(day, laura):
    keyed = CALL | {"sent_key": "0b9f1c9e-3c1b-4d0e-9f5e-2f3f5b6c7d8e"}
    refused = laura.post(f"/cases/{day.bin.reference}/contacts", keyed | {"money": "x"})
    assert refused.status_code == 422
    assert keyed["sent_key"] in refused.content.decode()

    assert laura.post(f"/cases/{day.bin.reference}/contacts", keyed).status_code == 302
    assert Contact.objects.filter(note="Wrong case.").count() == 1


class TestMeanwhile:
    MAKE = {  # noqa: RUF012 - what a form sends
        "words": "I ring you at four.",
        "due_on": "2026-06-01",
        "due_time": "16:00",
        "kind": "callback",
        "channel": "phone",
    }

    def test_who_writes_while_a_colleague_acts_is_shown_what_happened_with_the_words_kept(
        self, day, laura
    ):
        seen = day.bill.timeline.count()
        sam = a_person("Sam Poole")
        word = a_word(now=NOW, said_by=sam.pk, words="Sam calls at three.")
        promises.make_promise(day.bill.pk, word, now=NOW)

        answer = laura.post(
            f"/cases/{day.bill.reference}/promises", self.MAKE | {"seen": str(seen)}
        )

        assert answer.status_code == 409
        body = text(answer)
        assert "The case changed while you wrote. Your words are kept" in body
        assert "Sam calls at three." in body
        assert "I ring you at four." in body
        again = re.findall(r'name="seen"\s+value="(\d+)"', answer.content.decode())[0]
        sent = self.MAKE | {"seen": again}
        assert laura.post(f"/cases/{day.bill.reference}/promises", sent).status_code == 302

    def test_ones_own_acts_and_what_follows_from_them_are_no_news(self, day):
        seen = day.bill.timeline.count()
        word = a_word(now=NOW, said_by=day.laura.pk)
        promises.make_promise(day.bill.pk, word, now=NOW)

        assert changed_by_others(day.bill.pk, since=seen, reader=day.laura.pk) == frozenset()

    def test_what_the_clock_breaks_is_news(self, day):
        assert changed_by_others(day.alarm.pk, since=1, reader=day.laura.pk)

    @pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 12, "٣"])
    def test_a_form_that_says_nothing_of_it_is_taken_as_it_is(self, day, laura, seen):
        sent = self.MAKE | {"seen": seen}
        assert laura.post(f"/cases/{day.bill.reference}/promises", sent).status_code == 302


class TestPresence:
    def test_a_page_says_that_it_is_looked_at_and_hears_who_else_looks(self, day, laura):
        sam = a_person("Sam Poole")
        presence.be_here(case_id=day.bin.pk, staff_id=sam.pk, typing=True, now=NOW)

        answer = laura.post(f"/cases/{day.bin.reference}/here", {"typing": "0"})

        assert "Sam Poole is writing here" in text(answer)
        assert "Laura" not in text(answer)
        assert Presence.objects.filter(case=day.bin, staff=day.laura, typing=False).exists()
        assert "Sam Poole is writing here" in text(laura.get(f"/cases/{day.bin.reference}"))

    def test_who_leaves_is_gone(self, day, laura):
        laura.post(f"/cases/{day.bin.reference}/here")

        assert laura.post(f"/cases/{day.bin.reference}/gone").status_code == 204
        assert not Presence.objects.exists()
