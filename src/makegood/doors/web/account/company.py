"""Signing in by the company's own identity provider: whom it vouches for, and who works here."""

from http import HTTPStatus
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from makegood.doors.web.account.adapter import refuse_stranger
from makegood.records.models import Staff


class CompanyAdapter(DefaultSocialAccountAdapter):
    """Lets in people of the desk alone. Nobody is made by signing in."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person by the address that the provider says it has verified.

        :raises ImmediateHttpResponse: if the desk does not know them.
        """
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise ImmediateHttpResponse(refuse_stranger(request))
            return
        person = self._person(sociallogin)
        if person is None:
            raise ImmediateHttpResponse(refuse_stranger(request))
        sociallogin.connect(request, person)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - allauth's signature
        """Never."""
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ANN401, ARG002 - allauth's signature
        error: Any = None,  # noqa: ANN401, ARG002 - allauth's signature
        exception: Any = None,  # noqa: ANN401, ARG002 - allauth's signature
        extra_context: Any = None,  # noqa: ANN401, ARG002 - allauth's signature
    ) -> None:
        """The provider refused, or could not be reached: say so, and offer the password.

        :raises ImmediateHttpResponse: always.
        """
        raise ImmediateHttpResponse(say_company_failed(request))

    def _person(self, sociallogin: SocialLogin) -> Staff | None:
        verified = {
            address.email.lower() for address in sociallogin.email_addresses if address.verified
        }
        people = Staff.objects.people().filter(is_active=True, email__in=verified)
        found = list(people[:2])
        return found[0] if len(found) == 1 else None


def say_company_failed(request: HttpRequest) -> HttpResponse:
    """The page for a sign-in that the identity provider refused, or did not answer."""
    return render(request, "account/company_failed.html", status=HTTPStatus.BAD_GATEWAY)
