"""The one place where a letter asks whether it is true: when it is written, and when it leaves."""

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.actions import gate, visit_words
from makegood.actions.gate import Saying, StoppedError
from makegood.language import sentences
from makegood.records.models import Asking, Letter, MessageKind
from makegood.rules.gate.facts import Window
from makegood.rules.gate.verdict import Verdict
from makegood.rules.promises import Channel, Speaker


class LetterStoppedError(Exception):
    """A letter that would not be true does not leave; the message says why."""


def check(letter: Letter, *, now: datetime) -> tuple[int, ...]:
    """Refuse a letter that is not true at `now`; returns the revisions whose new dates it tells.

    :raises LetterStoppedError: if it is not.
    """
    why, verdict = _objection(letter, now=now)
    if why:
        raise LetterStoppedError(why)
    return gate.told_in(verdict) if verdict is not None else ()


def objection(letter: Letter, *, now: datetime) -> str:
    """Why a letter must not leave at `now`, in one sentence; empty if it may."""
    return _objection(letter, now=now)[0]


def _objection(letter: Letter, *, now: datetime) -> tuple[str, Verdict | None]:
    why = _overtaken(letter, now=now)
    if why:
        return why, None
    verdict = gate.check(letter.case_id, _saying(letter), now=now, also=_new_time(letter))
    return "" if verdict.passes else sentences.said(str(StoppedError(verdict))), verdict


def let_leave(letter: Letter, *, now: datetime) -> str:
    """As `objection`; and if there is none, write down that these words passed.

    The caller holds the case and the letter, so that no fact changes as it leaves.
    """
    why = _overtaken(letter, now=now)
    if why:
        return why
    try:
        gate.pass_or_stop(letter.case_id, _saying(letter), now=now, also=_new_time(letter))
    except StoppedError as stopped:
        return sentences.said(str(stopped))
    return ""


def _new_time(letter: Letter) -> tuple[Window, ...]:
    """The new date that the letter tells, which is no promise before it was told."""
    return (gate.window_of_revision(letter.revision),) if letter.revision else ()


def _saying(letter: Letter) -> Saying:
    return Saying(
        text=letter.words,
        speaker=Speaker.SYSTEM if letter.written_by is None else Speaker.PERSON,
        channel=Channel(letter.channel),
        by=letter.written_by,
        template=letter.template_id,
        tells=True,
        brings_news=letter.revision is not None or _is_of_visit(letter),
    )


def _is_of_visit(letter: Letter) -> bool:
    """What a visit owes its customer is another time, or that there is none: always news."""
    return letter.duty is not None and letter.duty.kind == MessageKind.VISIT


def _overtaken(letter: Letter, *, now: datetime) -> str:
    """Why what it is about does not stand any more; empty if it does."""
    return (
        _about_promise(letter, now=now)
        or _about_revision(letter, now=now)
        or _about_question(letter)
        or _about_apology(letter)
    )


def _about_question(letter: Letter) -> str:
    """Whoever has spoken, or was asked by another way, is not asked by a letter too.

    But what keeps a promise of news leaves all the same: being asked once more does less harm than
    a word that breaks.
    """
    if letter.keeps_id is not None:
        return ""
    if letter.duty is None or letter.duty.kind != MessageKind.QUESTION:
        return ""
    asking = Asking.objects.filter(message=letter.duty).first()
    is_open = asking is not None and asking.ended_at is None and asking.asked_at is None
    return "" if is_open else _("The customer was asked already, or has answered.")


def _about_apology(letter: Letter) -> str:
    """Where somebody has said sorry meanwhile, a machine does not say it too."""
    if letter.duty is None or not letter.is_automatic:
        return ""
    is_said = letter.duty.kind == MessageKind.APOLOGY and letter.duty.said_at is not None
    return _("Somebody has said this to the customer already.") if is_said else ""


def _about_promise(letter: Letter, *, now: datetime) -> str:
    """What it tells is still promised, for the same time, and that lies ahead."""
    promise = letter.promise
    if promise is None:
        return ""
    if promise.outcome is not None or promise.due_at != letter.told_due_at:
        return _("What this letter promises has changed since it was written: write a new one.")
    if not visit_words.stands(promise.pk, promise.due_at):
        return _("The visit that this letter tells of has moved since: write a new one.")
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
