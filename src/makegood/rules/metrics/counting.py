"""Everything that one case adds to the metrics."""

from makegood.rules.metrics import beside, of_cases, of_learning, of_money, of_words
from makegood.rules.metrics.facts import Case
from makegood.rules.metrics.samples import Sample


def count(case: Case) -> tuple[Sample, ...]:
    """The samples of a case, as far as its facts are known."""
    return (
        *of_words.count(case),
        *of_cases.count(case),
        *of_money.count(case),
        *of_learning.count(case),
        *beside.count(case),
    )
