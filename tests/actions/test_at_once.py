"""Several sessions at the same moment: what is done twice happens once, and no law gives way."""

from datetime import timedelta

import pytest
from django.db import connection

from makegood.actions import cases, contacts, escalation, intake, promises, voicemails
from makegood.actions.contacts import Touch
from makegood.actions.escalation import AlreadyAcknowledgedError
from makegood.actions.intake import News
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Contact,
    Direction,
    Escalation,
    Message,
    Promise,
    Report,
    TimelineEntry,
)
from makegood.rules.promises import AlreadySettledError, Channel
from makegood.rules.severity import Severity
from sessions import at_once
from world import MONDAY, a_bin, a_case, a_customer, a_failure, a_person, a_word

pytestmark = pytest.mark.usefixtures("committed_db")

HOUR = timedelta(hours=1)


@pytest.fixture
def laura():
    return a_person()


@pytest.fixture
def bin_(laura):  # noqa: ARG001 - somebody must be there to own the case
    return a_bin()


def receive(external_id: str, bin_) -> intake.Received:
    news = News(
        source="form",
        external_id=external_id,
        channel=Channel.WEB,
        raw={},
        failure=a_failure(customer=bin_.customer, asset=bin_),
    )
    return intake.receive_report(news, now=MONDAY)


def keep(promise: Promise, laura, *, at=MONDAY + HOUR) -> Promise:
    return promises.keep_promise(
        promise_id=promise.pk, at=at, evidence="Rang.", by=laura, now=MONDAY + HOUR
    )


def refusals(found: list[object]) -> list[Exception]:
    return [one for one in found if isinstance(one, Exception)]


def test_the_same_news_at_the_same_moment_is_one_report_and_one_case(bin_):
    found = at_once(*[lambda: receive("1", bin_)] * 4)

    assert refusals(found) == []
    assert sorted(received.seen_before for received in found) == [False, True, True, True]
    assert len({received.case.pk for received in found}) == 1
    assert (Case.objects.count(), Report.objects.count(), Contact.objects.count()) == (1, 1, 1)


def test_different_news_of_one_failure_at_the_same_moment_is_one_case(bin_):
    found = at_once(*[lambda number=number: receive(str(number), bin_) for number in range(6)])

    assert refusals(found) == []
    assert sorted(received.opened for received in found) == [False] * 5 + [True]
    case = Case.objects.get()
    assert case.reports.count() == 6
    assert case.severity == Severity.P2


def test_news_that_comes_while_its_case_is_being_closed_has_a_case_with_a_promise(bin_):
    case = receive("1", bin_).case
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY)
    answer = contacts.record_contact(case.pk, touch, now=MONDAY)

    closed, received = at_once(
        lambda: cases.close_case(case_id=case.pk, answer=answer, now=MONDAY),
        lambda: receive("2", bin_),
    )

    assert refusals([closed, received]) == []
    assert received.report.case == received.case
    assert received.opened == (received.case != case)
    assert verify.run() == []


def test_a_promise_that_two_people_settle_is_settled_once(laura):
    promise = promises.make_promise(a_case().pk, a_word(), now=MONDAY)

    found = at_once(*[lambda: keep(promise, laura)] * 4)

    assert [type(refusal) for refusal in refusals(found)] == [AlreadySettledError] * 3
    kept = TimelineEntry.objects.filter(kind="promise_kept")
    assert kept.filter(body__contains=f'"promise":{promise.pk}').count() == 1


def test_two_clocks_and_a_voicemail_fill_no_hour_beyond_what_one_person_can_do(laura):
    cases_ = [a_case(customer=a_customer(phone=f"+44 7700 90020{n}")) for n in range(7)]
    *missed, calls_us = cases_
    for case in missed:
        promises.make_promise(case.pk, a_word(due_at=MONDAY + HOUR), now=MONDAY)
    late = MONDAY + 2 * HOUR

    found = at_once(
        *[lambda: ticks.sweep_promises(now=late, batch=2)] * 2,
        lambda: voicemails.note(calls_us.pk, "Please ring.", at=late, by=laura, now=late),
        shaken=1,
    )
    ticks.sweep_promises(now=late)

    assert refusals(found) == []
    calls = Promise.objects.still_open().filter(kind="callback", case__in=cases_)
    hours = [call.earliest_at for call in calls]
    assert [hours.count(at) for at in sorted(set(hours))] == [4, 3]


def test_two_sessions_that_settle_the_last_two_promises_leave_no_silence(laura):
    case = a_case()
    calls = [promises.make_promise(case.pk, a_word(), now=MONDAY) for _ in range(2)]
    assert case.promises.still_open().count() == 2, "the news has come with the first call"

    found = at_once(*[lambda call=call: keep(call, laura) for call in calls])

    assert refusals(found) == []
    [news] = case.promises.still_open()
    assert (news.kind, news.said_at) == ("news", MONDAY + HOUR)
    assert verify.run() == []


def test_a_deed_in_time_and_the_clock_at_once_settle_a_promise_once(laura):
    case = a_case()
    promise = promises.make_promise(case.pk, a_word(due_at=MONDAY + HOUR), now=MONDAY)
    late = MONDAY + 2 * HOUR

    deed, *rounds = at_once(
        lambda: promises.keep_promise(
            promise_id=promise.pk, at=MONDAY, evidence="Rang.", by=laura, now=late
        ),
        *[lambda: ticks.sweep_promises(now=late)] * 3,
    )
    ticks.tick(now=late)

    promise.refresh_from_db()
    assert refusals(rounds) == []
    assert promise.outcome == ("broken" if isinstance(deed, AlreadySettledError) else "kept")
    assert Message.objects.count() == (promise.outcome == "broken")
    assert verify.run() == []


def test_several_clocks_break_each_promise_once_with_one_apology():
    case_ids = [a_case(failed_at=MONDAY, customer=a_customer(str(n))).pk for n in range(8)]
    made = [
        promises.make_promise(case, a_word(due_at=MONDAY + HOUR), now=MONDAY) for case in case_ids
    ]

    done = at_once(*[lambda: ticks.sweep_promises(now=MONDAY + 2 * HOUR, batch=2)] * 4)
    ticks.tick(now=MONDAY + 2 * HOUR)

    assert refusals(done) == []
    about = Message.objects.values_list("about", flat=True)
    assert sorted(about) == sorted(f"promise:{promise.pk}:broken" for promise in made)
    assert Promise.objects.filter(follows__in=made).count() == len(made)
    assert verify.run() == []


def test_an_escalation_is_acknowledged_by_one(laura):
    promises.make_promise(a_case().pk, a_word(due_at=MONDAY + 2 * HOUR), now=MONDAY)
    ticks.tick(now=MONDAY + HOUR)
    [heard] = Escalation.objects.all()

    found = at_once(
        *[lambda: escalation.acknowledge(escalation_id=heard.pk, by=laura, now=MONDAY + HOUR)] * 3
    )

    assert [type(refusal) for refusal in refusals(found)] == [AlreadyAcknowledgedError] * 2


def test_the_timeline_of_a_case_on_which_everybody_writes_at_once_is_still_a_chain():
    case = a_case()
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, note="Hello?")

    found = at_once(*[lambda: contacts.record_contact(case.pk, touch, now=MONDAY)] * 6)

    assert refusals(found) == []
    assert TimelineEntry.objects.filter(kind="contact").count() == 6
    assert verify.run() == []


def test_the_database_is_empty_again_for_the_next_test():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_case")
        assert cursor.fetchone() == (0,)
