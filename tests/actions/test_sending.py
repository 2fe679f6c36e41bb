"""A form counts once, also when it is sent twice at the same moment."""

from datetime import timedelta
from uuid import uuid4

import pytest

from makegood.actions import contacts, sending
from makegood.actions.contacts import Touch
from makegood.actions.sending import FormSentTwiceError
from makegood.records.models import Contact, Direction, SentForm
from makegood.rules.promises import Channel
from raw_sql import insert, refused_by
from sessions import at_once
from world import MONDAY, a_case, a_person

TOUCH = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, note="Rang.")


@pytest.mark.usefixtures("committed_db")
def test_two_sendings_at_the_same_moment_record_one_contact():
    case, laura, key = a_case(), a_person(), uuid4()

    def send():
        return sending.once(
            key,
            lambda: contacts.record_contact(case.pk, TOUCH, now=MONDAY),
            by=laura,
            now=MONDAY,
        )

    done = at_once(send, send, send)

    assert Contact.objects.count() == 1
    assert [type(one) for one in done].count(FormSentTwiceError) == 2


@pytest.mark.django_db
def test_a_form_that_was_refused_may_be_sent_again():
    laura, key = a_person(), uuid4()

    with pytest.raises(ZeroDivisionError):
        sending.once(key, lambda: 1 / 0, by=laura, now=MONDAY)

    assert sending.once(key, lambda: "done", by=laura, now=MONDAY) == "done"


@pytest.mark.django_db
def test_keys_of_two_people_do_not_meet():
    key = uuid4()
    sending.once(key, lambda: None, by=a_person(), now=MONDAY)

    assert sending.once(key, lambda: "hers", by=a_person("Priya Shah"), now=MONDAY) == "hers"


@pytest.mark.django_db
def test_old_keys_are_forgotten():
    laura = a_person()
    sending.once(uuid4(), lambda: None, by=laura, now=MONDAY)

    sending.once(uuid4(), lambda: None, by=laura, now=MONDAY + timedelta(days=2))

    assert SentForm.objects.count() == 1


@pytest.mark.django_db
def test_the_database_takes_a_key_once():
    columns = {"staff_id": a_person().pk, "key": uuid4(), "sent_at": MONDAY}
    insert("records_sentform", **columns)

    with refused_by("form_counts_once"):
        insert("records_sentform", **columns)
