"""How cases like one have ended: of the same function, harm and severity, within a year."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.language import money
from makegood.queries import plain
from makegood.records.models import Case
from makegood.rules import likely_end
from makegood.rules.likely_end import End, LikelyEnd

WITHIN = timedelta(days=365)
_ENDS = plain.Kept("""
    SELECT count(r.id) > 0 AS given,
           coalesce(sum(r.amount_minor) FILTER (
               WHERE r.currency = %(currency)s AND r.thing = ''), 0)::bigint AS amount_minor
      FROM (SELECT k.id FROM records_case k
             WHERE k.function = %(function)s AND k.harm = %(harm)s AND k.severity = %(severity)s
               AND k.closed_at > %(since)s AND k.closed_at IS NOT NULL
               AND NOT k.is_canary AND k.id <> %(case)s
             ORDER BY k.closed_at DESC LIMIT %(most)s) alike
      LEFT JOIN records_remedy r
        ON r.case_id = alike.id AND r.source = 'goodwill' AND r.kind <> 'waiver'
       AND r.outcome IS DISTINCT FROM 'released'
     GROUP BY alike.id
""")


def read_likely_end(case: Case, *, currency: str, now: datetime) -> LikelyEnd:
    """What like cases came to; one query."""
    rows = plain.rows(
        _ENDS,
        End,
        case=case.pk,
        function=case.function,
        harm=case.harm,
        severity=case.severity,
        currency=currency,
        since=now - WITHIN,
        most=likely_end.MOST,
    )
    return likely_end.likely(rows)


def in_words(end: LikelyEnd, currency: str) -> str:
    """Where this usually ends, with how many cases it rests on; too few is said as such."""
    values = {"cases": end.cases, "given": end.given}
    if not end.cases:
        return _("No case like this has ended lately.")
    if not end.is_known:
        return (
            ngettext(
                "%(cases)s case like this has ended: too few to say how this one will.",
                "%(cases)s cases like this have ended: too few to say how this one will.",
                end.cases,
            )
            % values
        )
    if not end.is_to_be_given:
        return (
            ngettext(
                "Of %(cases)s case like this that ended, %(given)s ended with something given.",
                "Of %(cases)s cases like this that ended, %(given)s ended with something given.",
                end.cases,
            )
            % values
        )
    typical = {**values, "typical": money.in_words(end.typical_minor, currency)}
    return (
        ngettext(
            "This is likely to end with about %(typical)s: something was given in %(given)s of "
            "%(cases)s case like this. Get there first.",
            "This is likely to end with about %(typical)s: something was given in %(given)s of "
            "%(cases)s cases like this. Get there first.",
            end.cases,
        )
        % typical
    )
