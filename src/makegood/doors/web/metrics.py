"""The numbers of the clock for Prometheus, read from the database at each scrape.

Behind a bearer token; without one set, for this machine alone.
"""

import secrets
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from makegood.doors.moment import MomentRequest
from makegood.queries.clock_health import ClockHealth, read_clock_health

LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
TEXT = "text/plain; charset=utf-8"


@never_cache
@require_safe
def show_metrics(request: MomentRequest) -> HttpResponse:
    """Answer with the numbers, to whoever may read them."""
    if settings.METRICS_TOKEN:
        if not _has_token(request):
            return HttpResponse(
                "Send the token as a bearer.\n",
                content_type=TEXT,
                status=401,
                headers={"WWW-Authenticate": "Bearer"},
            )
    elif not _is_from_here(request):
        words = "Set MAKEGOOD_METRICS_TOKEN to read this from another machine.\n"
        return HttpResponse(words, content_type=TEXT, status=403)
    registry = CollectorRegistry()
    registry.register(_Numbers(read_clock_health(now=request.now)))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _has_token(request: HttpRequest) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted: str = settings.METRICS_TOKEN
    same = secrets.compare_digest(given.strip().encode(), wanted.encode())
    return kind.lower() == "bearer" and same


def _is_from_here(request: HttpRequest) -> bool:
    """Whether it comes from this machine, and not from a proxy on it that asks for others."""
    forwarded = settings.BEHIND_PROXY or any(name in request.META for name in FORWARDED)
    return not forwarded and request.META.get("REMOTE_ADDR") in LOOPBACK


class _Numbers(Collector):
    """What one scrape is told."""

    def __init__(self, health: ClockHealth) -> None:
        self._health = health

    def describe(self) -> Iterable[Metric]:
        """Name nothing ahead: the numbers were read before."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Give each number; one that is not known is left out, so that `absent` can alarm."""
        yield from self._spans()
        yield from self._counts()
        yield from self._labelled()

    def _spans(self) -> Iterator[Metric]:
        health = self._health
        for name, span, words in (
            ("clock_lag", health.lag, "How long the first of all that is due has been waiting"),
            ("clock_pulse_age", health.pulse_age, "How long ago the clock finished a round"),
            ("canary_late", health.canary_late, "How long past its time the canary's promise is"),
            ("canary_age", health.canary_age, "How long ago the canary's last promise was judged"),
        ):
            if span is not None:
                yield _gauge(f"{name}_seconds", words, span.total_seconds())

    def _counts(self) -> Iterator[Metric]:
        health = self._health
        yield _gauge("promises_open", "Open promises; estimated if many", health.open_promises)
        yield _gauge("set_aside", "Promises whose sweep failed, to be retried", health.set_aside)
        yield _gauge("rungs_untold", "Rungs that should have spoken by now", health.untold)
        yield _gauge(
            "escalations_unacknowledged",
            "Tellings that nobody has acknowledged yet",
            health.unacknowledged,
        )
        yield _gauge("mails_unread", "Mails that wait too long for a reader", health.unread)
        yield _gauge("owners_who_left", "Open cases whose owner has left", health.owners_who_left)

    def _labelled(self) -> Iterator[Metric]:
        overdue = GaugeMetricFamily(
            "makegood_promises_overdue",
            "Open promises that should have been judged more than a minute ago",
            labels=["severity"],
        )
        for severity, count in self._health.overdue.items():
            overdue.add_metric([severity.name], count)
        yield overdue
        calendars = GaugeMetricFamily(
            "makegood_calendar_days_left",
            "Days for which the holidays of a calendar are known",
            labels=["calendar"],
        )
        for name, days in self._health.calendar_days.items():
            calendars.add_metric([name], days)
        yield calendars


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"makegood_{name}", words, value=value)
