"""The next moment at which a sweep has something to do: a few looks at the ends of indexes."""

from datetime import datetime

from django.db import connection

from makegood.rules.severity import Severity

_JUDGEMENTS = ", ".join(
    f"(SELECT min(judge_at) FROM records_promise WHERE outcome IS NULL AND severity = {severity:d})"  # noqa: S608 - a number of ours
    for severity in Severity
)
# A rung that has not spoken when its promise fell due never speaks: only the break does.
_NEXT = f"""
    SELECT least({_JUDGEMENTS},
        (SELECT min(escalate_at) FROM records_promise
          WHERE escalate_at IS NOT NULL AND due_at > %s),
        (SELECT min(message_at) FROM records_promise
          WHERE outcome IS NULL AND message_at IS NOT NULL),
        (SELECT min(speak_again_at) FROM records_escalation WHERE speak_again_at IS NOT NULL),
        (SELECT min(day_end_at) FROM records_team WHERE day_end_at IS NOT NULL),
        (SELECT min(look_at) FROM records_entitlement WHERE look_at IS NOT NULL),
        (SELECT min(look_at) FROM records_crew WHERE look_at IS NOT NULL),
        (SELECT min(look_at) FROM records_visit WHERE look_at IS NOT NULL),
        (SELECT min(look_at) FROM records_roundrun WHERE look_at IS NOT NULL),
        (SELECT min(look_at) FROM records_incidentwatch WHERE look_at IS NOT NULL),
        (SELECT min(owed_from) FROM records_incidentwatch WHERE owed_from IS NOT NULL),
        (SELECT min(act_at) FROM records_asking WHERE ended_at IS NULL),
        (SELECT min(act_at) FROM records_doubt WHERE act_at IS NOT NULL),
        (SELECT min(act_at) FROM records_lesson WHERE act_at IS NOT NULL),
        (SELECT min(act_at) FROM records_repeat WHERE act_at IS NOT NULL),
        (SELECT min(tell_at) FROM records_improvement WHERE tell_at IS NOT NULL),
        (SELECT min(due_at) FROM records_approvalrequest WHERE decided_at IS NULL),
        (SELECT min(r.pay_by) FROM records_remedy r
          WHERE r.outcome IS NULL AND r.late_minor > 0 AND NOT EXISTS
                (SELECT 1 FROM records_remedy s WHERE s.late_for_id = r.id)))
"""  # noqa: S608 - fixed text


def next_due(*, now: datetime) -> datetime | None:
    """The earliest moment that any clock shows, which may have passed; None if none is set."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, (now,))
        row = cursor.fetchone()
    return row[0] if row else None
