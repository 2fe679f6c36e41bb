"""What happened in a case, told in sentences; people's words stand beside, or are said erased."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.language import sentences
from makegood.queries import (
    asking_events,
    because,
    claim_events,
    handover_events,
    incident_events,
    letter_events,
    people,
    plain,
    remedy_events,
    visit_events,
    when,
)
from makegood.queries.labels import CHANNELS, REASONS, ROLES
from makegood.queries.page_sentences import SENTENCES
from makegood.queries.when import When
from makegood.records.models import Escalation, PromiseKind, TimelineEntry
from makegood.rules.escalation import Reason

SHOWN = 20
"""The newest, which one can look over; older ones stand on the page when they are asked for."""

TELLING = "bell"
SHOWN_AT_MOST = 5_000
LATE = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One entry: `about` is the promise's words, `quote` what somebody said or wrote."""

    seq: int
    icon: str
    at: When
    sentence: str
    about: str
    quote: str
    is_erased: bool
    recorded: When | None
    times: int = 1
    first: When | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """The events, the newest first."""

    events: tuple[Event, ...]
    has_older: bool


class _Promised(NamedTuple):
    """A promise as far as sentences speak of it."""

    id: int
    kind: str
    words: str
    speaker: str
    speaker_name: str
    channel: str
    due_at: datetime
    earliest_at: datetime | None
    precision: str
    zone: str
    follows: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What the sentences need to look up."""

    names: Mapping[int, str]
    promises: Mapping[int, _Promised]
    passed_over: Mapping[tuple[int, int, datetime], tuple[str, ...]]
    letters: Mapping[int, str]
    now: datetime
    zone: ZoneInfo

    def name(self, staff: int | None) -> str:
        return self.names.get(staff, "") if staff is not None else _("The clock")


_ENTRIES = plain.Kept(f"""
    SELECT {plain.columns(TimelineEntry, "e")}, t.words
      FROM records_timelineentry e
      LEFT JOIN records_timelinetext t ON t.case_id = e.case_id AND t.seq = e.seq
     WHERE e.case_id = %(case)s ORDER BY e.seq DESC LIMIT %(most)s
""")  # noqa: S608 - columns of our own models
# Those that the entries speak of, and those that were broken or replaced before them.
_PROMISES = plain.Kept("""
    SELECT p.id, p.kind, p.words, p.speaker, p.speaker_name, p.channel, p.due_at,
           p.earliest_at, p.precision, p.zone, p.follows_id AS follows
      FROM records_promise p WHERE p.case_id = %(case)s AND p.id = ANY(ARRAY(
               SELECT unnest(%(ids)s::bigint[])
                UNION SELECT follows_id FROM records_promise WHERE id = ANY(%(ids)s)))
""")


def read_events(
    case_id: int,
    *,
    now: datetime,
    zone: ZoneInfo,
    limit: int | None = SHOWN,
    has_escalations: bool = True,
) -> History:
    """The newest entries of a case; four queries."""
    most = limit or SHOWN_AT_MOST
    rows = plain.models(_ENTRIES, TimelineEntry, case=case_id, most=most + 1)
    shown = [(row, words, json.loads(row.body)["facts"]) for row, words in rows[:most]]
    spoken_of = (facts.get(key) for _row, _words, facts in shown for key in ("promise", "broken"))
    promises = [promise for promise in spoken_of if isinstance(promise, int)]
    found = plain.rows(_PROMISES, _Promised, case=case_id, ids=promises)
    known = _Known(
        names=people.names_of(_staff_in(facts for _row, _words, facts in shown)),
        promises={row.id: row for row in found},
        passed_over=_passed_over(case_id) if has_escalations else {},
        letters=letter_events.read_states((facts for _row, _words, facts in shown), now=now),
        now=now,
        zone=zone,
    )
    events = [_event(row, facts, words, known) for row, words, facts in shown]
    return History(events=_fold(events), has_older=len(rows) > most)


def read_sentences(
    case_id: int,
    *,
    names: Mapping[int, str],
    speakers: Mapping[int, str],
    now: datetime,
    zone: ZoneInfo,
) -> dict[int, str]:
    """Every entry of a case as a sentence, by its place, with people called as the caller does.

    :param speakers: who gave each promise, as it is called.
    """
    found = plain.rows(_PROMISES, _Promised, case=case_id, ids=list(speakers))
    rows = list(TimelineEntry.objects.filter(case=case_id))
    facts = {row.seq: json.loads(row.body)["facts"] for row in rows}
    known = _Known(
        names=names,
        promises={row.id: row._replace(speaker_name=speakers.get(row.id, "")) for row in found},
        passed_over={},
        letters=letter_events.read_states(facts.values(), now=now),
        now=now,
        zone=zone,
    )
    return {row.seq: _tell(row, facts[row.seq], known)[1] for row in rows}


def _fold(events: Sequence[Event]) -> tuple[Event, ...]:
    """The same person told the same again and again stands once, with how often and since when."""
    folded: list[Event] = []
    for event in events:
        last = folded[-1] if folded else None
        is_again = last and _same_telling(last, event)
        if last and is_again:
            folded[-1] = replace(last, times=last.times + 1, first=event.at)
        else:
            folded.append(event)
    return tuple(folded)


def _same_telling(one: Event, other: Event) -> bool:
    same_words = (one.sentence, one.about) == (other.sentence, other.about)
    return one.icon == TELLING and same_words and not (one.quote or other.quote)


def _staff_in(all_facts: Any) -> set[int]:  # noqa: ANN401 - facts are plain JSON
    keys = ("owner", "by", "to", "from", "approved_by")
    found = (facts.get(key) for facts in all_facts for key in keys)
    return {value for value in found if isinstance(value, int)}


def _passed_over(case_id: int) -> dict[tuple[int, int, datetime], tuple[str, ...]]:
    rows = Escalation.objects.filter(case=case_id).exclude(skipped=[])
    return {
        # Who was told all the same, for want of anybody on duty, was not passed over.
        (row.promise_id, row.staff_id, row.told_at): tuple(
            sentences.said(skip["why"])
            for skip in row.skipped
            if skip.get("person") != row.staff_id
        )
        for row in rows
    }


def _event(row: TimelineEntry, facts: dict[str, Any], words: str | None, known: _Known) -> Event:
    icon, sentence = _tell(row, facts, known)
    promise = known.promises.get(facts.get("promise", 0))
    if promise and facts.get("reason") == Reason.BREAK:
        # A break is told on the promise of news that followed, maybe several that broke at once.
        promise = known.promises.get(facts.get("broken") or promise.follows or 0, promise)
    recorded = row.recorded_at if row.recorded_at - row.happened_at > LATE else None
    return Event(
        seq=row.seq,
        icon=icon,
        at=_moment(row, promise, known),
        sentence=sentence,
        about=promise.words if promise else "",
        quote=sentences.begun(words or ""),
        is_erased="words" in facts and words is None,
        recorded=when.at(recorded, now=known.now, zone=known.zone) if recorded else None,
    )


def _tell(row: TimelineEntry, facts: dict[str, Any], known: _Known) -> tuple[str, str]:
    teller = _TELLERS.get(row.kind)
    if row.kind in SENTENCES:
        icon, said = SENTENCES[row.kind]
        return icon, said % {"who": known.name(facts.get("by"))}
    if teller is None:
        return "history", row.kind.replace("_", " ").capitalize() + "."
    icon, tell = teller
    return icon, tell(row, facts, known)


def _moment(row: TimelineEntry, promise: _Promised | None, known: _Known) -> When:
    if promise and row.kind == "promise_broken" and row.happened_at >= promise.due_at:
        return when.broken(promise, now=known.now, zone=known.zone)
    return when.at(row.happened_at, now=known.now, zone=known.zone)


_Facts = dict[str, Any]
_Teller = Callable[[TimelineEntry, _Facts, _Known], str]


def _opened(_row: TimelineEntry, facts: _Facts, known: _Known) -> str:
    return _("Case opened as P%(severity)s (%(because)s). %(owner)s owns it.") % {
        "severity": facts["severity"],
        "because": because.in_words(facts["because"]),
        "owner": known.name(facts["owner"]),
    }


def _made(_row: TimelineEntry, facts: _Facts, known: _Known) -> str:
    promise = known.promises.get(facts["promise"])
    if promise is None:
        return _("A promise was made.")
    if promise.speaker == "system":
        return _("Makegood promised the customer.")
    if promise.kind == PromiseKind.REDRESS:
        return _("%(who)s promised when it arrives.") % {"who": promise.speaker_name}
    return _("%(who)s promised, by %(channel)s.") % {
        "who": promise.speaker_name,
        "channel": CHANNELS[promise.channel],
    }


def _settled(sentence: Callable[[], str]) -> _Teller:
    def tell(_row: TimelineEntry, facts: _Facts, known: _Known) -> str:
        by = facts.get("by")
        recorded = _(" Recorded by %(name)s.") % {"name": known.name(by)} if by else ""
        return sentence() + recorded

    return tell


def _broken(_row: TimelineEntry, facts: _Facts, _known: _Known) -> str:
    if "visit" in facts:
        return _("Broken before its time: the visit that was to keep it failed.")
    return _("Broken.")


def _decided(_row: TimelineEntry, facts: _Facts, known: _Known) -> str:
    new = datetime.fromisoformat(facts["new_due"])
    return _("A new date was decided: %(due)s. It counts once the customer was told.") % {
        "due": when.due_at(new, now=known.now, zone=known.zone).words
    }


def _told(_row: TimelineEntry, facts: _Facts, _known: _Known) -> str:
    return _("The customer was told of the new date by %(channel)s.") % {
        "channel": CHANNELS[facts["channel"]]
    }


def _contact(_row: TimelineEntry, facts: _Facts, _known: _Known) -> str:
    channel = CHANNELS.get(facts["channel"], facts["channel"])
    if facts["direction"] == "inbound":
        return _("The customer reached us by %(channel)s.") % {"channel": channel}
    return _("We reached the customer by %(channel)s.") % {"channel": channel}


def _report(_row: TimelineEntry, facts: _Facts, _known: _Known) -> str:
    channel = CHANNELS.get(facts["channel"], facts["channel"])
    return _("Reported by %(channel)s.") % {"channel": channel}


def _escalated(row: TimelineEntry, facts: _Facts, known: _Known) -> str:
    told = _("%(name)s was told, as %(role)s: %(reason)s.") % {
        "name": known.name(facts["to"]),
        "role": ROLES[facts["role"]],
        "reason": REASONS[facts["reason"]],
    }
    over = known.passed_over.get((facts["promise"], facts["to"], row.happened_at), ())
    passed = _(" Passed over: %(who)s.") % {"who": "; ".join(over)} if over else ""
    return told + passed


def _acknowledged(_row: TimelineEntry, facts: _Facts, known: _Known) -> str:
    return _("%(name)s acknowledged it.") % {"name": known.name(facts["by"])}


def _apologised(_row: TimelineEntry, facts: _Facts, known: _Known) -> str:
    if facts["by"] is None:
        return _("Nobody had said sorry within the hour, so a letter said it.")
    return _("%(name)s apologised by %(channel)s.") % {
        "name": known.name(facts["by"]),
        "channel": CHANNELS[facts["channel"]],
    }


def _by(sentence: Callable[[str], str]) -> _Teller:
    return lambda _row, facts, known: sentence(known.name(facts["by"]))


def _raised(_row: TimelineEntry, facts: _Facts, _known: _Known) -> str:
    return _("Severity raised from P%(from)s to P%(to)s: %(because)s.") % {
        **facts,
        "because": because.in_words(facts["because"]),
    }


_TELLERS: Mapping[str, tuple[str, _Teller]] = {
    "case_opened": ("flag", _opened),
    "promise_made": ("due", _made),
    "promise_kept": ("kept", _settled(lambda: _("Kept."))),
    "promise_broken": ("broken", _broken),
    "promise_released": ("released", _settled(lambda: _("The customer released us."))),
    "promise_replaced": (
        "replaced",
        _settled(lambda: _("Replaced by another promise, with the customer's agreement.")),
    ),
    "done_late": ("overdue", _settled(lambda: _("Done, but too late."))),
    "revision_decided": ("calendar", _decided),
    "revision_told": ("calendar", _told),
    "contact": ("chat", _contact),
    "report_received": ("report", _report),
    "escalated": (TELLING, _escalated),
    "escalation_acknowledged": (TELLING, _acknowledged),
    "apology_said": ("word", _apologised),
    "kept_taken_back": (
        "undo",
        _by(lambda name: _("Not kept after all: %(name)s marked it by mistake.") % {"name": name}),
    ),
    "links_revoked": (
        "lock",
        _by(lambda name: _("%(name)s took the customer's links back.") % {"name": name}),
    ),
    "links_restored": (
        "link",
        _by(lambda name: _("%(name)s let the customer's links work again.") % {"name": name}),
    ),
    "severity_raised": ("at_risk", _raised),
    **handover_events.TELLERS,
    **remedy_events.TELLERS,
    **letter_events.TELLERS,
    **visit_events.TELLERS,
    **asking_events.TELLERS,
    **incident_events.TELLERS,
    **claim_events.TELLERS,
}
