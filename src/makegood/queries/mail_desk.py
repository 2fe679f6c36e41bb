"""Mail that was set aside: why, and what it says, until somebody has looked at it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.queries import when
from makegood.queries.case_mails import FileCard, files_of
from makegood.queries.when import When
from makegood.records.models import OF_MACHINES, AsideBecause, Attachment, Mail, Staff
from makegood.rules.incoming import parsing, sniffing

SHOWN = 50
WHY: dict[str, str | Lazy] = {
    AsideBecause.BROKEN: gettext_lazy("It is broken, and was read as far as it goes."),
    AsideBecause.TOO_LARGE: gettext_lazy("It is too large: the rest of it is in the mailbox."),
    AsideBecause.NO_SENDER: gettext_lazy("It has no sender, or several."),
    AsideBecause.UNPROVEN: gettext_lazy("Nothing proves who sent it."),
    AsideBecause.STAFF: gettext_lazy("It has a colleague's name. Mail is no instruction."),
    AsideBecause.OTHER_SENDER: gettext_lazy("It answers a letter to somebody else."),
    AsideBecause.OLD: gettext_lazy("It answers a letter of long ago."),
    AsideBecause.SHARED: gettext_lazy("Several customers have this address."),
    AsideBecause.NO_OWNER: gettext_lazy("Nobody was there to own its case."),
    AsideBecause.FAILED: gettext_lazy("It could not be read."),
    AsideBecause.COPY: gettext_lazy("It came before, by another way."),
    AsideBecause.SUPPLY: gettext_lazy("A supplier wrote what could not all be read as dates."),
    AsideBecause.MACHINE: gettext_lazy("A machine wrote it: a list, a notice or a report."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AsideCard:
    """One mail; `reference` is the case that it says it is about, which proves nothing."""

    id: int
    at: When
    who: str
    sender: str
    subject: str
    why: str
    words: str
    rest: str
    files: tuple[FileCard, ...]
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MailDeskPage:
    """The page: the oldest that waits stands first; of machines the newest."""

    of_machines: bool
    cards: tuple[AsideCard, ...]
    has_more: bool


def get_mail_desk(
    *, reader: Staff, of_machines: bool, now: datetime, shown: int = SHOWN
) -> MailDeskPage:
    """What waits for somebody, or what machines wrote; at most `shown`."""
    waiting = Mail.objects.filter(settled_at=None).exclude(aside_because="")
    rows = (
        waiting.filter(aside_because__in=OF_MACHINES).order_by("-received_at", "-pk")
        if of_machines
        else waiting.exclude(aside_because__in=OF_MACHINES).order_by("received_at", "pk")
    )
    found = list(rows.defer("raw").select_related("letter__case")[: shown + 1])
    files, zone = files_of(found[:shown]), ZoneInfo(reader.zone)
    return MailDeskPage(
        of_machines=of_machines,
        cards=tuple(_card(row, files.get(row.pk, ()), now=now, zone=zone) for row in found[:shown]),
        has_more=len(found) > shown,
    )


def read_file(file: Attachment) -> tuple[bytes, str]:
    """The bytes of an attachment, and the type that a browser may be told."""
    mail = parsing.parse(bytes(Mail.objects.values_list("raw", flat=True).get(pk=file.mail_id)))
    content = next((one.content for one in mail.files if one.number == file.number), b"")
    kind = sniffing.sniff(content)
    return content, kind if kind in sniffing.SHOWN_SAFELY else sniffing.UNKNOWN


def _card(row: Mail, files: tuple[FileCard, ...], *, now: datetime, zone: ZoneInfo) -> AsideCard:
    return AsideCard(
        id=row.pk,
        at=when.at(row.received_at, now=now, zone=zone),
        who=row.sender_name or row.sender or _("Nobody named"),
        sender=row.sender,
        subject=row.subject or _("Without a subject"),
        why=str(WHY[row.aside_because]),
        words=row.words,
        rest="\n\n".join(part for part in (row.signature, row.history) if part),
        files=files,
        reference=row.letter.case.reference if row.letter else "",
    )
