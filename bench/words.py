"""How often capture and wording are right, on labelled messages: python -m bench.words.

Capture is cross-validated twice: in five parts by conversation, and source by source, each time
with weights that never saw the part that they are scored on.
"""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Sequence

from bench.words_data import FRAME, OWN, Labelled
from bench.words_speed import show_speed
from bench.words_train import read_all, sentences_of, train
from makegood.rules.capture.promises import Captured, capture
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Level

PARTS = 5
_LEADING = re.compile(
    r"^(?:by|on|at|in|within|for|the|next|approximately|aproximately|about|around|before|of|your"
    r"|be|a|from|sooner than) "
)


def held_out(messages: Sequence[Labelled], part_of: Callable[[Labelled], object]) -> list[tuple]:
    """For each message: is it a promise, and which, by weights that never saw its part."""
    read = [sentences_of(message) for message in messages]
    parts = [OWN if message.source == OWN else part_of(message) for message in messages]
    scored: list[tuple] = [(False, ())] * len(messages)
    for part in sorted(set(parts) - {OWN}, key=str):
        rest = [place for place, other in enumerate(parts) if other != part]
        weights = train([messages[place] for place in rest], [read[place] for place in rest])
        for place, other in enumerate(parts):
            if other == part:
                found = capture(messages[place].text, frame=FRAME, weights=weights)
                scored[place] = (bool(found), found)
    return scored


def by_conversation(message: Labelled) -> int:
    return zlib.crc32((message.conversation + "x").encode()) % PARTS


def by_source(message: Labelled) -> str:
    return message.source


def scores(guesses: Sequence[bool], truths: Sequence[bool]) -> tuple[int, int, int, int]:
    pairs = Counter(zip(guesses, truths, strict=True))
    return pairs[True, True], pairs[True, False], pairs[False, True], pairs[False, False]


def f1(hit: int, false: int, missed: int) -> float:
    return 2 * hit / max(1, 2 * hit + false + missed)


def plain(words: str | None) -> str:
    text = re.sub(r"[^a-z0-9/:]+", " ", (words or "").lower()).strip()
    while _LEADING.match(text):
        text = _LEADING.sub("", text)
    return text


def says_when(message: Labelled, found: Sequence[Captured]) -> bool:
    """True if one captured promise has the due words of the label, give or take a preposition."""
    wanted = plain(message.due)
    said = [plain(one.due_words) for one in found if one.due_words]
    return any(one and (one in wanted or wanted in one) for one in said)


def show_capture(title: str, messages: Sequence[Labelled], scored: Sequence[tuple]) -> None:
    print(
        f"\n{title}\n{'source':26}{'hit':>6}{'false':>6}{'miss':>6}{'quiet':>6}{'P':>8}{'R':>8}{'F1':>8}"
    )
    for source in [*sorted({message.source for message in messages}), "all"]:
        chosen = [i for i, message in enumerate(messages) if source in {message.source, "all"}]
        hit, false, missed, quiet = scores(
            [scored[i][0] for i in chosen], [messages[i].is_tracked for i in chosen]
        )
        share, recall = hit / max(1, hit + false), hit / max(1, hit + missed)
        print(
            f"{source:26}{hit:6}{false:6}{missed:6}{quiet:6}"
            f"{share:8.3f}{recall:8.3f}{f1(hit, false, missed):8.3f}"
        )
    caught = [i for i, m in enumerate(messages) if m.is_tracked and scored[i][0]]
    dated = [i for i in caught if messages[i].due]
    right = sum(says_when(messages[i], scored[i][1]) for i in dated)
    all_dated = sum(1 for m in messages if m.is_tracked and m.due)
    kinds = sum(any(one.kind == messages[i].kind for one in scored[i][1]) for i in caught)
    print(f"due words: {right} of {len(dated)} of the captured, of {all_dated} in all")
    print(f"kind: {kinds} of {len(caught)} of the captured")


def show_wording(messages: Sequence[Labelled]) -> None:
    print(f"\nwording\n{'rule':16}{'hit':>6}{'false':>6}{'miss':>6}{'blocks':>8}")
    hit, false, missed, blocks = Counter(), Counter(), Counter(), Counter()
    for message in messages:
        found = check(message.text).findings
        rules = {finding.rule for finding in found}
        hit.update(rules & set(message.lint))
        false.update(rules - set(message.lint))
        missed.update(set(message.lint) - rules)
        blocks.update({finding.rule for finding in found if finding.level is Level.BLOCK})
    for rule in sorted(hit.keys() | false.keys() | missed.keys()):
        print(f"{rule:16}{hit[rule]:6}{false[rule]:6}{missed[rule]:6}{blocks[rule]:8}")


def main() -> None:
    sets = read_all()
    messages = [message for some in sets.values() for message in some]
    for title, part_of in (("by conversation", by_conversation), ("by source", by_source)):
        scored = iter(held_out(messages, part_of))
        for whose, some in sets.items():
            of_these = [next(scored) for _ in some]
            if whose != OWN:
                show_capture(f"capture, {whose}, held out {title}", some, of_these)
    show_wording(sets["labelled"])
    show_speed()


if __name__ == "__main__":
    main()
