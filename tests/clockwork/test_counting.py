"""The wall is counted along: what changed is counted again, and twice is as once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from clock import SimulatedClock
from honour_world import FLOORING, a_draft, a_figure, a_keeper, an_article
from makegood.actions import (
    articles,
    cases,
    contacts,
    corrections,
    doubt_answers,
    promises,
)
from makegood.actions.contacts import Touch
from makegood.clockwork import counting
from makegood.queries import verify
from makegood.queries.metrics.behind import read_behind
from makegood.queries.metrics.facts import read_facts
from makegood.queries.metrics.known_then import read_then
from makegood.queries.metrics.series import Period, read_series
from makegood.queries.metrics.touched import last_entry, read_touched
from makegood.records.models import CountedCase, DailyCount, Direction, Doubt
from makegood.rules.doubts import Verdict
from makegood.rules.metrics.counting import count
from makegood.rules.promises import Channel
from world import MONDAY, a_bin, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def rows():
    """All that was counted, whatever its order inside a day."""
    return sorted(
        (d.metric, d.day, d.team_id, d.key, d.n, d.known, d.total,
         tuple(sorted(zip(d.cases, d.values, strict=True), key=str)))
        for d in DailyCount.objects.all()
    )  # fmt: skip


def a_told_story(clock):
    """One promise kept, one broken and apologised for, a call of the customer; all in one case."""
    laura = a_person()
    case = a_case(now=clock.now, owner=laura)
    kept = promises.make_promise(case.pk, a_word(now=clock.now), now=clock.now)
    promises.keep_promise(
        promise_id=kept.pk, at=clock.now, evidence="Rang.", by=laura, now=clock.now
    )
    promises.make_promise(
        case.pk, a_word(now=clock.now, due_at=clock.now + timedelta(hours=2)), now=clock.now
    )
    call = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=clock.now, note="Well?",
        hold_minutes=6, talk_minutes=4, money_minor=300, currency="GBP",
    )  # fmt: skip
    contacts.record_contact(case.pk, call, now=clock.now)
    clock.wait(hours=3)
    contacts.apologise(
        case.pk, words="We did not ring you at eleven. I am sorry.", channel=Channel.PHONE,
        at=clock.now, by=laura, now=clock.now,
    )  # fmt: skip
    return case


def test_what_was_counted_along_is_what_is_counted_at_once():
    clock = SimulatedClock(MONDAY)
    counting.count_new(now=clock.now)
    a_told_story(clock)
    counting.count_new(now=clock.now)
    a_told_story(clock)
    clock.wait(days=1)
    counting.count_new(now=clock.now)
    along = rows()

    DailyCount.objects.all().delete()
    CountedCase.objects.all().delete()
    counting.count_all(now=clock.now)

    assert along
    assert rows() == along


def test_counting_twice_is_as_once():
    clock = SimulatedClock(MONDAY)
    a_told_story(clock)
    counting.count_all(now=clock.now)
    once = rows()

    counting.count_all(now=clock.now)
    counting.count_new(now=clock.now)

    assert rows() == once


def test_a_case_counts_the_sums_that_its_timeline_tells():
    clock = SimulatedClock(MONDAY)
    a_told_story(clock)

    counting.count_all(now=clock.now)

    def of(metric, key=""):
        return list(
            DailyCount.objects.filter(metric=metric, key=key).values_list("n", "known", "total")
        )

    assert of("M08") == [(1, 1, 10)]
    assert of("M09", "GBP") == [(1, 1, 300)]
    assert of("M32") == [(2, 2, 1)]
    ((latencies, known, minutes),) = of("M11")
    assert (latencies, known) == (1, 1)
    assert 0 < minutes <= 60


def test_what_was_known_at_a_moment_does_not_change_with_what_came_later():
    clock = SimulatedClock(MONDAY)
    case = a_told_story(clock)
    then = clock.now
    before = count(read_facts([case.pk], as_of=then)[0])

    clock.wait(days=2)
    contacts.apologise(
        case.pk, words="You waited for news until today. I am sorry for that.",
        channel=Channel.PHONE, at=clock.now, by=a_person(), now=clock.now,
    )  # fmt: skip

    assert count(read_facts([case.pk], as_of=then)[0]) == before
    assert count(read_facts([case.pk], as_of=clock.now)[0]) != before
    assert read_facts([case.pk], as_of=MONDAY - timedelta(seconds=1)) == []


def test_a_mark_set_by_mistake_counted_as_kept_until_it_was_taken_back():
    case = a_case()
    promise = promises.make_promise(case.pk, a_word(), now=MONDAY)
    marked, back = MONDAY + timedelta(minutes=1), MONDAY + timedelta(minutes=2)
    promises.keep_promise(
        promise_id=promise.pk, at=marked, evidence="Rang.", by=a_person(), now=marked
    )
    corrections.take_back_kept(promise_id=promise.pk, by=a_person(), now=back)

    def kept(as_of):
        samples = count(read_facts([case.pk], as_of=as_of)[0])
        return [sample.value for sample in samples if (sample.metric, sample.key) == ("M32", "")]

    assert (kept(marked), kept(back)) == ([1], [])


def test_a_case_that_comes_again_counts_for_the_one_before():
    customer = a_customer()
    bin_ = a_bin(customer)
    first = a_case(customer=customer, asset=bin_)
    yes = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, note="It is right.")
    answer = contacts.record_contact(first.pk, yes, now=MONDAY, is_answer=True)
    cases.close_case(case_id=first.pk, answer=answer, now=MONDAY)
    counting.count_new(now=MONDAY)
    assert DailyCount.objects.get(metric="M19").total == 0

    later = MONDAY + timedelta(days=20)
    a_case(now=later, customer=customer, asset=bin_, failed_at=later, known_at=later)
    counting.count_new(now=later)

    assert DailyCount.objects.get(metric="M19").total == 1
    unasked = DailyCount.objects.get(metric="M07", day=MONDAY.date())
    assert unasked.total == 1, "a yes to our question is no contact"


def test_only_a_case_that_opens_makes_the_earlier_ones_of_its_thing_count_again():
    customer = a_customer()
    bin_ = a_bin(customer)
    first, second = (
        a_case(now=at, customer=customer, asset=bin_, failed_at=at, known_at=at)
        for at in (MONDAY, MONDAY + timedelta(days=2))
    )
    seen = last_entry()
    promises.make_promise(second.pk, a_word(now=MONDAY + timedelta(days=3)),
                          now=MONDAY + timedelta(days=3))  # fmt: skip

    assert read_touched(after=0, upto=seen) == [first.pk, second.pk]
    assert read_touched(after=seen, upto=last_entry()) == [second.pk]


def test_a_doubt_about_two_articles_counts_from_the_day_on_which_it_was_raised():
    counting.count_new(now=MONDAY)
    an_article()
    wrong = a_figure(FLOORING.name, "9", "months")
    articles.write(a_draft(wrong, title="Other"), by=a_keeper(), now=MONDAY)
    doubt = Doubt.objects.get(case=None)
    counting.count_new(now=MONDAY)
    raised = of_doubts()
    doubt_answers.answer(
        doubt.pk, Verdict.ARTICLE_WRONG, why="Old.", by=a_keeper(), now=MONDAY + MINUTE
    )
    doubt_answers.close_gap(doubt.pk, lesson="Out.", by=a_keeper(), now=MONDAY + 90 * MINUTE)

    counting.count_new(now=MONDAY + timedelta(hours=2))
    counting.count_new(now=MONDAY + timedelta(hours=3))

    period = Period(weeks=4, today=MONDAY.date())
    then = read_then(period, "M29", as_of=MONDAY + MINUTE)
    assert raised == {"raised": ([-doubt.pk], [1])}
    assert of_doubts() == {"raised": ([-doubt.pk], [1]), "": ([-doubt.pk], [90])}
    assert read_series(period, ["M29"])["M29", ""].now.p50 == 90
    assert then.series["M29", "raised"].now.n == 1
    assert (then.behind.rows, read_behind(period, "M29").rows) == ((), ())
    assert verify.run() == []


def of_doubts() -> dict[str, tuple[list[int], list[int | None]]]:
    return {row.key: (row.cases, row.values) for row in DailyCount.objects.filter(metric="M29")}


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("daily_count_is_of_something", "n = 0, known = 0, cases = '{}', values = '{}'"),
        ("daily_count_has_a_value_of_each_case", "values = '{1,2,3}'"),
        ("daily_count_is_of_something", "known = n + 1"),
    ],
)
def test_the_database_refuses_a_day_that_does_not_add_up(law, change):
    a_case()
    counting.count_all(now=MONDAY)

    with pytest.raises(IntegrityError, match=law), transaction.atomic(), connection.cursor() as c:
        c.execute(f"UPDATE records_dailycount SET {change} WHERE metric = 'M06'")


def test_the_database_refuses_a_day_that_is_there_already():
    a_case()
    counting.count_all(now=MONDAY)
    twin = DailyCount.objects.filter(metric="M06").get()
    twin.pk = None

    with pytest.raises(IntegrityError, match="daily_count_once"), transaction.atomic():
        twin.save()
