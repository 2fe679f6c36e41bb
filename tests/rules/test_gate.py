"""What is true may be said; a date, amount, state or entitlement without a fact may not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gate_facts import BOT, CREDIT, FACTS, MACHINE, NEWS, NOW, VISIT, at, rules, verdict
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate.facts import Broken, Done, Facts, Money, State, Window
from makegood.rules.gate.verdict import Answer, Speech

TRUE = [
    "You will hear from Laura by 16:00 today.",
    "I'll call you by 4pm today.",
    "We will be with you between 08:00 and 12:00 on Wednesday 3 June.",
    "Your engineer is booked for Wednesday 3 June, 8 to 12. That Wednesday visit can be moved.",
    "We will refund £25.",
    "Twenty-five pounds will be credited to your account.",
    "I am sorry. We ordered the wrong part and cost you a day.",
    "Would Friday at 5pm suit you?",
    "If you would rather have Friday, tell me.",
    "You said that you want it on Friday.",
    'You wrote: "I will be home on Friday at 5pm". Thank you.',
    "We will not come on Friday.",
    "You reported it on Monday at 10:12 and nothing happened.",
    "I can offer Thursday 18:00 or Saturday 9:00.",
    "Your flight on Friday is not affected.",
    "On Mon, 1 June 2026 at 09:00 David wrote:\n> come on friday at 5\nThank you for writing.",
    "Nothing has been repaired yet, and that is our failure.",
    "Has it been fixed?",
    "Laura owns your case.",
    "Our office is closed on Sundays.",
]
FALSE = [
    ("You will hear from Laura by 17:00 today.", "LATER"),
    ("I'll call you by 3pm today.", "EARLIER"),
    ("I will call you soon.", "VAGUER"),
    ("We'll be in touch this week.", "LATER"),
    ("We will be with you on Wednesday 3 June.", "VAGUER"),
    ("We will be with you between 09:00 and 12:00 on Wednesday 3 June.", "NARROWER"),
    ("We will be with you between 08:00 and 13:00 on Wednesday 3 June.", "LATER"),
    ("Your engineer will come by 16:00 today.", "EARLIER"),
    ("The crew will be there at five.", "EARLIER"),
    ("The crew will be there at five or so.", "UNREAD_TIME"),
    ("You will receive £25 by 16:00 today.", "NO_PROMISE"),
    ("We will refund £26.", "NO_SUM"),
    ("We will refund up to £25.", "VAGUE_SUM"),
    ("We have credited £25 to your account.", "NOT_ARRIVED"),
    ("Your engineer is on the way.", "NO_STATE"),
    ("It has been fixed.", "NO_STATE"),
    ("I am happy to say that your alarm has been repaired.", "NO_STATE"),
    ("You will get a full replacement.", "NO_ENTITLEMENT"),
    ("You get 20% off.", "NO_ENTITLEMENT"),
    ("Mike owns your case.", "NOT_OWNER"),
    ("This will never happen again.", "NEVER_AGAIN"),
    ("We will be there at 5pm, all right?", "EARLIER"),
    ('Your engineer says: "I will be there at 5pm today".', "EARLIER"),
    ("Your refund of US$500 has been approved.", "NO_SUM"),
]


@pytest.mark.parametrize("text", TRUE)
def test_what_is_true_or_no_statement_of_ours_may_be_said(text):
    assert verdict(text).answer is Answer.SAY


@pytest.mark.parametrize(("text", "rule"), FALSE)
def test_what_no_fact_supports_is_stopped_with_what_would_be_true(text, rule):
    found = verdict(text)
    assert (found.answer, rule in rules(found)) == (Answer.SAY_INSTEAD, True)
    assert verdict(found.instead).answer is Answer.SAY


@pytest.mark.parametrize("text", [text for text, _ in FALSE])
def test_without_any_fact_there_is_nothing_to_say_instead(text):
    found = verdict(text, facts=Facts())
    assert (found.answer, found.instead) == (Answer.DO_NOT, "")


def test_only_the_sentence_that_is_not_true_is_replaced():
    text = "Dear Mr Taylor, I am sorry. We will call you by 18:00 today. My name is Laura."
    found = verdict(text)
    assert found.instead == (
        "Dear Mr Taylor, I am sorry. You will hear from Laura Bennett by 16:00 today. "
        "My name is Laura."
    )


class TestOfBrokenPromises:
    """The same false word is not said twice (R09)."""

    def test_what_broke_cannot_be_said_again(self):
        broken = Broken(
            key="promise:9",
            kinds=frozenset({Kind.COLLECTION}),
            due=NOW - timedelta(days=1),
            words="Your bin will be collected tomorrow.",
        )
        facts = replace(FACTS, windows=(NEWS,), broken=(broken,))
        found = verdict("Your bin will be collected tomorrow.", facts=facts, speech=BOT)
        assert rules(found) == {"BROKEN_AGAIN"}
        assert found.new == ()
        assert found.instead == NEWS.says

    def test_once_a_new_promise_lives_it_can(self):
        again = Window(
            key="promise:10", kinds=frozenset({Kind.COLLECTION}), due=at(2, 23, 59), since=NOW,
            is_day=True,
        )  # fmt: skip
        broken = Broken(
            key="promise:9", kinds=again.kinds, due=NOW, words="Your bin will be collected tomorrow"
        )
        facts = replace(FACTS, windows=(NEWS, again), broken=(broken,))
        assert verdict("Your bin will be collected tomorrow.", facts=facts).passes

    def test_a_second_apology_needs_something_new(self):
        facts = replace(FACTS, apologies=(NOW,))
        assert rules(verdict("We are sorry for the wait.", facts=facts)) == {"APOLOGY_AGAIN"}
        fresh = replace(NEWS, since=NOW + timedelta(minutes=1))
        facts = replace(facts, windows=(fresh,))
        assert verdict("We are sorry. I will call you by 16:00 today.", facts=facts).passes

    def test_that_it_will_not_happen_again_needs_a_change(self):
        assert verdict("It won't happen again.", facts=replace(FACTS, has_change=True)).passes


class TestOfOtherTimes:
    """Times that are no promise of the case: overtaken ones, parts, and what is said to all."""

    NEW = replace(NEWS, key="revision:1", due=at(1, 18), since=NOW,
                  says="You will hear from Laura Bennett by 18:00 today.")  # fmt: skip
    MOVED = replace(FACTS, windows=(replace(NEWS, is_overtaken=True), NEW, VISIT))

    def test_what_was_overtaken_is_answered_with_the_newer_date(self):
        found = verdict("You will hear from Laura by 16:00 today.", facts=self.MOVED)
        assert (rules(found), found.instead) == ({"OVERTAKEN"}, self.NEW.says)
        assert verdict(self.NEW.says, facts=self.MOVED).passes

    def test_two_promises_of_the_same_time_are_not_mixed_up(self):
        other = replace(NEWS, key="promise:5")
        facts = replace(self.MOVED, windows=(*self.MOVED.windows, other))
        [bound] = verdict("You will hear from Laura by 16:00 today.", facts=facts).bound
        assert bound.key == "promise:5"

    def test_when_a_part_comes_is_said_of_the_part_and_of_nothing_else(self):
        part = Window(key="part_order:1", kinds=frozenset({Kind.DELIVERY}), due=at(9, 12),
                      since=NOW, is_day=True, speaks_of=("part", "valve"))  # fmt: skip
        facts = replace(FACTS, windows=(NEWS, VISIT, part))
        for text in ("The part arrives on Tuesday 9 June.", "Your valve is due on 9 June."):
            assert verdict(text, facts=facts).passes, text
        for text in ("Your delivery arrives on Tuesday 9 June.", "Your bed arrives on 9 June.",
                     "The part arrives on Wednesday 10 June."):  # fmt: skip
            assert not verdict(text, facts=facts).passes, text
        assert not verdict("Your delivery is booked.", facts=replace(facts, windows=(part,))).passes

    def test_what_was_said_to_everybody_may_be_said_to_each_in_the_same_words(self):
        words = "A main burst. The water is back by 18:30 today."
        truth = replace(NEWS, key="incident:1", words=words, stands=True)
        facts = Facts(windows=(truth,))
        assert verdict(f"Dear Ann, {words}", facts=facts, speech=MACHINE).passes
        assert not verdict(words.replace("18", "17"), facts=facts, speech=MACHINE).passes

    def test_news_brings_its_own_sorry(self):
        facts = replace(FACTS, apologies=(NOW,))
        news = Speech(automatic=True, brings_news=True)
        assert verdict("We are sorry.", facts=facts, speech=news).passes


class TestOfStates:
    """How something stands is on record, or not said."""

    def test_what_was_done_may_be_said(self):
        done = Done(key="promise:3", kinds=frozenset({Kind.REPAIR}), at=NOW - timedelta(hours=2))
        assert verdict("Your alarm has been repaired.", facts=Facts(done=(done,))).passes

    def test_what_was_promised_again_since_is_not_done(self):
        done = Done(key="promise:3", kinds=frozenset({Kind.REPAIR}), at=NOW - timedelta(hours=2))
        again = replace(VISIT, kinds=frozenset({Kind.REPAIR}))
        found = verdict(
            "Your alarm has been repaired.", facts=Facts(done=(done,), windows=(again,))
        )
        assert rules(found) == {"NO_STATE"}

    def test_money_that_has_arrived_may_be_called_paid(self):
        facts = replace(FACTS, sums=(replace(CREDIT, how_far=Money.ARRIVED),))
        assert verdict("We have credited £25 to your account.", facts=facts).passes
        assert rules(verdict("You will receive £25.", facts=facts)) == {"NO_SUM"}

    def test_a_known_state_may_be_said(self):
        facts = replace(FACTS, states=frozenset({State.ON_THE_WAY}))
        assert verdict("Your engineer is on the way.", facts=facts).passes


class TestOfSpeakers:
    """A person bears witness to what happened; a machine knows only the record."""

    @pytest.mark.parametrize(
        "text", ["I called you on 3 May at 14:05.", "I have ordered the part.", "We will call you."]
    )
    def test_what_a_person_says_of_their_own_deeds_is_warned_about(self, text):
        found = verdict(text)
        assert found.passes
        assert found.objections
        assert not verdict(text, speech=MACHINE).passes

    def test_a_machine_offers_only_what_there_is(self):
        text = "We can come on Friday."
        assert not verdict(text, speech=MACHINE).passes
        offered = replace(VISIT, earliest=None, due=at(5, 23, 59), is_day=True, is_offer=True)
        facts = replace(FACTS, windows=(NEWS, offered))
        assert verdict(text, facts=facts, speech=MACHINE).passes
        assert not verdict("We will come on Friday.", facts=facts, speech=MACHINE).passes

    def test_a_machine_that_may_promise_gives_a_new_word_but_not_against_a_living_one(self):
        facts = replace(FACTS, windows=(NEWS,))
        found = verdict(
            "Your engineer will come on Friday 5 June by 17:00.", facts=facts, speech=BOT
        )
        assert found.passes
        assert [one.due for one in found.new] == [at(5, 17)]
        assert not verdict("Your engineer will come on Friday by 17:00.", speech=BOT).passes

    def test_a_quote_that_nobody_is_said_to_have_made_is_ours(self):
        assert not verdict('"Your engineer will come by 17:00 today."', speech=MACHINE).passes
        assert not verdict("> Your engineer will come by 17:00 today.", speech=MACHINE).passes
        assert not verdict("{{legal}}We will pay £500.{{/legal}}", speech=MACHINE).passes

    @pytest.mark.parametrize("mark", ["\n> ?", "\n>?", "\n  > Is that so?", "\n> ?\n> ?"])
    def test_a_question_in_a_quoted_line_makes_no_question_of_what_was_stated(self, mark):
        for text, is_true in (
            ("We will call you by 16:00 today", True),
            ("We will call you by 17:00 today", False),
            ("Our engineer comes on Wednesday 3 June", False),
        ):
            assert verdict(text + mark).passes is is_true, text
            assert verdict(text + mark, speech=MACHINE).passes is is_true, text


class TestOfTricks:
    """What looks like one thing and reads like another."""

    @pytest.mark.parametrize(
        "text",
        [
            "Your part arrives t\u043emorrow.",
            "We will call you by 1\u200b7:00 today.",
            "We will call you by \uff11\uff17:00 today.",
            "We will refund \uffe1500.",
            "WE WILL CALL YOU BY 17:00 TODAY.",
            "We will call you by **17:00** today.",
            "We will\ncall you by\n17:00 today.",
            "No doubt we will be there by 17:00 today.",
            "We won't fail to call you by 17:00 today.",
            "It will not be later than 17:00 today that we call you.",
        ],
    )
    def test_no_letter_or_turn_of_phrase_hides_a_false_word(self, text):
        assert not verdict(text, speech=MACHINE).passes

    def test_what_is_too_long_to_be_read_whole_is_not_said(self):
        assert rules(verdict("We are here. " * 2000)) == {"TOO_LONG"}

    def test_no_words_are_not_said(self):
        assert rules(verdict("  \n")) == {"EMPTY"}


class TestOfOtherLanguages:
    """Where the rules of wording are off, figures are compared all the same."""

    GERMAN = "Sie hören von Laura Bennett bis 16:00 Uhr heute, wir sind für Sie da."

    def test_what_we_write_ourselves_may_be_said(self):
        known = replace(NEWS, renderings=("bis 16:00 uhr heute",))
        found = verdict(self.GERMAN, facts=Facts(windows=(known,)), speech=MACHINE)
        assert found.passes
        assert "not English" in found.notices[0]

    def test_another_time_may_not(self):
        known = replace(NEWS, renderings=("bis 16:00 uhr heute",))
        text = self.GERMAN.replace("16:00", "17:00")
        assert not verdict(text, facts=Facts(windows=(known,))).passes

    def test_another_amount_may_not(self):
        text = "Wir haben Ihnen 26,00 € erstattet und das ist nicht alles für Sie."
        assert "NO_SUM" in rules(verdict(text, speech=MACHINE))


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("We will come on Thursday 4 June.", 0),
        ("Our engineer will come on Thursday 4 June.", 0),
        ("We are moving your visit from Wednesday to Thursday.", 0),
        ("We will send you a new contract by Friday 5 June.", 1),
        ("We will pay for a taxi on Friday 5 June.", 1),
        ("I will bring the keys on Friday 5 June.", 1),
        ("Your bin will be collected on Thursday.", 1),
    ],
)
def test_what_is_promised_otherwise_is_moved_and_not_put_on_record_beside_it(words, count):
    found = verdict(words)

    assert not found.passes
    assert len(found.new) == count
