"""The gate beside the words: what is not true in them, as one types, and what would be.

What is typed is only read. One key takes a true sentence; one key puts a promise on record.
"""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.actions import doubts, gate, spoken
from makegood.actions.doubts import Statement
from makegood.actions.gate import Saying
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web import refusals
from makegood.doors.web.staff import acts, date_doubts
from makegood.doors.web.staff.date_doubts import DateDoubt
from makegood.doors.web.staff.due_words import Filled, SaidDueFields
from makegood.doors.web.staff.promise_views import word_of
from makegood.language import objections
from makegood.language.moments import by_in_words, window_in_words
from makegood.records.models import Case, PromiseRevision
from makegood.rules.gate.facts import Window
from makegood.rules.gate.verdict import Verdict
from makegood.rules.promises import Channel, Speaker
from makegood.rules.roles import Right
from makegood.rules.timewords.moment import Precision
from makegood.rules.wording.findings import Level
from makegood.rules.wording.prose import LONGEST

SHOWN_MAX = 9
"""As many as there are keys for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One thing about the words: `level` is stops, warns or hints.

    `better` says what would be better; with `instead` it takes the place of the text between
    `first` and `last`, by the key of its `number`.
    """

    level: str
    words: str
    reason: str
    better: str = ""
    instead: str = ""
    first: int = 0
    last: int = 0
    number: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A promise in the words that is not on record: its place, its words and when it is due."""

    place: int
    quote: str
    due: str
    number: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """What the panel shows; `doubted` is the date that it speaks against.

    `in_words` is the time that the words say where the form has none or another, and `is_taken`
    that it counts, since the form has none.
    """

    has_words: bool
    may_be_said: bool
    remarks: tuple[Remark, ...]
    cards: tuple[Card, ...]
    notices: tuple[str, ...]
    refusal: str = ""
    doubted: str = ""
    in_words: Filled | None = None
    is_taken: bool = False


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def weigh(request: StaffRequest, reference: str) -> HttpResponse:
    """Say what is not true in what is being written; nothing is kept."""
    case = access.case(request, reference)
    return _show(request, case)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def confirm(request: StaffRequest, reference: str) -> HttpResponse:
    """Put the promise at a place of the words on record."""
    case = access.case(request, reference)
    place = whole_number(request.POST.get("place", ""), default=-1)
    try:
        spoken.confirm(case.pk, _saying(request), place=place, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        _status, why = refusals.explain(refused)
        return _show(request, case, refusal=why)
    return _show(request, case)


def _show(request: StaffRequest, case: Case, *, refusal: str = "") -> HttpResponse:
    saying = _saying(request)
    form = _form(request, case)
    dated = _dated(request, case, form)
    if not saying.text.strip() and dated is None:
        return HttpResponse()
    verdict = gate.check(case.pk, saying, now=request.now, also=_own(request, case, form))
    differing = _differing(form)
    weighed = Weighed(
        has_words=bool(saying.text.strip()),
        may_be_said=verdict.passes and not differing,
        remarks=(
            *differing,
            *([_as_remark(dated)] if dated else ()),
            *_doubted(request, case, saying),
            *_remarks(verdict, saying.text),
        )[:SHOWN_MAX],
        cards=() if form else _cards(verdict, case, request),
        notices=tuple(objections.reason(one) for one in verdict.notices),
        refusal=refusal,
        doubted=dated.key if dated else "",
        in_words=form.in_words if form else None,
        is_taken=form is not None and form.is_taken,
    )
    return render(request, "desk/gate.html", {"word": _numbered(weighed), "case": case})


def _doubted(request: StaffRequest, case: Case, saying: Saying) -> tuple[Remark, ...]:
    """What an article in force says otherwise: to be checked before it is promised."""
    statement = Statement(case=case.pk, words=saying.text, said_at=request.now)
    says = _("“%(title)s” says %(holds)s. Check before you promise: %(owner)s answers for it.")
    return tuple(
        Remark(
            level="warns",
            words=clash.other,
            reason=says
            % {
                "title": article.title,
                "holds": clash.figure.in_words(),
                "owner": article.owner.name,
            },
        )
        for article, clash in doubts.find(statement)
    )


def _saying(request: StaffRequest) -> Saying:
    # As Python counts letters: a line ends with one, whatever the browser sends.
    text = request.POST.get("words", "").replace("\r\n", "\n").replace("\0", "")[: LONGEST + 1]
    channel = request.POST.get("channel", "")
    known = channel in {one.value for one in Channel}
    return Saying(
        text=text,
        speaker=Speaker.PERSON,
        channel=Channel(channel) if known else Channel.PHONE,
        by=request.user,
        tells=_is_for_the_customer(request),
    )


def _is_for_the_customer(request: StaffRequest) -> bool:
    """Whether it is an apology, a letter or another word that reaches them, and so tells dates."""
    about = request.POST.get("about", "").partition(":")[0]
    return "due_on" not in request.POST and about not in {"advice", "choice"}


def _own(request: StaffRequest, case: Case, form: SaidDueFields | None) -> tuple[Window, ...]:
    """The time that the form itself promises, once it is filled in."""
    about, _colon, number = request.POST.get("about", "").partition(":")
    if about == "revision" and (revision := whole_number(number)):
        told = PromiseRevision.objects.filter(pk=revision, promise__case=case)
        return tuple(gate.window_of_revision(row) for row in told.select_related("promise"))
    typed = form.as_said() if form is not None else None
    if form is None or typed is None:
        return ()
    return (gate.window_of(word_of(request, form, typed)),)


def _form(request: StaffRequest, case: Case) -> SaidDueFields | None:
    """The form of a promise as it stands; what its words say is looked at, and nothing recorded."""
    if "due_on" not in request.POST:
        return None
    form = acts.make(request, case, request.POST).form
    if not isinstance(form, SaidDueFields):
        return None
    form.takes_unseen = True
    form.is_valid()
    return form


def _dated(request: StaffRequest, case: Case, form: SaidDueFields | None) -> DateDoubt | None:
    """What is to be said against the date that the form promises."""
    if form is None or form.otherwise is not None:
        return None
    return date_doubts.find(request, case, form, kind=request.POST.get("kind", ""))


def _differing(form: SaidDueFields | None) -> tuple[Remark, ...]:
    """That the words say another time than the fields."""
    if form is None or form.otherwise is None:
        return ()
    words = form.in_words.when if form.in_words else ""
    return (Remark(level="stops", words=words, reason=str(form.errors["due_on"][0])),)


def _as_remark(doubt: DateDoubt) -> Remark:
    return Remark(level="warns", words=doubt.date, reason=doubt.why, better=doubt.better)


def _remarks(verdict: Verdict, text: str) -> tuple[Remark, ...]:
    said = [
        Remark(
            level="stops" if one.stops else "warns",
            words=text[one.start : one.end].strip(),
            reason=objections.reason(one.reason),
            instead=one.instead if one.instead not in text else "",
            first=one.first,
            last=one.last,
        )
        for one in verdict.objections
    ]
    levels = {Level.BLOCK: "stops", Level.WARN: "warns", Level.HINT: "hints"}
    said += [
        Remark(
            level=levels[one.level],
            words=text[one.start : one.end].strip(),
            reason=objections.reason(one.reason),
            better=objections.reason(one.better),
        )
        for one in verdict.findings
    ]
    order = ("stops", "warns", "hints")
    return tuple(sorted(said, key=lambda one: order.index(one.level)))[:SHOWN_MAX]


def _cards(verdict: Verdict, case: Case, request: StaffRequest) -> tuple[Card, ...]:
    zone = ZoneInfo(case.customer.zone)
    cards = []
    for one in verdict.new:
        if one.due is None or one.due <= request.now:
            continue
        by_day = one.precision is Precision.DATE
        if one.earliest is not None and one.earliest < one.due and not by_day:
            due = window_in_words(
                one.earliest, one.due, now=request.now, zone=zone, whole_day=False
            )
        else:
            due = by_in_words(one.due, now=request.now, zone=zone, whole_day=by_day)
        cards.append(Card(place=one.start, quote=one.quote, due=due))
    return tuple(cards)


def _numbered(weighed: Weighed) -> Weighed:
    """Number what one key takes: a time or promises to confirm first, then true sentences."""
    cards = [replace(card, number=place) for place, card in enumerate(weighed.cards, start=1)]
    remarks, number, seen = [], len(cards) or int(weighed.in_words is not None), set()
    for one in weighed.remarks:
        spot = (one.first, one.last)
        if one.instead and spot not in seen and number < SHOWN_MAX:
            number += 1
            seen.add(spot)
            remarks.append(replace(one, number=number))
        else:
            remarks.append(replace(one, instead=""))
    return replace(weighed, cards=tuple(cards), remarks=tuple(remarks))
