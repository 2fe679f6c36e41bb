"""The charts of figures over time: a p-chart with its limits, a small line, a share's interval.

They are drawn with the pieces of `charts`, so that a replay's page may show them too.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString

from makegood.doors import charts
from makegood.doors.charts import Dot, number
from makegood.rules.metrics.control import Chart

_SPARK_HEIGHT = 44
_ROUND = 20


def control(
    chart: Chart,
    *,
    names: Sequence[str],
    words: Sequence[str],
    label: str,
    marked: int | None = None,
) -> SafeString:
    """Shares over time with their mean and limits; a real change is filled and ringed.

    :param words: what pointing at each point says.
    :param marked: the place before which a line stands, as when something was changed.
    """
    shown = [point for point in chart.points if point.share is not None]
    floors = [min(point.share or 0, point.low if chart.has_limits else 1) for point in shown]
    lowest = int(min(floors, default=0) * _ROUND) / _ROUND
    lowest = min(lowest, 1 - 1 / _ROUND)
    rows = [
        (name, [_mark(point.share, said, changed=bool(point.rules))] if point.n else [])
        for name, said, point in zip(names, words, chart.points, strict=True)
    ]
    return charts.dots(
        rows,
        lowest=lowest,
        targets=[],
        label=label,
        under=(*_limits(chart, lowest=lowest), *_line(marked, of=len(chart.points))),
    )


def _line(place: int | None, *, of: int) -> Iterator[SafeString]:
    if place is not None and of:
        x = number(100 * place / of)
        yield format_html(
            '<line class="marked" x1="{}%" x2="{}%" y1="{}" y2="{}"/>',
            x,
            x,
            number(charts.height_of(1)),
            number(charts.height_of(0)),
        )


def _mark(share: float | None, words: str, *, changed: bool) -> Dot:
    return Dot(value=share or 0, colour="open" if changed else "wait", words=words, ring=changed)


def _limits(chart: Chart, *, lowest: float) -> Iterator[SafeString]:
    """The band between the limits, step by step, and the mean through it."""
    span, width = 1 - lowest, 100 / max(len(chart.points), 1)
    for place, point in enumerate(chart.points):
        if not chart.has_limits or not point.n:
            continue
        top = charts.height_of((point.high - lowest) / span)
        bottom = charts.height_of((max(point.low, lowest) - lowest) / span)
        yield format_html(
            '<rect class="band" x="{}%" width="{}%" y="{}" height="{}"/>',
            number(place * width),
            number(width),
            number(top),
            number(bottom - top),
        )
    if chart.mean is not None:
        y = number(charts.height_of((max(chart.mean, lowest) - lowest) / span))
        yield format_html('<line class="mean" x1="0" x2="100%" y1="{}" y2="{}"/>', y, y)


def spark(values: Sequence[float | None], *, label: str) -> SafeString:
    """A small line from the lowest to the highest; a gap where nothing is known."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0), max(known, default=1)
    span = (high - low) or 1
    width = 100 / max(len(values), 1)
    places = [
        None
        if value is None
        else ((place + 0.5) * width, 4 + (_SPARK_HEIGHT - 8) * (1 - (value - low) / span))
        for place, value in enumerate(values)
    ]
    marks = [
        format_html(
            '<line class="spark" x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
            *(number(part) for end in (start, stop) for part in end),
        )
        for start, stop in pairwise(places)
        if start is not None and stop is not None
    ]
    last = next((place for place in reversed(places) if place is not None), None)
    if last is not None:
        marks.append(
            format_html(
                '<circle class="wait" cx="{}%" cy="{}" r="4"/>', number(last[0]), number(last[1])
            )
        )
    return charts.svg(marks, height=_SPARK_HEIGHT, label=label)


def interval(low: float, share: float, high: float, *, label: str) -> SafeString:
    """A share on a line from none to all, and the stretch in which it may truly lie."""
    bar = format_html(
        '<line class="ground" x1="0" x2="100%" y1="9" y2="9"/>'
        '<rect class="may" x="{}%" width="{}%" y="5" height="8"/>'
        '<circle class="open" cx="{}%" cy="9" r="4"/>',
        number(100 * low),
        number(max(100 * (high - low), 1)),
        number(100 * share),
    )
    return charts.svg([bar], height=18, label=label)
