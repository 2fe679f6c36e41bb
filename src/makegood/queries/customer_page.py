"""What the customer sees: what happened, what happens next and when, what was said and done.

Rendered from the same records as the desk, in the customer's zone, and with nothing internal:
no severity, no names of rungs, no evidence, no reasons that staff wrote for each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.language import choice, moments
from makegood.queries import call_times, customer_lines, people
from makegood.queries.call_times import CallDay
from makegood.queries.customer_lines import Clock, Line
from makegood.queries.when import When
from makegood.records.models import Case, Choice, Promise, PromiseKind, Reply, ReplyKind
from makegood.rules import phones
from makegood.rules.promises import Outcome, Precision

# What happens at the customer's own place and time, so that another day can suit better.
AT_THEIR_TIME = frozenset({PromiseKind.VISIT, PromiseKind.DELIVERY, PromiseKind.REPAIR})
# What does not have to be over before one can ask whether it is right.
BESIDE_THE_FIX = frozenset({PromiseKind.NEWS, PromiseKind.REDRESS})


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherTime:
    """Another time that the customer can choose."""

    id: int
    words: str
    due: When


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """Something that is promised."""

    id: int
    words: str
    due: When
    is_overdue: bool
    is_by_the_clock: bool
    is_at_their_time: bool
    is_their_call: bool
    number: str
    others: tuple[OtherTime, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """The owner is away: until when, and who looks after it meanwhile."""

    until: When
    cover: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerPage:
    """The page. `asks` says that it was put right, so that the customer is asked whether it is.

    `is_sorry` says that somebody has apologised, and that no apology is owed: the page does not say
    by itself what a person has yet to say, and so it agrees with what the desk shows.
    """

    title: str
    thing: str
    place: str
    since: When
    is_sorry: bool
    owner: str
    owner_first: str
    away: Away | None
    zone: str
    lang: str
    next: NextStep | None
    more: tuple[NextStep, ...]
    meanwhile: str
    is_quiet_today: bool
    answer: NextStep | None
    call: NextStep | None
    number: str
    call_days: tuple[CallDay, ...]
    asks: bool
    lines: tuple[Line, ...]
    closed: When | None


def get_customer_page(case_id: int, *, now: datetime) -> CustomerPage:
    """The page of one case at `now`.

    :raises Case.DoesNotExist: if there is none.
    """
    case = _read_case(case_id)
    clock = Clock(now=now, zone=ZoneInfo(case.customer.zone))
    # What was marked as kept by mistake never was; the same word stands again beside it.
    given = Promise.objects.filter(case=case, correction__isnull=True)
    promises = list(given.order_by("due_at", "pk"))
    replies = _replies(promises)
    choices = _choices(promises, clock)
    open_ = [record for record in promises if record.outcome is None]
    apologies = customer_lines.read_apologies(case)
    steps = tuple(_step(row, replies.get(row.pk), choices.get(row.pk, ()), clock) for row in open_)
    return CustomerPage(
        title=case.title,
        thing=case.asset.name if case.asset else "",
        place=case.asset.place if case.asset else "",
        since=clock.at(case.failed_at),
        is_sorry=bool(apologies) and all(row.said_at for row in apologies),
        owner=case.owner.name,
        owner_first=case.owner.name.split()[0],
        away=_away(case, clock),
        zone=moments.zone_in_words(clock.zone),
        lang=choice.mark_of(case.customer.language),
        next=steps[0] if steps else None,
        more=steps[1:],
        meanwhile="" if case.closed_at else case.meanwhile,
        is_quiet_today=not any(_is_today(record, clock) for record in open_),
        answer=next((step for step in steps if _answers(step, replies)), None),
        call=next((step for step in steps if step.is_their_call), None),
        number=phones.masked(case.customer.phone),
        call_days=() if case.closed_at else call_times.read_days(case, now=now, zone=clock.zone),
        asks=_is_put_right(promises),
        lines=customer_lines.read_lines(case, promises, apologies, clock),
        closed=clock.at(case.closed_at) if case.closed_at else None,
    )


def _read_case(case_id: int) -> Case:
    rows = Case.objects.select_related("customer", "asset", "owner", "team__calendar")
    return rows.get(pk=case_id)


def _replies(promises: Iterable[Promise]) -> Mapping[int | None, Reply]:
    """The reply that led to each promise, the latest one."""
    rows = Reply.objects.filter(promise__in=[record.pk for record in promises])
    return {row.promise_id: row for row in rows.order_by("pk")}


def _choices(promises: Iterable[Promise], clock: Clock) -> Mapping[int, Sequence[Choice]]:
    found: dict[int, list[Choice]] = {}
    rows = Choice.objects.filter(
        promise__in=[record.pk for record in promises if record.outcome is None],
        withdrawn_at=None,
        chosen_at=None,
        due_at__gt=clock.now,
    )
    for row in rows.order_by("due_at", "pk"):
        found.setdefault(row.promise_id, []).append(row)
    return found


def _step(
    record: Promise, reply: Reply | None, choices: Iterable[Choice], clock: Clock
) -> NextStep:
    is_overdue = clock.now > record.due_at
    return NextStep(
        id=record.pk,
        words=record.words,
        due=clock.due(record),
        is_overdue=is_overdue,
        is_by_the_clock=record.precision == Precision.INSTANT and record.earliest_at is None,
        is_at_their_time=record.kind in AT_THEIR_TIME and not is_overdue,
        is_their_call=bool(reply and reply.kind == ReplyKind.CALL),
        number=phones.masked(reply.phone) if reply else "",
        others=tuple(_other(row, clock) for row in choices),
    )


def _other(row: Choice, clock: Clock) -> OtherTime:
    return OtherTime(id=row.pk, words=row.words, due=clock.window(row))


def _answers(step: NextStep, replies: Mapping[int | None, Reply]) -> bool:
    reply = replies.get(step.id)
    return bool(reply and not step.is_their_call and reply.kind != ReplyKind.CHOICE)


def _is_today(record: Promise, clock: Clock) -> bool:
    opens = record.earliest_at or record.due_at
    today = clock.now.astimezone(clock.zone).date()
    return opens.astimezone(clock.zone).date() <= today


def _is_put_right(promises: Sequence[Promise]) -> bool:
    """Whether something was done for the customer, and nothing is still to be done."""
    deeds = [record for record in promises if record.kind not in BESIDE_THE_FIX]
    is_open = any(record.outcome is None for record in deeds)
    return not is_open and any(record.outcome == Outcome.KEPT for record in deeds)


def _away(case: Case, clock: Clock) -> Away | None:
    back = people.absence_of(case.owner_id, now=clock.now)
    if back is None or case.closed_at:
        return None
    cover = people.cover_of(case.owner_id, team_id=case.team_id, now=clock.now)
    return Away(until=clock.at(back), cover=cover)
