"""Parts: doubted where they do not match, ordered once, expected, and told of by letter."""

import pytest

from letter_world import a_case_by_mail
from makegood.actions import letter_news, letters, parts
from makegood.actions.parts import OrderEndedError, OrderStandsError, ReasonMissingError
from makegood.queries import verify
from makegood.records.models import EtaSource, Letter, Message, MessageKind
from makegood.rules.promises import NotYetHappenedError
from visit_world import (
    DAY,
    HOUR,
    a_diagnosis,
    a_part,
    a_visit,
    a_visit_for_a_part,
    an_order,
    order_of,
    utc,
)
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def owed(visit) -> Message | None:
    return Message.objects.filter(case=visit.case, kind=MessageKind.VISIT, said_at=None).first()


def test_an_order_that_does_not_match_the_diagnosis_raises_a_doubt():
    diagnosis = a_diagnosis()
    order = an_order(diagnosis, part=a_part("H-200", name="other element").pk, eta=utc(2, 17))
    visit = a_visit(diagnosis.case, diagnosis=diagnosis.pk)
    parts.receive_part(order.pk, at=utc(2, 9), by=None, now=utc(2, 9))
    visit.refresh_from_db()
    assert visit.confirmed_at is None

    with pytest.raises(ReasonMissingError):
        parts.answer_doubt(order.pk, because=" ", by=a_person(), now=utc(2, 10))
    parts.answer_doubt(order.pk, because="It replaces H-100.", by=a_person(), now=utc(2, 10))

    visit.refresh_from_db()
    assert visit.confirmed_at == utc(2, 10)


def test_one_part_is_on_order_for_a_diagnosis():
    order = an_order()
    with pytest.raises(OrderStandsError):
        an_order(order.diagnosis)


def test_without_news_of_its_supplier_a_part_is_expected_as_it_usually_takes():
    order = an_order()
    assert order.etas.get().source == EtaSource.LEAD_TIME
    assert order.eta_at == MONDAY + 5 * DAY


def test_a_part_comes_after_it_was_ordered_and_once():
    order = an_order()
    with pytest.raises(NotYetHappenedError):
        parts.receive_part(order.pk, at=MONDAY + HOUR, by=None, now=MONDAY)
    parts.receive_part(order.pk, at=MONDAY, by=None, now=MONDAY)
    with pytest.raises(OrderEndedError):
        parts.receive_part(order.pk, at=MONDAY, by=None, now=MONDAY)
    with pytest.raises(OrderEndedError):
        parts.record_eta(order.pk, utc(9, 9), source=EtaSource.DESK, by=None, now=MONDAY)


def by_mail(visit) -> Letter:
    return Letter.objects.filter(case=visit.case).latest("pk")


def test_a_new_time_goes_by_letter_and_counts_when_that_is_delivered():
    visit = a_visit_for_a_part(a_case_by_mail(), eta=utc(3, 17))
    parts.record_eta(order_of(visit).pk, utc(8, 17), source=EtaSource.API, by=None, now=utc(3, 9))
    letter = by_mail(visit)
    assert "Wednesday 10 June" in letter.words
    tell_of_it = Letter.objects.filter(case=visit.case, revision__isnull=False)
    assert tell_of_it.get() == letter

    letters.leaving(letters.take(now=utc(3, 9)).pk, now=utc(3, 9))
    assert owed(visit) is not None
    letter_news.delivered(letter.pk, at=utc(3, 9), now=utc(3, 9))

    visit.promise.refresh_from_db()
    assert visit.promise.due_at == utc(10, 10)
    assert owed(visit) is None


def test_a_letter_that_another_slip_overtook_does_not_leave():
    visit = a_visit_for_a_part(a_case_by_mail(), eta=utc(3, 17))
    news = {"source": EtaSource.API, "by": None}
    parts.record_eta(order_of(visit).pk, utc(8, 17), now=utc(3, 9), **news)
    parts.record_eta(order_of(visit).pk, utc(11, 17), now=utc(3, 9, 1), **news)

    taken = letters.take(now=utc(3, 9, 2))

    assert "Monday 15 June" in taken.words
    assert letters.take(now=utc(3, 9, 2)) is None
    assert Message.objects.filter(case=visit.case, kind=MessageKind.VISIT).count() == 1


def test_that_nobody_knows_when_we_come_is_told_by_letter_too():
    visit = a_visit_for_a_part(a_case_by_mail(), eta=utc(3, 17))
    parts.cancel_order(order_of(visit).pk, by=a_person(), now=utc(2, 9))
    letter = by_mail(visit)

    letters.leaving(letters.take(now=utc(2, 9)).pk, now=utc(2, 9))
    letter_news.delivered(letter.pk, at=utc(2, 9), now=utc(2, 9))

    assert owed(visit) is None
