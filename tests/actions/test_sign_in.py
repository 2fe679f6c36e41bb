"""Letters about signing in leave once, and what the database refuses about them."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection

from busy_day import NOW
from makegood.actions import sign_in
from makegood.clockwork import sign_in_mail
from makegood.gateways import email
from makegood.gateways.email import EmailError, Letter
from makegood.records.models import SecondStepRole, SignInMail, SignInMailKind, Staff, StaffRole
from raw_sql import insert, refused_by, sql
from world import a_person

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=3)


def test_a_letter_leaves_once_in_the_readers_name():
    laura = a_person()
    sign_in.write_to(laura, SignInMailKind.INVITATION, now=NOW)

    first, second = (sign_in_mail.send_waiting(now=NOW) for _ in range(2))

    assert (first, second) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == [laura.email]
    assert "Hello Laura Bennett," in letter.body
    assert "/sign-in/reset/" in letter.body
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("kind", SignInMailKind)
def test_every_kind_of_letter_has_words(kind):
    sign_in.write_to(a_person(), kind, now=NOW)
    sign_in_mail.send_waiting(now=NOW)
    assert len(mail.outbox[0].body) > 100
    assert mail.outbox[0].subject


def test_nobody_who_has_left_gets_a_letter():
    laura = a_person()
    sign_in.write_to(laura, SignInMailKind.RESET, now=NOW)
    Staff.objects.filter(pk=laura.pk).update(is_active=False)

    assert sign_in_mail.send_waiting(now=NOW) == 0

    assert mail.outbox == []
    assert SignInMail.objects.get().send_at is None


def test_a_mail_server_that_does_not_answer_is_tried_again_and_then_no_more(monkeypatch):
    def fail(*_args):
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    sign_in.write_to(a_person(), SignInMailKind.RESET, now=NOW)

    assert sign_in_mail.send_waiting(now=NOW) == 0
    letter = SignInMail.objects.get()
    assert (letter.tries, letter.send_at) == (1, NOW + sign_in.PATIENCE[0])
    assert "gone" in letter.error
    assert sign_in_mail.send_waiting(now=NOW) == 0
    for number in range(1, 9):
        sign_in_mail.send_waiting(now=NOW + number * LATER)

    letter.refresh_from_db()
    assert letter.tries == len(sign_in.PATIENCE) + 1
    assert letter.send_at is None
    assert letter.sent_at is None


def test_what_was_taken_and_never_handed_in_is_tried_again_after_a_while():
    sign_in.write_to(a_person(), SignInMailKind.RESET, now=NOW)
    assert sign_in.take_mail(now=NOW)

    assert sign_in.take_mail(now=NOW) is None
    assert sign_in_mail.send_waiting(now=NOW + sign_in.LEASE) == 1


def test_without_a_mail_server_nothing_pretends_to_have_left(settings):
    settings.EMAIL_BACKEND = "makegood.gateways.email.NowhereBackend"
    with pytest.raises(EmailError, match="set MAKEGOOD_MAIL_URL"):
        email.send(Letter(to="x@example.org", subject="x", body="x"))


def test_a_name_with_a_line_break_adds_no_header():
    with pytest.raises(EmailError):
        email.send(Letter(to="x@example.org\nBcc: y@example.org", subject="x", body="x"))
    assert mail.outbox == []


def test_setting_who_needs_a_second_step_says_what_changed():
    by = a_person()
    first = sign_in.require_second_step(
        frozenset({StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR}), by=by, now=NOW
    )
    second = sign_in.require_second_step(
        frozenset({StaffRole.ADMINISTRATOR, StaffRole.AGENT}), by=by, now=NOW
    )

    assert first == {StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR}
    assert second == {StaffRole.SUPERVISOR, StaffRole.AGENT}
    assert set(SecondStepRole.objects.values_list("role", flat=True)) == {
        "administrator",
        "agent",
    }


def test_the_database_refuses_what_no_sign_in_means():
    laura = a_person()
    with refused_by("second_step_role_is_known"):
        insert("records_secondsteprole", role="janitor", set_by_id=laura.pk, set_at=NOW)
    letter = sign_in.write_to(laura, SignInMailKind.RESET, now=NOW)
    with refused_by("sign_in_mail_kind_is_known"):
        sql("UPDATE records_signinmail SET kind = 'spam' WHERE id = %s", letter.pk)
    with refused_by("sign_in_mail_sent_is_not_sent_again"):
        sql("UPDATE records_signinmail SET sent_at = now() WHERE id = %s", letter.pk)
    with refused_by("staff_email_is_in_lower_case"):
        sql("UPDATE records_staff SET email = 'Laura@example.org' WHERE id = %s", laura.pk)
    with refused_by("staff_language_is_a_code"):
        sql("UPDATE records_staff SET language = 'Deutsch' WHERE id = %s", laura.pk)


def test_an_address_is_kept_and_found_in_lower_case_however_it_is_typed():
    laura = a_person()
    Staff.objects.filter(pk=laura.pk).update(email="Laura.B@Example.ORG")

    laura.refresh_from_db()

    assert laura.email == "laura.b@example.org"
    assert Staff.objects.get(email="LAURA.B@example.org") == laura


def test_a_row_that_knows_nothing_of_languages_reads_as_the_browsers():
    laura = a_person()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_default FROM information_schema.columns "
            "WHERE table_name = 'records_staff' AND column_name = 'language'"
        )
        assert cursor.fetchone()[0] is not None
    assert laura.language == ""


def test_sessions_that_have_run_out_are_forgotten_and_live_ones_are_kept():
    laura = a_person()
    for key, until in (("old", NOW - LATER), ("live", NOW + LATER)):
        Session.objects.create(session_key=key, session_data="", expire_date=until)
        UserSession.objects.create(
            user=laura, session_key=key, ip="127.0.0.1", user_agent="", last_seen_at=NOW - LATER
        )

    assert sign_in.forget_ended_sessions(now=NOW) == 1

    assert list(Session.objects.values_list("session_key", flat=True)) == ["live"]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["live"]
