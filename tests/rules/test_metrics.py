"""How single metrics are counted, and what samples come to."""

from dataclasses import replace

import pytest

from makegood.rules.metrics.beside import LATE_EXTRAS, STAFF_TIME
from makegood.rules.metrics.counting import count
from makegood.rules.metrics.definitions import ALL_CODES, COST, METRICS, TILES
from makegood.rules.metrics.facts import (
    Closing,
    Doubted,
    Given,
    Late,
    Learned,
    Owing,
    Passed,
    Statement,
    Touch,
    Withheld,
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
        passes=(Passed(at=after(), is_automatic=False),),
        executive_at=after(hours=2),
        executive_by_rule=True,
    )  # fmt: skip


def test_every_metric_is_counted_and_no_other():
    counted = {sample.metric for sample in count(a_full_case())}

    assert counted - {STAFF_TIME, LATE_EXTRAS, CAUSES, CAUSE_COST, SPEAKERS, RANGES} == set(
        ALL_CODES
    )


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


def test_of_what_broke_before_its_log_came_nobody_knows_whether_it_was_silent():
    word = a_broken_word(1, after(), after(hours=2), who="log:2026.csv", is_past=True)
    case = a_case(words=(word,))

    assert values(case, "M03") == []
    assert values(case, "M01") == [0]
    assert values(case, "M11") == [None]


@pytest.mark.parametrize(
    ("closing", "again", "first_owner", "reopened"),
    [
        (Closing(at=after()), None, 1, 0),
        (Closing(at=after(), owners=2), None, 0, 0),
        (Closing(at=after(), reopened_at=after(days=30)), None, 0, 1),
        (Closing(at=after(), reopened_at=after(days=31)), None, 1, 0),
        (Closing(at=after()), after(days=90), 1, 1),
        (Closing(at=after()), after(days=91), 1, 0),
    ],
)
def test_what_is_opened_again_was_not_resolved_the_first_time(
    closing, again, first_owner, reopened
):
    case = a_case(closings=(closing,), again=(again,) if again else ())

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
    relented = a_case(withheld=(Withheld(at=after()),), remedies=(gift,))
    days_later = a_case(
        withheld=(Withheld(at=after()),), remedies=(replace(gift, at=after(hours=25)),)
    )

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


def test_what_reaches_the_customer_by_signal_is_no_contact_of_theirs():
    case = a_case(touches=(Touch(at=after(), is_outbound=True),))

    assert values(case, "M06") == [0]


def test_what_failed_again_before_the_case_was_closed_did_not_come_back_after_it():
    closing = Closing(at=after(days=10))
    during = a_case(closings=(closing,), again=(after(days=5),))
    and_later = a_case(closings=(closing,), again=(after(days=5), after(days=20)))

    assert values(during, "M19") == [0]
    assert values(and_later, "M19") == [1]


@pytest.mark.parametrize(
    ("touches", "closings", "unasked"),
    [
        ((), (Closing(at=after(days=1)),), [1]),
        (inbound(after()), (Closing(at=after(days=1)),), [0]),
        (inbound(after()), (), [0]),
        ((), (), [None]),
    ],
)
def test_a_failure_that_somebody_had_to_report_is_not_put_right_unasked_also_while_it_is_open(
    touches, closings, unasked
):
    assert values(a_case(touches=touches, closings=closings), "M07") == unasked


def test_the_time_for_which_a_case_was_closed_is_no_silence():
    closings = (Closing(at=after(hours=3), reopened_at=after(days=9)), Closing(at=after(days=10)))
    case = a_case(touches=outbound(after(hours=1), after(days=9, hours=20)), closings=closings)

    assert values(case, "M13") == [20 * 60]


def test_a_closing_by_mistake_interrupts_no_silence():
    mistake = Closing(at=after(hours=3), reopened_at=after(hours=4), is_mistake=True)
    case = a_case(closings=(mistake, Closing(at=after(hours=9))))

    assert values(case, "M13") == [9 * 60]


@pytest.mark.parametrize("said", [(), (1 / 60,), (1, 6)])
def test_a_case_that_is_open_has_no_longest_silence_yet_whatever_was_said_in_it(said):
    """One that was answered after a minute and never since would else count with that minute."""
    case = a_case(touches=outbound(*(after(hours=hours) for hours in said)))

    assert samples(case, "M13") == []


def test_what_goes_on_since_a_case_was_opened_again_counts_when_it_is_closed_again():
    first = Closing(at=after(hours=3), reopened_at=after(days=9))
    case = a_case(touches=outbound(after(hours=1), after(days=9, hours=1)), closings=(first,))
    closed = replace(case, closings=(first, Closing(at=after(days=10))))

    assert [(one.at, one.value) for one in samples(case, "M13")] == [(after(hours=3), 2 * 60)]
    assert [(one.at, one.value) for one in samples(closed, "M13")] == [(after(days=10), 23 * 60)]


@pytest.mark.parametrize(
    ("change", "until_true"),
    [
        ({}, [0]),
        ({"earliest_at": after(hours=3)}, [0]),
        ({"earliest_at": after(hours=4.5)}, [None]),
        ({"dated_at": after(hours=2)}, [120]),
        ({"kind": "callback"}, []),
        ({"kind": "redress"}, []),
        ({"outcome": Outcome.BROKEN}, [None]),
    ],
)
def test_a_date_proved_true_if_it_was_of_the_repair_and_that_came_inside_it(change, until_true):
    word = a_word(1, after(), after(hours=5), outcome=Outcome.KEPT, settled_at=after(hours=4))

    assert values(a_case(words=(replace(word, **change),)), "M12") == until_true


def test_a_date_for_a_date_is_no_date_of_the_repair_and_stands_beside_it():
    word = a_word(
        1, after(), after(hours=5), kind="news", outcome=Outcome.KEPT, settled_at=after(hours=4)
    )
    case = a_case(words=(word,))

    assert values(case, "M12") == []
    assert values(case, "M12", "provisional") == [0]


def test_a_message_that_was_false_is_one_message():
    false = Statement(at=after(hours=2), is_automatic=False)
    said = outbound(after(hours=1), after(hours=2), after(hours=3), after(hours=4))
    case = a_case(touches=said, false_statements=(false,))

    assert sorted(values(case, "M04")) == [0, 0, 0, 1]


def test_what_was_said_falsely_and_left_no_message_of_its_own_counts_all_the_same():
    false = tuple(Statement(at=after(hours=hour), is_automatic=True) for hour in (1, 2))

    assert values(a_case(false_statements=false), "M04") == [1, 1]


@pytest.mark.parametrize(("done", "behind"), [(3, []), (6, [1])])
def test_what_was_put_right_after_the_date_that_was_promised_first_is_counted_beside(done, behind):
    first = a_broken_word(1, after(), after(hours=5))
    second = a_word(
        2, after(hours=1), after(hours=9), outcome=Outcome.KEPT, settled_at=after(hours=done)
    )
    case = a_case(words=(first, second), closings=(Closing(at=after(days=1)),))

    assert values(case, "M15") == [done * 60]
    assert values(case, "M15", "behind") == behind


@pytest.mark.parametrize("kind", ["callback", "news", "redress"])
def test_a_date_that_was_none_for_putting_it_right_is_not_the_first_one_promised(kind):
    other = a_word(
        1, after(), after(hours=1), kind=kind, outcome=Outcome.KEPT, settled_at=after(hours=1)
    )
    repair = a_word(
        2, after(hours=1), after(hours=24), outcome=Outcome.KEPT, settled_at=after(hours=20)
    )
    case = a_case(words=(other, repair), closings=(Closing(at=after(days=2)),))

    assert values(case, "M15") == [20 * 60]
    assert values(case, "M15", "behind") == []


def test_a_call_back_after_the_repair_does_not_make_the_repair_later():
    repair = a_word(1, after(), after(hours=5), outcome=Outcome.KEPT, settled_at=after(hours=4))
    call = a_word(
        2, after(), after(hours=30), kind="callback", outcome=Outcome.KEPT,
        settled_at=after(hours=28),
    )  # fmt: skip
    case = a_case(words=(repair, call), closings=(Closing(at=after(days=2)),))

    assert values(case, "M15") == [4 * 60]
    assert values(case, "M15", "behind") == []


def test_wording_that_was_found_wanting_counts_by_its_rule_and_by_who_sent_it():
    clean = Passed(at=after(), is_automatic=True)
    wanting = Passed(at=after(), is_automatic=False, warned_of=("vague", "passive"))
    case = a_case(passes=(clean, wanting))

    assert values(case, "M31") == [1, 0]
    assert values(case, "M31", "automatic") == [1]
    assert values(case, "M31", "person") == [0]
    assert values(case, "M31", "rule:vague") == [1]
    assert values(case, "M31", "rule:passive") == [1]
