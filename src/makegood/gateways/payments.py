"""Payments: what was granted, handed to whoever brings it to the customer.

Each gateway takes plain values and gives a receipt. A key that it has had before does nothing a
second time. Its twin writes to the console.
"""

import csv
import fcntl
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

from makegood.gateways.heartbeat import plain_opener
from makegood.rules import money, signatures
from makegood.rules.remedies import RemedyKind

CONSOLE = "console:"
FOLDER = "folder:"
TIMEOUT_SECONDS = 10
COLUMNS = ("key", "made_at", "kind", "amount", "currency", "thing", "customer", "case", "booked_to")
_LONGEST = 10_000
_AT_ONCE = frozenset({RemedyKind.CREDIT, RemedyKind.WAIVER})
_TRY_AGAIN = frozenset({408, 409, 425, 429})
_FIRST_OF_SERVER = 500


class PaymentError(Exception):
    """Base of what a gateway may say instead of taking a payment."""


class PaymentDelayedError(PaymentError):
    """It could not be reached or is busy: the same payment is tried again later."""


class PaymentRefusedError(PaymentError):
    """It will never take this payment: somebody has to find another way."""


class GatewayError(ValueError):
    """A gateway that cannot be used; the message says what would be right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instruction:
    """One payment, or one thing to send, with the key that makes it happen once."""

    key: str
    kind: RemedyKind
    amount_minor: int
    currency: str
    thing: str
    customer: str
    case: str
    booked_to: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The gateway has it; `arrived` if it is with the customer already."""

    reference: str
    arrived: bool = False


class Payments(Protocol):
    """Somebody who brings money and things to customers."""

    def hand_over(self, instruction: Instruction) -> Receipt:
        """Take a payment.

        :raises PaymentDelayedError: if it should be tried again.
        :raises PaymentRefusedError: if it never will be taken.
        """


class ConsolePayments:
    """The twin for a desk without a gateway: it writes a line.

    Credits and waivers are with the customer at once, as in a company's own billing.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def hand_over(self, instruction: Instruction) -> Receipt:
        """Write what would be paid."""
        what = instruction.thing or money.in_words(instruction.amount_minor, instruction.currency)
        self._write(f"Payment {instruction.key}: {instruction.kind.value}, {what}.")
        reference = f"console-{instruction.key}"
        return Receipt(reference=reference, arrived=instruction.kind in _AT_ONCE)


class FolderPayments:
    """A batch for accounting: a CSV file for each day in a folder, a row for each payment.

    :raises GatewayError: if there is no such folder.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise GatewayError(f"There is no folder {folder} to write payments to; make it first.")
        self._folder = folder

    def hand_over(self, instruction: Instruction) -> Receipt:
        """Append it to the day's file, unless a file has its key already.

        :raises PaymentDelayedError: if the file cannot be written.
        """
        path = self._folder / f"payments-{instruction.made_at:%Y-%m-%d}.csv"
        try:
            with self._alone():
                if not self._has(instruction.key):
                    _append(path, _row(instruction))
        except OSError as error:
            raise PaymentDelayedError(
                f"{path.name} cannot be written: {error.strerror}."
            ) from error
        return Receipt(reference=path.name)

    def _has(self, key: str) -> bool:
        return any(_keys(path, key) for path in self._folder.glob("payments-*.csv"))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class WebPayments:
    """A payment service on the web: a signed POST for each payment.

    :raises GatewayError: if the address is not one of https, or the secret is none.
    """

    def __init__(self, url: str, secret: str, *, clock: Callable[[], datetime]) -> None:
        parts = urlsplit(url)
        is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if not parts.hostname or parts.scheme not in ({"http", "https"} if is_here else {"https"}):
            raise GatewayError("Payments go to an address that begins with https://.")
        try:
            self._key = signatures.key_of(secret)
        except signatures.SignatureError as wrong:
            raise GatewayError(f"MAKEGOOD_PAYMENTS_SECRET: {wrong}") from wrong
        self._url, self._host, self._clock = url, parts.hostname, clock

    def hand_over(self, instruction: Instruction) -> Receipt:
        """Send it, with its key; a redirection is refused like any other odd answer.

        :raises PaymentDelayedError: if nobody answers, or the service is busy.
        :raises PaymentRefusedError: if the service refuses.
        """
        try:
            with plain_opener().open(self._request(instruction), timeout=TIMEOUT_SECONDS) as answer:
                return _receipt(answer.read(_LONGEST))
        except HTTPError as refusal:
            refusal.close()
            why = f"{self._host} answered {refusal.code}."
            if refusal.code >= _FIRST_OF_SERVER or refusal.code in _TRY_AGAIN:
                raise PaymentDelayedError(why) from refusal
            raise PaymentRefusedError(why) from refusal
        except (OSError, HTTPException, ValueError) as error:
            raise PaymentDelayedError(f"{self._host} was not reached: {error}") from error

    def _request(self, instruction: Instruction) -> Request:
        body = json.dumps(dict(zip(COLUMNS, _row(instruction), strict=True))).encode()
        now = self._clock()
        return Request(  # noqa: S310 - the address was checked
            self._url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": instruction.key,
                "webhook-id": instruction.key,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signatures.sign(
                    body, key=self._key, message=instruction.key, at=now
                ),
                "User-Agent": "Makegood",
            },
        )


def find_payments(
    address: str, *, secret: str, write: Callable[[str], None], clock: Callable[[], datetime]
) -> Payments:
    """The gateway for an address: `console:`, `folder:/path`, or https://...

    :raises GatewayError: if the address is of another kind, or cannot be used.
    """
    if address in {"", CONSOLE}:
        return ConsolePayments(write)
    if address.startswith(FOLDER):
        return FolderPayments(Path(address.removeprefix(FOLDER)))
    return WebPayments(address, secret, clock=clock)


def _row(instruction: Instruction) -> tuple[str, ...]:
    amount = money.plain(instruction.amount_minor, instruction.currency)
    return (
        instruction.key,
        instruction.made_at.isoformat(),
        instruction.kind.value,
        amount,
        instruction.currency,
        _tame(instruction.thing),
        instruction.customer,
        instruction.case,
        _tame(instruction.booked_to),
    )


def _tame(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _append(path: Path, row: tuple[str, ...]) -> None:
    """Write a whole row, with the header first where the file is new."""
    text = io.StringIO()
    writer = csv.writer(text)
    if not path.exists() or path.stat().st_size == 0:
        writer.writerow(COLUMNS)
    writer.writerow(row)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())


def _keys(path: Path, key: str) -> bool:
    with path.open(encoding="utf-8", newline="") as file:
        return any(row[:1] == [key] for row in csv.reader(file))


def _receipt(body: bytes) -> Receipt:
    answer = json.loads(body or b"{}")
    if not isinstance(answer, dict):
        raise ValueError("its answer is no JSON object")  # noqa: TRY004 - told as any odd answer
    reference = str(answer.get("reference", ""))[:200]
    return Receipt(reference=reference, arrived=answer.get("arrived") is True)
