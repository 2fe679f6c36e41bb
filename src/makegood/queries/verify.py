"""Whether every law is still true on this database, and every hash chain verifies.

The constraints and triggers refuse what breaks a law; this looks whether anybody got past them
(by dropping one, as a superuser, or in a restored copy), and whether they are still there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from makegood.queries import (
    verify_asking,
    verify_data,
    verify_found,
    verify_honour,
    verify_money,
    verify_visits,
    verify_wall,
)
from makegood.rules import timeline

_CHUNK = 5_000
_OTHERS = (verify_money, verify_visits, verify_asking, verify_honour, verify_found, verify_data)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is not as a law demands."""

    law: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.law}: {self.where}: {self.what}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One question put to the database: rows of (where, what) are its faults."""

    law: str
    asks: str
    find: Callable[[], Iterator[tuple[str, str]]]


def run(said: Callable[[Check], None] = lambda _: None) -> list[Fault]:
    """Put every check to the database; an empty list means that every law holds.

    :param said: is told of each check before it runs, for a progress line.
    """
    faults: list[Fault] = []
    for check in checks():
        said(check)
        faults += [Fault(law=check.law, where=where, what=what) for where, what in check.find()]
    return faults


def checks() -> list[Check]:
    """Every check, in the order of the laws."""
    questions = _QUESTIONS + [asked for other in _OTHERS for asked in other.QUESTIONS]
    in_sql = [Check(law=law, asks=asks, find=_asking(sql)) for law, asks, sql in questions]
    return [
        *in_sql,
        Check(law="5 nothing lost", asks="does every hash chain verify", find=_chains),
        Check(law="5 nothing lost", asks="do kept words match their entries", find=_words),
        Check(law="the wall", asks="does it show what its cases say", find=verify_wall.find),
        Check(law="all", asks="are all triggers and constraints in place", find=_guards),
    ]


_QUESTIONS = [
    (
        "1 owned",
        "has every open case an owner who works here",
        """
        SELECT 'case ' || c.reference, 'its owner ' || s.name || ' has left'
        FROM records_case c JOIN records_staff s ON s.id = c.owner_id
        WHERE c.closed_at IS NULL
        AND NOT s.is_active
        """,
    ),
    (
        "2 never silent",
        "has every open case an open promise",
        """
        SELECT 'case ' || c.reference, 'it is open without an open promise'
        FROM records_case c
        WHERE c.closed_at IS NULL
        AND NOT EXISTS (SELECT 1
        FROM records_promise p
        WHERE p.case_id = c.id
        AND p.outcome IS NULL)
        """,
    ),
    (
        "2 never silent",
        "has no closed case an open promise",
        """
        SELECT 'case ' || c.reference, 'it is closed with an open promise'
        FROM records_case c
        WHERE c.closed_at IS NOT NULL
        AND EXISTS (SELECT 1
        FROM records_promise p
        WHERE p.case_id = c.id
        AND p.outcome IS NULL)
        """,
    ),
    (
        "2 never silent",
        "does the clock watch every open promise from its due time",
        """
        SELECT 'promise ' || p.id, 'the clock looks at it at another time than when it is due'
        FROM records_promise p
        WHERE p.outcome IS NULL
        AND (p.judge_at IS NULL
        OR p.judge_at - p.due_at <> p.grace)
        AND NOT EXISTS (SELECT 1
        FROM records_setaside s
        WHERE s.promise_id = p.id)
        """,
    ),
    (
        "3 settled once",
        "did every due time move only by revisions told in time",
        """
        SELECT 'promise ' || p.id, 'its due time is not that of its last told revision'
        FROM records_promise p
        WHERE p.due_at <> coalesce((SELECT r.new_due_at
        FROM records_promiserevision r
        WHERE r.promise_id = p.id
        AND r.told_at <= r.old_due_at
        ORDER BY r.told_recorded_at DESC, r.number DESC LIMIT 1), p.first_due_at)
        """,
    ),
    (
        "3 settled once",
        "was every promise settled in time, and once",
        """
        SELECT 'promise ' || p.id,
        'it is ' || p.outcome || ' with ' || count(t.id) || ' settlements on its timeline'
        FROM records_promise p
        LEFT JOIN records_timelineentry t ON t.case_id = p.case_id
        AND t.kind IN
        ('promise_kept', 'promise_broken', 'promise_released', 'promise_replaced')
        AND (t.body::jsonb -> 'facts' ->> 'promise')::bigint = p.id
        WHERE p.outcome IS NOT NULL
        GROUP BY p.id, p.outcome
        HAVING count(t.id) <> 1
        OR min(t.kind) <> 'promise_' || p.outcome
        """,
    ),
    (
        "3 settled once",
        "was every broken promise owned up to and followed by another",
        """
        SELECT 'promise ' || p.id, 'it broke without an apology owed or a new promise'
        FROM records_promise p JOIN records_case c ON c.id = p.case_id
        WHERE p.outcome = 'broken'
        AND NOT c.is_canary
        AND (NOT EXISTS (SELECT 1
        FROM records_message m
        WHERE m.about = 'promise:' || p.id || ':broken')
        OR NOT EXISTS (SELECT 1
        FROM records_promise n
        WHERE n.case_id = p.case_id
        AND (n.follows_id = p.id
        OR (n.follows_id IS NOT NULL
        AND n.kind = 'news'
        AND n.recorded_at = p.settled_recorded_at))))
        """,
    ),
    (
        "3 settled once",
        "was every broken promise followed up no more than once",
        """
        SELECT 'promise ' || p.follows_id, 'it was followed up ' || count(*) || ' times'
        FROM records_promise p JOIN records_promise b ON b.id = p.follows_id
        WHERE b.outcome = 'broken'
        GROUP BY p.follows_id
        HAVING count(*) > 1
        """,
    ),
    (
        "5 nothing lost",
        "has every report its case",
        """
        SELECT 'report ' || r.source || ':' || r.external_id, 'it belongs to no case'
        FROM records_report r
        WHERE r.case_id IS NULL
        """,
    ),
    (
        "5 nothing lost",
        "has every case its opening on the timeline",
        """
        SELECT 'case ' || c.reference, 'its timeline does not begin with its opening'
        FROM records_case c
        WHERE NOT EXISTS (SELECT 1
        FROM records_timelineentry t
        WHERE t.case_id = c.id
        AND t.seq = 1
        AND t.kind = 'case_opened')
        """,
    ),
]

_GUARD_TRIGGERS = frozenset(
    """
    timeline_only_grows policy_snapshot_only_grows report_stays promise_stays revision_stays
    case_stays contact_stays escalation_stays handover_stays report_stays_as_it_came
    promise_keeps_its_word promise_stays_watched promise_starts_as_it_was_given
    revision_is_told_once
    case_is_never_silent promise_settled_leaves_no_silence promise_made_on_an_open_case
    case_owner_changes_by_acceptance case_opens_with_an_owner_who_is_here
    case_reopens_with_an_owner_who_is_here
    staff_leaves_no_case_behind handover_is_answered_once contact_is_withdrawn_once
    case_closes_by_a_contact_that_stands correction_gives_the_same_word correction_stays
    settings_change_only_grows past_promise_stays token_is_only_used_and_revoked token_stays
    """.split()  # noqa: SIM905 - a list of names reads better as a list of names
)
_GUARD_CONSTRAINTS = frozenset(
    """
    timeline_hash_is_of_its_body timeline_starts_from_zero timeline_columns_are_of_the_body
    timeline_follows_the_entry_before timeline_one_entry_per_place timeline_has_no_gaps
    promise_due_after_it_was_said promise_open_and_watched_or_settled
    promise_kept_in_time_and_by_evidence promise_broken_as_of_its_due_time
    promise_ended_by_the_customers_consent_in_time revision_told_before_the_old_time
    report_once
    """.split()  # noqa: SIM905 - as above
)


def _asking(sql: str) -> Callable[[], Iterator[tuple[str, str]]]:
    def ask() -> Iterator[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            yield from cursor.fetchall()

    return ask


def _chains() -> Iterator[tuple[str, str]]:
    rows = _stream(
        "SELECT case_id, seq, body, prev_hash, hash FROM records_timelineentry"
        " ORDER BY case_id, seq"
    )
    for case, entries in groupby(rows, key=itemgetter(0)):
        fault = timeline.first_fault(
            (seq, body, bytes(prev), bytes(hash_)) for _, seq, body, prev, hash_ in entries
        )
        if fault:
            yield f"case {case}", fault


def _words() -> Iterator[tuple[str, str]]:
    rows = _stream(
        "SELECT x.case_id, x.seq, x.salt, x.words, t.body::jsonb -> 'facts' ->> 'words'"
        " FROM records_timelinetext x JOIN records_timelineentry t USING (case_id, seq)"
        " ORDER BY x.case_id, x.seq"
    )
    for case, seq, salt, words, digest in rows:
        if timeline.digest_of_words(bytes(salt), words) != digest:
            yield f"case {case}", f"the words of entry {seq} are not those that were written"


def _guards() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
        triggers = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT conname FROM pg_constraint WHERE convalidated")
        constraints = {row[0] for row in cursor.fetchall()}
    wanted = _GUARD_TRIGGERS.union(*(other.GUARD_TRIGGERS for other in _OTHERS))
    for name in sorted(wanted - triggers):
        yield f"trigger {name}", "it is missing or switched off"
    wanted = _GUARD_CONSTRAINTS.union(*(other.GUARD_CONSTRAINTS for other in _OTHERS))
    for name in sorted(wanted - constraints):
        yield f"constraint {name}", "it is missing or not validated"


def _stream(sql: str) -> Iterator[tuple[Any, ...]]:
    """Rows by a cursor of the server, so that memory does not grow with the history."""
    connection.ensure_connection()
    raw = connection.connection
    with raw.transaction(), raw.cursor(name="makegood_verify") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(sql)
        yield from cursor
