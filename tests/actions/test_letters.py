"""Letters are queued with what they are about, true, to the address on record, and not too many."""

from datetime import timedelta

import pytest

from asking import a_visit
from letter_world import ADDRESS, a_case_by_mail, a_letter
from makegood.actions import letter_news, letters, promises, spoken, texts
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import (
    Draft,
    NoAddressError,
    NotUnsureError,
    TooManyLettersError,
    UnknownLetterError,
)
from makegood.queries import verify
from makegood.records.models import (
    Customer,
    Letter,
    LetterKind,
    Message,
    MessageKind,
    Mute,
    Promise,
    TimelineEntry,
)
from makegood.rules import letters as letter_rules
from makegood.rules.letters import AUTOMATIC_PER_HOUR, BY_PEOPLE_PER_HOUR, LetterChannel
from raw_sql import refused_by, sql
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def kinds(case) -> list[str]:
    return list(
        TimelineEntry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    )


def hand(letter: Letter, *, now) -> None:
    letters.take(now=now)
    letters.leaving(letter.pk, now=now)
    letters.left(letter.pk, provider_id="", now=now)


def test_a_letter_waits_for_the_address_on_record_and_stands_on_the_timeline():
    letter = a_letter()
    assert (letter.recipient, letter.send_at) == (ADDRESS, MONDAY)
    assert kinds(letter.case)[-1] == "letter_written"
    assert verify.run() == []


def test_nobody_is_written_to_whose_address_is_unknown():
    with pytest.raises(NoAddressError):
        a_letter(a_case_by_mail(email=""))


@pytest.mark.parametrize(
    ("automatic", "most"), [(True, AUTOMATIC_PER_HOUR), (False, BY_PEOPLE_PER_HOUR)]
)
def test_one_address_gets_so_many_letters_an_hour_over_all_its_cases(automatic, most):
    by = None if automatic else a_person()
    for _ in range(most):
        a_letter(by=by)
    with pytest.raises(TooManyLettersError):
        a_letter(a_case_by_mail(email=ADDRESS.upper()), by=by)
    a_letter(by=by, now=MONDAY + HOUR)


def test_what_strangers_bring_upon_an_address_takes_nothing_from_its_owner():
    for number in range(AUTOMATIC_PER_HOUR):
        a_letter(a_case_by_mail(email=f"d.avid+{number}@gmail.com", is_verified=False), by=None)
    with pytest.raises(TooManyLettersError):
        a_letter(a_case_by_mail(email="David@googlemail.com", is_verified=False), by=None)

    told = a_letter(a_case_by_mail(email="david@gmail.com"), by=None)

    assert (told.mailbox, told.is_to_stranger) == ("david@gmail.com", False)


@pytest.mark.parametrize("fence", ["STRANGERS_PER_HOUR_AND_DOMAIN", "STRANGERS_PER_HOUR"])
def test_ever_new_names_at_a_domain_end_at_a_fence_for_strangers_alone(fence, monkeypatch):
    monkeypatch.setattr(letter_rules, fence, 2)
    receipt = {"by": None, "kind": LetterKind.RECEIPT}
    for name in ("ann", "bob"):
        a_letter(a_case_by_mail(email=f"{name}@example.org", is_verified=False), **receipt)

    carol = a_case_by_mail(email="carol@example.org", is_verified=False)
    with pytest.raises(TooManyLettersError):
        a_letter(carol, **receipt)
    a_letter(carol, by=None)
    a_letter(a_case_by_mail(email="dora@example.org"), **receipt)
    eve = a_case_by_mail(email="eve@example.org", is_verified=False)
    a_letter(eve, **receipt, now=MONDAY + HOUR)


def test_what_we_tell_strangers_of_our_own_doing_takes_nothing_from_the_fence(monkeypatch):
    monkeypatch.setattr(letter_rules, "STRANGERS_PER_HOUR_AND_DOMAIN", 2)
    for name in ("ann", "bob", "carol"):
        a_letter(a_case_by_mail(email=f"{name}@example.org", is_verified=False), by=None)

    dora = a_case_by_mail(email="dora@example.org", is_verified=False)
    a_letter(dora, by=None, kind=LetterKind.RECEIPT)


def test_a_letter_is_taken_once_until_its_lease_runs_out():
    letter = a_letter()
    assert letters.take(now=MONDAY) == letter
    assert letters.take(now=MONDAY) is None
    assert letters.take(now=MONDAY + 3 * MINUTE) == letter


def test_a_letter_that_fails_is_tried_again_and_at_last_given_up():
    letter, now, tries = a_letter(), MONDAY, 0
    while letters.take(now=now) is not None:
        letters.not_taken(letter.pk, error="busy", final=False, now=now)
        letter.refresh_from_db()
        tries += 1
        now = letter.send_at or now
    assert tries == 8
    assert letter.given_up_at == now
    assert kinds(letter.case)[-1] == "letter_given_up"


def test_what_a_letter_promises_is_asked_for_again_when_it_leaves():
    case = a_case_by_mail()
    call = promises.make_promise(case.pk, a_word(), now=MONDAY)
    letter = a_letter(case, tells=call)
    promises.keep_promise(promise_id=call.pk, at=MONDAY, evidence="rang", by=a_person(), now=MONDAY)
    assert letters.take(now=MONDAY) is None
    letter.refresh_from_db()
    assert letter.held_at == MONDAY
    assert "has changed" in letter.error
    assert kinds(case)[-1] == "letter_held"
    with pytest.raises(LetterStoppedError):
        letters.send_again(letter.pk, by=a_person(), now=MONDAY)


def test_a_letter_that_is_not_true_is_not_even_written():
    case = a_case_by_mail()
    call = promises.make_promise(case.pk, a_word(), now=MONDAY)
    with pytest.raises(LetterStoppedError):
        a_letter(case, tells=call, now=call.due_at)
    assert not Letter.objects.exists()


def a_new_date(case):
    call = promises.make_promise(case.pk, a_word(), now=MONDAY)
    due_at = call.due_at + 4 * HOUR
    revision = promises.decide_revision(
        promise_id=call.pk, due_at=due_at, cause="the part is late", by=a_person(), now=MONDAY
    )
    return call, revision


def test_a_new_date_counts_when_its_letter_is_delivered_and_not_before():
    case = a_case_by_mail()
    call, revision = a_new_date(case)
    letter = a_letter(case, revision=revision)
    hand(letter, now=MONDAY)
    call.refresh_from_db()
    assert call.due_at == MONDAY + 8 * HOUR

    assert letter_news.delivered(letter.pk, at=MONDAY + MINUTE, now=MONDAY + HOUR)
    assert not letter_news.delivered(letter.pk, at=MONDAY + MINUTE, now=MONDAY + HOUR)

    call.refresh_from_db()
    revision.refresh_from_db()
    assert call.due_at == MONDAY + 12 * HOUR
    assert (revision.told_at, revision.told_channel) == (MONDAY + MINUTE, "email")
    assert verify.run() == []


def test_every_new_date_in_a_letter_counts_when_it_is_delivered():
    case = a_case_by_mail()
    visit = a_visit(case)
    call = promises.make_promise(case.pk, a_word(), now=MONDAY)
    for promise, hours in ((call, 11), (visit, 10)):
        promises.decide_revision(
            promise_id=promise.pk, due_at=MONDAY + hours * HOUR, cause="the part is late",
            by=a_person(), now=MONDAY,
        )  # fmt: skip
    letter = a_letter(case, words="We visit you by 20:00 today. I will call you by 21:00 today.")
    hand(letter, now=MONDAY)

    letter_news.delivered(letter.pk, at=MONDAY, now=MONDAY + MINUTE)

    for promise, hours in ((call, 11), (visit, 10)):
        promise.refresh_from_db()
        assert promise.due_at == MONDAY + hours * HOUR
    assert verify.run() == []


def test_a_new_date_that_bounced_was_told_to_nobody():
    case = a_case_by_mail()
    call, revision = a_new_date(case)
    letter = a_letter(case, revision=revision)
    hand(letter, now=MONDAY)
    assert letter_news.bounced(letter.pk, why="no such person", at=MONDAY, now=MONDAY)
    assert not letter_news.delivered(letter.pk, at=MONDAY, now=MONDAY)
    revision.refresh_from_db()
    call.refresh_from_db()
    assert (revision.told_at, call.due_at) == (None, MONDAY + 8 * HOUR)


def test_what_was_agreed_aloud_in_place_of_a_promise_goes_out_in_writing_as_well():
    case = a_case_by_mail()
    call = a_word(words="I will call you by 18:00 today.")
    made = spoken.make_promise(case.pk, call, by=a_person(), now=MONDAY)
    later = a_word(words="I will call you by 19:00 today.", due_at=MONDAY + 9 * HOUR)

    instead = spoken.replace_promise(made, later, evidence="She agreed.", by=a_person(), now=MONDAY)

    assert list(Letter.objects.order_by("pk").values_list("promise", flat=True)) == [
        made.pk,
        instead.pk,
    ]
    left = letters.take(now=MONDAY)
    assert left is not None
    assert left.promise == instead, "what was replaced before it left does not leave"


def test_a_date_that_is_delivered_too_late_moves_nothing_and_says_so():
    case = a_case_by_mail()
    call, revision = a_new_date(case)
    letter = a_letter(case, revision=revision)
    hand(letter, now=MONDAY)
    late = call.due_at + MINUTE
    assert letter_news.delivered(letter.pk, at=late, now=late)
    assert Promise.objects.get(pk=call.pk).due_at == call.due_at
    assert "letter_told_too_late" in kinds(case)


def test_an_apology_is_said_and_news_are_kept_when_the_letter_arrives():
    case = a_case_by_mail()
    news = case.promises.get()
    duty = Message.objects.create(
        case=case, kind=MessageKind.APOLOGY, about="promise:1:broken", queued_at=MONDAY
    )
    letter = a_letter(case, words="We are sorry that nobody came.", duty=duty, keeps=news)
    hand(letter, now=MONDAY)
    letter_news.delivered(letter.pk, at=MONDAY + MINUTE, now=MONDAY + MINUTE)
    duty.refresh_from_db()
    news.refresh_from_db()
    assert (duty.words, duty.said_at) == (letter.words, MONDAY + MINUTE)
    assert (news.outcome, news.settled_at) == ("kept", MONDAY + MINUTE)
    assert verify.run() == []


def test_only_what_may_not_have_left_is_sent_again_and_only_by_a_person():
    letter = a_letter()
    with pytest.raises(NotUnsureError):
        letters.send_again(letter.pk, by=a_person(), now=MONDAY)
    letters.take(now=MONDAY)
    letters.leaving(letter.pk, now=MONDAY)
    later = MONDAY + 3 * MINUTE
    assert letters.take(now=later) is None
    again = letters.send_again(letter.pk, by=a_person(), now=later)
    assert letters.take(now=later) == again
    assert again.message_id == letter.message_id
    with pytest.raises(UnknownLetterError):
        letters.send_again(0, by=a_person(), now=later)


def test_a_text_message_goes_to_named_countries_and_to_nobody_who_said_stop(settings):
    case = a_case_by_mail()
    draft = Draft(words="We are on it.", channel=LetterChannel.SMS, by=a_person())
    settings.SMS_COUNTRIES = ()
    with pytest.raises(NoAddressError):
        letters.write(case.pk, draft, now=MONDAY)
    settings.SMS_COUNTRIES = ("+44",)
    assert letters.write(case.pk, draft, now=MONDAY).recipient == "+447700900123"
    Mute.objects.create(number="+447700900123", asked_at=MONDAY)
    with pytest.raises(NoAddressError):
        letters.write(case.pk, draft, now=MONDAY)


def test_a_text_that_waits_is_held_once_its_number_said_stop(settings):
    settings.SMS_COUNTRIES = ("+44",)
    letter = a_letter(channel=LetterChannel.SMS)
    texts.receive("+44 7700 900123", "STOP", key="1", now=MONDAY)

    assert letters.take(now=MONDAY) is None

    letter.refresh_from_db()
    assert (letter.held_at, letter.send_at) == (MONDAY, None)
    assert letter.error == "This number asked for no more text messages."
    with pytest.raises(LetterStoppedError):
        letters.send_again(letter.pk, by=a_person(), now=MONDAY)
    assert verify.run() == []


@pytest.mark.parametrize("word", ["START", " Unstop. "])
def test_a_number_that_said_stop_gets_texts_again_once_it_says_start(settings, word):
    settings.SMS_COUNTRIES = ("+44",)
    letter = a_letter(channel=LetterChannel.SMS)
    texts.receive("+44 7700 900123", "STOP", key="1", now=MONDAY)
    assert letters.take(now=MONDAY) is None
    for number, words in (("+44 7700 900123", "Yes"), ("+44 7700 900124", word)):
        texts.receive(number, words, key=words, now=MONDAY)
        assert Mute.objects.filter(number="+447700900123").exists()

    texts.receive("+44 7700 900123", word, key="2", now=MONDAY)

    letters.send_again(letter.pk, by=a_person(), now=MONDAY)
    assert letters.take(now=MONDAY) is not None


def test_a_letter_goes_to_no_address_that_its_customer_has_left():
    waiting, refused = a_letter(), a_letter()
    letters.not_taken(refused.pk, error="no such person", final=True, now=MONDAY)
    Customer.objects.update(email="new@example.net")

    assert letters.take(now=MONDAY) is None

    waiting.refresh_from_db()
    assert (waiting.held_at, waiting.recipient) == (MONDAY, ADDRESS)
    with pytest.raises(LetterStoppedError, match="has changed"):
        letters.send_again(refused.pk, by=a_person(), now=MONDAY)


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("letter_kind_is_known", "kind = 'other'"),
        ("letter_channel_is_known", "channel = 'pigeon'"),
        ("letter_has_a_recipient_and_words", "words = ''"),
        ("letter_is_by_somebody_or_automatic", "written_by_id = NULL"),
        ("letter_handed_over_is_not_tried_again", "handed_at = queued_at"),
        ("letter_is_sent_after_it_was_handed_over", "sent_at = queued_at"),
        ("letter_is_delivered_after_it_was_handed_over", "delivered_at = queued_at"),
        ("letter_tells_a_promise_with_its_time", "told_due_at = queued_at"),
    ],
)
def test_the_database_refuses_a_letter_that_makes_no_sense(law, change):
    a_letter()
    with refused_by(law):
        sql(f"UPDATE records_letter SET {change}")


@pytest.mark.parametrize(
    ("law", "column"),
    [
        ("letter_once_per_reply_address", "reply_digest"),
        ("letter_once_per_message_id", "message_id"),
    ],
)
def test_no_two_letters_share_what_they_are_known_by(law, column):
    first, second = a_letter(), a_letter()
    with refused_by(law):
        sql(
            f"UPDATE records_letter SET {column} ="
            f" (SELECT {column} FROM records_letter WHERE id = %s) WHERE id = %s",
            first.pk, second.pk,
        )  # fmt: skip
