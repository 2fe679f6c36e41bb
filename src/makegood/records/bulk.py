"""Sets of rows, locked and written at once: what the clock's sweeps are made of.

Plain SQL on psycopg, since a sweep handles hundreds of rows in a few statements. Cases are locked
together with their promises and never waited for, so that sweeps cannot deadlock, neither with
each other nor with people at the desk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection

from makegood.records.rows import Row
from makegood.rules.severity import Severity
from makegood.rules.timeline import GENESIS, Entry, Head


@dataclass(frozen=True, kw_only=True, slots=True)
class DuePromise:
    """What a sweep needs to know of one promise that it has locked, and of its case.

    `needs_call`: it is of a call, a number is known, and no other call is promised.
    """

    id: int
    case: int
    severity: int
    said_at: datetime
    due_at: datetime
    grace: timedelta
    zone: str
    language: str
    policy: int
    rungs_spoken: int
    owner: int
    owner_name: str
    team: int
    is_canary: bool
    breaks: int
    customer_minutes: int
    was_revised: bool
    needs_call: bool
    seq: int
    hash: bytes

    @property
    def head(self) -> Head:
        """Where the timeline of its case ended when it was locked."""
        return Head(seq=self.seq, hash=self.hash)


_LOCK_JUDGEABLE = """
    SELECT p.id FROM records_promise p JOIN records_case c ON c.id = p.case_id
    WHERE p.outcome IS NULL AND p.severity = %s AND p.judge_at < %s
    ORDER BY p.judge_at LIMIT %s FOR NO KEY UPDATE OF p, c SKIP LOCKED
"""
_LOCK_ESCALATING = """
    SELECT p.id FROM records_promise p JOIN records_case c ON c.id = p.case_id
    WHERE p.escalate_at IS NOT NULL AND p.escalate_at <= %s AND p.due_at > %s
    ORDER BY p.escalate_at LIMIT %s FOR NO KEY UPDATE OF p, c SKIP LOCKED
"""
_LOCK_SPEAKING_AGAIN = """
    SELECT e.id, e.promise_id FROM records_escalation e
    JOIN records_promise p ON p.id = e.promise_id JOIN records_case c ON c.id = e.case_id
    WHERE e.speak_again_at IS NOT NULL AND e.speak_again_at <= %s
      AND (%s::bigint IS NULL OR e.promise_id = %s)
    ORDER BY e.speak_again_at LIMIT %s FOR NO KEY UPDATE OF e, p, c SKIP LOCKED
"""
# A statement of its own: what was committed while we came to the locks is only seen by now.
_DETAILS = """
    SELECT p.id, p.case_id, p.severity, p.said_at, p.due_at, p.grace, p.zone, u.language,
           p.policy_id, p.rungs_spoken, c.owner_id, s.name, c.team_id, c.is_canary,
           (SELECT count(*) FROM records_promise b
             WHERE b.case_id = c.id AND b.outcome = 'broken'),
           (SELECT coalesce(sum(k.hold_minutes + k.talk_minutes + k.other_minutes), 0)
              FROM records_contact k WHERE k.case_id = c.id),
           p.due_at <> p.first_due_at,
           p.kind = 'callback' AND NOT c.is_canary
           AND (u.phone <> '' OR EXISTS (SELECT FROM records_reply r
                                          WHERE r.case_id = c.id AND r.phone <> ''))
           AND NOT EXISTS (SELECT FROM records_promise o WHERE o.case_id = c.id
                              AND o.kind = 'callback' AND o.outcome IS NULL
                              AND o.id <> ALL(%s)),
           coalesce(head.seq, 0), coalesce(head.hash, %s)
      FROM records_promise p
      JOIN records_case c ON c.id = p.case_id
      JOIN records_staff s ON s.id = c.owner_id
      JOIN records_customer u ON u.id = c.customer_id
      LEFT JOIN LATERAL (SELECT t.seq, t.hash FROM records_timelineentry t
                          WHERE t.case_id = c.id ORDER BY t.seq DESC LIMIT 1) head ON true
     WHERE p.id = ANY(%s)
     ORDER BY p.severity, p.due_at, p.id
"""
_FORGET = """
    DELETE FROM records_setaside s USING records_promise p
     WHERE p.id = s.promise_id AND CASE
           WHEN s.sweep = 'judge' THEN p.judge_at IS DISTINCT FROM s.retry_at
           WHEN p.judge_at - p.due_at <> p.grace THEN false -- its judgement had failed before
           WHEN s.sweep = 'escalate' THEN p.escalate_at IS DISTINCT FROM s.retry_at
           ELSE NOT EXISTS (SELECT 1 FROM records_escalation e
                             WHERE e.promise_id = p.id AND e.speak_again_at = s.retry_at) END
"""


def severities_due(now: datetime) -> list[int]:
    """The severities in which a promise's time to be judged has passed, the severest first."""
    return _ids(
        "SELECT s FROM generate_series(%s, %s) s WHERE EXISTS (SELECT 1 FROM records_promise"
        " WHERE outcome IS NULL AND severity = s AND judge_at < %s) ORDER BY s",
        (int(min(Severity)), int(max(Severity)), now),
    )


def lock_judgeable(*, severity: int, now: datetime, limit: int) -> list[int]:
    """Lock the open promises of one severity whose time to be judged has passed, oldest first."""
    return _ids(_LOCK_JUDGEABLE, (severity, now, limit))


def lock_escalating(*, now: datetime, limit: int) -> list[int]:
    """Lock the open promises whose next rung should speak by now and that are not yet due."""
    return _ids(_LOCK_ESCALATING, (now, now, limit))


def lock_speaking_again(*, now: datetime, limit: int, promise: int | None = None) -> dict[int, int]:
    """Lock the escalations that should speak again; the promise of each, by escalation.

    :param promise: only those of this promise.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_SPEAKING_AGAIN, (now, promise, promise, limit))
        return dict(cursor.fetchall())


def judgeable(now: datetime, limit: int) -> list[int]:
    """The promises that `lock_judgeable` would take, severity by severity, without taking them."""
    found: list[int] = []
    for severity in Severity:
        found += _ids(
            "SELECT id FROM records_promise WHERE outcome IS NULL AND severity = %s"
            " AND judge_at < %s ORDER BY judge_at LIMIT %s",
            (severity, now, limit - len(found)),
        )
    return found


def judgeable_of(promise: int, *, now: datetime) -> list[int]:
    """The promise itself if its time to be judged has passed, else nothing."""
    return _ids(
        "SELECT id FROM records_promise WHERE id = %s AND outcome IS NULL AND judge_at < %s",
        (promise, now),
    )


def escalating(now: datetime, limit: int) -> list[int]:
    """The promises that `lock_escalating` would take, without taking them."""
    return _ids(
        "SELECT id FROM records_promise WHERE escalate_at IS NOT NULL AND escalate_at <= %s"
        " AND due_at > %s ORDER BY escalate_at LIMIT %s",
        (now, now, limit),
    )


def escalating_of(promise: int, *, now: datetime) -> list[int]:
    """The promise itself if its next rung should speak by now, else nothing."""
    return _ids(
        "SELECT id FROM records_promise WHERE id = %s AND escalate_at <= %s AND due_at > %s",
        (promise, now, now),
    )


def speaking_again(now: datetime, limit: int) -> list[int]:
    """The promises of the escalations that `lock_speaking_again` would take."""
    return _ids(
        "SELECT promise_id FROM (SELECT promise_id, speak_again_at FROM records_escalation"
        " WHERE speak_again_at IS NOT NULL AND speak_again_at <= %s"
        " ORDER BY speak_again_at LIMIT %s) due GROUP BY promise_id ORDER BY min(speak_again_at)",
        (now, limit),
    )


def lock_open(promises: Sequence[int]) -> list[int]:
    """Lock these promises, as far as they are open, with their cases; waits for nobody."""
    return _ids(
        "SELECT p.id FROM records_promise p JOIN records_case c ON c.id = p.case_id"
        " WHERE p.outcome IS NULL AND p.id = ANY(%s) FOR NO KEY UPDATE OF p, c SKIP LOCKED",
        (list(promises),),
    )


def read_due(promises: Sequence[int]) -> list[DuePromise]:
    """What the sweeps need of locked promises: severest first, then the longest overdue."""
    names = [field.name for field in fields(DuePromise)]
    with connection.cursor() as cursor:
        cursor.execute(_DETAILS, (list(promises), GENESIS, list(promises)))
        return [DuePromise(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def next_ids(table: str, count: int) -> list[int]:
    """Ids for rows that are about to be copied into a table, from its own sequence."""
    return _ids(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        (table, count),
    )


def copy_in(rows: Sequence[Row]) -> None:
    """Write new rows of one kind."""
    if rows:
        columns = tuple(field.name for field in fields(rows[0]))
        _copy(rows[0].TABLE, columns, map(attrgetter(*columns), rows))


def copy_timeline(entries: Sequence[Entry]) -> None:
    """Append entries; PostgreSQL checks each link and each hash."""
    columns = (
        *("case_id", "seq", "kind", "happened_at", "recorded_at", "body"),
        *("prev_seq", "prev_hash", "hash"),
    )
    rows = (
        (
            *(e.case, e.seq, e.kind, e.happened_at, e.recorded_at, e.body),
            *(e.seq - 1 or None, e.prev_hash, e.hash),
        )
        for e in entries
    )
    if entries:
        _copy("records_timelineentry", columns, rows)


def settle_broken(promises: Sequence[int], *, now: datetime) -> None:
    """Settle locked promises as broken, as of the moment each fell due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_promise SET outcome = 'broken', settled_at = due_at,"
            " settled_recorded_at = %s, judge_at = NULL, escalate_at = NULL WHERE id = ANY(%s)",
            (now, list(promises)),
        )


def move_rungs(steps: Sequence[tuple[int, int, datetime | None]]) -> None:
    """Note (promise, rungs spoken, when the next one speaks) for locked promises."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_promise p SET rungs_spoken = v.spoken, escalate_at = v.next_at"
            " FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) v (id, spoken, next_at)"
            " WHERE p.id = v.id",
            tuple(list(column) for column in zip(*steps, strict=True)),
        )


def forget_through() -> int:
    """Forget what was set aside and whose clock no longer shows the time of its next try."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        return int(cursor.rowcount)


def _ids(sql: str, parameters: tuple[Any, ...]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def _copy(table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    # In the binary form, which takes Python and PostgreSQL a third of the time of text.
    types = _types(table, columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


@lru_cache(maxsize=16)
def _types(table: str, columns: tuple[str, ...]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, atttypid FROM pg_attribute WHERE attrelid = %s::regclass", (table,)
        )
        found = dict(cursor.fetchall())
    return tuple(found[column] for column in columns)
