"""One's own account: details, password, second step, and where one is signed in."""

from http import HTTPStatus
from typing import Any, cast
from zoneinfo import available_timezones

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import sign_in
from makegood.doors.access import StaffRequest, View, own_account
from makegood.doors.web.account.forms import OwnDetailsForm
from makegood.doors.web.forbidden import ROLES
from makegood.doors.web.staff.desk import show
from makegood.queries import people
from makegood.queries.sign_in import devices
from makegood.rules.roles import Role


@own_account
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: StaffRequest) -> HttpResponse:
    """What the desk knows of oneself, and the ways to everything else here."""
    me = request.user
    if request.method != "POST":
        known = {"name": me.name, "phone": me.phone, "zone": me.zone, "language": me.language}
        return _show_details(request, OwnDetailsForm(initial=known))
    form = OwnDetailsForm(request.POST)
    if not form.is_valid():
        return _show_details(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sign_in.change_own_details(me, **form.cleaned_data)
    messages.success(request, _("Your details are changed."))
    return redirect("account")


@own_account
@require_safe
def sessions(request: StaffRequest) -> HttpResponse:
    """Where one is signed in."""
    this = request.session.session_key or ""
    found = devices(request.user, this=this, now=request.now)
    others = sum(1 for device in found if not device.is_this)
    return show(request, "account/sessions.html", {"devices": found, "others": others})


@own_account
@require_POST
def end_session(request: StaffRequest, session_id: int) -> HttpResponse:
    """Sign out at one place."""
    if not sign_in.end_session(request.user.pk, session_id):
        raise Http404
    messages.success(request, _("Signed out there."))
    return redirect("account_sessions")


@own_account
@require_POST
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    """Sign out everywhere else."""
    ended = sign_in.end_sessions(request.user.pk, besides=request.session.session_key or "")
    done = ngettext(
        "Signed out at %(count)d other place.", "Signed out at %(count)d other places.", ended
    ) % {"count": ended}
    messages.success(request, done)
    return redirect("account_sessions")


class _OnDesk:
    """Allauth's pages of somebody's own account stand on the desk like any other."""

    request: StaffRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - passed through
        """With the reader's presence, which the desk shows at its top."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # the view's
        presence = people.presence_of(self.request.user, now=self.request.now)
        return {**context, "presence": presence}


class PasswordView(_OnDesk, account.PasswordChangeView):
    """Change one's password. Who has none, since they come by the company, asks for a link."""

    success_url = reverse_lazy("account")

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - passed through
        """Lead those without a password to where they get one."""
        if not request.user.has_usable_password():
            return redirect("account_reset_password")
        return cast("HttpResponseBase", super().dispatch(request, *args, **kwargs))


class AgainView(_OnDesk, account.ReauthenticateView):
    """The password once more."""


class CodeAgainView(_OnDesk, second_step.ReauthenticateView):
    """The code once more."""


class KeyAgainView(_OnDesk, keys.ReauthenticateWebAuthnView):
    """The key once more."""


class SecondStepView(_OnDesk, second_step.IndexView):
    """What one uses as a second step."""


class AddAppView(_OnDesk, app.ActivateTOTPView):
    """Set up an app that shows codes."""


class RemoveAppView(_OnDesk, app.DeactivateTOTPView):
    """Use the app no more."""


class CodesView(_OnDesk, recovery_codes.ViewRecoveryCodesView):
    """The codes for the day on which the phone is lost; shown once."""


class NewCodesView(_OnDesk, recovery_codes.GenerateRecoveryCodesView):
    """New codes instead of the old ones."""


class AddKeyView(_OnDesk, keys.AddWebAuthnView):
    """Set up a security key."""


class RemoveKeyView(_OnDesk, keys.RemoveWebAuthnView):
    """Use a key no more."""

    success_url = reverse_lazy("mfa_index")


def _own(view: View) -> View:
    return own_account(never_cache(view))


password = _own(PasswordView.as_view())
again = _own(AgainView.as_view())
code_again = _own(CodeAgainView.as_view())
key_again = _own(KeyAgainView.as_view())
second_steps = _own(SecondStepView.as_view())
add_app = _own(AddAppView.as_view())
remove_app = _own(RemoveAppView.as_view())
codes = _own(CodesView.as_view())
new_codes = _own(NewCodesView.as_view())
add_key = _own(AddKeyView.as_view())
remove_key = _own(RemoveKeyView.as_view())


def _show_details(
    request: StaffRequest, form: OwnDetailsForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    me = request.user
    context = {
        "form": form,
        "email": me.email,
        "role": ROLES[Role(me.role)],
        "team": me.team.name,
        "zones": sorted(zone for zone in available_timezones() if "/" in zone),
        "has_password": me.has_usable_password(),
    }
    return show(request, "account/own.html", context, status=status)
