"""Saved views of the list of cases: kept, renamed, shared, made one's default, deleted and back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.records.models import SavedView, Staff

NAME_MAX = 60
VIEWS_MAX = 50


class SavedViewError(Exception):
    """Base of every refusal about a saved view; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class NameTakenError(SavedViewError):
    """You have a view of that name already: choose another name, or delete that view first."""


class NameMissingError(SavedViewError):
    """A view needs a name of at most 60 characters."""


class TooManyViewsError(SavedViewError):
    """You have 50 views already: delete one that you no longer use first."""


class NotYourViewError(SavedViewError):
    """A shared view is changed by whoever made it: save one of your own instead."""


def save_view(
    *, name: str, address: str, by: Staff, now: datetime, shared: bool = False
) -> SavedView:
    """Keep the filters of an address under a name.

    :raises NameMissingError: if the name is empty or too long.
    :raises NameTakenError: if the person has a view of that name.
    :raises TooManyViewsError: if the person has as many as anybody could use.
    """
    clean = _name(name)
    if SavedView.objects.filter(owner=by, deleted_at=None).count() >= VIEWS_MAX:
        raise TooManyViewsError
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                owner=by,
                team_id=by.team_id if shared else None,
                name=clean,
                address=address,
                made_at=now,
            )
    except IntegrityError as taken:
        raise NameTakenError from taken


def change_view(*, view_id: int, name: str, shared: bool, is_default: bool, by: Staff) -> SavedView:
    """Rename one's view, share it or not, and make it what the list opens with or not.

    :raises SavedView.DoesNotExist: if there is none.
    :raises NotYourViewError: if somebody else made it.
    :raises NameMissingError: if the name is empty or too long.
    :raises NameTakenError: if the person has another view of that name.
    """
    clean = _name(name)
    try:
        with transaction.atomic():
            view = _lock(view_id, by=by)
            if is_default:
                SavedView.objects.filter(owner=by, is_default=True).update(is_default=False)
            view.name, view.is_default = clean, is_default
            view.team_id = by.team_id if shared else None
            view.save(update_fields=["name", "is_default", "team"])
            return view
    except IntegrityError as taken:
        raise NameTakenError from taken


@transaction.atomic
def delete_view(*, view_id: int, by: Staff, now: datetime) -> SavedView:
    """Delete one's view; it can be brought back.

    :raises SavedView.DoesNotExist: if there is none.
    :raises NotYourViewError: if somebody else made it.
    """
    view = _lock(view_id, by=by)
    view.deleted_at, view.is_default = view.deleted_at or now, False
    view.save(update_fields=["deleted_at", "is_default"])
    return view


def restore_view(*, view_id: int, by: Staff) -> SavedView:
    """Bring one's deleted view back.

    :raises SavedView.DoesNotExist: if there is none.
    :raises NotYourViewError: if somebody else made it.
    :raises NameTakenError: if the person has given its name to another view since.
    """
    try:
        with transaction.atomic():
            view = _lock(view_id, by=by)
            view.deleted_at = None
            view.save(update_fields=["deleted_at"])
            return view
    except IntegrityError as taken:
        raise NameTakenError from taken


def _lock(view_id: int, *, by: Staff) -> SavedView:
    view = SavedView.objects.select_for_update(of=("self",)).get(pk=view_id)
    if view.owner_id != by.pk:
        raise NotYourViewError
    return view


def _name(given: str) -> str:
    name = " ".join(given.replace("\x00", "").split())
    if not 0 < len(name) <= NAME_MAX:
        raise NameMissingError
    return name
