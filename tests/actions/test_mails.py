"""Mail comes in: kept, believed only as far as it is proven, and it moves no promise."""

import json
from datetime import timedelta

import pytest

from asking import a_visit
from letter_world import ADDRESS, a_case_by_mail
from mail_world import (
    HOST,
    MAILBOX,
    a_bounce,
    a_mail,
    a_sent_letter,
    came,
    reply_to,
    returns_to,
    state_of,
)
from makegood.actions import customers, letters, mail_settling, promises, replies, texts
from makegood.queries import verify
from makegood.records.models import (
    AsideBecause,
    Attachment,
    Case,
    Contact,
    Letter,
    Mail,
    MailKind,
    Reply,
)
from raw_sql import refused_by, sql
from visit_world import a_sender
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _trust(settings):
    settings.MAIL_TRUSTED_HOST = HOST
    settings.MAIL_REPLY = MAILBOX


def test_an_answer_joins_its_case_and_an_answer_is_promised():
    letter = a_sent_letter()
    mail = came(a_mail("On Friday.\n\n-- \nDavid\n\n> When?", to=reply_to(letter)))
    assert (mail.kind, mail.case, mail.is_proven) == (MailKind.REPLY, letter.case, True)
    assert (mail.words, mail.signature, mail.history) == ("On Friday.", "-- \nDavid", "> When?")
    assert Contact.objects.get(case=letter.case).note == "On Friday."
    assert letter.case.promises.filter(words__contains="answers what you wrote").count() == 1
    letter.refresh_from_db()
    assert letter.delivered_at == MONDAY  # who answers a letter has got it
    assert verify.run() == []


def test_an_answer_that_somebody_joins_to_its_case_proves_that_its_letter_arrived():
    case = a_case_by_mail()
    visit = a_visit(case)
    revision = promises.decide_revision(
        promise_id=visit.pk, due_at=MONDAY + timedelta(hours=10), cause="Traffic.",
        by=a_person(), now=MONDAY,
    )  # fmt: skip
    letter = a_sent_letter(case, revision=revision)
    mail = came(a_mail("That suits me.", to=reply_to(letter), proven=None), now=MONDAY + MINUTE)
    assert mail.aside_because == AsideBecause.UNPROVEN

    mail_settling.join_case(mail.pk, case.pk, by=a_person(), now=MONDAY + 5 * MINUTE)

    letter.refresh_from_db()
    revision.refresh_from_db()
    assert (letter.delivered_at, revision.told_at) == (MONDAY + MINUTE,) * 2
    assert verify.run() == []


def test_joined_to_another_case_it_proves_nothing_of_its_letter():
    letter, other = a_sent_letter(), a_case()
    mail = came(a_mail("That suits me.", to=reply_to(letter), proven=None))

    mail_settling.join_case(mail.pk, other.pk, by=a_person(), now=MONDAY)

    letter.refresh_from_db()
    assert letter.delivered_at is None


def test_a_text_that_was_set_aside_becomes_words_and_a_number_and_no_mail():
    case = a_case_by_mail()
    first, second = (
        texts.receive("+44 7700 900999", words, key=words, now=MONDAY)
        for words in ("It leaks.", "It still leaks.")
    )

    mail_settling.join_case(first.pk, case.pk, by=a_person(), now=MONDAY)
    opened = mail_settling.open_new_case(second.pk, by=a_person(), now=MONDAY)

    assert set(Contact.objects.values_list("channel", flat=True)) == {"sms"}
    assert (opened.customer.email, opened.customer.phone) == ("", "+447700900999")
    assert verify.run() == []


@pytest.mark.parametrize("minutes", [0, 0.3, 5, 50])
def test_what_was_asked_by_mail_and_by_page_is_promised_one_answer(minutes):
    case = a_sent_letter().case
    came(a_mail(to=reply_to(Letter.objects.get())), now=MONDAY)

    later = MONDAY + timedelta(minutes=minutes)
    replies.send_words(a_sender(case), "When do you come?", now=later)

    promised = case.promises.get(words__contains="answers what you wrote")
    assert Mail.objects.get().promise == promised
    assert Reply.objects.get().promise == promised


def test_two_mails_and_the_page_between_them_are_promised_one_answer():
    letter = a_sent_letter()
    replies.send_words(a_sender(letter.case), "When do you come?", now=MONDAY)
    for minute in (7, 9):
        came(a_mail(f"And again {minute}.", to=reply_to(letter)), now=MONDAY + minute * MINUTE)

    assert letter.case.promises.filter(words__contains="answers what you wrote").count() == 1


def test_after_an_answer_that_did_not_come_a_mail_is_promised_a_new_one():
    letter = a_sent_letter()
    came(a_mail("When?", to=reply_to(letter)), now=MONDAY)
    late = letter.case.promises.get(words__contains="answers what you wrote").due_at

    came(a_mail("You did not answer.", to=reply_to(letter)), now=late + MINUTE)

    assert letter.case.promises.filter(words__contains="answers what you wrote").count() == 2


@pytest.mark.parametrize("method", ["REPLY", "COUNTER"])
def test_who_answers_the_entry_of_a_visit_opens_no_case_and_gets_no_receipt(method):
    mail = a_mail("", subject="Accepted: Visit")
    entry = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n"
    mail.add_alternative(entry, subtype="calendar", params={"method": method})

    kept = came(mail)

    assert kept.aside_because == AsideBecause.MACHINE
    assert (Case.objects.count(), Letter.objects.count()) == (0, 0)


def test_the_same_mail_twice_is_one_and_from_elsewhere_a_copy():
    letter = a_sent_letter()
    mail = a_mail(to=reply_to(letter))
    first, again = came(mail, place="8:7"), came(mail, place="8:7")
    assert first == again
    assert came(mail, place="9:1").aside_because == AsideBecause.COPY
    relayed = a_mail(to=reply_to(letter), Message_ID=mail["Message-ID"], Received="from elsewhere")
    assert came(relayed).aside_because == AsideBecause.COPY
    assert Contact.objects.count() == 1


def test_a_forged_number_of_a_mail_hides_no_other_mail():
    letter = a_sent_letter()
    first = a_mail("one", to=reply_to(letter))
    came(first)
    second = came(a_mail("two", to=reply_to(letter), Message_ID=first["Message-ID"]))
    assert second.kind == MailKind.REPLY


def test_new_mail_of_somebody_unknown_opens_a_case_and_gets_one_receipt():
    laura = a_person()
    mail = came(a_mail("My bin was left.", sender="ann@example.net", subject="Bin left"))
    case = Case.objects.get()
    assert (mail.kind, mail.case, case.title) == (MailKind.NEWS, case, "Bin left")
    assert (case.owner.team, case.customer.is_verified) == (laura.team, False)
    letter = Letter.objects.get()
    assert (letter.is_automatic, letter.recipient) == (True, "ann@example.net")
    assert letter.answers_id == mail.message_id
    assert verify.run() == []


def test_new_mail_of_a_customer_opens_one_case_and_then_joins_it():
    a_person()
    customer = customers.Customer.objects.create(
        name="David", zone="Europe/London", since=MONDAY, email=ADDRESS
    )
    first, second = came(a_mail("It is wrong.")), came(a_mail("It is still wrong."))
    assert first.case == second.case == Case.objects.get(customer=customer)
    assert Letter.objects.count() == 1


def test_where_nobody_works_a_mail_waits():
    mail = came(a_mail(sender="ann@example.net"))
    assert mail.aside_because == AsideBecause.NO_OWNER


@pytest.mark.parametrize(
    ("action", "state"),
    [("failed", "bounced_at"), ("delivered", "delivered_at"), ("relayed", "delivered_at")],
)
@pytest.mark.parametrize("by_envelope", [False, True])
def test_a_report_of_a_mail_server_says_what_became_of_a_letter(action, state, by_envelope):
    letter = a_sent_letter()
    before = state_of(letter.case)
    mark = letters.return_mark(letter)
    known = {"to": MAILBOX, "envelope": mark} if by_envelope else {"to": returns_to(letter).upper()}
    mail = came(a_bounce(letter, action=action, **known), now=MONDAY + MINUTE)
    letter.refresh_from_db()
    assert (mail.kind, mail.case) == (MailKind.RECEIPT, letter.case)
    assert getattr(letter, state) == MONDAY + MINUTE
    assert state_of(letter.case) == before


def test_a_letter_that_is_late_has_not_come_back():
    letter = a_sent_letter()
    came(a_bounce(letter, action="delayed"))
    letter.refresh_from_db()
    assert (letter.bounced_at, letter.delivered_at) == (None, None)


def test_files_are_kept_with_what_they_really_are():
    letter = a_sent_letter()
    mail = a_mail(to=reply_to(letter))
    mail.add_attachment(b"%PDF-1.7", maintype="image", subtype="png", filename="bill.png")
    kept = came(mail)
    file = Attachment.objects.get(mail=kept)
    assert (file.name, file.said, file.sniffed, file.size) == (
        "bill.png", "image/png", "application/pdf", 8,
    )  # fmt: skip


def test_the_timeline_holds_no_words_of_a_mail():
    letter = a_sent_letter()
    came(a_mail("A secret of David", to=reply_to(letter)))
    bodies = [json.loads(entry.body) for entry in letter.case.timeline.all()]
    assert "secret" not in json.dumps(bodies)
    assert [body["facts"]["mail"] for body in bodies if body["kind"] == "mail_received"]


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("mail_kind_is_known", "kind = 'other'"),
        ("mail_is_set_aside_for_a_known_reason", "aside_because = 'other'"),
        ("mail_belongs_to_a_case_or_is_set_aside", "aside_because = ''"),
        ("mail_is_settled_by_somebody_as_something", "settled_at = received_at"),
    ],
)
def test_the_database_refuses_a_mail_that_makes_no_sense(law, change):
    came(a_mail(proven=None))
    with refused_by(law):
        sql(f"UPDATE records_mail SET {change}")


def test_the_database_refuses_a_mail_or_a_file_twice():
    mail = a_mail(proven=None)
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="x.png")
    first, _second = came(mail, place="1:1"), came(b"x", place="1:2")
    with refused_by("mail_once_per_place"):
        sql("UPDATE records_mail SET place = '1:1'")
    with refused_by("attachment_has_a_name"):
        sql("UPDATE records_attachment SET name = ''")
    with refused_by("attachment_once_per_place_in_its_mail"):
        sql(
            "INSERT INTO records_attachment (mail_id, number, name, said, sniffed, size)"
            " SELECT mail_id, number, name, said, sniffed, size FROM records_attachment"
            f" WHERE mail_id = {first.pk}"
        )
