"""What stands in a letter: the words, what is promised next, and the one link, in their language.

Text and HTML are made of the same page, on the same clock as the customer's page. An automatic
letter names nobody whom we have not recognised: a stranger may have made the name up.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.language import choice, moments
from makegood.queries import when
from makegood.records.models import Letter, Promise
from makegood.rules import letters
from makegood.rules.letters import LetterChannel
from makegood.rules.promises import Precision

AWAY = timedelta(days=30)
_LINK = "(…)"


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterPage:
    """One letter, ready to be set in text or HTML; all of it is plain text."""

    language: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    next_title: str
    next_words: str
    next_due: str
    act: str
    link: str
    about: str
    reason: str


def get_letter_page(letter: Letter, *, link: str) -> LetterPage:
    """The letter with what is promised now; `link` is the token of the customer's page."""
    with choice.speaking(letter.case.customer.language):
        next_words, next_due = _next(letter)
        return LetterPage(
            language=choice.current(),
            subject=letter.subject,
            greeting=_greeting(letter),
            paragraphs=_paragraphs(letter.words),
            next_title=_("What happens next"),
            next_words=next_words,
            next_due=next_due,
            act=_("See your case"),
            link=settings.BASE_URL.rstrip("/") + reverse("customer:page", args=[link]),
            about=_("Case %(reference)s. Answer this letter, and %(owner)s reads it.")
            % {"reference": letter.case.reference, "owner": letter.case.owner.name},
            reason=_("You get this letter because something went wrong, and we make it good."),
        )


def in_text(page: LetterPage) -> str:
    """The letter as plain text."""
    parts = [page.greeting, *page.paragraphs]
    if page.next_words:
        parts += [f"{page.next_title}:\n{page.next_words}\n{page.next_due}"]
    parts += [f"{page.act}:\n{page.link}", f"-- \n{page.about}\n{page.reason}"]
    return "\n\n".join(parts) + "\n"


def in_few_words(page: LetterPage) -> str:
    """The letter as a text message: the words and the link."""
    return "\n".join((*page.paragraphs, page.link))


def to_keep(page: LetterPage, channel: str) -> str:
    """The text as it leaves, without the link: whoever has that can open the customer's page."""
    shown = replace(page, link=_LINK)
    return in_few_words(shown) if channel == LetterChannel.SMS else in_text(shown)


def with_what_they_tell(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """Letters with all that `in_short` needs of each."""
    return rows.select_related("case__customer", "written_by", "promise", "revision__promise")


def in_short(letter: Letter) -> str:
    """Its words and the promise that it told: a letter may say no more than "it stands below"."""
    if letter.promise is None and letter.revision is None:
        return letter.words
    with choice.speaking(letter.case.customer.language):
        return "\n\n".join((letter.words, " · ".join(_told(letter))))


def references_of(letter: Letter) -> tuple[str, ...]:
    """The ids of what was written before in this case, and last of what it answers."""
    before = Letter.objects.filter(case=letter.case_id, channel=letter.channel, pk__lt=letter.pk)
    ids = list(before.order_by("pk").values_list("message_id", flat=True))
    return letters.thread([*ids, letter.answers_id])


def _greeting(letter: Letter) -> str:
    customer = letter.case.customer
    if letter.is_automatic and not customer.is_verified:
        return _("Hello,")
    return _("Hello %(name)s,") % {"name": letters.one_line(customer.name)}


def _paragraphs(words: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in words.replace("\r", "").split("\n\n") if part.strip())


def _next(letter: Letter) -> tuple[str, str]:
    """What happens next and by when: what the letter tells, else the next promise that is open."""
    if letter.revision is not None:
        return _told(letter)
    step = letter.promise or _first_open(letter)
    return (step.words, _due(letter, step, step.due_at, step.earliest_at)) if step else ("", "")


def _told(letter: Letter) -> tuple[str, str]:
    """What it tells, and the time that it told."""
    if letter.revision is not None:
        moved, new = letter.revision.promise, letter.revision
        return moved.words, _due(letter, moved, new.new_due_at, new.new_earliest_at)
    promise, due_at = letter.promise, letter.told_due_at
    if promise is None or due_at is None:
        return "", ""
    earliest_at = promise.earliest_at if due_at == promise.due_at else None
    return promise.words, _due(letter, promise, due_at, earliest_at)


def _first_open(letter: Letter) -> Promise | None:
    if letter.case.closed_at is not None:
        return None
    return letter.case.promises.still_open().order_by("due_at", "pk").first()


def _due(letter: Letter, promise: Promise, due_at: datetime, earliest_at: datetime | None) -> str:
    """A due time by its day: who reads the letter tomorrow would take "today" for another one."""
    zone = ZoneInfo(letter.case.customer.zone)
    due = when.due_at(
        due_at,
        earliest_at=earliest_at,
        whole_day=promise.precision == Precision.DATE,
        now=due_at - AWAY,
        zone=zone,
    )
    return f"{due.words} ({moments.zone_in_words(zone)})"
