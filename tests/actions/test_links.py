"""The customer's key: unguessable, kept as a digest only, expiring and revocable."""

from datetime import timedelta
from uuid import uuid4

import pytest

from makegood.actions import links, replies
from makegood.actions.links import NoLinkWantedError
from makegood.actions.replies import Sender
from makegood.records.models import CaseLink, LinkRequest
from makegood.rules.promises import Outcome
from raw_sql import insert, refused_by
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_the_token_is_shown_once_and_only_its_digest_is_kept():
    case = a_case()
    token = links.mint_link(case.pk, now=MONDAY)

    link = CaseLink.objects.get()
    assert bytes(link.token_digest) == links.digest(token)
    assert token.encode() not in bytes(link.token_digest)
    assert (link.case, link.made_at, link.expires_at) == (case, MONDAY, MONDAY + timedelta(days=90))


def test_no_two_tokens_are_alike_and_each_has_256_bits():
    case = a_case()
    tokens = {links.mint_link(case.pk, now=MONDAY) for _ in range(20)}

    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)


def test_a_link_lives_as_long_as_it_is_told():
    links.mint_link(a_case().pk, now=MONDAY, life=HOUR)

    assert CaseLink.objects.get().expires_at == MONDAY + HOUR


def test_revoking_takes_back_the_links_of_one_case_once():
    mine, other = a_case(), a_case(customer=a_customer("Bob"))
    for case in (mine, mine, other):
        links.mint_link(case.pk, now=MONDAY)

    assert links.revoke_links(mine.pk, by=a_person(), now=MONDAY + HOUR) == 2
    assert links.revoke_links(mine.pk, by=a_person(), now=MONDAY + 2 * HOUR) == 0

    taken = CaseLink.objects.filter(case=mine).values_list("revoked_at", flat=True)
    assert set(taken) == {MONDAY + HOUR}
    assert CaseLink.objects.get(case=other).revoked_at is None


LATE = MONDAY + timedelta(days=91)


def test_renewing_ends_every_link_before():
    case = a_case()
    old = links.mint_link(case.pk, now=MONDAY)

    new = links.renew_link(case.pk, by=a_person(), now=MONDAY + HOUR)

    assert CaseLink.objects.get(token_digest=links.digest(old)).revoked_at == MONDAY + HOUR
    assert CaseLink.objects.get(token_digest=links.digest(new)).revoked_at is None


def test_who_holds_an_old_link_can_ask_for_a_fresh_one_once():
    case = a_case()
    token = links.mint_link(case.pk, now=MONDAY)

    for _ in range(3):
        links.ask_for_fresh_link(token, now=LATE)

    asked = LinkRequest.objects.get()
    assert asked.promise.words.startswith("Laura Bennett sends you a fresh link to your page by ")
    assert asked.promise.outcome is None


def test_a_link_that_opens_or_never_was_asks_nothing():
    live = links.mint_link(a_case().pk, now=MONDAY)

    for token in (live, "never", "", "\ud800"):
        links.ask_for_fresh_link(token, now=MONDAY)

    assert not LinkRequest.objects.exists()


def test_sending_the_fresh_link_keeps_the_promise_and_the_next_ask_is_a_new_one():
    case, laura = a_case(), a_person()
    token = links.mint_link(case.pk, now=MONDAY)
    links.ask_for_fresh_link(token, now=LATE)

    links.record_link_sent(case.pk, by=laura, now=LATE + HOUR)

    asked = LinkRequest.objects.get()
    assert (asked.answered_at, asked.answered_by) == (LATE + HOUR, laura)
    asked.promise.refresh_from_db()
    assert asked.promise.outcome == Outcome.KEPT
    with pytest.raises(NoLinkWantedError):
        links.record_link_sent(case.pk, by=laura, now=LATE + HOUR)
    links.ask_for_fresh_link(token, now=LATE + 2 * HOUR)
    assert LinkRequest.objects.count() == 2


def test_on_a_closed_case_the_ask_is_kept_without_a_promise():
    case = a_case()
    token = links.mint_link(case.pk, now=MONDAY)
    sender = Sender(link=CaseLink.objects.get().pk, case=case.pk, form=uuid4())
    replies.say_right(sender, now=MONDAY + HOUR)

    links.ask_for_fresh_link(token, now=LATE)

    assert LinkRequest.objects.get().promise is None


def test_the_database_refuses_a_request_that_makes_no_sense():
    token = links.mint_link(a_case().pk, now=MONDAY)
    links.ask_for_fresh_link(token, now=LATE)
    row = LinkRequest.objects.values().get() | {"id": 999}
    laura = a_person()

    with refused_by("link_request_one_open_per_case"):
        insert("records_linkrequest", **row)
    for wrong in ({"answered_at": LATE}, {"answered_at": MONDAY, "answered_by_id": laura.pk}):
        with refused_by("link_request_answered_by_somebody_after_it_was_asked"):
            insert("records_linkrequest", **row | wrong)
