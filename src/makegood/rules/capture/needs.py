"""Which letters a sentence must hold before a pattern of capture is worth trying.

Most patterns need a "will" or an "if"; looking for these letters first makes capture fast. A
pattern that is not named here is always tried. No entry may change what is found.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

_WILL: Final = ("wil", "'ll", "shall", "going to", "gonna")
_SCHEDULED: Final = ("schedul", "set for", "list")
_CONDITION: Final = ("if", "once", "when", "after", "as soon", "upon", "should", "provided")
_ABOUT_ME: Final = ("please", "kindly")

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        (
            *("ours_will", "ours_will_track", "any_will_track", "will_immediate_only", "i_will"),
            *("we_will", "bare_will", "inner_bare_will", "any_will", "named_will", "ensure"),
            *("it_will_cost", "will_be_doing", "your_x_will_be", "sets_going", "if_then_we"),
        ),
        _WILL,
    ),
    "other_company_acts": ("will", "must"),
    "third_will": ("will", "must", "shall"),
    "will_arrive": ("will", "should"),
    "will_be_done": (" be", " get"),
    "you_will_get": ("you ", "you'"),
    "should_arrive": ("should", "ed to", "may", "might", "typically", "usually", "can"),
    "it_takes": ("take",),
    "allow_time": ("allow", "give"),
    "is_scheduled": (*_SCHEDULED, "on our "),
    "have_scheduled": ("have ", "'ve "),
    "viewing_scheduled": ("schedul", "book", "arrang"),
    "trying_to": ("ing",),
    "now_progress": ("ing",),
    "keep_you": ("keep",),
    "expected": ("expect", "estimat", "eta", "anticipat", "due to"),
    "to_be_done": ("to be ",),
    "monitor": ("monitor",),
    "if_customer": (*_CONDITION, "unless"),
    "starts_if": ("if", "should", "in the event", "in case", "assuming", "provided"),
    "once_ours": ("once", "when", "as soon as", "upon", "after"),
    "if_then_you": _CONDITION,
    "once_you": _CONDITION,
    "customers_part": ("once", "when", "after", "if"),
    "can_offer": ("can", "could", "may", "might", "able", "would"),
    "passive_can": (" be",),
    "please": _ABOUT_ME,
    "do_and_then": (*_ABOUT_ME, "just"),
    "you_need": ("need", "have", "must"),
    "i_need": ("need", "require"),
    "obliged": (" be ", "must"),
    "this_will_help": ("this w", "this s"),
    "promise_words": ("promise", "guarantee", "assure", "commit", "word"),
    "on_hold": ("hold ",),
    "working_to": (" to",),
    "estimated_delivery": ("deliver", "arriv", "date", "time"),
    "investigate_now": ("investigate", "look into", "on the line"),
    "advice": ("should",),
    "callback_note": ("callback",),
    "on_the_left": ("left", "right"),
    "improve": ("improv", "satisf"),
    "able": ("able",),
    "which_do": ("that ", "which ", "who "),
    "best": ("best", "utmost", "everything", "effort", "commit", "strive"),
}
Group = tuple[tuple[str, ...], tuple[tuple[str, re.Pattern[str]], ...]]


def grouped(patterns: Mapping[str, str]) -> tuple[Group, ...]:
    """The compiled patterns by what they need, so that each need is looked for once."""
    groups: dict[tuple[str, ...], list[tuple[str, re.Pattern[str]]]] = {}
    for name, pattern in patterns.items():
        groups.setdefault(NEEDS.get(name, ()), []).append((name, re.compile(pattern)))
    return tuple((needs, tuple(some)) for needs, some in groups.items())


def matching(sentence: str, groups: tuple[Group, ...]) -> Iterator[str]:
    """The names of the patterns that a sentence holds."""
    for needs, patterns in groups:
        if needs and not any(letters in sentence for letters in needs):
            continue
        for name, pattern in patterns:
            if pattern.search(sentence):
                yield name
