"""The wall: how well the company's word is kept, for those who lead it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff import wall_charts, wall_gestures, wall_page
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import number_of, show, text_of, zone_of
from makegood.doors.web.staff.fields import FIRST_DAY, LAST_DAY
from makegood.doors.web.staff.wall_page import Wall
from makegood.doors.web.staff.wall_words import Table
from makegood.language import figures
from makegood.language.metrics import ABOUT
from makegood.queries import when
from makegood.queries.metrics import authority_use
from makegood.queries.metrics.authority_use import read_use
from makegood.queries.metrics.behind import Behind, Sample, read_behind
from makegood.queries.metrics.gestures import read_effect
from makegood.queries.metrics.known_then import Then, read_then
from makegood.queries.metrics.past_promises import count_beside
from makegood.queries.metrics.series import USUAL_WEEKS, WEEKS, Period, read_series
from makegood.queries.metrics.touched import read_place
from makegood.queries.remedies import currency_of
from makegood.records.models import Team
from makegood.rules.metrics.beside import BESIDE
from makegood.rules.metrics.definitions import COST, METRICS, Figure
from makegood.rules.metrics.past import WHOLE
from makegood.rules.metrics.retained import Assumption, retained, staff_cost
from makegood.rules.money import major
from makegood.rules.promises import end_of_day
from makegood.rules.roles import Right

TABLES = ("kept", "causes", "speakers", "windows", "gestures", "metrics")


class AssumptionForm(forms.Form):
    """What a customer who stays is worth; it is kept in the address only."""

    margin = forms.DecimalField(
        label=gettext_lazy("A customer brings in a year"), min_value=1, max_value=10**9
    )
    years = forms.DecimalField(
        label=gettext_lazy("For how many years"), min_value=Decimal("0.1"), max_value=50
    )
    hour = forms.DecimalField(
        label=gettext_lazy("An hour of staff costs"), min_value=0, max_value=10**6, required=False
    )
    low = forms.DecimalField(
        label=gettext_lazy("At least so many more stay, %"), min_value=0, max_value=100
    )
    high = forms.DecimalField(
        label=gettext_lazy("At most so many more stay, %"), min_value=0, max_value=100
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Worth:
    """What was spent and what it may be worth, in one currency."""

    cost: str
    low: str
    high: str
    ratio: str


@allowed(Right.SEE_WALL)
@require_safe
def wall(request: StaffRequest) -> HttpResponse:
    """The tiles and the charts."""
    period = _period(request)
    page = wall_page.read_wall(period)
    given = AssumptionForm(request.GET) if "margin" in request.GET else None
    context = _shared(request, period) | {
        "page": page,
        "assumed": given or AssumptionForm(),
        "gestures": wall_gestures.table(effect := read_effect(period)),
        "gestures_note": wall_gestures.note(effect),
        "worth": _worth(page, given, usual=currency_of(request.user, now=request.now))
        if given is not None and given.is_valid()
        else (),
    }
    return show(request, "desk/wall.html", context)


@allowed(Right.SEE_WALL)
@require_safe
def metric(request: StaffRequest, code: str) -> HttpResponse:
    """One metric, step by step, and the cases behind it."""
    if code not in METRICS:
        raise Http404
    period, then = _period(request), _then(request)
    if then is None:
        known: Then | None = Then(
            series=read_series(period, [code, *BESIDE.get(code, ())], is_whole_page=True),
            behind=read_behind(period, code),
            past=count_beside(period) if code == WHOLE else 0,
        )
    else:
        period = replace(period, today=min(period.today, then.astimezone(zone_of(request)).date()))
        known = read_then(period, code, as_of=then)
    found = known.series if known else {}
    behind = known.behind if known else Behind(rows=(), all=0)
    past = known.past if known else 0
    tables = [
        wall_charts.trend(period, found[code, key], code, key=key)
        for key in wall_page.keys_of(found, code)
        if (code, key) in found
    ]
    context = _shared(request, period) | {
        "tiles": wall_page.tiles_of(period, found, code),
        "tables": tables,
        "parts": wall_charts.parts(found, code, more=_more(period, code)),
        "rows": [_row(sample, code) for sample in behind.rows],
        "all": behind.all,
        "more": behind.more,
        "code": code,
        "name": ABOUT[code].name,
        "then": text_of(request, "then") if then else "",
        "too_many": known is None,
        "past": figures.number(past),
        "past_many": past,
    }
    return show(request, "desk/metric.html", context)


@allowed(Right.SEE_WALL)
@require_safe
def metric_file(request: StaffRequest, code: str) -> HttpResponseBase:
    """One metric, step by step, as a file."""
    if code not in METRICS:
        raise Http404
    period = _period(request)
    found = read_series(period, [code])
    rows: list[tuple[str, ...]] = []
    for key in wall_page.keys_of(found, code):
        if (code, key) in found:
            table = wall_charts.trend(period, found[code, key], code, key=key)
            rows += [(key, *row) for row in table.rows]
    heads = (_("Part"), *wall_charts.trend_heads(code))
    return csv_response(code, header=heads, rows=rows, now=request.now)


@allowed(Right.SEE_WALL)
@require_safe
def wall_file(request: StaffRequest, chart: str) -> HttpResponseBase:
    """One chart of the wall as a file."""
    if chart not in TABLES:
        raise Http404
    period = _period(request)
    if chart == "gestures":
        table = wall_gestures.table(read_effect(period))
    else:
        table = _tables(wall_page.read_wall(period))[chart]
    return csv_response(table.name, header=table.heads, rows=table.rows, now=request.now)


def _tables(page: Wall) -> dict[str, Table]:
    return {
        "kept": page.kept.table,
        "causes": page.causes.table,
        "speakers": page.speakers.table,
        "windows": page.windows.table,
        "metrics": wall_page.all_metrics(page),
    }


def _period(request: StaffRequest) -> Period:
    weeks = number_of(request, "weeks", default=USUAL_WEEKS)
    team = number_of(request, "team")
    return Period(
        weeks=weeks if weeks in WEEKS else USUAL_WEEKS,
        today=_until(request) or _today(request),
        team=team or None,
    )


def _more(period: Period, code: str) -> wall_charts.Rows:
    return wall_charts.use(read_use(period)) if code == authority_use.METRIC else ()


def _until(request: StaffRequest) -> date | None:
    """The last day that is to be shown, if it is not today's."""
    day = _day(request, "until")
    return day if day is not None and day < _today(request) else None


def _today(request: StaffRequest) -> date:
    return request.now.astimezone(zone_of(request)).date()


def _day(request: StaffRequest, name: str) -> date | None:
    """A day that is asked for; None if none is, or it is none of this century."""
    try:
        day = date.fromisoformat(text_of(request, name))
    except ValueError:
        return None
    return day if FIRST_DAY < day < LAST_DAY else None


def _then(request: StaffRequest) -> datetime | None:
    """The end of the day as of which a metric is asked for; None for now."""
    day = _day(request, "then")
    if day is None:
        return None
    then = end_of_day(day, zone_of(request))
    return then if then < request.now else None


def _shared(request: StaffRequest, period: Period) -> dict[str, object]:
    place = read_place()
    until = _until(request)
    chosen = {"weeks": period.weeks, "team": period.team, "until": until}
    return {
        "period": period,
        "weeks": WEEKS,
        "teams": Team.objects.order_by("name").values_list("pk", "name"),
        "until": until.isoformat() if until else "",
        "address": urlencode({name: value for name, value in chosen.items() if value}),
        "counted": when.at(place.counted_at, now=request.now, zone=zone_of(request))
        if place
        else None,
        "cost_code": COST,
    }


def _row(sample: Sample, code: str) -> dict[str, object]:
    return {
        "reference": sample.reference,
        "title": sample.title,
        "customer": sample.customer,
        "day": sample.day,
        "times": figures.number(sample.times),
        "value": _value(sample, code),
    }


def _value(sample: Sample, code: str) -> str:
    if sample.value is None:
        return _("none yet")
    if METRICS[code].figure in {Figure.SHARE, Figure.PER_THOUSAND}:
        return _("yes") if sample.value else _("no")
    return figures.of_metric(sample.value, code, key=sample.key)


def _worth(page: Wall, given: AssumptionForm, *, usual: str) -> tuple[Worth, ...]:
    """A row for each currency; the time of staff is paid in the one that was spent most in."""
    costs = dict(page.costs) or {usual: 0}
    most = max(costs, key=lambda currency: costs[currency])
    hour = given.cleaned_data["hour"] or 0
    costs[most] += staff_cost(page.staff_minutes, hour_minor=int(hour / major(1, most)))
    return tuple(
        _worth_in(currency, cost, page.satisfied, given) for currency, cost in costs.items()
    )


def _worth_in(currency: str, cost: int, satisfied: int, given: AssumptionForm) -> Worth:
    clean = given.cleaned_data
    low, high = sorted((clean["low"] / 100, clean["high"] / 100))
    assumed = Assumption(
        margin_minor=int(clean["margin"] / major(1, currency)),
        currency=currency,
        years=float(clean["years"]),
        low=float(low),
        high=float(high),
    )
    kept = retained(satisfied, assumed, cost_minor=cost)
    return Worth(
        cost=figures.amount(cost, currency),
        low=figures.amount(kept.low_minor, currency),
        high=figures.amount(kept.high_minor, currency),
        ratio=_ratio(kept.low_ratio, kept.high_ratio),
    )


def _ratio(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s times the cost") % {
        "low": figures.number(low),
        "high": figures.number(high),
    }
