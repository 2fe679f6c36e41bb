"""What a visit says to its customer, once: queued with the fact, and said when it was told."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.actions import gate
from makegood.actions.gate import Saying, StoppedError
from makegood.language import choice, moments
from makegood.records import crew_times
from makegood.records.models import (
    Case,
    Letter,
    Message,
    MessageKind,
    Promise,
    PromiseRevision,
    Slot,
    Visit,
)
from makegood.rules import promises
from makegood.rules.promises import Channel, Speaker
from makegood.rules.visits import Access, Cause

_WHY: Mapping[Cause, str | Lazy] = {
    Cause.PART_LATE: gettext_lazy("The part for you comes later than we were told."),
    Cause.CREW_AWAY: gettext_lazy("The colleagues who were to come to you cannot."),
    Cause.NOT_READY: gettext_lazy("We do not have everything that your visit needs."),
    Cause.MISSED: gettext_lazy("We did not come to you as we had promised."),
    Cause.PLANNED: gettext_lazy("We have to move our visit."),
}
_IN_TIME = gettext_lazy("We were at your door as we had said, and nobody could let us in.")
_LATE = gettext_lazy(
    "We came to your door later than we had promised, and we are sorry. Nobody could let us in."
)


def word(case: Case, what: str) -> str:
    """The words of the promise that we come; when, stands beside them and may move."""
    with choice.speaking(case.customer.language):
        return _("We come to you with what is needed: %(what)s.") % {"what": what.strip(" .")}


def moved(case: Case, slot: Slot, cause: Cause) -> str:
    """What the customer is told when a visit moves. Nothing has to be done about it."""
    zone = ZoneInfo(case.customer.zone)
    with choice.speaking(case.customer.language):
        window = _window(slot, zone=zone)
        return _(
            "%(why)s That is ours to put right, and we are sorry. We now come %(window)s. %(to_do)s"
        ) % {"why": _WHY[cause], "window": window, "to_do": _to_do(slot)}


def nobody_lets_us_in(case: Case, slot: Slot) -> str:
    """What the customer is told when a visit moves because nobody said who lets us in."""
    zone = ZoneInfo(case.customer.zone)
    with choice.speaking(case.customer.language):
        return _(
            "Nobody has told us yet that somebody will let us in, so we might come in vain. We now "
            "come %(window)s. Tell us on your page that somebody will be there, or choose a time "
            "that suits you better."
        ) % {"window": _window(slot, zone=zone)}


def not_let_in(case: Case, slot: Slot, *, is_late: bool) -> str:
    """What the customer is told when we came, in time or late, and nobody let us in."""
    zone = ZoneInfo(case.customer.zone)
    with choice.speaking(case.customer.language):
        return _("%(came)s We come again %(window)s. %(to_do)s") % {
            "came": _LATE if is_late else _IN_TIME,
            "window": _window(slot, zone=zone),
            "to_do": _to_do(slot),
        }


def not_let_in_unplaced(case: Case, news: Promise, *, is_late: bool) -> str:
    """The same where nobody knows yet when we can come again."""
    with choice.speaking(case.customer.language):
        return f"{_LATE if is_late else _IN_TIME} {news.words}"


def found(case: Case, slot: Slot) -> str:
    """What the customer is told when a visit that had no time gets one."""
    zone = ZoneInfo(case.customer.zone)
    with choice.speaking(case.customer.language):
        return _("We have a time for your visit now: we come %(window)s. %(to_do)s") % {
            "window": _window(slot, zone=zone),
            "to_do": _to_do(slot),
        }


def unplaced(case: Case, cause: Cause, news: Promise) -> str:
    """What the customer is told when a visit cannot be, and nobody knows yet when it can."""
    with choice.speaking(case.customer.language):
        return _(
            "%(why)s That is ours to put right, and we are sorry. So we do not come at the time "
            "that you have. %(news)s"
        ) % {"why": _WHY[cause], "news": news.words}


def none_is_free(case: Case, news: Promise) -> str:
    """What a customer has in writing to whom nobody could name the next time at the door."""
    with choice.speaking(case.customer.language):
        return _(
            "We have to come to you once more, and none of us is free yet. %(news)s You need do "
            "nothing."
        ) % {"news": news.words}


def agreed(case: Case, slot: Slot) -> str:
    """A time that the customer chose or agreed to, as they have it in writing."""
    zone = ZoneInfo(case.customer.zone)
    with choice.speaking(case.customer.language):
        return _("As agreed: we come %(window)s. %(to_do)s") % {
            "window": _window(slot, zone=zone),
            "to_do": _to_do(slot),
        }


def called_off(case: Case, what: str) -> str:
    """That a visit is off, as somebody says that the customer wishes."""
    with choice.speaking(case.customer.language):
        return _(
            "As you wished, we do not come to you any more for this: %(what)s. If that is not "
            "so, tell us on your page."
        ) % {"what": what.strip(" .")}


def come_again(case: Case, slot: Slot) -> str:
    """A time that was agreed face to face, as the customer has it in writing."""
    zone = ZoneInfo(case.customer.zone)
    with choice.speaking(case.customer.language):
        return _("As we told you: we come again %(window)s. %(to_do)s") % {
            "window": _window(slot, zone=zone),
            "to_do": _to_do(slot),
        }


def queue(visit: Visit, words: str, *, promise: Promise | None, now: datetime) -> Message:
    """Owe the customer these words."""
    return Message.objects.create(
        case_id=visit.case_id,
        promise=promise,
        kind=MessageKind.VISIT,
        about=f"visit:{visit.pk}:{visit.sequence}",
        queued_at=now,
        words=words,
    )


def waiting(visit: Visit) -> QuerySet[Message]:
    """What is owed of a visit and was not said."""
    about = f"visit:{visit.pk}:"
    return Message.objects.filter(
        case=visit.case_id, kind=MessageKind.VISIT, said_at=None, about__startswith=about
    )


def check_current(revision: PromiseRevision) -> None:
    """Refuse to tell a time at which nobody comes any more.

    :raises OvertakenError: if the visit has moved again since this was decided.
    """
    if not stands(revision.promise_id, revision.new_due_at):
        raise promises.OvertakenError("The visit has moved again since: tell the latest time.")


def stands(promise_id: int, due_at: datetime) -> bool:
    """Whether the visit of a promise is held for this time; so is what hangs on no open visit."""
    visit = Visit.objects.filter(promise=promise_id, outcome=None).first()
    if visit is None:
        return True
    slot = crew_times.live_slot(visit.pk)
    return slot is not None and slot.closes_at == due_at


def said(revision: PromiseRevision, *, at: datetime, channel: Channel, now: datetime) -> None:
    """What was owed of a revision was said with it."""
    rows = Message.objects.filter(promise=revision.promise_id, kind=MessageKind.VISIT, said_at=None)
    for owed in rows:
        say(owed, at=at, channel=channel, now=now)


def say(owed: Message, *, at: datetime, channel: Channel, now: datetime) -> None:
    """These words have reached the customer, and stand as said if they are true.

    What was true when it left and is not any more is owed no more; its letter has the words.
    """
    saying = Saying(
        text=owed.words, speaker=Speaker.SYSTEM, channel=channel, said_at=at, brings_news=True
    )
    try:
        gate.pass_or_stop(owed.case_id, saying, now=now)
    except StoppedError:
        Letter.objects.filter(duty=owed).update(duty=None)
        owed.delete()
        return
    owed.said_at, owed.channel = at, channel.value
    owed.save(update_fields=["said_at", "channel"])


def check_of_no_visit(promise: Promise) -> None:
    """Refuse to change the word of an open visit without its visit.

    :raises OfAVisitError: if a visit hangs on this promise.
    """
    if Visit.objects.filter(promise=promise, outcome=None).exists():
        raise promises.OfAVisitError


def _to_do(slot: Slot) -> str:
    """What is left to the customer: whoever has to let us in need not do nothing."""
    if slot.visit.access == Access.ASKED:
        return _(
            "Tell us on your page that somebody will be there, or choose a time that suits you "
            "better."
        )
    return _("You need do nothing; if another time suits you better, choose one on your page.")


def _window(slot: Slot, *, zone: ZoneInfo) -> str:
    start, end = (moments.clock_in_words(at, zone=zone) for at in (slot.opens_at, slot.closes_at))
    day = moments.day_in_words(slot.opens_at, zone=zone)
    return _("between %(start)s and %(end)s on %(day)s") % {
        "start": start,
        "end": end,
        "day": day,
    }
