"""Touches cost the customer something, and what is owed to them is said once, in words."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.actions import contacts, promises
from makegood.actions.contacts import AlreadySaidError, ToldByUsError, Touch, WordsMissingError
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.queries.customer_page import get_customer_page
from makegood.queries.metrics.facts import read_facts
from makegood.records.models import Direction, Message, TimelineText
from makegood.rules.promises import Channel, NotYetHappenedError
from raw_sql import refused_by, sql
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def apology() -> Message:
    promises.make_promise(a_case().pk, a_word(due_at=MONDAY + HOUR), now=MONDAY)
    ticks.tick(now=MONDAY + 2 * HOUR)
    return Message.objects.get()


def say(message, **more) -> Message:
    return contacts.record_said(
        **{
            "message_id": message.pk,
            "words": "We said we would call, and did not. I am sorry.",
            "channel": Channel.PHONE,
            "at": MONDAY + 3 * HOUR,
            "by": a_person(),
            "now": MONDAY + 4 * HOUR,
        }
        | more
    )


def test_a_contact_keeps_what_it_cost_the_customer():
    case = a_case()
    touch = Touch(
        channel=Channel.PHONE,
        direction=Direction.INBOUND,
        at=MONDAY,
        note="Third time I call.",
        staff=a_person(),
        hold_minutes=20,
        talk_minutes=5,
        other_minutes=90,
        estimated=True,
        money_minor=250,
        currency="GBP",
    )

    contact = contacts.record_contact(case.pk, touch, now=MONDAY + HOUR)

    assert (contact.hold_minutes, contact.talk_minutes, contact.other_minutes) == (20, 5, 90)
    assert (contact.money_minor, contact.currency, contact.estimated) == (250, "GBP", True)
    assert (contact.happened_at, contact.recorded_at) == (MONDAY, MONDAY + HOUR)
    entry = case.timeline.latest("seq")
    assert (entry.kind, entry.happened_at, entry.recorded_at) == ("contact", MONDAY, MONDAY + HOUR)
    assert "Third" not in entry.body, "words of people stand beside the chain, not in it"
    assert TimelineText.objects.get(case=case, seq=entry.seq).words == "Third time I call."


def test_a_customer_who_had_to_tell_it_again_is_counted_and_only_they_can_have_had_to():
    case = a_case()
    call = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, staff=a_person(),
        told_again=True,
    )  # fmt: skip
    contact = contacts.record_contact(case.pk, call, now=MONDAY)

    assert contact.told_again
    assert read_facts([case.pk], as_of=MONDAY)[0].touches[-1].told_again
    ours = replace(call, direction=Direction.OUTBOUND)
    with pytest.raises(ToldByUsError):
        contacts.record_contact(case.pk, ours, now=MONDAY)
    with refused_by("contact_told_again_by_the_customer"):
        sql("UPDATE records_contact SET direction = 'outbound' WHERE id = %s", contact.pk)


def test_an_apology_is_said_in_words_by_somebody_at_a_moment(apology):
    said = say(apology)

    assert (said.said_at, said.said_by, said.channel) == (MONDAY + 3 * HOUR, a_person(), "phone")
    entry = said.case.timeline.latest("seq")
    assert (entry.kind, entry.happened_at) == ("apology_said", MONDAY + 3 * HOUR)
    assert "sorry" not in entry.body
    assert verify.run() == []


def test_an_apology_is_said_once(apology):
    say(apology)
    with pytest.raises(AlreadySaidError, match="said to the customer already"):
        say(apology, words="Sorry again.")
    apology.refresh_from_db()
    assert "did not" in apology.words


class TestOneApologyForAll:
    """Nobody hears sorry once for each of many broken promises."""

    @pytest.fixture
    def owed(self) -> list[Message]:
        """Two broken by eleven, and one at one o'clock."""
        case = a_case()
        for hours in (1, 1, 4):
            promises.make_promise(case.pk, a_word(due_at=MONDAY + hours * HOUR), now=MONDAY)
        for hours in (2, 5):
            ticks.tick(now=MONDAY + hours * HOUR)
        return list(Message.objects.filter(kind="apology").order_by("queued_at", "pk"))

    def test_what_had_broken_by_then_is_apologised_for_and_what_broke_later_is_not(self, owed):
        first, second, *later = owed

        said = say(first, now=MONDAY + 6 * HOUR)

        second.refresh_from_db()
        assert (second.words, second.said_at) == (said.words, said.said_at)
        assert later
        assert not Message.objects.filter(pk__in=[row.pk for row in later]).exclude(said_at=None)
        entry = json.loads(said.case.timeline.get(kind="apology_said").body)
        assert entry["facts"]["with"] == [second.pk]
        assert verify.run() == []

    def test_it_is_one_apology_to_the_customer_and_in_the_figures(self, owed):
        say(owed[0], now=MONDAY + 6 * HOUR)
        case = owed[0].case_id

        lines = get_customer_page(case, now=MONDAY + 6 * HOUR).lines
        assert [line.kind for line in lines].count("apology") == 1
        [facts] = read_facts([case], as_of=MONDAY + 6 * HOUR)
        assert facts.apologies == (MONDAY + 3 * HOUR,)

    def test_a_machine_says_it_for_the_one_that_its_letter_names(self, owed):
        say(owed[0], by=None, now=MONDAY + 6 * HOUR)

        owed[1].refresh_from_db()
        assert owed[1].said_at is None


@pytest.mark.parametrize("words", ["", " \t\n"])
def test_an_apology_without_words_is_none(apology, words):
    with pytest.raises(WordsMissingError, match="in which words"):
        say(apology, words=words)
    apology.refresh_from_db()
    assert apology.said_at is None


def test_nobody_has_spoken_in_the_future(apology):
    later = MONDAY + 4 * HOUR + timedelta(microseconds=1)
    with pytest.raises(NotYetHappenedError, match="said in the future"):
        say(apology, at=later)
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY + HOUR)
    with pytest.raises(NotYetHappenedError, match="said in the future"):
        contacts.record_contact(apology.case_id, touch, now=MONDAY)
