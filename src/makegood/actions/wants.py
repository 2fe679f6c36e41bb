"""What a customer wants besides: it becomes a promise, or an honest no with an alternative (R42).

A no is never dressed as “can't”: its words are read for that, and a sum that one may give oneself
is refused only as what it is, could have been given and was not.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from makegood.actions import (
    askings,
    cases,
    contacts,
    doubts,
    drafts,
    gate,
    promises,
    remedies,
    reopening,
    silence,
    timeline,
)
from makegood.actions.contacts import Touch
from makegood.actions.doubts import Statement
from makegood.actions.drafts import Word
from makegood.actions.gate import Saying
from makegood.records.models import (
    Case,
    Contact,
    Message,
    MessageKind,
    Promise,
    Staff,
    Want,
)
from makegood.rules import wants as rules
from makegood.rules.promises import Channel, Speaker
from makegood.rules.remedies import Terms
from makegood.rules.wants import WantAnsweredError

_ANSWERS = gettext_noop("%(owner)s answers what you want by %(moment)s.")


@dataclass(frozen=True, kw_only=True, slots=True)
class HonestNo:
    """What is said to the customer, and what is offered instead.

    `sum` is what they asked for, if it was money or something that costs money; `why` is then
    written for the company, and not for them.
    """

    words: str
    instead: str
    channel: Channel
    sum: Terms | None = None
    why: str = ""


def hear(case_id: int, words: str, *, contact: Contact, now: datetime) -> Want:
    """Keep what the customer of a locked, open case wants, in their own words."""
    want = Want.objects.create(
        case_id=case_id, contact=contact, words=words, said_at=contact.happened_at
    )
    facts = {"want": want.pk, "contact": contact.pk}
    timeline.append(case_id=case_id, kind="want_heard", at=want.said_at, now=now, facts=facts)
    return want


@transaction.atomic
def take(case_id: int, words: str, *, touch: Touch, now: datetime) -> Want:
    """Take what a customer told somebody of the staff that they want; an answer is promised.

    A closed case opens again by it, with the same owner.

    :raises NotYetHappenedError: if it lies in the future.
    :raises NobodyToCoverError: if the case is closed, its owner has left and nobody stands in.
    """
    contact = contacts.record_contact(case_id, touch, now=now, is_answer=True)
    case = Case.objects.select_related("customer", "owner", "team__calendar").get(pk=case_id)
    if reopening.ended_at(case) is not None:
        reopening.reopen_case(case_id=case_id, answer=contact, now=now)
    else:
        promises.promise_from_page(case, drafts.word_of_owner(case, _ANSWERS, now=now), now=now)
    want = hear(case_id, words, contact=contact, now=now)
    silence.heard(case_id, now=now)
    return want


@transaction.atomic
def promise(want_id: int, word: Word, *, by: Staff, now: datetime) -> Promise:
    """Promise what the customer wants.

    :raises WantAnsweredError: if it was answered already.
    :raises ClosedCaseError: if the case is closed.
    :raises WindowError: if the window cannot be kept.
    """
    want = _lock_open(want_id)
    made = promises.make_promise(want.case_id, word, now=now)
    want.promise = made
    want.save(update_fields=["promise"])
    facts = {"want": want.pk, "promise": made.pk, "by": by.pk}
    timeline.append(case_id=want.case_id, kind="want_promised", at=now, now=now, facts=facts)
    return made


@transaction.atomic
def decline(want_id: int, no: HonestNo, *, by: Staff, now: datetime) -> Want:
    """Say an honest no, and what is offered instead; the customer reads both on their page.

    :raises WantAnsweredError: if it was answered already.
    :raises CannotForWillNotError: if the words say “can't” where we decide not to.
    :raises NoAlternativeError: if nothing is offered instead.
    :raises BeyondAuthorityError: if the sum is not theirs to refuse; then who may is asked.
    :raises StoppedError: if something in it is not true, such as a date that nobody promised.
    """
    want = _lock_open(want_id)
    rules.check_no(no.words, instead=no.instead)
    said = f"{no.words.strip()} {no.instead.strip()}"
    saying = Saying(text=said, speaker=Speaker.PERSON, channel=no.channel, by=by, said_at=now)
    _check_alone(want, no, saying, now=now)
    gate.pass_or_stop(want.case_id, saying, now=now, offers=_offered(no.instead))
    if no.sum is not None:
        remedies.withhold(want.case_id, no.sum, why=no.why, asked=True, by=by, now=now)
    want.declined_at, want.declined_by = now, by
    want.honest_no, want.instead = no.words.strip(), no.instead.strip()
    want.save(update_fields=["declined_at", "declined_by", "honest_no", "instead"])
    Message.objects.create(
        case_id=want.case_id,
        kind=MessageKind.HONEST_NO,
        about=f"want:{want.pk}:declined",
        queued_at=now,
        said_at=now,
        said_by=by,
        channel=no.channel.value,
        words=said,
    )
    facts = {"want": want.pk, "by": by.pk}
    timeline.append(
        case_id=want.case_id, kind="want_declined", at=now, now=now, facts=facts, words=said
    )
    doubts.look(Statement(case=want.case_id, words=said, said_at=now, by=by.pk), now=now)
    askings.look(want.case, now=now)
    return want


def _check_alone(want: Want, no: HonestNo, saying: Saying, *, now: datetime) -> None:
    """What is offered instead makes nothing true in the no itself."""
    verdict = gate.check(want.case_id, replace(saying, text=no.words.strip()), now=now)
    if not verdict.passes:
        raise gate.StoppedError(verdict)


def _offered(instead: str) -> str:
    """What these very words give, and put on record; not what is granted first."""
    return "" if rules.is_granted_first(instead) else instead.strip()


def _lock_open(want_id: int) -> Want:
    cases.lock(Want.objects.values_list("case_id", flat=True).get(pk=want_id))
    want = Want.objects.get(pk=want_id)
    if want.promise_id or want.declined_at or want.let_go_by_id:
        raise WantAnsweredError
    return want
