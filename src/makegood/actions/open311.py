"""A report by Open311: taken like one of the public form, and answered with its number."""

from datetime import datetime

from django.db import connection, transaction

from makegood.actions import public_reports
from makegood.actions.public_reports import Claim
from makegood.records.models import Report


@transaction.atomic
def receive(claim: Claim, *, is_sandbox: bool = False, now: datetime) -> str:
    """Open a case for a claim, and give its number. The same claim twice is one case.

    :raises NoOwnerError: if nobody can own it.
    """
    public_reports.take_claim(claim, now=now)
    report = Report.objects.select_related("case").get(
        source=claim.source, external_id=claim.form.hex
    )
    if is_sandbox:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    return report.case.reference if report.case else ""
