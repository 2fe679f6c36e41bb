"""The thread of the clock's process that sends letters about signing in."""

import pytest
from django.core import mail

from clocks import real_now, wait_until
from makegood.actions import sign_in
from makegood.clockwork import sign_in_mail
from makegood.records.models import SignInMail
from world import a_person

pytestmark = pytest.mark.usefixtures("committed_db")


def test_the_clocks_process_sends_letters_by_itself_and_outlives_trouble(monkeypatch):
    monkeypatch.setattr(sign_in_mail, "PATIENCE_SECONDS", 0.1)
    troubles = iter([OSError("the network is gone")])
    take = sign_in.take_mail

    def take_with_trouble(*, now):
        for trouble in troubles:
            raise trouble
        return take(now=now)

    monkeypatch.setattr(sign_in, "take_mail", take_with_trouble)
    sign_in.invite(a_person(), now=real_now())

    with sign_in_mail.mailing(every_seconds=0.02):
        wait_until(lambda: SignInMail.objects.filter(sent_at__isnull=False).exists())

    assert "Hello Laura Bennett," in mail.outbox[0].body
