"""Letters that did not reach their customers stand with whoever owns the case (My word)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from letter_world import a_case_by_mail, a_letter
from makegood.actions import contacts, letter_news, letters, silence, texts, visits
from makegood.actions.contacts import Touch
from makegood.queries import glance, undelivered, waiting
from makegood.queries.promise_board import get_board
from makegood.records.models import (
    Contact,
    Direction,
    Letter,
    Message,
    MessageKind,
)
from makegood.rules.letters import LetterChannel
from makegood.rules.promises import Channel
from visit_world import a_visit, slot_of, utc
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LATER = MONDAY + timedelta(hours=1)


def standing(owner, *, now=LATER) -> list[str]:
    """Why letters stand with somebody; the glance says whether any do."""
    found = get_board(owner, now=now).waiting.undelivered
    there = glance.waits([owner.pk], reader=owner.pk, now=now, heard_within=waiting.HEARD_WITHIN)
    assert there.undelivered == bool(found.letters)
    assert found.counted == len(found.letters)
    return [letter.why for letter in found.letters]


def hand(letter: Letter) -> None:
    letters.take(now=MONDAY)
    letters.leaving(letter.pk, now=MONDAY)


def sent(letter: Letter) -> None:
    hand(letter)
    letters.left(letter.pk, provider_id="", now=MONDAY)


def came_back(letter: Letter) -> None:
    sent(letter)
    letter_news.bounced(letter.pk, why="no such person", at=MONDAY + MINUTE, now=MONDAY + MINUTE)


def spoke(case, *, at, direction=Direction.OUTBOUND) -> Contact:
    touch = Touch(channel=Channel.PHONE, direction=direction, at=at, note="Read it out.")
    return contacts.record_contact(case.pk, touch, now=at)


def test_one_that_came_back_stands_with_its_owner_alone():
    letter = a_letter()
    came_back(letter)
    assert standing(letter.case.owner) == ["It came back: no such person"]
    assert standing(a_person("Somebody Else")) == []


def test_one_that_could_not_be_sent_or_was_stopped_stands_there_too(settings):
    settings.SMS_COUNTRIES = ("+44",)
    refused = a_letter()
    letters.take(now=MONDAY)
    letters.not_taken(refused.pk, error="no such server", final=True, now=MONDAY)
    a_letter(a_case_by_mail(phone="+44 7700 900124"), channel=LetterChannel.SMS)
    texts.receive("+44 7700 900124", "STOP", key="1", now=MONDAY)
    assert letters.take(now=MONDAY) is None
    assert standing(refused.case.owner) == [
        "It could not be sent: no such server",
        "It was stopped: This number asked for no more text messages.",
    ]


def test_one_of_which_nobody_knows_whether_it_left_waits_a_moment_for_news():
    letter = a_letter()
    hand(letter)
    assert standing(letter.case.owner, now=MONDAY + MINUTE) == []
    assert standing(letter.case.owner) == [
        "Nobody knows whether it left: the line broke meanwhile."
    ]
    letter_news.delivered(letter.pk, at=MONDAY + MINUTE, now=LATER)
    assert standing(letter.case.owner) == []


def test_one_that_was_sent_or_waits_to_be_sent_does_not():
    letter = a_letter()
    assert standing(letter.case.owner) == []
    sent(letter)
    assert standing(letter.case.owner) == []


def test_it_stands_until_somebody_has_written_again():
    letter = a_letter()
    came_back(letter)
    a_letter(letter.case, words="Once more.", now=LATER)
    assert standing(letter.case.owner) == []


def test_it_stands_until_somebody_has_spoken_to_them_since():
    letter = a_letter()
    case = letter.case
    spoke(case, at=MONDAY)
    came_back(letter)
    spoke(case, at=LATER, direction=Direction.INBOUND)
    assert standing(case.owner) != []
    spoken = spoke(case, at=LATER)
    assert standing(case.owner) == []
    contacts.withdraw_contact(contact_id=spoken.pk, by=case.owner, now=LATER)
    assert standing(case.owner) != []


def test_what_is_owed_by_itself_stands_there_and_not_here():
    case = a_case_by_mail()
    duty = Message.objects.create(
        case=case, kind=MessageKind.APOLOGY, about="promise:1:broken", queued_at=MONDAY
    )
    came_back(a_letter(case, words="We are sorry that nobody came.", duty=duty))
    assert standing(case.owner) == []
    assert get_board(case.owner, now=LATER).waiting.apologies == 1


def test_what_a_machine_wrote_counts_for_as_long_as_it_is_owed():
    case = a_case_by_mail()
    duty = silence.ask(case.pk, now=MONDAY).message
    letter = a_letter(case, words="Is it right now?", duty=duty, by=None)
    came_back(letter)
    assert standing(case.owner) == ["It came back: no such person"]
    letters.withdraw([duty.pk], now=LATER)
    assert standing(case.owner) == []


def test_they_are_counted_also_where_fewer_stand_here():
    for number in range(3):
        came_back(a_letter(a_case_by_mail(email=f"{number}@example.net", phone="")))
    owner = Letter.objects.first().case.owner_id
    zone = ZoneInfo("Europe/London")
    found = undelivered.read_undelivered([owner], most=2, now=LATER, zone=zone)
    assert (len(found.letters), found.counted) == (2, 3)


def test_my_word_leads_to_where_it_is_written_again():
    letter = a_letter(words="The part is here.")
    came_back(letter)
    client = Client()
    client.force_login(letter.case.owner)
    page = client.get("/").content.decode()
    assert "Letters that did not arrive" in page
    assert f'href="/cases/{letter.case.reference}/mails"' in page


def test_its_buttons_say_in_german_what_they_do():
    letter = a_letter(words="The part is here.")
    came_back(letter)
    client = Client(headers={"accept-language": "de"})
    client.force_login(letter.case.owner)
    page = client.get("/").content.decode()
    assert "Fall öffnen" in page
    assert ">Offen<" not in page


def test_a_new_date_that_was_taken_back_before_it_left_is_nothing_to_see_to():
    visit = a_visit(a_case_by_mail())
    sent(Letter.objects.get(case=visit.case))
    slot = slot_of(visit)
    assert slot is not None
    visits.move_visit(visit.pk, chosen=utc(9, 8), by=a_person(), now=MONDAY)
    visits.move_visit(visit.pk, chosen=slot.opens_at, by=a_person(), now=MONDAY)
    assert Letter.objects.get(revision__isnull=False).held_at == MONDAY
    assert standing(visit.case.owner) == []
