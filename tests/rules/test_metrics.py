"""How single metrics are counted, and what samples come to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.metrics import control, figures
from makegood.rules.metrics.control import Count, Rule
from makegood.rules.metrics.counting import count
from makegood.rules.metrics.definitions import ALL_CODES, COST, METRICS, TILES, Figure
from makegood.rules.metrics.facts import (
    Closing,
    Doubted,
    Given,
    Late,
    Learned,
    Owing,
    Passed,
    Touch,
)
from makegood.rules.metrics.samples import CAUSE_COST, CAUSES, RANGES, SPEAKERS
from makegood.rules.promises import Outcome
from metric_stories import a_broken_word, a_case, a_word, after, inbound, outbound


def samples(case, metric, key=""):
    return [s for s in count(case) if (s.metric, s.key) == (metric, key)]


def values(case, metric, key=""):
    return [s.value for s in samples(case, metric, key)]


def a_full_case():
    """One with something for every metric."""
    kept = a_word(
        1, after(), after(hours=5), outcome=Outcome.KEPT, settled_at=after(hours=4),
        kind="callback", earliest_at=after(hours=3),
    )  # fmt: skip
    broken = a_broken_word(2, after(), after(hours=6))
    gift = Given(
        at=after(hours=7), amount_minor=2500, currency="GBP", makes_good_money=True,
        arrived_at=after(days=2),
    )  # fmt: skip
    return a_case(
        cause="function:hygiene",
        words=(kept, broken),
        touches=(*inbound(after(), minutes=5, lost_minor=300, currency="GBP"),
                 *outbound(after(hours=1))),
        apologies=(after(hours=6.5),),
        closings=(Closing(at=after(days=3), by_yes=True),),
        asked=(after(days=2),),
        remedies=(gift,),
        owings=(Owing(pay_by=after(days=5), missing_minor=3000, currency="GBP"),),
        late=(Late(at=after(hours=1), source="note", outcome="honoured"),),
        doubts=(Doubted(at=after(hours=1), is_error=True),),
        learned=Learned(at=after(days=2)),
        passes=(Passed(at=after(), is_automatic=False, warnings=0),),
        executive_at=after(hours=2),
        executive_by_rule=True,
    )  # fmt: skip


def test_every_metric_is_counted_and_no_other():
    counted = {sample.metric for sample in count(a_full_case())}

    assert counted - {CAUSES, CAUSE_COST, SPEAKERS, RANGES} == set(ALL_CODES)


def test_the_wall_has_eight_tiles_that_are_known_and_the_cost_beside_them():
    assert len(TILES) == 8
    assert {*TILES, COST} <= set(ALL_CODES)
    assert list(METRICS) == [f"M{number:02d}" for number in range(1, 33)]


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"outcome": Outcome.KEPT}, [1]),
        ({"outcome": Outcome.REPLACED}, [1]),
        ({"outcome": Outcome.BROKEN}, [0]),
        ({"outcome": Outcome.RELEASED}, []),
        ({"outcome": None}, []),
        ({"outcome": Outcome.KEPT, "moved_alone": True}, [0]),
        ({"outcome": None, "moved_alone": True}, [0]),
    ],
)
def test_a_promise_counts_as_kept_by_the_deed_or_by_consent(change, kept):
    word = replace(a_word(1, after(), after(hours=2)), **change)

    assert values(a_case(words=(word,)), "M01") == kept


def test_what_was_put_off_without_asking_breaks_on_the_day_that_was_given_first():
    word = replace(a_word(1, after(), after(days=1)), due_at=after(days=9), moved_alone=True)

    (sample,) = samples(a_case(words=(word,)), "M01")

    assert sample.at == after(days=1)


@pytest.mark.parametrize(
    ("touches", "silent"),
    [
        ((), 1),
        (outbound(after(hours=1)), 0),
        (outbound(after(hours=1), is_receipt=True), 1),
        (outbound(after(hours=1), tells=1), 1),
        (outbound(after(hours=1), tells=9, is_automatic=True), 1),
        (outbound(after(hours=1), tells=9), 0),
        (outbound(after(hours=3)), 1),
        (inbound(after(hours=1)), 1),
    ],
)
def test_a_break_is_silent_unless_news_of_it_reached_the_customer_in_time(touches, silent):
    word = a_broken_word(1, after(), after(hours=2))

    assert values(a_case(words=(word,), touches=touches), "M03") == [silent]


@pytest.mark.parametrize(
    ("closing", "again_at", "first_owner", "reopened"),
    [
        (Closing(at=after()), None, 1, 0),
        (Closing(at=after(), owners=2), None, 0, 0),
        (Closing(at=after(), reopened_at=after(days=30)), None, 0, 1),
        (Closing(at=after(), reopened_at=after(days=31)), None, 1, 0),
        (Closing(at=after()), after(days=90), 0, 1),
        (Closing(at=after()), after(days=91), 1, 0),
    ],
)
def test_what_comes_again_was_not_resolved_the_first_time(closing, again_at, first_owner, reopened):
    case = a_case(closings=(closing,), again_at=again_at)

    assert values(case, "M05") == [first_owner]
    assert values(case, "M19") == [reopened]


def test_a_closing_by_mistake_is_no_resolution():
    case = a_case(closings=(Closing(at=after(), is_mistake=True),))

    assert values(case, "M19") == []


def test_the_longest_silence_is_that_between_two_words_and_a_receipt_is_none():
    case = a_case(
        touches=(*outbound(after(hours=1)), *outbound(after(hours=4), is_receipt=True),
                 *outbound(after(hours=9))),
        closings=(Closing(at=after(hours=10)),),
    )  # fmt: skip

    assert values(case, "M13") == [8 * 60]


def test_the_answer_to_our_question_is_no_effort_of_the_customer():
    case = a_case(
        touches=inbound(after(hours=1), is_answer=True), closings=(Closing(at=after(hours=1)),)
    )

    assert values(case, "M06") == [0]
    assert values(case, "M07") == [1]


@pytest.mark.parametrize(
    ("closings", "satisfied"),
    [
        ((), [None]),
        ((Closing(at=after(days=2), by_yes=True),), [1]),
        ((Closing(at=after(days=2)),), [0]),
        ((Closing(at=after(days=2), by_yes=True, reopened_at=after(days=3)),), [0]),
    ],
)
def test_who_was_asked_and_has_not_answered_is_missing_and_silence_is_no_yes(closings, satisfied):
    case = a_case(asked=(after(days=1),), closings=closings)

    assert values(case, "M18") == satisfied


def test_money_is_at_risk_until_it_has_come_back_and_never_less_than_nothing():
    lost = inbound(after(), lost_minor=700, currency="GBP")
    refund = Given(at=after(), amount_minor=500, currency="GBP", makes_good_money=True)
    open_ = a_case(touches=lost, remedies=(refund,))
    paid = replace(open_, remedies=(replace(refund, arrived_at=after(days=1)),))
    more = replace(open_, remedies=(replace(refund, arrived_at=after(days=1), amount_minor=900),))

    assert [values(case, "M09", "GBP") for case in (open_, paid, more)] == [[700], [200], [0]]


def test_what_a_scheme_owes_leaks_once_its_day_has_passed():
    owing = Owing(pay_by=after(days=5), missing_minor=3000, currency="GBP")
    before = a_case(owings=(owing,), as_of=after(days=4))
    later = a_case(owings=(owing,), as_of=after(days=6))

    assert values(before, "M23", "GBP") == []
    assert values(later, "M23", "GBP") == [3000]


def test_a_refusal_and_the_grant_that_follows_within_a_day_are_one_could_but_did_not():
    gift = Given(at=after(hours=20), amount_minor=1, currency="GBP")
    relented = a_case(withheld=(after(),), remedies=(gift,))
    days_later = a_case(withheld=(after(),), remedies=(replace(gift, at=after(hours=25)),))

    assert values(relented, "M20") == [1]
    assert values(days_later, "M20") == [1, 0]


@pytest.mark.parametrize(
    ("settled", "outcome", "hit"),
    [(2, Outcome.KEPT, -1), (4, Outcome.KEPT, 0), (6, Outcome.BROKEN, 1)],
)
def test_a_window_is_met_before_it_inside_it_or_after_it(settled, outcome, hit):
    word = a_word(
        1, after(), after(hours=5), earliest_at=after(hours=3), outcome=outcome,
        settled_at=after(hours=settled),
    )  # fmt: skip

    assert values(a_case(words=(word,)), RANGES, "2h") == [hit]


def test_a_tally_knows_how_many_have_no_figure():
    found = figures.tally([3, None, 1, 2])

    assert (found.n, found.known, found.missing, found.total) == (4, 3, 1, 6)
    assert figures.value(found, Figure.MEDIAN) == 2
    assert figures.value(figures.tally([None]), Figure.MEDIAN) is None


@given(st.lists(st.integers(0, 10_000), min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_percentile_is_one_of_the_values_with_enough_at_or_below_it(found, share):
    at = figures.percentile(sorted(found), share)

    assert at in found
    assert sum(value <= at for value in found) >= share * len(found) - 1e-9
    assert sum(value < at for value in found) < share * len(found)


@given(st.integers(1, 500), st.data())
def test_an_interval_holds_its_share_and_narrows_with_more(n, data):
    hits = data.draw(st.integers(0, n))

    low, high = figures.interval(hits, n)
    narrow = figures.interval(hits * 10, n * 10)

    assert 0 <= low <= hits / n + 1e-9
    assert hits / n - 1e-9 <= high <= 1
    assert narrow[1] - narrow[0] < high - low


STEADY = [Count(hits=hits, n=100) for hits in (90, 92, 88, 91, 89, 90, 92, 88, 91, 89)]


def test_a_share_that_only_wavers_marks_no_change():
    assert control.chart(STEADY).changes == ()


@pytest.mark.parametrize(
    ("later", "rule"),
    [
        ([70], Rule.BEYOND),
        ([83, 90, 83], Rule.TWO_OF_THREE),
        ([86, 86, 90, 86, 86], Rule.FOUR_OF_FIVE),
        ([89] * 8, Rule.RUN),
    ],
)
def test_a_change_is_real_by_each_rule(later, rule):
    shown = [Count(hits=hits, n=100) for hits in later]

    chart = control.chart(shown, before=STEADY)

    assert rule in chart.points[-1].rules
    assert chart.changes[-1] == len(later) - 1


def test_too_few_points_have_no_limits():
    chart = control.chart(STEADY[:7])

    assert (chart.has_limits, chart.changes) == (False, ())


def test_changes_that_go_on_are_one_until_they_turn():
    usual, worse, better = (Count(hits=hits, n=100) for hits in (90, 60, 100))

    chart = control.chart([usual, worse, worse, better, usual, better], before=STEADY)

    assert chart.changes == (1, 2, 3, 5)
    assert chart.runs == ((1, 2), (3, 3), (5, 5))


def test_what_always_ended_alike_has_no_limits_and_its_first_break_is_a_change():
    kept = [Count(hits=100, n=100)] * 10
    broken = [Count(hits=60, n=100)]

    assert not control.chart(kept, before=kept).has_limits
    assert 10 in control.chart(kept + broken, before=kept).changes


def test_an_empty_time_has_no_share_and_does_not_interrupt_a_run():
    shown = [Count(hits=89, n=100)] * 4 + [Count(hits=0, n=0)] + [Count(hits=89, n=100)] * 4

    chart = control.chart(shown, before=STEADY)

    assert chart.points[4].share is None
    assert Rule.RUN in chart.points[-1].rules


def test_large_counts_that_differ_from_day_to_day_are_not_all_called_changes():
    weekly = [Count(hits=n, n=100_000) for n in (90_000, 91_500, 88_800, 90_700, 89_200) * 3]

    chart = control.chart(weekly)

    assert chart.spread > 1
    assert chart.changes == ()


def test_what_reaches_the_customer_by_signal_is_no_contact_of_theirs():
    case = a_case(touches=(Touch(at=after(), is_outbound=True),))

    assert values(case, "M06") == [0]
