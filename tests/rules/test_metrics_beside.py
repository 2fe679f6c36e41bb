"""What stands beside the figures, reckoned on paper: widths, limits, reasons, answers, extras."""

from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.rules.attempts import Attempt
from makegood.rules.metrics.counting import count
from makegood.rules.metrics.facts import (
    Closing,
    Given,
    Reviewed,
    Round,
    Touch,
    Unanswered,
    Wanted,
    Withheld,
)
from makegood.rules.metrics.retained import staff_cost
from makegood.rules.promises import Outcome
from metric_stories import a_broken_word, a_case, a_word, after, aloud, inbound, outbound


def values(case, metric, key=""):
    return [s.value for s in count(case) if (s.metric, s.key) == (metric, key)]


def a_kept_word(id_, said, due, **more):
    return a_word(id_, after(hours=said), after(hours=due), outcome=Outcome.KEPT, **more)


@pytest.mark.parametrize(
    ("word", "width"),
    [
        (a_kept_word(1, 1, 9, earliest_at=after(hours=7), settled_at=after(hours=8)), [120]),
        (a_kept_word(1, 1, 9, settled_at=after(hours=8)), [480]),
        (a_kept_word(1, 1, 9, dated_at=after(hours=6), settled_at=after(hours=8)), [180]),
        (a_kept_word(1, 1, 9, kind="news", settled_at=after(hours=8)), []),
        (a_broken_word(1, after(hours=1), after(hours=9)), []),
    ],
)
def test_a_true_date_is_as_wide_as_its_window_or_else_as_all_the_time_until_it(word, width):
    assert values(a_case(words=(word,)), "M12", "width") == width


def test_the_width_is_that_of_the_first_true_date_alone():
    late = a_kept_word(1, 5, 6, settled_at=after(hours=6))
    first = a_kept_word(2, 2, 12, settled_at=after(hours=9))

    assert values(a_case(words=(late, first)), "M12", "width") == [600]


@pytest.mark.parametrize(
    ("outcome", "over"), [(Outcome.KEPT, 0), (Outcome.BROKEN, 1), (Outcome.RELEASED, 0)]
)
def test_a_silence_counts_with_its_severity_and_is_past_its_limit_when_promised_news_broke(
    outcome, over
):
    news = replace(a_broken_word(1, after(), after(hours=4), kind="news"), outcome=outcome)
    case = a_case(
        severity=2, words=(news,), touches=outbound(after(hours=2)),
        closings=(Closing(at=after(hours=9)),),
    )  # fmt: skip

    assert values(case, "M13", "severity:2") == [7 * 60]
    assert values(case, "M13", "over:2") == [over]


def test_a_case_that_is_open_is_neither_within_its_limit_nor_past_it_yet():
    assert values(a_case(severity=2), "M13", "over:2") == []


def test_an_answer_is_a_yes_or_a_no_or_anything_else_and_silence_is_none():
    rounds = (
        Round(at=after(days=1), is_answered=True),
        Round(at=after(days=2), is_answered=False),
        Round(at=after(days=3)),
    )

    assert values(a_case(rounds=rounds), "M18", "answered") == [1, 0]


def test_what_was_wanted_besides_counts_with_what_became_of_it():
    wants = (Wanted(at=after(), became="promised"), Wanted(at=after()))
    case = a_case(wants=wants)

    assert values(case, "M18", "wants") == [1, 1]
    assert values(case, "M18", "wants:promised") == [1]
    assert values(case, "M18", "wants:waiting") == [1]


@pytest.mark.parametrize(
    ("held", "given_after", "why"),
    [
        (Withheld(at=after()), (), "kept_back"),
        (Withheld(at=after(), was_asked=True), (), "refused"),
        (Withheld(at=after(), was_asked=True), (24,), "relented"),
        (Withheld(at=after(), was_asked=True), (25,), "refused"),
    ],
)
def test_what_was_not_given_has_a_reason(held, given_after, why):
    gift = [Given(at=after(hours=h), amount_minor=1, currency="GBP") for h in given_after]
    case = a_case(withheld=(held,), remedies=tuple(gift))

    assert [s.key for s in count(case) if s.metric == "M20" and s.key] == [f"why:{why}"]


def test_what_was_given_only_once_they_had_asked_could_have_been_given_before():
    gift = Given(at=after(), amount_minor=1, currency="GBP", was_waited_for=True)
    case = a_case(remedies=(gift,))

    assert values(case, "M20") == [1]
    assert values(case, "M20", "why:waited") == [1]
    assert values(a_case(remedies=(replace(gift, is_released=True),)), "M20") == []


@pytest.mark.parametrize(
    ("acts", "before"),
    [
        ({}, [None]),
        ({"touches": outbound(after(hours=2), is_automatic=True)}, [None]),
        ({"touches": outbound(after(hours=2))}, [2]),
        ({"words": (a_word(1, after(hours=1), after(hours=9)),)}, [1]),
        ({"words": (a_word(1, after(hours=1), after(hours=9), is_automatic=True),)}, [None]),
        ({"handed": (after(hours=5),)}, [3]),
    ],
)
def test_reports_count_until_one_of_us_does_anything(acts, before):
    case = a_case(reports=3, reported=(after(), after(hours=2), after(hours=4)), **acts)

    assert values(case, "M25") == [3]
    assert values(case, "M25", "first") == before


@pytest.mark.parametrize(
    ("closings", "upheld"),
    [
        ([Closing(at=after(), by_parting=True)], []),
        ([Closing(at=after(), review=Reviewed(at=after(days=80), is_upheld=True))], [1]),
        ([Closing(at=after(), review=Reviewed(at=after(days=80), is_upheld=False))], [0]),
        (
            [
                Closing(
                    at=after(), is_mistake=True, review=Reviewed(at=after(days=8), is_upheld=True)
                )
            ],
            [],
        ),
    ],
)
def test_what_was_upheld_outside_is_of_what_was_decided_there(closings, upheld):
    assert values(a_case(closings=tuple(closings)), "M28", "upheld") == upheld


def rang(minute, *, left_message=True):
    attempt = Attempt(at=after(minutes=minute), left_message=left_message)
    return Unanswered(promise=1, attempt=attempt)


@pytest.mark.parametrize(
    ("unanswered", "touches", "reached"),
    [
        ((), (), 1),
        ((rang(10),), (), 1),
        ((rang(10), rang(30)), (), 0),
        ((rang(10), rang(30)), aloud(after(minutes=20)), 0),
        ((rang(10), rang(30)), aloud(after(minutes=40)), 1),
        ((rang(10), rang(30)), aloud(after(minutes=40), is_automatic=True), 0),
        ((rang(10), rang(30)), outbound(after(minutes=40)), 0),
        ((rang(10, left_message=False), rang(30, left_message=False)), (), 1),
    ],
)
def test_a_call_made_by_attempts_alone_reached_nobody(unanswered, touches, reached):
    call = a_kept_word(1, 0, 1, kind="callback", settled_at=after(minutes=45))
    case = a_case(words=(call,), unanswered=unanswered, touches=touches)

    assert values(case, "M32") == [1]
    assert values(case, "M32", "reached") == [reached]


def test_a_call_that_was_not_made_is_not_asked_whether_it_reached_anybody():
    case = a_case(words=(a_broken_word(1, after(), after(hours=1), kind="callback"),))

    assert values(case, "M32") == [0]
    assert values(case, "M32", "reached") == []


def test_what_had_to_be_told_again_counts_beside_the_hand_overs():
    touches = (*inbound(after()), *inbound(after(hours=1), told_again=True))
    case = a_case(handovers=2, touches=touches)

    assert values(case, "M14") == [2]
    assert values(case, "M14", "told_again") == [1]


def test_the_time_of_staff_is_counted_where_they_spoke_and_costs_what_is_assumed():
    case = a_case(
        touches=(Touch(at=after(), is_outbound=False, staff_minutes=20), *inbound(after()))
    )

    assert values(case, "stafftime") == [20]
    assert staff_cost(20, hour_minor=3000) == 1000


def test_what_a_scheme_adds_because_it_was_paid_late_stands_beside_what_leaked():
    extra = Given(at=after(days=9), amount_minor=3000, currency="GBP", is_extra=True)
    first = Given(at=after(), amount_minor=3000, currency="GBP", pay_by=after(days=1))
    case = a_case(remedies=(first, extra), as_of=after() + timedelta(days=10))

    assert values(case, "extras", "GBP") == [3000]
    assert values(case, "M23", "GBP") == [3000]
