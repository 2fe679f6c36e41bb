"""The one place where a letter asks whether it is true: when it is written, and when it leaves."""

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.records.models import Letter


class LetterStoppedError(Exception):
    """A letter that would not be true does not leave; the message says why."""


def check(letter: Letter, *, now: datetime) -> None:
    """Refuse a letter that is not true at `now`.

    :raises LetterStoppedError: if it is not.
    """
    why = objection(letter, now=now)
    if why:
        raise LetterStoppedError(why)


def objection(letter: Letter, *, now: datetime) -> str:
    """Why a letter must not leave at `now`, in one sentence; empty if it may."""
    return _about_promise(letter, now=now) or _about_revision(letter, now=now)


def _about_promise(letter: Letter, *, now: datetime) -> str:
    """What it tells is still promised, for the same time, and that lies ahead."""
    promise = letter.promise
    if promise is None:
        return ""
    if promise.outcome is not None or promise.due_at != letter.told_due_at:
        return _("What this letter promises has changed since it was written: write a new one.")
    return "" if promise.due_at > now else _("The time that this letter promises has passed.")


def _about_revision(letter: Letter, *, now: datetime) -> str:
    """The new date was not overtaken, and the old one has not passed."""
    revision = letter.revision
    if revision is None:
        return ""
    promise = revision.promise
    latest = promise.revisions.order_by("-number").first()
    is_live = promise.outcome is None and revision.old_due_at == promise.due_at
    if not is_live or latest != revision:
        return _("Another date was decided since this letter was written: write a new one.")
    return (
        "" if promise.due_at > now else _("The old time has passed, and so the promise is broken.")
    )
