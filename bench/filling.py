"""A company with very many open promises, written straight into the tables.

Triggers rest while it is written, since a million inserts would take the morning; every CHECK
holds all the same, and the hash chains are true. Each case has one open promise, two timeline
entries and, one in three, a contact. Due times are scattered over the table, `STEP` apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from makegood.actions import policies
from makegood.records.models import Customer, Staff, Team, WorkingCalendar
from makegood.rules import policy
from makegood.rules.severity import Severity

BASE = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
"""A Monday, half an hour after the office has opened."""

STEP = timedelta(milliseconds=10)
TEAMS = 8
OWNERS_PER_TEAM = 25
CUSTOMERS = 50_000
SCATTER = 7_919_777  # shares no factor with powers of ten: i * SCATTER mod n visits every place
QUIET = timedelta(hours=3)  # what falls due before then has climbed its ladder already

_PLACE = "((i * %(scatter)s) %% %(n)s)"
_JUDGED = (
    f"(%(base)s::timestamptz + %(step)s::interval * ({_PLACE} %% %(a_minute)s)"
    f" + interval '12 hours' * ({_PLACE} / %(a_minute)s))"
)
# One in twenty is P1, three P2, ten P3 and six P4.
_SEVERITY = (
    "(CASE WHEN i %% 20 < 1 THEN 1 WHEN i %% 20 < 4 THEN 2 WHEN i %% 20 < 14 THEN 3 ELSE 4 END)"
)
_ROWS = f"""
    generate_series(1, %(n)s::bigint) i
    CROSS JOIN LATERAL (SELECT {_SEVERITY} severity) s
    CROSS JOIN LATERAL (SELECT (%(graces)s::interval[])[severity] grace, {_JUDGED} judged) j
    CROSS JOIN LATERAL (SELECT judged - grace due, judged - grace - interval '1 day' said) d
"""
_OWNER = "(%(owners)s::bigint[])[1 + i %% cardinality(%(owners)s::bigint[])]"
_TEAM = "(%(teams)s::bigint[])[1 + i %% cardinality(%(teams)s::bigint[])]"

_CASES = f"""
    INSERT INTO records_case (id, uuid, reference, customer_id, team_id, owner_id, title, wanted,
        function, harm, exposure, severity, severity_because, failed_at, known_at, recorded_at,
        is_canary)
    SELECT i, gen_random_uuid(), 'B' || i, %(first_customer)s + i %% %(customers)s, {_TEAM},
           {_OWNER}, 'Food bin not collected', '', 'hygiene', 'lost', 'ordinary', severity,
           'hygiene lost', said, said, said, false
      FROM {_ROWS}
"""
_PROMISES = f"""
    INSERT INTO records_promise (id, case_id, kind, words, speaker, speaker_name, said_by_id,
        channel, said_at, recorded_at, first_due_at, due_at, precision, zone, grace, policy_id,
        trace, severity, rungs_spoken, judge_at, escalate_at, evidence)
    SELECT i, i, 'callback', 'I will call you by the end of the day.', 'person', 'Laura Bennett',
           {_OWNER}, 'phone', said, said, due, due, 'instant', 'Europe/London', grace,
           (%(policies)s::bigint[])[severity], '[]', severity, 1, judged,
           CASE WHEN judged > %(quiet)s THEN due - interval '1 hour' END, ''
      FROM {_ROWS}
"""
_CONTACTS = f"""
    INSERT INTO records_contact (case_id, channel, direction, happened_at, recorded_at,
        hold_minutes, talk_minutes, other_minutes, estimated, money_minor, currency, note)
    SELECT i, 'phone', 'inbound', said, said, 6, 4, 0, false, 0, '', '' FROM {_ROWS}
     WHERE i %% 3 = 0
"""
_OPENED = f"""
    INSERT INTO records_timelineentry (case_id, seq, kind, happened_at, recorded_at, body,
        prev_hash, hash)
    SELECT i, 1, 'case_opened', said, said, body, genesis,
           sha256(genesis || convert_to(body, 'UTF8'))
      FROM {_ROWS}
           CROSS JOIN LATERAL (SELECT decode(repeat('00', 32), 'hex') genesis,
                           format('{{"at":"%%s","case":%%s,"facts":{{"owner":%%s}},'
                                  '"kind":"case_opened","recorded":"%%s","seq":1}}',
                                  said, i, {_OWNER}, said) body) b
"""
_MADE = f"""
    INSERT INTO records_timelineentry (case_id, seq, kind, happened_at, recorded_at, body,
        prev_seq, prev_hash, hash)
    SELECT i, 2, 'promise_made', said, said, b.body, 1, before.hash,
           sha256(before.hash || convert_to(b.body, 'UTF8'))
      FROM {_ROWS}
      JOIN records_timelineentry before ON before.case_id = i AND before.seq = 1
           CROSS JOIN LATERAL (SELECT format('{{"at":"%%s","case":%%s,"facts":{{"due":"%%s",'
                                  '"promise":%%s}},"kind":"promise_made","recorded":"%%s","seq":2}}',
                                  said, i, due, i, said) body) b
"""

# What a table can do without while it is filled: built afterwards, an index costs a fraction.
_INDEXES = """
    SELECT CASE WHEN own.oid IS NULL THEN format('DROP INDEX %%s', i.indexrelid::regclass)
                ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I', i.indrelid::regclass,
                            own.conname) END,
           CASE WHEN own.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
                ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', i.indrelid::regclass,
                            own.conname, pg_get_constraintdef(own.oid)) END
      FROM pg_index i
      LEFT JOIN pg_constraint own ON own.conindid = i.indexrelid AND own.contype = 'u'
     WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisprimary
       AND NOT EXISTS (SELECT FROM pg_constraint c
                        WHERE c.conindid = i.indexrelid AND c.contype = 'f')
"""
_TABLES = [f"records_{name}" for name in ("case", "promise", "contact", "timelineentry")]


def due_by(count: int) -> datetime:
    """The moment by which the first `count` promises can be judged."""
    return BASE + STEP * count


def fill(promises: int) -> None:
    """Write a company with so many open promises, which can be judged `STEP` after `STEP`."""
    terms = company()
    _write(_values(promises, terms))


def fill_minutes(a_minute: int, *, minutes: int, first: datetime) -> None:
    """Write a company with so many promises due within a minute, and twelve hours later again.

    They have no grace, and no rung has anything left to say.
    """
    terms = company()
    _write(
        _values(a_minute * minutes, terms)
        | {
            "a_minute": a_minute,
            "base": first,
            "step": timedelta(minutes=1) / a_minute,
            "graces": [timedelta(0)] * len(Severity),
            "quiet": first + timedelta(days=minutes),
        }
    )


def _write(values: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with _indexes_built_afterwards(cursor):
            for statement in (_CASES, _PROMISES, _CONTACTS, _OPENED, _MADE):
                cursor.execute(statement, values)
        for table in ("case", "promise"):
            cursor.execute(f"SELECT setval('records_{table}_id_seq', %s)", [values["n"]])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, FREEZE)")
        cursor.execute("CHECKPOINT")


@contextmanager
def _indexes_built_afterwards(cursor: CursorWrapper) -> Iterator[None]:
    cursor.execute(_INDEXES, [_TABLES])
    indexes = cursor.fetchall()
    for drop, _ in indexes:
        cursor.execute(drop)
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _, create in indexes:
        cursor.execute(create)


def company(*, customers: int = CUSTOMERS) -> dict[Severity, int]:
    """Write calendar, teams, people and customers; returns a snapshot of each policy."""
    office = WorkingCalendar.objects.create(
        name="office",
        zone="Europe/London",
        week=[[[540, 1020]]] * 5 + [[], []],
        known_until=date(2030, 12, 31),
    )
    teams = [Team.objects.create(name=f"team {n}", calendar=office) for n in range(TEAMS)]
    for team in teams:
        people = [
            Staff.objects.create(email=f"{team.pk}.{n}@example.org", name=_name(n), team=team)
            for n in range(OWNERS_PER_TEAM + 3)
        ]
        team.lead, team.head, team.executive = people[-3:]
        team.save()
    Customer.objects.bulk_create(
        [Customer(name=_name(n), zone="Europe/London", since=BASE) for n in range(customers)],
        batch_size=5_000,
    )
    return {severity: policies.snapshot(teams[0], severity).id for severity in Severity}


def _name(number: int) -> str:
    return f"{('Laura', 'David', 'Ann', 'Omar')[number % 4]} Number{number}"


def _values(promises: int, terms: dict[Severity, int]) -> dict[str, Any]:
    above = {
        person for row in Team.objects.values_list("lead", "head", "executive") for person in row
    }
    owners = Staff.objects.exclude(pk__in=above).order_by("pk").values_list("pk", "team")
    return {
        "n": promises,
        "a_minute": promises,
        "scatter": SCATTER,
        "base": BASE,
        "step": STEP,
        "quiet": BASE + QUIET,
        "customers": CUSTOMERS,
        "first_customer": Customer.objects.order_by("pk").values_list("pk", flat=True)[0],
        "owners": [owner for owner, _ in owners],
        "teams": [team for _, team in owners],
        "policies": [terms[severity] for severity in Severity],
        "graces": [policy.DEFAULT[severity].grace for severity in Severity],
    }
