"""Mails that come in: proven or forged, of people and machines, as bytes."""

from datetime import datetime
from email.message import EmailMessage
from itertools import count

from letter_world import ADDRESS, a_letter
from makegood.actions import letters, mails
from makegood.actions.mails import Came
from makegood.records.models import Case, Contact, Letter, Mail, Promise
from makegood.rules.letters import reply_address
from world import MONDAY

HOST = "mx.example.com"
MAILBOX = "help@example.com"
_NUMBERS = count(1)


def proof(address: str = ADDRESS, result: str = "pass") -> str:
    domain = address.rpartition("@")[2]
    return f"{HOST}; dmarc={result} header.from={domain}"


def reply_to(letter: Letter) -> str:
    return reply_address(MAILBOX, letters.reply_token(letter))


def returns_to(letter: Letter) -> str:
    return reply_address(MAILBOX, letters.return_mark(letter))


def a_mail(
    words: str = "When do you come?",
    *,
    sender: str = ADDRESS,
    to: str = MAILBOX,
    proven: str | None = "pass",
    subject: str = "Your case",
    **headers: str,
) -> EmailMessage:
    """A mail of a person; `headers` by name, with _ for -."""
    mail = EmailMessage()
    if proven is not None:
        mail["Authentication-Results"] = proof(sender, proven)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{next(_NUMBERS)}@example.net>"
    for name, value in headers.items():
        header = name.replace("_", "-")
        del mail[header]
        mail[header] = value
    mail.set_content(words)
    return mail


def came(mail: EmailMessage | bytes, *, place: str = "", now: datetime = MONDAY) -> Mail:
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    place = place or f"1:{next(_NUMBERS)}"
    return mails.receive(Came(raw=raw, source="imap:test", place=place), now=now)


def a_bounce(
    letter: Letter, *, action: str = "failed", to: str | None = None, envelope: str = ""
) -> bytes:
    """A report of a mail server (RFC 3464), to the address on the envelope unless it is said."""
    status = "5.1.1" if action == "failed" else "2.0.0"
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@example.net\r\n"
        f"To: {to if to is not None else returns_to(letter)}\r\nSubject: Delivery report\r\n"
        f"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt was so.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example.net\r\n"
        f"Original-Envelope-Id: {envelope}\r\n\r\n"
        f"Final-Recipient: rfc822; {letter.recipient}\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; 550 no such person\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter.message_id}\r\n"
        "--b--\r\n"
    ).encode()


def a_sent_letter(case=None, **more) -> Letter:
    letter = a_letter(case, **more)
    letters.take(now=MONDAY)
    letters.leaving(letter.pk, now=MONDAY)
    letters.left(letter.pk, provider_id="", now=MONDAY)
    letter.refresh_from_db()
    return letter


def state_of(case: Case) -> tuple:
    """All of a case that mail may not change by itself."""
    case.refresh_from_db()
    promises = Promise.objects.filter(case=case).order_by("pk")
    return (
        case.owner_id, case.severity, case.closed_at, case.title, case.wanted,
        list(promises.values_list("pk", "words", "due_at", "outcome")),
        Contact.objects.filter(case=case).count(),
    )  # fmt: skip
