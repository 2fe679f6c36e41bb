"""One incident that hits everybody: a case, a promise and its timeline for each customer.

    python -m bench.incident [--customers N] [--more M]

The clock's own sweep opens the cases, in its batches. Beside it, in the same run and on the same
tables with the same triggers, a bare `INSERT ... SELECT` writes the same rows for as many other
customers, a batch in each transaction. Then the second truth is told to
all, and the end, which asks each whether it is right.
"""

import argparse
import resource
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench import ground

CUSTOMERS = 100_000
BATCH = 2_000
GOAL_SECONDS, GOAL_GROWTH_MB = 60, 50
_CUSTOMERS = """
    INSERT INTO records_customer (uuid, name, email, phone, address, postcode, zone, vulnerable,
        since)
    SELECT gen_random_uuid(), 'Customer ' || i, 'customer' || i || '@example.org', '',
           i || ' High Road', 'EX4 ' || i % 9 || 'AB', 'Europe/London', i % 50 = 0, %(now)s
      FROM generate_series(1, %(count)s) i
"""
_ASSETS = """
    INSERT INTO records_asset (customer_id, name, place, function, criticality, external_id,
        service_id)
    SELECT id, 'Broadband', '', 'connection', 'ordinary', '', %(service)s FROM records_customer
     WHERE id > %(after)s
"""
# The same rows as the sweep writes: a case, its promise, two entries with their hashes.
_BARE = """
    WITH hit AS (
        SELECT a.customer_id, a.id asset FROM records_asset a
         WHERE a.service_id = %(service)s AND a.customer_id > %(after)s
         ORDER BY a.customer_id LIMIT %(limit)s),
    opened AS (
        INSERT INTO records_case (uuid, reference, customer_id, asset_id, team_id, owner_id,
            incident_id, title, wanted, meanwhile, function, harm, exposure, severity,
            severity_because, failed_at, known_at, recorded_at, is_canary)
        SELECT gen_random_uuid(), 'R' || customer_id, customer_id, asset, %(team)s, %(owner)s,
               NULL, 'No connection', '', '', 'connection', 'lost', 'ordinary', 3, 'as it is',
               %(now)s, %(now)s, %(now)s, false FROM hit
        RETURNING id, customer_id),
    promised AS (
        INSERT INTO records_promise (case_id, kind, words, speaker, speaker_name, channel, said_at,
            recorded_at, first_due_at, due_at, precision, zone, grace, policy_id, trace, severity,
            rungs_spoken, judge_at, escalate_at, evidence)
        SELECT id, 'news', 'You will hear from us.', 'system', 'Makegood', 'web', %(now)s, %(now)s,
               %(due)s, %(due)s, 'instant', 'Europe/London', '5 minutes', %(policy)s, '[]', 3, 0,
               %(due)s + interval '5 minutes', %(warn)s, '' FROM opened
        RETURNING case_id, id),
    first AS (
        SELECT case_id, body,
               sha256(decode(repeat('00', 32), 'hex') || convert_to(body, 'UTF8')) hash
          FROM promised, LATERAL (SELECT format(
               '{"at":"%%s","case":%%s,"facts":{"owner":%%s},"kind":"case_opened",'
               '"recorded":"%%s","seq":1}',
               %(iso)s::text, case_id, %(owner)s::bigint, %(iso)s::text) body) b),
    second AS (
        SELECT p.case_id, b.body, f.hash prev, sha256(f.hash || convert_to(b.body, 'UTF8')) hash
          FROM promised p JOIN first f ON f.case_id = p.case_id, LATERAL (SELECT format(
               '{"at":"%%s","case":%%s,"facts":{"promise":%%s},"kind":"promise_made",'
               '"recorded":"%%s","seq":2}', %(iso)s::text, p.case_id, p.id, %(iso)s::text) body) b),
    noted AS (
        INSERT INTO records_timelineentry (case_id, seq, kind, happened_at, recorded_at, body,
            prev_seq, prev_hash, hash)
        SELECT case_id, 1, 'case_opened', %(now)s, %(now)s, body, NULL::int,
               decode(repeat('00', 32), 'hex'), hash FROM first
        UNION ALL
        SELECT case_id, 2, 'promise_made', %(now)s, %(now)s, body, 1, prev, hash FROM second)
    SELECT max(customer_id), count(*) FROM opened
"""


def run(*, customers: int = CUSTOMERS) -> None:
    """Measure, print and record."""
    with ground.ground() as url:
        now = datetime.now(UTC).replace(microsecond=0)
        made = _company(now)
        first = _fill(url, customers, service=made["service"], now=now)
        with psycopg.connect(url, autocommit=True) as connection:
            bare = _bare(connection, made, after=first, count=customers, now=now)
        other = _fill(url, customers, service=made["hit"], now=now)
        del other
        found = _spread(made, now=now)
    rows = [
        ("bare INSERT ... SELECT", f"{bare:.1f} s", f"{customers / bare:,.0f}/s", "1"),
        (
            "incident spread",
            f"{found['seconds']:.1f} s",
            f"{found['opened'] / found['seconds']:,.0f}/s",
            f"{bare / customers * found['opened'] / found['seconds']:.2f}",
        ),
        (
            "second truth told",
            f"{found['told_seconds']:.1f} s",
            f"{customers / found['told_seconds']:,.0f}/s",
            "",
        ),
        (
            "the end told and asked",
            f"{found['asked_seconds']:.1f} s",
            f"{customers / found['asked_seconds']:,.0f}/s",
            "",
        ),
    ]
    ground.table("An incident that hits everybody", [("what", "time", "customers", "ratio"), *rows])
    print(
        f"memory grew by {found['grew_mb']:.0f} MB while it spread,"
        f" by {found['grew_in_all_mb']:.0f} MB until all was told"
    )
    ground.record("incident", {"customers": customers, "bare_seconds": bare, **found})


def _company(now: datetime) -> dict[str, Any]:
    from makegood.actions import policies  # noqa: PLC0415 - Django is set up by now
    from makegood.records.models import Service, Staff, Team, WorkingCalendar  # noqa: PLC0415 - as above
    from makegood.rules.severity import Severity  # noqa: PLC0415 - as above

    calendar = WorkingCalendar.objects.create(
        name="office",
        zone="Europe/London",
        week=[[[540, 1020]]] * 5 + [[], []],
        known_until=now.date() + timedelta(days=1000),
    )
    team = Team.objects.create(name="networks", calendar=calendar)
    owner = Staff.objects.create(email="laura@example.org", name="Laura Bennett", team=team)
    services = [
        Service.objects.create(name=name, function="connection", team=team)
        for name in ("bare", "hit")
    ]
    terms = policies.snapshot(team, Severity.P3)
    return {
        "team": team.pk, "owner": owner.pk, "policy": terms.id,
        "service": services[0].pk, "hit": services[1].pk, "now": now,
    }  # fmt: skip


def _fill(url: str, count: int, *, service: int, now: datetime) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM records_customer").fetchone()
        after = row[0] if row else 0
        connection.execute(_CUSTOMERS.replace("i % ", "i %% "), {"now": now, "count": count})
        connection.execute(_ASSETS, {"service": service, "after": after})
        connection.execute("VACUUM ANALYZE records_customer, records_asset")
    return int(after)


def _bare(
    connection: "psycopg.Connection", made: dict[str, Any], *, after: int, count: int, now: datetime
) -> float:
    values = made | {
        "after": after, "limit": BATCH, "now": now, "iso": now.isoformat(),
        "due": now + timedelta(hours=6), "warn": now + timedelta(hours=3),
    }  # fmt: skip
    began, done = time.perf_counter(), 0
    while done < count:
        row = connection.execute(_BARE, values).fetchone()
        assert row is not None
        values["after"], done = row[0], done + row[1]
    return time.perf_counter() - began


def _spread(made: dict[str, Any], *, now: datetime) -> dict[str, float]:
    from makegood.actions import incidents  # noqa: PLC0415 - Django is set up by now
    from makegood.actions.incidents import Outage, Truth  # noqa: PLC0415 - as above
    from makegood.clockwork.spreading import sweep_incidents  # noqa: PLC0415 - as above
    from makegood.records.models import Service, Staff  # noqa: PLC0415 - as above
    from makegood.rules.severity import Harm  # noqa: PLC0415 - as above

    owner = Staff.objects.get(pk=made["owner"])
    outage = Outage(
        service=Service.objects.get(pk=made["hit"]), area="EX4 4QJ", title="No broadband",
        harm=Harm.LOST, failed_at=now, known_at=now,
    )  # fmt: skip
    truth = Truth(words="A cable was cut.", due_at=now + timedelta(hours=2))
    incident = incidents.declare(outage, truth, owner=owner, by=owner, now=now)
    sweep_incidents(now=now, rounds=1)  # everything is imported by then
    before = _megabytes()
    began = time.perf_counter()
    opened = sweep_incidents(now=now)
    seconds = time.perf_counter() - began
    grew = _megabytes() - before
    later = now + timedelta(hours=1)
    again = Truth(words="It is being spliced.", due_at=later + timedelta(hours=2))
    incidents.say(incident.pk, again, by=owner, now=later)
    began = time.perf_counter()
    sweep_incidents(now=later)
    told_seconds = time.perf_counter() - began
    last = later + timedelta(hours=1)
    over = Truth(words="It works again.", due_at=last + timedelta(hours=2))
    incidents.end(incident.pk, over, at=last, evidence="Measured.", by=owner, now=last)
    began = time.perf_counter()
    sweep_incidents(now=last)
    return {
        "opened": opened,
        "seconds": seconds,
        "grew_mb": grew,
        "told_seconds": told_seconds,
        "asked_seconds": time.perf_counter() - began,
        "grew_in_all_mb": _megabytes() - before,
    }


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--customers", type=int, default=CUSTOMERS)
    run(customers=asked.parse_args().customers)
