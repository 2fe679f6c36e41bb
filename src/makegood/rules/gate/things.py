"""The times, amounts, states and gifts that one sentence names, and how many can be looked at.

Whether a sentence says one of them in our name takes a look at the words around it, so the work
grows with how many there are and with how long the sentence is. Nobody writes sixty in one
sentence: such a sentence is not read, and what was not read does not leave.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from makegood.rules.capture.sentences import Sentence
from makegood.rules.gate.states import Said, find_gifts, find_states
from makegood.rules.gate.sums import Amount, find_sums
from makegood.rules.timewords.moment import TimeWords

MOST_IN_A_SENTENCE: Final = 60
MOST_IN_A_TEXT: Final = 400

_SPELLED_TIME: Final = re.compile(
    r"\b(?:(?:at|(?<!one )(?<!two )by|before|until|till|around|about)"
    r" (?:(?:half|quarter) (?:past|to) )?"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?! (?:hour|day|week|minute|month|of|more|other|pound|dollar|euro|hundred|thousand|percent))"
    r"|(?:half|quarter|ten|twenty|five) (?:past|to) (?:one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve|\d{1,2})|\d{1,2}h\d{2}|\d{2}00 hours"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:o'clock|[ap]m\b"
    r"|[ap]\.m)|half an hour|a fortnight|first thing|christmas|easter|new year)\b"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Things:
    """What a sentence names, each kind in order of place; no more than one above the most."""

    times: tuple[TimeWords, ...]
    spelled: tuple[re.Match[str], ...]
    sums: tuple[Amount, ...]
    states: tuple[Said, ...]
    gifts: tuple[Said, ...]

    @property
    def are_too_many(self) -> bool:
        """Whether they are more than can be looked at."""
        every = (self.times, self.spelled, self.sums, self.states, self.gifts)
        return sum(map(len, every)) > MOST_IN_A_SENTENCE


def things_in(sentence: Sentence) -> Things:
    """What a sentence names."""
    most, folded = MOST_IN_A_SENTENCE + 1, sentence.folded
    return Things(
        times=sentence.times[:most],
        spelled=tuple(islice(_SPELLED_TIME.finditer(folded), most)),
        sums=tuple(islice(find_sums(folded), most)),
        states=tuple(islice(find_states(folded), most)),
        gifts=tuple(islice(find_gifts(folded), most)),
    )
