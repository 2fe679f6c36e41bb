"""The customer's key: unguessable, kept as a digest only, expiring and revocable."""

from datetime import timedelta

import pytest

from makegood.actions import links
from makegood.records.models import CaseLink
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
