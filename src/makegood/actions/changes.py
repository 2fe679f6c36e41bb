"""Changing the settings: one at a time, never over somebody else's change, and never unrecorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from makegood.records import settings_facts
from makegood.records.models import Deed, SettingsChange, SettingsWords, Staff, Thing
from makegood.records.settings_facts import PERSONAL, Facts


class SettingsError(ValueError):
    """A setting that cannot be as asked; the message says what would be right."""


class FieldError(SettingsError):
    """One field of a setting is wrong; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ChangedMeanwhileError(SettingsError):
    """Somebody else changed this while you had it open; look at what they did, then save again."""


class CannotUndoError(SettingsError):
    """A change that cannot be taken back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Editor:
    """Who changes a setting, when, and which change of it they had seen last.

    Nobody in `by` means the command line. None in `seen` means that nobody looked before.
    """

    by: Staff | None
    now: datetime
    seen: int | None = None
    undoes: SettingsChange | None = None


Write = Callable[[str | None, Facts | None, datetime], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Keeper:
    """How one kind of thing is written: from its key, all of its facts, and the moment."""

    thing: Thing
    write: Write


def new_at_its_place(keeper: Keeper, place_of: Callable[[Facts], str]) -> Keeper:
    """A keeper of something new whose key says what it is, so that it may be there already.

    Its `write` raises SettingsError if something stands in that place.
    """

    def write(_key: str | None, facts: Facts | None, now: datetime) -> str:
        key = place_of(facts or {})
        lock(keeper.thing, key)
        if settings_facts.read(keeper.thing, key) is not None:
            raise SettingsError("This is set already: open it in the list, and change it there.")
        return keeper.write(key, facts, now)

    return Keeper(thing=keeper.thing, write=write)


@transaction.atomic
def keep(keeper: Keeper, key: str | None, facts: Facts | None, *, editor: Editor) -> str:
    """Write some facts of a thing (None removes it), and who did it. Returns its key.

    :raises ChangedMeanwhileError: if somebody changed it after the editor looked.
    :raises SettingsError: if it cannot be as asked.
    """
    if key is not None:
        lock(keeper.thing, key)
    before = settings_facts.read(keeper.thing, key) if key is not None else None
    if key is not None and editor.seen is not None and last_change(keeper.thing, key) > editor.seen:
        raise ChangedMeanwhileError(ChangedMeanwhileError.__doc__)
    wanted = None if facts is None else {**(before or {}), **facts}
    if wanted == before and key is not None:
        return key
    written = keeper.write(key, wanted, editor.now)
    note(keeper.thing, written, before, settings_facts.read(keeper.thing, written), editor=editor)
    return written


def lock(thing: str, key: str) -> None:
    """Let nobody else change this thing until the transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"settings {thing} {key}"])


def last_change(thing: str, key: str) -> int:
    """The number of the last change of a thing; 0 if it was never changed here."""
    changes = SettingsChange.objects.filter(thing=thing, key=key).order_by("-pk")
    return changes.values_list("pk", flat=True).first() or 0


def note(
    thing: Thing, key: str, before: Facts | None, after: Facts | None, *, editor: Editor
) -> SettingsChange | None:
    """Record what changed, if anything did; what is personal is kept beside it."""
    fields = sorted(_differing(before or {}, after or {}))
    if not fields:
        return None
    personal = PERSONAL.get(thing, frozenset())
    plain = [field for field in fields if field not in personal]
    change = SettingsChange.objects.create(
        thing=thing,
        key=key,
        deed=_deed(before, after),
        fields=fields,
        before=_only(plain, before),
        after=_only(plain, after),
        at=editor.now,
        by=editor.by,
        undoes=editor.undoes,
    )
    if private := [field for field in fields if field in personal]:
        SettingsWords.objects.create(
            change=change, before=_only(private, before), after=_only(private, after)
        )
    return change


def _differing(before: Facts, after: Facts) -> set[str]:
    return {field for field in {*before, *after} if before.get(field) != after.get(field)}


def _deed(before: Facts | None, after: Facts | None) -> Deed:
    if before is None:
        return Deed.MADE
    return Deed.REMOVED if after is None else Deed.CHANGED


def _only(fields: list[str], facts: Facts | None) -> Mapping[str, object]:
    return {} if facts is None else {field: facts[field] for field in fields if field in facts}
