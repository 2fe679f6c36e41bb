"""Taking a change of the settings back: the value before it, by the same way as any change."""

from collections.abc import Mapping
from typing import Final

from django.db import transaction

from makegood.actions import changes
from makegood.actions.authorities import AUTHORITIES, CONFLICTS
from makegood.actions.calendars import CALENDARS
from makegood.actions.changes import CannotUndoError, Editor, Keeper
from makegood.actions.crews import CREWS
from makegood.actions.duty import DUTIES
from makegood.actions.gesture_settings import BUDGETS, GESTURES
from makegood.actions.ladders import LADDERS
from makegood.actions.rounds import ROUNDS
from makegood.actions.scheme_uses import SCHEMES
from makegood.actions.services import ASSETS, SERVICES
from makegood.actions.sign_in import sign_in_rules
from makegood.actions.teams import PEOPLE, TEAMS
from makegood.records import settings_facts
from makegood.records.models import Deed, SettingsChange, SettingsWords, Thing
from makegood.records.settings_facts import PERSONAL, Facts

KEEPERS: Final[Mapping[str, Keeper]] = {
    keeper.thing: keeper
    for keeper in (
        CREWS,
        ROUNDS,
        SERVICES,
        ASSETS,
        LADDERS,
        DUTIES,
        CALENDARS,
        TEAMS,
        PEOPLE,
        AUTHORITIES,
        CONFLICTS,
        SCHEMES,
        GESTURES,
        BUDGETS,
    )
}
_RETIRES: Final = {Thing.SERVICE, Thing.ASSET, Thing.CREW, Thing.ROUND, Thing.GESTURE}
_REMOVES: Final = {
    Thing.LADDER,
    Thing.DUTY,
    Thing.AUTHORITY,
    Thing.CONFLICT,
    Thing.SCHEME,
    Thing.BUDGET,
}


@transaction.atomic
def undo(change_id: int, *, editor: Editor) -> SettingsChange:
    """Put back what stood before a change, unless it was changed again since.

    :raises CannotUndoError: if that cannot be done; the message says why, and what to do instead.
    """
    change = SettingsChange.objects.get(pk=change_id)
    changes.lock(change.thing, change.key)
    keeper = _check(change, editor)
    by = Editor(by=editor.by, now=editor.now, undoes=change)
    changes.keep(keeper, change.key, _facts_before(change), editor=by)
    return change


def _keeper_of(change: SettingsChange, editor: Editor) -> Keeper | None:
    if change.thing == Thing.SIGN_IN and editor.by is not None:
        return sign_in_rules(editor.by)
    return KEEPERS.get(change.thing)


def _check(change: SettingsChange, editor: Editor) -> Keeper:
    keeper = _keeper_of(change, editor)
    if change.thing == Thing.RETENTION:
        raise CannotUndoError("Set it anew on its page, which first shows what would go.")
    if keeper is None:
        if change.thing == Thing.TOKEN:
            raise CannotUndoError("A token stays as it is, for safety; make another one instead.")
        raise CannotUndoError("This cannot be put back from here; change it on its own page.")
    if change.thing == Thing.STAFF and "active" in change.fields:
        raise CannotUndoError(
            "Their cases are with others by now. Let them in again on their page, and hand over."
        )
    if change.thing == Thing.STAFF and "second_step" in change.fields:
        raise CannotUndoError(
            "What they signed in with is forgotten for good; they set up a new second step."
        )
    if change.deed == Deed.MADE and change.thing not in _RETIRES | _REMOVES:
        raise CannotUndoError("What was added may be in use by now; change it instead.")
    if SettingsChange.objects.filter(undoes=change).exists():
        raise CannotUndoError("That change was taken back already.")
    if not _stands(change):
        raise CannotUndoError(
            "It was changed again since; take the later change back first, or change it by hand."
        )
    return keeper


def _stands(change: SettingsChange) -> bool:
    """Whether what the change wrote is still there."""
    current = settings_facts.read(change.thing, change.key)
    if change.deed == Deed.REMOVED:
        return current is None
    after = {**change.after, **_words(change).after} if _has_words(change) else change.after
    return current is not None and all(
        current.get(field) == after.get(field) for field in change.fields
    )


def _facts_before(change: SettingsChange) -> Facts | None:
    if change.deed == Deed.MADE:
        return {"retired": True} if change.thing in _RETIRES else None
    if not _has_words(change):
        return dict(change.before)
    return {**change.before, **_words(change).before}


def _has_words(change: SettingsChange) -> bool:
    return bool(PERSONAL.get(change.thing, frozenset()) & set(change.fields))


def _words(change: SettingsChange) -> SettingsWords:
    found = SettingsWords.objects.filter(change=change).first()
    if found is None:
        raise CannotUndoError("The words that stood there were erased; type them again.")
    return found
