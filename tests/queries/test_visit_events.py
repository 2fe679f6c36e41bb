"""Every step of a visit and its part has its sentence on the timeline."""

import pytest

from makegood.actions import convenience, parts, visit_access, visit_day, visits
from makegood.actions.convenience import Suits
from makegood.actions.parts import Order
from makegood.actions.visit_day import Fault
from makegood.queries.case_page import get_case_page
from makegood.queries.visit_events import TELLERS
from makegood.records.models import EtaSource, TimelineEntry
from makegood.rules.convenience import DayPart
from makegood.rules.promises import Channel
from makegood.rules.visits import Access, Failing
from visit_world import (
    HOUR,
    a_diagnosis,
    a_part,
    a_sender,
    a_visit,
    a_visit_for_a_part,
    an_order,
    order_of,
    utc,
)
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


def _live_through_everything(laura) -> list[int]:
    first = a_visit_for_a_part(eta=utc(3, 17))
    parts.record_eta(
        order_of(first).pk, utc(8, 17), source=EtaSource.DESK, by=laura, now=utc(1, 10)
    )
    parts.cancel_order(order_of(first).pk, by=laura, now=utc(1, 11))
    owed = first.case.messages.get(kind="visit")
    visits.tell(owed.pk, at=utc(1, 11), channel=Channel.PHONE, evidence="Rang.", now=utc(1, 11))
    an_order(first.diagnosis, eta=utc(2, 9))
    other = a_case(customer=a_customer("Bea"))
    diagnosis = a_diagnosis(other)
    order = an_order(diagnosis, part=a_part("H-200").pk, eta=MONDAY)
    parts.answer_doubt(order.pk, because="It replaces H-100.", by=laura, now=MONDAY)
    visit = a_visit(other, diagnosis=diagnosis.pk, access=Access.ASKED)
    visits.choose_time(a_sender(other), visit.pk, utc(4, 8), now=MONDAY + HOUR)
    parts.receive_part(order.pk, at=MONDAY + HOUR, by=laura, now=MONDAY + HOUR)
    visit_access.give_access(visit.pk, by=laura, now=MONDAY + HOUR)
    found = parts.diagnose(other.pk, a_part("H-300"), note="", by=laura, now=utc(2, 9))
    another = parts.order_part(
        Order(diagnosis=found.pk, part=found.part_id, eta=utc(2, 10)), by=laura, now=utc(2, 9)
    )
    parts.receive_part(another.pk, at=utc(2, 10), by=laura, now=utc(2, 10))
    following = visit_day.fail(visit.pk, Fault(failing=Failing.WRONG_PART), by=laura, now=utc(4, 9))
    visits.cancel_visit(following.pk, evidence="Has another.", by=laura, now=utc(4, 9))
    suits = Suits.of([(0, DayPart.MORNING)], "")
    convenience.note(other.pk, suits, by=laura, now=utc(4, 9))
    third = a_visit(a_case(customer=a_customer("Cem")), now=utc(4, 9))
    visit_day.finish(third.pk, note="", by=laura, now=utc(4, 9))
    fourth = a_visit(a_case(customer=a_customer("Dan")), now=utc(3, 9))
    visit_day.arrive(fourth.pk, at=utc(3, 9), by=laura, now=utc(3, 9))
    visit_day.look(fourth.pk, now=utc(4, 9))
    return [first.case_id, other.pk, third.case_id, fourth.case_id]


def test_every_step_has_its_sentence():
    laura = a_person()
    cases = _live_through_everything(laura)

    said = [
        event.sentence
        for case in cases
        for event in get_case_page(case, reader=laura, now=utc(4, 10), all_events=True).events
    ]

    kinds = set(TimelineEntry.objects.filter(case__in=cases).values_list("kind", flat=True))
    assert set(TELLERS) <= kinds
    assert not [sentence for sentence in said if "%(" in sentence]
    assert not [sentence for sentence in said if sentence.startswith(("Visit ", "Part "))]
    moved = (
        "The visit moves from 08:00 tomorrow to 08:00 on Wednesday 10 June: the part comes later."
    )
    assert moved in said
