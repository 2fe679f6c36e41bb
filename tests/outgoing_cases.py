"""Six cases, and what is true of each, for the texts of outgoing.txt to be held against."""

from dataclasses import replace
from datetime import timedelta

from gate_facts import FACTS, NOW, at
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate.facts import Done, Facts, Money, State, Sum, Window

SINCE = NOW - timedelta(hours=1)


def _case(owner: str, *windows: Window, **more: object) -> Facts:
    first = min(windows, key=lambda window: window.due)
    return replace(Facts(windows=windows, owner=owner, next_word=first.says, is_open=True), **more)


def _sum(minor: int, how_far: Money, says: str) -> Sum:
    return Sum(key=f"sum:{minor}", minor=minor, currency="GBP", how_far=how_far, since=SINCE,
               says=says)  # fmt: skip


COUNCIL = _case(
    "Priya Shah",
    Window(key="promise:11", kinds=frozenset({Kind.COLLECTION}), due=at(3, 23, 59), is_day=True,
           since=SINCE, says="Your bin will be collected on Wednesday 3 June."),
    Window(key="promise:12", kinds=frozenset({Kind.ANSWER}), due=at(12, 23, 59), is_day=True,
           since=SINCE, says="You will hear from Priya Shah by Friday 12 June."),
    done=(Done(key="visit:1", kinds=frozenset({Kind.VISIT}), at=at(1, 9, 30)),),
)  # fmt: skip
AIRLINE = _case(
    "Tom Price",
    Window(key="promise:21", kinds=frozenset({Kind.DELIVERY}), due=at(2, 14), since=SINCE,
           says="Your bag will be with you by 14:00 on Tuesday 2 June."),
    Window(key="promise:22", kinds=frozenset({Kind.UPDATE}), due=at(1, 18), since=SINCE,
           says="You will hear from Tom Price by 18:00 today."),
    sums=(_sum(22000, Money.SENT, "We have sent £220.00."),),
)  # fmt: skip
PARCEL = _case(
    "Ines Costa",
    Window(key="promise:31", kinds=frozenset({Kind.DELIVERY}), earliest=at(2, 14), due=at(2, 18),
           since=SINCE, says="Your parcel comes on Tuesday 2 June between 14:00 and 18:00."),
    sums=(_sum(500, Money.ARRIVED, "£5.00 is in your account."),),
    states=frozenset({State.SENT}),
)  # fmt: skip
ENERGY = _case(
    "Gareth Hughes",
    Window(key="promise:41", kinds=frozenset({Kind.REPAIR}), due=at(1, 20), since=SINCE,
           says="Your supply will be back by 20:00 today."),
    Window(key="promise:42", kinds=frozenset({Kind.VISIT}), earliest=at(4, 12), due=at(4, 16),
           since=SINCE, says="We will be with you between 12:00 and 16:00 on Thursday 4 June."),
    sums=(_sum(3000, Money.GRANTED, "We will pay you £30.00."),),
    has_change=True,
)  # fmt: skip
BANK = _case(
    "Amira Khan",
    Window(key="promise:51", kinds=frozenset({Kind.ANSWER}), due=at(8, 23, 59), is_day=True,
           since=SINCE, says="You will hear from Amira Khan by Monday 8 June."),
    Window(key="promise:52", kinds=frozenset({Kind.CALLBACK}), due=at(2, 11), since=SINCE,
           says="Amira Khan will call you by 11:00 tomorrow."),
    sums=(
        _sum(6000, Money.ARRIVED, "£60.00 is in your account."),
        _sum(1500, Money.CHARGED, "You were charged £15.00."),
    ),
)  # fmt: skip
CASES = {
    "telecom": FACTS, "council": COUNCIL, "airline": AIRLINE,
    "parcel": PARCEL, "energy": ENERGY, "bank": BANK,
}  # fmt: skip
