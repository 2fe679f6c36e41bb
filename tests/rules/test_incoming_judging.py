"""Who sent a mail, whether a person wrote it, and which of its words are new."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_world import HOST, a_mail
from makegood.rules.incoming import automatic, quoting, sender
from makegood.rules.incoming.parsing import parse

ADDRESS = "ann@mail.example.net"


@pytest.mark.parametrize(
    ("results", "proven"),
    [
        ([f"{HOST}; dmarc=pass header.from=mail.example.net"], True),
        ([f"{HOST} 1; dkim=pass (2048-bit) header.d=example.net"], True),
        ([f"{HOST}; spf=pass smtp.mailfrom=bounce@mail.example.net"], True),
        ([f"{HOST}; dkim=pass header.d=mail.example.net; dmarc=fail header.from=x"], False),
        ([f"{HOST}; dmarc=pass header.from=evil.example.org"], False),
        ([f"{HOST}; dkim=pass header.d=evil.example.org"], False),
        ([f"{HOST}; dkim=pass header.d=net"], False),
        ([f"{HOST}; dkim=pass header.d=evilexample.net"], False),
        ([f"{HOST}; dkim=fail header.d=mail.example.net"], False),
        ([f"{HOST}; none"], False),
        (["mx.evil.example; dmarc=pass header.from=mail.example.net"], False),
        # One that the sender put in himself stands below that of our server.
        ([f"{HOST}; dmarc=fail", f"{HOST}; dmarc=pass header.from=mail.example.net"], False),
        ([f"{HOST} (; dmarc=pass header.from=mail.example.net); dmarc=fail"], False),
        ([f'{HOST}; x=y reason="; dmarc=pass header.from=mail.example.net'], False),
        ([], False),
        (["", ";;;", "=", f"{HOST}"], False),
    ],
)
def test_attack_1_only_our_own_server_proves_a_sender(results, proven):
    assert sender.is_proven(results, trusted=HOST, address=ADDRESS) is proven
    assert not sender.is_proven(results, trusted="", address=ADDRESS)


@given(st.lists(st.text(), max_size=5), st.text())
def test_no_junk_proves_anything(results, address):
    assert not sender.is_proven(results, trusted=HOST, address=address)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"Auto_Submitted": "no", "Subject": "Out of office"}, ""),
        ({"Auto_Submitted": "auto-replied; x=y"}, "automatic"),
        ({"Auto_Submitted": "auto-generated"}, "automatic"),
        ({"Precedence": "bulk"}, "list"),
        ({"List_Id": "<list.example.net>"}, "list"),
        ({"List_Unsubscribe": "<mailto:x@example.net>"}, "list"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"Return_Path": "<>"}, "report"),
        ({"Return_Path": "<>", "Auto_Submitted": "no"}, "report"),
        ({"From": "no-reply@slack.example"}, "nobody"),
        ({"From": "MAILER-DAEMON@example.net"}, "nobody"),
        ({"Subject": "Undelivered Mail Returned to Sender"}, "report"),
        ({"Subject": "My office is cold"}, ""),
    ],
)
def test_attack_12_and_13_machines_are_known_by_what_they_say(headers, why):
    assert automatic.why(parse(a_mail(**headers).as_bytes())) == why


@pytest.mark.parametrize(
    ("method", "why"), [("REPLY", "calendar"), ("COUNTER", "calendar"), ("REQUEST", ""), ("", "")]
)
@pytest.mark.parametrize("by_header", [True, False])
def test_the_answer_of_a_calendar_program_is_of_a_machine_and_an_entry_of_a_person_is_not(
    method, why, by_header
):
    mail = a_mail("", subject="Accepted: Visit")
    line = "" if by_header or not method else f"METHOD:{method}\r\n"
    entry = f"BEGIN:VCALENDAR\r\n{line}END:VCALENDAR\r\n"
    mail.add_alternative(entry, subtype="calendar", params={"method": method if by_header else ""})
    assert automatic.why(parse(mail.as_bytes())) == why


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your case", "Out of Office", "Abwesenheitsnotiz: Ihr Fall",
        "Réponse automatique : absence", "Respuesta automática: caso", "Risposta automatica: caso",
        "Automatisch antwoord: zaak", "Resposta automática: caso", "Autosvar: ärende",
        "Automatyczna odpowiedź: sprawa", "Автоматический ответ: дело", "自动回复: 案件",
    ],
)  # fmt: skip
def test_attack_12_absence_is_understood_in_ten_languages(subject):
    assert automatic.why(parse(a_mail(subject=subject).as_bytes())) == "away"


@pytest.mark.parametrize(
    "introduced",
    [
        "On Mon, 1 Jun 2026 at 09:00, Acme <help@example.com> wrote:\n> When?",
        "On Mon, 1 Jun 2026 at 09:00, Acme\n<help@example.com> wrote:\n> When?",
        "Am 01.06.26 um 09:00 schrieb Acme:\n> Wann?",
        "Le lun. 1 juin 2026 à 09:00, Acme a écrit :\n> Quand ?",
        "-----Original Message-----\nFrom: Acme",
        "-----Ursprüngliche Nachricht-----\nVon: Acme",
        "From: Acme <help@example.com>\nSent: Monday\nTo: Ann\nSubject: Your case\n\nWhen?",
        "Von: Acme\nGesendet: Montag\nAn: Ann\nBetreff: Ihr Fall\n\nWann?",
        "> When?",
    ],
)
def test_what_is_quoted_is_history_and_nothing_is_lost(introduced):
    text = f"On Friday, please.\nFrom: the bottom of my heart\n\n-- \nAnn\n\n{introduced}"
    parts = quoting.split(text)
    assert parts.words == "On Friday, please.\nFrom: the bottom of my heart"
    assert parts.signature == "-- \nAnn"
    assert parts.history == introduced


@pytest.mark.parametrize(
    "text",
    [
        "> You asked: when?\nOn Friday.\n> And where?\nAt home.",
        "On Friday she wrote: no.\nAnd that was that.",
        "Only words.",
    ],
)
def test_what_is_said_between_quotes_is_words(text):
    assert quoting.split(text).words == text


def test_a_mail_of_quotes_alone_is_shown_whole():
    assert quoting.split("> all\n> quoted").words == "> all\n> quoted"


@given(st.text(alphabet="ab>- \n:OnwroteFrom", max_size=300))
def test_nothing_that_was_said_is_lost(text):
    parts = quoting.split(text)
    together = f"{parts.words}{parts.signature}{parts.history}"
    assert sorted("".join(together.split())) == sorted("".join(text.split()))


@pytest.mark.parametrize(
    "text",
    ["On x wrote:\n" * 20_000, ">" * 500_000, "From: a\n" * 50_000, "On " + "a " * 100_000],
)
def test_attack_50_no_text_takes_long_to_take_apart(text):
    began = time.process_time()
    quoting.split(text)
    assert time.process_time() - began < 10
