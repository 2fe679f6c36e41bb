"""Another Open311 server is followed: its requests are cases, its dates promises, once each."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from api_world import a_token
from learning_world import closed
from makegood.actions import partner_requests, partners, promises
from makegood.actions.partner_requests import Became
from makegood.clockwork import counting, ticks
from makegood.clockwork.following import follow
from makegood.gateways.outside import Answer, Call
from makegood.queries.metrics.parts import read_speakers
from makegood.queries.metrics.series import Period
from makegood.records.models import (
    Asking,
    Case,
    Partner,
    PartnerRequest,
    PromiseKind,
    PromiseRevision,
    Report,
    TimelineEntry,
)
from makegood.rules.following import EVERY, NEW_MAX
from makegood.rules.promises import Channel
from makegood.rules.scopes import Scope
from partner_world import (
    DAY,
    HOUR,
    City,
    a_partner,
    a_service,
    look,
    the_case,
    their_words,
)
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city() -> City:
    a_partner()
    return City()


def kinds() -> list[str]:
    rows = TimelineEntry.objects.filter(case=the_case()).order_by("seq")
    return list(rows.values_list("kind", flat=True))


def follow_due(city: City, *, now: datetime) -> int:
    """As the clock does: each partner whose turn it is."""
    due = iter(lambda: partners.claim_due(now=now), None)
    return len([follow(partner, now=now, look=city) for partner in due])


def right_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - our own server reads the real clock


class TestOfWhatItShows:
    """A request becomes a case, its date a promise, another date a revision."""

    def test_a_request_is_one_case_with_its_date_as_their_word(self, city):
        city.shows(expected_datetime=MONDAY + DAY)

        first, again = look(city), look(city, now=MONDAY + HOUR, is_all=True)

        (word,) = their_words()
        assert (first.became[Became.NEW], again.became[Became.SAME]) == (1, 2)
        assert Report.objects.filter(source__startswith="partner:").count() == 1
        assert (word.speaker_name, word.kind) == ("The city", PromiseKind.REPAIR)
        assert (word.said_at, word.due_at) == (MONDAY - HOUR, MONDAY + DAY)
        assert word.words == "The city says that it will be done by 10:00 on Tuesday 2 June 2026."
        assert the_case().customer.is_verified is False
        assert the_case().asset.service == a_service()

    def test_a_request_without_a_date_is_promised_news_as_any_other(self, city):
        city.shows()
        look(city)
        assert their_words() == []
        assert the_case().promises.still_open().get().kind == PromiseKind.NEWS

    def test_another_date_is_decided_with_its_cause_and_counts_once_the_customer_was_told(
        self, city
    ):
        city.shows(expected_datetime=MONDAY + DAY)
        look(city)
        city.shows(expected_datetime=MONDAY + 3 * DAY, updated_datetime=MONDAY + HOUR)

        look(city, now=MONDAY + 2 * HOUR)
        look(city, now=MONDAY + 3 * HOUR)

        revision = PromiseRevision.objects.get()
        assert revision.cause == "The city gives another date."
        assert (revision.decided_by, revision.told_at) == (None, None)
        assert their_words()[0].due_at == MONDAY + DAY
        promises.record_told(
            revision_id=revision.pk, at=MONDAY + 4 * HOUR, channel=Channel.PHONE,
            evidence="Rang them.", now=MONDAY + 4 * HOUR,
        )  # fmt: skip
        assert their_words()[0].due_at == MONDAY + 3 * DAY

    def test_a_date_that_moved_and_nobody_was_told_of_breaks_and_the_next_is_a_new_word(self, city):
        city.shows(expected_datetime=MONDAY + DAY)
        look(city)
        city.shows(expected_datetime=MONDAY + 9 * DAY, updated_datetime=MONDAY + HOUR)
        look(city, now=MONDAY + 2 * HOUR)

        ticks.sweep_promises(now=MONDAY + 3 * DAY)
        look(city, now=MONDAY + 3 * DAY)
        look(city, now=MONDAY + 3 * DAY + HOUR)

        broken, anew = their_words()
        assert (broken.outcome, broken.settled_at) == ("broken", MONDAY + DAY)
        assert (anew.outcome, anew.due_at) == (None, MONDAY + 9 * DAY)

    def test_a_date_in_the_past_is_a_promise_that_the_clock_breaks(self, city):
        city.shows(requested_datetime=MONDAY - 20 * HOUR, expected_datetime=MONDAY - 2 * HOUR)
        look(city)
        ticks.sweep_promises(now=MONDAY + DAY)
        assert [word.outcome for word in their_words()] == ["broken"]

    def test_whose_words_break_counts_the_partner_by_name(self, city):
        city.shows(expected_datetime=MONDAY + DAY)
        look(city)
        ticks.sweep_promises(now=MONDAY + 3 * DAY)
        counting.count_all(now=MONDAY + 3 * DAY)

        found = read_speakers(Period(weeks=4, today=(MONDAY + 3 * DAY).date()))

        theirs = next(one for one in found if one.kind == "partner")
        assert (theirs.name, theirs.n, theirs.broken) == ("The city", 1, 1)


class TestOfClosed:
    """Closed there is a claim that it is done: not more."""

    def test_closed_there_settles_their_word_and_asks_the_customer(self, city):
        city.shows(expected_datetime=MONDAY + DAY)
        look(city)
        city.shows(status="closed", status_notes="Filled.", updated_datetime=MONDAY + 2 * HOUR)

        look(city, now=MONDAY + 3 * HOUR)
        look(city, now=MONDAY + 4 * HOUR)

        (word,) = their_words()
        assert (word.outcome, word.settled_at) == ("kept", MONDAY + 2 * HOUR)
        assert word.evidence == "The city closed it, and says: Filled."
        assert the_case().closed_at is None
        assert Asking.objects.filter(case=the_case(), ended_at=None).count() == 1
        assert kinds().count("partner_says_done") == 1

    def test_closed_after_their_date_is_broken_all_the_same(self, city):
        city.shows(expected_datetime=MONDAY + HOUR)
        look(city)
        city.shows(status="closed", updated_datetime=MONDAY + 2 * HOUR)
        look(city, now=MONDAY + 3 * HOUR)
        assert [word.outcome for word in their_words()] == ["broken"]

    def test_closed_without_any_date_asks_the_customer_as_well(self, city):
        city.shows()
        look(city)
        city.shows(status="closed", updated_datetime=MONDAY + 2 * HOUR)
        look(city, now=MONDAY + 3 * HOUR)
        assert Asking.objects.filter(case=the_case(), ended_at=None).count() == 1

    def test_closed_there_while_we_have_more_to_do_asks_nobody(self, city):
        city.shows()
        look(city)
        ours = a_word(kind=PromiseKind.VISIT, due_at=MONDAY + 2 * DAY)
        promises.make_promise(the_case().pk, ours, now=MONDAY)
        city.shows(status="closed", updated_datetime=MONDAY + 2 * HOUR)
        look(city, now=MONDAY + 3 * HOUR)
        assert not Asking.objects.exists()

    def test_opened_again_there_takes_the_question_back_and_gives_a_new_word(self, city):
        city.shows(expected_datetime=MONDAY + DAY)
        look(city)
        city.shows(status="closed", updated_datetime=MONDAY + HOUR)
        look(city, now=MONDAY + HOUR)
        city.shows(status="open", updated_datetime=MONDAY + 2 * HOUR)

        look(city, now=MONDAY + 2 * HOUR)

        assert not Asking.objects.filter(ended_at=None).exists()
        assert [word.outcome for word in their_words()] == ["kept", None]
        assert kinds()[-2:] == ["partner_opened_again", "promise_made"]

    def test_what_is_closed_here_stays_closed_whatever_they_show(self, city):
        city.shows(expected_datetime=MONDAY + DAY)
        look(city)
        city.shows(status="closed", updated_datetime=MONDAY + HOUR)
        look(city, now=MONDAY + HOUR)
        closed(the_case(), now=MONDAY + 2 * HOUR)
        city.shows(status="open", expected_datetime=MONDAY + 5 * DAY, updated_datetime=MONDAY + DAY)

        look(city, now=MONDAY + DAY)

        assert the_case().closed_at is not None
        assert len(their_words()) == 1
        assert kinds()[-1] == "partner_opened_again"


class TestOfLooking:
    """What is asked for, when, and what a bad server does: no harm."""

    def test_all_of_it_at_first_then_what_changed_then_all_of_it_at_night(self, city):
        city.shows()
        looks = [look(city, now=now).is_all for now in (MONDAY, MONDAY + EVERY, MONDAY + DAY)]
        assert looks == [True, False, True]
        by_number = [asked for asked in city.asked if "service_request_id" in asked]
        assert {asked["service_request_id"] for asked in by_number} == {"17"}
        assert any("updated_after" in asked for asked in city.asked)

    def test_what_was_reported_before_it_is_followed_is_left_alone(self, city):
        city.shows("1", requested_datetime=MONDAY - 2 * DAY)
        looked = look(city)
        assert looked.became[Became.OLDER] == 1
        assert not PartnerRequest.objects.exists()

    def test_the_clock_looks_when_it_is_due_and_not_before(self, city):
        city.shows()
        assert follow_due(city, now=MONDAY) == 1
        assert follow_due(city, now=MONDAY + MINUTE) == 0
        assert follow_due(city, now=MONDAY + EVERY) == 1

    def test_a_server_that_is_down_is_said_looked_at_later_and_missed_nothing(self, city):
        look(city)
        city.is_down = True
        failed = look(city, now=MONDAY + HOUR)
        look(city, now=MONDAY + 2 * HOUR)
        row = Partner.objects.get()
        assert "was not reached" in failed.error
        assert (row.failures, row.failing_since) == (2, MONDAY + HOUR)
        assert row.seen_until == MONDAY
        assert row.look_at == MONDAY + 2 * HOUR + 4 * EVERY

        city.is_down = False
        city.shows(requested_datetime=MONDAY + HOUR)
        look(city, now=MONDAY + 3 * HOUR)

        row.refresh_from_db()
        assert (row.failures, row.failing_since, row.error) == (0, None, "")
        assert PartnerRequest.objects.count() == 1

    def test_of_very_many_each_look_takes_some(self, city, monkeypatch):
        monkeypatch.setattr("makegood.rules.following.NEW_MAX", 2)
        for number in range(5):
            city.shows(str(number))

        news = [look(city, now=MONDAY + n * EVERY) for n in range(3)]

        assert [one.became[Became.NEW] for one in news] == [2, 2, 1]
        assert [one.has_more for one in news] == [True, True, False]
        assert NEW_MAX == 500

    def test_one_request_that_cannot_be_taken_keeps_no_other_waiting(self, city, monkeypatch):
        city.shows("1", service_name="Bad")
        city.shows("2")
        real = partner_requests.take

        def take(partner, theirs, *, now):
            if theirs.service == "Bad":
                raise ValueError("no")
            return real(partner, theirs, now=now)

        monkeypatch.setattr("makegood.actions.partner_requests.take", take)
        looked = look(city)
        assert looked.refused > 0
        assert PartnerRequest.objects.get().external_id == "2"
        assert Partner.objects.get().unread == looked.refused

    def test_a_partner_that_is_stopped_is_not_looked_at_and_catches_up_when_it_starts(self, city):
        ada = a_person("Ada Admin")
        look(city)
        partners.stop(Partner.objects.get().pk, by=ada, now=MONDAY)
        assert partners.claim(Partner.objects.get().pk, now=MONDAY) is None
        assert follow_due(city, now=MONDAY + DAY) == 0

        partners.start(Partner.objects.get().pk, by=ada, now=MONDAY + DAY)

        assert look(city, now=MONDAY + DAY).is_all


@pytest.mark.usefixtures("city")
def test_one_desk_follows_another():
    """Our own server is asked, as any other; here the desk follows itself."""
    client = Client()

    def ask(call: Call) -> Answer:
        parts = urlsplit(call.url)
        answer = client.get(f"/open311{parts.path}?{parts.query}")
        return Answer(status=answer.status_code, body=answer.content)

    fields = {
        "api_key": a_token(Scope.REPORT), "service_code": a_service().pk, "description": "!",
        "address_string": "3 Mill Lane",
    }  # fmt: skip
    made = client.post("/open311/v2/requests.json", fields).json()
    case = Case.objects.get(reference=made[0]["service_request_id"])
    word = a_word(kind=PromiseKind.REPAIR, due_at=right_now() + DAY, now=right_now())
    promises.make_promise(case.pk, word, now=right_now())

    looked = look(ask, now=right_now())
    again = look(ask, now=right_now(), is_all=True)

    (theirs,) = their_words()
    assert (looked.became[Became.NEW], again.became[Became.NEW], looked.unread) == (1, 0, 0)
    assert theirs.due_at == word.due_at.replace(microsecond=0)
    assert theirs.case.pk != case.pk
