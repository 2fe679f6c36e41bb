"""Gestures attacked with raw SQL: refused is what comes too soon, and what costs too much."""

from datetime import timedelta

import pytest

from gesture_world import HOUR, a_budget, an_item, gesture, put_right
from makegood.actions import authorities
from makegood.records.models import Case, Entitlement, Gesture
from money_world import a_request
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


def forge(case: Case, **more) -> None:
    of = an_item()
    columns = {
        "case_id": case.pk, "team_id": case.team_id, "item_id": of.pk, "what": of.name,
        "cost_minor": of.cost_minor, "currency": of.currency, "given_at": MONDAY + HOUR,
        "given_by_id": a_person().pk, "key": "forged",
    }  # fmt: skip
    insert("records_gesture", **columns | more)


def test_a_case_that_was_put_right_may_have_one():
    case = put_right()
    a_budget(case)

    forge(case)

    assert Gesture.objects.get().what == "A box of tea"


class TestComesLast:
    """Correction, apology, date: each of them first."""

    @pytest.mark.parametrize("lacking", [{"done": False}, {"sorry": False}])
    def test_not_before_the_correction_and_the_apology(self, lacking):
        case = put_right(**lacking)
        a_budget(case)
        with refused_by("gesture_after_correction_apology_and_date"):
            forge(case)

    def test_not_while_a_date_has_passed(self):
        case = put_right()
        a_budget(case)
        with refused_by("gesture_after_correction_apology_and_date"):
            forge(case, given_at=MONDAY + timedelta(days=300))

    def test_never_instead_of_a_remedy_that_somebody_has_to_approve(self):
        case = put_right()
        a_budget(case)
        a_request(case=case)
        with refused_by("gesture_never_instead_of_a_remedy"):
            forge(case)

    def test_never_instead_of_what_a_scheme_owes(self):
        case = put_right()
        a_budget(case)
        Entitlement.objects.create(
            case=case, scheme="own", amount_minor=500, currency="GBP", raised_at=MONDAY
        )
        with refused_by("gesture_never_instead_of_a_remedy"):
            forge(case)


class TestSmall:
    """Of the catalogue, within the budget, once."""

    def test_nothing_without_a_budget(self):
        with refused_by("gesture_within_budget"):
            forge(put_right())

    def test_not_more_than_the_budget_of_the_period(self):
        first, second = put_right(), put_right(a_case(customer=a_customer("Ann")))
        a_budget(first, 900)
        gesture(first)
        with refused_by("gesture_within_budget"):
            forge(second)

    def test_a_backdated_one_counts_what_came_after_it(self):
        first, second = put_right(), put_right(a_case(customer=a_customer("Ann")))
        a_budget(first, 900)
        gesture(first)
        with refused_by("gesture_within_budget"):
            forge(second, given_at=MONDAY - timedelta(days=60))

    def test_nothing_that_is_not_in_the_catalogue_at_its_cost(self):
        case = put_right()
        a_budget(case)
        with refused_by("gesture_is_of_the_catalogue"):
            forge(case, cost_minor=1)
        with refused_by("gesture_is_of_the_catalogue"):
            forge(case, item_id=an_item("An old mug", retired_at=MONDAY).pk, what="An old mug")

    def test_one_for_a_case(self):
        case = put_right()
        a_budget(case)
        gesture(case)
        with refused_by("gesture_once_per_case"):
            forge(case)

    def test_one_for_an_act(self):
        first, second = put_right(), put_right(a_case(customer=a_customer("Ann")))
        a_budget(first)
        gesture(first, key="forged")
        with refused_by("gesture_once_by_key"):
            forge(second)

    def test_none_for_ones_own(self):
        case = put_right()
        a_budget(case)
        authorities.declare_conflict(staff=a_person(), customer=case.customer, now=MONDAY)
        with refused_by("gesture_not_for_ones_own"):
            forge(case)


class TestStays:
    """What was set and given stays as it was."""

    def test_what_was_given(self):
        case = put_right()
        a_budget(case)
        gesture(case)
        with refused_by("gesture_only_grows"):
            sql("UPDATE records_gesture SET cost_minor = 0")

    def test_a_budget_keeps_its_terms_and_stays(self):
        held = a_budget(a_case())
        with refused_by("gesture_budget_keeps_its_terms"):
            sql("UPDATE records_gesturebudget SET per_period_minor = 999999")
        with refused_by("gesture_budget_stays"):
            sql("DELETE FROM records_gesturebudget")
        with refused_by("gesture_budget_ends_after_it_began"):
            sql("UPDATE records_gesturebudget SET ended_at = %s", held.since - HOUR)

    def test_a_team_has_one_budget_in_a_currency_that_makes_sense(self):
        case = a_case()
        a_budget(case)
        terms = {"team_id": case.team_id, "per_period_minor": 1, "since": MONDAY}
        with refused_by("gesture_budget_of_a_team_once"):
            insert("records_gesturebudget", **terms, currency="GBP", period_days=30)
        with refused_by("gesture_budget_makes_sense"):
            insert("records_gesturebudget", **terms, currency="EUR", period_days=0)

    def test_the_catalogue(self):
        an_item()
        with refused_by("gesture_item_once"):
            insert("records_gestureitem", name="A box of tea", cost_minor=1, currency="GBP")
        with refused_by("gesture_item_has_a_name_and_a_currency"):
            insert("records_gestureitem", name="", cost_minor=1, currency="GBP")
        with refused_by("gesture_item_stays"):
            sql("DELETE FROM records_gestureitem")
