"""The letters and mails of one case, and what a new letter could tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.queries import letter_events, letter_page, when
from makegood.queries.when import When
from makegood.records.models import (
    Attachment,
    Case,
    Letter,
    Mail,
    MailKind,
    Message,
    MessageKind,
    Mute,
    Promise,
    PromiseKind,
    PromiseRevision,
    Staff,
    Template,
    TemplateStop,
)
from makegood.rules import letters, phones, places
from makegood.rules.letters import LetterState

SHOWN = 100
AGAIN = frozenset({LetterState.UNSURE, LetterState.GIVEN_UP, LetterState.HELD})
TROUBLED = AGAIN | {LetterState.BOUNCED}
KINDS: dict[str, str | Lazy] = {
    MailKind.REPLY: gettext_lazy("Their answer"),
    MailKind.NEWS: gettext_lazy("Their e-mail"),
    MailKind.AUTOMATIC: gettext_lazy("By a machine"),
    MailKind.RECEIPT: gettext_lazy("Receipt of a mail server"),
    MailKind.SUPPLY: gettext_lazy("By a supplier"),
    MailKind.ASIDE: gettext_lazy("Joined by hand"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FileCard:
    """A file that can be downloaded."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PostCard:
    """One letter or mail; `id` is of a letter that may be sent again, else 0."""

    is_ours: bool
    at: When
    who: str
    what: str
    is_troubled: bool
    id: int
    words: str
    rest: str
    files: tuple[FileCard, ...]
    is_proven: bool
    moment: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseMailsPage:
    """The page: the newest first, and the choices of what a new letter tells.

    `phone` stands as it is known; whether a text message may go to it says `may_text`, and
    `is_muted` that it may not because the number asked for no more of them.
    """

    case: int
    reference: str
    title: str
    customer: str
    email: str
    phone: str
    may_text: bool
    is_muted: bool
    posts: tuple[PostCard, ...]
    about: tuple[tuple[str, str], ...]
    templates: tuple[tuple[int, str], ...]

    @property
    def has_way(self) -> bool:
        """Whether a letter can reach the customer."""
        return bool(self.email) or self.may_text


def get_case_mails(case_id: int, *, reader: Staff, now: datetime) -> CaseMailsPage:
    """All that was written and came in about a case."""
    case = Case.objects.select_related("customer").get(pk=case_id)
    zone = ZoneInfo(reader.zone)
    number = phones.number_for_texts(case.customer.phone, countries=settings.SMS_COUNTRIES)
    is_muted = bool(number) and Mute.objects.filter(number=number).exists()
    cards = [*_letters(case, now=now, zone=zone), *_mails(case, now=now, zone=zone)]
    return CaseMailsPage(
        case=case.pk,
        reference=case.reference,
        title=case.title,
        customer=case.customer.name,
        email=case.customer.email,
        phone=case.customer.phone,
        may_text=bool(number) and not is_muted,
        is_muted=is_muted,
        posts=tuple(sorted(cards, key=lambda card: card.moment, reverse=True)),
        about=_about(case, now=now, zone=ZoneInfo(case.customer.zone)),
        templates=_templates(case),
    )


def _templates(case: Case) -> tuple[tuple[int, str], ...]:
    """What a letter may begin with: what holds where the customer lives, and is not stopped there.

    Whether it was stopped there asks the gate once more, as it leaves.
    """
    area = places.area_of(case.customer.postcode)
    stopped = TemplateStop.objects.filter(lifted_at=None, area__in={"", area}).values("template")
    rows = Template.objects.filter(stopped_at=None).exclude(pk__in=stopped)
    language = case.customer.language[:2]
    known = rows.filter(area__in={"", area}).order_by("name", "pk")
    return tuple(
        (row.pk, row.name) for row in known[:SHOWN] if not language or row.language[:2] == language
    )


def files_of(mails: Iterable[Mail]) -> dict[int, tuple[FileCard, ...]]:
    """The files of mails, by mail."""
    found: dict[int, tuple[FileCard, ...]] = {}
    rows = Attachment.objects.filter(mail__in=[mail.pk for mail in mails]).order_by("number")
    for row in rows:
        card = FileCard(id=row.pk, name=row.name, size=row.size)
        found[row.mail_id] = (*found.get(row.mail_id, ()), card)
    return found


def _letters(case: Case, *, now: datetime, zone: ZoneInfo) -> list[PostCard]:
    rows = letter_page.with_what_they_tell(Letter.objects.filter(case=case)).order_by("-pk")[:SHOWN]
    return [_letter(row, now=now, zone=zone) for row in rows]


def _letter(row: Letter, *, now: datetime, zone: ZoneInfo) -> PostCard:
    state = letters.state(row.travel(), now=now)
    return PostCard(
        is_ours=True,
        at=when.at(row.queued_at, now=now, zone=zone),
        who=row.written_by.name if row.written_by else "Makegood",
        what=letter_events.stands(row, now=now),
        is_troubled=state in TROUBLED,
        id=row.pk if state in AGAIN else 0,
        words=letter_page.in_short(row),
        rest="",
        files=(),
        is_proven=True,
        moment=row.queued_at,
    )


def _mails(case: Case, *, now: datetime, zone: ZoneInfo) -> list[PostCard]:
    rows = list(Mail.objects.filter(case=case).defer("raw").order_by("-pk")[:SHOWN])
    files = files_of(rows)
    return [
        PostCard(
            is_ours=False,
            at=when.at(row.received_at, now=now, zone=zone),
            who=row.sender_name or row.sender or _("Nobody named"),
            what=str(KINDS[row.kind]),
            is_troubled=False,
            id=0,
            words=row.words,
            rest="\n\n".join(part for part in (row.signature, row.history) if part),
            files=files.get(row.pk, ()),
            is_proven=row.is_proven or row.kind in {MailKind.RECEIPT, MailKind.AUTOMATIC},
            moment=row.received_at,
        )
        for row in rows
    ]


def _about(case: Case, *, now: datetime, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """What a letter can tell, say or keep; it counts when the letter is delivered."""
    revisions = PromiseRevision.objects.filter(promise__case=case, told_at=None)
    live = [row for row in revisions.select_related("promise") if _is_live(row, now=now)]
    owed = Message.objects.filter(case=case, said_at=None, kind=MessageKind.APOLOGY)
    news = case.promises.still_open().filter(kind=PromiseKind.NEWS, due_at__gt=now)
    return (
        ("", _("Nothing of these")),
        *((f"revision:{row.pk}", _new_date(row, now=now, zone=zone)) for row in live),
        *((f"duty:{row.pk}", _("It says the apology that is owed.")) for row in owed),
        *((f"keeps:{row.pk}", _keeps(row)) for row in news.order_by("due_at")),
    )


def _is_live(row: PromiseRevision, *, now: datetime) -> bool:
    promise = row.promise
    return promise.outcome is None and row.old_due_at == promise.due_at and promise.due_at > now


def _new_date(row: PromiseRevision, *, now: datetime, zone: ZoneInfo) -> str:
    due = when.due_at(row.new_due_at, earliest_at=row.new_earliest_at, now=now, zone=zone)
    return _("It tells the new date: %(due)s.") % {"due": due.words}


def _keeps(row: Promise) -> str:
    return _("It keeps: “%(words)s”") % {"words": row.words}
