"""Letters and mails: those of one case, those that were set aside, and their files."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import letters, mail_settling, sending, templates
from makegood.actions.letters import Draft
from makegood.actions.sending import FormSentTwiceError
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import number_of, show, zone_of
from makegood.doors.web.staff.fields import DeskForm, words_field
from makegood.queries.case_mails import CaseMailsPage, get_case_mails
from makegood.queries.mail_desk import get_mail_desk, read_file
from makegood.records.models import Case, Message, Promise, PromiseRevision, Template
from makegood.rules.letters import LetterChannel
from makegood.rules.roles import Right

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
SANDBOX = "sandbox; default-src 'none'"


class WriteForm(DeskForm):
    """A letter to the customer."""

    words = words_field(gettext_lazy("What you write"), rows=6)
    about = forms.ChoiceField(
        label=gettext_lazy("What it does when it is delivered"), required=False
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            (LetterChannel.EMAIL.value, gettext_lazy("e-mail")),
            (LetterChannel.SMS.value, gettext_lazy("text message")),
        ],
    )
    template = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    layout = (("words",), ("about", "channel"), ("template",))

    def __init__(self, *args: Any, page: CaseMailsPage, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["about"]).choices = page.about
        how = cast("forms.Select", self.fields["channel"].widget)
        goes = {LetterChannel.EMAIL.value: bool(page.email), LetterChannel.SMS.value: page.may_text}
        # Where nothing can go any more, what was sent in vain comes back as it was.
        how.choices = [one for one in how.choices if goes[one[0]]] or how.choices

    def plain_rows(self) -> list[list[BoundField]]:
        """The fields, without taking the focus from the rest of the page."""
        return [[self[name] for name in names] for names in self.layout]


@allowed(Right.SEE_CASES)
@require_safe
def show_of_case(request: StaffRequest, reference: str) -> HttpResponse:
    """All that was written and came in about one case."""
    return _show_case(request, access.case(request, reference))


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def write(request: StaffRequest, reference: str) -> HttpResponse:
    """Write to the customer."""
    case = access.case(request, reference)
    page = get_case_mails(case.pk, reader=request.user, now=request.now)
    form = _form(request, page)
    if not form.is_valid():
        return _show_case(request, case, form=form, status=UNPROCESSABLE)
    draft = _draft(request, case, form.cleaned_data)
    try:
        _once(request, case, draft)
    except FormSentTwiceError:
        messages.info(request, _("This was sent twice. It counts once."))
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_case(request, case, form=form, refusal=why, status=status)
    else:
        messages.success(request, _("Written. It leaves in a moment, if it is true then too."))
    return redirect("desk:mails", case.reference)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def send_again(request: StaffRequest, letter_id: int) -> HttpResponse:
    """Let a letter leave once more that failed, was held, or may not have left."""
    letter = access.letter(request, letter_id)
    try:
        letters.send_again(letter.pk, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_case(request, letter.case, refusal=why, status=status)
    messages.success(request, _("It is sent once more."))
    return redirect("desk:mails", letter.case.reference)


@allowed(Right.TAKE_REPORTS)
@require_safe
def show_aside(request: StaffRequest) -> HttpResponse:
    """Mail that was set aside."""
    return _show_aside(request)


@allowed(Right.TAKE_REPORTS)
@require_POST
def settle(request: StaffRequest, mail_id: int) -> HttpResponse:
    """Open a case for a mail that was set aside, join it to one, or say that it is nothing."""
    mail = access.mail(request, mail_id)
    answer = request.POST.get("as", "")
    typed = request.POST.get("reference", "").strip().upper().replace("\0", "")[:20]
    joins = Case.objects.filter(reference=typed, is_canary=False).first()
    if answer == "join" and joins is None:
        why = _("There is no case %(reference)s. Its reference looks like ABCD-EFGH.")
        return _show_aside(request, refusal=why % {"reference": typed}, status=UNPROCESSABLE)
    try:
        done = _settle(request, mail.pk, answer, joins)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_aside(request, refusal=why, status=status)
    messages.success(request, done)
    return redirect("desk:mail_desk")


@allowed(Right.SEE_CASES)
@require_safe
def download(request: StaffRequest, attachment_id: int) -> HttpResponse:
    """A file of a mail: saved, never shown; whatever it is, no browser runs it here."""
    file = access.attachment(request, attachment_id)
    content, kind = read_file(file)
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file.name
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _settle(request: StaffRequest, mail: int, answer: str, joins: Case | None) -> str:
    if answer == "new":
        case = mail_settling.open_new_case(mail, by=request.user, now=request.now)
        return _("Opened as case %(reference)s. You own it.") % {"reference": case.reference}
    if answer == "join" and joins is not None:
        mail_settling.join_case(mail, joins.pk, by=request.user, now=request.now)
        return _("It joined case %(reference)s.") % {"reference": joins.reference}
    mail_settling.set_aside_for_good(mail, by=request.user, now=request.now)
    return _("Set aside for good. It stays kept.")


def _form(request: StaffRequest, page: CaseMailsPage) -> WriteForm:
    data = request.POST if request.method == "POST" and "words" in request.POST else None
    return WriteForm(
        data, zone=zone_of(request), name="write", page=page, initial=_begun(request, page)
    )


def _begun(request: StaffRequest, page: CaseMailsPage) -> dict[str, Any]:
    """What a letter begins with: the words of a template, filled from the facts of its case."""
    chosen = number_of(request, "template")
    if not any(number == chosen for number, _name in page.templates):
        return {}
    words = templates.words_for(chosen, page.case, now=request.now)
    return {"words": words, "template": chosen}


def _draft(request: StaffRequest, case: Case, typed: dict[str, Any]) -> Draft:
    """The letter; what it is about was offered by the page of this very case."""
    what, _colon, number = typed["about"].partition(":")
    pk = int(number) if number else 0
    return Draft(
        words=typed["words"],
        channel=LetterChannel(typed["channel"]),
        by=request.user,
        revision=PromiseRevision.objects.get(pk=pk) if what == "revision" else None,
        duty=Message.objects.get(pk=pk, case=case) if what == "duty" else None,
        keeps=Promise.objects.get(pk=pk, case=case) if what == "keeps" else None,
        template=_template(typed["template"]),
    )


def _template(number: int | None) -> int | None:
    """The template that the words began with, if there is such a one."""
    if number is None or not Template.objects.filter(pk=number).exists():
        return None
    return number


def _once(request: StaffRequest, case: Case, draft: Draft) -> None:
    def do() -> None:
        letters.write(case.pk, draft, now=request.now)

    key = _key(request)
    if key is None:
        do()  # a form without a key was written by hand; the action checks it all the same
    else:
        sending.once(key, do, by=request.user, now=request.now)


def _key(request: StaffRequest) -> UUID | None:
    with suppress(ValueError):
        return UUID(request.POST.get("sent_key", ""))
    return None


def _show_case(
    request: StaffRequest,
    case: Case,
    *,
    form: WriteForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    page = get_case_mails(case.pk, reader=request.user, now=request.now)
    context = {
        "page": page,
        "form": form or _form(request, page),
        "refusal": refusal,
        "sent_key": _key(request) or uuid4(),
    }
    return show(request, "desk/mails.html", context, status=status)


def _show_aside(
    request: StaffRequest, *, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    page = get_mail_desk(
        reader=request.user, of_machines="machines" in request.GET, now=request.now
    )
    return show(request, "desk/mail_desk.html", {"page": page, "refusal": refusal}, status=status)
