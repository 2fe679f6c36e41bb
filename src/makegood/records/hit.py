"""Whom an incident hits, read and locked by the thousand: customers, and their cases.

Plain SQL on psycopg, as in `bulk`. Customers are locked before their cases are looked for, as
intake does it, so that news of the same customer waits and no second case is opened.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection

from makegood.rules.timeline import GENESIS, Head


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A customer who depends on the service, and the asset by which they do most."""

    customer: int
    asset: int
    is_critical: bool
    is_vulnerable: bool
    postcode: str
    zone: str
    language: str
    email: str
    phone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HitCase:
    """A case of an incident, as it was locked; `news` is its open promise of news, if any."""

    case: int
    customer: int
    reference: str
    severity: int
    zone: str
    language: str
    email: str
    phone: str
    owner_name: str
    team: int
    news: int | None
    seq: int
    hash: bytes

    @property
    def head(self) -> Head:
        """Where the timeline of the case ended when it was locked."""
        return Head(seq=self.seq, hash=self.hash)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """By what a case was closed: a contact, an asking or a parting, as `closer` names it."""

    closer: str
    by: int
    owner_is_here: bool


_ASSETS = """
    SELECT DISTINCT ON (a.customer_id) a.customer_id, a.id, a.criticality = 'critical',
           u.vulnerable, u.postcode, u.zone, u.language, u.email, u.phone
      FROM records_asset a JOIN records_customer u ON u.id = a.customer_id
     WHERE a.service_id = %s AND a.retired_at IS NULL AND a.customer_id > %s
"""
_EACH = " ORDER BY a.customer_id, a.criticality = 'critical' DESC, a.id LIMIT %s"
_HIT = _ASSETS + _EACH
# A round with stops hits those, or those of them that were missed.
_HIT_STOPS = f"""{_ASSETS}
       AND a.id IN (SELECT s.asset_id FROM records_roundstop s
                      JOIN records_roundrun r ON r.round_id = s.round_id
                     WHERE r.incident_id = %s
                       AND (r.outcome = 'missed' OR s.id = ANY(r.missed_stops))) {_EACH}
"""  # noqa: S608 - fixed text
_WITH_A_CASE = """
    SELECT DISTINCT c.customer_id FROM records_case c JOIN records_asset a ON a.id = c.asset_id
     WHERE c.customer_id = ANY(%s) AND c.closed_at IS NULL AND a.service_id = %s
"""
_CASES = """
    SELECT c.id, c.customer_id, c.reference, c.severity, u.zone, u.language, u.email, u.phone,
           s.name, c.team_id,
           (SELECT p.id FROM records_promise p WHERE p.case_id = c.id AND p.kind = 'news'
             AND p.outcome IS NULL ORDER BY p.due_at, p.id LIMIT 1),
           coalesce(head.seq, 0), coalesce(head.hash, %s)
      FROM records_case c
      JOIN records_customer u ON u.id = c.customer_id
      JOIN records_staff s ON s.id = c.owner_id
      LEFT JOIN LATERAL (SELECT t.seq, t.hash FROM records_timelineentry t
                          WHERE t.case_id = c.id ORDER BY t.seq DESC LIMIT 1) head ON true
     WHERE c.id = ANY(%s) AND c.closed_at IS NULL ORDER BY c.id
"""
_LOCK_CASES = """
    SELECT id FROM records_case
     WHERE incident_id = %s AND closed_at IS NULL AND id > %s AND id <= %s
     ORDER BY id LIMIT %s FOR NO KEY UPDATE
"""
# An incident with those that turned out to be part of it, and with the parts of those.
_FAMILY = """
    WITH RECURSIVE family AS (
        SELECT %s::bigint id
        UNION SELECT i.id FROM records_incident i JOIN family f ON i.merged_into_id = f.id)
    SELECT id FROM family
"""
# The incident of which one turned out to be a part, and of which that one did.
_WHOLE = """
    WITH RECURSIVE up AS (
        SELECT id, merged_into_id FROM records_incident WHERE id = %s
        UNION SELECT i.id, i.merged_into_id
                FROM records_incident i JOIN up ON i.id = up.merged_into_id)
    SELECT id FROM up WHERE merged_into_id IS NULL
"""
# Of all that began before, each as what it was part of in the end, the newest that lasted.
_EXPLAINING = """
    WITH RECURSIVE up AS (
        SELECT id AS began, failed_at, id, merged_into_id FROM records_incident
         WHERE service_id = %(service)s AND area = ANY(%(areas)s) AND failed_at <= %(at)s
           AND (over_at IS NULL OR over_at >= %(at)s OR merged_into_id IS NOT NULL)
        UNION SELECT up.began, up.failed_at, i.id, i.merged_into_id
                FROM records_incident i JOIN up ON i.id = up.merged_into_id)
    SELECT up.id FROM up JOIN records_incident i ON i.id = up.id
     WHERE i.merged_into_id IS NULL AND NOT i.was_false
       AND (i.over_at IS NULL OR i.over_at >= %(at)s)
     ORDER BY up.failed_at DESC, up.began DESC LIMIT 1
"""
# A closed case only where it is the last of its customer, so that nobody is given it twice.
_GIVEN = """
    c.incident_id = ANY(%s) AND NOT c.is_canary
       AND (c.closed_at IS NULL
         OR NOT EXISTS (SELECT FROM records_erasure e WHERE e.customer_id = c.customer_id)
        AND NOT EXISTS (SELECT FROM records_case o
                         WHERE o.customer_id = c.customer_id AND o.id <> c.id
                           AND o.incident_id = ANY(%s) AND NOT o.is_canary
                           AND (o.closed_at IS NULL OR o.id > c.id)))
"""
_LOCK_GIVEN = f"""
    SELECT c.id FROM records_case c WHERE {_GIVEN} AND c.id > %s AND c.id <= %s
     ORDER BY c.id LIMIT %s FOR NO KEY UPDATE
"""  # noqa: S608 - fixed text
_CLOSED = """
    SELECT c.id,
           CASE WHEN c.closed_by_contact_id IS NOT NULL THEN 'contact'
                WHEN c.closed_by_asking_id IS NOT NULL THEN 'asking' ELSE 'parting' END,
           coalesce(c.closed_by_contact_id, c.closed_by_asking_id, c.closed_by_parting_id),
           s.is_active
      FROM records_case c JOIN records_staff s ON s.id = c.owner_id
     WHERE c.id = ANY(%s) AND c.closed_at IS NOT NULL
"""
_TO_JOIN = """
    SELECT c.id FROM records_case c JOIN records_asset a ON a.id = c.asset_id
     WHERE a.service_id = %s AND c.customer_id = ANY(%s) AND c.closed_at IS NULL
       AND c.incident_id IS NULL ORDER BY c.id FOR NO KEY UPDATE OF c
"""
# As the law of remedies judges each of them, so that one does not stop its batch.
_KEPT_FROM = """
    SELECT c.id FROM records_incidentremedy d, records_case c
     WHERE d.id = %s AND c.incident_id = d.incident_id
       AND (is_ones_own(d.decided_by_id, c.customer_id)
            OR d.to_one_minor < d.amount_minor + given_to(
               c.customer_id, d.currency, CASE d.scheme WHEN '' THEN 'goodwill' ELSE 'scheme' END,
               %s - make_interval(days => d.period_days)))
       AND c.id = ANY(%s)
"""


def read_hit(*, service: int, after: int, limit: int, stops_of: int | None = None) -> list[Hit]:
    """The customers of a service after one, by id, each once.

    :param stops_of: an incident of a round: only those at whose stops it did not come.
    """
    names = [field.name for field in fields(Hit)]
    if stops_of is None:
        rows = _rows(_HIT, service, after, limit)
    else:
        rows = _rows(_HIT_STOPS, service, after, stops_of, limit)
    return [Hit(**dict(zip(names, row, strict=True))) for row in rows]


def lock_customers(customers: Sequence[int]) -> None:
    """Let news of these customers wait until this transaction ends."""
    _rows(
        "SELECT id FROM records_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        list(customers),
    )


def with_a_case(customers: Sequence[int], *, service: int) -> set[int]:
    """Those of some customers who have an open case about the service already."""
    return {row[0] for row in _rows(_WITH_A_CASE, list(customers), service)}


def lock_to_join(customers: Sequence[int], *, service: int) -> list[int]:
    """Lock the open cases of some customers about the service that belong to no incident."""
    return [row[0] for row in _rows(_TO_JOIN, service, list(customers))]


def lock_cases(*, incident: int, after: int, upto: int, limit: int) -> list[int]:
    """Lock open cases of an incident, by id."""
    return [row[0] for row in _rows(_LOCK_CASES, incident, after, upto, limit)]


def family(incident: int) -> list[int]:
    """An incident and all that turned out to be part of it."""
    return [row[0] for row in _rows(_FAMILY, incident)]


def whole_of(incident: int) -> int:
    """The incident of which one turned out to be a part, however often; itself if of none."""
    return int(_rows(_WHOLE, incident)[0][0])


def hold_news(service: int) -> None:
    """Let what is new of a service's incidents be said only when this transaction has ended.

    Not the incident itself is held: the clock takes that before customers, and who takes in a
    report takes the customer first, so the two could wait for each other.
    """
    _rows("SELECT id FROM records_service WHERE id = %s FOR SHARE", service)


def explaining(failed_at: datetime, *, service: int, areas: Sequence[str]) -> int | None:
    """The newest incident of a service in one of some areas that lasted when something failed."""
    asked: dict[str, Any] = {"service": service, "areas": list(areas), "at": failed_at}
    with connection.cursor() as cursor:
        cursor.execute(_EXPLAINING, asked)
        found = cursor.fetchone()
    return int(found[0]) if found else None


def lock_given(*, incidents: Sequence[int], after: int, upto: int, limit: int) -> list[int]:
    """Lock the cases of some incidents that are given what everybody is, closed ones as well."""
    family = list(incidents)
    return [row[0] for row in _rows(_LOCK_GIVEN, family, family, after, upto, limit)]


def count_given(incidents: Sequence[int]) -> int:
    """To how many cases something would go that everybody is given."""
    sql = f"SELECT count(*) FROM records_case c WHERE {_GIVEN}"  # noqa: S608 - fixed text
    return int(_rows(sql, list(incidents), list(incidents))[0][0])


def read_closed(cases: Sequence[int]) -> dict[int, Closed]:
    """Those of some locked cases that are closed, and by what."""
    return {
        case: Closed(closer=closer, by=by, owner_is_here=here)
        for case, closer, by, here in _rows(_CLOSED, list(cases))
    }


def open_again(cases: Sequence[int]) -> None:
    """Let locked cases be open, and nobody be asked meanwhile why they happened."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_case SET closed_at = NULL, closed_by_contact_id = NULL,"
            " closed_by_asking_id = NULL, closed_by_parting_id = NULL WHERE id = ANY(%s)",
            (list(cases),),
        )
        cursor.execute(
            "UPDATE records_lesson SET act_at = NULL"
            " WHERE case_id = ANY(%s) AND act_at IS NOT NULL",
            (list(cases),),
        )


def read_cases(cases: Sequence[int]) -> list[HitCase]:
    """What is needed of locked cases. A statement of its own, to see what was committed by then."""
    names = [field.name for field in fields(HitCase)]
    rows = _rows(_CASES, GENESIS, list(cases))
    return [HitCase(**dict(zip(names, row, strict=True))) for row in rows]


def kept_from(remedy: int, *, cases: Sequence[int], now: datetime) -> set[int]:
    """Those of some cases of an incident that may not have its remedy.

    Who decided on it may be close to a customer, or a customer was given too much already.
    """
    return {row[0] for row in _rows(_KEPT_FROM, remedy, now, list(cases))}


def leave_out(cases: Collection[int], *, remedy: int) -> None:
    """Leave cases to people, that an incident's remedy does not go to; each once."""
    if not cases:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_leftout (remedy_id, case_id) SELECT %s, unnest(%s::bigint[])"
            " ON CONFLICT DO NOTHING",
            (remedy, sorted(cases)),
        )


def join(cases: Sequence[int], *, incident: int) -> None:
    """Let locked cases belong to an incident."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_case SET incident_id = %s"
            " WHERE id = ANY(%s) AND incident_id IS DISTINCT FROM %s",
            (incident, list(cases), incident),
        )


def taken_references(references: Sequence[str]) -> set[str]:
    """Those of some references that a case has already."""
    sql = "SELECT reference FROM records_case WHERE reference = ANY(%s)"
    return {row[0] for row in _rows(sql, list(references))}


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL takes any value
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
