"""Laws of the gate, for any facts and any text."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from gate_facts import FACTS, FRAME, LONDON, MACHINE, NEWS, NOW, at, verdict
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate.facts import Facts, Money, Sum, Window
from makegood.rules.gate.verdict import Speech

DEEDS = {
    Kind.CALLBACK: "I will call you",
    Kind.VISIT: "Our engineer will be with you",
    Kind.DELIVERY: "Your parcel will be delivered",
    Kind.COLLECTION: "Your bin will be collected",
    Kind.UPDATE: "You will hear from us",
}
MINUTES = st.integers(min_value=30, max_value=60 * 24 * 20)
SPEECHES = st.sampled_from([Speech(), MACHINE])
PIECES = [
    *("We will call you", "by 16:00 today.", "tomorrow", "£25", "It has been fixed.", '"', "\n>"),
    *("on Wednesday 3 June", "between 8 and 12", "Sorry", "if you", "?", "not", "\u200b", "$1,00"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=14).map(" ".join)


def said(window: Window) -> str:
    [kind] = window.kinds
    due = window.due.astimezone(LONDON)
    day = f"{due:%A} {due.day} {due:%B}"
    if window.is_day:
        return f"{DEEDS[kind]} on {day}."
    if window.earliest is None:
        return f"{DEEDS[kind]} by {due:%H:%M} on {day}."
    opens = window.earliest.astimezone(LONDON)
    return f"{DEEDS[kind]} between {opens:%H:%M} and {due:%H:%M} on {day}."


@st.composite
def windows(draw) -> Window:
    due = NOW + timedelta(minutes=draw(MINUTES))
    is_day = draw(st.booleans())
    earliest = None
    if is_day:
        local = due.astimezone(LONDON).replace(hour=23, minute=59, second=59)
        due = local
    elif draw(st.booleans()):
        earliest = due - timedelta(hours=2)
        assume(earliest.astimezone(LONDON).date() == due.astimezone(LONDON).date())
    kind = draw(st.sampled_from(sorted(DEEDS)))
    return Window(
        key="promise:1",
        kinds=frozenset({kind}),
        due=due,
        earliest=earliest,
        is_day=is_day,
        since=NOW,
    )


@given(windows(), SPEECHES)
def test_what_is_rendered_from_a_live_fact_may_always_be_said(window, speech):
    found = verdict(said(window), facts=Facts(windows=(window,)), speech=speech)
    assert found.passes, found


@given(windows(), st.integers(min_value=1, max_value=60 * 24 * 9), SPEECHES, st.booleans())
def test_no_other_time_may_ever_be_said(window, minutes, speech, is_later):
    assume(not window.is_day or minutes >= 60 * 24)
    moved = timedelta(minutes=minutes if is_later else -minutes)
    other = replace(
        window, due=window.due + moved, earliest=window.earliest and window.earliest + moved
    )
    assume(said(other) != said(window))
    assume(other.due > NOW + timedelta(minutes=1))
    found = verdict(said(other), facts=Facts(windows=(window,)), speech=speech)
    assert not found.passes, (said(window), said(other))


@given(st.integers(min_value=1, max_value=10**7), st.integers(min_value=1, max_value=10**7))
def test_only_the_amount_that_is_granted_may_be_said(granted, other):
    known = Sum(key="r", minor=granted, currency="GBP", how_far=Money.GRANTED, since=NOW)
    text = f"We will refund £{other / 100:,.2f} to you."
    assert verdict(text, facts=Facts(sums=(known,))).passes is (granted == other)


@given(TEXTS, SPEECHES)
def test_any_text_is_answered_with_spans_inside_it_and_a_text_that_passes(text, speech):
    found = verdict(text, speech=speech)
    for one in (*found.objections, *found.bound):
        assert 0 <= one.start <= one.end <= len(text)
    for one in found.objections:
        assert 0 <= one.first <= one.start <= one.end <= max(one.last, one.end) <= len(text)
    if found.instead:
        again = verdict(found.instead, speech=speech)
        assert (again.passes, again.instead) == (True, "")


@given(TEXTS)
def test_a_person_may_say_all_that_a_machine_may(text):
    # Lines that begin with ">" are another's if a person writes them: nothing of ours stands there.
    assume("\n>" not in text and not text.startswith(">"))
    assume(verdict(text, speech=MACHINE).passes)
    assert verdict(text).passes


@given(st.text(max_size=200))
def test_no_text_makes_it_stumble(text):
    assert verdict(text) == verdict(text)


def test_a_day_that_clocks_change_is_said_like_any_other():
    due = datetime(2026, 10, 25, 17, tzinfo=LONDON)
    frame = replace(FRAME, now=datetime(2026, 10, 20, 9, tzinfo=LONDON))
    window = replace(NEWS, due=due)
    from makegood.rules.gate.verdict import decide  # noqa: PLC0415 - beside its one use

    text = "You will hear from us by 17:00 on Sunday 25 October."
    assert decide(text, facts=Facts(windows=(window,)), frame=frame).passes
    assert FACTS.windows[0].due == at(1, 16)
