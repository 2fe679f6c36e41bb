"""The chain in many interleavings: parts slip, customers choose, crews fall ill, the clock ticks.

Each seed is another order of acts, and pauses at other statements. Whatever comes first, no crew
is booked twice, no letter leaves twice, nobody is told twice or of a time at which nobody comes,
and no word breaks in silence.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from random import Random

import pytest
from django.core import mail

from letter_world import quiet
from makegood.actions import crews, letter_news, parts, visits
from makegood.actions.choices import ChoiceGoneError
from makegood.actions.contacts import AlreadySaidError
from makegood.clockwork import letters_out, ticks
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Crew,
    CrewAbsence,
    Escalation,
    EtaSource,
    Letter,
    Message,
    MessageKind,
    Promise,
    PromiseRevision,
    Slot,
    Visit,
)
from makegood.rules.promises import AlreadyToldError, Channel, OvertakenError
from makegood.rules.visits import VisitOutcome
from sessions import at_once
from visit_world import (
    DAY,
    HOUR,
    a_crew,
    a_sender,
    a_visit,
    a_visit_for_a_part,
    order_of,
    slot_of,
    utc,
)
from world import a_case, a_customer, a_person

pytestmark = pytest.mark.usefixtures("committed_db")

EXPECTED = (ChoiceGoneError, AlreadySaidError, AlreadyToldError, OvertakenError)
"""Who comes second is told that it is gone, was said or told, or has moved again."""

Act = Callable[[], object]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_between_what_nothing_is_double_silent_or_untrue(seed):
    drawn = Random(seed)
    first, second = a_crew(), a_crew("Van 2")
    waiting = [a_visit_for_a_part(a_case_of(name), eta=utc(2, 17)) for name in ("Ann", "Bea")]
    planned = [a_visit(a_case_of(name), chosen=utc(4, 12)) for name in ("Cem", "Dan")]
    owner = a_person()

    for turn in range(3):
        now = utc(2, 9) + turn * HOUR
        crew = drawn.choice((first, second))
        acts = [
            *(_slips(visit, drawn, now=now) for visit in (*waiting, waiting[0])),
            *(_chooses(visit, drawn, now=now) for visit in (*planned, waiting[1])),
            _falls_ill(crew, drawn, by=owner, now=now),
            *(_agrees(visit, now=now) for visit in waiting),
            *(_tells(visit, now=now) for visit in (waiting[0], planned[0])),
            *[lambda now=now: ticks.tick(now=now)] * 2,
            *[lambda now=now: _post(now=now)] * 2,
        ]
        drawn.shuffle(acts)

        found = at_once(*acts, shaken=seed * 10 + turn)

        assert [one for one in found if isinstance(one, Exception)] == [
            one for one in found if isinstance(one, EXPECTED)
        ]
        _nobody_is_booked_twice_or_sent_while_ill()
        for visit in (*waiting, *planned):
            _is_told_once_and_truly(visit, now=now)
        assert verify.run() == []
        _post(now=now)
        for visit in (*waiting, *planned):
            _knows_by_letter_when_we_come(visit)
        _no_letter_left_twice()

    assert mail.outbox
    assert Slot.objects.exclude(released_at=None).exists()
    _no_word_breaks_in_silence(utc(30, 9))


def a_case_of(name: str) -> Case:
    return a_case(customer=a_customer(name, email=f"{name.lower()}@example.net"))


def _slips(visit: Visit, drawn: Random, *, now: datetime) -> Act:
    order, eta = order_of(visit).pk, utc(drawn.randint(4, 12), 17)
    return lambda: parts.record_eta(order, eta, source=EtaSource.API, by=None, now=now)


def _chooses(visit: Visit, drawn: Random, *, now: datetime) -> Act:
    sender, opens = a_sender(visit.case), utc(drawn.randint(4, 12), drawn.choice((8, 12)))
    return lambda: visits.choose_time(sender, visit.pk, opens, now=now)


def _agrees(visit: Visit, *, now: datetime) -> Act:
    """The customer says that the time suits that their page showed before all this began."""
    sender, seen = a_sender(visit.case), slot_of(visit)

    def agree() -> None:
        if seen is not None and visits.agree(sender, visit.pk, seen.opens_at, now=now):
            by_tap = PromiseRevision.objects.filter(told_evidence=visits.AGREED, told_at=now)
            assert by_tap.get(promise__case=visit.case).new_earliest_at == seen.opens_at

    return agree


def _falls_ill(crew: Crew, drawn: Random, *, by, now: datetime) -> Act:
    since = utc(drawn.randint(3, 8), 0)

    def fall_ill() -> int:
        crews.record_absence(
            crew.pk, starts_at=since, ends_at=since + drawn.randint(1, 3) * DAY, by=by, now=now
        )
        return crews.move_off(crew.pk, now=now)

    return fall_ill


def _tells(visit: Visit, *, now: datetime) -> Act:
    """Somebody rings with what is owed of a visit at that very moment, if anything is."""

    def tell() -> None:
        for owed in _owed(visit):
            visits.tell(owed.pk, at=now, channel=Channel.PHONE, evidence="Rang.", now=now)

    return tell


def _post(*, now: datetime) -> None:
    """What waits leaves, and its receipts come at once."""
    letters_out.send_waiting(quiet(), now=now)
    for letter in Letter.objects.filter(handed_at__isnull=False, delivered_at=None):
        letter_news.delivered(letter.pk, at=now, now=now)


def _owed(visit: Visit) -> Sequence[Message]:
    rows = Message.objects.filter(
        kind=MessageKind.VISIT, said_at=None, about__startswith=f"visit:{visit.pk}:"
    )
    return list(rows.order_by("pk"))


def _nobody_is_booked_twice_or_sent_while_ill() -> None:
    held = Slot.objects.filter(released_at=None).order_by("crew", "lane", "opens_at")
    for one, other in pairwise(held):
        same = (one.crew_id, one.lane) == (other.crew_id, other.lane)
        assert not same or one.closes_at <= other.opens_at
    for slot in held:
        ill = CrewAbsence.objects.filter(
            crew=slot.crew_id, starts_at__lt=slot.closes_at, ends_at__gt=slot.opens_at
        )
        assert not ill.exists()


def _is_told_once_and_truly(visit: Visit, *, now: datetime) -> None:
    visit.refresh_from_db()
    owed, slot = _owed(visit), slot_of(visit)
    assert len(owed) <= 1
    said = list(
        Message.objects.filter(case=visit.case, kind=MessageKind.VISIT)
        .exclude(said_at=None)
        .values_list("words", "about")
    )
    assert len(said) == len(set(said))
    if visit.outcome == VisitOutcome.CANCELLED:
        return
    if slot is None:
        heard = Escalation.objects.filter(case=visit.case, reason="no_slot")
        assert heard.exists(), "where no time is free somebody above hears it now"
        return
    assert visit.promise is not None
    assert visit.promise.due_at > now
    if visit.promise.due_at == slot.closes_at:
        assert not owed, "they know already when we come"
        return
    [message] = owed
    revision = PromiseRevision.objects.filter(promise=visit.promise).latest("number")
    assert revision.new_due_at == slot.closes_at
    assert f"{slot.opens_at:%-d %B}" in message.words


def _knows_by_letter_when_we_come(visit: Visit) -> None:
    """Once the post has gone nothing is left to tell, and the word is of the time that is held."""
    visit.refresh_from_db()
    slot = slot_of(visit)
    if visit.outcome is None and slot is not None:
        assert not _owed(visit)
        assert visit.promise is not None
        assert (visit.promise.earliest_at, visit.promise.due_at) == (slot.opens_at, slot.closes_at)


def _no_letter_left_twice() -> None:
    numbers = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) == Letter.objects.filter(handed_at__isnull=False).count()


def _no_word_breaks_in_silence(end: datetime) -> None:
    """Nobody lifts a finger from now on: whatever breaks is followed by an apology and a word."""
    ticks.tick(now=end)
    broken = Promise.objects.filter(outcome="broken")
    assert broken.exists()
    for word in broken:
        assert Message.objects.filter(about=f"promise:{word.pk}:broken").count() == 1
        assert Promise.objects.filter(follows=word).exists()
    assert verify.run() == []
