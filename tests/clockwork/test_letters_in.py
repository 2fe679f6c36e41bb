"""Mail is read from a real mailbox: once, marked as seen after it was taken, nothing left out."""

import pytest

from letter_world import a_letter
from mail_house import a_mail_house
from mail_world import HOST, MAILBOX, a_mail, reply_to
from makegood.actions import mails
from makegood.clockwork import letters_in
from makegood.gateways.mailbox import Mailbox, MailboxError, find_mailbox
from makegood.records.models import AsideBecause, Mail, MailKind
from world import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(private_folder, settings):
    settings.MAIL_TRUSTED_HOST, settings.MAIL_REPLY = HOST, MAILBOX
    with a_mail_house(private_folder) as house:
        yield house


def collect(house) -> int:
    return letters_in.collect(Mailbox(house.url), clock=lambda: MONDAY)


def test_an_answer_comes_from_the_mailbox_to_its_case_and_is_marked_as_seen(house):
    letter = a_letter()
    house.put(a_mail("On Friday.", to=reply_to(letter)))
    assert collect(house) == 1
    mail = Mail.objects.get()
    assert (mail.kind, mail.case, mail.words) == (MailKind.REPLY, letter.case, "On Friday.")
    assert house.unseen() == 0
    assert collect(house) == 0


def test_what_somebody_else_has_read_since_is_taken_all_the_same(house):
    house.put(a_mail("one"))
    collect(house)
    house.put(a_mail("two"), b"\\Seen")
    assert collect(house) == 1
    assert Mail.objects.count() == 2


def test_what_was_read_before_the_first_look_is_left_alone(house):
    house.put(a_mail("old"), b"\\Seen")
    house.put(a_mail("new"))
    assert collect(house) == 1
    assert Mail.objects.get().words == "new"


def test_a_crash_between_taking_and_marking_takes_nothing_twice(house, monkeypatch):
    house.put(a_mail("one"))
    house.put(a_mail("two"))

    def crash(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("makegood.gateways.mailbox.OpenMailbox.mark_seen", crash)
        with pytest.raises(KeyboardInterrupt):
            collect(house)
    assert (Mail.objects.count(), house.unseen()) == (1, 2)
    assert collect(house) == 1
    assert Mail.objects.count() == 2


def test_a_crash_before_it_is_kept_leaves_it_unseen(house, monkeypatch):
    house.put(a_mail("one"))

    def crash(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mails, "receive", crash)
        with pytest.raises(KeyboardInterrupt):
            collect(house)
    assert house.unseen() == 1
    assert collect(house) == 1


def test_a_mail_that_is_too_large_is_kept_in_part_and_set_aside(house, monkeypatch):
    monkeypatch.setattr(letters_in, "RAW_MAX", 5_000)
    house.put(a_mail("x" * 50 + "\n" + "y" * 20_000))
    collect(house)
    mail = Mail.objects.get()
    assert mail.aside_because == AsideBecause.TOO_LARGE
    assert mail.words.startswith("x" * 50)


def test_a_mailbox_that_is_closed_says_so_without_its_password(house):
    wrong = house.url.replace("a-long-password-of-tests", "another-secret")
    with pytest.raises(MailboxError) as refused:
        letters_in.collect(Mailbox(wrong), clock=lambda: MONDAY)
    assert "another-secret" not in str(refused.value)
    assert find_mailbox("") is None
