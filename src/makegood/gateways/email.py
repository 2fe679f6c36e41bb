"""Letters that leave by the mail server, or stand on the console of a local desk."""

from dataclasses import dataclass
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailError(Exception):
    """A letter could not be handed to the mail server; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One letter to one person, in plain text."""

    to: str
    subject: str
    body: str


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
