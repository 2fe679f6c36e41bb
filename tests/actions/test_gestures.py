"""Gestures: small, unpromised, after all else; and a budget that nobody races past."""

from datetime import timedelta

import pytest

from gesture_world import HOUR, a_budget, an_item, gesture, put_right, say_sorry
from makegood.actions import promises
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Entitlement,
    Gesture,
    Promise,
    PromiseKind,
    Remedy,
    TimelineEntry,
)
from makegood.rules.gestures import (
    DatePassedError,
    GivenAlreadyError,
    NotApologisedError,
    NotCorrectedError,
    NotInCatalogueError,
    OtherGestureError,
    OverBudgetError,
    StillOwedError,
)
from money_world import a_request
from sessions import at_once
from world import MONDAY, a_case, a_customer, a_person, a_word


@pytest.mark.django_db
class TestGiving:
    """One act, at its time."""

    def test_it_stands_on_the_timeline_and_is_neither_promise_nor_remedy(self):
        case = put_right()
        a_budget(case)
        promised = Promise.objects.count()

        given = gesture(case)

        last = TimelineEntry.objects.filter(case=case).latest("seq")
        assert (given.what, given.cost_minor, last.kind) == ("A box of tea", 500, "gesture_given")
        assert Promise.objects.count() == promised
        assert not Remedy.objects.exists()
        assert verify.run() == []

    @pytest.mark.parametrize(
        ("lacking", "why"),
        [({"done": False}, NotCorrectedError), ({"sorry": False}, NotApologisedError)],
    )
    def test_it_waits_for_the_correction_and_the_apology(self, lacking, why):
        case = put_right(**lacking)
        a_budget(case)
        with pytest.raises(why):
            gesture(case)

    def test_it_waits_while_something_more_is_to_do(self):
        case = put_right()
        a_budget(case)
        promises.make_promise(
            case.pk, a_word(kind=PromiseKind.VISIT, words="I'll look again."), now=MONDAY
        )
        with pytest.raises(NotCorrectedError):
            gesture(case)

    def test_it_waits_while_a_date_has_passed_or_something_is_owed(self):
        case = put_right()
        a_budget(case)
        with pytest.raises(DatePassedError):
            gesture(case, now=MONDAY + timedelta(days=300))
        a_request(case=case)
        with pytest.raises(StillOwedError):
            gesture(case)

    def test_it_waits_until_somebody_has_looked_what_a_scheme_owes(self):
        case = put_right()
        a_budget(case)
        watched = Entitlement.objects.create(case=case, scheme="our-promise", look_at=MONDAY + HOUR)
        with pytest.raises(StillOwedError):
            gesture(case)

        Entitlement.objects.filter(pk=watched.pk).update(look_at=None)
        assert gesture(case)

    def test_an_apology_that_is_owed_again_comes_first(self):
        case = put_right(sorry=False)
        a_budget(case)
        say_sorry(case)
        late = promises.make_promise(case.pk, a_word(due_at=MONDAY + HOUR), now=MONDAY)
        broken = MONDAY + timedelta(hours=5)
        ticks.tick(now=broken)
        late.refresh_from_db()

        assert late.outcome == "broken"
        with pytest.raises(NotApologisedError):
            gesture(case, now=broken)

    def test_sent_twice_it_is_given_once_and_a_case_has_one(self):
        case = put_right()
        a_budget(case)

        first, again = gesture(case, key="form"), gesture(case, key="form")

        assert first == again
        with pytest.raises(OtherGestureError):
            gesture(case, an_item("A card"), key="form")
        with pytest.raises(GivenAlreadyError):
            gesture(case, an_item("A card"))

    def test_what_is_not_in_the_catalogue_is_not_given(self):
        case = put_right()
        a_budget(case)
        with pytest.raises(NotInCatalogueError):
            gesture(case, an_item("An old mug", retired_at=MONDAY))

    def test_a_budget_is_of_its_period(self):
        first, second = put_right(), put_right(a_case(customer=a_customer("Ann")))
        a_budget(first, 900, days=1)
        gesture(first, now=MONDAY - 30 * HOUR)

        gesture(second, now=MONDAY)

        third = put_right(a_case(customer=a_customer("Bob")))
        with pytest.raises(OverBudgetError):
            gesture(third, now=MONDAY + HOUR)


@pytest.mark.usefixtures("committed_db")
def test_many_at_once_never_come_past_the_budget():
    cases = [put_right(a_case(customer=a_customer(f"Customer {n}"))) for n in range(6)]
    a_budget(cases[0], 1_600)
    an_item()
    by = a_person()

    found = at_once(*[lambda case=case: gesture(case, by=by) for case in cases])

    assert sorted(type(one).__name__ for one in found) == ["Gesture"] * 3 + ["OverBudgetError"] * 3
    assert Gesture.objects.count() == 3
    assert verify.run() == []
