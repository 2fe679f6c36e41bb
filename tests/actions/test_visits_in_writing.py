"""Whoever chose a time or called a visit off has it in writing, and their calendar follows."""

import pytest
import vobject

from makegood.actions import letters, parts, visit_choices, visits
from makegood.queries import verify, visit_calendar
from makegood.records.models import EtaSource, Letter, Message
from makegood.rules.promises import Channel
from makegood.rules.visits import Access
from visit_world import HOUR, a_sender, a_visit, a_visit_for_a_part, order_of, slot_of, utc
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


@pytest.fixture
def case():
    return a_case(customer=a_customer("Carl Weber", email="carl@example.org"))


def leaving(now) -> tuple[Letter, ...]:
    """The letters that leave now, each past its gate."""
    taken = iter(lambda: letters.take(now=now), None)
    return tuple(taken)


def entry(letter: Letter, *, now):
    return vobject.readOne(visit_calendar.beside(letter, now=now).decode())


def test_who_agrees_to_a_visit_on_the_phone_has_its_calendar_entry(case):
    visit = a_visit(case)

    (letter,) = leaving(MONDAY)

    assert letter.words.startswith("As agreed: we come between 13:00 and 15:00 on Monday 1 June")
    assert entry(letter, now=MONDAY).vevent.dtstart.value == slot_of(visit).opens_at
    assert entry(letter, now=MONDAY).method.value == "REQUEST"


def test_who_agreed_by_letter_is_not_written_to_again(case):
    a_visit(case, channel=Channel.EMAIL)
    assert leaving(MONDAY) == ()


def test_the_calendar_follows_a_choice_on_the_page(case):
    visit = a_visit(case)
    (first,) = leaving(MONDAY)
    before = entry(first, now=MONDAY)

    visits.choose_time(a_sender(case), visit.pk, utc(3, 8), now=MONDAY + HOUR)

    (letter,) = leaving(MONDAY + HOUR)
    after = entry(letter, now=MONDAY + HOUR)
    assert "As agreed: we come between 09:00 and 11:00 on Wednesday 3 June" in letter.words
    assert after.vevent.uid.value == before.vevent.uid.value
    assert int(after.vevent.sequence.value) > int(before.vevent.sequence.value)
    assert after.vevent.dtstart.value == utc(3, 8)


def test_who_chooses_on_the_phone_is_not_told_that_we_have_to_move(case):
    visit = a_visit(case, channel=Channel.EMAIL)
    told = {"channel": Channel.PHONE, "evidence": "She chose it."}

    visit_choices.choose_together(visit.pk, utc(3, 8), by=a_person(), now=MONDAY + HOUR, **told)

    (letter,) = Letter.objects.all()
    assert leaving(MONDAY + HOUR) == (letter,)
    assert letter.words.startswith("As agreed: we come between")
    assert entry(letter, now=MONDAY + HOUR).vevent.dtstart.value == utc(3, 8)


def test_who_chooses_on_the_phone_will_be_there_as_on_their_page(case):
    visit = a_visit(case, access=Access.ASKED, channel=Channel.EMAIL)
    told = {"channel": Channel.PHONE, "evidence": "She chose it."}

    chosen = visit_choices.choose_together(
        visit.pk, utc(3, 8), by=a_person(), now=MONDAY + HOUR, **told
    )

    assert (chosen.access, chosen.confirmed_at) == (Access.GIVEN, MONDAY + HOUR)
    assert "You need do nothing" in Letter.objects.get().words


@pytest.mark.parametrize("is_lost", [False, True])
def test_what_has_moved_before_its_letter_left_is_not_written_any_more(case, is_lost):
    visit = a_visit_for_a_part(case, eta=utc(3, 17))
    order = order_of(visit).pk
    if is_lost:
        parts.cancel_order(order, by=a_person(), now=MONDAY)
    else:
        parts.record_eta(order, utc(8, 17), source=EtaSource.DESK, by=None, now=MONDAY)

    (letter,) = leaving(MONDAY)

    assert ("we do not come at the time that you have" in letter.words) is is_lost
    assert ("on Wednesday 10 June" in letter.words) is not is_lost


def test_a_visit_that_is_called_off_leaves_the_calendar(case):
    visit = a_visit(case)
    (first,) = leaving(MONDAY)
    before = entry(first, now=MONDAY)

    visits.cancel_visit(visit.pk, evidence="She had it mended.", by=a_person(), now=MONDAY + HOUR)

    (letter,) = leaving(MONDAY + HOUR)
    after = entry(letter, now=MONDAY + HOUR)
    assert letter.words.startswith("As you wished, we do not come to you any more for this: fit")
    assert after.method.value == "CANCEL"
    assert after.vevent.uid.value == before.vevent.uid.value
    assert int(after.vevent.sequence.value) > int(before.vevent.sequence.value)


def test_who_cannot_be_written_to_is_owed_no_letter_about_what_they_said():
    visit = a_visit()
    visits.cancel_visit(visit.pk, evidence="She had it mended.", by=a_person(), now=MONDAY)
    assert not Letter.objects.exists()
    assert not Message.objects.exists()


def test_who_has_to_let_us_in_does_not_read_that_they_need_do_nothing(case):
    a_visit(case, access=Access.ASKED)

    (letter,) = leaving(MONDAY)

    assert "You need do nothing" not in letter.words
    assert "Tell us on your page that somebody will be there" in letter.words
