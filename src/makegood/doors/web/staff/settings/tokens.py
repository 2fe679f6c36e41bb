"""Tokens: keys of other systems, made, shown once, listed and revoked."""

from datetime import UTC, datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import tokens as token_actions
from makegood.actions.changes import FieldError
from makegood.actions.tokens import NewToken
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.settings.forms import TokenForm
from makegood.language import sentences
from makegood.queries.settings import history, lists
from makegood.records import settings_facts
from makegood.records.models import Thing
from makegood.rules import promises
from makegood.rules.roles import Right


@allowed(Right.MANAGE_TOKENS)
@require_safe
def tokens(request: StaffRequest) -> HttpResponse:
    """Every token."""
    return _show_list(request)


@allowed(Right.MANAGE_TOKENS)
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: StaffRequest) -> HttpResponse:
    """Make a token; its words are shown on the answer, and never again."""
    data = request.POST if request.method == "POST" else None
    form = TokenForm(data, zone=zone_of(request), name="token")
    if data is None:
        return _show_form(request, form)
    if not form.is_valid():
        return _show_form(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _token, words = token_actions.make(_wanted(request, form), by=request.user, now=request.now)
    except FieldError as wrong:
        form.add_error(
            wrong.field if wrong.field in form.fields else None, sentences.said(str(wrong))
        )
        return _show_form(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    response = _show_list(request, fresh=words)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@allowed(Right.MANAGE_TOKENS)
@require_POST
def token_revoke(request: StaffRequest, token_id: int) -> HttpResponse:
    """Shut another system out."""
    if settings_facts.read(Thing.TOKEN, str(token_id)) is None:
        raise Http404
    token = token_actions.revoke(token_id, by=request.user, now=request.now)
    messages.success(request, _("%(name)s is shut out.") % {"name": token.name})
    return redirect("desk:tokens")


def _wanted(request: StaffRequest, form: TokenForm) -> NewToken:
    typed = form.cleaned_data
    minor, currency = typed["limit"] or (None, "")
    return NewToken(
        name=typed["name"],
        scopes=form.scopes_typed(),
        limit_minor=minor,
        currency=currency,
        expires_at=_end_of(typed["expires_on"], zone_of(request)),
        acts_for=typed["acts_for"],
        team=typed["team"],
        is_sandbox=typed["is_sandbox"],
        calls_per_minute=typed["calls_per_minute"],
    )


def _end_of(day: datetime | None, zone: ZoneInfo) -> datetime | None:
    return promises.end_of_day(day, zone).astimezone(UTC) if day else None


def _show_list(request: StaffRequest, *, fresh: str = "") -> HttpResponse:
    zone = zone_of(request)
    context = {
        "table": lists.tokens(now=request.now, zone=zone),
        "history": history.history_of(Thing.TOKEN, zone=zone),
        "fresh": fresh,
        "section": "tokens",
    }
    return show(request, "desk/settings/tokens.html", context)


def _show_form(
    request: StaffRequest, form: TokenForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "section": "tokens"}
    return show(request, "desk/settings/token_new.html", context, status=status)
