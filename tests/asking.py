"""Builders for cases that are put right, and for what is asked and answered then."""

from datetime import datetime, timedelta

from makegood.actions import contacts, escalation, partings, promises
from makegood.actions.contacts import Touch
from makegood.actions.partings import Farewell
from makegood.actions.reviews import Decision
from makegood.records.models import Asking, Case, Contact, Direction, Message, Promise, PromiseKind
from makegood.rules.promises import Channel
from makegood.rules.reviews import ReviewVerdict
from world import MONDAY, a_case, a_person, a_word

HOUR = timedelta(hours=1)
FAREWELL = Farewell(
    tried="Two visits, a new bin, £40. She says that nothing will do.",
    route="the Local Ombudsman, ombudsman.example, 0300 061 0614",
    words="I am sorry that we could not make it right for you. You can turn to the ombudsman.",
    channel=Channel.PHONE,
)
DECIDED = Decision(
    reviewer="Local Ombudsman",
    decided_on=MONDAY.date() + timedelta(days=80),
    verdict=ReviewVerdict.UPHELD,
    words="26-004711: a fault, and a second visit was owed.",
)


def a_visit(case: Case, *, now: datetime = MONDAY, **more) -> Promise:
    word = a_word(kind=PromiseKind.VISIT, words="The crew comes by noon.", now=now, **more)
    return promises.make_promise(case.pk, word, now=now)


def keep(promise: Promise, *, now: datetime) -> None:
    promises.keep_promise(promise_id=promise.pk, at=now, evidence="Seen.", by=a_person(), now=now)


def a_case_put_right(*, now: datetime = MONDAY + HOUR, **more) -> Case:
    case = a_case(**more)
    keep(a_visit(case), now=now)
    return case


def the_question(case: Case) -> Message:
    return Asking.objects.get(case=case, ended_at=None).message


def ask(case: Case, *, now: datetime, channel: Channel = Channel.PHONE) -> Asking:
    contacts.record_said(
        message_id=the_question(case).pk,
        words="Is it right now, or do you want something more?",
        channel=channel,
        at=now,
        by=a_person(),
        now=now,
    )
    return Asking.objects.get(case=case, ended_at=None)


def a_call(case: Case, note: str, *, now: datetime, **more) -> Contact:
    touch = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=now, note=note, staff=a_person()
    )
    return contacts.record_contact(case.pk, touch, now=now, **more)


def climb(case: Case, *, now: datetime) -> None:
    """Take it up the whole ladder; everybody acknowledges."""
    for _rung in range(3):
        told = partings.take_up(case.pk, by=case.owner, now=now)
        escalation.acknowledge(escalation_id=told.pk, by=told.staff, now=now)
