"""The chart of a change: how often its cause struck before and after, drawn and as a table."""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.doors import charts_wall
from makegood.doors.web.staff.wall_charts import Drawn, why_no_limits
from makegood.doors.web.staff.wall_words import Table
from makegood.language import figures, lists, moments
from makegood.language.metrics import CHANGES
from makegood.queries.improvement import ImprovementPage, Week
from makegood.rules.learning import Effect
from makegood.rules.metrics.control import Chart, Point

EFFECTS: Final[Mapping[Effect, Lazy]] = {
    Effect.NOT_SHIPPED: gettext_lazy("It is not in force yet, so there is nothing to compare."),
    Effect.TOO_FEW: gettext_lazy(
        "Nobody knows yet whether it helps: too few weeks, or too few cases whose cause is known."
    ),
    Effect.NOISE: gettext_lazy(
        "No real change: the cause strikes as it did before, within what chance alone explains."
    ),
    Effect.BETTER: gettext_lazy("It helps: the cause strikes less often, and that is no chance."),
    Effect.WORSE: gettext_lazy("The cause strikes more often than before, and that is no chance."),
}


def drawn(page: ImprovementPage) -> Drawn:
    """The weeks before and after in one chart, by the limits of those before."""
    weeks = (*page.before, *page.since)
    chart = _joined(page)
    names = [moments.shortest_date(week.first) for week in weeks]
    words = [_point(name, point) for name, point in zip(names, chart.points, strict=True)]
    says = str(EFFECTS[page.watched.effect])
    heads = (
        _("Week from"), _("When"), _("Cases with a known cause"), _("Of this cause"), _("Share"),
        _("Lower limit"), _("Upper limit"), _("Real change"),
    )  # fmt: skip
    after = len(page.before)
    rows = tuple(
        _row(name, week, point, is_after=place >= after, has_limits=chart.has_limits)
        for place, (name, week, point) in enumerate(zip(names, weeks, chart.points, strict=True))
    )
    return Drawn(
        says=says,
        svg=charts_wall.control(
            chart, names=names, words=words, label=says, marked=after if page.since else None
        ),
        table=Table(name=f"change-{page.id}", heads=heads, rows=rows),
        note=why_no_limits(chart),
    )


def _joined(page: ImprovementPage) -> Chart:
    before, after = page.watched.before, page.watched.after
    bare = tuple(
        Point(share=one.share, n=one.n, low=one.low, high=one.high) for one in before.points
    )  # what wavered before the change is not what it is asked about
    return Chart(
        mean=before.mean,
        points=tuple(chain(bare, after.points)),
        has_limits=before.has_limits,
        spread=before.spread,
    )


def _row(
    name: str, week: Week, point: Point, *, is_after: bool, has_limits: bool
) -> tuple[str, ...]:
    shown = has_limits and point.n
    return (
        name,
        _("after it shipped") if is_after else _("before"),
        figures.number(week.n),
        figures.number(week.hits),
        figures.share(point.share) if point.share is not None else "",
        figures.share(point.low) if shown else "",
        figures.share(point.high) if shown else "",
        _rules(point),
    )


def _point(name: str, point: Point) -> str:
    if point.share is None:
        return name
    said = _("%(when)s: %(share)s of %(n)s cases") % {
        "when": name,
        "share": figures.share(point.share),
        "n": figures.number(point.n),
    }
    return f"{said}; {_rules(point)}" if point.rules else said


def _rules(point: Point) -> str:
    return lists.all_of(str(CHANGES[rule]) for rule in point.rules)
