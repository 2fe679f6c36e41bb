"""What contradicts an article: the clerk's plan against the flyer, and what only sounds like it."""

from datetime import date

import pytest

from honour_world import BOTH_A_YEAR, COUNTERS, FLOORING, a_figure
from makegood.rules import doubts
from makegood.rules.articles import Knowledge
from makegood.rules.doubts import Verdict
from makegood.rules.escalation import Role

FLYER = Knowledge(
    about="Flooring and counter tops", figures=(FLOORING, COUNTERS), from_on=date(2026, 5, 1)
)


def said(text: str, known: Knowledge = FLYER, **more) -> list[tuple[str, str]]:
    return [(one.figure.name, one.other) for one in doubts.clashes(text, known, **more)]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (BOTH_A_YEAR, "12-month"),
        ("I put your flooring on a no-interest plan for a year.", "a year"),
        (
            "Sure. With no interest, the flooring runs twelve months. Anything else?",
            "twelve months",
        ),
    ],
)
def test_the_clerks_plan_contradicts_the_flyer(text, other):
    assert said(text) == [("no-interest financing of flooring", other)]


@pytest.mark.parametrize(
    "text",
    [
        "The flooring is on the six-month no-interest plan.",
        "The flooring has no interest for 6 months, the counter tops for 12.",
        "Does the flooring have no interest for 12 months?",
        "We lay the flooring within 12 days.",
        "No interest for 12 months on your kitchen.",
        "",
    ],
)
def test_what_agrees_asks_or_speaks_of_something_else_raises_none(text):
    assert said(text) == []


def test_what_the_case_is_about_counts_as_said():
    tariff = Knowledge(
        about="Broadband", figures=(a_figure("notice period", "1", "month"),),
        from_on=date(2026, 1, 1),
    )  # fmt: skip
    text = "Your notice period is 3 months."

    assert said(text, tariff) == []
    assert said(text, tariff, context="Broadband is down") == [("notice period", "3 months")]


def test_the_ladder_ends_at_the_top():
    assert doubts.next_role(Role.OWNER) is Role.LEAD
    assert doubts.next_role(Role.EXECUTIVE) is None


def test_an_error_is_something_to_learn_from_and_two_truths_are_not():
    assert {one for one in Verdict if one.is_error} == {
        Verdict.ARTICLE_WRONG, Verdict.STATEMENT_WRONG,
    }  # fmt: skip
