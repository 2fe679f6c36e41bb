"""What the stories share: their post, the words that were used, and the product's own figures."""

from collections import defaultdict
from datetime import datetime

from clock import SimulatedClock
from letter_world import quiet
from makegood.actions import letter_news
from makegood.clockwork import letters_out
from makegood.queries.metrics.facts import read_facts
from makegood.records.models import Case, Letter, Message
from makegood.rules.metrics import counting
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Context
from makegood.rules.wording.rulebook import RULES

KNOWN = frozenset(rule.name for rule in RULES)


def post(clock: SimulatedClock) -> list[Letter]:
    """What waits leaves, and is delivered at once; in the order in which it was written."""
    letters_out.send_waiting(quiet(), now=clock.now)
    left = Letter.objects.filter(handed_at__isnull=False, delivered_at=None).order_by("pk")
    for letter in left:
        letter_news.delivered(letter.pk, at=clock.now, now=clock.now)
    return list(left.model.objects.filter(delivered_at=clock.now).order_by("pk"))


def said_to(case: Case) -> list[str]:
    """All that the customer was told in words: by letter, aloud, and as promises."""
    letters = Letter.objects.filter(case=case).values_list("words", flat=True)
    aloud = Message.objects.filter(case=case, said_at__isnull=False)
    return [
        *letters,
        *aloud.values_list("words", flat=True),
        *case.promises.values_list("words", flat=True),
    ]


def hits(*texts: str, of: set[str], **known) -> set[str]:
    """Which of these rules of wording the texts break."""
    assert of <= KNOWN, f"no such rules: {of - KNOWN}"
    context = Context(**known)
    return {found.rule for text in texts for found in check(text, context=context).findings} & of


def figures(case: Case, *, as_of: datetime) -> dict[str, list[int | None]]:
    """What the wall counts of a case: the values of each metric."""
    [facts] = read_facts([case.pk], as_of=as_of)
    found: dict[str, list[int | None]] = defaultdict(list)
    for sample in counting.count(facts):
        found[sample.metric].append(sample.value)
    return found
