"""What a remedy may be, which authority it needs."""

import pytest

from makegood.rules.remedies import (
    PAY_WITHIN,
    THING_KINDS,
    Activity,
    BadRemedyError,
    RemedyError,
    RemedyKind,
    Source,
    Terms,
    activity_of,
)


def terms(kind: RemedyKind = RemedyKind.CREDIT, **more) -> Terms:
    thing = "a new food bin" if kind in THING_KINDS else ""
    return Terms(
        **{
            "kind": kind, "source": Source.GOODWILL, "amount_minor": 2_500, "currency": "GBP",
            "because": "Three calls.", "thing": thing,
        } | more
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"thing": "flowers"},
        {"because": "  "},
        {"scheme": "eu261"},
        {"source": Source.SCHEME},
        {"currency": "gbp"},
        {"kind": RemedyKind.GIFT, "thing": ""},
    ],
)
def test_a_remedy_that_makes_no_sense_is_refused_in_a_sentence(wrong):
    with pytest.raises(BadRemedyError) as refusal:
        terms(**wrong)
    assert str(refusal.value).endswith(".")


def test_a_thing_may_cost_nothing():
    assert terms(RemedyKind.GIFT, amount_minor=0).in_words() == "a new food bin"


def test_a_waiver_needs_the_authority_for_fees_and_what_a_rule_owes_that_of_schemes():
    assert activity_of(RemedyKind.WAIVER, Source.GOODWILL) is Activity.WAIVER
    assert activity_of(RemedyKind.CREDIT, Source.OWN) is Activity.SCHEME
    assert activity_of(RemedyKind.GIFT, Source.GOODWILL) is Activity.GOODWILL


def test_every_kind_has_a_time_by_which_it_is_there():
    assert set(PAY_WITHIN) == set(RemedyKind)


def test_every_refusal_says_what_would_be_right():
    for kind in RemedyError.__subclasses__():
        assert str(kind()).endswith("."), kind
