"""A closed case is given what everybody is: it opens until that is there, and closes as before."""

from zoneinfo import ZoneInfo

import pytest

from asking import a_call, ask
from ended_world import report
from given_world import LATER, SAID, SORRY, a_boss, arrives, close, publish
from incident_world import HOUR, a_truth, an_outage, declare, left_out, subscribers
from makegood.actions import (
    erasing,
    incidents,
    payments,
    remedies,
    reopening,
    replies,
    silence,
    staff,
)
from makegood.actions.gate import StoppedError
from makegood.actions.incident_remedies import GivenThereError
from makegood.actions.remedies import Wish
from makegood.clockwork import ticks
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.records.models import (
    Asking,
    Case,
    Contact,
    Customer,
    ErasedBecause,
    Incident,
    Letter,
    Remedy,
    Staff,
    Team,
)
from money_world import limits, may_give, some_terms
from visit_world import a_sender
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


@pytest.fixture
def incident() -> Incident:
    subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL", email="ann@example.org")
    found = declare()
    sweep_incidents(now=MONDAY)
    return found


def test_a_closed_case_is_given_it_told_of_it_and_closed_by_the_same_answer(incident):
    first, *others = Case.objects.order_by("pk")
    answer = close(first).closed_by_contact

    decided = publish(incident)

    first.refresh_from_db()
    assert (decided.granted, decided.at_most, left_out(decided)) == (3, 3, [])
    assert first.closed_at is None
    [promise] = first.promises.still_open()  # no news besides: nothing else is to be said
    letter = Letter.objects.get(case=first, words__startswith=SORRY)
    assert (promise.kind, letter.promise) == ("redress", promise)
    assert promise.words in letter.words
    arrives(first)
    assert (first.closed_at, first.closed_by_contact) == (LATER + HOUR, answer)
    assert [one.kind for one in first.timeline.order_by("seq")][-1] == "closed_as_before"
    assert arrives(others[0]).closed_at is None


def the_next_time() -> str:
    due = (LATER + 2 * HOUR).astimezone(ZoneInfo("Europe/London"))
    return f"We write again by {due:%H:%M} today."


def test_words_that_rest_on_the_next_news_are_said_if_everybody_is_promised_it(incident):
    publish(incident, words=the_next_time())

    assert incident.truths.get(number=2).words == the_next_time()


@pytest.mark.parametrize("all_closed", [True, False])
def test_words_that_rest_on_news_which_closed_cases_are_not_promised_are_refused(
    incident, all_closed
):
    for case in Case.objects.all() if all_closed else Case.objects.all()[:1]:
        close(case)

    with pytest.raises(StoppedError):
        publish(incident, words=the_next_time())

    assert incident.truths.count() == 1


def test_words_that_are_not_true_are_refused_also_where_every_case_is_closed(incident):
    for case in Case.objects.all():
        close(case)
    false = a_truth("A technician will visit you on 9 June.", now=LATER)

    with pytest.raises(StoppedError):
        incidents.say(incident.pk, false, by=a_person(), now=LATER)

    assert incident.truths.count() == 1


def test_whoever_says_anything_meanwhile_is_not_closed_over(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    publish(incident)
    a_call(first, "Thank you.", now=LATER)

    assert arrives(first).closed_at is None
    assert first.promises.still_open().get().kind == "news"


def test_who_never_answered_is_not_asked_again(incident):
    first = Case.objects.order_by("pk").first()
    now = SAID
    silence.ask(first.pk, now=now)
    for _ in range(2):
        asking = ask(first, now=now)
        now = asking.act_at
        silence.act_on(asking.pk, now=now)
    first.refresh_from_db()
    assert first.closed_by_asking == asking

    publish(incident, now=now)

    arrives(first, at=now + HOUR)
    assert (first.closed_at, first.closed_by_asking) == (now + HOUR, asking)


def test_whoever_spoke_up_after_silence_had_closed_it_is_paid_and_not_closed_over(incident):
    first = Case.objects.order_by("pk").first()
    now = SAID
    silence.ask(first.pk, now=now)
    for _ in range(2):
        asking = ask(first, now=now)
        now = asking.act_at
        silence.act_on(asking.pk, now=now)
    a_call(first, "Thanks, by the way.", now=now)
    publish(incident, now=now + HOUR)

    arrives(first, at=now + 2 * HOUR)

    assert Remedy.objects.get(case=first).outcome == "arrived"
    assert first.closed_at is None


def test_who_said_that_it_works_is_not_asked_when_more_is_given_to_them_alone(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    incidents.end(
        incident.pk, a_truth("It works again.", now=SAID), at=SAID, evidence="Every line answers.",
        by=a_person(), now=SAID,
    )  # fmt: skip
    sweep_incidents(now=SAID)
    publish(incident)
    boss = a_person("Heidi", role="executive")
    may_give(boss, held=limits(5_000, 100_000))

    remedies.grant(first.pk, Wish(terms=some_terms(500), key="more"), by=boss, now=LATER)

    assert not Asking.objects.filter(case=first).exists()


def test_whoever_says_meanwhile_that_it_is_right_closes_it_by_that(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    publish(incident)
    replies.say_right(a_sender(first), now=LATER)

    assert arrives(first).closed_by_contact.note == replies.IS_RIGHT


def test_an_answer_that_was_taken_back_meanwhile_closes_nothing(incident):
    first = Case.objects.order_by("pk").first()
    answer = close(first).closed_by_contact
    publish(incident)
    Contact.objects.filter(pk=answer.pk).update(withdrawn_at=LATER, withdrawn_by=a_person())

    assert arrives(first).closed_at is None


def test_a_customer_with_two_cases_is_given_it_once(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    again = a_case(customer=first.customer, now=LATER)
    Case.objects.filter(pk=again.pk).update(incident=incident)

    decided = publish(incident)

    first.refresh_from_db()
    assert (decided.granted, decided.at_most) == (3, 3)
    assert first.closed_at is not None
    assert Remedy.objects.filter(case__customer=first.customer_id).get().case == again


def test_who_was_given_it_and_reports_it_once_more_is_not_left_to_people(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    decided = publish(incident)
    arrives(first)

    again = report(first.customer, now=LATER + 2 * HOUR)

    assert (again.incident, again.pk != first.pk) == (incident, True)
    assert left_out(decided) == []


def test_what_comes_late_breaks_and_closes_all_the_same_when_it_is_there(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    publish(incident)
    late = first.promises.still_open().get().due_at + HOUR
    ticks.tick(now=late)
    assert {one.kind for one in first.promises.still_open()} == {"redress", "news"}

    arrives(first, at=late)

    assert first.closed_at == late
    assert not first.promises.still_open().exists()


def test_who_was_erased_is_not_looked_for():
    subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL")
    incident = declare()
    sweep_incidents(now=MONDAY)
    first = Case.objects.order_by("pk").first()
    close(first)
    erasing.erase(first.customer_id, because=ErasedBecause.ASKED, now=SAID)

    decided = publish(incident)

    first.refresh_from_db()
    assert (decided.granted, decided.at_most) == (2, 2)
    assert first.closed_at is not None


def test_whom_the_laws_keep_from_it_stays_closed_and_is_named(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    Customer.objects.filter(pk=first.customer_id).update(email=a_boss().email)

    decided = publish(incident)

    first.refresh_from_db()
    assert (left_out(decided), decided.granted) == ([first.pk], 2)
    assert first.closed_at == SAID
    assert not first.timeline.filter(kind="incident_truth_said").exists()


@pytest.mark.parametrize("covered", [True, False])
def test_whose_owner_has_left_is_seen_to_by_who_took_over_if_somebody_did(incident, covered):
    for case in Case.objects.all():
        close(case)
    Team.objects.update(lead=None, head=None, executive=None)
    Incident.objects.update(owner=a_person("Dora"))
    if covered:
        Staff.objects.filter(name="Laura Bennett").update(cover=a_person("Carl"))
    staff.leave(a_person(), now=SAID)

    decided = publish(incident)

    known = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    assert left_out(decided) == ([] if covered else known)
    assert decided.granted == (3 if covered else 0)
    owners = set(Case.objects.values_list("owner__name", flat=True))
    assert owners == {"Carl" if covered else "Laura Bennett"}


def test_whose_case_opened_again_after_it_became_a_part_is_given_it_too(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    whole = declare(an_outage(area="EX5"))
    sweep_incidents(now=SAID)
    incidents.merge(incident.pk, whole.pk, a_truth("It is one.", now=SAID), by=a_person(), now=SAID)
    sweep_incidents(now=SAID)
    answer = a_call(first, "It is dead again.", now=SAID)
    reopening.reopen_case(case_id=first.pk, answer=answer, now=SAID)

    decided = publish(whole)

    first.refresh_from_db()
    assert (decided.granted, left_out(decided)) == (3, [])
    assert (first.incident, decided.truth.missed) == (whole, [])


def test_who_was_hit_by_what_became_a_part_of_it_is_given_it_there_and_not_here(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    whole = declare(an_outage(area="EX5"))
    sweep_incidents(now=SAID)
    incidents.merge(incident.pk, whole.pk, a_truth("It is one.", now=SAID), by=a_person(), now=SAID)
    sweep_incidents(now=SAID)

    with pytest.raises(GivenThereError):
        publish(incident)
    decided = publish(whole)

    first.refresh_from_db()
    assert (decided.granted, decided.at_most) == (3, 3)
    assert (first.incident, first.closed_at) == (whole, None)
    assert arrives(first).closed_at is not None


def test_who_declines_what_everybody_is_given_has_a_case_that_closes_as_before(incident):
    first, other = Case.objects.order_by("pk")[:2]
    answer = close(first).closed_by_contact
    publish(incident)

    for case in (first, other):
        remedy = Remedy.objects.get(case=case)
        payments.release(remedy.pk, evidence="Keep it, she said.", by=a_person(), now=LATER)
        case.refresh_from_db()

    assert (first.closed_at, first.closed_by_contact) == (LATER, answer)
    assert not first.promises.filter(kind="news", said_at=LATER).exists()  # none for a moment
    assert other.closed_at is None
    assert {one.kind for one in other.promises.still_open()} == {"news"}
