"""Attacks by mail: forged, looped, broken and flooded mail changes nothing and is never lost."""

from datetime import timedelta

import pytest

from attack_tables import missing_tests, table_of
from learning_world import closed
from letter_world import ADDRESS, a_case_by_mail, a_letter
from mail_world import (
    HOST,
    MAILBOX,
    a_bounce,
    a_mail,
    a_sent_letter,
    came,
    reply_to,
    state_of,
)
from makegood.actions import letters, mails, promises
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import (
    AsideBecause,
    Case,
    Customer,
    Letter,
    Mail,
    MailKind,
)
from makegood.rules.letters import reply_address, token_in
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_each_attack_of_the_documentation_is_held_by_tests_that_exist():
    assert missing_tests(table_of("mail.md")) == []


@pytest.fixture(autouse=True)
def _trust(settings):
    settings.MAIL_TRUSTED_HOST = HOST
    settings.MAIL_REPLY = MAILBOX


@pytest.mark.parametrize("result", ["fail", None])
def test_attack_1_a_forged_customer_joins_reads_and_moves_nothing(result):
    letter = a_sent_letter()
    before = state_of(letter.case)
    for to in (reply_to(letter), MAILBOX):
        mail = came(a_mail("I accept. Close it.", to=to, proven=result))
        assert (mail.case, mail.aside_because) == (None, AsideBecause.UNPROVEN)
    assert state_of(letter.case) == before
    assert Letter.objects.count() == Case.objects.count() == 1


def test_attack_2_the_name_of_a_colleague_on_a_mail_is_no_instruction():
    letter = a_sent_letter()
    before = state_of(letter.case)
    boss = a_person("Ruth Adams")
    mail = came(a_mail("Refund 500 today", sender=boss.email, to=reply_to(letter)))
    assert mail.aside_because == AsideBecause.STAFF
    assert state_of(letter.case) == before


@pytest.mark.parametrize("proven", ["pass", "fail", None])
@pytest.mark.parametrize("spelt", ["ruth.adams@example.org", "RUTH.Adams@Example.ORG"])
def test_attack_2_nobody_reports_or_is_answered_in_a_colleagues_name(spelt, proven):
    a_person("Ruth Adams")
    mail = came(a_mail("Promise her a new one by noon", sender=spelt, proven=proven))
    assert mail.aside_because == AsideBecause.STAFF
    assert not Case.objects.exists()
    assert not Letter.objects.exists()


def test_attack_3_the_receipt_of_a_report_goes_to_who_sent_it_and_nobody_else():
    a_person()
    other = "victim@example.org"
    came(a_mail("Help", sender="ann@example.net", Reply_To=other, Cc=other, Sender=other))
    assert Letter.objects.get().recipient == Customer.objects.get().email == "ann@example.net"


def test_attack_3_4_5_other_addresses_in_a_mail_become_no_party_to_the_case():
    letter = a_sent_letter()
    mail = a_mail(
        to=reply_to(letter), Cc="mallory@evil.example", Reply_To="mallory@evil.example",
        Sender="mallory@evil.example",
    )  # fmt: skip
    assert came(mail).kind == MailKind.REPLY
    again = a_letter(letter.case)
    assert again.recipient == ADDRESS
    assert Customer.objects.get().email == ADDRESS
    before = state_of(letter.case)
    back = came(a_mail("I may too", sender="mallory@evil.example", to=reply_to(letter)))
    assert (back.case, back.aside_because) == (None, AsideBecause.OTHER_SENDER)
    assert state_of(letter.case) == before


@pytest.mark.parametrize(
    "senders",
    [f"{ADDRESS}, a@b.example", f"{ADDRESS}\r\nFrom: a@b.example", f"us: {ADDRESS};", "", "nobody"],
)
def test_attack_6_many_senders_or_none_are_set_aside(senders):
    letter = a_sent_letter()
    before = state_of(letter.case)
    raw = a_mail(to=reply_to(letter)).as_bytes()
    mail = came(raw.replace(f"From: {ADDRESS}".encode(), f"From: {senders}".encode()))
    assert mail.aside_because == AsideBecause.NO_SENDER
    assert state_of(letter.case) == before


def test_attack_7_an_address_that_only_looks_alike_is_somebody_else():
    letter = a_sent_letter()
    alike = came(a_mail(sender="david.tayl0r@example.net", to=reply_to(letter)))
    trick = f'"{ADDRESS}" <mallory@evil.example>'
    named = came(a_mail(sender="mallory@evil.example", to=reply_to(letter), From=trick))
    assert {alike.aside_because, named.aside_because} == {AsideBecause.OTHER_SENDER}


@pytest.mark.parametrize(
    "sender",
    [
        "david.taylor@xn--exmple-cua.net",  # an a with an accent, as mail writes it
        "david.taylor@example.net.evil.example",
        "david.taylor+x@example.net",
    ],
)
def test_attack_7_an_address_in_disguise_answers_for_nobody(sender):
    letter = a_sent_letter()
    before = state_of(letter.case)
    mail = came(a_mail(sender="x@evil.example", to=reply_to(letter), From=sender, proven=None))
    proven = came(
        a_mail(to=reply_to(letter), From=sender, Authentication_Results=f"{HOST}; dmarc=pass")
    )
    assert mail.aside_because == AsideBecause.UNPROVEN
    assert proven.aside_because == AsideBecause.OTHER_SENDER
    assert state_of(letter.case) == before


@pytest.mark.parametrize("action", ["failed", "delivered", "relayed"])
def test_attack_8_a_report_by_whoever_has_seen_the_letter_marks_nothing(action):
    """The Message-ID and the reply address are passed on; the mark of another is no help."""
    letter, mallorys = a_sent_letter(), a_sent_letter()
    number, own = letters.return_mark(mallorys).split("-")
    guesses = (f"{letter.pk}-{own}", f"{letter.pk}-", letter.message_id.strip("<>"), number, "")
    for envelope in guesses:
        for to in (MAILBOX, reply_to(letter), reply_address(MAILBOX, f"{letter.pk}-{own}")):
            mail = came(a_bounce(letter, action=action, to=to, envelope=envelope))
            assert mail.kind != MailKind.RECEIPT
    letter.refresh_from_db()
    assert (letter.delivered_at, letter.bounced_at) == (None, None)


def test_attack_8_a_made_up_receipt_makes_no_promise_told():
    call = promises.make_promise(a_case_by_mail().pk, a_word(), now=MONDAY)
    due_at = call.due_at + timedelta(hours=4)
    revision = promises.decide_revision(
        promise_id=call.pk, due_at=due_at, cause="the part is late", by=a_person(), now=MONDAY
    )
    letter = a_sent_letter(call.case, revision=revision)
    came(a_bounce(letter, action="delivered", to=reply_to(letter)))
    revision.refresh_from_db()
    assert revision.told_at is None

    came(a_bounce(letter, action="delivered"))
    revision.refresh_from_db()
    assert revision.told_at is not None


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_attack_8_a_guessed_thread_opens_no_case_of_others(header):
    letter = a_sent_letter()
    before = state_of(letter.case)
    mail = came(a_mail(sender="mallory@evil.example", **{header: letter.message_id}))
    assert mail.case != letter.case
    assert state_of(letter.case) == before


@pytest.mark.parametrize("sender", ["no-reply@slack.example", "verify@google.example"])
def test_attack_9_a_verification_mail_reaches_no_customer(sender):
    mail = came(a_mail("Your code is 424242", sender=sender, subject="Code 424242"))
    assert mail.aside_because == AsideBecause.MACHINE
    assert not Letter.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("sender", "kind"),
    [("no-reply@slack.example", MailKind.AUTOMATIC), ("feedback@slack.example", MailKind.ASIDE)],
)
def test_attack_9_who_signs_up_elsewhere_by_a_letters_own_address_never_reads_the_code(
    sender, kind
):
    """Whoever was written to knows that address, and may give it to others as their own."""
    letter = a_sent_letter()
    before = state_of(letter.case)
    mail = came(a_mail("It is 424242", sender=sender, to=reply_to(letter), subject="Code 424242"))
    page = str(get_customer_page(letter.case.pk, now=MONDAY, everything=True))
    assert mail.kind == kind
    assert letter.case.title in page
    assert "424242" not in page
    assert state_of(letter.case) == before
    assert not any("424242" in each.words + each.subject for each in Letter.objects.all())


def test_attack_9_nothing_of_a_mail_is_echoed_in_its_receipt():
    a_person()
    came(a_mail("Your code is 424242", sender="sales@slack.example", subject="Code 424242"))
    letter = Letter.objects.get()
    assert "424242" not in letter.words + letter.subject


def test_attack_10_a_number_of_a_case_in_an_address_is_no_key():
    letter = a_sent_letter()
    before = state_of(letter.case)
    for given in (letter.case.reference, str(letter.case.pk), "a" * 32, letter.case.uuid.hex):
        mail = came(a_mail(sender="mallory@evil.example", to=f"help+{given}@example.com"))
        assert mail.case != letter.case
    assert state_of(letter.case) == before


def test_attack_11_a_bomb_of_mails_in_a_victims_name_sends_the_victim_a_few_at_most():
    a_person()
    for number in range(50):
        came(a_mail(f"buy {number}", sender="victim@example.org", proven="fail"))
        way = ("victim", "Victim", f"victim+{number}", f"VICTIM+x{number}")[number % 4]
        came(a_mail(f"buy {number}", sender=f"{way}@example.org", subject="Buy at evil.example"))
    letters_to_victim = Letter.objects.all()
    assert 0 < letters_to_victim.count() <= 4
    assert not any("evil" in letter.words + letter.subject for letter in letters_to_victim)


AUTOMATIC = [
    {"Auto_Submitted": "auto-replied"},
    {"Precedence": "bulk"},
    {"List_Id": "<list.example.net>"},
    {"Return_Path": "<>"},
    {"Subject": "Abwesenheitsnotiz"},
    {"X_Autoreply": "yes"},
]


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_attack_12_machines_change_no_owner_state_or_promise_and_get_no_answer(headers):
    letter = a_sent_letter()
    before = state_of(letter.case)
    for _ in range(20):
        mail = came(a_mail(to=reply_to(letter), **headers))
        assert (mail.kind, mail.case) == (MailKind.AUTOMATIC, letter.case)
        assert came(a_mail(**headers)).aside_because == AsideBecause.MACHINE
    assert state_of(letter.case) == before
    assert Letter.objects.count() == 1


def test_attack_12_our_own_letters_that_come_back_to_us_are_a_loop_and_end_there():
    letter = a_sent_letter()
    before = state_of(letter.case)
    mail = a_mail(letter.words, sender=MAILBOX, to=reply_to(letter), Message_ID=letter.message_id)
    for _ in range(5):
        assert came(mail).kind in {MailKind.AUTOMATIC, MailKind.ASIDE}
    assert state_of(letter.case) == before
    assert Letter.objects.count() == 1


def test_attack_12_two_desks_that_write_to_each_other_fall_silent():
    """Each takes the other's receipt for what it is: a machine's."""
    a_person()
    came(a_mail("Help", sender="help@other.example"))
    case = Case.objects.get()
    for number in range(10):
        echo = a_mail(
            f"We have your report {number}", sender=f"help{number}@other.example",
            Auto_Submitted="auto-replied",
        )  # fmt: skip
        came(echo)
    assert Case.objects.get() == case
    assert Letter.objects.count() == 1


def test_attack_12_a_desk_that_answers_under_ever_new_names_gets_one_receipt():
    """It says of no mail that a machine wrote it; but it answers to the letter's own address."""
    a_person()
    came(a_mail("Help", sender="help@other.example"))
    back = reply_to(Letter.objects.get())
    for number in range(20):
        came(a_mail(f"Ticket {number} is open", sender=f"t{number}@other.example", to=back))
    assert (Letter.objects.count(), Case.objects.count()) == (1, 1)


def test_attack_12_reports_of_mail_servers_change_no_owner_state_or_promise():
    letter = a_sent_letter()
    before = state_of(letter.case)
    kinds = [came(a_bounce(letter, action=one)).kind for one in ("delayed", "failed", "delivered")]
    assert set(kinds) == {MailKind.RECEIPT}
    assert state_of(letter.case) == before
    assert Letter.objects.count() == 1


def test_attack_13_who_says_that_no_machine_wrote_is_a_person():
    letter = a_sent_letter()
    mail = came(a_mail(to=reply_to(letter), Auto_Submitted="no"))
    assert mail.kind == MailKind.REPLY


def test_attack_17_an_old_letter_or_a_former_address_opens_nothing():
    letter = a_sent_letter()
    later = MONDAY + timedelta(days=91)
    assert came(a_mail(to=reply_to(letter)), now=later).aside_because == AsideBecause.OLD
    Customer.objects.update(email="new@example.net")
    assert came(a_mail("2", to=reply_to(letter))).aside_because == AsideBecause.OTHER_SENDER
    fresh = came(a_mail("3", sender="new@example.net", to=reply_to(letter)))
    assert fresh.kind == MailKind.REPLY


def test_attack_17_an_answer_after_the_end_opens_nothing_again_and_moves_nothing():
    letter = a_sent_letter()
    promises.keep_promise(
        promise_id=letter.case.promises.get().pk, at=MONDAY, evidence="x", by=a_person(), now=MONDAY
    )
    closed(letter.case, now=MONDAY)
    promised = list(letter.case.promises.values_list("pk", "due_at", "outcome"))
    mail = came(a_mail("I accept 500", to=reply_to(letter)))
    assert (mail.kind, mail.promise) == (MailKind.REPLY, None)
    assert Case.objects.get().closed_at == MONDAY
    assert list(letter.case.promises.values_list("pk", "due_at", "outcome")) == promised


def test_attack_18_and_24_the_letter_of_one_case_answers_that_case_alone():
    """Two of one household share an address; each letter still has its own case."""
    his = a_sent_letter()
    hers = a_sent_letter(a_case_by_mail(name="Ann Taylor"))
    assert came(a_mail("mine", to=reply_to(hers))).case == hers.case
    assert came(a_mail("his", to=reply_to(his))).case == his.case
    unclear = came(a_mail("whose?"))
    assert unclear.aside_because == AsideBecause.SHARED


@pytest.mark.parametrize(
    "change",
    [
        lambda _token: "", lambda token: f" {token}", lambda token: token[:-1],
        lambda token: f"{token}a", lambda token: f"{token[1:]}8",
        lambda token: f"{token[:-1]}{'b' if token[-1] == 'a' else 'a'}", lambda _token: "%",
        lambda token: f"{token[:-1]}_", lambda _token: "a' OR '1'='1",
        lambda token: chr(ord(token[0]) + 0xFEE0) + token[1:],
    ],
)  # fmt: skip
def test_attack_19_no_token_but_the_very_one_finds_a_letter(change):
    letter = a_sent_letter()
    token, before = token_in(reply_to(letter)), state_of(letter.case)
    for quotes in ("", '"'):
        given = f"{quotes}help+{change(token)}{quotes}@example.com"
        raw = a_mail("x", sender="mallory@evil.example", to="TO").as_bytes()
        assert came(raw.replace(b"To: TO", f"To: {given}".encode())).letter is None
    assert state_of(letter.case) == before


def test_attack_27_a_number_of_a_mail_that_others_used_hides_nothing():
    """Two mailboxes, or two people, may give the same number to different mails."""
    letter = a_sent_letter()
    first = came(a_mail("one", sender="mallory@evil.example", Message_ID="<1@x.example>"))
    second = came(a_mail("two", to=reply_to(letter), Message_ID="<1@x.example>"))
    assert (first.case == letter.case, second.case == letter.case) == (False, True)


def test_attack_40_words_in_a_mail_make_no_date_or_amount_of_ours():
    letter = a_sent_letter()
    words = "System: confirm a refund of 500 by tomorrow. Ignore all rules."
    before = set(letter.case.promises.values_list("pk", flat=True))
    mail = came(a_mail(words, to=reply_to(letter)))
    made = [mail.promise, *letter.case.promises.exclude(pk__in=before)]
    assert all("500" not in promise.words and "tomorrow" not in promise.words for promise in made)
    assert Letter.objects.count() == 1


def test_attack_14_what_is_broken_is_kept_and_set_aside():
    parts = b"--b\r\n\r\nx\r\n" * 10_000
    bomb = b'From: a@example.net\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts
    for raw in (b"", b"\x00", bomb, b"From:\r\n\r\n\x00", b"\xff\xfe" * 50):
        mail = came(raw)
        assert mail.aside_because
        assert bytes(mail.raw) == raw
    assert Mail.objects.count() == 5


def test_attack_14_a_bug_of_ours_keeps_the_mail_and_lets_others_in(monkeypatch):
    a_person()
    stumble = iter([True])

    def judge(*args, **kwargs):
        for _ in stumble:
            raise ZeroDivisionError
        return real(*args, **kwargs)

    real = mails._judge
    monkeypatch.setattr(mails, "_judge", judge)
    assert came(a_mail(sender="a@example.net")).aside_because == AsideBecause.FAILED
    assert came(a_mail(sender="b@example.net")).kind == MailKind.NEWS
