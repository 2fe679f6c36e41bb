"""What schemes owe and nobody gave is found by the clock, raised once, and settled by giving it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from asking import a_call
from clock import SimulatedClock
from makegood.actions import cases, entitlements, payments, promises, reopening
from makegood.actions.scheme_uses import use_scheme
from makegood.clockwork.making_good import sweep_entitlements
from makegood.language import choice
from makegood.queries import verify
from makegood.queries.entitlements import read_entitlements
from makegood.queries.remedy_cards import get_raised
from makegood.queries.schemes.reading import shipped_packs
from makegood.records.models import Entitlement, FoundThing, SchemeUse, TimelineEntry
from money_world import a_remedy
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

FACTS = {"failure": "late_callback", "failed_on": "@broken_on", "times": "@times"}


AFTER = MONDAY + timedelta(days=3)


def our_promise(on: str = "callback", **more):
    return use_scheme(
        "our-promise", on=on, facts=FACTS | more, is_own=True, now=MONDAY - timedelta(days=1)
    )


def a_broken_call(clock: SimulatedClock, case=None):
    case = case or a_case()
    due = clock.now + timedelta(hours=2)
    promises.make_promise(case.pk, a_word(now=clock.now, due_at=due), now=clock.now)
    clock.wait(hours=4)
    return case


def test_a_broken_promise_that_a_scheme_pays_for_is_raised_with_its_owner():
    our_promise()
    case = a_broken_call(SimulatedClock(MONDAY))

    [raised] = get_raised(a_person(), now=AFTER)

    assert (raised.case, raised.what) == (case.reference, "£10.00")
    assert TimelineEntry.objects.filter(case=case, kind="entitlement_found").count() == 1
    assert verify.run() == []


def test_a_pack_of_the_companys_own_is_owed_by_as_a_shipped_one(settings):
    packs = shipped_packs()
    settings.OWN_PACKS = {"our-word": replace(packs["our-promise"], id="our-word")}
    use_scheme("our-word", on="callback", facts=FACTS, is_own=True, now=MONDAY)

    a_broken_call(SimulatedClock(MONDAY))

    [raised] = get_raised(a_person(), now=AFTER)
    assert raised.what == "£10.00"


def test_it_is_raised_once_and_gone_when_it_was_given():
    our_promise()
    clock = SimulatedClock(MONDAY)
    case = a_broken_call(clock)

    clock.wait(hours=30)
    assert TimelineEntry.objects.filter(kind="entitlement_found").count() == 1
    a_remedy(1_000, case=case, now=clock.now, source="own", scheme="our-promise")
    clock.wait(hours=30)

    assert get_raised(a_person(), now=AFTER) == ()
    assert Entitlement.objects.get().look_at is None


def test_it_is_gone_the_moment_it_is_given_and_there_again_if_that_is_not_wanted():
    our_promise()
    clock = SimulatedClock(MONDAY)
    case = a_broken_call(clock)

    some = a_remedy(400, case=case, now=clock.now, source="own", scheme="our-promise")
    [left] = get_raised(a_person(), now=clock.now)
    a_remedy(600, case=case, now=clock.now, source="own", scheme="our-promise")
    assert (left.what, get_raised(a_person(), now=clock.now)) == ("£6.00", ())
    payments.release(some.pk, evidence="They said so.", by=a_person(), now=clock.now)
    clock.wait(minutes=1)

    [again] = get_raised(a_person(), now=clock.now)
    assert again.what == "£4.00"


def test_what_was_pushed_after_closing_is_not_owed_again_when_the_case_opens_again():
    our_promise()
    clock = SimulatedClock(MONDAY)
    case = a_broken_call(clock)
    clock.wait(hours=2)
    yes = a_call(case, "It is right.", now=clock.now, is_answer=True)
    cases.close_case(case_id=case.pk, answer=yes, now=clock.now)
    clock.wait(hours=30)
    assert FoundThing.objects.get().amount_minor == 1_000
    assert read_entitlements(case, now=clock.now)[0].missing_minor == 0

    no = a_call(case, "It is not right.", now=clock.now, is_answer=True)
    reopening.reopen_case(case_id=case.pk, answer=no, now=clock.now)
    clock.wait(minutes=1)

    assert get_raised(a_person(), now=clock.now) == ()
    assert Entitlement.objects.get(case=case).granted_minor == 1_000
    assert verify.run() == []


def test_what_is_given_while_the_clock_looks_is_not_raised_as_owed(monkeypatch):
    our_promise()
    clock = SimulatedClock(MONDAY)
    case = a_case()
    promises.make_promise(
        case.pk, a_word(now=MONDAY, due_at=MONDAY + timedelta(hours=1)), now=MONDAY
    )
    clock.wait(minutes=90)  # broken, and not yet looked at
    row = Entitlement.objects.get()
    record = entitlements.record

    def record_late(*looked, now):
        a_remedy(1_000, case=case, now=now, source="own", scheme="our-promise")
        return record(*looked, now=now)

    monkeypatch.setattr(entitlements, "record", record_late)
    now = row.look_at
    assert sweep_entitlements(now=now) == 1

    row.refresh_from_db()
    assert (row.granted_minor, row.raised_at, row.look_at) == (1_000, None, None)
    assert not TimelineEntry.objects.filter(kind="entitlement_found").exists()


def test_what_is_kept_in_english_is_read_in_german_by_as_many_queries_for_many(
    django_assert_num_queries,
):
    our_promise()
    clock = SimulatedClock(MONDAY)
    a_broken_call(clock)
    clock.wait(hours=2)
    a_broken_call(clock)
    clock.wait(hours=2)

    owner = a_person()
    with choice.speaking("de"), django_assert_num_queries(6):
        raised = get_raised(owner, now=clock.now)

    assert len(raised) == 2
    assert all("Verspäteter Rückruf am" in one.because for one in raised)
    assert all("Fassung" in one.because for one in raised)
    assert all("Late callback" in one.because for one in get_raised(owner, now=clock.now))


def test_a_second_break_makes_it_more_and_raises_it_again():
    our_promise()
    clock = SimulatedClock(MONDAY)
    case = a_broken_call(clock)
    a_remedy(1_000, case=case, now=clock.now, source="own", scheme="our-promise")
    clock.wait(hours=30)

    a_broken_call(clock, case)

    [raised] = get_raised(a_person(), now=AFTER)
    assert raised.what == "£10.00"
    assert read_entitlements(case, now=clock.now)[0].amount_minor == 2_000


def test_a_failure_as_such_is_looked_at_from_its_opening():
    our_promise("case", failed_on="@failed_on", times=1)
    clock = SimulatedClock(MONDAY)
    a_case()
    clock.wait(hours=2)
    assert [raised.what for raised in get_raised(a_person(), now=AFTER)] == ["£10.00"]


def test_what_cannot_be_worked_out_is_unsure_and_never_guessed():
    use_scheme("our-promise", on="case", facts={}, now=MONDAY)
    case = a_case()
    [owed] = read_entitlements(case, now=MONDAY)
    assert owed.amount_minor is None
    assert "cannot be worked out" in owed.unsure[0]
    SimulatedClock(MONDAY).wait(hours=2)
    assert get_raised(a_person(), now=AFTER) == ()
    assert Entitlement.objects.get().unsure

    SchemeUse.objects.update(ended_at=MONDAY)
    assert read_entitlements(case, now=MONDAY + timedelta(seconds=1)) == ()


def test_without_schemes_nothing_is_watched():
    a_broken_call(SimulatedClock(MONDAY))
    assert not Entitlement.objects.exists()
