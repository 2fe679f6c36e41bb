"""Webhooks on the pages of the settings: each with how it does, and what was sent to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from makegood.queries.settings import wording
from makegood.queries.settings.tables import Cell, Row, Table, page_of
from makegood.records.models import Delivery, Webhook
from makegood.rules.webhooks import TOPICS

SHOWN = 100
HEADS = (
    lazy("System"), lazy("Hears of"), lazy("How it does"), lazy("Waiting"), lazy("Given up"),
)  # fmt: skip
TOPIC_NAMES = {
    "cases": (lazy("Cases"), lazy("opened, joined by others, closed, opened again")),
    "promises": (lazy("Promises"), lazy("made, moved, kept, broken, released")),
    "customers": (lazy("Talking with customers"), lazy("contacts, wishes, apologies, links")),
    "letters": (lazy("Letters and mails"), lazy("written, delivered, bounced, received")),
    "redress": (lazy("Making good"), lazy("remedies, approvals, payments, fees")),
    "visits": (lazy("Visits and parts"), lazy("booked, moved, done, failed; ordered, here")),
    "colleagues": (lazy("Among colleagues"), lazy("warnings, hand-overs")),
    "learning": (lazy("What we said and learn"), lazy("claims, doubts, causes, changes")),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """Something that a system may want to hear of: as a whole, or single kinds of entries."""

    key: str
    name: str
    says: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One delivery."""

    id: int
    what: str
    case: str
    at: str
    state: str
    icon: str
    says: str
    tries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookCard:
    """One webhook; its secrets are shown nowhere but when they are made."""

    id: int
    name: str
    url: str
    hears: str
    form: str
    made: str
    state: str
    icon: str
    is_stopped: bool
    is_rotating: bool
    waiting: int
    given_up: int


def webhooks(*, now: datetime, zone: ZoneInfo) -> tuple[WebhookCard, ...]:
    """Every webhook, those that are stopped last."""
    rows = Webhook.objects.select_related("made_by").annotate(
        waiting=Count("deliveries", filter=Q(deliveries__send_at__isnull=False)),
        given_up=Count("deliveries", filter=Q(deliveries__given_up_at__isnull=False)),
    )
    cards = [_card(row, now=now, zone=zone) for row in rows.order_by("name", "pk")]
    return tuple(sorted(cards, key=lambda card: card.is_stopped))


def table(*, now: datetime, zone: ZoneInfo) -> Table:
    """Every webhook as a list shows it."""
    rows = (_row(card) for card in webhooks(now=now, zone=zone))
    return page_of(rows, heads=HEADS, number=1, size=10_000)


def webhook(webhook_id: int, *, now: datetime, zone: ZoneInfo) -> WebhookCard | None:
    """One webhook, if there is one of that number."""
    return next((card for card in webhooks(now=now, zone=zone) if card.id == webhook_id), None)


def sent(webhook_id: int, *, zone: ZoneInfo) -> tuple[Sent, ...]:
    """The newest deliveries to a webhook."""
    rows = Delivery.objects.filter(webhook=webhook_id).select_related("entry__case")
    return tuple(_sent(row, zone=zone) for row in rows.order_by("-pk")[:SHOWN])


def topics() -> tuple[Topic, ...]:
    """What a webhook can be told of."""
    return tuple(
        Topic(key=key, name=str(name), says=str(says), kinds=TOPICS[key])
        for key, (name, says) in TOPIC_NAMES.items()
    )


def _row(card: WebhookCard) -> Row:
    return Row(
        key=str(card.id),
        cells=(
            Cell(words=card.name, sub=card.url),
            Cell(words=card.hears, sub=card.form),
            Cell(words=card.state, warns=card.icon == "at_risk"),
            Cell(words=str(card.waiting)),
            Cell(words=str(card.given_up)),
        ),
        is_past=card.is_stopped,
    )


def _card(row: Webhook, *, now: datetime, zone: ZoneInfo) -> WebhookCard:
    state, icon = _("Told as it happens"), "kept"
    if row.failing_since is not None:
        since = wording.moment(row.failing_since, zone=zone)
        state, icon = _("Does not answer since %(when)s") % {"when": since}, "at_risk"
    if row.stopped_at is not None:
        state, icon = (
            _("Stopped %(when)s") % {"when": wording.moment(row.stopped_at, zone=zone)},
            "broken",
        )
    return WebhookCard(
        id=row.pk,
        name=row.name,
        url=row.url,
        hears=_hears(row.kinds),
        form=_form(row),
        made=wording.moment(row.made_at, zone=zone),
        state=state,
        icon=icon,
        is_stopped=row.stopped_at is not None,
        is_rotating=row.old_until is not None and now < row.old_until,
        waiting=row.waiting,  # type: ignore[attr-defined]  # as annotated
        given_up=row.given_up,  # type: ignore[attr-defined]  # as annotated
    )


def _hears(kinds: Iterable[str]) -> str:
    """Whole topics by their names, what is left by the names that messages give it."""
    left = set(kinds)
    if not left:
        return _("everything")
    whole = [topic for topic in topics() if left.issuperset(topic.kinds)]
    for topic in whole:
        left -= set(topic.kinds)
    return ", ".join([*(topic.name for topic in whole), *sorted(left)])


def _form(row: Webhook) -> str:
    words = _("with people's words") if row.with_words else _("without people's words")
    return f"CloudEvents, {words}" if row.is_cloudevents else words


def _sent(row: Delivery, *, zone: ZoneInfo) -> Sent:
    state, icon = _("Waits"), "due"
    if row.delivered_at is not None:
        state, icon = _("Arrived"), "kept"
    elif row.given_up_at is not None:
        state, icon = _("Given up"), "broken"
    return Sent(
        id=row.pk,
        what=row.entry.kind,
        case=row.entry.case.reference,
        at=wording.moment(row.delivered_at or row.given_up_at or row.made_at, zone=zone),
        state=state,
        icon=icon,
        says=row.error,
        tries=row.tries,
    )
