"""Letters to customers: who may be written to how often, when to try again, and their secrets.

A letter goes by e-mail or as a text message. It is waiting, held by the gate, on its way, sent,
delivered, bounced, given up, or unsure: handed over when somebody pulled the plug.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

PATIENCE: Final = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""How long to wait after each failure: a day in all, then somebody has to find another way."""

LEASE: Final = timedelta(minutes=2)
"""How long one who took a letter may need to hand it over; then another tries."""

UNSURE_AFTER: Final = timedelta(minutes=2)
"""How long a hand-over may take before nobody knows whether the letter has left."""

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
AUTOMATIC_PER_HOUR: Final = 4
AUTOMATIC_PER_DAY: Final = 12
BY_PEOPLE_PER_HOUR: Final = 20
STRANGERS_PER_HOUR: Final = 1_000
STRANGERS_PER_HOUR_AND_DOMAIN: Final = 100
THREAD_MAX: Final = 20
SECRET_BYTES: Final = 32
TOKEN_BYTES: Final = 20
MAILBOX_LOCAL_MAX: Final = 23
"""What of the 64 letters before an @ (RFC 5321) a mark leaves, of seven digits: 78 billion."""

_TOKEN = re.compile(r"[a-z2-7]{32}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MARK = re.compile(r"([0-9a-z]{1,12})-([a-z2-7]{32})")
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,120}@[!-;=?A-~]{1,120}>")


class LetterChannel(StrEnum):
    """The ways by which a letter goes."""

    EMAIL = "email"
    SMS = "sms"


class LetterState(StrEnum):
    """How a letter stands; derived from what happened to it, never stored."""

    WAITING = "waiting"
    HELD = "held"
    ON_ITS_WAY = "on_its_way"
    UNSURE = "unsure"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, kw_only=True, slots=True)
class Travel:
    """What happened to a letter so far."""

    handed_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    bounced_at: datetime | None = None
    given_up_at: datetime | None = None
    held_at: datetime | None = None


def state(travel: Travel, *, now: datetime) -> LetterState:
    """How a letter stands at `now`. What was heard last from the world counts most."""
    for moment, is_so in (
        (travel.bounced_at, LetterState.BOUNCED),
        (travel.delivered_at, LetterState.DELIVERED),
        (travel.given_up_at, LetterState.GIVEN_UP),
        (travel.held_at, LetterState.HELD),
        (travel.sent_at, LetterState.SENT),
    ):
        if moment is not None:
            return is_so
    if travel.handed_at is None:
        return LetterState.WAITING
    late = now - travel.handed_at > UNSURE_AFTER
    return LetterState.UNSURE if late else LetterState.ON_ITS_WAY


def next_try(tries: int, *, now: datetime) -> datetime | None:
    """When a letter that failed `tries` times is tried again; None if it is given up."""
    return now + PATIENCE[tries - 1] if 0 < tries <= len(PATIENCE) else None


def is_too_many(*, automatic: bool, in_hour: int, in_day: int) -> bool:
    """Whether one address was written to so often that no more goes there now."""
    if not automatic:
        return in_hour >= BY_PEOPLE_PER_HOUR
    return in_hour >= AUTOMATIC_PER_HOUR or in_day >= AUTOMATIC_PER_DAY


def is_flood(*, in_domain: int, in_all: int) -> bool:
    """Whether so many receipts went to people nobody knows that one of them gets none now.

    Addresses cost a flooder nothing, so counting by mailbox alone would hold off nobody.
    """
    return in_domain >= STRANGERS_PER_HOUR_AND_DOMAIN or in_all >= STRANGERS_PER_HOUR


def mailbox(address: str) -> str:
    """The mailbox that an address leads to, by which letters are counted; never written to.

    What follows a "+" (RFC 5233), capitals, and the dots and second name of Gmail lead to no other.
    """
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at:
        return address
    box = local.partition("+")[0] or local
    if domain in _GMAIL:
        return f"{box.replace('.', '')}@gmail.com"
    return f"{box}@{_in_ascii(domain)}"


def _in_ascii(domain: str) -> str:
    """A domain as the mail server looks it up, of the two ways in which it may be written."""
    try:
        return domain.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return domain


def token(secret: bytes, *, key: str, purpose: str) -> str:
    """The token of a letter for one purpose: of its random secret and the installation's key.

    Neither a copy of the database nor the key alone tells it. Lower case, since mail servers may
    change the case of an address.
    """
    digest = hmac.new(key.encode(), purpose.encode() + b"\0" + secret, hashlib.sha256).digest()
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().lower()


def digest(given: str) -> bytes:
    """What is kept of a token, to find its letter by."""
    return hashlib.sha256(given.encode(errors="replace")).digest()


def reply_address(mailbox: str, given: str) -> str:
    """The address that an answer to a letter goes to: the company's mailbox with a token."""
    local, _at, domain = mailbox.rpartition("@")
    return f"{local}+{given}@{domain}"


def token_in(address: str) -> str:
    """The token in a reply address, or nothing. Anything that is not exactly one is none."""
    local, _at, _domain = address.rpartition("@")
    given = local.rpartition("+")[2].lower() if "+" in local else ""
    return given if _TOKEN.fullmatch(given) else ""


def return_mark(number: int, given: str) -> str:
    """What a letter bears on its envelope alone, and a mail server's report on it brings back."""
    return f"{_in_base_36(number)}-{given}"


def mark_in(text: str) -> tuple[int, str] | None:
    """The number and the token of a return mark, or of the address that ends with one."""
    local = text.rpartition("@")[0] or text
    found = _MARK.fullmatch(local.rpartition("+")[2].lower())
    return (int(found[1], 36), found[2]) if found else None


def _in_base_36(number: int) -> str:
    """Short, since little room is left before the @ of an address."""
    rest, digit = divmod(number, 36)
    return (_in_base_36(rest) if rest else "") + _DIGITS[digit]


def thread(message_ids: list[str]) -> tuple[str, ...]:
    """The ids of a thread, oldest first, as they may stand in a header; the first stays."""
    good = list(dict.fromkeys(each for each in message_ids if _MESSAGE_ID.fullmatch(each)))
    return tuple(good if len(good) <= THREAD_MAX else [good[0], *good[-THREAD_MAX + 1 :]])


def one_line(text: str) -> str:
    """Text for a header: no line ends or other controls, with which headers could be made up."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
