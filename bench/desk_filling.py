"""A company after two years: cases of which a tenth are open, with five promises and what was said.

Written straight into the tables while triggers rest; every CHECK holds all the same. What search
needs is made at the end by the database's own function. One owner has 300 open cases, and one
case a very long history.
"""

import random
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bench import filling
from makegood.records.models import Staff, Team
from makegood.rules.severity import Severity

CASES = 200_000
PROMISES_EACH = 5
NOTES = 20_000  # different ones; each is said by several
LONG = 300  # promises, and as many contacts, on the one long case
BUSY_OWNER_CASES = 300
RARE_WORD = "zanzibar"
FREQUENT_WORD = "collected"

_FIRST = "Laura David Ann Omar Maria Jean Priya Tom Eva Li Noah Mia Zoë Jürgen Aisha Ivan".split()  # noqa: SIM905 - a list of names
_ENDS = "son man er ley ford ham ton well field wood berg stein ova escu".split()  # noqa: SIM905 - as above
_STREETS = "Elm High Church Station Mill Park Green Harbour Garden River Castle Bridge".split()  # noqa: SIM905 - as above
_SOUNDS = "ba be bi bo da de di do ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro ta te ti to".split()  # noqa: E501, SIM905 - as above
_TITLES = [
    ("Food bin not collected", "hygiene"),
    ("Parcel not delivered", "goods"),
    ("Charged twice", "money"),
    ("No heating since the morning", "shelter"),
    ("Line is down again", "connection"),
    ("Alarm link lost", "security"),
    ("Train cancelled and not refunded", "travel"),
    ("Garden waste left on the pavement", "comfort"),
]

# Open: the newest tenth but a few, and a few old ones that nobody could finish.
_OPEN = "(i > %(n)s * 0.925 OR i %% 37 = 0)"
_KNOWN = "(%(now)s::timestamptz - interval '730 days' * ((%(n)s - i + 1)::float8 / %(n)s))"
_OWNER = """(CASE WHEN i > %(n)s - %(busy)s THEN (%(owners)s::bigint[])[1]
    ELSE (%(owners)s::bigint[])[2 + i %% (cardinality(%(owners)s::bigint[]) - 1)] END)"""
_TEAM = """(CASE WHEN i > %(n)s - %(busy)s THEN (%(teams)s::bigint[])[1]
    ELSE (%(teams)s::bigint[])[2 + i %% (cardinality(%(teams)s::bigint[]) - 1)] END)"""
_SEVERITY = (
    "(CASE WHEN i %% 20 < 1 THEN 1 WHEN i %% 20 < 4 THEN 2 WHEN i %% 20 < 14 THEN 3 ELSE 4 END)"
)
_NOTE = "(SELECT words FROM bench_note WHERE id = 1 + ({salt}) %% {notes})"


def _note(salt: str) -> str:
    """What somebody said; `salt` chooses."""
    return _NOTE.format(salt=salt, notes=NOTES)


_CUSTOMERS = """
    INSERT INTO records_customer (id, uuid, name, email, phone, address, postcode, zone,
        vulnerable, since)
    SELECT i, gen_random_uuid(),
           (%(first)s::text[])[1 + i %% cardinality(%(first)s::text[])] || ' '
             || (%(last)s::text[])[1 + (i * 7919) %% cardinality(%(last)s::text[])],
           'customer' || i || '@example.org', '07' || lpad((i * 7919 %% 1000000000)::text, 9, '0'),
           (1 + i %% 200) || ' ' || (%(streets)s::text[])[1 + i %%
               cardinality(%(streets)s::text[])] || ' Road',
           'N' || (1 + i %% 90) || ' ' || (i %% 9) || 'AB', 'Europe/London', i %% 50 = 0, %(now)s
      FROM generate_series(1, %(customers)s) i
"""
_ASSETS = f"""
    INSERT INTO records_asset (id, customer_id, name, place, function, criticality, external_id)
    SELECT i, i, 'thing ' || split_part({_note("i")}, ' ', 12), '', 'hygiene',
           'ordinary', 'A' || i
      FROM generate_series(1, %(customers)s) i
"""
_CASE_ROWS = f"""
    INSERT INTO records_case (id, uuid, reference, customer_id, asset_id, team_id, owner_id,
        title, wanted,
        function, harm, exposure, severity, severity_because, failed_at, known_at, recorded_at,
            closed_at,
        closed_by_contact_id, is_canary)
    SELECT i, gen_random_uuid(), 'B' || i, 1 + i %% %(customers)s, 1 + i %% %(customers)s,
        {_TEAM}, {_OWNER},
           (%(titles)s::text[])[1 + i %% cardinality(%(titles)s::text[])], 'Put it right.',
           (%(functions)s::text[])[1 + i %% cardinality(%(functions)s::text[])], 'lost', 'ordinary',
           {_SEVERITY}, 'as it is', {_KNOWN}, {_KNOWN}, {_KNOWN},
           CASE WHEN NOT {_OPEN} THEN {_KNOWN} + interval '3 hours' END,
           CASE WHEN NOT {_OPEN} THEN 3 * i END, false
      FROM generate_series(1, %(n)s::bigint) i
"""
_CONTACTS = f"""
    INSERT INTO records_contact (id, case_id, channel, direction, happened_at, recorded_at,
        hold_minutes,
        talk_minutes, other_minutes, estimated, money_minor, currency, note)
    SELECT 3 * i - 2 + k, i, 'phone', CASE WHEN k = 1 THEN 'outbound' ELSE 'inbound' END,
           {_KNOWN} + interval '1 hour' * k, {_KNOWN} + interval '1 hour' * k, 6, 4, 0, false, 0,
               '',
           {_note("i * 7919 + k")} || CASE WHEN i %% 50000 = 7 THEN ' {RARE_WORD}' ELSE '' END
      FROM generate_series(1, %(n)s::bigint) i, generate_series(0, 2) k
"""
# The last promise of an open case is open; of the others one in eight was broken.
_PROMISE_ROWS = f"""
    INSERT INTO records_promise (id, case_id, kind, words, speaker, speaker_name, said_by_id,
        channel,
        said_at, recorded_at, first_due_at, due_at, precision, zone, grace, policy_id, trace,
            severity,
        rungs_spoken, judge_at, escalate_at, outcome, settled_at, settled_recorded_at, evidence)
    SELECT {PROMISES_EACH} * (i - 1) + k, i, CASE WHEN k = 1 THEN 'news' ELSE 'callback' END,
           CASE WHEN k = 1 THEN 'You will hear from us with a date.' ELSE
               'I will call you by five. ' || left(
               {_note("i * 7919 + k")}, 40) END,
           CASE WHEN k = 1 THEN 'system' ELSE 'person' END, 'Laura Bennett', {_OWNER}, 'phone',
               said, said,
           due, due, 'instant', 'Europe/London', interval '5 minutes',
               (%(policies)s::bigint[])[{_SEVERITY}],
           '[]', {_SEVERITY}, 0,
           CASE WHEN is_open THEN due + interval '5 minutes' END,
           CASE WHEN is_open AND due - interval '2 hours' > %(now)s THEN due - interval '2 hours'
               END,
           CASE WHEN is_open THEN NULL WHEN (i + k) %% 8 = 0 THEN 'broken' ELSE 'kept' END,
           CASE WHEN NOT is_open THEN due END, CASE WHEN NOT is_open THEN due END,
           CASE WHEN is_open OR (i + k) %% 8 = 0 THEN '' ELSE 'Done, and said so.' END
      FROM generate_series(1, %(n)s::bigint) i, generate_series(1, {PROMISES_EACH}) k,
           LATERAL (SELECT k = {PROMISES_EACH} AND {_OPEN} is_open) o,
           LATERAL (SELECT CASE WHEN is_open THEN %(now)s - interval '1 hour'
                                ELSE {_KNOWN} + interval '20 minutes' * k END said) s,
           LATERAL (SELECT CASE WHEN is_open THEN %(now)s + interval '1 minute' * (10 + i %% 4000)
                                ELSE said + interval '15 minutes' END due) d
"""
_MESSAGES = """
    INSERT INTO records_message (case_id, promise_id, kind, about, queued_at, said_at,
        said_by_id, channel, words)
    SELECT p.case_id, p.id, 'apology', 'promise:' || p.id || ':broken', p.due_at,
           CASE WHEN c.closed_at IS NOT NULL OR p.id %% 9 > 0 THEN p.due_at + interval
               '5 minutes' END,
           NULL, CASE WHEN c.closed_at IS NOT NULL OR p.id %% 9 > 0 THEN 'phone' ELSE '' END,
           CASE WHEN c.closed_at IS NOT NULL OR p.id %% 9 > 0 THEN
               'I am sorry. It was our mistake.' ELSE '' END
      FROM records_promise p JOIN records_case c ON c.id = p.case_id WHERE p.outcome = 'broken'
"""
_REPORTS = f"""
    INSERT INTO records_report (source, external_id, channel, raw, happened_at, recorded_at,
        case_id)
    SELECT 'bench', i::text, 'phone', jsonb_build_object('note', 'It happened again.'), {_KNOWN},
        {_KNOWN}, i
      FROM generate_series(1, %(n)s::bigint) i
"""
_ENTRY = """
    INSERT INTO records_timelineentry (case_id, seq, kind, happened_at, recorded_at, body,
        prev_seq, prev_hash, hash)
    SELECT p.case_id, %(seq)s, 'promise_made', p.said_at, p.said_at, b.body, {prev_seq}, prev.hash,
           sha256(prev.hash || convert_to(b.body, 'UTF8'))
      FROM records_promise p {join},
           LATERAL (SELECT format(
               '{{"at":"%%s","case":%%s,"facts":{{"promise":%%s}},'
               '"kind":"promise_made","recorded":"%%s","seq":%%s}}',
               p.said_at, p.case_id, p.id, p.said_at, %(seq)s::int) body) b
     WHERE {which}
"""
_ZERO = "CROSS JOIN (SELECT decode(repeat('00', 32), 'hex') hash) prev"
_BEFORE = (
    "JOIN records_timelineentry prev ON prev.case_id = p.case_id AND prev.seq = %(seq)s::int - 1"
)
_LONG_PROMISES = """
    INSERT INTO records_promise (id, case_id, kind, words, speaker, speaker_name, said_by_id,
        channel,
        said_at, recorded_at, first_due_at, due_at, precision, zone, grace, policy_id, trace,
            severity,
        rungs_spoken, outcome, settled_at, settled_recorded_at, evidence)
    SELECT %(promises)s + k, case_id, 'callback', 'Call number ' || k, 'person', speaker_name,
        said_by_id,
           channel, moment, moment, moment + interval '1 hour', moment + interval '1 hour',
               'instant', zone, grace, policy_id,
           '[]', severity, 0, CASE WHEN k %% 4 = 0 THEN 'broken' ELSE 'kept' END, moment +
               interval '1 hour',
           moment + interval '1 hour', CASE WHEN k %% 4 = 0 THEN '' ELSE 'Called.' END
      FROM records_promise, generate_series(1, %(long)s) k,
           LATERAL (SELECT %(now)s::timestamptz - interval '2 hours' * (%(long)s - k + 2) moment) a
     WHERE case_id = %(n)s AND outcome IS NULL
"""
_LONG_CONTACTS = f"""
    INSERT INTO records_contact (id, case_id, channel, direction, happened_at, recorded_at,
        hold_minutes,
        talk_minutes, other_minutes, estimated, money_minor, currency, note)
    SELECT 3 * %(n)s + k, %(n)s, 'phone', 'inbound', moment, moment, 6, 4, 0, false, 0, '',
        {_note("k")}
      FROM generate_series(1, %(long)s) k,
           LATERAL (SELECT %(now)s::timestamptz - interval '2 hours' * (%(long)s - k + 2) moment) a
"""


def fill(cases: int = CASES, *, now: datetime) -> dict[str, Any]:
    """Write the company, and tidy the tables; returns what to look for in it."""
    values = write(cases, now=now)
    tidy()
    return values


def tidy() -> None:
    """Leave the tables as autovacuum would in a quiet hour."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, FREEZE)")
        cursor.execute("CHECKPOINT")


def write(cases: int, *, now: datetime) -> dict[str, Any]:
    """Write the company; returns what to look for in it."""
    values = _values(cases, now=now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _write_notes(cursor)
        for statement in (
            _CUSTOMERS, _ASSETS, _CASE_ROWS, _CONTACTS, _PROMISE_ROWS, _MESSAGES, _REPORTS,
        ):  # fmt: skip
            cursor.execute(statement, values)
        for seq in (1, 2, 3):
            which = f"(p.id - 1) %% {PROMISES_EACH} = {seq - 1}"
            join, before = (_ZERO, "NULL::int") if seq == 1 else (_BEFORE, f"{seq - 1}")
            statement = _ENTRY.format(join=join, which=which, prev_seq=before)
            cursor.execute(statement, values | {"seq": seq})
        _fill_long_case(cursor, values)
        for table in ("customer", "asset", "case", "contact", "promise"):
            cursor.execute(
                f"SELECT setval('records_{table}_id_seq', (SELECT max(id) FROM records_{table}))"
            )
        cursor.execute("SELECT search_fill()")
    return values


def _write_notes(cursor: Any) -> None:  # noqa: ANN401 - Django's wrapper
    """Notes of twelve words as people use them: a few very often, most of them seldom."""
    dice = random.Random(5)
    words = ["".join(dice.choices(_SOUNDS, k=dice.randint(2, 4))) for _ in range(20_000)]
    words[:6] = ["call", "today", "again", "nobody", FREQUENT_WORD, "driver"]
    notes = [
        " ".join(words[int(dice.random() ** 3 * len(words))] for _ in range(12))
        for _ in range(NOTES)
    ]
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_note ON COMMIT DROP AS SELECT id::int, words"
        " FROM unnest(%s::text[]) WITH ORDINALITY note (words, id)",
        [notes],
    )
    cursor.execute("CREATE INDEX ON bench_note (id)")
    cursor.execute("ANALYZE bench_note")


def _fill_long_case(cursor: Any, values: dict[str, Any]) -> None:  # noqa: ANN401 - Django's wrapper
    cursor.execute(_LONG_PROMISES, values)
    cursor.execute(_LONG_CONTACTS, values)
    for number in range(1, LONG + 1):
        statement = _ENTRY.format(
            join=_BEFORE, which="p.id = %(promise)s", prev_seq=f"{number + 2}"
        )
        more = {"seq": number + 3, "promise": values["promises"] + number}
        cursor.execute(statement, values | more)


def _values(cases: int, *, now: datetime) -> dict[str, Any]:
    terms = filling.company(customers=0)
    dice = random.Random(4)
    last = {
        f"{''.join(dice.choices(_SOUNDS, k=2)).title()}{end}" for end in _ENDS for _ in range(60)
    }
    above = {
        person for row in Team.objects.values_list("lead", "head", "executive") for person in row
    }
    owners = list(Staff.objects.exclude(pk__in=above).order_by("pk").values_list("pk", "team"))
    return {
        "n": cases,
        "customers": max(cases // 4, 1),
        "promises": cases * PROMISES_EACH,
        "long": LONG,
        "busy": BUSY_OWNER_CASES,
        "now": now,
        "first": _FIRST,
        "last": ["Taylor", *sorted(last)],
        "streets": _STREETS,
        "titles": [title for title, _ in _TITLES],
        "functions": [function for _, function in _TITLES],
        "owners": [owner for owner, _ in owners],
        "teams": [team for _, team in owners],
        "policies": [terms[severity] for severity in Severity],
    }
