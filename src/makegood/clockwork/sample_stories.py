"""What the sample company has lived through: all five stories, and a few days of others.

Moments are counted back from now, so that the desk is alive whenever the sample is loaded.
"""

from datetime import datetime, timedelta

from makegood.actions import cases, contacts, escalation
from makegood.clockwork import sample_honoured, sample_news, sample_remedies, sample_visits
from makegood.clockwork.sample_stage import (
    LONDON,
    Cast,
    Stage,
    a_customer,
    a_failure,
    a_promise,
    a_report,
    a_touch,
    ask_and_close,
    keep,
    local_day,
)
from makegood.language.moments import in_words
from makegood.records.models import (
    Asset,
    Case,
    Criticality,
    Escalation,
    Message,
    Promise,
    PromiseKind,
)
from makegood.rules.promises import Channel
from makegood.rules.severity import Function


def tell(cast: Cast, *, now: datetime) -> None:
    """Play everything, ending at `now`."""
    stage = Stage(start=now - timedelta(hours=75), end=now)
    bin_case = _a_bin_is_left_standing(stage, cast)
    sample_honoured.our_word_is_honoured(stage, cast)
    part_case = _a_wrong_part(stage, cast)
    duty = sample_visits.duty_is_called(stage, cast)
    _the_alarm_line_is_lost(stage, cast)
    hob_case = sample_visits.a_visit_is_near(stage, cast)
    incident = sample_news.a_round_stops(stage, cast)
    sample_honoured.a_credit_is_given_gladly(stage, cast)
    sample_news.more_is_known(stage, cast, incident)
    sample_news.mail_comes(hob_case, cast, now=stage.until(hours_ago=1.2))
    _the_range(stage, cast, bin_case)
    bill_case = _a_wrong_bill(stage, cast)
    sample_visits.duty_arrives(stage, duty)
    sample_remedies.give_something_of_value(bin_case, cast.laura, now=stage.until(hours_ago=0.7))
    sample_remedies.charge_a_fee(bill_case, now=stage.until(hours_ago=0.6))
    sample_remedies.ask_for_more(part_case, cast.mike, now=stage.until(hours_ago=0.5))
    stage.until(hours_ago=0)


def _a_bin_is_left_standing(stage: Stage, cast: Cast) -> Case:
    missed = stage.until(hours_ago=74)
    david = a_customer("David Taylor", "12 Elm Road", "EX4 4QJ", now=missed)
    bin_ = Asset.objects.create(
        customer=david, name="food bin", place="12 Elm Road", function=Function.HYGIENE.value
    )
    failure = a_failure(david, bin_, "Food bin not collected", failed_at=missed, known_at=missed)
    heard = stage.until(hours_ago=50)
    case = a_report(
        failure, "web-20771", "My food bin was not collected.", owner=cast.laura, now=heard
    )
    a_promise(
        case,
        "Your bin will be collected tomorrow.",
        kind=PromiseKind.VISIT,
        by=None,
        now=heard,
        day=local_day(heard) + timedelta(days=1),
    )
    again = stage.until(hours_ago=30)
    a_report(failure, "web-20815", "Still not collected.", owner=cast.laura, now=again)
    return case


def _the_range(stage: Stage, cast: Cast, case: Case) -> None:
    now = stage.until(hours_ago=1)
    for apology in Message.objects.filter(case=case, said_at=None).order_by("pk")[:1]:
        contacts.record_said(
            message_id=apology.pk,
            words="We did not collect your food bin, and then told you a day that we did not "
            "keep. That was our mistake, and I am sorry. I own this until it is resolved.",
            channel=Channel.SMS,
            at=now,
            by=cast.laura,
            now=now,
        )
    first, last = (local_day(now) + timedelta(days=days) for days in (1, 2))
    a_promise(
        case,
        f"Collected between {first:%A %-d %B} and {last:%A %-d %B}; we text you by 07:00 that "
        "day. Until then, keep it inside.",
        kind=PromiseKind.VISIT,
        by=cast.laura,
        now=now,
        day=last,
        opens=datetime.combine(first, datetime.min.time(), tzinfo=LONDON),
    )


def _the_alarm_line_is_lost(stage: Stage, cast: Cast) -> None:
    lost = stage.until(hours_ago=6)
    ann = a_customer("Ann Clarke", "3 Quay Street", "EX2 4AN", now=lost, vulnerable=True)
    line = Asset.objects.create(
        customer=ann,
        name="alarm line",
        place="3 Quay Street",
        function=Function.SECURITY.value,
        criticality=Criticality.CRITICAL,
    )
    failure = a_failure(
        ann, line, "Alarm does not reach the monitoring centre", failed_at=lost, known_at=lost
    )
    case = a_report(failure, "panel-4711", "", owner=cast.nina, now=lost, channel=Channel.SIGNAL)
    called = stage.until(hours_ago=5.75)
    a_touch(case, "My panel shows an error.", inbound=True, talk=4, now=called)
    due = called + timedelta(hours=2)
    call = a_promise(
        case,
        f"A technician will ring you with a time by {in_words(due, zone=LONDON)}.",
        kind=PromiseKind.CALLBACK,
        by=cast.nina,
        now=called,
        due=due,
    )
    _the_vice_president_comes(stage, cast, case, call)


def _the_vice_president_comes(stage: Stage, cast: Cast, case: Case, call: Promise) -> None:
    now = stage.until(hours_ago=4.25)
    for told in Escalation.objects.filter(promise=call, staff=cast.ruth, acknowledged_at=None)[:1]:
        escalation.acknowledge(escalation_id=told.pk, by=cast.ruth, now=now)
    offer = cases.offer_handover(
        case_id=case.pk, to=cast.ruth, why="I will see to this myself.", by=cast.nina, now=now
    )
    cases.answer_handover(handover_id=offer.pk, accepts=True, by=cast.ruth, now=now)
    keep(call, "Rang: our mistake, I am sorry; may I come in about an hour?", cast.ruth, now=now)
    visit = a_promise(
        case,
        "I am with you within the hour and a quarter.",
        kind=PromiseKind.VISIT,
        by=cast.ruth,
        now=now,
        due=now + timedelta(minutes=75),
    )
    there = stage.until(hours_ago=3.2)
    keep(visit, "The line works again; test signal received.", cast.ruth, now=there)
    asked = stage.until(hours_ago=3)
    ask_and_close(case, "Yes, it is right now. Thank you.", cast.ruth, now=asked)


def _a_wrong_part(stage: Stage, cast: Cast) -> Case:
    now = stage.until(hours_ago=26)
    carl = a_customer("Carl Weber", "8 Mill Lane", "EX1 1SR", now=now)
    oven = Asset.objects.create(
        customer=carl, name="oven", place="8 Mill Lane", function=Function.COMFORT.value
    )
    failure = a_failure(
        carl, oven, "Technician came with the wrong part", failed_at=now, known_at=now
    )
    case = a_report(failure, "visit-3318", "The part was wrong.", owner=cast.mike, now=now)
    eta = stage.end + timedelta(days=2)
    sample_visits.a_part_is_ordered(case, cast.mike, now=now, eta=eta)
    cases.offer_handover(
        case_id=case.pk, to=cast.laura, why="On leave from tomorrow.", by=cast.mike, now=now
    )
    return case


def _a_wrong_bill(stage: Stage, cast: Cast) -> Case:
    now = stage.until(hours_ago=0.9)
    maria = a_customer("Maria Ortiz", "40 High Street", "EX3 0AB", now=now)
    bill = Asset.objects.create(
        customer=maria, name="bill", place="account 55120", function=Function.MONEY.value
    )
    failure = a_failure(maria, bill, "Billed twice for May", failed_at=now, known_at=now)
    case = a_report(
        failure, "phone-9120", "I was billed twice.", owner=cast.laura, now=now,
        channel=Channel.PHONE, hold=9, talk=6,
    )  # fmt: skip
    due = stage.end + timedelta(minutes=22)
    a_promise(
        case,
        f"I'll call you with the corrected bill by {in_words(due, zone=LONDON)}.",
        kind=PromiseKind.CALLBACK,
        by=cast.laura,
        now=now,
        due=due,
    )
    return case
