"""Facts of a small case to hold texts against, and the sentences that its windows are said in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.rules.capture.kinds import Kind
from makegood.rules.gate.facts import Facts, Money, Sum, Window
from makegood.rules.gate.verdict import Speech, Verdict, decide
from makegood.rules.timewords.moment import Frame

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
FRAME = Frame(now=NOW, zone=LONDON)
MACHINE = Speech(automatic=True)
BOT = Speech(automatic=True, may_promise=True)


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


NEWS = Window(
    key="promise:1",
    kinds=frozenset({Kind.UPDATE}),
    due=at(1, 16),
    since=NOW - timedelta(hours=1),
    says="You will hear from Laura Bennett by 16:00 today.",
)
VISIT = Window(
    key="promise:2",
    kinds=frozenset({Kind.VISIT}),
    earliest=at(3, 8),
    due=at(3, 12),
    since=NOW - timedelta(hours=1),
    says="We will be with you between 08:00 and 12:00 on Wednesday 3 June.",
)
CREDIT = Sum(
    key="remedy:1",
    minor=2500,
    currency="GBP",
    how_far=Money.GRANTED,
    since=NOW - timedelta(hours=1),
    says="£25.00 will be on your account.",
)
FACTS = Facts(
    windows=(NEWS, VISIT),
    sums=(CREDIT,),
    moments=(at(1, 9, 12),),
    owner="Laura Bennett",
    next_word=NEWS.says,
    is_open=True,
)


def verdict(text: str, *, facts: Facts = FACTS, speech: Speech | None = None) -> Verdict:
    return decide(text, facts=facts, frame=FRAME, speech=speech or Speech())


def rules(found: Verdict) -> set[str]:
    return {one.rule.value for one in found.objections if one.stops}
