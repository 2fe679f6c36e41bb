"""Who changed what of the settings: sentences for pages, and whether each can be taken back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.queries.settings import wording
from makegood.records import gesture_facts, money_facts
from makegood.records.models import (
    Asset,
    Crew,
    Customer,
    Deed,
    GestureItem,
    Partner,
    Round,
    Service,
    SettingsChange,
    SignalSource,
    Staff,
    Team,
    Thing,
    Token,
    WorkingCalendar,
)
from makegood.records.settings_facts import Facts, team_and_severity

_PEOPLE = ("staff", "cover", "lead", "head", "executive", "owner")
_STAYS = frozenset({"active", "second_step"})
"""What changed of a person and is not put back by one press: cases moved, keys are forgotten."""
_STAYS_AS_IT_IS = {Thing.TOKEN, Thing.SIGNALS, Thing.PARTNER, Thing.RETENTION}
"""What opens a door to others, or takes things out, is changed on its own page."""
_OF_MONEY = {Thing.AUTHORITY, Thing.CONFLICT, Thing.SCHEME, Thing.BUDGET}
_NAMED = {
    *(Thing.STAFF, Thing.TEAM, Thing.CALENDAR, Thing.SERVICE, Thing.ASSET, Thing.CREW),
    *(Thing.ROUND, Thing.TOKEN, Thing.GESTURE, Thing.SIGNALS, Thing.PARTNER),
}
_TAKES_BACK_ADDED = {
    *(Thing.SERVICE, Thing.ASSET, Thing.LADDER, Thing.DUTY, Thing.GESTURE),
    *_OF_MONEY,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One field that changed, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One change for a page."""

    id: int
    thing: str
    what: str
    by: str
    at: str
    iso: str
    deed: str
    lines: tuple[Line, ...]
    is_erased: bool
    can_undo: bool
    is_undone: bool
    is_undo: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A page of changes, the newest first."""

    changes: tuple[Change, ...]
    number: int = 1
    has_more: bool = False


def history_of(
    *things: str, key: str | None = None, since: int = 0, zone: ZoneInfo, limit: int = 8
) -> History:
    """The latest changes of some kinds of things, or of one thing after a change was seen."""
    rows = _rows().filter(pk__gt=since)
    if things:
        rows = rows.filter(thing__in=things)
    if key is not None:
        rows = rows.filter(key=key)
    found = list(rows[: limit + 1])
    return History(changes=_as_changes(found[:limit], zone=zone), has_more=len(found) > limit)


def history_page(*, number: int, size: int, zone: ZoneInfo) -> History:
    """One page of everything that was changed."""
    start = (number - 1) * size
    found = list(_rows()[start : start + size + 1])
    changes = _as_changes(found[:size], zone=zone)
    return History(changes=changes, number=number, has_more=len(found) > size)


def history_rows(*, zone: ZoneInfo, at_once: int = 500) -> Iterator[list[str]]:
    """Everything that was changed, for a file: one row for each field."""
    last: int | None = None
    while True:
        rows = _rows() if last is None else _rows().filter(pk__lt=last)
        found = list(rows[:at_once])
        if not found:
            return
        last = found[-1].pk
        for change in _as_changes(found, zone=zone):
            about = [change.iso, change.by, change.thing, change.what, change.deed]
            for line in change.lines:
                yield [*about, line.field, line.before, line.after]


def last_change(thing: str, key: str) -> int:
    """The number of the last change of a thing; 0 if it was never changed here."""
    rows = SettingsChange.objects.filter(thing=thing, key=key).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def facts_then(thing: str, key: str, *, since: int, current: Facts) -> Facts:
    """What stood in a thing when change `since` was the last: later ones, taken off again."""
    then = dict(current)
    rows = SettingsChange.objects.filter(thing=thing, key=key, pk__gt=since)
    for change in rows.select_related("words").order_by("-pk"):
        words = getattr(change, "words", None)
        then |= {**change.before, **(words.before if words else {})}
    return then


def thing_of(change_id: int) -> str | None:
    """Which kind of thing a change is of; None if there is no such change."""
    rows = SettingsChange.objects.filter(pk=change_id)
    return rows.values_list("thing", flat=True).first()


def _rows() -> QuerySet[SettingsChange]:
    return (
        SettingsChange.objects.select_related("by", "words")
        .prefetch_related("undone")
        .order_by("-pk")
    )


def _as_changes(rows: list[SettingsChange], *, zone: ZoneInfo) -> tuple[Change, ...]:
    names = _names(rows)
    return tuple(_as_change(row, names=names, zone=zone) for row in rows)


def _as_change(row: SettingsChange, *, names: Mapping[str, str], zone: ZoneInfo) -> Change:
    words = getattr(row, "words", None)
    before = {**row.before, **(words.before if words else {})}
    after = {**row.after, **(words.after if words else {})}
    known = [field for field in row.fields if field in before or field in after]
    is_undone = bool(row.undone.all())
    return Change(
        id=row.pk,
        thing=row.thing,
        what=_what(row, after or before, names=names),
        by=row.by.name if row.by else _("the command line"),
        at=wording.moment(row.at, zone=zone),
        iso=row.at.isoformat(timespec="seconds"),
        deed=row.deed,
        lines=tuple(
            Line(
                field=str(wording.FIELDS.get(field, field)),
                before=wording.value(field, before.get(field), names=names, zone=zone),
                after=wording.value(field, after.get(field), names=names, zone=zone),
            )
            for field in known
        ),
        is_erased=len(known) < len(row.fields),
        can_undo=not is_undone and _can_undo(row),
        is_undone=is_undone,
        is_undo=row.undoes_id is not None,
    )


def _can_undo(row: SettingsChange) -> bool:
    """Whether a page offers it; whether something came in between, the action finds out."""
    if row.thing in _STAYS_AS_IT_IS:
        return False
    if row.thing == Thing.STAFF and not _STAYS.isdisjoint(row.fields):
        return False
    return row.deed != Deed.MADE or row.thing in _TAKES_BACK_ADDED


def _what(row: SettingsChange, facts: Facts, *, names: Mapping[str, str]) -> str:
    if row.thing == Thing.LADDER:
        team, severity = team_and_severity(row.key)
        return f"{names.get(f'team {team}', '')} P{severity}"
    if row.thing == Thing.SIGN_IN:
        return _("the rules for signing in")
    if row.thing == Thing.RETENTION:
        return wording.kept(row.key)
    if row.thing in _OF_MONEY:
        return _what_of_money(row, names=names)
    if row.thing == Thing.DUTY:
        return names.get(f"staff {facts.get('staff')}", "")
    return names.get(f"{row.thing} {row.key}") or str(facts.get("name", ""))


def _what_of_money(row: SettingsChange, *, names: Mapping[str, str]) -> str:
    if row.thing == Thing.CONFLICT:
        staff, customer = money_facts.place_of_conflict(row.key).values()
        pair = (names.get(f"staff {staff}", ""), names.get(f"customer {customer}", ""))
        return " - ".join(pair)
    if row.thing == Thing.SCHEME:
        return money_facts.place_of_scheme(row.key)["scheme"]
    if row.thing == Thing.BUDGET:
        place = gesture_facts.place_of_budget(row.key)
        team = names.get(f"team {place['team_id']}", "")
        return f"{team}, {place['currency']}"
    place = money_facts.place_of_authority(row.key)
    whose = names.get(f"staff {place['staff_id']}") or str(wording.ROLES.get(place["role"], ""))
    return f"{whose}, {wording.ACTIVITIES[place['activity']]}, {place['currency']}"


def _names(rows: list[SettingsChange]) -> dict[str, str]:
    """The names of everybody and everything that these changes mention, in a query a kind."""
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for field, pk in (*_ids_in_facts(row), *_ids_in_key(row)):
            ids[field].add(pk)
    return {f"{field} {pk}": name for field, pk, name in _look_up(ids)}


def _ids_in_facts(row: SettingsChange) -> Iterator[tuple[str, int]]:
    for facts in (row.before, row.after):
        for field in (*_PEOPLE, "team", "calendar", "service", "customer"):
            if isinstance(facts.get(field), int):
                yield "staff" if field in _PEOPLE else field, facts[field]


def _ids_in_key(row: SettingsChange) -> Iterator[tuple[str, int]]:
    if row.thing == Thing.LADDER:
        yield "team", team_and_severity(row.key)[0]
    elif row.thing in _NAMED or row.thing == Thing.DUTY:
        yield row.thing, int(row.key)
    elif row.thing in _OF_MONEY:
        yield from _ids_of_money(row)


def _ids_of_money(row: SettingsChange) -> Iterator[tuple[str, int]]:
    if row.thing == Thing.CONFLICT:
        pair = money_facts.place_of_conflict(row.key)
        yield from (("staff", pair["staff_id"]), ("customer", pair["customer_id"]))
    elif row.thing == Thing.AUTHORITY:
        yield "staff", money_facts.place_of_authority(row.key)["staff_id"] or 0
    elif row.thing == Thing.BUDGET:
        yield "team", gesture_facts.place_of_budget(row.key)["team_id"]


def _look_up(ids: Mapping[str, set[int]]) -> Iterator[tuple[str, int, str]]:
    for pk, name in Staff.objects.filter(pk__in=ids["staff"]).values_list("pk", "name"):
        for field in _PEOPLE:
            yield field, pk, name
    for field, records in (
        ("team", Team.objects),
        ("calendar", WorkingCalendar.objects),
        ("service", Service.objects),
        ("customer", Customer.objects),
        ("partner", Partner.objects),
        ("asset", Asset.objects),
        ("crew", Crew.objects),
        ("round", Round.objects),
        ("token", Token.objects),
        ("gesture", GestureItem.objects),
    ):
        if wanted := ids[field]:
            for pk, name in records.filter(pk__in=wanted).values_list("pk", "name"):
                yield field, pk, name
    for pk, name in SignalSource.objects.filter(pk__in=ids["signals"]).values_list("pk", "title"):
        yield "signals", pk, name
