"""What sends signals: set up with how it writes, changed, retired and brought back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.actions import changes
from makegood.actions.changes import Editor, FieldError
from makegood.records import settings_facts
from makegood.records.models import SignalSource, Staff, Thing
from makegood.records.settings_facts import Facts
from makegood.rules import signals
from makegood.rules.severity import Harm
from makegood.rules.signals import PlaceError

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
PLACES = ("asset", "state", "id", "at", "kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """How a source shall be read: the places of its facts, and its words for each state."""

    title: str
    says: str
    harm: Harm
    places: dict[str, str]
    states: Sequence[str]
    back: Sequence[str] = ()
    kinds: Sequence[str] = ()


@transaction.atomic
def make(slug: str, wanted: Wanted, *, by: Staff, now: datetime) -> SignalSource:
    """Let another platform's signals in.

    :raises FieldError: if a place is none, no state is a failure, or the name is taken.
    """
    if not _SLUG.fullmatch(slug):
        raise FieldError(
            "slug", "A short name has small letters, digits and hyphens, such as alarm-panels."
        )
    if SignalSource.objects.filter(slug=slug).exists():
        raise FieldError("slug", "Another source has this name: choose another.")
    source = SignalSource.objects.create(slug=slug, made_by=by, made_at=now, **_columns(wanted))
    _note(source, None, by=by, now=now)
    return source


@transaction.atomic
def change(source_id: int, wanted: Wanted, *, by: Staff, now: datetime) -> SignalSource:
    """Read a source in another way from now on; what it has said stays as it was read.

    :raises FieldError: if a place is none, or no state is a failure.
    """
    return _change(source_id, _columns(wanted), by=by, now=now)


@transaction.atomic
def retire(source_id: int, *, by: Staff, now: datetime) -> None:
    """Take no more signals of a source; its door says that there is none."""
    _change(source_id, {"retired_at": now}, by=by, now=now)


@transaction.atomic
def bring_back(source_id: int, *, by: Staff, now: datetime) -> None:
    """Take its signals again."""
    _change(source_id, {"retired_at": None}, by=by, now=now)


def _change(
    source_id: int, columns: Mapping[str, object], *, by: Staff, now: datetime
) -> SignalSource:
    source = SignalSource.objects.select_for_update().get(pk=source_id)
    before = settings_facts.read(Thing.SIGNALS, str(source_id))
    for name, value in columns.items():
        setattr(source, name, value)
    source.save(update_fields=list(columns))
    _note(source, before, by=by, now=now)
    return source


def _note(source: SignalSource, before: Facts | None, *, by: Staff, now: datetime) -> None:
    key = str(source.pk)
    after = settings_facts.read(Thing.SIGNALS, key)
    changes.note(Thing.SIGNALS, key, before, after, editor=Editor(by=by, now=now))


def _columns(wanted: Wanted) -> dict[str, object]:
    for name, place in wanted.places.items():
        if place or name in {"asset", "state"}:
            _check(name, place)
    if not wanted.states:
        raise FieldError("states", "Say by which word it means a failure, such as lost.")
    both = {each.casefold() for each in wanted.states} & {each.casefold() for each in wanted.back}
    if both:
        raise FieldError("back", "The same word cannot mean a failure and that it is over.")
    return {
        "title": wanted.title,
        "says": wanted.says,
        "harm": wanted.harm.value,
        "paths": {name: place for name, place in wanted.places.items() if place},
        "states": list(wanted.states),
        "back": list(wanted.back),
        "kinds": list(wanted.kinds),
    }


def _check(name: str, place: str) -> None:
    try:
        signals.check_place(place)
    except PlaceError as wrong:
        raise FieldError(f"place_{name}", str(wrong)) from wrong
