"""Signal sources on the pages of the settings: what came, what waits, and what one would do."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from makegood.language import sentences
from makegood.queries.settings import wording
from makegood.queries.settings.tables import Cell, Row, Table, page_of
from makegood.records.models import Signal, SignalEnd, SignalSource
from makegood.records.signal_facts import past_of, placed, reader_of
from makegood.rules import signals
from makegood.rules.signals import Meaning, NoObjectError, SignalError, Step

SHOWN = 50
HEADS = (lazy("Platform"), lazy("A failure is called"), lazy("Came"), lazy("Set aside"))
LONGEST = 20_000
_NOBODY = 0

ENDS: dict[str, tuple[Lazy, str]] = {
    SignalEnd.OPENED: (lazy("Opened a case"), "flag"),
    SignalEnd.JOINED: (lazy("Joined the open case"), "flag"),
    SignalEnd.BACK: (lazy("Works again, says the device"), "bell"),
    SignalEnd.UNSTEADY: (lazy("Comes and goes"), "bell"),
    SignalEnd.COUNTED: (lazy("Counted: nothing new"), "due"),
    SignalEnd.NOTED: (lazy("Noted"), "due"),
    SignalEnd.ASIDE: (lazy("Set aside"), "at_risk"),
    SignalEnd.LET_GO: (lazy("Let go"), "released"),
}
MEANINGS: dict[Meaning, Lazy] = {
    Meaning.LOST: lazy("a failure"),
    Meaning.BACK: lazy("works again"),
    Meaning.OTHER: lazy("something else"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceCard:
    """One source, and what of it waits for a person."""

    id: int
    slug: str
    title: str
    lost: str
    is_retired: bool
    aside: int
    came: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalLine:
    """One signal; `raw` is shown only while it is set aside."""

    id: int
    device: str
    state: str
    at: str
    end: str
    icon: str
    case: str
    why: str
    raw: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What a pasted signal would do, fact by fact and then in one sentence."""

    facts: tuple[tuple[str, str], ...]
    verdict: str
    is_good: bool


def sources() -> tuple[SourceCard, ...]:
    """Every source, those retired last."""
    rows = SignalSource.objects.annotate(
        came=Count("signals"), aside=Count("signals", filter=Q(signals__end=SignalEnd.ASIDE))
    )
    found = [_card(row) for row in rows.order_by("title", "pk")]
    return tuple(sorted(found, key=lambda card: card.is_retired))


def table() -> Table:
    """Every source as a list shows it."""
    return page_of((_row(card) for card in sources()), heads=HEADS, number=1, size=10_000)


def source(source_id: int) -> SourceCard | None:
    """One source."""
    return next((card for card in sources() if card.id == source_id), None)


def values(source_id: int) -> dict[str, Any]:
    """What the form of a source begins with."""
    row = SignalSource.objects.get(pk=source_id)
    lists = {"states": row.states, "back": row.back, "kinds": row.kinds}
    places = {f"place_{name}": place for name, place in row.paths.items()}
    plain = {"title": row.title, "says": row.says, "harm": row.harm}
    return plain | places | {name: ", ".join(words) for name, words in lists.items()}


def aside(source_id: int, *, zone: ZoneInfo) -> tuple[SignalLine, ...]:
    """What waits for a person, the oldest first."""
    rows = _rows(source_id).filter(end=SignalEnd.ASIDE).order_by("pk")
    return tuple(_line(row, zone=zone) for row in rows[:SHOWN])


def latest(source_id: int, *, zone: ZoneInfo) -> tuple[SignalLine, ...]:
    """What came last."""
    rows = _rows(source_id).exclude(end=SignalEnd.ASIDE).order_by("-pk")
    return tuple(_line(row, zone=zone) for row in rows[:SHOWN])


def aside_of(source_id: int, signal_id: int) -> bool:
    """Whether this signal is of this source."""
    return Signal.objects.filter(pk=signal_id, source=source_id).exists()


def trial(source_id: int, pasted: str, *, now: datetime, zone: ZoneInfo) -> Trial:
    """What a signal would do if it came now; nothing of it is kept."""
    row = SignalSource.objects.get(pk=source_id)
    try:
        reading = signals.read(_parsed(pasted), reader_of(row))
    except SignalError as wrong:
        return Trial(facts=(), verdict=sentences.said(str(wrong)), is_good=False)
    at = min(reading.at or now, now)
    facts = (
        (_("Device"), reading.asset),
        (_("State"), f"{reading.state}: {MEANINGS[reading.meaning]}"),
        (_("Kind"), reading.kind or _("none given")),
        (_("When"), wording.moment(at, zone=zone)),
        (_("Its id"), reading.id),
    )
    asset, why = placed(reading.asset, team=None)
    if asset is None:
        words = _("It would be set aside: %(why)s") % {"why": sentences.said(why)}
        return Trial(facts=facts, verdict=words, is_good=False)
    past = past_of(asset, besides=_NOBODY, at=at)
    step = signals.step(reading.meaning, past.facts, at=at)
    values = {
        "asset": asset.name,
        "customer": asset.customer.name,
        "case": past.case.reference if past.case else "",
    }
    return Trial(
        facts=facts, verdict=_would(step, is_open=past.facts.is_open) % values, is_good=True
    )


def _would(step: Step, *, is_open: bool) -> str:
    if step is Step.REPORT and not is_open:
        return _("It would open a case for the %(asset)s of %(customer)s.")
    return {
        Step.REPORT: _("It would join the case %(case)s of %(customer)s."),
        Step.TELL_BACK: _("It would stand on the case %(case)s that the %(asset)s works again."),
        Step.TELL_UNSTEADY: _("It would stand on the case %(case)s that it comes and goes."),
        Step.COUNT: _("It would be counted on the case %(case)s: it says nothing new."),
        Step.NOTE: _("It would be noted for the %(asset)s of %(customer)s, and open no case."),
    }[step]


def _parsed(pasted: str) -> dict[str, Any]:
    try:
        found = json.loads(pasted[:LONGEST])
    except (ValueError, RecursionError) as wrong:
        raise NoObjectError(NoObjectError.__doc__) from wrong
    if not isinstance(found, dict):
        raise NoObjectError(NoObjectError.__doc__)
    cleaned: dict[str, Any] = signals.cleaned(found)
    return cleaned


def _rows(source_id: int) -> Any:  # noqa: ANN401 - a query of signals with their cases
    return Signal.objects.filter(source=source_id).select_related("case")


def _row(card: SourceCard) -> Row:
    return Row(
        key=str(card.id),
        cells=(
            Cell(words=card.title, sub=f"?source={card.slug}"),
            Cell(words=card.lost),
            Cell(words=str(card.came)),
            Cell(words=str(card.aside), warns=card.aside > 0),
        ),
        is_past=card.is_retired,
    )


def _card(row: SignalSource) -> SourceCard:
    return SourceCard(
        id=row.pk,
        slug=row.slug,
        title=row.title,
        lost=", ".join(row.states),
        is_retired=row.retired_at is not None,
        aside=row.aside,  # type: ignore[attr-defined]  # as annotated
        came=row.came,  # type: ignore[attr-defined]  # as annotated
    )


def _line(row: Signal, *, zone: ZoneInfo) -> SignalLine:
    end, icon = ENDS[row.end]
    is_aside = row.end == SignalEnd.ASIDE
    return SignalLine(
        id=row.pk,
        device=row.device,
        state=row.state,
        at=wording.moment(row.happened_at, zone=zone),
        end=str(end),
        icon=icon,
        case=row.case.reference if row.case else "",
        why=sentences.said(row.why),
        raw=json.dumps(row.raw, ensure_ascii=False, indent=1)[:2_000] if is_aside else "",
    )
