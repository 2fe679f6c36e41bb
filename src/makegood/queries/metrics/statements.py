"""The statements that read the facts of cases: what was known of them at one moment.

Each takes the cases and `as_of`; what was recorded later, or had been taken back by then, is left
out. The first column is the case.
"""

CASES = """
    SELECT c.id, c.team_id, k.zone, c.failed_at, c.known_at,
           CASE WHEN l.cause_id IS NOT NULL THEN 'cause:' || l.cause_id
                WHEN c.known_failure_id IS NOT NULL THEN 'known:' || c.known_failure_id
                WHEN c.incident_id IS NOT NULL THEN 'incident:' || c.incident_id
                WHEN g.kind IS NOT NULL THEN 'logged:' || g.kind
                ELSE 'function:' || c.function END AS cause,
           c.severity,
           ARRAY(SELECT r.recorded_at FROM records_report r
                  WHERE r.case_id = c.id AND r.recorded_at <= %(as_of)s ORDER BY 1) AS reported,
           (SELECT count(*) FROM records_handover h
             WHERE h.case_id = c.id AND h.accepted_at <= %(as_of)s) AS handovers,
           ARRAY(SELECT o.failed_at FROM records_case o
                  WHERE o.asset_id = c.asset_id AND o.customer_id = c.customer_id
                    AND o.known_at > c.known_at AND o.recorded_at <= %(as_of)s
                  ORDER BY 1) AS again,
           l.named_at AS learned_at,
           (SELECT min(i.shipped_at) FROM records_improvement i
             WHERE i.cause_id = l.cause_id AND i.shipped_at <= %(as_of)s) AS changed_at
      FROM records_case c
      LEFT JOIN records_lesson l ON l.case_id = c.id AND l.named_at <= %(as_of)s
      -- What failed is called by a log as it calls it: of the function it knows nothing. Only what
      -- loads a log keeps the kind of a request, and the report stays as it came.
      LEFT JOIN LATERAL (
           SELECT nullif(left(r.raw ->> 'kind', 200), '') AS kind FROM records_report r
            WHERE r.case_id = c.id AND r.source LIKE 'log %%' AND r.raw ? 'kind'
            ORDER BY r.id LIMIT 1) g ON true
      JOIN records_team t ON t.id = c.team_id
      JOIN records_workingcalendar k ON k.id = t.calendar_id
     WHERE c.id = ANY(%(cases)s) AND NOT c.is_canary AND c.recorded_at <= %(as_of)s
     ORDER BY c.id
"""

# A due time as it was known then: the last date of which the customer had been told.
WORDS = """
    SELECT p.case_id AS case, p.id, p.kind,
           CASE WHEN p.speaker = 'person' THEN 'person:' || p.said_by_id
                ELSE p.speaker || ':' || p.speaker_name END AS who,
           p.speaker <> 'person' AS is_automatic,
           p.said_at, p.first_due_at, coalesce(m.new_due_at, p.first_due_at) AS due_at,
           CASE WHEN m.id IS NULL THEN p.earliest_at ELSE m.new_earliest_at END AS earliest_at,
           CASE WHEN p.settled_recorded_at <= %(as_of)s THEN p.outcome END AS outcome,
           CASE WHEN p.settled_recorded_at <= %(as_of)s THEN p.settled_at END AS settled_at,
           CASE WHEN p.settled_recorded_at <= %(as_of)s THEN p.settled_recorded_at END AS known_at,
           coalesce(m.new_due_at > p.first_due_at, false) AS moved_alone,
           m.told_at AS dated_at,
           p.speaker = 'log' AND p.first_due_at <= p.recorded_at AS is_past,
           v.crew_id AS crew, v.supplier, m2.name AS template
      FROM records_promise p
      LEFT JOIN LATERAL (
           SELECT r.id, r.new_due_at, r.new_earliest_at, r.told_at FROM records_promiserevision r
            WHERE r.promise_id = p.id AND r.told_recorded_at <= %(as_of)s
            ORDER BY r.told_recorded_at DESC, r.number DESC LIMIT 1) m ON true
      LEFT JOIN LATERAL (
           SELECT s.crew_id, o.supplier
             FROM records_visit w
             LEFT JOIN records_slot s ON s.visit_id = w.id
             LEFT JOIN records_partorder o ON o.diagnosis_id = w.diagnosis_id
            WHERE w.promise_id = p.id AND p.kind = 'visit'
            ORDER BY s.number DESC NULLS LAST, o.id DESC LIMIT 1) v ON true
      LEFT JOIN LATERAL (
           SELECT t.name FROM records_letter g JOIN records_template t ON t.id = g.template_id
             LEFT JOIN records_promiserevision n ON n.id = g.revision_id
            WHERE p.id IN (g.promise_id, g.keeps_id, n.promise_id) AND g.case_id = p.case_id
              AND g.queued_at <= %(as_of)s
            ORDER BY g.id LIMIT 1) m2 ON true
     WHERE p.case_id = ANY(%(cases)s) AND p.recorded_at <= %(as_of)s
       AND NOT EXISTS (SELECT 1 FROM records_correction k
                        WHERE k.promise_id = p.id AND k.at <= %(as_of)s)
     ORDER BY p.id
"""
# Contacts, letters that left and did not come back, and what was said of what was owed.
TOUCHES = """
    SELECT c.case_id AS case, c.happened_at AS at, c.direction = 'outbound' AS is_outbound,
           c.staff_id IS NULL AND c.direction = 'outbound' AS is_automatic, false AS is_receipt,
           (c.direction = 'inbound' AND c.channel = 'signal') OR EXISTS (
               SELECT 1 FROM records_timelineentry e
                WHERE e.case_id = c.case_id AND e.kind = 'case_closed'
                  AND (e.body::jsonb -> 'facts' ->> 'contact')::bigint = c.id) AS is_answer,
           c.hold_minutes + c.talk_minutes + c.other_minutes AS minutes,
           c.estimated AS is_estimated,
           c.money_minor AS lost_minor, c.currency, NULL::bigint AS tells,
           CASE WHEN c.staff_id IS NOT NULL THEN c.talk_minutes ELSE 0 END AS staff_minutes,
           c.told_again, c.channel IN ('phone', 'in_person') AS is_aloud
      FROM records_contact c
     WHERE c.case_id = ANY(%(cases)s) AND c.recorded_at <= %(as_of)s
       AND (c.withdrawn_at IS NULL OR c.withdrawn_at > %(as_of)s)
    UNION ALL
    SELECT l.case_id, coalesce(l.delivered_at, l.sent_at), true, l.is_automatic,
           l.kind = 'receipt', false, 0, false, 0, '', l.promise_id, 0, false, false
      FROM records_letter l
     WHERE l.case_id = ANY(%(cases)s) AND coalesce(l.delivered_at, l.sent_at) <= %(as_of)s
       AND (l.bounced_at IS NULL OR l.bounced_at > %(as_of)s)
    UNION ALL
    SELECT DISTINCT m.case_id, m.said_at, true, m.said_by_id IS NULL, false, false, 0, false, 0, '',
           CASE WHEN m.kind <> 'apology' THEN m.promise_id END, 0, false, false
      FROM records_message m
     WHERE m.case_id = ANY(%(cases)s) AND m.said_at <= %(as_of)s
       AND NOT EXISTS (SELECT 1 FROM records_letter l WHERE l.duty_id = m.id)
     ORDER BY 1, 2
"""

APOLOGIES = """
    SELECT DISTINCT case_id AS case, said_at AS at FROM records_message
     WHERE case_id = ANY(%(cases)s) AND kind = 'apology' AND said_at <= %(as_of)s ORDER BY 1, 2
"""

ENDINGS = """
    SELECT e.case_id AS case, e.kind, e.happened_at AS at, e.recorded_at,
           e.body::jsonb -> 'facts' ? 'contact' AS by_yes,
           e.body::jsonb -> 'facts' ? 'parting' AS by_parting,
           v.decided_at AS reviewed_at, v.verdict <> 'not_upheld' AS is_upheld
      FROM records_timelineentry e
      LEFT JOIN LATERAL (
           SELECT r.decided_on::timestamp AT TIME ZONE k.zone AS decided_at, r.verdict
             FROM records_review r
             JOIN records_case c ON c.id = r.case_id
             JOIN records_team t ON t.id = c.team_id
             JOIN records_workingcalendar k ON k.id = t.calendar_id
            WHERE r.parting_id = (e.body::jsonb -> 'facts' ->> 'parting')::bigint
              AND r.recorded_at <= %(as_of)s
            ORDER BY r.id DESC LIMIT 1) v ON e.kind = 'case_closed'
     WHERE e.case_id = ANY(%(cases)s) AND e.recorded_at <= %(as_of)s
       AND e.kind IN ('case_closed', 'case_reopened', 'closing_taken_back')
     ORDER BY e.case_id, e.seq
"""

HANDOVERS = """
    SELECT h.case_id AS case, h.accepted_at AS at, s.role = 'executive' AS to_the_top
      FROM records_handover h JOIN records_staff s ON s.id = h.to_staff_id
     WHERE h.case_id = ANY(%(cases)s) AND h.accepted_at <= %(as_of)s ORDER BY 1, 2
"""

ESCALATIONS = """
    SELECT case_id AS case, min(told_at) AS at FROM records_escalation
     WHERE case_id = ANY(%(cases)s) AND role = 'executive' AND told_at <= %(as_of)s
     GROUP BY case_id
"""

REMEDIES = """
    SELECT case_id AS case, granted_at AS at, amount_minor, currency,
           approval_id IS NOT NULL AS needed_approval,
           outcome = 'released' AND settled_at <= %(as_of)s AS is_released,
           CASE WHEN outcome = 'arrived' AND settled_at <= %(as_of)s
                THEN settled_at END AS arrived_at,
           kind IN ('credit', 'refund', 'waiver') AS makes_good_money,
           EXISTS (SELECT 1 FROM records_want w
                    WHERE w.case_id = r.case_id AND w.said_at <= r.granted_at)
           OR EXISTS (SELECT 1 FROM records_claim k WHERE k.case_id = r.case_id
                         AND k.source = 'customer' AND k.heard_at <= r.granted_at) AS was_asked,
           approval_id IS NULL AND late_for_id IS NULL AND EXISTS (
               SELECT 1 FROM records_want w
                WHERE w.case_id = r.case_id AND w.said_at <= r.granted_at
                  AND NOT EXISTS (SELECT 1 FROM records_remedy o
                                   WHERE o.case_id = r.case_id AND o.granted_at < w.said_at)
           ) AS was_waited_for,
           late_for_id IS NOT NULL AS is_extra,
           CASE WHEN source <> 'goodwill' THEN pay_by END AS pay_by
      FROM records_remedy r
     WHERE case_id = ANY(%(cases)s) AND granted_at <= %(as_of)s AND source <> 'found' ORDER BY id
"""

WITHHELD = """
    SELECT case_id AS case, at, asked AS was_asked FROM records_withholding
     WHERE case_id = ANY(%(cases)s) AND at <= %(as_of)s ORDER BY 1, 2
"""

ASKED = """
    SELECT case_id AS case, asked_at AS at FROM records_asking
     WHERE case_id = ANY(%(cases)s) AND number = 1 AND asked_at <= %(as_of)s ORDER BY 1, 2
"""

# A round is of one question, or of two; the last of them says how it ended.
ROUNDS = """
    SELECT a.case_id AS case, a.asked_at AS at,
           CASE WHEN z.ended_at <= %(as_of)s AND z.ended_by = 'heard' THEN true
                WHEN z.ended_at <= %(as_of)s AND z.ended_by = 'silence' THEN false
            END AS is_answered
      FROM records_asking a
      LEFT JOIN records_asking b ON b.first_id = a.id
      JOIN records_asking z ON z.id = coalesce(b.id, a.id)
     WHERE a.case_id = ANY(%(cases)s) AND a.number = 1 AND a.asked_at <= %(as_of)s
     ORDER BY a.id
"""

WANTS = """
    SELECT w.case_id AS case, w.said_at AS at,
           CASE WHEN p.recorded_at <= %(as_of)s THEN 'promised'
                WHEN w.declined_at <= %(as_of)s THEN 'declined'
                WHEN k.recorded_at <= %(as_of)s THEN 'let_go'
                ELSE 'waiting' END AS became
      FROM records_want w
      JOIN records_contact c ON c.id = w.contact_id
      LEFT JOIN records_promise p ON p.id = w.promise_id
      LEFT JOIN records_contact k ON k.id = w.let_go_by_id
     WHERE w.case_id = ANY(%(cases)s) AND c.recorded_at <= %(as_of)s ORDER BY w.id
"""

UNANSWERED = """
    SELECT case_id AS case, (body::jsonb -> 'facts' ->> 'promise')::bigint AS promise,
           happened_at AS at,
           (body::jsonb -> 'facts' ->> 'left_message')::boolean AS left_message
      FROM records_timelineentry
     WHERE case_id = ANY(%(cases)s) AND recorded_at <= %(as_of)s
       AND kind IN ('call_unanswered', 'call_with_message')
     ORDER BY case_id, seq
"""

OWINGS = """
    SELECT e.case_id AS case, (e.pay_by + 1)::timestamp AT TIME ZONE k.zone AS pay_by,
           e.amount_minor - e.granted_minor AS missing_minor, e.currency
      FROM records_entitlement e
      JOIN records_case c ON c.id = e.case_id
      JOIN records_team t ON t.id = c.team_id
      JOIN records_workingcalendar k ON k.id = t.calendar_id
     WHERE e.case_id = ANY(%(cases)s) AND e.raised_at <= %(as_of)s AND e.pay_by IS NOT NULL
       AND e.amount_minor > e.granted_minor
     ORDER BY e.id
"""

PASSES = """
    SELECT case_id AS case, at, speaker <> 'person' AS is_automatic, warned_of
      FROM records_gatepass WHERE case_id = ANY(%(cases)s) AND at <= %(as_of)s ORDER BY id
"""

LATE = """
    SELECT k.case_id AS case, k.heard_at AS at, k.source,
           CASE WHEN k.settled_at <= %(as_of)s THEN k.outcome ELSE '' END AS outcome,
           coalesce((SELECT sum(s.cost_minor) FROM records_claimstep s
                      WHERE s.claim_id = k.id AND s.decided_at <= %(as_of)s), 0)::bigint
             AS cost_minor,
           coalesce((SELECT sum(s.cost_minor) FROM records_claimstep s
                      WHERE s.claim_id = k.id AND s.decided_at <= %(as_of)s AND s.taken
                        AND s.remedy_id IS NULL), 0)::bigint AS own_minor,
           coalesce((SELECT max(s.currency) FROM records_claimstep s
                      WHERE s.claim_id = k.id AND s.decided_at <= %(as_of)s), '') AS currency
      FROM records_claim k
     WHERE k.case_id = ANY(%(cases)s) AND k.recorded_at <= %(as_of)s ORDER BY k.id
"""

DOUBTS = """
    SELECT d.case_id AS case, d.raised_at AS at,
           d.answered_at <= %(as_of)s AND d.verdict IN ('article_wrong', 'statement_wrong')
             AS is_error,
           CASE WHEN d.gap_closed_at <= %(as_of)s THEN d.gap_closed_at END AS fixed_at,
           EXISTS (SELECT 1 FROM records_doubt e JOIN records_article b ON b.id = e.article_id
                    WHERE b.series = a.series AND e.raised_at < d.raised_at) AS is_again
      FROM records_doubt d JOIN records_article a ON a.id = d.article_id
     WHERE d.case_id = ANY(%(cases)s) AND d.raised_at <= %(as_of)s ORDER BY d.id
"""
