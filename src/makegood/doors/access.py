"""The only way from a request to a case, a promise, a telling or a hand-over.

Staff come by sign-in, customers by the secret link to the page of one case. Every view of the
pages is wrapped by `public`, `allowed`, `staff_only` or `link_only`; a test walks all addresses
with all roles and fails on one that is not. A link that is unknown, expired or taken back gives
one same page, so that nothing can be learned by trying.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from makegood.actions import links
from makegood.actions.replies import Sender
from makegood.doors import language, leading
from makegood.doors.moment import MomentRequest
from makegood.doors.unsent import unsent_of
from makegood.language import choice
from makegood.queries import one_case, people
from makegood.records.models import (
    ApprovalRequest,
    Attachment,
    Case,
    Choice,
    Claim,
    Escalation,
    Handover,
    Letter,
    Mail,
    Message,
    Promise,
    PromiseRevision,
    Remedy,
    Report,
    Staff,
    Want,
)
from makegood.rules import roles
from makegood.rules.roles import Right

DOOR = "door"
RIGHT = "right"
FORM_LIFE = timedelta(hours=24)


class StaffRequest(MomentRequest):
    """A request of somebody who has signed in."""

    user: Staff


class MissingRightError(PermissionDenied):
    """Somebody who has signed in asks for what their role may not do; nothing was changed."""

    def __init__(self, right: Right) -> None:
        super().__init__(f"This needs the right {right.value}; an administrator can give it.")
        self.right = right


class StaleFormError(Exception):
    """The form did not come from a page that was opened by this link within a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """What a customer's link opens: the page of one case, in the customer's language if known."""

    link: int
    case: int
    language: str = ""

    def form_key(self) -> str:
        """A key that the page's forms carry, so that only the page itself can send them."""
        return self._signer().sign(uuid4().hex)

    def sender(self, given: str) -> Sender:
        """Who sends a form, by the key in it; the same form sent again has the same number.

        :raises StaleFormError: if it comes from elsewhere, or from a page opened long ago.
        """
        try:
            number = self._signer().unsign(given, max_age=FORM_LIFE)
        except signing.BadSignature as wrong:
            raise StaleFormError from wrong
        return Sender(link=self.link, case=self.case, form=UUID(number))

    def _signer(self) -> signing.TimestampSigner:
        # The link is in the salt, so that its number, which counts links, stands on no page.
        return signing.TimestampSigner(salt=f"makegood.customer.form.{self.link}")


View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Let anybody in."""
    setattr(view, DOOR, "public")
    return view


def allowed(right: Right) -> Callable[[View], View]:
    """Let in who has signed in and has the right; tell others who can give it to them.

    What also hangs on the case, see `check_on_case`.
    """

    def door(view: View) -> View:
        @wraps(view)
        def checked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the address gives
            check(request, right)
            return view(request, *args, **kwargs)

        guarded = staff_only(checked)
        setattr(guarded, RIGHT, right)
        return guarded

    return door


def staff_only(view: View) -> View:
    """Let in who has signed in and still works here, whatever their role; others sign in first.

    For what is everybody's own. All else says `allowed`. Whose role needs a second step, and who
    has none, sets one up before anything else.
    """
    return _door_for_staff(view, asks_second_step=True)


def own_account(view: View) -> View:
    """As `staff_only`, for the pages of one's account, where a missing second step is set up."""
    return _door_for_staff(view, asks_second_step=False)


def link_only(view: View) -> View:
    """Let in who holds a live link.

    No cookie is asked for or set. Django's guard against forged forms needs one, and an `Origin`
    that browsers withhold from a page which tells its address to nobody; here the secret link
    itself is what a forger lacks, and `Key.form_key` ties each form to its page.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        moment = cast("MomentRequest", request)
        key = _find_key(token, moment)
        with language.speaking_to_customer(request, key.language if key else ""):
            response = view(moment, token, key) if key else _closed_door(moment, token)
            response.headers["Content-Language"] = choice.current()
        return keep_secret(response)

    setattr(guarded, DOOR, "link")
    return guarded


def signed(view: View) -> View:
    """Let in another system whose message the view itself checks by its signature."""
    setattr(view, DOOR, "signed")
    return csrf_exempt(view)


def case(request: StaffRequest, reference: str) -> Case:
    """The case of a reference."""
    _staff(request)
    case = one_case.by_reference(reference.upper())
    if case is None:
        raise Http404
    return case


def case_by_id(request: StaffRequest, case_id: int) -> Case:
    """The case of a number that we ourselves have signed."""
    _staff(request)
    cases = Case.objects.filter(is_canary=False).select_related("customer")
    return get_object_or_404(cases, pk=case_id)


def promise(request: StaffRequest, promise_id: int) -> Promise:
    """A promise, with its case."""
    _staff(request)
    return get_object_or_404(Promise.objects.select_related("case__customer"), pk=promise_id)


def revision(request: StaffRequest, revision_id: int) -> PromiseRevision:
    """A new date for a promise, with its case."""
    _staff(request)
    revisions = PromiseRevision.objects.select_related("promise__case__customer")
    return get_object_or_404(revisions, pk=revision_id)


def message(request: StaffRequest, message_id: int) -> Message:
    """Something to be said, with its case."""
    _staff(request)
    return get_object_or_404(
        Message.objects.select_related("case__customer", "promise"), pk=message_id
    )


def question(request: StaffRequest, message_id: int) -> Message:
    """The question whether it is right, as it is to be said, with its case."""
    _staff(request)
    questions = Message.objects.select_related("case__customer", "asking")
    return get_object_or_404(questions, pk=message_id, asking__isnull=False)


def want(request: StaffRequest, want_id: int) -> Want:
    """Something that a customer wants, with its case."""
    _staff(request)
    return get_object_or_404(Want.objects.select_related("case__customer"), pk=want_id)


def claim(request: StaffRequest, claim_id: int) -> Claim:
    """Something that a customer was promised and came to light late, with its case."""
    _staff(request)
    return get_object_or_404(Claim.objects.select_related("case__customer", "promise"), pk=claim_id)


def handover(request: StaffRequest, handover_id: int) -> Handover:
    """A hand-over, with its case; who may answer it is for the action to say."""
    _staff(request)
    return get_object_or_404(Handover.objects.select_related("case__customer"), pk=handover_id)


def escalation(request: StaffRequest, escalation_id: int) -> Escalation:
    """A telling, with its case."""
    _staff(request)
    tellings = Escalation.objects.select_related("case__customer", "staff")
    return get_object_or_404(tellings, pk=escalation_id)


def other_time(request: StaffRequest, choice_id: int) -> Choice:
    """Another time that is offered, with its promise and case."""
    _staff(request)
    return get_object_or_404(Choice.objects.select_related("promise__case__customer"), pk=choice_id)


def remedy(request: StaffRequest, remedy_id: int) -> Remedy:
    """Something that was granted, with its case."""
    _staff(request)
    return get_object_or_404(Remedy.objects.select_related("case__customer"), pk=remedy_id)


def approval_request(request: StaffRequest, request_id: int) -> ApprovalRequest:
    """A wish that waits for a yes, with its case; who may decide is for the action to say."""
    _staff(request)
    asked = ApprovalRequest.objects.select_related("case__customer")
    return get_object_or_404(asked, pk=request_id)


def report(request: StaffRequest, report_id: int) -> Report:
    """A report that came in."""
    _staff(request)
    return get_object_or_404(Report.objects.select_related("case"), pk=report_id)


def letter(request: StaffRequest, letter_id: int) -> Letter:
    """A letter to a customer, with its case."""
    _staff(request)
    return get_object_or_404(Letter.objects.select_related("case__customer"), pk=letter_id)


def mail(request: StaffRequest, mail_id: int) -> Mail:
    """A mail that came in, without its bytes."""
    _staff(request)
    return get_object_or_404(Mail.objects.defer("raw"), pk=mail_id)


def attachment(request: StaffRequest, attachment_id: int) -> Attachment:
    """A file in a mail."""
    _staff(request)
    return get_object_or_404(Attachment, pk=attachment_id)


def check(request: StaffRequest, right: Right) -> None:
    """Refuse what the reader's role may not do.

    :raises MissingRightError: if it may not.
    """
    _staff(request)
    if not roles.has(request.user.role, right):
        raise MissingRightError(right)


def check_on_case(request: StaffRequest, about: Case, *, others: Right) -> None:
    """Refuse what on somebody else's case needs the right `others`.

    :raises MissingRightError: if the case is not the reader's, nor of somebody they cover for,
        and their role has not the right.
    """
    if not may_on_case(request, about, others=others):
        raise MissingRightError(others)


def may_on_case(request: StaffRequest, about: Case, *, others: Right) -> bool:
    """Whether the reader may do what on somebody else's case needs the right `others`."""
    role, owner = request.user.role, about.owner_id
    if roles.may_on_case(role, others=others, is_own=owner == request.user.pk):
        return True
    if not roles.may_on_case(role, others=others, is_own=True):
        return False
    return owner in {cover.id for cover in people.covered_by(request.user.pk, now=request.now)}


class RightsOf:
    """`may.take_reports` and its like, for who has signed in; others have none."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __getattr__(self, name: str) -> bool:
        """Look all of them up when the first is asked for; from then on they are there."""
        person = getattr(self._request, "user", None)
        role = person.role if isinstance(person, Staff) else None
        found = {right.value: role is not None and roles.has(role, right) for right in Right}
        vars(self).update(found)
        if name not in found:
            raise AttributeError(name)
        return found[name]


def rights_for_pages(request: HttpRequest) -> dict[str, object]:
    """For templates: `may.take_reports` and its like. Looked up only by pages that ask."""
    return {"may": RightsOf(request)}


def may_acknowledge(request: StaffRequest, telling: Escalation) -> bool:
    """Whether this telling is the reader's to answer: theirs, or of somebody they cover now.

    Anybody else's answer would silence the ladder for a person who has not heard it.
    """
    return may_answer_for(request, telling.staff_id)


def may_answer_for(request: StaffRequest, person: int) -> bool:
    """Whether somebody is the reader, or they cover for them now."""
    me = request.user.pk
    return person == me or person in {c.id for c in people.covered_by(me, now=request.now)}


def _door_for_staff(view: View, *, asks_second_step: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the address gives
        if not isinstance(request.user, Staff):
            return _ask_to_sign_in(request)
        if asks_second_step and getattr(request.user, "lacks_second_step", True):
            return leading.lead(request, reverse("mfa_index"))
        response = view(cast("StaffRequest", request), *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    setattr(guarded, DOOR, "staff")
    return guarded


def _staff(request: StaffRequest) -> None:
    if not isinstance(request.user, Staff):
        raise PermissionDenied


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    # After a sign-in the browser comes by GET: to what it asked for, or else to the page that a
    # form was sent from, in which its words stand again.
    is_page = request.method in {"GET", "HEAD"}
    wanted = request.get_full_path() if is_page else leading.sent_from(request)
    if getattr(request, "htmx", False):
        return leading.lead(request, "/sign-in")
    return redirect_to_login(wanted)


def _find_key(token: str, request: MomentRequest) -> Key | None:
    found = one_case.by_link(links.digest(token), now=request.now)
    return Key(link=found.link, case=found.case, language=found.language) if found else None


def _closed_door(request: MomentRequest, token: str) -> HttpResponse:
    """The same page for every link that opens nothing; its one form asks for a fresh link."""
    asks = request.method == "POST" and "fresh" in request.POST
    if asks:
        links.ask_for_fresh_link(token, now=request.now)
    context = {"asked": asks, "unsent": unsent_of(request)}
    return render(request, "customer/not_found.html", context, status=404)


def keep_secret(response: HttpResponseBase) -> HttpResponseBase:
    """Let nobody keep, index or pass on the address of the page."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
