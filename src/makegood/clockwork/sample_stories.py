"""What the sample company has lived through: stories 003 and 004, and a few days of others.

Moments are counted back from now, so that the desk is alive whenever the sample is loaded.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.actions import cases, contacts, escalation, intake, promises
from makegood.actions.cases import Failure
from makegood.actions.contacts import Touch
from makegood.actions.drafts import Word
from makegood.actions.intake import News
from makegood.clockwork import sample_remedies, ticks
from makegood.language.moments import in_words
from makegood.records.models import (
    Asset,
    Case,
    Contact,
    Criticality,
    Customer,
    Direction,
    Escalation,
    Message,
    Promise,
    PromiseKind,
    Staff,
)
from makegood.rules.promises import Channel, Precision, Speaker, end_of_day
from makegood.rules.severity import Function, Harm

LANGUAGE = "en-gb"
LONDON = ZoneInfo("Europe/London")
STEP = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """The people of the company who act in the stories."""

    laura: Staff
    mike: Staff
    nina: Staff
    ruth: Staff


class Stage:
    """A clock that the stories share: events are put on it and played in order."""

    def __init__(self, *, start: datetime, end: datetime) -> None:
        self.now = start
        self.end = end

    def until(self, *, hours_ago: float) -> datetime:
        """Let time pass up to so many hours before the end; the clock ticks on the way."""
        target = self.end - timedelta(hours=hours_ago)
        while self.now < target:
            self.now = min(self.now + STEP, target)
            ticks.tick(now=self.now)
        return self.now


def tell(cast: Cast, *, now: datetime) -> None:
    """Play everything, ending at `now`."""
    stage = Stage(start=now - timedelta(hours=75), end=now)
    bin_case = _a_bin_is_left_standing(stage, cast)
    part_case = _a_wrong_part(stage, cast)
    _the_alarm_line_is_lost(stage, cast)
    _the_range(stage, cast, bin_case)
    bill_case = _a_wrong_bill(stage, cast)
    sample_remedies.give_quickly_and_gladly(bin_case, cast.laura, now=stage.until(hours_ago=0.7))
    sample_remedies.charge_a_fee(bill_case, now=stage.until(hours_ago=0.6))
    sample_remedies.ask_for_more(part_case, cast.mike, now=stage.until(hours_ago=0.5))
    stage.until(hours_ago=0)


def _a_bin_is_left_standing(stage: Stage, cast: Cast) -> Case:
    missed = stage.until(hours_ago=74)
    david = _customer("David Taylor", "12 Elm Road", "EX4 4QJ", now=missed)
    bin_ = Asset.objects.create(
        customer=david, name="food bin", place="12 Elm Road", function=Function.HYGIENE.value
    )
    failure = _failure(david, bin_, "Food bin not collected", failed_at=missed, known_at=missed)
    heard = stage.until(hours_ago=50)
    case = _report(
        failure, "web-20771", "My food bin was not collected.", owner=cast.laura, now=heard
    )
    _promise(
        case,
        "Your bin will be collected tomorrow.",
        kind=PromiseKind.VISIT,
        by=None,
        now=heard,
        day=_local_day(heard) + timedelta(days=1),
    )
    again = stage.until(hours_ago=30)
    _report(failure, "web-20815", "Still not collected.", owner=cast.laura, now=again)
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
    first, last = (_local_day(now) + timedelta(days=days) for days in (1, 2))
    _promise(
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
    ann = _customer("Ann Clarke", "3 Quay Street", "EX2 4AN", now=lost, vulnerable=True)
    line = Asset.objects.create(
        customer=ann,
        name="alarm line",
        place="3 Quay Street",
        function=Function.SECURITY.value,
        criticality=Criticality.CRITICAL,
    )
    failure = _failure(
        ann, line, "Alarm does not reach the monitoring centre", failed_at=lost, known_at=lost
    )
    case = _report(failure, "panel-4711", "", owner=cast.nina, now=lost, channel=Channel.SIGNAL)
    called = stage.until(hours_ago=5.75)
    _touch(case, "My panel shows an error.", inbound=True, talk=4, now=called)
    due = called + timedelta(hours=2)
    call = _promise(
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
    _keep(call, "Rang: our mistake, I am sorry; may I come in about an hour?", cast.ruth, now=now)
    visit = _promise(
        case,
        "I am with you within the hour and a quarter.",
        kind=PromiseKind.VISIT,
        by=cast.ruth,
        now=now,
        due=now + timedelta(minutes=75),
    )
    there = stage.until(hours_ago=3.2)
    _keep(visit, "The line works again; test signal received.", cast.ruth, now=there)
    asked = stage.until(hours_ago=3)
    answer = _touch(case, "Asked whether it is right now: yes, thank you.", inbound=True, now=asked)
    cases.close_case(case_id=case.pk, answer=answer, now=asked)


def _a_wrong_part(stage: Stage, cast: Cast) -> Case:
    now = stage.until(hours_ago=26)
    carl = _customer("Carl Weber", "8 Mill Lane", "EX1 1SR", now=now)
    oven = Asset.objects.create(
        customer=carl, name="oven", place="8 Mill Lane", function=Function.COMFORT.value
    )
    failure = _failure(
        carl, oven, "Technician came with the wrong part", failed_at=now, known_at=now
    )
    case = _report(failure, "visit-3318", "The part was wrong.", owner=cast.mike, now=now)
    _promise(
        case,
        "A technician comes with the right part; it is ours to order and to bring.",
        kind=PromiseKind.VISIT,
        by=cast.mike,
        now=now,
        day=_local_day(stage.end) + timedelta(days=4),
    )
    cases.offer_handover(
        case_id=case.pk, to=cast.laura, why="On leave from tomorrow.", by=cast.mike, now=now
    )
    return case


def _a_wrong_bill(stage: Stage, cast: Cast) -> Case:
    now = stage.until(hours_ago=0.9)
    maria = _customer("Maria Ortiz", "40 High Street", "EX3 0AB", now=now)
    bill = Asset.objects.create(
        customer=maria, name="bill", place="account 55120", function=Function.MONEY.value
    )
    failure = _failure(maria, bill, "Billed twice for May", failed_at=now, known_at=now)
    case = _report(
        failure, "phone-9120", "I was billed twice.", owner=cast.laura, now=now,
        channel=Channel.PHONE, hold=9, talk=6,
    )  # fmt: skip
    due = stage.end + timedelta(minutes=22)
    _promise(
        case,
        f"I'll call you with the corrected bill by {in_words(due, zone=LONDON)}.",
        kind=PromiseKind.CALLBACK,
        by=cast.laura,
        now=now,
        due=due,
    )
    return case


def _customer(
    name: str, address: str, postcode: str, *, now: datetime, vulnerable: bool = False
) -> Customer:
    return Customer.objects.create(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@example.net",
        phone="",
        address=address,
        postcode=postcode,
        zone="Europe/London",
        language=LANGUAGE,
        vulnerable=vulnerable,
        since=now - timedelta(days=900),
    )


def _failure(
    customer: Customer, asset: Asset, title: str, *, failed_at: datetime, known_at: datetime
) -> Failure:
    return Failure(
        customer=customer,
        asset=asset,
        title=title,
        function=Function(asset.function),
        harm=Harm.LOST,
        failed_at=failed_at,
        known_at=known_at,
        wanted="",
    )


def _report(
    failure: Failure,
    external_id: str,
    words: str,
    *,
    owner: Staff,
    now: datetime,
    channel: Channel = Channel.WEB,
    hold: int = 0,
    talk: int = 5,
) -> Case:
    news = News(
        source="sample",
        external_id=external_id,
        channel=channel,
        raw={"words": words},
        failure=failure,
        hold_minutes=hold,
        talk_minutes=talk,
        estimated=True,
        note=words,
        happened_at=now,
    )
    return intake.receive_report(news, owner=owner, now=now).case


def _promise(
    case: Case,
    words: str,
    *,
    kind: PromiseKind,
    by: Staff | None,
    now: datetime,
    due: datetime | None = None,
    day: date | None = None,
    opens: datetime | None = None,
) -> Promise:
    word = Word(
        kind=kind,
        words=words,
        speaker=Speaker.PERSON if by else Speaker.TEMPLATE,
        speaker_name=by.name if by else "missed collection reply",
        said_by=by.pk if by else None,
        channel=Channel.PHONE if by else Channel.WEB,
        said_at=now,
        earliest_at=opens,
        due_at=due or end_of_day(day or _local_day(now), LONDON),
        precision=Precision.INSTANT if due else Precision.DATE,
    )
    return promises.make_promise(case.pk, word, now=now)


def _keep(promise: Promise, evidence: str, by: Staff, *, now: datetime) -> None:
    promises.keep_promise(promise_id=promise.pk, at=now, evidence=evidence, by=by, now=now)


def _touch(case: Case, note: str, *, inbound: bool, now: datetime, talk: int = 0) -> Contact:
    touch = Touch(
        channel=Channel.PHONE,
        direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
        at=now,
        note=note,
        talk_minutes=talk,
    )
    return contacts.record_contact(case.pk, touch, now=now)


def _local_day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()
