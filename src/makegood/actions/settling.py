"""Writing how a promise ended: by a deed in time, or by the customer's consent."""

from datetime import datetime

from makegood.actions import claim_ends, timeline
from makegood.records.models import Promise, Staff
from makegood.rules import promises
from makegood.rules.promises import Outcome


def end_by_consent(
    promise: Promise,
    settled: promises.Promise,
    evidence: str,
    *,
    by: Staff | None,
    now: datetime,
) -> None:
    """Settle a locked promise because the customer said so, before its due time.

    :raises TakesBackError: if it is claimed, and nobody has decided yet how it is honoured.
    :raises EvidenceMissingError: if nothing says how we know.
    :raises ToldTooLateError: if the due time had passed.
    :raises NotYetHappenedError: if that lies in the future, or before it was promised.
    """
    if by is not None:  # what customers choose on their own page is theirs to choose
        claim_ends.check_not_claimed(promise)
    if not evidence.strip():
        raise promises.EvidenceMissingError("Say how we know that the customer agreed.")
    if settled.outcome is Outcome.BROKEN:
        raise promises.ToldTooLateError(
            "The due time had passed: this promise was broken, and the customer cannot undo that."
        )
    if settled.settled_at is None or not promise.said_at <= settled.settled_at <= now:
        raise promises.NotYetHappenedError(
            "A customer agrees between the moment it was promised and now."
        )
    write(promise, settled, evidence=evidence, by=by, now=now)


def write(
    promise: Promise, settled: promises.Promise, *, evidence: str, by: Staff | None, now: datetime
) -> None:
    """Write how a locked promise ended, on its row and on the timeline."""
    promise.outcome = settled.outcome.value if settled.outcome else None
    promise.settled_at = settled.settled_at
    promise.settled_recorded_at = now
    promise.settled_by = by
    promise.evidence = evidence
    promise.judge_at = None
    promise.escalate_at = None
    promise.save(
        update_fields=[
            "outcome", "settled_at", "settled_recorded_at", "settled_by", "evidence",
            "judge_at", "escalate_at", "replaced_by",
        ]
    )  # fmt: skip
    facts = {"promise": promise.pk, "by": by.pk if by else None}
    timeline.append(
        case_id=promise.case_id,
        kind=f"promise_{promise.outcome}",
        at=promise.settled_at or now,
        now=now,
        facts=facts,
        words=evidence,
    )
