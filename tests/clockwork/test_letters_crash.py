"""The clock's process on real servers: kill -9 in mid send makes no second letter."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from clocks import database_url, real_now, wait_until
from letter_world import a_letter
from mail_house import a_mail_house
from mail_world import a_mail
from makegood.clockwork import letters_in, letters_out
from makegood.gateways.mailbox import Mailbox
from makegood.gateways.sms import ConsoleSms
from makegood.records.models import Letter, Mail
from post_office import a_post_office

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("committed_db")]

MINUTE = timedelta(minutes=1)
SENDER = """
import os, sys, time, django
django.setup()
from datetime import UTC, datetime
from makegood.clockwork import letters_out
from makegood.gateways.sms import ConsoleSms
letters_out.send_waiting(ConsoleSms(print), now=datetime.now(UTC))
"""


def a_sender(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SENDER],
        env={
            **os.environ,
            "MAKEGOOD_DATABASE_URL": database_url(),
            "MAKEGOOD_LOCAL": "1",
            "MAKEGOOD_MAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAKEGOOD_MAIL_FROM": "help@example.com",
            "DJANGO_SETTINGS_MODULE": "makegood.config.settings",
        },
    )


@pytest.mark.parametrize("moment", ["at_rcpt", "at_data"])
def test_kill_9_in_mid_send_never_makes_a_second_letter(settings, moment):
    with a_post_office(settings) as office:
        letter = a_letter(now=real_now())
        office.stops_at = moment
        sender = a_sender(office.port)
        wait_until(lambda: office.stopped)
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        office.stops_at = ""
        # What the server had taken by then counts as taken.
        wait_until(lambda: not office.stopped)
        before = len(office.letters)
        for minutes in range(1, 4):
            Letter.objects.exclude(send_at=None).update(send_at=real_now() - minutes * MINUTE)
            letters_out.send_waiting(ConsoleSms(print), now=real_now())
        letter.refresh_from_db()
        # Before its words left, it leaves once, later; after, nobody sends it again.
        is_unsure = letter.sent_at is None
        assert is_unsure is (moment == "at_data")
        assert before + (not is_unsure) == len(office.letters) <= 1


def test_the_clocks_process_reads_the_mailbox_by_itself(private_folder):
    with a_mail_house(private_folder) as house:
        house.put(a_mail("one"))
        with letters_in.collecting(Mailbox(house.url), every_seconds=0.05):
            wait_until(Mail.objects.exists)
            wait_until(lambda: house.unseen() == 0)
    assert Mail.objects.get().words == "one"
