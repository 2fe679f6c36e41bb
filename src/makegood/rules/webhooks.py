"""Telling other systems: how often one tries, and what a message holds.

Messages follow Standard Webhooks 1.0.0: an id that stays the same however often it is sent, the
moment of the try, and signatures over both and the body.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from makegood.rules import signatures

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait after each try that failed; after the last one it is given up."""

STOPPED_AFTER: Final = timedelta(days=3)
"""How long nothing may have arrived before a webhook is stopped."""

TOPICS: Final[Mapping[str, tuple[str, ...]]] = {
    "cases": (
        "case_opened", "report_received", "severity_raised", "incident_joined",
        "incident_truth_said", "signal_back", "signal_unsteady", "partner_says_done",
        "partner_opened_again", "failure_made_public", "failure_kept_private",
        "case_closed", "closing_taken_back", "case_reopened", "parted", "reviewed",
        "opened_to_give", "closed_as_before",
    ),
    "promises": (
        "promise_made", "promise_kept", "promise_broken", "promise_released", "promise_replaced",
        "done_late", "kept_taken_back", "revision_decided", "revision_told",
    ),
    "customers": (
        "contact", "contact_withdrawn", "customer_recognised", "want_heard", "want_promised",
        "want_declined", "taken_up", "question_owed", "question_said", "apology_said",
        "explanation_said",
        "advice_given", "advice_taken_back", "choice_offered", "choice_withdrawn", "hours_said",
        "call_unanswered", "call_with_message", "link_asked", "link_sent", "links_revoked",
        "links_restored",
    ),
    "letters": (
        "letter_written", "letter_not_written", "letter_held", "letter_delivered",
        "letter_bounced", "letter_given_up", "letter_sent_again", "letter_told_too_late",
        "mail_received", "mail_automatic",
    ),
    "redress": (
        "remedy_granted", "remedy_second", "remedy_withheld", "remedy_released", "remedy_said",
        "remedy_arrived", "approval_asked", "approval_given", "approval_declined",
        "approval_passed_on", "payment_sent", "payment_failed", "payment_again", "fee_found",
        "entitlement_found", "gesture_given", "found_pushed",
    ),
    "visits": (
        "visit_booked", "visit_moved", "visit_unplaced", "visit_chosen", "visit_confirmed",
        "visit_unsure", "visit_said", "visit_access", "visit_arrived", "visit_unended",
        "visit_done", "visit_failed", "visit_cancelled", "part_diagnosed", "part_ordered",
        "part_doubted", "part_fits", "part_expected", "part_received", "part_cancelled",
        "part_wrong",
    ),
    "colleagues": (
        "escalated", "escalation_acknowledged", "handover_offered", "handover_accepted",
        "handover_declined", "handover_withdrawn",
    ),
    "learning": (
        "claim_heard", "claim_step", "claim_passed_up", "claim_answered", "claim_settled",
        "doubt_raised", "doubt_passed_on", "doubt_answered", "gap_closed", "cause_asked_of",
        "cause_named", "lesson_learned", "change_told",
    ),
}  # fmt: skip
"""What a system may want to hear of, and which kinds of entries that is; each kind is in one."""

OLD_SECRET_FOR: Final = timedelta(days=1)
GONE: Final = 410


def kinds_of(chosen: Iterable[str]) -> tuple[str, ...]:
    """The kinds that were chosen, each for itself or with its whole topic; all others are none."""
    wanted = set(chosen)
    return tuple(
        kind
        for topic, kinds in TOPICS.items()
        for kind in kinds
        if topic in wanted or kind in wanted
    )


def next_try(tries: int, *, now: datetime) -> datetime | None:
    """When to try again after so many tries; None once it is given up."""
    return now + PAUSES[tries - 1] if tries <= len(PAUSES) else None


def body(event: Mapping[str, Any], *, with_words: bool, is_cloudevents: bool, source: str) -> bytes:
    """The message of an event, as JSON. People's words are in it only where they are wanted."""
    data = {name: value for name, value in event.items() if with_words or name != "words"}
    kind, at = f"makegood.{event['kind']}", event["at"]
    whole: dict[str, Any] = {"type": kind, "timestamp": at, "data": data}
    if is_cloudevents:
        whole = {
            "specversion": "1.0",
            "id": event["id"],
            "source": source,
            "type": kind,
            "subject": event["case"],
            "time": at,
            "datacontenttype": "application/json",
            "data": data,
        }
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def headers(
    content: bytes, *, message: str, keys: Iterable[bytes], at: datetime, is_cloudevents: bool
) -> dict[str, str]:
    """The headers of a try: signed with the secret, and with the old one while it is changed."""
    signed = [signatures.sign(content, key=key, message=message, at=at) for key in keys]
    kind = "application/cloudevents+json" if is_cloudevents else "application/json"
    return {
        "Content-Type": f"{kind}; charset=utf-8",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
        "User-Agent": "Makegood",
    }
