"""Attacks on letters as they leave: their links, their words, and what the log says of them."""

from datetime import timedelta

import pytest
from django.test import Client

from letter_world import ADDRESS, a_case_by_mail, a_letter, quiet
from mail_world import HOST, MAILBOX, a_mail, a_sent_letter, came, proof, reply_to
from makegood.actions import letters, links, promises
from makegood.clockwork import letters_out
from makegood.records.models import AsideBecause, CaseLink, Letter
from makegood.rules.letters import token_in
from post_office import a_post_office, html_of, text_of
from standing_clock import StandingClock
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    with a_post_office(settings) as office:
        yield office


def link_in(office, number: int = 0) -> str:
    return "/c/" + text_of(office.letters[number]).partition("/c/")[2].split()[0]


def test_attack_4_and_5_a_letter_leaves_for_the_address_on_record_alone(office, settings):
    settings.MAIL_TRUSTED_HOST, settings.MAIL_REPLY = HOST, MAILBOX
    first = a_sent_letter()
    others = {"Cc": "mallory@evil.example, ann@example.net", "Reply_To": "mallory@evil.example"}
    came(a_mail(to=reply_to(first), **others))
    came(a_mail("And?", to=reply_to(first)))  # where nobody else stands any more
    a_letter(first.case)
    letters_out.send_waiting(quiet(), now=MONDAY)
    sent = office.letters[0]
    assert office.recipients == [ADDRESS]
    assert (sent["To"], sent["Cc"], sent["Bcc"]) == (ADDRESS, None, None)


def test_attack_12_our_own_receipt_at_another_desk_of_ours_is_a_machines(office, settings):
    settings.MAIL_TRUSTED_HOST, settings.MAIL_REPLY = HOST, MAILBOX
    letters.write_receipt(a_case_by_mail(), now=MONDAY)
    letters_out.send_waiting(quiet(), now=MONDAY)
    receipt, there = office.letters[0], "help@other.example"
    replaced = {
        "From": there, "To": MAILBOX, "Message-ID": "<1@other.example>",
        "Reply-To": f"help+{'a' * 32}@other.example",
    }  # fmt: skip
    for name, value in replaced.items():
        del receipt[name]
        receipt[name] = value
    receipt["Authentication-Results"] = proof(there)
    assert came(receipt).aside_because == AsideBecause.MACHINE
    del receipt["Auto-Submitted"]  # by which alone it was known
    del receipt["Message-ID"]
    assert came(receipt).aside_because != AsideBecause.MACHINE


def test_attack_16_whoever_follows_every_link_of_a_letter_changes_nothing(office):
    letter = a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    before = list(letter.case.timeline.values_list("seq", "kind"))
    scanner, address = Client(), link_in(office)
    for _ in range(3):
        assert scanner.get(address).status_code == 200
        assert scanner.head(address).status_code == 200
        assert scanner.get(address, headers={"user-agent": "Slackbot"}).status_code == 200
    assert list(letter.case.timeline.values_list("seq", "kind")) == before
    letter.refresh_from_db()
    assert letter.delivered_at is None  # a machine that looks is no customer who read


def test_attack_17_and_18_a_link_ends_with_its_time_or_when_taken_back_and_opens_one_case(office):
    mine, other = a_letter(), a_letter(a_case_by_mail(name="Ann"))
    letters_out.send_waiting(quiet(), now=MONDAY)
    assert "Ann" not in Client().get(link_in(office)).content.decode()
    links.revoke_links(mine.case_id, by=a_person(), now=MONDAY)
    assert Client().get(link_in(office)).status_code == 404
    CaseLink.objects.filter(case=other.case).update(
        made_at=MONDAY - timedelta(days=9), expires_at=MONDAY - timedelta(days=1)
    )
    assert Client().get(link_in(office, 1)).status_code == 404


def test_attack_20_tokens_come_from_no_number_and_no_key_alone(office, settings):
    first, second = a_letter(), a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    tokens = {token_in(str(sent["Reply-To"])) for sent in office.letters}
    tokens |= {link_in(office, number).rpartition("/")[2] for number in range(2)}
    assert len(tokens) == 4
    stored = [bytes(row.secret) + bytes(row.reply_digest) for row in Letter.objects.all()]
    assert not any(token.encode() in kept for token in tokens for kept in stored)
    known = letters.reply_token(first)
    settings.SECRET_KEY = "x" * 50
    assert letters.reply_token(first) != known
    assert bytes(first.secret) != bytes(second.secret)


def test_attack_21_and_46_no_secret_and_no_address_stands_in_the_log(office, caplog, capfd):
    a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    office.at_rcpt = "550 no"
    a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("makegood")]
    assert ours
    said = " ".join(ours)
    for sent in office.letters:
        assert token_in(str(sent["Reply-To"])) not in said
        assert str(sent["To"]) not in said
    page = Client().get(link_in(office))
    assert page.headers["Referrer-Policy"] == "no-referrer"
    capfd.readouterr()


def test_attack_22_the_links_of_letters_go_where_we_are_and_nowhere_else(office, settings):
    settings.BASE_URL = "https://desk.example.com"
    a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    for form in (text_of(office.letters[0]), html_of(office.letters[0])):
        found = [word for word in form.replace('"', " ").split() if "://" in word]
        assert all(word.startswith("https://desk.example.com/c/") for word in found)
        assert found


def test_attack_40_a_promise_that_changed_between_writing_and_leaving_is_not_told(office):
    case = a_case_by_mail()
    call = promises.make_promise(case.pk, a_word(), now=MONDAY)
    letter = a_letter(case, tells=call)
    promises.keep_promise(promise_id=call.pk, at=MONDAY, evidence="rang", by=a_person(), now=MONDAY)
    letters_out.send_waiting(quiet(), now=MONDAY)
    letter.refresh_from_db()
    assert office.letters == []
    assert letter.held_at == MONDAY


def test_attack_40_the_same_numbers_and_times_stand_in_every_language(office):
    case = a_case_by_mail(language="de", zone="Europe/Berlin")
    a_letter(case, words="Wir kümmern uns darum.")
    letters_out.send_waiting(quiet(), now=MONDAY)
    sent = office.letters[0]
    assert sent["Content-Language"] == "de"
    assert sent["Subject"] == f"Ihr Fall {case.reference}"
    assert "Ihren Fall ansehen" in text_of(sent)
    assert "2. Juni" in text_of(sent)
    assert "11:00" in text_of(sent)
