"""When an incident is over everybody is asked, in the letter that says so, whether it is right."""

import pytest

from asking import a_call, a_visit, keep
from ended_world import report
from honour_world import BOTH_A_YEAR, an_article
from incident_world import HOUR, a_truth, an_outage, declare, subscribers
from makegood.actions import (
    cases,
    incident_remedies,
    incidents,
    letter_gate,
    letter_news,
    promises,
    replies,
)
from makegood.clockwork import ticks
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.records.models import Asking, Case, Doubt, Incident, Letter, Message
from money_world import limits, may_give, some_terms
from visit_world import a_sender
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db

LATER = MONDAY + HOUR
WORKS = "It works again."
ASKED = "Is it right now, or do you want something more?"


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def an_incident(*postcodes: str, **more) -> Incident:
    subscribers(*(postcodes or ("EX4 4QJ", "EX4 4QK")), **({"email": "ann@example.org"} | more))
    incident = declare()
    sweep_incidents(now=MONDAY)
    return incident


def end(incident: Incident, *, now=LATER) -> None:
    incidents.end(
        incident.pk, a_truth(WORKS, now=now), at=now, evidence="Every line answers.",
        by=a_person(), now=now,
    )  # fmt: skip
    sweep_incidents(now=now, batch=1)


def arrive(*, now) -> None:
    for letter in Letter.objects.filter(delivered_at=None):
        letter_news.delivered(letter.pk, at=now, now=now)


def test_everybody_is_asked_in_the_letter_that_tells_of_the_end():
    incident = an_incident()

    end(incident)

    assert Asking.objects.filter(ended_at=None, asked_at=None).count() == 2
    for letter in Letter.objects.filter(duty__kind="question"):
        assert letter.words.startswith(f"{WORKS}\n\n{ASKED}")
        assert letter.duty.asking.case == letter.case
        assert letter.case.timeline.filter(kind="question_owed").count() == 1
    assert Letter.objects.count() == 4  # none that asks besides


def test_when_it_is_there_the_time_to_answer_runs_and_nothing_else_is_promised():
    incident = an_incident("EX4 4QJ")
    end(incident)

    arrive(now=LATER)

    asking = Asking.objects.get()
    [promise] = asking.case.promises.still_open()
    assert (asking.asked_at, asking.promise) == (LATER, promise)
    assert promise.words.startswith("If we hear nothing from you, Laura Bennett asks once more by")


def test_whoever_says_nothing_twice_is_closed_without_anybody_at_the_desk():
    case = Case.objects.get(incident=an_incident("EX4 4QJ"))
    end(case.incident)
    arrive(now=LATER)

    for number in (1, 2):
        at = Asking.objects.get(number=number).act_at
        ticks.tick(now=at)
        arrive(now=at)

    case.refresh_from_db()
    assert case.closed_by_asking == Asking.objects.get(number=2)
    assert not case.promises.filter(outcome="broken").exists()


def test_who_answers_meanwhile_and_for_whom_something_is_to_do_is_not_asked_over_it():
    incident = an_incident()
    busy, free = Case.objects.order_by("pk")
    a_visit(busy, due_at=LATER + HOUR)

    end(incident)

    assert [one.case for one in Asking.objects.all()] == [free]
    assert Letter.objects.get(case=busy, words=WORKS).duty is None
    a_call(free, "Mine is still dead.", now=LATER)
    arrive(now=LATER + HOUR)
    assert (Asking.objects.get().ended_by, Asking.objects.get().asked_at) == ("heard", None)


def test_who_waits_for_a_call_when_it_is_over_is_asked_when_they_were_called():
    incident = an_incident()
    waits, free = Case.objects.order_by("pk")
    call = promises.make_promise(waits.pk, a_word(due_at=LATER + HOUR), now=MONDAY)
    end(incident)
    assert [one.case for one in Asking.objects.all()] == [free]

    keep(call, now=LATER + HOUR / 2)

    assert Asking.objects.get(case=waits).opened_at == LATER + HOUR / 2
    assert Asking.objects.filter(case=free).count() == 1


def test_who_says_that_it_is_not_right_for_them_is_not_asked_by_the_call_that_they_waited_for():
    case = Case.objects.get(incident=an_incident("EX4 4QJ"))
    call = promises.make_promise(case.pk, a_word(due_at=LATER + HOUR), now=MONDAY)
    end(case.incident)
    replies.say_not_right(a_sender(case), "", now=LATER)

    keep(call, now=LATER + HOUR / 2)

    assert not Asking.objects.exists()


def test_nor_is_who_had_closed_it_before_and_opens_it_again():
    case = Case.objects.get(incident=an_incident("EX4 4QJ"))
    yes = a_call(case, "It works.", now=MONDAY, is_answer=True)
    cases.close_case(case_id=case.pk, answer=yes, now=MONDAY)
    end(case.incident)
    replies.say_not_right(a_sender(case), "", now=LATER)

    keep(case.promises.still_open().get(), now=LATER + HOUR)

    assert not Asking.objects.exists()


def test_a_call_to_who_reports_it_when_it_is_over_asks_nothing_by_itself():
    end(an_incident("EX4 4QJ"))
    [late] = subscribers("EX4 4QK")
    case = report(late, failed_at=MONDAY, now=LATER + HOUR)
    assert case.incident is not None
    call = promises.make_promise(
        case.pk, a_word(due_at=LATER + 3 * HOUR, now=LATER + HOUR), now=LATER + HOUR
    )

    keep(call, now=LATER + 2 * HOUR)

    assert not Asking.objects.filter(case=case).exists()


def test_who_speaks_before_the_letter_leaves_hears_the_end_in_it_all_the_same():
    case = Case.objects.get(incident=an_incident("EX4 4QJ"))
    end(case.incident)
    letter = Letter.objects.get(duty__kind="question")
    a_call(case, "Is anybody there?", now=LATER)

    assert letter_gate.objection(letter, now=LATER) == ""

    arrive(now=LATER)
    assert letter.keeps.pk not in case.promises.still_open().values_list("pk", flat=True)
    assert Asking.objects.get().asked_at is None


def test_what_everybody_reads_at_the_end_is_not_doubted_case_by_case():
    an_article()
    incident = an_incident()
    words = f"{WORKS} {BOTH_A_YEAR}"
    incidents.end(
        incident.pk, a_truth(words, now=LATER), at=LATER, evidence="Every line answers.",
        by=a_person(), now=LATER,
    )  # fmt: skip
    sweep_incidents(now=LATER)

    arrive(now=LATER)

    assert Asking.objects.filter(asked_at=LATER).count() == 2
    assert not Doubt.objects.exists()


def test_by_text_message_it_says_what_it_is_about(settings):
    settings.SMS_COUNTRIES = ("+44",)
    incident = an_incident("EX4 4QJ", email="", phone="+44 7700 900123")

    end(incident)

    words = Letter.objects.get(duty__kind="question").words
    assert words.startswith(f"{WORKS}\n\nNo broadband in Exeter: is it right now")


def test_whom_no_letter_reaches_is_to_be_asked_by_a_person():
    incident = an_incident("EX4 4QJ", email="")

    end(incident)

    assert Message.objects.get(kind="question").said_at is None


def test_it_is_asked_once_and_only_at_the_end():
    incident = an_incident("EX4 4QJ")
    incidents.say(incident.pk, a_truth(now=LATER), by=a_person(), now=LATER)
    sweep_incidents(now=LATER)
    assert not Asking.objects.exists()
    end(incident)
    boss = a_person("Grace", role="executive")
    may_give(boss, held=limits(5_000, 100_000))

    incident_remedies.publish(
        incident.pk, some_terms(1_000, because="A day without a line."),
        a_truth("We are sorry.", now=LATER), by=boss, now=LATER,
    )  # fmt: skip
    sweep_incidents(now=LATER)

    assert Asking.objects.count() == 1


def test_of_an_incident_that_was_none_it_is_asked_as_well_but_not_of_a_part():
    none, part = an_incident("EX4 4QJ"), None
    incidents.find_false(
        none.pk, a_truth("Nothing had failed.", now=LATER), evidence="The sensor was broken.",
        by=a_person(), now=LATER,
    )  # fmt: skip
    sweep_incidents(now=LATER)
    assert Asking.objects.get().case.incident == none
    subscribers("EX5 1AA")
    part, whole = (declare(an_outage(area=area), now=LATER) for area in ("EX5 1AA", "EX6"))
    sweep_incidents(now=LATER)

    incidents.merge(part.pk, whole.pk, a_truth("One.", now=LATER), by=a_person(), now=LATER)
    sweep_incidents(now=LATER)

    assert Asking.objects.count() == 1
