"""Charts as inline SVG: they print, follow light and dark, and need neither script nor network.

Widths are percentages, so that a chart fits any screen while its words keep their size. Every
text is escaped; colours are classes, so that the page's style decides them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

HEIGHT: Final = 200
_TOP: Final = 22
_MOST_LABELS: Final = 12
# A column narrower than this share of the chart has no room for words over it.
_ROOM: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One coloured piece of a bar, and the words shown when pointing at it."""

    value: float
    colour: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One bar with its name on the axis."""

    name: str
    parts: tuple[Part, ...]
    over: str = ""
    faint: bool = False

    @property
    def total(self) -> float:
        """The whole length."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dot:
    """One mark at a value."""

    value: float
    colour: str
    words: str
    hollow: bool = False
    ring: bool = False


def columns(bars: Sequence[Bar], *, label: str) -> SafeString:
    """Stacked columns over a time axis, with the value axis at the left."""
    top, step = _nice_top(max((bar.total for bar in bars), default=0))
    marks = [_grid(value, value / top, f"{value:,.0f}") for value in _ticks(top, step)]
    width = 100 / max(len(bars), 1)
    for place, bar in enumerate(bars):
        marks += _column(bar, left=place * width, width=width, top=top)
    marks += _names([bar.name for bar in bars])
    return svg(marks, height=HEIGHT + _TOP + 24, label=label)


def has_room(bars: int) -> bool:
    """Whether so many columns are wide enough for words over them."""
    return bars * _ROOM < 100  # noqa: PLR2004 - percent


def dots(
    rows: Sequence[tuple[str, Sequence[Dot]]],
    *,
    lowest: float,
    targets: Sequence[tuple[float, str]],
    plain: Sequence[float] = (),
    under: Sequence[SafeString] = (),
    label: str,
) -> SafeString:
    """Marks over a time axis between a lowest share and the whole, with lines at targets.

    :param plain: further shares with a line of the axis.
    :param under: what is drawn below everything, such as limits.
    """
    span = 1 - lowest
    marks = list(under) + [
        _grid(
            share,
            (share - lowest) / span,
            f"{share:.0%}",
            colour=colour,
        )
        for share, colour in ((lowest, ""), *targets, (1.0, ""), *((s, "") for s in plain))
    ]
    width = 100 / max(len(rows), 1)
    for place, (_, found) in enumerate(rows):
        for dot in found:
            y = height_of((max(dot.value, lowest) - lowest) / span)
            marks.append(_dot(dot, x=(place + 0.5) * width, y=y))
    marks += _names([name for name, _ in rows])
    return svg(marks, height=HEIGHT + _TOP + 24, label=label)


def stripe(parts: Sequence[Part], *, whole: float, height: int = 14, label: str) -> SafeString:
    """One horizontal bar whose full width stands for `whole`."""
    marks = []
    left = 0.0
    for part in parts:
        width = 100 * part.value / whole if whole else 0
        if part.value:
            marks.append(
                format_html(
                    '<rect class="{}" x="{}%" width="{}%" height="{}"><title>{}</title></rect>',
                    part.colour,
                    number(left),
                    number(width),
                    height,
                    part.words,
                )
            )
        left += width
    return svg(marks, height=height, label=label, css="stripe")


def from_to(first: Dot, second: Dot, *, low: float, high: float, label: str) -> SafeString:
    """Two marks on one line of a logarithmic axis, joined."""
    places = [_log_place(dot.value, low=low, high=high) for dot in (first, second)]
    line = format_html(
        '<line class="join" x1="{}%" x2="{}%" y1="11" y2="11"/>',
        *(number(place) for place in places),
    )
    marks = [_dot(dot, x=place, y=11) for dot, place in zip((first, second), places, strict=True)]
    return svg([line, *marks], height=22, label=label)


def log_axis(ticks: Sequence[tuple[float, str]], *, low: float, high: float) -> SafeString:
    """The names of a logarithmic axis."""
    marks = [
        format_html(
            '<text x="{}%" y="14" text-anchor="middle">{}</text>',
            number(_log_place(value, low=low, high=high)),
            name,
        )
        for value, name in ticks
        if low <= value <= high
    ]
    return svg(marks, height=20, label="")


def _column(bar: Bar, *, left: float, width: float, top: float) -> Iterator[SafeString]:
    below = 0.0
    for part in bar.parts:
        if not part.value:
            continue
        height = HEIGHT * part.value / top
        yield format_html(
            '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"><title>{}</title></rect>',
            f"{part.colour} faint" if bar.faint else part.colour,
            number(left + 0.12 * width),
            number(_TOP + HEIGHT - below - height),
            number(0.76 * width),
            number(height),
            part.words,
        )
        below += height
    if bar.over and has_room(round(100 / width)):
        yield format_html(
            '<text class="over wide-only" x="{}%" y="{}" text-anchor="middle">{}</text>',
            number(left + 0.5 * width),
            number(_TOP + HEIGHT - below - 6),
            bar.over,
        )


def _names(names: Sequence[str]) -> Iterator[SafeString]:
    """As many names under the axis as have room; every second is dropped on a phone."""
    every = ceil(len(names) / _MOST_LABELS)
    width = 100 / max(len(names), 1)
    for count, place in enumerate(range(0, len(names), max(every, 1))):
        yield format_html(
            '<text class="{}" x="{}%" y="{}" text-anchor="middle">{}</text>',
            "wide-only" if count % 2 else "",
            number((place + 0.5) * width),
            HEIGHT + _TOP + 18,
            names[place],
        )


def _grid(value: float, share: float, name: str, *, colour: str = "") -> SafeString:
    y = height_of(share)
    return format_html(
        '<line class="grid {}" x1="0" x2="100%" y1="{}" y2="{}"/>'
        '<text class="tick" x="-8" y="{}" text-anchor="end">{}</text>',
        colour if value else "ground",
        number(y),
        number(y),
        number(y + 4),
        name,
    )


def _dot(dot: Dot, *, x: float, y: float) -> SafeString:
    ring = format_html('<circle class="ring" cx="{}%" cy="{}" r="9"/>', number(x), number(y))
    return (ring if dot.ring else SafeString()) + format_html(
        '<circle class="{}" cx="{}%" cy="{}" r="{}"><title>{}</title></circle>',
        f"{dot.colour} hollow" if dot.hollow else dot.colour,
        number(x),
        number(y),
        5,
        dot.words,
    )


def svg(marks: Sequence[SafeString], *, height: int, label: str, css: str = "") -> SafeString:
    """A chart of these marks; without a label it is an ornament that no screen reader meets."""
    inside = format_html_join("", "{}", ((mark,) for mark in marks))
    if not label:
        return format_html(
            '<svg class="{}" width="100%" height="{}" aria-hidden="true">{}</svg>',
            css,
            height,
            inside,
        )
    return format_html(
        '<svg class="{}" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        css,
        height,
        label,
        inside,
    )


def height_of(share: float) -> float:
    """Where a share of the value axis lies, counted from the top."""
    return _TOP + HEIGHT * (1 - share)


def number(value: float) -> SafeString:
    """A number as SVG has it, without needless places."""
    return mark_safe(f"{value:.2f}".rstrip("0").rstrip("."))  # noqa: S308 - a number


def _log_place(value: float, *, low: float, high: float) -> float:
    inside = min(max(value, low), high)
    return 2 + 96 * (log10(inside) - log10(low)) / (log10(high) - log10(low))


def _nice_top(highest: float) -> tuple[float, float]:
    """A round top of an axis at or above a value, and the step of its lines."""
    if highest <= 0:
        return 1.0, 1.0
    step = 10 ** floor(log10(highest))
    for factor in (0.2, 0.25, 0.5, 1, 2, 2.5, 5):
        if highest <= 4 * step * factor and step * factor >= 1:
            step *= factor
            break
    return step * ceil(highest / step), step


def _ticks(top: float, step: float) -> list[float]:
    return [step * i for i in range(round(top / step) + 1)]
