"""Two articles that cannot both be true; most examples are real public pages (domain 3.12)."""

from datetime import date

import pytest

from honour_world import a_figure
from makegood.rules import articles
from makegood.rules.articles import DatesError, Knowledge
from makegood.rules.figures import FigureError


def known(about: str, *figures, **more) -> Knowledge:
    return Knowledge(about=about, figures=figures, **({"from_on": date(2026, 1, 1)} | more))


def test_a_council_that_promises_one_day_where_the_statute_has_three_is_found():
    council = known(
        "Right to repair", a_figure("partial loss of water", "1", "working day"),
        a_figure("total loss of water", "1", "working day"),
    )  # fmt: skip
    statute = known(
        "Right to Repair 1994", a_figure("partial loss of water", "3", "working days"),
        a_figure("total loss of water", "1", "working day"),
    )  # fmt: skip

    found = list(articles.clashes(council, statute))

    assert [(one.figure.name, one.other) for one in found] == [
        ("partial loss of water", "3 working days")
    ]


@pytest.mark.parametrize(
    ("about", "name", "ours", "theirs"),
    [
        ("Ofcom compensation", "loss of service per day", "10.07 GBP", "9.98 GBP"),
        ("Delay Repay", "share of the fare after 60 minutes", "100 %", "50 %"),
        ("Energy guaranteed standards", "missed appointment", "30 GBP", "40 GBP"),
        ("Reconnection times", "urban area", "10 working days", "5 working days"),
        ("South Staffs promise", "missed appointment", "20 GBP", "40 GBP"),
    ],
)
def test_pages_that_name_other_amounts_for_the_same_thing_are_found(about, name, ours, theirs):
    one = known(about, a_figure(name, *ours.split(" ", 1)))
    other = known(about, a_figure(name, *theirs.split(" ", 1)))

    assert [clash.other for clash in articles.clashes(one, other)] == [theirs]


def test_more_than_three_hours_is_not_three_hours_or_more():
    rule = known("Flight delay", a_figure("significant delay", "3", "hours", "more_than"))
    page = known("Flight delay", a_figure("significant delay", "3", "hours", "at_least"))

    assert [clash.other for clash in articles.clashes(rule, page)] == ["≥ 3 hours"]


def test_a_site_that_claims_a_higher_ceiling_for_letters_is_found():
    site = known("Royal Mail", a_figure("lost letters", "100", "GBP", "at_most"))
    operator = known("Royal Mail", a_figure("lost letters", "20", "GBP", "at_most"))

    assert len(list(articles.clashes(site, operator))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"from_on": date(2027, 1, 1)},
        {"area": "EX4"},
    ],
)
def test_what_never_holds_for_the_same_customer_at_the_same_time_is_no_doubt(change):
    figure = a_figure("missed appointment", "20", "GBP")
    one = known("Water", figure, until_on=date(2026, 12, 31), area="M1")
    other = known("Water", a_figure("missed appointment", "40", "GBP"), **change)

    expected = 0
    assert len(list(articles.clashes(one, other))) == expected


def test_the_same_word_for_two_products_is_no_doubt():
    broadband = known("Broadband", a_figure("notice period", "1", "month"))
    mobile = known("Mobile", a_figure("notice period", "3", "months"))

    assert list(articles.clashes(broadband, mobile)) == []


def test_what_ends_before_it_begins_is_refused():
    with pytest.raises(DatesError):
        articles.check(known("Water", until_on=date(2025, 1, 1)))


def test_a_figure_that_nobody_can_compare_is_refused():
    with pytest.raises(FigureError):
        articles.check(known("Water", a_figure("missed appointment", "some", "money")))


def test_it_holds_from_its_first_to_its_last_day_and_in_its_area():
    flyer = known("Water", until_on=date(2026, 6, 30), area="EX4")

    assert flyer.holds(on=date(2026, 1, 1), area="EX4")
    assert flyer.holds(on=date(2026, 6, 30), area="EX4")
    assert not flyer.holds(on=date(2026, 7, 1), area="EX4")
    assert not flyer.holds(on=date(2026, 2, 1), area="M1")
