"""Coming in and going out: the pages for people who have not signed in (yet)."""

from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.socialaccount.providers.openid_connect import views as company
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from makegood.doors.access import public
from makegood.doors.web.account.company import say_company_failed

UNREACHABLE = (OSError, ValueError)
"""No answer of the provider, or none that is JSON; what `requests` raises is an OSError."""

FORM = ["GET", "HEAD", "POST"]


class SignInView(account.LoginView):
    """Address and password, or the company's own identity provider."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - passed through
        """With the company's provider, if it has one."""
        return {**super().get_context_data(**kwargs), "company": settings.OIDC_NAME}


@require_http_methods(FORM)
def _go_to_company(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send somebody to the company's identity provider, by a page that says so.

    A form's own answer may not lead to another site, says our content security policy.
    """
    if request.method != "POST":
        return redirect("account_login")
    if "process" in request.POST or "process" in request.GET:
        raise Http404  # allauth would also connect accounts this way, which we do by address alone
    try:
        response: HttpResponseBase = company.login(request, provider_id=provider_id)
    except UNREACHABLE:
        return say_company_failed(request)
    address = response.headers.get("Location", "")
    if not urlsplit(address).scheme:
        return response
    context = {"address": address, "company": settings.OIDC_NAME}
    return render(request, "account/going.html", context)


def _come_from_company(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the identity provider; the state that it carries was given to this very browser."""
    try:
        return cast("HttpResponseBase", company.callback(request, provider_id=provider_id))
    except UNREACHABLE:
        return say_company_failed(request)


sign_in = public(SignInView.as_view())
sign_out = public(account.LogoutView.as_view())
second_step_page = public(never_cache(second_step.AuthenticateView.as_view()))
ask_for_reset = public(account.PasswordResetView.as_view())
reset_sent = public(account.PasswordResetDoneView.as_view())
reset = public(never_cache(account.PasswordResetFromKeyView.as_view()))
reset_done = public(account.PasswordResetFromKeyDoneView.as_view())
go_to_company = public(never_cache(_go_to_company))
come_from_company = public(never_cache(_come_from_company))
