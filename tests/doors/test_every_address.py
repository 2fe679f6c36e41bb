"""Every address shows something: the browser then looks at each page of them."""

import re

import pytest

from full_day import FullDay, Shown, a_full_day, the_addresses
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_day(monkeypatch) -> FullDay:
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    return a_full_day()


def test_every_address_shows_something_and_every_page_says_what_it_is(full_day):
    faces = 0
    for address in the_addresses():
        shown, place, client = full_day.look(address)

        assert shown is not Shown.NOTHING, f"{address.name}: put its thing into tests/full_day.py"
        if shown is Shown.FACE:
            faces += 1
            said = client.get(place).content.decode()
            assert len(re.findall(r"<h1[ >]", said)) == 1, place
            assert re.search(r"<title>\s*\S", said), place

    assert faces > 60
