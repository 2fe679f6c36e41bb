"""/metrics: true numbers, for those who may read them."""

from datetime import timedelta

import pytest
import time_machine
from prometheus_client.parser import text_string_to_metric_families

from makegood.actions import canary, promises, pulse
from makegood.clockwork import ticks
from makegood.queries import clock_health
from makegood.queries.clock_health import read_clock_health
from world import MONDAY, a_case, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
TOKEN = "a-token-for-metrics"  # noqa: S105 - of a test


def read(client, **headers) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_the_numbers_of_a_clock_that_does_nothing(client):
    promises.make_promise(a_case().pk, a_word(), now=MONDAY)
    with time_machine.travel(MONDAY + 9 * HOUR, tick=False):
        numbers = read(client)
    assert numbers["makegood_promises_overdue", "P3"] == 1
    assert numbers["makegood_promises_overdue", "P1"] == 0
    assert numbers[("makegood_promises_open",)] == 1
    assert numbers[("makegood_set_aside",)] == 0
    assert numbers[("makegood_clock_lag_seconds",)] > 40 * 60
    assert numbers["makegood_calendar_days_left", "office"] > 365
    assert ("makegood_clock_pulse_age_seconds",) not in numbers, "left out, for absent() to see"


def test_the_numbers_of_a_clock_that_runs(client):
    promises.make_promise(a_case().pk, a_word(), now=MONDAY)
    canary.ensure(now=MONDAY)
    now = MONDAY + 9 * HOUR
    ticks.tick(now=now)
    pulse.beat("clock", now=now)
    with time_machine.travel(now + timedelta(seconds=3), tick=False):
        numbers = read(client)
    assert numbers["makegood_promises_overdue", "P3"] == 0
    assert numbers[("makegood_clock_lag_seconds",)] == 0
    assert numbers[("makegood_clock_pulse_age_seconds",)] == 3
    assert numbers[("makegood_canary_age_seconds",)] == 3
    assert numbers[("makegood_canary_late_seconds",)] == 0
    assert numbers[("makegood_escalations_unacknowledged",)] == 1
    assert numbers[("makegood_owners_who_left",)] == 0
    assert numbers[("makegood_mails_unread",)] == 0
    assert numbers[("makegood_rungs_untold",)] == 0


def test_with_a_token_set_nobody_reads_it_without(client, settings):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 401
    for wrong in (
        "Bearer",
        "Bearer wrong",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        TOKEN,
        "Bearer \xe9",
    ):
        answer = client.get("/metrics", HTTP_AUTHORIZATION=wrong)
        assert answer.status_code == 401, wrong
        assert answer["WWW-Authenticate"] == "Bearer"
    read(client, HTTP_AUTHORIZATION=f"Bearer {TOKEN}", REMOTE_ADDR="192.0.2.1")
    read(client, HTTP_AUTHORIZATION=f"bearer {TOKEN}")


@pytest.mark.parametrize(
    "from_afar",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=192.0.2.1"},
        {"HTTP_X_REAL_IP": "192.0.2.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_without_a_token_only_this_machine_reads_it(client, from_afar):
    assert client.get("/metrics", **from_afar).status_code == 403


def test_without_a_token_nobody_behind_a_proxy_reads_it(client, settings):
    settings.BEHIND_PROXY = True
    assert client.get("/metrics").status_code == 403


def test_it_changes_nothing_and_takes_nothing(client):
    assert client.post("/metrics").status_code == 405
    assert "no-store" in client.get("/metrics")["Cache-Control"]


def test_a_scrape_asks_few_questions(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        read(client)


def test_counting_stops_where_it_would_cost(monkeypatch):
    monkeypatch.setattr(clock_health, "MOST", 2)
    for _ in range(4):
        a_case()
    health = read_clock_health(now=MONDAY + 99 * 24 * HOUR)
    assert health.overdue[3] == 2
    assert health.open_promises >= 2
