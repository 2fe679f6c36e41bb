"""What was said in the published stories is found by the rules of wording, sentence by sentence.

The replays beside this file assert that none of it is said; that means something only because it
would be found. The sentences are written after the stories, shortened.
"""

import pytest

from story_world import hits

SAID = {
    "000": (
        ("VAGUE_TIME", "Ordering the right part takes a week or so."),
        ("BUSY", "I am busy, I have other large repairs."),
        ("CUSTOMER_WORK", "Call us back when the part has arrived."),
    ),
    "001": (
        ("DOUBT", "You must have misunderstood."),
        ("BLAME", "You should have read the flyer."),
        ("COLLEAGUE", "The clerk should not have told you that."),
        ("EXCUSE", "This was due to staff shortages."),
        ("DEMAND_PROOF", "Please show us the paper."),
    ),
    "002": (
        ("CANT", "We can't give you a credit."),
        ("GRUDGE", "Alright, listen, I will give you something."),
        ("QUALIFIER", "This is a one-time courtesy credit of $25."),
        ("LIMIT_TALK", "You get one of those a year and that's it."),
    ),
    "003": (
        ("COLLEAGUE", "That is nothing to do with us, that's down to the crews."),
        ("NOT_US", "We can't do that, we have no control over them."),
        ("NOT_US", "They are just automated messages."),
        ("GUESS", "Your guess is as good as mine."),
    ),
    "004": (("URGENCY_Q", "Did you make it clear you expected service today?"),),
}


@pytest.mark.parametrize(
    ("story", "rule", "sentence"),
    [(story, *pair) for story, pairs in SAID.items() for pair in pairs],
)
def test_what_was_said_then_is_found(story, rule, sentence):
    assert hits(sentence, of={rule}, our_fault=True, grant=True) == {rule}, story
