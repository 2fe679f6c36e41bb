"""When will this case be right? From the company's own cases, open ones included.

The desk suggests a promise from it: a date that its own history kept eight or nine times in ten,
no later than the next round, on a day of work; or it says why no date is honest.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.queries.settings import wording
from makegood.records import likes, next_round
from makegood.records.models import Case
from makegood.records.next_round import Next
from makegood.rules import outlook, promises, suggesting
from makegood.rules.outlook import Like, NoDate, Outlook
from makegood.rules.suggesting import DateDoubt


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A date to promise, if one is honest, and in sentences what it rests on."""

    due_at: datetime | None = None
    because: tuple[str, ...] = ()


def outlook_of(case: Case, *, now: datetime, bound: datetime | None = None) -> Outlook:
    """What the company's history says about one open case, by what is broken and by team."""
    return outlook.outlook(
        Like(known_at=case.known_at, done_at=None, kind=case.function, team=case.team_id),
        history=likes.read_likes(besides=[case.pk], now=now),
        now=now,
        next_round=bound,
    )


def suggestion_for(case: Case, *, now: datetime, zone: ZoneInfo) -> Suggestion:
    """Which date to promise the customer of an open case, in the reader's zone."""
    next_ = next_round.next_for(case.asset, customer=case.customer, now=now)
    closes_at = next_.closes_at if next_ else None
    found = outlook_of(case, now=now, bound=closes_at)
    due_at = suggesting.suggest(
        found, calendar=case.team.calendar.facts(), next_round=closes_at, now=now
    )
    said = (*_history(found, zone=zone), *_round(next_, zone=zone))
    return Suggestion(due_at=due_at, because=said)


def doubt_of_date(
    case: Case, due_at: datetime, *, whole_day: bool, now: datetime, zone: ZoneInfo
) -> tuple[str, str]:
    """What is to be said against a date for the deed itself, and what would be true; or nothing.

    :param whole_day: it is promised by the end of a day, on which the round comes as well.
    """
    next_ = next_round.next_for(case.asset, customer=case.customer, now=now)
    closes_at = next_.closes_at if next_ else None
    bound = closes_at
    if closes_at is not None and whole_day:
        theirs = ZoneInfo(case.customer.zone)
        bound = promises.end_of_day(closes_at.astimezone(theirs).date(), theirs)
    found = outlook_of(case, now=now, bound=closes_at)
    why = suggesting.doubt(due_at, found.kept_by, next_round=bound)
    if why is None:
        return "", ""
    if why is DateDoubt.AFTER_ROUND and next_ is not None:
        true = {"round": next_.round, "when": wording.moment(next_.closes_at, zone=zone)}
        said = _("The next round, %(round)s, comes before that.") % true
        return said, _("by %(when)s, when it has come") % true
    eighty, ninety = found.kept_by
    if why is DateDoubt.SOON and eighty is not None:
        said = ngettext(
            "Of %(count)s like this, fewer than 8 in 10 were done by then: it is likely to break.",
            "Of %(count)s like this, fewer than 8 in 10 were done by then: it is likely to break.",
            found.rests_on,
        )
        better = _("by %(when)s") % {"when": wording.moment(eighty, zone=zone)}
        return said % {"count": found.rests_on}, better
    true = {"when": wording.moment(ninety or due_at, zone=zone)}
    said = _("9 in 10 like this were done long before: they need not wait so long.")
    return said, _("by %(when)s") % true


def _history(found: Outlook, *, zone: ZoneInfo) -> tuple[str, ...]:
    count = {"count": found.rests_on}
    if found.no_date is NoDate.TOO_LITTLE_KNOWN and not found.rests_on:
        return (_("Nothing like this was done lately, so history knows no date."),)
    if found.no_date is NoDate.TOO_LITTLE_KNOWN:
        words = ngettext(
            "Too little is known for a date from history: %(count)s like this was done so far.",
            "Too little is known for a date from history: %(count)s like this were done so far.",
            found.rests_on,
        )
        return (words % count,)
    eighty, ninety = found.kept_by
    if eighty is None:
        return (_("Too many like this are never done, so history knows no date."),)
    words = ngettext(
        "Of %(count)s like this, 8 in 10 were done by %(eighty)s.",
        "Of %(count)s like this, 8 in 10 were done by %(eighty)s.",
        found.rests_on,
    )
    said = words % {**count, "eighty": wording.moment(eighty, zone=zone)}
    if ninety is None:
        return (said,)
    return said, _("9 in 10 were done by %(ninety)s.") % {
        "ninety": wording.moment(ninety, zone=zone)
    }


def _round(next_: Next | None, *, zone: ZoneInfo) -> tuple[str, ...]:
    if next_ is None:
        return ()
    values = {"round": next_.round, "when": wording.moment(next_.closes_at, zone=zone)}
    said = _("The next round, %(round)s, has come by %(when)s: promise nothing later.") % values
    if not next_.moved_by:
        return (said,)
    why = _("It is moved by %(why)s.") % {"why": ", ".join(next_.moved_by)}
    return said, why
