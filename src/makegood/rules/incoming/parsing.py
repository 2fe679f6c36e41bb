"""Reading a mail that came in, whatever it is: never an error, and what cannot be read is said.

Only the standard library's parser is used, with limits on everything that a sender can choose.
Nothing is unpacked, run, fetched or rendered: attachments are bytes, and HTML becomes text.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from makegood.rules.incoming.plaintext import from_html, tame

RAW_MAX: Final = 40_000_000
PARTS_MAX: Final = 200
DEPTH_MAX: Final = 20
HEADERS_MAX: Final = 300
HEADER_MAX: Final = 10_000
TEXT_MAX: Final = 100_000
HTML_MAX: Final = 1_000_000
NAME_MAX: Final = 120
ADDRESSES_MAX: Final = 100
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,180}")
_ID = re.compile(r"<[!-;=?A-~]{1,120}@[!-;=?A-~]{1,120}>")
_METHOD = re.compile(rb"^METHOD:([A-Z]+)", re.IGNORECASE | re.MULTILINE)
_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An attachment: where it stands in the mail, what it is called, and what it is said to be."""

    number: int
    name: str
    said: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What a mail server reports of a letter of ours (RFC 3464)."""

    action: str
    status: str
    why: str
    envelope: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What could be read. `trouble` says why it could not all be; empty if it could.

    `senders` are the addresses of From, if each is plain and there is no group; `headers` by name
    in lower case, in their order. `calendar_method` says what a calendar program wants (RFC 5546).
    """

    headers: tuple[tuple[str, str], ...] = ()
    message_id: str = ""
    senders: tuple[str, ...] = ()
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    files: tuple[File, ...] = ()
    is_report: bool = False
    calendar_method: str = ""
    receipt: Receipt | None = None
    trouble: str = ""

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, the topmost first."""
        return tuple(value for each, value in self.headers if each == name)

    def first(self, name: str) -> str:
        """The topmost value of a header, or nothing."""
        return next(iter(self.all(name)), "")


def parse(raw: bytes) -> Parsed:
    """Read a mail. What breaks the parser itself is kept by the caller, with `trouble`."""
    try:
        return _parse(raw)
    except RecursionError:
        return Parsed(trouble="nested")
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, binascii.Error):
        # The standard library's parser still stumbles over some broken mails.
        return Parsed(trouble="broken")


def _parse(raw: bytes) -> Parsed:
    message = message_from_bytes(raw)
    headers = tuple(_headers(message))
    parts, trouble = _leaves(message)
    froms = [value for name, value in headers if name == "from"]
    found = Parsed(headers=headers)
    return Parsed(
        headers=headers,
        message_id=_id(found.first("message-id")),
        senders=_senders(froms),
        sender_name=_name(froms),
        recipients=_recipients(headers),
        subject=_words(found.first("subject"))[:NAME_MAX],
        sent_at=_moment(found.first("date")),
        text=_text(parts),
        files=tuple(_files(parts)),
        is_report=message.get_content_type() == "multipart/report",
        calendar_method=_calendar_method(parts),
        receipt=_receipt(message),
        trouble=trouble,
    )


def _headers(message: Message) -> Iterator[tuple[str, str]]:
    for name, value in message.items()[:HEADERS_MAX]:
        yield name.lower()[:100], tame(str(value)[:HEADER_MAX])


def _leaves(message: Message) -> tuple[list[Message], str]:
    """The parts that hold something, and what is wrong with how they are put together."""
    found: list[Message] = []
    waiting = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEPTH_MAX:
            return found, "nested"
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list) and not _is_kept_whole(part):
            waiting += [(each, depth + 1) for each in reversed(inner) if isinstance(each, Message)]
        else:
            found.append(part)
        if len(found) + len(waiting) > PARTS_MAX:
            return found[:PARTS_MAX], "parts"
    return found, ""


def _is_kept_whole(part: Message) -> bool:
    """A mail within the mail is an attachment, not more of what its sender says."""
    return part.get_content_maintype() == "message"


def _senders(froms: list[str]) -> tuple[str, ...]:
    """The addresses of From; none if it is missing, stands twice, or is no plain address."""
    if len(froms) != 1 or _has_group(froms[0]):
        return ()
    pairs = getaddresses([froms[0]])[:ADDRESSES_MAX]
    addresses = tuple(address.lower() for _name, address in pairs)
    return addresses if all(_ADDRESS.fullmatch(each) for each in addresses) else ()


def _has_group(value: str) -> bool:
    bare = re.sub(r'"[^"]*"|<[^>]*>|\([^)]*\)|=\?[^ ]*\?=', "", value)
    return ":" in bare or ";" in bare


def _name(froms: list[str]) -> str:
    pairs = getaddresses(froms[:1])
    return _words(pairs[0][0])[:NAME_MAX] if pairs else ""


def _recipients(headers: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    given = [value for name, value in headers if name in _TO][:ADDRESSES_MAX]
    # One by one, so that a broken header does not hide what the others say.
    pairs = [pair for value in given for pair in getaddresses([value])]
    plain = (address.lower() for _name, address in pairs if _ADDRESS.fullmatch(address))
    return tuple(dict.fromkeys(plain))[:ADDRESSES_MAX]


def _words(value: str) -> str:
    """A header with its encoded words read, on one line."""
    try:
        pieces = [_decoded(text, charset) for text, charset in decode_header(value)]
    except (MessageError, ValueError, LookupError, binascii.Error):
        pieces = [value]
    return " ".join(tame("".join(pieces)).split())


def _decoded(text: bytes | str, charset: str | None) -> str:
    if isinstance(text, str):
        return text
    for name in (charset or "ascii", "utf-8"):
        try:
            return text.decode(name)
        except (LookupError, ValueError):
            continue
    return text.decode("latin-1")


def _id(value: str) -> str:
    found = _ID.search(value)
    return found.group() if found else ""


def _moment(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if 2000 <= at.year < 2100 else None  # noqa: PLR2004 - what we can keep and show


def _content(part: Message) -> bytes:
    if part.is_multipart():
        inner = part.get_payload()
        whole = inner[0] if isinstance(inner, list) and inner else ""
        return whole.as_bytes() if isinstance(whole, Message) else b""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _is_text(part: Message) -> bool:
    is_file = part.get_content_disposition() == "attachment" or part.get_filename()
    return part.get_content_maintype() == "text" and not is_file


def _text(parts: list[Message]) -> str:
    """What the mail says: its plain text, or its HTML as text where there is no other."""
    texts = [part for part in parts if _is_text(part)]
    plain = [part for part in texts if part.get_content_subtype() != "html"]
    said = "\n".join(_said(part) for part in plain[:10])
    if not said.strip():
        said = "\n".join(from_html(_said(part)[:HTML_MAX]) for part in texts[:10])
    return tame(said[:TEXT_MAX], keep_lines=True)


def _said(part: Message) -> str:
    return _decoded(_content(part)[:HTML_MAX], str(part.get_content_charset() or "utf-8"))


def _files(parts: list[Message]) -> Iterator[File]:
    """All that is not the text, and HTML beside a text, which nobody renders."""
    texts = [part for part in parts if _is_text(part)]
    shown = [part for part in texts if part.get_content_subtype() != "html"] or texts
    for number, part in enumerate(parts):
        if not any(part is each for each in shown):
            yield File(
                number=number,
                name=_file_name(part, number),
                said=tame(part.get_content_type())[:100],
                content=_content(part),
            )


def _file_name(part: Message, number: int) -> str:
    """A name without folders, controls or tricks of writing direction."""
    given = part.get_filename()
    name = _words(given if isinstance(given, str) else "")
    name = re.sub(r"[^\w .()-]", "_", name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    return name[-NAME_MAX:] or f"part-{number}"


def _receipt(message: Message) -> Receipt | None:
    if message.get_content_type() != "multipart/report":
        return None
    parts = _inner(message)
    for part in parts[:5]:
        if part.get_content_type().endswith("delivery-status"):
            return _status(_inner(part)[:20])
    return None


def _calendar_method(parts: list[Message]) -> str:
    """What the first entry says, by its own words or else by its header; in capitals."""
    for part in parts:
        if part.get_content_type() == "text/calendar":
            own = _METHOD.search(_content(part)[:HTML_MAX])
            said = own[1].decode() if own else str(part.get_param("method", ""))
            return tame(said).strip().upper()[:20]
    return ""


def _inner(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []


def _status(blocks: list[Message]) -> Receipt | None:
    def value(name: str) -> str:
        found = (str(block.get(name, "")) for block in blocks)
        return " ".join(next((each for each in found if each), "")[:500].split())

    action = tame(value("action").lower())
    if not action:
        return None
    return Receipt(
        action=action,
        status=tame(value("status")),
        why=tame(value("diagnostic-code") or value("status")),
        envelope=tame(value("original-envelope-id").lower()),
        at=_moment(value("last-attempt-date")),
    )
