"""Whether the share of kept promises really changed from month to month, as on the wall."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from makegood.doors import charts_wall
from makegood.doors.cli import replay_words as words
from makegood.doors.cli.replay_words import count, percent
from makegood.queries.replay.report import MonthRow
from makegood.rules.metrics import control
from makegood.rules.metrics.control import Chart, Count

_LABEL = "The share of promises kept by month, with the limits of chance"


def draw(rows: Sequence[MonthRow]) -> tuple[str, SafeString]:
    """What the chart says in a sentence, and the chart; nothing where there are too few months.

    A month that is not over is left out: what is still open in it would count as nothing.
    """
    whole = [row for row in rows if row.is_whole]
    chart = control.chart([Count(hits=row.tally.kept, n=row.tally.settled) for row in whole])
    if not chart.has_limits:
        return "", SafeString()
    names = [words.month(row.month) for row in whole]
    said = [
        f"{name}: {percent(row.tally.kept_rate)} of {count(row.tally.settled)} kept"
        for name, row in zip(names, whole, strict=True)
    ]
    return _says(chart, names), charts_wall.control(chart, names=names, words=said, label=_LABEL)


def _says(chart: Chart, names: Sequence[str]) -> str:
    if not chart.changes:
        return "The share of kept promises wavers as chance makes it; it has not really changed."
    runs = ((names[first], names[last]) for first, last in chart.runs)
    when = ", ".join(first if first == last else f"{first} to {last}" for first, last in runs)
    return f"The share of kept promises really changed in: {when}. All else is noise."
