"""Mail comes in: kept as it came, once, and believed only as far as it is proven.

An answer joins its case by the reply address of a letter together with a proven sender who is that
case's customer. Other proven mail of a person opens a case, or joins the failure that it repeats.
All else is set aside for somebody to look at, and changes nothing: nobody's name on a mail is
authority, and a machine's mail never changes an owner, a state or a promise.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from makegood.actions import (
    cases,
    contacts,
    customers,
    intake,
    letter_news,
    letters,
    replies,
    supply_mails,
    texts,
    timeline,
)
from makegood.actions.cases import Failure
from makegood.actions.contacts import Touch
from makegood.actions.customers import NewCustomer
from makegood.actions.intake import News, NoOwnerError, Received
from makegood.records.models import (
    AsideBecause,
    Attachment,
    Case,
    Customer,
    Direction,
    Letter,
    Mail,
    MailKind,
    Staff,
)
from makegood.records.trouble import is_passing
from makegood.rules.incoming import automatic, parsing, quoting, sender, sniffing
from makegood.rules.incoming.parsing import Parsed
from makegood.rules.letters import digest, mark_in, token_in
from makegood.rules.promises import Channel
from makegood.rules.severity import Function, Harm

ANSWERED_FOR = timedelta(days=90)
SOURCE = "mail"
MARKS_MAX = 10
DELIVERED = frozenset({"delivered", "relayed", "expanded"})
FAILED = "failed"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Came:
    """A mail as it came: its bytes, and where it lies, so that it is taken once.

    One from an archive (`is_archived`) proves nothing of who wrote it, whatever it says.
    """

    raw: bytes
    source: str
    place: str
    is_cut: bool = False
    is_archived: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Taken:
    """What a mail is taken for."""

    kind: MailKind
    case: Case | None = None
    letter: Letter | None = None
    because: str = ""


def receive(came: Came, *, now: datetime) -> Mail:
    """Take in a mail, whatever it is; the same one twice changes nothing."""
    seen = _seen(came)
    if seen is not None:
        return seen
    mail = parsing.parse(came.raw)
    try:
        with transaction.atomic():
            return _receive(came, mail, now=now)
    except IntegrityError as twice:
        seen = _seen(came)
        if seen is None or "mail_once_per_place" not in str(twice):
            return _keep(came, Parsed(), _aside(AsideBecause.FAILED), now=now)
        return seen
    except Exception as error:
        if is_passing(error):
            raise
        # One odd mail must not keep the others from coming in.
        log.exception("mail_set_aside", source=came.source, place=came.place)
        return _keep(came, Parsed(), _aside(AsideBecause.FAILED), now=now)


def is_proven(mail: Parsed) -> bool:
    """Whether our own server proved the one sender of a mail."""
    results = mail.all("authentication-results")
    return len(mail.senders) == 1 and sender.is_proven(
        results, trusted=settings.MAIL_TRUSTED_HOST, address=mail.senders[0]
    )


def _seen(came: Came) -> Mail | None:
    return Mail.objects.filter(source=came.source, place=came.place).first()


def _digest(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _receive(came: Came, mail: Parsed, *, now: datetime) -> Mail:
    letter = _letter(mail)
    taken = _judge(came, mail, letter, now=now)
    kept = _keep(came, mail, taken, now=now)
    if taken.kind is MailKind.RECEIPT and letter is not None:
        _heard_of(letter, mail, now=now)
    if taken.kind is MailKind.AUTOMATIC and taken.case is not None:
        note(kept, "mail_automatic", now=now)
    if taken.kind is MailKind.REPLY and letter is not None:
        answer(kept, letter.case, now=now)
    if taken.kind is MailKind.NEWS:
        _open(kept, mail, now=now)
    return kept


def _letter(mail: Parsed) -> Letter | None:
    """The letter that a mail was addressed to, or that it reports on."""
    returned = _returned(mail)
    tokens = [digest(token) for address in mail.recipients if (token := token_in(address))]
    if returned is not None or not tokens:
        return returned
    return _with_customers().filter(reply_digest__in=tokens[:MARKS_MAX]).first()


def _returned(mail: Parsed) -> Letter | None:
    """The letter whose envelope a mail knows: only servers on its way, and whoever got it, do.

    A Message-ID and an address for answers are passed on with each answer, and prove nothing.
    """
    envelope = mail.receipt.envelope if mail.receipt else ""
    marks = {mark for text in (envelope, *mail.recipients) if (mark := mark_in(text))}
    numbers = sorted(number for number, _given in marks)[:MARKS_MAX]
    known = _with_customers().filter(pk__in=numbers)
    return next((one for one in known if mark_in(letters.return_mark(one)) in marks), None)


def _with_customers() -> QuerySet[Letter]:
    return Letter.objects.select_related("case__customer")


def _aside(because: AsideBecause, letter: Letter | None = None) -> _Taken:
    return _Taken(kind=MailKind.ASIDE, because=because.value, letter=letter)


def _judge(came: Came, mail: Parsed, letter: Letter | None, *, now: datetime) -> _Taken:
    wrong = _wrong_with(came, mail)
    if wrong is not None:
        return _aside(wrong, letter)
    if mail.receipt is not None and letter is not None and letter == _returned(mail):
        return _Taken(kind=MailKind.RECEIPT, case=letter.case, letter=letter)
    supplier = supply_mails.supplier_of(mail.senders[0]) if len(mail.senders) == 1 else None
    if supplier is not None:
        return _judge_supply(mail, supplier, now=now)
    if automatic.why(mail) or _is_ours(mail):
        if letter is None:
            return _aside(AsideBecause.MACHINE)
        return _Taken(kind=MailKind.AUTOMATIC, case=letter.case, letter=letter)
    return _judge_sender(mail, letter, now=now)


def _judge_supply(mail: Parsed, supplier: str, *, now: datetime) -> _Taken:
    """By a program or a person: what counts is that it is theirs, and about their own orders."""
    if not is_proven(mail):
        return _aside(AsideBecause.UNPROVEN)
    if _is_copy(mail):
        return _aside(AsideBecause.COPY)
    supplied = supply_mails.take(mail, supplier, now=now)
    if not supplied.is_whole:
        return _aside(AsideBecause.SUPPLY)
    return _Taken(kind=MailKind.SUPPLY, case=supplied.case)


def _wrong_with(came: Came, mail: Parsed) -> AsideBecause | None:
    if came.is_cut:
        return AsideBecause.TOO_LARGE
    if mail.trouble:
        return AsideBecause.BROKEN
    # Byte for byte, from another place.
    is_there = Mail.objects.filter(digest=_digest(came.raw)).exists()
    if is_there:
        return AsideBecause.COPY
    return AsideBecause.UNPROVEN if came.is_archived else None


def _judge_sender(mail: Parsed, letter: Letter | None, *, now: datetime) -> _Taken:
    if len(mail.senders) != 1:
        return _aside(AsideBecause.NO_SENDER, letter)
    address = mail.senders[0]
    if Staff.objects.filter(email=address).exists():
        return _aside(AsideBecause.STAFF, letter)
    if not is_proven(mail):
        return _aside(AsideBecause.UNPROVEN, letter)
    if _is_copy(mail):
        return _aside(AsideBecause.COPY, letter)
    if letter is not None:
        return _judge_answer(letter, address, now=now)
    known = Customer.objects.filter(email__iexact=address).count()
    return _aside(AsideBecause.SHARED) if known > 1 else _news_of_a_person()


def _news_of_a_person() -> _Taken:
    """Set aside for the moment that it takes to open its case."""
    return _Taken(kind=MailKind.NEWS, because=AsideBecause.NO_OWNER.value)


def _judge_answer(letter: Letter, address: str, *, now: datetime) -> _Taken:
    """The customer themself, by the address that is on record today."""
    if letter.case.customer.email.lower() != address:
        return _aside(AsideBecause.OTHER_SENDER, letter)
    if now - letter.queued_at > ANSWERED_FOR:
        return _aside(AsideBecause.OLD, letter)
    return _Taken(kind=MailKind.REPLY, case=letter.case, letter=letter)


def _is_ours(mail: Parsed) -> bool:
    """Our own letter has come back to us: a loop."""
    return bool(mail.message_id) and (
        letter_news.find_by_message_id(mail.message_id) is not None
        or settings.MAIL_REPLY.lower() in mail.senders
    )


def _is_copy(mail: Parsed) -> bool:
    """The same words of the same sender by another way, such as a list."""
    if not mail.message_id:
        return False
    same = Mail.objects.filter(message_id=mail.message_id, sender=mail.senders[0])
    return same.filter(words=quoting.split(mail.text).words, is_proven=True).exists()


def _keep(came: Came, mail: Parsed, taken: _Taken, *, now: datetime) -> Mail:
    parts = quoting.split(mail.text)
    kept = Mail.objects.create(
        source=came.source,
        place=came.place,
        kind=taken.kind,
        raw=came.raw,
        digest=_digest(came.raw),
        message_id=mail.message_id,
        sender=mail.senders[0] if len(mail.senders) == 1 else "",
        sender_name=mail.sender_name,
        subject=mail.subject,
        words=parts.words,
        signature=parts.signature,
        history=parts.history,
        is_proven=not came.is_archived and is_proven(mail),
        case=taken.case,
        letter=taken.letter,
        sent_at=mail.sent_at,
        received_at=now,
        aside_because=taken.because,
    )
    Attachment.objects.bulk_create(
        Attachment(
            mail=kept,
            number=file.number,
            name=file.name,
            said=file.said,
            sniffed=sniffing.sniff(file.content),
            size=len(file.content),
        )
        for file in mail.files
    )
    return kept


def _heard_of(letter: Letter, mail: Parsed, *, now: datetime) -> None:
    receipt = mail.receipt
    if receipt is None:
        return
    at = receipt.at or now
    if receipt.action in DELIVERED:
        letter_news.delivered(letter.pk, at=at, now=now)
    elif receipt.action == FAILED:
        letter_news.bounced(letter.pk, why=receipt.why, at=at, now=now)


def answer(kept: Mail, case: Case, *, now: datetime) -> None:
    """The customer's words join their case, and when they hear an answer is promised.

    Whoever answers a letter of this case has got it.
    """
    locked = cases.lock(case.pk)
    by_mail = Touch(
        channel=_channel(kept),
        direction=Direction.INBOUND,
        at=now,
        note=kept.words or kept.subject,
    )
    contacts.record_contact(locked.pk, by_mail, now=now)
    note(kept, "mail_received", now=now)
    _promise_an_answer(kept, locked, now=now)
    letter = kept.letter
    if letter is not None and letter.case_id == locked.pk and letter.handed_at is not None:
        letter_news.delivered(letter.pk, at=kept.received_at, now=now)


def _channel(kept: Mail) -> Channel:
    """Text messages that were set aside lie beside the mails."""
    return Channel.SMS if kept.source == texts.SOURCE else Channel.EMAIL


def _promise_an_answer(kept: Mail, case: Case, *, now: datetime) -> None:
    """Keep with a mail what was promised for it, so that no other way promises it again."""
    kept.promise = replies.promise_an_answer(case, now=now)
    kept.save(update_fields=["promise"])


def note(kept: Mail, kind: str, *, now: datetime) -> None:
    """Say on the timeline of its case that a mail came."""
    if kept.case_id is None:
        return
    cases.lock(kept.case_id)
    facts = {"mail": kept.pk}
    timeline.append(case_id=kept.case_id, kind=kind, at=now, now=now, facts=facts)


def _open(kept: Mail, mail: Parsed, *, now: datetime) -> None:
    """Open a case for news, or join the one that they repeat; with nobody to own it, set aside."""
    try:
        received = open_for(kept, now=now)
    except NoOwnerError:
        kept.kind = MailKind.ASIDE
        kept.save(update_fields=["kind"])
        return
    kept.case, kept.aside_because = received.case, ""
    kept.save(update_fields=["case", "aside_because"])
    note(kept, "mail_received", now=now)
    if received.opened:
        letters.write_receipt(received.case, now=now, answers_id=mail.message_id)
    else:
        _promise_an_answer(kept, received.case, now=now)


def open_for(kept: Mail, *, now: datetime, owner: Staff | None = None) -> Received:
    """Take a mail as a report: of the customer whose address it is, else of somebody new.

    :raises NoOwnerError: if nobody can own it.
    """
    known = list(Customer.objects.filter(email__iexact=kept.sender)[:2]) if kept.sender else []
    if len(known) == 1 and kept.is_proven:
        return intake.receive_report(_news(kept, known[0], now=now), owner=owner, now=now)
    first = owner or intake.choose_any_owner(now=now)
    is_text = _channel(kept) is Channel.SMS
    fresh = NewCustomer(
        name=kept.sender_name or kept.sender or "?",
        zone=first.team.calendar.zone,
        email="" if is_text else kept.sender,
        phone=kept.sender if is_text else "",
        is_verified=False,
    )
    news = _news(kept, customers.draft(fresh, now=now), now=now)
    return customers.take_report(news, owner=first, now=now)


def _news(kept: Mail, customer: Customer, *, now: datetime) -> News:
    failure = Failure(
        customer=customer,
        title=_title(kept),
        function=Function.INFORMATION,
        harm=Harm.DEGRADED,
        failed_at=now,
        known_at=now,
    )
    return News(
        source=SOURCE,
        external_id=str(kept.pk),
        channel=_channel(kept),
        raw={"mail": kept.pk},
        failure=failure,
        note=kept.words or kept.subject,
    )


def _title(kept: Mail) -> str:
    first = kept.subject or next(iter(kept.words.splitlines()), "") or kept.sender or "E-mail"
    return first[: parsing.NAME_MAX]
