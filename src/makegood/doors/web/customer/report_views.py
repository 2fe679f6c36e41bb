"""The public form: anybody reports what is broken, and gets an owner, a promise and a page.

No account, no cookie, no script. Known and unknown people get the same answers, so that nobody
can learn here who is a customer.
"""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from makegood.actions import knocks, public_reports
from makegood.actions.intake import NoOwnerError
from makegood.actions.knocks import TooManyKnocksError
from makegood.doors.access import keep_secret, public
from makegood.doors.moment import MomentRequest
from makegood.doors.web.customer import public_key, report_form
from makegood.doors.web.customer.public_key import PublicKeyError, TooQuickError
from makegood.doors.web.customer.report_form import Filled
from makegood.queries import public_form
from makegood.queries.labels import HARMS
from makegood.queries.public_form import Known
from makegood.rules.severity import Harm

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
PER_HOUR = 30
EMPTY = Filled(typed={"harm": Harm.LOST.value}, wrong={})


@public
@csrf_exempt  # no cookie stands behind it: the key in the form does what the guard would
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: MomentRequest) -> HttpResponseBase:
    """The form; and what it says, taken."""
    if request.method != "POST":
        return keep_secret(_show(request, EMPTY))
    filled = report_form.read(request.POST, public_form.read_offered())
    if filled.wrong:
        return keep_secret(_show(request, filled, key=_given(request), status=UNPROCESSABLE))
    try:
        number = public_key.number_of(_given(request), now=request.now)
    except TooQuickError:
        again = _("That was very quick. Please look at it once more, and send it again.")
        return keep_secret(_refuse(request, filled, again, key=_given(request)))
    except PublicKeyError:
        old = _("This page was open for a long time. Please send it once more.")
        return keep_secret(_refuse(request, filled, old))
    return keep_secret(_take(request, filled, number))


def _take(request: MomentRequest, filled: Filled, number: UUID) -> HttpResponse:
    """Take it, or say why not, with all that was typed kept."""
    try:
        # Counted before anything is said, so that nobody asks for one district after the other.
        visitor = public_key.visitor_of(request, now=request.now)
        knocks.knock("report", visitor, at_most=PER_HOUR, now=request.now)
        return _answer(request, filled, number)
    except TooManyKnocksError:
        why = _(
            "Much came from your network within the hour. Nothing that you wrote is lost: please "
            "send it again in a little while, or phone us."
        )
        return _refuse(
            request, filled, why, key=_given(request), status=HTTPStatus.TOO_MANY_REQUESTS
        )
    except NoOwnerError:
        why = _("Nobody can take this here at the moment. Please phone us; we are sorry.")
        return _refuse(
            request, filled, why, key=_given(request), status=HTTPStatus.SERVICE_UNAVAILABLE
        )


def _answer(request: MomentRequest, filled: Filled, number: UUID) -> HttpResponse:
    """Say that it is known, if it is and was not said yet; else open a case for it."""
    answered = request.POST.get("known", "")
    known = None if answered else _known(request, filled)
    if known is not None:
        context = {"known": known, "typed": filled.typed, "key": _given(request)}
        return render(request, "customer/report_known.html", context)
    claim = report_form.claim_of(filled, form=number, joins=answered == "join")
    if claim is None:
        return _show(request, filled, status=UNPROCESSABLE)
    token = public_reports.take_claim(claim, now=request.now)
    return redirect(f"{reverse('customer:page', args=[token])}?thanks=reported")


def _known(request: MomentRequest, filled: Filled) -> Known | None:
    if filled.what is None:
        return None
    return public_form.find_known(filled.what, postcode=filled.typed["postcode"], now=request.now)


def _refuse(
    request: MomentRequest,
    filled: Filled,
    why: str,
    *,
    key: str = "",
    status: int = HTTPStatus.CONFLICT,
) -> HttpResponse:
    return _show(request, replace(filled, wrong={"": why}), key=key, status=status)


def _show(
    request: MomentRequest, filled: Filled, *, key: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "filled": filled,
        "typed": filled.typed,
        "wrong": filled.wrong,
        "problem": filled.wrong.get(""),
        "offered": public_form.read_offered(),
        "harms": HARMS.items(),
        "key": key or public_key.fresh_key(now=request.now),
    }
    return render(request, "customer/report.html", context, status=status)


def _given(request: MomentRequest) -> str:
    return request.POST.get("key", "")[:300]
