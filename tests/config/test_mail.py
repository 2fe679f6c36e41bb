"""The settings of mail are read or refused in a sentence, which holds no password."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from makegood.config.environment import read_environment
from makegood.config.mail import mail_settings, post_settings


def settings_of(**more: str) -> dict:
    return post_settings(read_environment({"MAKEGOOD_MAIL_FROM": "Acme <help@example.com>"} | more))


def test_answers_go_to_the_mailbox_that_is_named_or_to_the_sender():
    assert settings_of()["MAIL_REPLY"] == "help@example.com"
    assert settings_of(MAKEGOOD_MAIL_REPLY="in@example.com")["MAIL_REPLY"] == "in@example.com"


def test_a_provider_is_named_with_its_keys():
    url = "anymail://postmark?POSTMARK_SERVER_TOKEN=secret"
    named = mail_settings(url, sender="x@example.com", local=False)
    assert named["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
    assert settings_of(MAKEGOOD_MAIL_URL=url)["MAIL_PROVIDER"] == "postmark"
    assert settings_of(MAKEGOOD_MAIL_URL=url)["ANYMAIL"].get("POSTMARK_SERVER_TOKEN") == "secret"


@pytest.mark.parametrize(
    "wrong",
    [
        {"MAKEGOOD_MAIL_REPLY": "nobody"},
        {"MAKEGOOD_MAIL_REPLY": "help+x@example.com"},
        {"MAKEGOOD_MAIL_REPLY": f"{'h' * 24}@example.com"},
        {"MAKEGOOD_MAIL_WEBHOOK_SECRET": "short-secret-without-user"},
        {"MAKEGOOD_MAIL_WEBHOOK_SECRET": "a:secret"},
        {"MAKEGOOD_IMAP_URL": "pop3://u:secret@mail.example.com"},
        {"MAKEGOOD_IMAP_URL": "imaps://mail.example.com"},
        {"MAKEGOOD_IMAP_URL": "imaps://u:secret@mail.example.com:nan"},
        {"MAKEGOOD_SMS_URL": "http://sms.example.com/secret"},
        {"MAKEGOOD_SMS_COUNTRIES": "44"},
        {"MAKEGOOD_MAIL_URL": "anymail://?KEY=secret"},
    ],
)
def test_what_cannot_be_used_is_refused_without_its_secret(wrong):
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_of(**wrong)
    assert "secret@" not in str(refused.value)
    assert str(refused.value).startswith("MAKEGOOD_")


def test_countries_are_beginnings_of_numbers():
    assert settings_of(MAKEGOOD_SMS_COUNTRIES="+44, +49")["SMS_COUNTRIES"] == ("+44", "+49")
