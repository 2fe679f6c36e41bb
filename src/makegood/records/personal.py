"""Where a customer's personal data stands: the way from each record to them, and what to empty.

The same map serves the file that a person may ask for, erasing, and the guard in the database
(0031_imports.sql), which lets nothing else be emptied.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models
from django.db.models import Q

from makegood.records.models import (
    ApprovalRequest,
    Asking,
    Asset,
    Attachment,
    Case,
    Choice,
    Claim,
    ClaimStep,
    Contact,
    Customer,
    Diagnosis,
    Doubt,
    Entitlement,
    Fee,
    FoundThing,
    LedgerEntry,
    Letter,
    Mail,
    Message,
    Origin,
    Parting,
    Payment,
    Promise,
    PromiseRevision,
    Remedy,
    Reply,
    Report,
    Review,
    Signal,
    Slot,
    TimelineEntry,
    TimelineText,
    Visit,
    Want,
)

GONE: Final = "—"
"""What stands where words stood that may not be missing."""
SAID: Final = "(erased)"
"""What programs and files are told in its place."""


def told(value: Any) -> Any:  # noqa: ANN401 - whatever is told: records, lists, words
    """The same with one word wherever words or a name were erased."""
    if isinstance(value, Mapping):
        return {name: told(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [told(one) for one in value]
    return SAID if value == GONE else value


@dataclass(frozen=True, kw_only=True, slots=True)
class Personal:
    """One record of a person: `way` is the lookup that leads to their number.

    `empties` is what takes the place of each personal column where it is not empty already.
    `secrets` is what even they do not get: it opens something.
    """

    record: type[models.Model]
    way: str
    empties: Mapping[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    removed: bool = False


OF_A_PERSON: Final[tuple[Personal, ...]] = (
    Personal(record=Asset, way="customer", empties={"name": GONE, "place": "", "external_id": ""}),
    Personal(record=Origin, way="customer", removed=True),
    Personal(record=Case, way="customer", empties={"title": GONE, "wanted": "", "meanwhile": ""}),
    Personal(record=Report, way="case__customer", empties={"raw": {}}),
    Personal(record=Contact, way="case__customer", empties={"note": ""}),
    Personal(record=Promise, way="case__customer", empties={"words": GONE, "evidence": GONE}),
    Personal(
        record=PromiseRevision, way="promise__case__customer", empties={"told_evidence": GONE}
    ),
    Personal(record=Choice, way="promise__case__customer", empties={"words": GONE}),
    Personal(record=Message, way="case__customer", empties={"words": GONE}),
    Personal(
        record=Letter,
        way="case__customer",
        empties={
            "recipient": GONE,
            "mailbox": "",
            "subject": "",
            "words": GONE,
            "as_sent": "",
            "error": "",
        },
        secrets=frozenset({"secret", "reply_digest"}),
    ),
    Personal(record=Attachment, way="mail__case__customer", empties={"name": GONE}),
    Personal(
        record=Mail,
        way="case__customer",
        empties={
            "raw": b"",
            "message_id": "",
            "sender": "",
            "sender_name": "",
            "subject": "",
            "words": "",
            "signature": "",
            "history": "",
        },
    ),
    Personal(record=Reply, way="case__customer", empties={"phone": GONE}),
    Personal(
        record=Want,
        way="case__customer",
        empties={"words": GONE, "honest_no": GONE, "instead": GONE},
    ),
    Personal(record=Parting, way="case__customer", empties={"tried": GONE}),
    Personal(record=Review, way="case__customer", empties={"words": GONE}),
    Personal(record=Claim, way="case__customer", empties={"words": GONE, "speaker_name": ""}),
    Personal(record=ClaimStep, way="claim__case__customer", empties={"why": GONE, "offer": GONE}),
    Personal(record=Doubt, way="case__customer", empties={"words": ""}),
    Personal(record=Diagnosis, way="case__customer", empties={"note": ""}),
    Personal(record=Visit, way="case__customer", empties={"what": GONE, "note": ""}),
    Personal(record=Signal, way="asset__customer", empties={"raw": {}, "device": ""}),
    Personal(record=Slot, way="visit__case__customer"),
    Personal(
        record=ApprovalRequest,
        way="case__customer",
        empties={"because": GONE, "why": GONE, "instead": GONE},
    ),
    Personal(record=Remedy, way="case__customer", empties={"because": GONE}),
    Personal(
        record=Payment, way="remedy__case__customer", empties={"reference": GONE, "error": GONE}
    ),
    Personal(record=FoundThing, way="case__customer", empties={"what": GONE}),
    Personal(record=Fee, way="customer"),
    Personal(record=LedgerEntry, way="customer"),
    Personal(record=Entitlement, way="case__customer"),
    Personal(record=Asking, way="case__customer"),
    Personal(record=TimelineEntry, way="case__customer"),
    Personal(record=TimelineText, way="case__customer", removed=True),
    # Last, since their address leads to mail that joined no case.
    Personal(
        record=Customer,
        way="pk",
        empties={
            "name": GONE,
            "email": "",
            "phone": "",
            "address": "",
            "postcode": "",
            "language": "",
            "vulnerable": False,
            "suits": [],
            "reach_by": "",
        },
    ),
)

ELSEWHERE: Final[Mapping[str, str]] = {
    "ApiCall": "is kept for a day",
    "Conflict": "is removed by `actions.erasing`, with its number in the history of settings",
    "CaseSearch": "follows what it is about",
    "CustomerSearch": "follows the customer",
    "AssetSearch": "follows the asset",
    "DailyCount": "names staff only",
    "Digest": "is of staff",
    "Duty": "is of staff",
    "Escalation": "names staff only",
    "ExportPiece": "goes when its export expires, within two days",
    "Import": "holds its file until it is over, and for a month which of its rows were bad",
    "IncidentTelling": "names staff only",
    "Mute": "is removed with the customer's number",
    "Repeat": "keeps a digest only",
    "SavedView": "is of staff; the words of a search in it are theirs",
    "SettingsWords": "of an asset are removed with it",
    "SignInMail": "is of staff",
    "Staff": "is of staff",
    "SetAside": "holds none of a customer",
}
"""Personal data that no way above leads to, and why that is right."""


def mail_without_a_case(customer: Customer) -> Q:
    """Mail that joined no case and came from the customer's address."""
    return Q(case=None, sender__iexact=customer.email) & ~Q(sender="")
