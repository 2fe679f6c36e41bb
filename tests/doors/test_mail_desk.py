"""The desk's pages of letters and mails: what is shown, done, downloaded, and to whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from busy_day import NOW
from letter_world import ADDRESS, a_case_by_mail, a_letter
from mail_world import HOST, MAILBOX, a_mail, a_sent_letter, came, reply_to, state_of
from makegood.actions import letter_news, letters, promises
from makegood.records.models import (
    Attachment,
    Case,
    Contact,
    Letter,
    Mail,
    Message,
    MessageKind,
    Mute,
    SettledAs,
)
from makegood.rules.roles import Role
from standing_clock import StandingClock
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(monkeypatch, settings):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    settings.MAIL_TRUSTED_HOST, settings.MAIL_REPLY = HOST, MAILBOX


def signed_in(name: str = "Laura Bennett", **more) -> Client:
    client = Client()
    client.force_login(a_person(name, **more))
    return client


def test_a_case_shows_what_was_written_and_what_came_in_with_its_files():
    letter = a_sent_letter()
    mail = a_mail("On Friday.\n\n> When?", to=reply_to(letter))
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="bill.pdf")
    came(mail)
    page = signed_in().get(f"/cases/{letter.case.reference}/mails").content.decode()
    for words in ("We are on it.", "Delivered.", "On Friday.", "&gt; When?", "bill.pdf"):
        assert words in page


def test_a_mail_that_no_rule_could_place_stands_on_my_word_of_who_may_place_it():
    came(a_mail(proven=None, sender="stranger@example.net"))

    assert "belongs to no case yet" in signed_in().get("/").content.decode()
    assert "belongs to no case yet" not in (
        signed_in("Kay Keeper", role=Role.KNOWLEDGE_KEEPER).get("/").content.decode()
    )

    Mail.objects.update(settled_at=NOW, settled_by=a_person(), settled_as=SettledAs.NOTHING)
    assert "belongs to no case yet" not in signed_in().get("/").content.decode()


def test_attack_42_nothing_that_came_by_mail_runs_in_the_desk():
    letter = a_sent_letter()
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    mail = a_mail(evil, to=reply_to(letter), subject=evil, From=f'"{evil}" <{ADDRESS}>')
    mail.add_attachment(
        b"<svg onload=alert(3)>", maintype="image", subtype="svg+xml", filename="<b>x.svg"
    )
    came(mail)
    came(a_mail(evil, proven=None, subject=evil))
    for address in (
        f"/cases/{letter.case.reference}/mails",
        "/mail",
        f"/cases/{letter.case.reference}",
    ):
        page = signed_in().get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>x" not in page


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"<html><script>alert(1)</script>", "application/octet-stream"),
        (b"<svg onload=alert(1)>", "application/octet-stream"),
        (b"MZ", "application/octet-stream"),
    ],
)
def test_attack_42_a_file_is_saved_and_never_shown(content, kind):
    mail = a_mail(proven=None)
    mail.add_attachment(content, maintype="text", subtype="html", filename='a".html')
    file = Attachment.objects.get(mail=came(mail))
    answer = signed_in().get(f"/attachments/{file.pk}")
    assert (answer.content, answer.headers["Content-Type"]) == (content, kind)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_attack_25_files_and_mails_need_a_sign_in_and_a_right():
    mail = a_mail(proven=None)
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="x.png")
    kept = came(mail)
    file = Attachment.objects.get(mail=kept)
    for address in (f"/attachments/{file.pk}", "/mail"):
        assert Client().get(address).status_code == 302
    keeper = signed_in("Kay Keeper", role=Role.KNOWLEDGE_KEEPER.value)
    assert keeper.get("/mail").status_code == 403
    assert keeper.post(f"/mail/{kept.pk}/settle", {"as": "nothing"}).status_code == 403
    assert signed_in().get("/attachments/0").status_code == 404


def test_a_letter_is_written_on_the_desk_once_and_keeps_what_it_says_when_delivered():
    case = a_case_by_mail()
    news = case.promises.get()
    form = {
        "words": "We have found your bin.", "channel": "email", "about": f"keeps:{news.pk}",
        "sent_key": "c0ffee00-0000-4000-8000-000000000000",
    }  # fmt: skip
    laura = signed_in()
    for _ in range(2):
        answer = laura.post(f"/cases/{case.reference}/mails/write", form)
        assert answer.status_code == 302
    letter = Letter.objects.get()
    assert (letter.recipient, letter.keeps, letter.written_by.name) == (
        ADDRESS, news, "Laura Bennett",
    )  # fmt: skip
    letters.take(now=NOW)
    letters.leaving(letter.pk, now=NOW)
    letter_news.delivered(letter.pk, at=NOW, now=NOW)
    news.refresh_from_db()
    assert news.outcome == "kept"


def test_a_letter_can_tell_a_new_date_or_say_an_apology_of_its_own_case_alone():
    case, other = a_case_by_mail(), a_case_by_mail()
    for one in (case, other):
        call = promises.make_promise(one.pk, a_word(), now=MONDAY)
        promises.decide_revision(
            promise_id=call.pk, due_at=call.due_at + timedelta(hours=2), cause="x",
            by=a_person(), now=MONDAY,
        )  # fmt: skip
        Message.objects.create(
            case=one, kind=MessageKind.APOLOGY, about=f"case:{one.pk}", queued_at=MONDAY
        )
    laura = signed_in()
    page = laura.get(f"/cases/{case.reference}/mails").content.decode()
    assert page.count('value="revision:') == page.count('value="duty:') == 1
    theirs = Message.objects.get(case=other)
    form = {"words": "We are sorry.", "channel": "email", "about": f"duty:{theirs.pk}"}
    assert laura.post(f"/cases/{case.reference}/mails/write", form).status_code == 422
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("phone", "muted", "is_offered"),
    [
        ("+44 7700 900123", False, True),
        ("+44 7700 900123", True, False),
        ("07700 900123", False, False),  # of no country
        ("+49 170 12345678", False, False),
    ],
)
def test_a_text_message_is_offered_only_where_one_may_go(settings, phone, muted, is_offered):
    settings.SMS_COUNTRIES = ("+44",)
    if muted:
        Mute.objects.create(number="+447700900123", asked_at=MONDAY)
    case = a_case_by_mail(phone=phone)

    page = signed_in().get(f"/cases/{case.reference}/mails").content.decode()

    assert (f"or as a text message to {phone}" in page) is is_offered
    assert ('value="sms"' in page) is is_offered
    assert f"It goes to {ADDRESS}" in page


@pytest.mark.parametrize(
    ("phone", "muted", "says"),
    [
        ("+44 7700 900123", True, "+44 7700 900123 asked for no more text messages"),
        ("07700 900123", False, "no text message can go to 07700 900123 from here"),
        ("+49 170 12345678", False, "no text message can go to +49 170 12345678 from here"),
        ("+44 7700 900123", False, "It goes as a text message to +44 7700 900123"),
        ("", False, "No address of this customer is known."),
    ],
)
def test_a_customer_without_e_mail_is_said_to_be_out_of_reach_for_the_reason_that_holds(
    settings, phone, muted, says
):
    settings.SMS_COUNTRIES = ("+44",)
    if muted:
        Mute.objects.create(number="+447700900123", asked_at=MONDAY)
    case = a_case_by_mail(email="", phone=phone)

    page = signed_in().get(f"/cases/{case.reference}/mails").content.decode()

    assert says in page
    assert ("No address of this customer is known." in page) is (phone == "")
    assert ('name="words"' in page) is says.startswith("It goes")


def test_words_for_a_number_that_asks_for_no_more_meanwhile_come_back(settings):
    settings.SMS_COUNTRIES = ("+44",)
    case = a_case_by_mail(email="")
    laura = signed_in()
    before = laura.get(f"/cases/{case.reference}/mails").content.decode()
    assert ('value="sms"' in before, 'value="email"' in before) == (True, False)
    Mute.objects.create(number="+447700900123", asked_at=MONDAY)

    form = {"words": "We come at four.", "channel": "sms", "about": ""}
    answer = laura.post(f"/cases/{case.reference}/mails/write", form)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This number asked for no more text messages." in page
    assert "We come at four." in page.split('name="words"')[1].split("</textarea>")[0]
    assert "+44 7700 900123 asked for no more text messages" in page
    assert '<option value="sms" selected' in page
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("more", "status"),
    [({"words": ""}, 422), ({"channel": "pigeon"}, 422), ({"channel": "sms"}, 409)],
)
def test_a_letter_that_cannot_go_says_why_and_keeps_the_words(more, status):
    case = a_case_by_mail()
    form = {"words": "We are on it.", "channel": "email", "about": ""} | more
    answer = signed_in().post(f"/cases/{case.reference}/mails/write", form)
    assert answer.status_code == status
    assert form["words"] in answer.content.decode()


def test_only_a_person_lets_an_unsure_letter_leave_again():
    letter = a_letter(now=MONDAY - timedelta(hours=1))
    letters.take(now=letter.queued_at)
    letters.leaving(letter.pk, now=letter.queued_at)
    laura = signed_in()
    page = laura.get(f"/cases/{letter.case.reference}/mails").content.decode()
    assert f"/letters/{letter.pk}/again" in page
    assert "Nobody knows whether it left" in page
    assert laura.post(f"/letters/{letter.pk}/again").status_code == 302
    assert laura.post(f"/letters/{letter.pk}/again").status_code == 409


def test_a_mail_that_was_set_aside_opens_a_case_of_its_own_and_sends_nothing():
    david = a_case_by_mail()
    before = state_of(david)
    mail = came(a_mail("My bin!", proven=None, subject="Bin"))
    laura = signed_in()
    assert "Nothing proves who sent it." in laura.get("/mail").content.decode()
    assert laura.post(f"/mail/{mail.pk}/settle", {"as": "new"}).status_code == 302
    case = Case.objects.exclude(pk=david.pk).get()
    assert (case.title, case.owner.name, case.customer.is_verified) == (
        "Bin", "Laura Bennett", False,
    )  # fmt: skip
    assert state_of(david) == before
    assert not Letter.objects.exists()
    assert "My bin!" not in laura.get("/mail").content.decode()


def test_a_mail_that_was_set_aside_joins_a_case_that_somebody_names():
    case = a_case_by_mail()
    mail = came(a_mail("On Friday.", proven=None))
    laura = signed_in()
    join = {"as": "join", "reference": f" {case.reference.lower()} "}
    assert (
        laura.post(f"/mail/{mail.pk}/settle", {"as": "join", "reference": "X"}).status_code == 422
    )
    assert laura.post(f"/mail/{mail.pk}/settle", join).status_code == 302
    assert laura.post(f"/mail/{mail.pk}/settle", join).status_code == 409
    assert Contact.objects.get(case=case).note == "On Friday."
    assert Mail.objects.get().settled_as == SettledAs.JOINED


def test_a_mail_that_is_nothing_stays_kept():
    mail = came(b"\x00")
    assert signed_in().post(f"/mail/{mail.pk}/settle", {"as": "nothing"}).status_code == 302
    mail.refresh_from_db()
    assert (mail.settled_as, bytes(mail.raw)) == (SettledAs.NOTHING, b"\x00")


def test_mail_of_machines_stands_apart():
    came(a_mail("Newsletter", List_Id="<x>", subject="Buy"))
    laura = signed_in()
    assert "Newsletter" not in laura.get("/mail").content.decode()
    assert "Newsletter" in laura.get("/mail?machines").content.decode()


def test_a_customers_answer_waits_on_the_owners_own_page():
    letter = a_sent_letter()
    came(a_mail("On Friday.", to=reply_to(letter)))
    assert "On Friday." in signed_in().get("/").content.decode()


def test_the_pages_ask_the_same_however_much_there_is():
    letter = a_sent_letter()
    laura, counts = signed_in(), {}
    for round_ in range(3):
        for number in range(round_ * 3):
            mail = a_mail(f"{round_} {number}", to=reply_to(letter))
            mail.add_attachment(b"x", maintype="image", subtype="png", filename="x.png")
            came(mail)
            came(a_mail(f"aside {round_} {number}", proven=None))
            a_letter(letter.case)
        for address in (f"/cases/{letter.case.reference}/mails", "/mail"):
            with CaptureQueriesContext(connection) as asked:
                laura.get(address)
            counts.setdefault(address, []).append(len(asked))
    assert all(one[1] == one[2] for one in counts.values()), counts
