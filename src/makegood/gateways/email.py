"""Letters that leave by the mail server or provider, or stand on the console of a local desk."""

from collections.abc import Callable
from dataclasses import dataclass
from smtplib import (
    SMTP,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPResponseException,
)
from typing import cast

from anymail.exceptions import AnymailAPIError, AnymailError
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

_PERMANENT = range(500, 600)
_HTTP_REFUSED = range(400, 500)
_HTTP_AGAIN = frozenset({408, 409, 425, 429})


class EmailError(Exception):
    """A letter could not be handed to the mail server; the message says why."""


class EmailRefusedError(EmailError):
    """It will never take this letter, to this address: trying again would not help."""


class EmailUnsureError(EmailError):
    """The line broke while the letter was handed over: perhaps it has left, perhaps not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One letter to one person, in plain text."""

    to: str
    subject: str
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A letter of a case: in text and HTML, with where answers go, and its place in a thread.

    `returns_to` stands on the envelope alone: bounces and receipts come back there.
    `calendar` is the entry (iCalendar, with its METHOD) of the visit that it tells of, if any.
    """

    to: str
    subject: str
    text: str
    html: str
    language: str
    reply_to: str
    returns_to: str
    message_id: str
    references: tuple[str, ...] = ()
    automatic: str = ""
    calendar: bytes = b""


class NowhereBackend(BaseEmailBackend):
    """Stands where no mail server is named: a secret link in a server's log would be read by many.

    The console is for local desks alone.
    """

    def send_messages(self, email_messages: object) -> int:  # noqa: ARG002 - Django's signature
        """Refuse.

        :raises EmailError: always.
        """
        raise EmailError(
            "No mail server is named: set MAKEGOOD_MAIL_URL,"
            " such as smtp+tls://user:password@mail.example.com:587."
        )


def send(letter: Letter) -> None:
    """Hand a letter to the mail server.

    :raises EmailError: if it does not take it.
    """
    message = EmailMessage(subject=letter.subject, body=letter.body, to=[letter.to])
    # An answer by an absence assistant helps nobody.
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        message.send()
    except (OSError, SMTPException, ValueError) as error:
        raise EmailError(f"The mail server did not take it: {error}") from error


def hand_over(post: Post, *, leaving: Callable[[], None]) -> str:
    """Hand a letter over; `leaving` is called, once, right before its words leave.

    Returns the number that the provider knows it by, or nothing.

    :raises EmailRefusedError: if it will never be taken.
    :raises EmailUnsureError: if the line broke after it began to leave.
    :raises EmailError: if it was not taken, and should be tried again.
    """
    connection = get_connection()
    message = _message(post, connection)
    if isinstance(connection, SmtpBackend):
        _over_smtp(connection, message, post, leaving=leaving)
        return ""
    return _over_other(message, leaving=leaving)


def _message(post: Post, connection: object) -> EmailMultiAlternatives:
    headers = {"Message-ID": post.message_id, "Content-Language": post.language}
    if post.references:
        headers["In-Reply-To"] = post.references[-1]
        headers["References"] = " ".join(post.references)
    if post.automatic:
        # RFC 3834: other machines do not answer it; the second is Exchange's word for the same.
        headers["Auto-Submitted"] = post.automatic
        headers["X-Auto-Response-Suppress"] = "All"
    message = EmailMultiAlternatives(
        subject=post.subject,
        body=post.text,
        to=[post.to],
        reply_to=[post.reply_to],
        headers=headers,
        connection=connection,
    )
    message.attach_alternative(post.html, "text/html")
    if post.calendar:
        # The type names the method as well (RFC 6047), or programs offer no button for it.
        method = "CANCEL" if b"\r\nMETHOD:CANCEL\r\n" in post.calendar else "REQUEST"
        message.attach("visit.ics", post.calendar, f"text/calendar; method={method}")
    if hasattr(connection, "esp_name"):
        message.envelope_sender = post.returns_to  # type: ignore[attr-defined]  # anymail's own
        message.track_clicks = message.track_opens = False  # type: ignore[attr-defined]  # as above
    return message


def _over_smtp(
    connection: SmtpBackend, message: EmailMessage, post: Post, *, leaving: Callable[[], None]
) -> None:
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        raise EmailError(f"The mail server does not let us in: {_said(error)}") from error
    smtp = cast("SMTP", connection.connection)
    try:
        content = _content(message)
        _announce(smtp, post)
        leaving()
        _give(smtp, content)
    finally:
        _hang_up(connection)


def _content(message: EmailMessage) -> bytes:
    try:
        built = message.message()
        return bytes(built.as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own
    except ValueError as error:  # a line end in a header, for instance
        raise EmailRefusedError(f"This is no letter that can be sent: {error}") from error


def _announce(smtp: SMTP, post: Post) -> None:
    """Sender and recipient, with receipts asked, where the server can: by a mark of the letter."""
    try:
        smtp.ehlo_or_helo_if_needed()
        receipts = smtp.has_extn("dsn")
        mark = post.returns_to.rpartition("@")[0].rpartition("+")[2]
        envelope = [f"ENVID={mark}", "RET=HDRS"]
        code, said = smtp.mail(post.returns_to, envelope if receipts else [])
        _require(code, said)
        code, said = smtp.rcpt(post.to, ["NOTIFY=SUCCESS,FAILURE,DELAY"] if receipts else [])
        _require(code, said)
    except (UnicodeError, ValueError, SMTPNotSupportedError) as error:
        raise EmailRefusedError(f"No letter can go to this address: {error}") from error
    except SMTPResponseException as error:
        raise _refusal(error) from error
    except (OSError, SMTPException) as error:
        raise EmailError(f"The mail server hung up: {error}") from error


def _give(smtp: SMTP, content: bytes) -> None:
    """The words. From here on nobody can know, unless the server answers."""
    try:
        code, said = smtp.data(content)
        _require(code, said)
    except SMTPResponseException as error:
        raise _refusal(error) from error
    except (OSError, SMTPException) as error:
        raise EmailUnsureError(
            f"The mail server did not say whether it took it: {error}"
        ) from error


def _over_other(message: EmailMultiAlternatives, *, leaving: Callable[[], None]) -> str:
    leaving()
    try:
        message.send()
    except AnymailAPIError as error:
        raise _refusal_of_provider(error) from error
    except (AnymailError, ValueError) as error:
        raise EmailRefusedError(f"The mail provider cannot take it: {error}") from error
    except OSError as error:
        raise EmailUnsureError(f"The mail provider was lost: {error}") from error
    status = getattr(message, "anymail_status", None)
    return str(getattr(status, "message_id", "") or "")[:250]


def _refusal_of_provider(error: AnymailAPIError) -> EmailError:
    code = error.status_code
    if code is None or code not in _HTTP_REFUSED:
        return EmailUnsureError(f"The mail provider did not say whether it took it: {error}")
    if code in _HTTP_AGAIN:
        return EmailError(f"The mail provider is busy: {code}")
    return EmailRefusedError(f"The mail provider refused it: {code}")


def _require(code: int, said: bytes) -> None:
    if code // 100 != 2:  # noqa: PLR2004 - SMTP's yes
        raise SMTPResponseException(code, said)


def _refusal(error: SMTPResponseException) -> EmailError:
    is_final = error.smtp_code in _PERMANENT and not isinstance(
        error, SMTPConnectError | SMTPHeloError
    )
    kind = EmailRefusedError if is_final else EmailError
    return kind(f"The mail server did not take it: {_said(error)}")


def _said(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        words = error.smtp_error
        text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
        return f"{error.smtp_code} {text}"
    return str(error)


def _hang_up(connection: SmtpBackend) -> None:
    try:
        connection.close()
    except (OSError, SMTPException):
        connection.connection = None
