"""The ladder speaks before a break, and climbs or speaks again until it is put right."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import cases, escalation, promises, staff
from makegood.actions.escalation import AlreadyAcknowledgedError
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import Escalation, Promise
from makegood.rules.escalation import Role
from world import MONDAY, a_case, a_failure, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
FIRST = MONDAY + 4 * HOUR  # a P3 warns its owner at half of the span
SECOND = MONDAY + 6.4 * HOUR  # and its lead at 80 %
UNHEARD = 120 * MINUTE
AGAIN = 1440 * MINUTE


@pytest.fixture
def call() -> Promise:
    return promises.make_promise(a_case().pk, a_word(), now=MONDAY)


def told(promise) -> list[tuple[str, str, str]]:
    """Whom the ladder told, in order: role, reason and name."""
    rows = Escalation.objects.filter(promise=promise).order_by("number")
    return [(row.role, row.reason, row.staff.name) for row in rows]


def acknowledge(row, *, now, by=None) -> Escalation:
    return escalation.acknowledge(escalation_id=row.pk, by=by or row.staff, now=now)


@pytest.mark.parametrize(("now", "count"), [(FIRST - INSTANT, 0), (FIRST, 1), (SECOND, 1)])
def test_a_rung_speaks_at_its_moment_and_not_before(call, now, count):
    ticks.tick(now=now)

    assert len(told(call)) == count


def test_each_rung_speaks_once_in_its_turn(call):
    clock = SimulatedClock(MONDAY)
    clock.wait_until(FIRST + MINUTE)
    acknowledge(Escalation.objects.get(), now=clock.now)
    clock.wait_until(SECOND + MINUTE)

    assert told(call) == [
        ("owner", "warning", "Laura Bennett"),
        ("lead", "warning", "collections lead"),
    ]
    call.refresh_from_db()
    assert (call.rungs_spoken, call.escalate_at) == (2, None)
    assert list(Escalation.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("now", "warned"), [(MONDAY + 8 * HOUR - INSTANT, True), (MONDAY + 8 * HOUR, False)]
)
def test_no_warning_comes_when_it_is_too_late_for_one(call, now, warned):
    ticks.tick(now=now)

    assert bool(told(call)) is warned


def test_a_settled_promise_is_warned_of_no_more(call):
    promises.keep_promise(
        promise_id=call.pk, at=MONDAY, evidence="Rang.", by=a_person(), now=MONDAY + HOUR
    )
    SimulatedClock(MONDAY + HOUR).wait_until(MONDAY + 7 * HOUR)

    assert told(call) == []


def test_what_nobody_hears_climbs_to_the_top_and_stays_there():
    clock = SimulatedClock(MONDAY)
    case = a_case()
    long = promises.make_promise(case.pk, a_word(due_at=MONDAY + 480 * HOUR), now=MONDAY)
    clock.wait_until(MONDAY + 240 * HOUR + 5 * UNHEARD + MINUTE)

    roles = [role for role, _, _ in told(long)]
    assert roles[:6] == ["owner", "lead", "head", "executive", "executive", "executive"]
    waiting = Escalation.objects.filter(promise=long, speak_again_at__isnull=False)
    assert waiting.count() == 1, "only the latest telling speaks again"


def test_what_was_heard_waits_and_speaks_again_above_until_it_is_put_right(call):
    ticks.tick(now=FIRST)
    heard = acknowledge(Escalation.objects.get(), now=FIRST + MINUTE)

    assert heard.speak_again_at == FIRST + MINUTE + AGAIN
    assert (heard.acknowledged_at, heard.acknowledged_by) == (FIRST + MINUTE, a_person())
    assert call.case.timeline.latest("seq").kind == "escalation_acknowledged"
    ticks.sweep_spoken(now=heard.speak_again_at - INSTANT)
    assert len(told(call)) == 1
    ticks.sweep_spoken(now=heard.speak_again_at)
    assert [(role, reason) for role, reason, _ in told(call)][1:] == [("lead", "still_open")]


def test_who_has_heard_it_says_so_once(call):
    ticks.tick(now=FIRST)
    [row] = Escalation.objects.filter(promise=call)
    acknowledge(row, now=FIRST)
    with pytest.raises(AlreadyAcknowledgedError, match="acknowledged this already"):
        acknowledge(row, now=FIRST, by=a_person("Mike"))
    row.refresh_from_db()
    assert row.acknowledged_by == a_person()


def test_what_is_put_right_is_silent_even_if_it_is_heard_later(call):
    ticks.tick(now=FIRST)
    promises.keep_promise(promise_id=call.pk, at=FIRST, evidence="Rang.", by=a_person(), now=FIRST)
    heard = acknowledge(Escalation.objects.get(promise=call), now=FIRST + MINUTE)
    SimulatedClock(FIRST + MINUTE).wait(days=3)

    heard.refresh_from_db()
    assert (len(told(call)), heard.speak_again_at) == (1, None)


def test_two_who_heard_it_are_not_reminded_twice():
    clock = SimulatedClock(MONDAY)
    case = a_case()
    long = promises.make_promise(case.pk, a_word(due_at=MONDAY + 480 * HOUR), now=MONDAY)
    clock.wait_until(MONDAY + 240 * HOUR + UNHEARD + MINUTE)
    for row in Escalation.objects.filter(promise=long).order_by("-number"):
        acknowledge(row, now=clock.now)

    waiting = Escalation.objects.filter(promise=long, speak_again_at__isnull=False)
    assert waiting.count() == 1
    clock.wait_until(clock.now + AGAIN + MINUTE)
    assert [reason for _, reason, _ in told(long)] == ["warning", "unheard", "still_open"]


def test_an_absent_person_is_never_told_and_it_is_written_down_who_was_passed_over(call):
    laura, cover = a_person(), a_person("Omar")
    staff.be_absent(laura, starts_at=MONDAY, ends_at=MONDAY + 99 * HOUR, cover=cover)
    staff.be_absent(cover, starts_at=MONDAY, ends_at=MONDAY + 99 * HOUR)
    ticks.tick(now=FIRST)

    row = Escalation.objects.get(promise=call)
    assert row.staff.name == "collections lead"
    assert [skip["why"] for skip in row.skipped] == [
        "Laura Bennett is absent until 2026-06-05 12:00Z",
        "Omar is absent until 2026-06-05 12:00Z",
    ]
    assert '"passed_over":2' in call.case.timeline.latest("seq").body


def test_after_a_hand_over_the_new_owner_is_warned(call):
    mike = a_person("Mike", team=a_team())
    offer = cases.offer_handover(
        case_id=call.case_id, to=mike, why="Shift.", by=a_person(), now=MONDAY
    )
    ticks.tick(now=FIRST - MINUTE)
    cases.answer_handover(handover_id=offer.pk, accepts=True, by=mike, now=FIRST - MINUTE)
    ticks.tick(now=FIRST)

    assert told(call) == [("owner", "warning", "Mike")]


def test_a_break_is_told_above_and_its_follow_up_has_a_ladder_of_its_own(call):
    clock = SimulatedClock(MONDAY)
    clock.wait_until(MONDAY + 8 * HOUR + 16 * MINUTE)
    follow_up = Promise.objects.get(follows=call)

    broken = Escalation.objects.get(broken=call)
    assert (broken.promise, broken.number, broken.reason) == (follow_up, 1, "break")
    assert broken.role == "head", "the lead had been told before it broke"
    assert broken.speak_again_at == broken.told_at + UNHEARD
    clock.wait_until(follow_up.escalate_at + MINUTE)
    assert len({row.number for row in Escalation.objects.filter(promise=follow_up)}) > 1
    assert verify.run() == []


def test_a_canary_breaks_without_a_word_to_anybody():
    case = cases.open_case(a_failure(), owner=a_person(), now=MONDAY, is_canary=True)
    canary = promises.make_promise(case.pk, a_word(), now=MONDAY)
    SimulatedClock(MONDAY).wait(hours=9)

    canary.refresh_from_db()
    assert canary.outcome == "broken"
    assert not Escalation.objects.exists()
    assert case.messages.count() == 0
    assert verify.run() == []


@pytest.mark.parametrize("role", Role)
def test_everybody_on_the_ladder_can_be_told(role):
    call = promises.make_promise(a_case().pk, a_word(), now=MONDAY)
    round_ = escalation._Round([call.pk], escalation.Rosters(now=MONDAY))
    for row in round_.due.values():
        round_.tell(row, role, escalation.Reason.WARNING)
    round_.write()

    assert Escalation.objects.get().role == role
