"""Story 004, told by the real actions: an alarm that lost its line, and a call that never came.

In the published story three calls and a voicemail led nowhere until a vice president, by luck,
took it himself. Here the signal opens the case, the ladder finds the vice president, and nothing
depends on anybody's tone (acceptance test A004, as far as its nouns exist).
"""

from datetime import UTC, datetime, timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import cases, contacts, escalation, intake, promises, staff
from makegood.actions.cases import StillPromisedError
from makegood.actions.contacts import Touch
from makegood.actions.intake import News
from makegood.queries import verify
from makegood.records.models import (
    Asking,
    Asset,
    Case,
    Criticality,
    Direction,
    Escalation,
    Message,
    Promise,
    PromiseKind,
)
from makegood.rules.promises import Channel, Outcome
from makegood.rules.severity import Function, Severity
from world import a_customer, a_failure, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    return SimulatedClock(MORNING)


@pytest.fixture
def alarms():
    return a_team("alarms")


@pytest.fixture
def nina(alarms):
    return a_person("Nina Owens", team=alarms)


@pytest.fixture
def case(clock, nina) -> Case:
    """The link is lost at eight; the panel says so itself, and nobody has called."""
    customer = a_customer("Ann Clarke")
    panel = Asset.objects.create(
        customer=customer,
        name="alarm link",
        function=Function.SECURITY.value,
        criticality=Criticality.CRITICAL,
    )
    return intake.receive_report(
        News(
            source="panel",
            external_id="4711-08:00",
            channel=Channel.SIGNAL,
            raw={"signal": "failure to communicate"},
            failure=a_failure(
                customer=customer,
                asset=panel,
                title="Alarm does not reach the monitoring centre",
                function=Function.SECURITY,
                failed_at=MORNING,
                known_at=MORNING,
            ),
        ),
        owner=nina,
        now=clock.now,
    ).case


def call_back(case, nina, *, clock, hours: float = 2) -> Promise:
    return promises.make_promise(
        case.pk,
        a_word(
            now=clock.now,
            words="A technician will ring you with a time.",
            said_by=nina.pk,
            speaker_name=nina.name,
            due_at=clock.now + timedelta(hours=hours),
        ),
        now=clock.now,
    )


def test_the_case_is_open_and_urgent_before_anybody_calls(case):
    assert case.known_at == MORNING
    assert case.severity == Severity.P1
    assert case.contacts.count() == 0


def test_the_ladder_reaches_the_vice_president_by_rule_before_the_break(case, nina, clock):
    call = call_back(case, nina, clock=clock)
    clock.wait(hours=1, minutes=13)  # 60 % of two hours

    told = Escalation.objects.filter(promise=call, reason="warning").order_by("number")

    assert [e.role for e in told] == ["owner", "lead", "executive"]
    assert all(e.told_at < call.due_at for e in told)


def test_what_nobody_hears_climbs_and_what_was_heard_but_not_done_speaks_again(case, nina, clock):
    call = call_back(case, nina, clock=clock, hours=10)
    clock.wait(hours=2, minutes=31)  # the owner's rung at a quarter of ten hours
    first = Escalation.objects.get(promise=call)
    assert (first.role, first.reason) == ("owner", "warning")

    clock.wait(minutes=11)
    unheard = Escalation.objects.filter(promise=call).latest("number")
    assert (unheard.role, unheard.reason) == ("lead", "unheard")

    escalation.acknowledge(escalation_id=unheard.pk, by=unheard.staff, now=clock.now)
    clock.wait(minutes=31)
    again = Escalation.objects.filter(promise=call).latest("number")
    assert (again.role, again.reason) == ("head", "still_open")


def test_an_absent_person_is_replaced_by_cover_and_it_is_written_down(case, nina, clock):
    cover = a_person("Omar Reyes", team=nina.team)
    staff.be_absent(nina, starts_at=MORNING, ends_at=MORNING + timedelta(days=3), cover=cover)
    call = call_back(case, nina, clock=clock)
    clock.wait(minutes=31)

    told = Escalation.objects.get(promise=call, role="owner")

    assert told.staff == cover
    assert "Nina Owens is absent" in told.skipped[0]["why"]


def test_a_second_break_on_a_p1_goes_to_the_top(case, nina, clock):
    call_back(case, nina, clock=clock, hours=3)
    clock.wait(hours=3, minutes=2)

    broken = Escalation.objects.filter(reason="break").order_by("pk")

    assert broken.last().role == "executive"


def test_the_vice_president_calls_comes_and_asks_and_only_then_is_it_closed(case, nina, clock):
    # Call 1: she gets a name and a time at once.
    contacts.record_contact(
        case.pk,
        Touch(
            channel=Channel.PHONE,
            direction=Direction.INBOUND,
            at=clock.now,
            note="My panel shows an error.",
            talk_minutes=4,
        ),
        now=clock.now,
    )
    call = call_back(case, nina, clock=clock)
    clock.wait(minutes=75)
    vice_president = Escalation.objects.filter(promise=call, role="executive").earliest("number")
    escalation.acknowledge(escalation_id=vice_president.pk, by=vice_president.staff, now=clock.now)

    # He takes it over, keeps the promised call in time, and promises an hour.
    offer = cases.offer_handover(
        case_id=case.pk, to=vice_president.staff, why="I'll do it.", by=nina, now=clock.now
    )
    cases.answer_handover(
        handover_id=offer.pk, accepts=True, by=vice_president.staff, now=clock.now
    )
    promises.keep_promise(
        promise_id=call.pk,
        at=clock.now,
        evidence="Rang: sorry, my fault; may I come in about an hour?",
        by=vice_president.staff,
        now=clock.now,
    )
    visit = promises.make_promise(
        case.pk,
        a_word(
            now=clock.now,
            kind=PromiseKind.VISIT,
            words="I am with you in about an hour.",
            said_by=vice_president.staff.pk,
            speaker_name=vice_president.staff.name,
            due_at=clock.now + timedelta(minutes=75),
        ),
        now=clock.now,
    )
    clock.wait(minutes=60)
    thanks = Touch(
        channel=Channel.IN_PERSON, direction=Direction.INBOUND, at=clock.now, note="There you are!"
    )
    too_early = contacts.record_contact(case.pk, thanks, now=clock.now)
    with pytest.raises(StillPromisedError):
        cases.close_case(case_id=case.pk, answer=too_early, now=clock.now)
    promises.keep_promise(
        promise_id=visit.pk, at=clock.now, evidence="Link restored, test signal received.",
        by=vice_president.staff, now=clock.now,
    )  # fmt: skip

    # It is put right, so the question is owed at once; he asks it at the door, and she answers.
    question = Message.objects.get(case=case, kind="question")
    contacts.record_said(
        message_id=question.pk,
        words="Is it right now, or do you want something more?",
        channel=Channel.IN_PERSON,
        at=clock.now,
        by=vice_president.staff,
        now=clock.now,
    )
    yes = Touch(
        channel=Channel.IN_PERSON,
        direction=Direction.INBOUND,
        at=clock.now,
        note="It is right, thank you.",
        staff=vice_president.staff,
    )
    answer = contacts.record_contact(case.pk, yes, now=clock.now, is_answer=True)
    cases.close_case(case_id=case.pk, answer=answer, now=clock.now)

    case.refresh_from_db()
    outcomes = list(
        case.promises.exclude(kind="news").order_by("pk").values_list("outcome", flat=True)
    )
    assert outcomes == [Outcome.KEPT, Outcome.KEPT]
    assert case.owner == vice_president.staff
    assert case.contacts.filter(channel=Channel.PHONE).count() == 1
    assert Asking.objects.get(case=case).ended_by == "heard"
    silent = case.promises.filter(outcome="broken", kind="callback")
    assert not silent.exists()
    assert verify.run() == []


def test_what_will_break_tonight_is_said_while_people_are_there(case, nina, clock):
    from makegood.actions import day_end  # noqa: PLC0415 - only this test winds a team's day

    day_end.schedule(nina.team, now=clock.now)
    tonight = call_back(case, nina, clock=clock, hours=13)
    clock.wait_until(datetime(2026, 6, 2, 15, 31, tzinfo=UTC))  # 16:31 in London

    told = Escalation.objects.get(promise=tonight, reason="day_end")

    assert told.role == "lead"
    nina.team.refresh_from_db()
    assert nina.team.day_end_at == datetime(2026, 6, 3, 15, 30, tzinfo=UTC)


def test_a_break_never_leaves_silence_however_long_nobody_acts(case, nina, clock):
    call_back(case, nina, clock=clock)
    clock.wait(hours=9)

    broken = case.promises.filter(outcome="broken")

    assert broken.count() > 2
    assert case.promises.still_open().exists()
    assert Message.objects.filter(case=case).count() == broken.count()
    assert verify.run() == []
