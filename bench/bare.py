"""The baseline: a bare psycopg loop that locks the same rows and writes the same rows.

It runs in the same transactions, under the same triggers and constraints, with hashes that hold,
and writes as efficiently as we know how (binary COPY, one UPDATE over an array). It decides
nothing: whom to tell, what to say and by when are constants.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg

_LOCK = """
    SELECT p.id FROM records_promise p JOIN records_case c ON c.id = p.case_id
     WHERE p.outcome IS NULL AND p.severity = %s AND p.judge_at < %s
     ORDER BY p.judge_at LIMIT %s FOR NO KEY UPDATE OF p, c SKIP LOCKED
"""
# A statement of its own, or two sessions would read the same end of a chain: it was tried.
_READ = """
    SELECT p.id, p.case_id, p.due_at, p.severity, p.policy_id, p.grace, c.owner_id,
           head.seq, head.hash, nextval('records_promise_id_seq')
      FROM records_promise p JOIN records_case c ON c.id = p.case_id,
           LATERAL (SELECT t.seq, t.hash FROM records_timelineentry t
                     WHERE t.case_id = c.id ORDER BY t.seq DESC LIMIT 1) head
     WHERE p.id = ANY(%s)
"""
_SETTLE = """
    UPDATE records_promise SET outcome = 'broken', settled_at = due_at, settled_recorded_at = %s,
           judge_at = NULL, escalate_at = NULL WHERE id = ANY(%s)
"""
_PROMISES = """
    COPY records_promise (id, case_id, kind, words, speaker, speaker_name, channel, said_at,
        recorded_at, first_due_at, due_at, precision, zone, grace, policy_id, trace, severity,
        follows_id, rungs_spoken, judge_at, escalate_at, evidence)
    FROM STDIN (FORMAT binary)
"""
_MESSAGES = """
    COPY records_message (case_id, promise_id, kind, about, queued_at, channel, words)
    FROM STDIN (FORMAT binary)
"""
_ESCALATIONS = """
    COPY records_escalation (case_id, promise_id, broken_id, number, reason, role, staff_id,
        skipped, told_at, speak_again_at)
    FROM STDIN (FORMAT binary)
"""
_ENTRIES = """
    COPY records_timelineentry (case_id, seq, kind, happened_at, recorded_at, body, prev_seq,
        prev_hash, hash)
    FROM STDIN (FORMAT binary)
"""
_TYPES = {
    _PROMISES: "int8 int8 varchar text varchar varchar varchar timestamptz timestamptz timestamptz"
    " timestamptz varchar varchar interval int8 jsonb int2 int8 int2 timestamptz timestamptz text",
    _MESSAGES: "int8 int8 varchar varchar timestamptz varchar text",
    _ESCALATIONS: "int8 int8 int8 int4 varchar varchar int8 jsonb timestamptz timestamptz",
    _ENTRIES: "int8 int4 varchar timestamptz timestamptz text int4 bytea bytea",
}
_DAY = timedelta(days=1)
_WORDS = "You will hear from Laura Bennett with a new date by 17:00 on Tuesday 2 June 2026."


def fire(connection: psycopg.Connection, *, now: datetime, batch: int = 500) -> int:
    """Break every promise that can be judged at `now`. Returns how many."""
    total = 0
    while done := _fire_batch(connection, now=now, batch=batch):
        total += done
        if done < batch:
            break
    return total


def _fire_batch(connection: psycopg.Connection, *, now: datetime, batch: int) -> int:
    with connection.transaction(), connection.cursor() as cursor:
        locked: list[int] = []
        for severity in (1, 2, 3, 4):
            if len(locked) < batch:
                cursor.execute(_LOCK, (severity, now, batch - len(locked)))
                locked += [row[0] for row in cursor.fetchall()]
        if locked:
            rows = cursor.execute(_READ, (locked,)).fetchall()
            cursor.execute(_SETTLE, (now, locked))
            _copy_effects(cursor, rows, now)
    return len(locked)


def _copy_effects(cursor: psycopg.Cursor, rows: Sequence[tuple[Any, ...]], now: datetime) -> None:
    due, warned, heard = now + _DAY, now + _DAY * 0.9, now + _DAY * 2
    told = now.isoformat()
    _copy(cursor, _PROMISES, [
        (new, case, "news", _WORDS, "system", "Makegood", "web", now, now, due, due, "instant",
         "Europe/London", grace, policy, "[]", severity, old, 0, due + grace, warned, "")
        for old, case, _, severity, policy, grace, _, _, _, new in rows
    ])  # fmt: skip
    _copy(cursor, _MESSAGES, [
        (row[1], row[0], "apology", f"promise:{row[0]}:broken", now, "", "") for row in rows
    ])  # fmt: skip
    _copy(cursor, _ESCALATIONS, [
        (row[1], row[9], row[0], 1, "break", "lead", row[6], "[]", now, heard) for row in rows
    ])  # fmt: skip
    entries = []
    # A batch may hold two promises of one case: the second goes on where the first ended.
    ends: dict[int, tuple[int, bytes]] = {}
    for old, case, was_due, _, _, _, owner, last_seq, last_hash, new in rows:
        seq, head = ends.get(case, (last_seq, last_hash))
        facts = (
            ("promise_broken", was_due, was_due.isoformat(), f'"promise":{old}'),
            ("promise_made", now, told, f'"promise":{new}'),
            ("escalated", now, told, f'"promise":{new},"to":{owner}'),
        )
        for kind, at, text, fact in facts:
            body = (
                f'{{"at":"{text}","case":{case},"facts":{{{fact}}},"kind":"{kind}",'
                f'"recorded":"{told}","seq":{seq + 1}}}'
            )
            digest = hashlib.sha256(head + body.encode()).digest()
            entries.append((case, seq + 1, kind, at, now, body, seq or None, head, digest))
            seq, head = seq + 1, digest
        ends[case] = (seq, head)
    _copy(cursor, _ENTRIES, entries)


def _copy(cursor: psycopg.Cursor, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with cursor.copy(statement) as copy:
        copy.set_types(_TYPES[statement].split())
        for row in rows:
            copy.write_row(row)
