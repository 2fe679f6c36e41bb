"""Two taps at the same moment are one reply, and two asks for a link one request."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from makegood.actions import links, replies
from makegood.actions.replies import Sender
from makegood.records.models import CaseLink, Contact, LinkRequest, Reply
from sessions import at_once
from world import MONDAY, a_case, a_customer

pytestmark = pytest.mark.usefixtures("committed_db")


def test_two_taps_at_the_same_moment_are_one_reply():
    case = a_case(customer=a_customer())
    links.mint_link(case.pk, now=MONDAY)
    sender = Sender(link=CaseLink.objects.get().pk, case=case.pk, form=uuid4())
    connection.close()

    taken = at_once(*[lambda: replies.send_words(sender, "Tap.", now=MONDAY)] * 4)

    assert sorted(taken) == [False, False, False, True]
    assert Reply.objects.count() == Contact.objects.count() == 1


def test_two_asks_for_a_fresh_link_at_the_same_moment_are_one_request():
    case = a_case(customer=a_customer())
    token = links.mint_link(case.pk, now=MONDAY)
    late = MONDAY + timedelta(days=91)
    connection.close()

    taken = at_once(*[lambda: links.ask_for_fresh_link(token, now=late)] * 4)

    assert taken == [None] * 4
    assert LinkRequest.objects.count() == 1
    assert case.promises.filter(words__contains="fresh link").count() == 1
