"""A real mail server on the loopback address, which can be told to misbehave."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from makegood.config.mail import mail_settings

HERE = "127.0.0.1"


@dataclass
class PostOffice:
    """What came in, and what is answered: `at_rcpt` and `at_data` are SMTP answers or nothing."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    at_rcpt: str = ""
    at_data: str = ""
    hangs_up: bool = False
    stops_at: str = ""
    stopped: bool = False
    gives_receipts: bool = False
    asked: dict[str, object] = field(default_factory=dict)

    async def handle_EHLO(  # noqa: N802 - the server's name for it
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-DSN", *responses[1:]] if self.gives_receipts else responses

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        async with self._stopping("at_rcpt"):
            if self.at_rcpt:
                return self.at_rcpt
            envelope.rcpt_tos.append(address)
            return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the server's names
        async with self._stopping("at_data"):
            if self.at_data:
                return self.at_data
            assert isinstance(envelope.content, bytes)
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
            self.senders.append(str(envelope.mail_from))
            self.recipients += envelope.rcpt_tos
            if self.hangs_up and server.transport is not None:
                server.transport.abort()
            return "250 OK"

    @asynccontextmanager
    async def _stopping(self, where: str) -> AsyncIterator[None]:
        """Answer no more at this point, until told to or left alone; stopped until all is done."""
        try:
            while self.stops_at == where:
                self.stopped = True
                await asyncio.sleep(0.02)
            yield
        finally:
            self.stopped = False


class _WithReceipts(SMTP):
    """A server that knows the parameters of RFC 3461."""

    def _getparams(self, params):
        found = super()._getparams(params) or {}
        for name in ("RET", "ENVID", "NOTIFY"):
            if name in found:
                self.event_handler.asked[name] = found.pop(name)
        return found


class _Controller(Controller):
    def factory(self):
        return _WithReceipts(self.handler, **self.SMTP_kwargs)


def a_free_port() -> int:
    with socket.create_server((HERE, 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def a_post_office(settings=None) -> Iterator[PostOffice]:
    """A server, to which Django's mail goes if its settings are given."""
    office = PostOffice()
    office.port = a_free_port()
    controller = _Controller(office, hostname=HERE, port=office.port, ready_timeout=20)
    controller.start()
    try:
        if settings is not None:
            point_at(settings, office.port)
        yield office
    finally:
        controller.stop()


def point_at(settings, port: int) -> None:
    """Let Django's mail go to a server on this port."""
    url = f"smtp://{HERE}:{port}"
    for name, value in mail_settings(url, sender="Acme <help@example.com>", local=True).items():
        setattr(settings, name, value)
    settings.MAIL_REPLY = "help@example.com"


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return part.get_content() if part else ""


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    return part.get_content() if part else ""
