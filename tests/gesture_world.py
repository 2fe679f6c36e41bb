"""Gestures to tell stories about: a case that is put right, a catalogue, a budget."""

from datetime import datetime, timedelta

from makegood.actions import gestures, promises
from makegood.actions.contacts import apologise
from makegood.records.models import Case, Gesture, GestureBudget, GestureItem, PromiseKind, Staff
from makegood.rules.promises import Channel
from world import MONDAY, a_case, a_person, a_word

HOUR = timedelta(hours=1)
_keys = iter(range(10**9))


def put_right(
    case: Case | None = None, *, sorry: bool = True, done: bool = True, now: datetime = MONDAY
) -> Case:
    """A case whose repair was promised and done, and for which somebody said sorry."""
    case = case or a_case(now=now)
    word = a_word(kind=PromiseKind.REPAIR, words="I'll mend it today.", now=now)
    promise = promises.make_promise(case.pk, word, now=now)
    if done:
        promises.keep_promise(
            promise_id=promise.pk, at=now, evidence="Mended.", by=a_person(), now=now
        )
    if sorry:
        say_sorry(case, now=now)
    return case


def say_sorry(case: Case, *, now: datetime = MONDAY) -> None:
    apologise(
        case.pk,
        words="I am sorry, it was our mistake.",
        channel=Channel.PHONE,
        at=now,
        by=a_person(),
        now=now,
    )


def an_item(name: str = "A box of tea", minor: int = 500, **more) -> GestureItem:
    return GestureItem.objects.get_or_create(
        name=name, defaults={"cost_minor": minor, "currency": "GBP"} | more
    )[0]


def a_budget(case: Case, minor: int = 2_000, days: int = 30) -> GestureBudget:
    return GestureBudget.objects.create(
        team=case.team,
        currency="GBP",
        per_period_minor=minor,
        period_days=days,
        since=MONDAY - timedelta(days=90),
    )


def gesture(
    case: Case, item: GestureItem | None = None, *, key: str = "", by: Staff | None = None,
    now: datetime = MONDAY + HOUR,
) -> Gesture:  # fmt: skip
    of = item or an_item()
    return gestures.give(
        case.pk, of.pk, key=key or f"gesture-{next(_keys)}", by=by or a_person(), now=now
    )
