"""Signals of devices come in: a failure opens its case before the customer notices.

Each counts once by source and id. What cannot be placed is set aside and waits for a person; what
is over is recorded, and closes nothing. A device that floods has one case.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from makegood.actions import acting, askings, cases, intake, timeline
from makegood.actions.cases import Failure
from makegood.actions.intake import News, NoOwnerError
from makegood.records.models import Asset, Case, Customer, Signal, SignalEnd, SignalSource, Staff
from makegood.records.signal_facts import past_of, placed, reader_of
from makegood.rules import signals
from makegood.rules.promises import Channel
from makegood.rules.severity import Function, Harm
from makegood.rules.signals import Meaning, Reading, Step, UnreadableSignalError

_SETTLED: Final = ["device", "kind", "state", "meaning", "asset", "case", "end", "why", "raw"]
_ENDS: Final = {
    Step.TELL_BACK: SignalEnd.BACK,
    Step.TELL_UNSTEADY: SignalEnd.UNSTEADY,
    Step.COUNT: SignalEnd.COUNTED,
    Step.NOTE: SignalEnd.NOTED,
}


class SignalSettledError(Exception):
    """This signal has found its place already, or was let go."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """A signal as a door hands it in: of which source, in which words, by which token.

    `envelope` is its id where a CloudEvent has given one; `team` bounds what the token reaches.
    """

    source: int
    document: Any
    envelope: str = ""
    token: int | None = None
    team: int | None = None
    is_sandbox: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a signal."""

    signal: Signal
    seen_before: bool = False


@transaction.atomic
def receive(given: Given, *, now: datetime) -> Taken:
    """Take in a signal. The same source and id twice changes nothing."""
    source = SignalSource.objects.get(pk=given.source)
    reading, why = _read(source, given)
    external_id = reading.id if reading else given.envelope or signals.digest(given.document)
    try:
        with transaction.atomic():
            signal = _new(source, external_id, reading, now=now)
    except IntegrityError as twice:
        if "signal_once" not in str(twice):
            raise
        seen = Signal.objects.select_related("case").get(source=source, external_id=external_id)
        return Taken(signal=seen, seen_before=True)
    if given.token is None:
        _place(signal, reading, given, why=why, now=now)
    else:
        with acting.by_token(given.token):
            _place(signal, reading, given, why=why, now=now)
    if given.is_sandbox:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    return Taken(signal=signal)


@transaction.atomic
def try_again(signal_id: int, *, by: Staff, now: datetime) -> Signal:
    """Look once more at a signal that was set aside: its device may be known by now.

    :raises SignalSettledError: if it is not set aside.
    """
    signal = _waiting(signal_id)
    given = Given(source=signal.source_id, document=signal.raw, envelope=signal.external_id)
    reading, why = _read(signal.source, given)
    if reading is not None and reading.at is not None:
        signal.happened_at = min(reading.at, signal.recorded_at)
    signal.settled_by, signal.settled_at = by, now
    signal.save(update_fields=["happened_at", "settled_by", "settled_at"])
    _place(signal, reading, given, why=why, now=now)
    return signal


@transaction.atomic
def let_go(signal_id: int, *, why: str, by: Staff, now: datetime) -> Signal:
    """Record that nothing is to be done about a signal that was set aside, and why.

    :raises SignalSettledError: if it is not set aside.
    """
    signal = _waiting(signal_id)
    signal.end, signal.why = SignalEnd.LET_GO, why[:300]
    signal.settled_by, signal.settled_at = by, now
    signal.save(update_fields=["end", "why", "settled_by", "settled_at"])
    return signal


def _waiting(signal_id: int) -> Signal:
    rows = Signal.objects.select_for_update(of=("self",)).select_related("source")
    signal = rows.get(pk=signal_id)
    if signal.end != SignalEnd.ASIDE:
        raise SignalSettledError(SignalSettledError.__doc__)
    return signal


def _read(source: SignalSource, given: Given) -> tuple[Reading | None, str]:
    try:
        return signals.read(given.document, reader_of(source), envelope=given.envelope), ""
    except UnreadableSignalError as wrong:
        return None, str(wrong)


def _new(
    source: SignalSource, external_id: str, reading: Reading | None, *, now: datetime
) -> Signal:
    at = reading.at if reading and reading.at else now
    return Signal.objects.create(
        source=source,
        external_id=external_id,
        happened_at=min(at, now),  # clocks of devices run fast; what has come has happened
        recorded_at=now,
        end=SignalEnd.NOTED,
    )


def _place(
    signal: Signal, reading: Reading | None, given: Given, *, why: str, now: datetime
) -> None:
    """Find the device of a signal, and do what is to be done; else set it aside."""
    if reading is not None:
        signal.device, signal.kind = reading.asset, reading.kind
        signal.state, signal.meaning = reading.state, reading.meaning.value
        signal.asset, why = placed(reading.asset, team=given.team)
    if reading is None or signal.asset is None:
        _set_aside(signal, given, why=why)
    else:
        signal.raw, signal.why = {}, ""
        try:
            with transaction.atomic():
                _take(signal, signal.asset, reading, given, now=now)
        except NoOwnerError as nobody:
            signal.case = None
            _set_aside(signal, given, why=str(nobody))
    signal.save(update_fields=_SETTLED)


def _set_aside(signal: Signal, given: Given, *, why: str) -> None:
    signal.end, signal.why, signal.raw = SignalEnd.ASIDE, why[:300], given.document


def _take(signal: Signal, asset: Asset, reading: Reading, given: Given, *, now: datetime) -> None:
    # Until this commits, other signals and news of the customer wait: each sees what is known.
    Customer.objects.select_for_update(no_key=True).get(pk=asset.customer_id)
    past = past_of(asset, besides=signal.pk, at=signal.happened_at)
    step = signals.step(reading.meaning, past.facts, at=signal.happened_at)
    signal.case = past.case
    if past.case is not None and reading.meaning is Meaning.LOST and step is not Step.NOTE:
        askings.fails_again(cases.lock(past.case.pk), at=signal.happened_at, now=now)
    if step is Step.REPORT:
        _report(signal, asset, given, joins=past.case, now=now)
        return
    signal.end = _ENDS[step]
    if past.case is not None and step in {Step.TELL_BACK, Step.TELL_UNSTEADY}:
        _tell(past.case, signal, now=now)


def _report(
    signal: Signal, asset: Asset, given: Given, *, joins: Case | None, now: datetime
) -> None:
    source = signal.source
    failure = Failure(
        customer=asset.customer,
        title=source.says or asset.name,
        function=Function(asset.function),
        harm=Harm(source.harm),
        failed_at=signal.happened_at,
        known_at=now,
        asset=asset,
    )
    news = News(
        source=f"signal:{source.slug}",
        external_id=str(signal.pk),
        channel=Channel.SIGNAL,
        raw=given.document if isinstance(given.document, dict) else {"signal": given.document},
        failure=failure,
        note=f"{source.title}: {signal.device} {signal.state}",
        happened_at=signal.happened_at,
    )
    received = intake.receive_report(news, joins=joins.pk if joins else None, now=now)
    signal.case = received.case
    signal.end = SignalEnd.OPENED if received.opened else SignalEnd.JOINED


def _tell(case: Case, signal: Signal, *, now: datetime) -> None:
    """Write on the timeline that a device is back, or comes and goes. It closes nothing."""
    kind = "signal_back" if signal.end == SignalEnd.BACK else "signal_unsteady"
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    facts = {"signal": signal.pk, "source": signal.source.slug, "asset": signal.asset_id}
    timeline.append(
        case_id=case.pk,
        kind=kind,
        at=signal.happened_at,
        now=now,
        facts=facts,
        words=f"{signal.source.title}: {signal.device} {signal.state}",
    )
