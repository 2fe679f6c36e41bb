"""What the environment says about letters, sessions and the company's identity provider."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from makegood.config.environment import read_environment
from makegood.config.mail import CONSOLE, NOWHERE, mail_settings
from makegood.config.sign_in import sign_in_settings

LOCAL = {"MAKEGOOD_DATA": "/nowhere"}
SERVED = {
    "MAKEGOOD_LOCAL": "0",
    "MAKEGOOD_SECRET_KEY": "s" * 50,
    "MAKEGOOD_ALLOWED_HOSTS": "desk.example.com",
    "MAKEGOOD_DATABASE_URL": "postgresql://makegood@db.example.com/makegood",
}
COMPANY = {
    "MAKEGOOD_OIDC_ISSUER": "https://login.example.com/realms/company/",
    "MAKEGOOD_OIDC_CLIENT_ID": "desk",
    "MAKEGOOD_OIDC_CLIENT_SECRET": "secret",
    "MAKEGOOD_OIDC_NAME": "Example Ltd",
}


def _settings(**given: str) -> dict:
    return sign_in_settings(read_environment({**SERVED, **given}))


def test_letters_of_a_local_desk_stand_on_its_console_and_those_of_a_server_nowhere():
    assert mail_settings("", sender="x", local=True)["EMAIL_BACKEND"] == CONSOLE
    assert mail_settings("", sender="x", local=False)["EMAIL_BACKEND"] == NOWHERE


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp+tls://desk:p%40ss@mail.example.com", 587, True, False),
        ("smtps://desk:p%40ss@mail.example.com", 465, False, True),
        ("smtp://desk:p%40ss@mail.example.com:2525", 2525, False, False),
    ],
)
def test_a_mail_server_is_named_by_one_address(url, port, tls, ssl):
    read = mail_settings(url, sender="Desk <desk@example.com>", local=False)

    assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == ("mail.example.com", port)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("desk", "p@ss")
    assert (read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (tls, ssl)
    assert read["DEFAULT_FROM_EMAIL"] == "Desk <desk@example.com>"


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail", "smtp://", "smtp://[", "x:y"])
def test_a_mail_address_that_cannot_be_read_is_refused_without_repeating_it(url):
    with pytest.raises(ImproperlyConfigured, match="MAKEGOOD_MAIL_URL cannot be read") as refusal:
        mail_settings(f"{url}?password=hunter2", sender="x", local=False)
    assert "hunter2" not in str(refusal.value)


def test_the_companys_provider_is_read_whole():
    read = _settings(**COMPANY)

    (app,) = read["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert app["settings"]["server_url"] == "https://login.example.com/realms/company"
    assert app["settings"]["oauth_pkce_enabled"]
    assert (app["client_id"], app["secret"]) == ("desk", "secret")
    assert read["OIDC_NAME"] == "Example Ltd"


def test_without_a_provider_nothing_of_it_is_configured():
    read = _settings()
    assert read["SOCIALACCOUNT_PROVIDERS"] == {}
    assert read["OIDC_NAME"] == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"MAKEGOOD_OIDC_CLIENT_SECRET": ""}, "MAKEGOOD_OIDC_CLIENT_SECRET must be set too"),
        ({"MAKEGOOD_OIDC_ISSUER": ""}, "MAKEGOOD_OIDC_ISSUER must be set too"),
        ({"MAKEGOOD_OIDC_ISSUER": "http://login.example.com"}, "must begin with https://"),
        ({"MAKEGOOD_OIDC_ISSUER": "login.example.com"}, "must begin with https://"),
    ],
)
def test_half_a_provider_or_an_open_line_to_it_is_refused(changed, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        _settings(**{**COMPANY, **changed})


def test_a_sign_in_lasts_as_many_hours_as_the_environment_says():
    assert _settings()["SESSION_COOKIE_AGE"] == 12 * 3600
    assert _settings(MAKEGOOD_SESSION_HOURS="8")["SESSION_COOKIE_AGE"] == 8 * 3600
    with pytest.raises(ImproperlyConfigured, match="at most 168 hours"):
        _settings(MAKEGOOD_SESSION_HOURS="1000")
    with pytest.raises(ImproperlyConfigured, match="MAKEGOOD_SESSION_HOURS is 'long'"):
        _settings(MAKEGOOD_SESSION_HOURS="long")


def test_who_is_asking_is_taken_from_a_proxy_only_behind_one():
    assert _settings()["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert _settings(MAKEGOOD_BEHIND_PROXY="1")["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_keys_work_without_https_on_a_local_desk_alone():
    local = sign_in_settings(read_environment(LOCAL))
    assert local["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
    assert not _settings()["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
