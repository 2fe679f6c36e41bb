"""The weekly digest: on the executive's own Monday morning, once, and not to who turned it off."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string

from learning_world import a_closed_case, a_lesson
from makegood.actions import digests
from makegood.actions.digests import NoDigestError
from makegood.clockwork import counting
from makegood.clockwork.digests import send_due
from makegood.queries.digest import DigestPage
from makegood.records.models import Digest, Staff
from signing_in import signed_in, somebody
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)  # seven in London


@pytest.fixture
def ruth():
    return somebody("Ruth Castellanos", role="executive", zone="Europe/London")


def test_it_goes_out_once_on_the_executives_monday_in_text_and_html(ruth, mailoutbox):
    a_lesson(a_closed_case(now=MONDAY), now=MONDAY + timedelta(hours=2))
    counting.count_new(now=DUE)
    Staff.objects.exclude(pk=ruth.pk).update(wants_digest=False)

    sent = [send_due(now=DUE + timedelta(minutes=minutes)) for minutes in (-1, 0, 1, 60)]

    assert sent == [0, 1, 0, 0]
    (mail,) = mailoutbox
    assert mail.to == [ruth.email]
    assert "The one thing to mend first" in mail.body
    assert "Causes named: 1" in mail.body
    assert "Causes named: 1" in mail.alternatives[0][0]
    assert Digest.objects.get().sent_at is not None


def test_who_is_no_executive_or_turned_it_off_gets_none(ruth, mailoutbox):
    somebody("Grace Lind", role="supervisor")
    digests.want(ruth, wanted=False)

    assert send_due(now=DUE) == 0
    assert mailoutbox == []


def test_only_an_executive_turns_it_off_and_only_their_own():
    with pytest.raises(NoDigestError):
        digests.want(a_person("Laura Bennett"), wanted=False)


def test_it_can_be_read_on_the_desk_and_turned_off_there(ruth):
    client = signed_in(ruth)

    page = client.get("/wall/digest").content.decode()
    client.post("/wall/digest/want", {"wanted": "no"})

    assert "What was learned" in page
    ruth.refresh_from_db()
    assert not ruth.wants_digest


def test_attack_42_words_of_customers_stay_words_in_what_staff_are_sent():
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    page = DigestPage(subject=evil, tiles=(), broke=(evil,), learned=(evil,), fix=evil, link=evil)

    html = render_to_string("mail/digest.html", {"page": page, "language": "en-gb"})

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
