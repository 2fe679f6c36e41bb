"""Payments: what was granted, handed to whoever brings it to the customer.

Each gateway takes plain values and gives a receipt. A key that it has had before does nothing a
second time. Its twin writes to the console.
"""

import csv
import fcntl
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from makegood.gateways.signed_post import (
    AddressError,
    NeverTakenError,
    NotTakenError,
    SignedPost,
    reference_in,
)
from makegood.rules import money
from makegood.rules.remedies import RemedyKind
from makegood.rules.signatures import SignatureError

CONSOLE = "console:"
FOLDER = "folder:"
COLUMNS = ("key", "made_at", "kind", "amount", "currency", "thing", "customer", "case", "booked_to")
_AT_ONCE = frozenset({RemedyKind.CREDIT, RemedyKind.WAIVER})


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
        try:
            self._post = SignedPost(url, secret, clock=clock)
        except AddressError as wrong:
            raise GatewayError("Payments go to an address that begins with https://.") from wrong
        except SignatureError as wrong:
            raise GatewayError(f"MAKEGOOD_PAYMENTS_SECRET: {wrong}") from wrong

    def hand_over(self, instruction: Instruction) -> Receipt:
        """Send it, with its key.

        :raises PaymentDelayedError: if nobody answers, or the service is busy.
        :raises PaymentRefusedError: if the service refuses.
        """
        document = dict(zip(COLUMNS, _row(instruction), strict=True))
        try:
            answer = self._post.send(document, key=instruction.key)
        except NotTakenError as busy:
            raise PaymentDelayedError(str(busy)) from busy
        except NeverTakenError as refused:
            raise PaymentRefusedError(str(refused)) from refused
        return Receipt(reference=reference_in(answer), arrived=answer.get("arrived") is True)


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
