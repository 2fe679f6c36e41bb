"""The stage of the sample's stories: a clock that ticks, and what happens in several."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.actions import askings, cases, contacts, intake, promises, silence
from makegood.actions.cases import Failure
from makegood.actions.contacts import Touch
from makegood.actions.drafts import Word
from makegood.actions.intake import News
from makegood.clockwork import ticks
from makegood.language import askings as language
from makegood.records.models import (
    Asset,
    Case,
    Contact,
    Customer,
    Direction,
    Promise,
    PromiseKind,
    Staff,
)
from makegood.rules.promises import Channel, Precision, Speaker, end_of_day
from makegood.rules.severity import Function, Harm

LANGUAGE = "en-gb"
LONDON = ZoneInfo("Europe/London")
STEP = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """The people of the company who act in the stories."""

    laura: Staff
    mike: Staff
    nina: Staff
    ruth: Staff
    grace: Staff


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


def a_customer(
    name: str, address: str, postcode: str, *, now: datetime, vulnerable: bool = False
) -> Customer:
    """Somebody whom the company has known for years."""
    return Customer.objects.create(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@example.net",
        phone=f"07700 9005{Customer.objects.count():02d}",
        address=address,
        postcode=postcode,
        zone="Europe/London",
        language=LANGUAGE,
        vulnerable=vulnerable,
        since=now - timedelta(days=900),
    )


def a_failure(
    customer: Customer, asset: Asset, title: str, *, failed_at: datetime, known_at: datetime
) -> Failure:
    """What went wrong with one of their things."""
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


def a_report(
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
    """News of a failure, as it comes in."""
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


def a_promise(
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
    """Give a word; nobody in `by` is a template that spoke."""
    word = Word(
        kind=kind,
        words=words,
        speaker=Speaker.PERSON if by else Speaker.TEMPLATE,
        speaker_name=by.name if by else "missed collection reply",
        said_by=by.pk if by else None,
        channel=Channel.PHONE if by else Channel.WEB,
        said_at=now,
        earliest_at=opens,
        due_at=due or end_of_day(day or local_day(now), LONDON),
        precision=Precision.INSTANT if due else Precision.DATE,
    )
    return promises.make_promise(case.pk, word, now=now)


def keep(promise: Promise, evidence: str, by: Staff, *, now: datetime) -> None:
    """Keep a promise, and say how it is known."""
    promises.keep_promise(promise_id=promise.pk, at=now, evidence=evidence, by=by, now=now)


def a_touch(case: Case, note: str, *, inbound: bool, now: datetime, talk: int = 0) -> Contact:
    """Record a contact."""
    touch = Touch(
        channel=Channel.PHONE,
        direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
        at=now,
        note=note,
        talk_minutes=talk,
    )
    return contacts.record_contact(case.pk, touch, now=now)


def ask_and_close(case: Case, answer: str, by: Staff, *, now: datetime, talk: int = 1) -> None:
    """Ask on the phone whether it is right now, and close the case by the customer's yes."""
    question = askings.open_asking(case.pk) or silence.ask(case.pk, now=now)
    words = language.question(
        title=case.title, number=question.number, language=case.customer.language
    )
    contacts.record_said(
        message_id=question.message_id,
        words=words,
        channel=Channel.PHONE,
        at=now,
        by=by,
        now=now,
    )
    touch = Touch(
        channel=Channel.PHONE,
        direction=Direction.INBOUND,
        at=now,
        note=answer,
        staff=by,
        talk_minutes=talk,
    )
    yes = contacts.record_contact(case.pk, touch, now=now, is_answer=True)
    cases.close_case(case_id=case.pk, answer=yes, now=now)


def local_day(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(LONDON).date()
