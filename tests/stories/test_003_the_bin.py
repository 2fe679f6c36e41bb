"""Story 003, told by the real actions: a food bin left standing, and a machine that said tomorrow.

In the published story the customer filed five forms, was told "tomorrow" five times, and had to
work out for himself that the next round was the bound. Here is the same week with Makegood
(acceptance test A003, as far as its nouns exist).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clock import SimulatedClock
from makegood.actions import cases, contacts, intake, promises
from makegood.actions.contacts import Touch
from makegood.actions.intake import News
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Contact,
    Direction,
    Escalation,
    Message,
    Promise,
    PromiseKind,
)
from makegood.rules.promises import Channel, Outcome, Precision, Speaker, end_of_day
from world import a_bin, a_customer, a_failure, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 6, 2, 17, 0, tzinfo=UTC)
NEXT_ROUND = datetime(2026, 6, 12, 6, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    return SimulatedClock(TUESDAY)


@pytest.fixture
def laura():
    return a_person("Laura Bennett", team=a_team())


def report(number: int, bin_, *, clock, laura) -> intake.Received:
    """The customer fills in the form, politely, for the `number`th time."""
    return intake.receive_report(
        News(
            source="form",
            external_id=f"R-{number}",
            channel=Channel.WEB,
            raw={"text": "My food bin has not been collected, please."},
            failure=a_failure(
                customer=bin_.customer, asset=bin_, failed_at=TUESDAY, known_at=clock.now
            ),
            talk_minutes=6,
            estimated=True,
            note="My food bin has not been collected, please.",
        ),
        owner=laura,
        now=clock.now,
    )


def test_five_reports_are_one_case_and_one_false_word_is_the_last(clock, laura):
    bin_ = a_bin(a_customer("David Taylor"))

    first = report(1, bin_, clock=clock, laura=laura)
    tomorrow = promises.make_promise(
        first.case.pk,
        a_word(
            now=clock.now,
            kind=PromiseKind.VISIT,
            words="Your bin will be collected tomorrow.",
            speaker=Speaker.TEMPLATE,
            speaker_name="missed-bin-reply",
            said_by=None,
            channel=Channel.WEB,
            precision=Precision.DATE,
            due_at=end_of_day((clock.now + timedelta(days=1)).date(), LONDON),
        ),
        now=clock.now,
    )
    clock.wait_until(tomorrow.due_at + timedelta(minutes=16))

    # The machine's word is the company's word: it broke, and nobody had to complain to find out.
    tomorrow.refresh_from_db()
    assert tomorrow.outcome == Outcome.BROKEN
    apology = Message.objects.get(promise=tomorrow)
    news = Promise.objects.get(follows=tomorrow)
    assert laura.name in news.words
    assert Escalation.objects.filter(broken=tomorrow).count() == 1

    # The next morning Laura says sorry, once, and gives a range that the next round bounds.
    clock.wait_until(datetime(2026, 6, 4, 8, 30, tzinfo=UTC))
    contacts.record_said(
        message_id=apology.pk,
        words="We did not collect your bin on Tuesday and told you we would on Wednesday. That was "
        "our mistake and I am sorry. I own this until it is resolved. Laura",
        channel=Channel.SMS,
        at=clock.now,
        by=laura,
        now=clock.now,
    )
    range_ = promises.make_promise(
        first.case.pk,
        a_word(
            now=clock.now,
            kind=PromiseKind.VISIT,
            words="We collect it between Thursday 4 and Friday 5 June; we text you by 07:00 that "
            "day. Keep it inside until then.",
            channel=Channel.SMS,
            precision=Precision.DATE,
            earliest_at=datetime(2026, 6, 3, 23, 0, tzinfo=UTC),
            due_at=end_of_day(datetime(2026, 6, 5, tzinfo=UTC).date(), LONDON),
        ),
        now=clock.now,
    )
    assert range_.earliest_at <= range_.due_at <= NEXT_ROUND

    # Four more reports of an impatient household are the same failure.
    for number in (2, 3, 4, 5):
        again = report(number, bin_, clock=clock, laura=laura)
        assert (again.case.pk, again.opened) == (first.case.pk, False)
        clock.wait(minutes=5)

    # Collected on Friday morning, by evidence; asked; right now.
    clock.wait_until(datetime(2026, 6, 5, 9, 0, tzinfo=UTC))
    promises.keep_promise(
        promise_id=range_.pk,
        at=clock.now,
        evidence="Crew 7, 09:58, photo.",
        by=laura,
        now=clock.now,
    )
    right = contacts.record_contact(
        first.case.pk,
        Touch(
            channel=Channel.WEB,
            direction=Direction.INBOUND,
            at=clock.now,
            note="Yes, it is right now.",
        ),
        now=clock.now,
    )
    closed = cases.close_case(case_id=first.case.pk, answer=right, now=clock.now)

    case = Case.objects.get()
    assert case.reports.count() == 5
    assert case.severity == 2, "raised by the repeats, not by the words"
    assert case.promises.filter(outcome="broken", speaker="template").count() == 1
    assert Message.objects.filter(case=case, kind="apology").count() == 1, (
        "one apology for one failure"
    )
    assert sum(Contact.objects.values_list("talk_minutes", flat=True)) == 30
    assert (closed.owner, closed.closed_at) == (laura, clock.now)
    assert verify.run() == []


def test_the_severity_rises_at_the_second_report(clock, laura):
    bin_ = a_bin()
    case = report(1, bin_, clock=clock, laura=laura).case
    before = case.severity

    again = report(2, bin_, clock=clock, laura=laura).case

    assert (before, again.severity) == (3, 2)
    assert set(again.promises.still_open().values_list("severity", flat=True)) == {2}


def test_the_same_form_twice_is_one_report(clock, laura):
    bin_ = a_bin()
    once = report(1, bin_, clock=clock, laura=laura)
    twice = report(1, bin_, clock=clock, laura=laura)

    assert (twice.report, twice.case, twice.seen_before) == (once.report, once.case, True)
    assert Case.objects.get().reports.count() == 1
    assert Contact.objects.count() == 1


def test_the_call_cannot_end_without_an_owner_and_a_next_promise(clock, laura):
    case = report(1, a_bin(), clock=clock, laura=laura).case

    assert case.owner == laura
    assert case.promises.still_open().exists()
