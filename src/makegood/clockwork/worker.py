"""The clock as a process: tick, sleep until something is due, and never end unless told to.

It holds no state. Any number of them may run, on any number of machines, beside each other.
"""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection

from makegood.actions import canary, pulse
from makegood.clockwork import ticks
from makegood.clockwork.auditor import auditing
from makegood.clockwork.bell import Bell, listening
from makegood.clockwork.counting import counting_along
from makegood.clockwork.digests import sending_digests
from makegood.clockwork.following import following_partners
from makegood.clockwork.letters_in import collecting
from makegood.clockwork.letters_out import posting
from makegood.clockwork.moving_data import moving_data
from makegood.clockwork.paying import paying
from makegood.clockwork.sign_in_mail import mailing
from makegood.clockwork.telling_systems import telling_systems
from makegood.gateways.heartbeat import find_heartbeat
from makegood.gateways.mailbox import find_mailbox
from makegood.gateways.payments import find_payments
from makegood.gateways.sms import find_sms
from makegood.records.next_due import next_due
from makegood.records.trouble import is_passing

ROUNDS = 4
"""Batches of each sweep in one tick: a second of work, after which the clock is read again."""

LONGEST_SLEEP = timedelta(seconds=5)
"""The safety net under a ring that was lost; less than the minute for which the database rings."""

LOCKED = timedelta(milliseconds=50)
"""How soon to look again at what is due, but locked by somebody else at this moment."""

PULSE_EVERY = timedelta(seconds=2)
CANARY_EVERY = timedelta(hours=1)
FIRST_PATIENCE_SECONDS = 0.1
LAST_PATIENCE_SECONDS = 5.0
STEADY_SECONDS = 10
LONG_AGO = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


def run(*, database_url: str | None = None, stop: threading.Event | None = None) -> None:
    """Run the clock until `stop` is set, or SIGTERM or SIGINT comes; the batch at hand is finished.

    A lost database is waited for, however long, and said in the log.

    :raises HeartbeatError: if the address in MAKEGOOD_HEARTBEAT_URL cannot be used.
    :raises GatewayError: if that in MAKEGOOD_PAYMENTS_URL cannot be used.
    :raises SmsGatewayError: if that in MAKEGOOD_SMS_URL cannot be used.
    """
    ending = stop or threading.Event()
    heartbeat = find_heartbeat(settings.HEARTBEAT_URL, write=print)
    gateway = find_payments(
        settings.PAYMENTS_URL,
        secret=settings.PAYMENTS_SECRET,
        write=print,
        clock=lambda: datetime.now(UTC),
    )
    sms = find_sms(
        settings.SMS_URL,
        secret=settings.SMS_SECRET,
        write=print,
        clock=lambda: datetime.now(UTC),
    )
    with (
        _ending_by_signal(ending),
        auditing(heartbeat),
        mailing(),
        paying(gateway),
        posting(sms),
        telling_systems(),
        collecting(find_mailbox(settings.IMAP_URL)),
        counting_along(),
        sending_digests(),
        following_partners(),
        moving_data(),
    ):
        log.info("clock_started")
        _live(database_url, ending)
        log.info("clock_stopped")
    connection.close()


def _live(database_url: str | None, ending: threading.Event) -> None:
    patience = FIRST_PATIENCE_SECONDS
    while not ending.is_set():
        began = time.monotonic()
        try:
            with listening(database_url) as bell:
                _Clock(bell, ending).run()
        except Exception as error:
            if is_passing(error):
                log.warning("database_lost", error=" ".join(str(error).split()))
            else:
                log.exception("tick_failed")
            connection.close()
            if time.monotonic() - began > STEADY_SECONDS:
                patience = FIRST_PATIENCE_SECONDS
            ending.wait(patience)
            patience = min(patience * 2, LAST_PATIENCE_SECONDS)


class _Clock:
    """One life of the clock, from one loss of the database to the next."""

    def __init__(self, bell: Bell, ending: threading.Event) -> None:
        self._bell = bell
        self._ending = ending
        self._canary_at = self._pulse_at = LONG_AGO

    def run(self) -> None:
        """Tick and sleep until the end."""
        while not self._ending.is_set():
            now = datetime.now(UTC)
            self._see_to_the_canary(now)
            done = ticks.tick(now=now, rounds=ROUNDS, stop=self._ending.is_set)
            self._beat(now)
            if not done.anything:
                self._bell.sleep_until(_wake_at(now), ending=self._ending)

    def _see_to_the_canary(self, now: datetime) -> None:
        if now - self._canary_at < CANARY_EVERY:
            return
        self._canary_at = now
        try:
            canary.ensure(now=now)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("canary_failed")  # the auditor misses it; the promises must not wait

    def _beat(self, now: datetime) -> None:
        if now - self._pulse_at >= PULSE_EVERY:
            self._pulse_at = now
            pulse.beat("clock", now=now)


def _wake_at(now: datetime) -> datetime:
    first = next_due(now=now)
    if first is None:
        return now + LONGEST_SLEEP
    if first < now:
        return now + LOCKED
    # A promise may be kept at its very last moment, and is judged once that has passed.
    return min(first + timedelta(microseconds=1), now + LONGEST_SLEEP)


@contextmanager
def _ending_by_signal(ending: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set the event. Only the main thread may ask for signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {each: signal.signal(each, lambda *_: ending.set()) for each in wanted}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
