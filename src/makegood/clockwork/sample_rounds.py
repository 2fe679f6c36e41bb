"""The sample company's rounds: one comes each week to every food bin, one every second week."""

from datetime import datetime, timedelta

from makegood.actions import changes, rounds
from makegood.actions.changes import Editor
from makegood.actions.rounds import ROUNDS, CrewReport
from makegood.clockwork.sample_stage import Cast, local_day
from makegood.records.models import RoundRun, Service, WorkingCalendar
from makegood.rules.rounds import Came, Shift
from makegood.rules.severity import Harm

WEEK = timedelta(weeks=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def set_up(cast: Cast, *, now: datetime) -> None:
    """Both come on the weekday on which the first story's bin was left standing, and on one ahead.

    What lies behind was reported as done; the next days are planned.
    """
    missed_on = now - timedelta(hours=74)
    _a_round("Food waste, Exeter", "Food waste round", cast, on=missed_on, every=1, now=now)
    ahead = now + timedelta(days=2)
    _a_round("Garden waste, Exeter", "Garden waste round", cast, on=ahead, every=2, now=now)


def _a_round(
    name: str, service: str, cast: Cast, *, on: datetime, every: int, now: datetime
) -> None:
    since = now - every * WEEK
    first = local_day(on - 4 * WEEK)
    often = f"INTERVAL={every};" if every > 1 else ""
    facts = {
        "name": name,
        "service": Service.objects.get(name=service).pk,
        "calendar": WorkingCalendar.objects.get(name="Office").pk,
        "crew": None,
        "owner": cast.laura.pk,
        "rule": f"FREQ=WEEKLY;{often}BYDAY={_WEEKDAYS[first.weekday()]}",
        "first_day": first.isoformat(),
        "left_out": [],
        "added": [],
        "shift": Shift.SLIDE.value,
        "opens": 7 * 60,
        "closes": 15 * 60,
        "report_minutes": 60,
        "areas": ["EX1", "EX2", "EX4"],
        "harm": Harm.DELAYED.value,
        "missed_title": "Your bin was not collected",
        "missed_words": "We did not come on your street today. That is our mistake. Leave your bin "
        "out, please: we come back for it.",
        "retired": False,
    }
    changes.keep(ROUNDS, None, facts, editor=Editor(by=cast.grace, now=since))
    behind = RoundRun.objects.filter(round__name=name, outcome=None, closes_at__lt=now)
    while (run := behind.first()) is not None:
        done = CrewReport(came=Came.DONE)
        rounds.report(run.pk, done, by=cast.mike, now=run.closes_at - timedelta(minutes=5))
