"""Which cases a filter leaves, in which order, from which place on: as PostgreSQL is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.search import SearchQuery, SearchQueryField
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from makegood.queries import search_words
from makegood.queries.case_filter import CaseFilter, Sort, State
from makegood.records.models import Case, Message, Promise, PromiseKind
from makegood.rules import sought
from makegood.rules.promises import Outcome

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DIGITS = 18
_MICROSECONDS_MAX = 253_402_300_799_000_000  # the year 9999


class PlaceError(ValueError):
    """A place in a list that no list gave out: begin at its first page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """By which columns, and whether the greatest come first."""

    columns: tuple[str, ...]
    is_falling: bool = False


_ORDERS = {
    Sort.SEVERITY: Order(columns=("severity", "known_at", "pk")),
    Sort.NEWEST: Order(columns=("known_at", "pk"), is_falling=True),
    Sort.DUE: Order(columns=("next_due", "next_id")),
}


class Asked(SearchQuery):
    """What was typed, as the database has read it."""

    function = None
    template = "%(expressions)s::tsquery"

    def __init__(self, typed: str) -> None:
        query = search_words.read_query(sought.read(typed))
        self.invert = False
        Func.__init__(self, Value(query), output_field=SearchQueryField())

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:  # noqa: ANN401 - Django's own
        """As any function, without the parts of Django's own search query."""
        return Func.as_sql(self, *args, **kwargs)


class _Beyond(Func):
    """Rows compared as a whole, so that an index can begin at the very place."""

    output_field = BooleanField()

    def __init__(self, *both: Any, sign: str = ">") -> None:  # noqa: ANN401 - columns and values
        super().__init__(*both)
        self.sign = sign

    def as_sql(self, compiler: SQLCompiler, *_: Any, **__: Any) -> tuple[str, Any]:  # noqa: ANN401 - Django's own
        """`(a, b) > (x, y)`."""
        compiled = [compiler.compile(each) for each in self.get_source_expressions()]
        half = len(compiled) // 2
        left, right = ([text for text, _ in side] for side in (compiled[:half], compiled[half:]))
        values = [value for _, given in compiled for value in given]
        return f"({', '.join(left)}) {self.sign} ({', '.join(right)})", values


def matching(asked: CaseFilter, *, now: datetime, zone: ZoneInfo) -> QuerySet[Case]:
    """The cases that the filters leave, in no order."""
    return Case.objects.filter(_conditions(asked, now=now, zone=zone), is_canary=False)


def order_of(asked: CaseFilter) -> Order:
    """How the list is sorted; only open cases have something that falls due next."""
    if asked.sort is Sort.DUE and not asked.is_open_only:
        return _ORDERS[Sort.NEWEST]
    return _ORDERS[asked.sort]


def ordered(cases: QuerySet[Case], order: Order, *, backwards: bool = False) -> QuerySet[Case]:
    """The cases in their order; each has the values of the order's columns."""
    if "next_due" in order.columns:
        cases = _with_next(cases)
    sign = "-" if order.is_falling != backwards else ""
    return cases.order_by(*(f"{sign}{column}" for column in order.columns))


def beyond(
    cases: QuerySet[Case], order: Order, place: str, *, backwards: bool = False
) -> QuerySet[Case]:
    """Of cases in their order those after a place, or before it.

    :raises PlaceError: if no list gave out such a place.
    """
    values = _values(order, place)
    names = [F(column) for column in order.columns]
    sign = "<" if order.is_falling != backwards else ">"
    return cases.filter(_Beyond(*names, *map(Value, values), sign=sign))


def place_of(case: Any, order: Order) -> str:  # noqa: ANN401 - a case, or one of `places_of`
    """The place of a case in the list, for an address."""
    values = [getattr(case, column) for column in order.columns]
    return ".".join(str(_number(value)) for value in values)


def _with_next(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with the open promise of each that falls due first; all of them in one walk."""
    # That there is a promise is said, so that no outer join is needed; said by another of its
    # columns, the planner would think that there are far fewer, and sort all of them.
    joined = cases.filter(promises__outcome=None, promises__pk__isnull=False).annotate(
        next_due=F("promises__due_at"), next_id=F("promises__pk")
    )
    earlier = Promise.objects.still_open().filter(
        _Beyond(F("due_at"), F("pk"), OuterRef("next_due"), OuterRef("next_id"), sign="<"),
        case=OuterRef("pk"),
    )
    return joined.filter(~Q(Exists(earlier)))


def _number(value: datetime | int) -> int:
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else int(value)


def _values(order: Order, place: str) -> list[datetime | int]:
    numbers = place.split(".")
    if len(numbers) != len(order.columns) or not all(
        part.isascii() and part.isdigit() and len(part) <= _DIGITS for part in numbers
    ):
        raise PlaceError(PlaceError.__doc__)
    return [
        _moment(int(part)) if column in {"known_at", "next_due"} else int(part)
        for column, part in zip(order.columns, numbers, strict=True)
    ]


def _moment(microseconds: int) -> datetime:
    return _EPOCH + min(microseconds, _MICROSECONDS_MAX) * _MICROSECOND


def _conditions(asked: CaseFilter, *, now: datetime, zone: ZoneInfo) -> Q:
    found = _state(asked.state, now=now)
    plain = {
        "owner": asked.owner,
        "team": asked.team,
        "function": asked.function or None,
        "severity__in": asked.severity or None,
        "known_at__gte": asked.since and datetime.combine(asked.since, time.min, zone),
        "known_at__lt": asked.until
        and datetime.combine(asked.until + timedelta(days=1), time.min, zone),
        "search__waiting_since__lte": asked.waiting and now - timedelta(hours=asked.waiting),
        "imported__of_import": asked.imported,
        "search__words": Asked(asked.q) if asked.q else None,
    }
    found &= Q(**{name: value for name, value in plain.items() if value is not None})
    return found & Q(Exists(_promises(outcome=Outcome.BROKEN))) if asked.broke else found


def _state(state: State, *, now: datetime) -> Q:
    if state is State.ALL:
        return Q()
    if state is State.CLOSED:
        return Q(closed_at__isnull=False)
    found = Q(closed_at=None)
    open_ = _promises(outcome=None)
    if state is State.AT_RISK:
        # As `promises.standing` has it: the first rung's time has come, the due time has not.
        # Asked one by one, for each has an index of the few that it holds for. Only what is open
        # can be due to be spoken of; said once more, PostgreSQL would look through all that is.
        spoken = open_.filter(due_at__gte=now, rungs_spoken__gt=0)
        due_to_speak = _promises(due_at__gte=now, escalate_at__lte=now)
        return found & (Q(Exists(spoken)) | Q(Exists(due_to_speak)))
    if state is State.BROKEN:
        owed = Message.objects.filter(case=OuterRef("pk"), said_at=None)
        return found & (Q(Exists(owed)) | Q(Exists(open_.filter(due_at__lt=now))))
    if state is State.ASKED:
        kept = _promises(outcome=Outcome.KEPT).exclude(kind=PromiseKind.NEWS)
        undone = open_.exclude(kind=PromiseKind.NEWS)
        return found & Q(Exists(kept)) & ~Q(Exists(undone))
    return found


def _promises(**what: object) -> QuerySet[Promise]:
    return Promise.objects.filter(case=OuterRef("pk"), **what)


def places_of(cases: QuerySet[Case], order: Order, *, rows: int) -> Sequence[Any]:
    """The ids and places of up to so many cases and one more."""
    wanted = dict.fromkeys(("pk", *order.columns))
    return list(cases.values_list(*wanted, named=True)[: rows + 1])
