"""The mailbox that answers come to, read over IMAP; a mail is marked as seen by its taker alone."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

FOLDER = "INBOX"
CONNECT_SECONDS = 10
READ_SECONDS = 60
AT_ONCE = 50
BEGINNING = 200_000
"""How much is read of a mail that is too large: enough to see what it is."""

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class MailboxError(Exception):
    """The mailbox could not be read; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A mail in the mailbox, by its number there."""

    uid: int
    raw: bytes
    is_cut: bool


class Mailbox:
    """One folder of one account."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._is_sealed = parts.scheme == "imaps"
        self._port = parts.port or (993 if self._is_sealed else 143)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or FOLDER

    @property
    def name(self) -> str:
        """What the mails of this folder are known by; without the password."""
        return f"imap:{self._user}@{self._host}/{self._folder}"[:100]

    @contextmanager
    def opened(self) -> Iterator["OpenMailbox"]:
        """Sign in and open the folder for as long as the block runs.

        :raises MailboxError: if that cannot be done, or the line breaks.
        """
        try:
            with self._connect() as client:
                client.login(self._user, self._password)
                state = client.select_folder(self._folder)
                yield OpenMailbox(client, life=int(state[b"UIDVALIDITY"]))
        except (OSError, IMAPClientError, KeyError, ValueError) as error:
            words = " ".join(str(error).replace(self._password or "\0", "***").split())
            raise MailboxError(f"The mailbox at {self._host} cannot be read: {words}") from error

    def _connect(self) -> IMAPClient:
        context = ssl.create_default_context()
        client = IMAPClient(
            self._host,
            port=self._port,
            ssl=self._is_sealed,
            ssl_context=context if self._is_sealed else None,
            timeout=SocketTimeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )
        if not self._is_sealed and self._host not in _HERE:
            client.starttls(context)  # a password never goes over an open line
        return client


class OpenMailbox:
    """A folder that is open. `life` changes when the server counts its mails anew."""

    def __init__(self, client: IMAPClient, *, life: int) -> None:
        self._client = client
        self.life = life

    def look(self, *, after: int, largest: int) -> Iterator[Found]:
        """The mails after a number, oldest first; without one, those that nobody has seen."""
        wanted = ["UID", f"{after + 1}:*"] if after else ["UNSEEN"]
        # A range that ends with * holds the last mail even where it is an old one.
        uids = sorted(uid for uid in self._client.search(wanted) if uid > after)
        for uid in uids[:AT_ONCE]:
            yield self._read(uid, largest=largest)

    def mark_seen(self, uid: int) -> None:
        """Show other readers of the mailbox that it was taken."""
        self._client.add_flags([uid], [b"\\Seen"])

    def _read(self, uid: int, *, largest: int) -> Found:
        size = self._client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0)
        is_cut = size > largest
        wanted = f"BODY.PEEK[]<0.{BEGINNING}>" if is_cut else "BODY.PEEK[]"
        answer = self._client.fetch([uid], [wanted]).get(uid, {})
        raw = next((value for name, value in answer.items() if name.startswith(b"BODY[")), b"")
        return Found(uid=uid, raw=raw or b"", is_cut=is_cut)


def find_mailbox(url: str) -> Mailbox | None:
    """The mailbox for an address such as imaps://user:password@mail.example.com/INBOX."""
    return Mailbox(url) if url else None
