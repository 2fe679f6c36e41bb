"""An incident: one owner, one truth, and a case for everybody whom it hit."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_world import HOUR, a_truth, an_outage, broadband, declare, subscribers
from makegood.actions import incidents, intake, letter_gate, letter_news, letters
from makegood.actions.gate import StoppedError
from makegood.actions.incidents import (
    IncidentError,
    IncidentOverError,
    KnownIncidentError,
    Truth,
)
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.records.models import (
    Asset,
    Case,
    Customer,
    Incident,
    IncidentTruth,
    Letter,
    Promise,
    TimelineEntry,
)
from makegood.rules import letters as rules
from makegood.rules.severity import Function, Severity
from raw_sql import sql
from round_world import a_round
from world import MONDAY, a_failure, a_person

pytestmark = pytest.mark.django_db


def test_everybody_in_the_area_has_a_case_with_the_same_owner_and_the_same_date():
    here = subscribers("EX4 4QJ", "ex4 1aa", "EX4 9ZZ")
    subscribers("EX2 4QJ", "")
    incident = declare()

    sweep_incidents(now=MONDAY + timedelta(minutes=1), batch=2)

    cases = Case.objects.filter(incident=incident)
    assert set(cases.values_list("customer", flat=True)) == {one.pk for one in here}
    assert set(cases.values_list("owner__name", "title")) == {
        ("Laura Bennett", "No broadband in Exeter")
    }
    promised = Promise.objects.filter(case__incident=incident)
    assert set(promised.values_list("due_at", flat=True)) == {MONDAY + 2 * HOUR}
    assert promised.count() == len(here)
    incident.refresh_from_db()
    assert incident.spread_at is not None
    assert verify.run() == []


def test_an_area_left_empty_is_everywhere():
    subscribers("EX4 4QJ", "M1 1AA", "")

    declare(an_outage(""))
    sweep_incidents(now=MONDAY)

    assert Case.objects.count() == 3


def test_whoever_depends_on_it_twice_has_one_case_about_what_is_critical():
    [customer] = subscribers("EX4 4QJ")
    critical = Asset.objects.create(
        customer=customer,
        name="Alarm line",
        function=Function.CONNECTION.value,
        criticality="critical",
        service=broadband(),
    )

    declare()
    sweep_incidents(now=MONDAY)

    assert Case.objects.get().asset == critical


def test_what_was_retired_hits_nobody():
    subscribers("EX4 4QJ")
    Asset.objects.update(retired_at=MONDAY)

    declare()
    sweep_incidents(now=MONDAY)

    assert not Case.objects.exists()


def test_the_vulnerable_are_more_severe_in_the_same_incident():
    [calm] = subscribers("EX4 4QJ")
    [frail] = subscribers("EX4 4QJ", vulnerable=True)

    declare()
    sweep_incidents(now=MONDAY)

    levels = {case.customer: Severity(case.severity) for case in Case.objects.all()}
    assert levels[frail] < levels[calm]


def test_who_had_reported_it_keeps_their_case_and_owner_and_hears_the_truth():
    [customer] = subscribers("EX4 4QJ")
    omar = a_person("Omar")
    asset = customer.assets.get()
    failure = a_failure(customer, asset=asset, function=Function.CONNECTION)
    news = intake.News(
        source="form", external_id="1", channel=intake.Channel.WEB, raw={}, failure=failure
    )
    reported = intake.receive_report(news, owner=omar, now=MONDAY).case
    incident = declare()

    sweep_incidents(now=MONDAY)

    case = Case.objects.get()
    assert (case.pk, case.owner, case.incident) == (reported.pk, omar, incident)
    joined = TimelineEntry.objects.filter(case=case, kind="incident_joined")
    assert joined.count() == 1
    assert case.promises.still_open().filter(due_at=MONDAY + 2 * HOUR).exists()


def test_a_report_that_comes_after_joins_the_case_of_the_incident():
    [customer] = subscribers("EX4 4QJ")
    declare()
    sweep_incidents(now=MONDAY)
    failure = a_failure(customer, asset=customer.assets.get(), function=Function.CONNECTION)
    news = intake.News(
        source="form", external_id="1", channel=intake.Channel.WEB, raw={}, failure=failure
    )

    received = intake.receive_report(news, now=MONDAY + HOUR)

    assert not received.opened
    assert received.case.incident is not None


def test_a_report_asks_as_much_however_many_incidents_were_merged_long_ago():
    first, second, third = subscribers("EX4 4QJ", "EX4 4QJ", "EX4 4QJ")
    city = declare(an_outage("EX2"))
    Incident.objects.filter(pk=city.pk).update(
        over_at=MONDAY - HOUR / 2, over_by=a_person(), evidence="It answers."
    )
    queries_to_report(first)  # reads what is read once
    few = queries_to_report(second)
    grow(city, by=5)

    assert queries_to_report(third) == few
    assert not Case.objects.filter(incident__isnull=False).exists()


def grow(city: Incident, *, by: int) -> None:
    for _ in range(by):
        street = declare()
        Incident.objects.filter(pk=street.pk).update(
            over_at=MONDAY, over_by=a_person(), evidence="Part of it.", merged_into=city
        )


def queries_to_report(customer: Customer) -> int:
    failure = a_failure(customer, asset=customer.assets.get(), function=Function.CONNECTION)
    news = intake.News(
        source="form", external_id=str(uuid4()), channel=intake.Channel.WEB, raw={}, failure=failure
    )
    with CaptureQueriesContext(connection) as asked:
        intake.receive_report(news, now=MONDAY + HOUR)
    return len(asked)


def test_the_next_truth_reaches_each_case_once():
    subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL")
    incident = declare()
    sweep_incidents(now=MONDAY)
    later = MONDAY + HOUR

    incidents.say(incident.pk, a_truth("It is spliced.", now=later), by=a_person(), now=later)
    sweep_incidents(now=later, batch=2)
    sweep_incidents(now=later + HOUR, batch=2)

    said = TimelineEntry.objects.filter(kind="incident_truth_said")
    assert said.count() == Case.objects.count() == 3
    due = Promise.objects.still_open().filter(due_at=later + 2 * HOUR)
    assert due.count() == 3


def test_whose_case_opens_after_a_truth_hears_that_one_and_not_the_one_before():
    subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL")
    incident = declare()
    sweep_incidents(now=MONDAY, batch=2, rounds=1)
    later = MONDAY + HOUR

    incidents.say(incident.pk, a_truth("It is spliced.", now=later), by=a_person(), now=later)
    sweep_incidents(now=later, batch=2)

    last = Case.objects.latest("pk")
    assert [promise.due_at for promise in last.promises.all()] == [later + 2 * HOUR]
    assert TimelineEntry.objects.filter(kind="incident_truth_said").count() == 2


def test_when_the_time_named_has_passed_nobody_is_promised_the_past():
    subscribers("EX4 4QJ")
    declare()

    late = MONDAY + 5 * HOUR
    sweep_incidents(now=late)

    assert Promise.objects.get().due_at > late


def test_the_end_is_told_and_the_cases_stay_open_for_their_customers_to_close():
    subscribers("EX4 4QJ", "EX4 4QK")
    incident = declare()
    sweep_incidents(now=MONDAY)
    later = MONDAY + HOUR

    incidents.end(
        incident.pk,
        a_truth("It works again. Is it right for you?", now=later),
        at=later - timedelta(minutes=5),
        evidence="The exchange answers.",
        by=a_person(),
        now=later,
    )
    sweep_incidents(now=later)

    assert Case.objects.filter(closed_at=None).count() == 2
    with pytest.raises(IncidentOverError):
        incidents.say(incident.pk, a_truth(now=later), by=a_person(), now=later)
    declare(now=later)  # the same service may fail there again


def test_each_truth_is_written_to_all_who_can_be_reached_and_keeps_the_news_before(settings):
    settings.SMS_COUNTRIES = ("+44",)
    [mailed] = subscribers("EX4 4QJ", email="ann@example.org")
    [phoned] = subscribers("EX4 4QJ", phone="+44 7700 900123")
    [silent] = subscribers("EX4 4QJ")
    incident = declare()
    sweep_incidents(now=MONDAY)
    later = MONDAY + HOUR

    incidents.say(incident.pk, a_truth("It is spliced.", now=later), by=a_person(), now=later)
    sweep_incidents(now=later)

    told = Letter.objects.order_by("pk").values_list("case__customer", "recipient", "words")
    assert list(told) == [
        (mailed.pk, "ann@example.org", "A cable was cut."),
        (phoned.pk, "+447700900123", "A cable was cut."),
        (mailed.pk, "ann@example.org", "It is spliced."),
        (phoned.pk, "+447700900123", "It is spliced."),
    ]
    letter = Letter.objects.get(words="It is spliced.", channel="email")
    news = letter.keeps
    assert news.due_at == MONDAY + 2 * HOUR
    letter_news.delivered(letter.pk, at=later, now=later)
    news.refresh_from_db()
    assert news.outcome == "kept"
    assert letter.promise.due_at == later + 2 * HOUR
    assert silent.cases.get().promises.still_open().count() == 2


def test_a_letter_of_an_incident_leaves_past_the_gate_with_a_reply_address_of_its_own():
    subscribers("EX4 4QJ", "EX4 4QK", email="ann@example.org")
    declare()
    sweep_incidents(now=MONDAY)

    first, second = letters.take(now=MONDAY), letters.take(now=MONDAY)

    assert letters.reply_token(first) != letters.reply_token(second)
    assert rules.digest(letters.reply_token(first)) == bytes(first.reply_digest)
    assert letters.take(now=MONDAY) is None


def test_one_failure_is_declared_once():
    declare()
    with pytest.raises(KnownIncidentError):
        declare(an_outage("EX4 1AA"))


@pytest.mark.parametrize(
    ("outage", "truth", "says"),
    [
        ({"title": " "}, {}, "what failed"),
        ({"known_at": MONDAY + HOUR}, {}, "in the past"),
        ({"failed_at": MONDAY + HOUR}, {}, "before it was known"),
        ({}, {"words": "\n"}, "what everybody should know"),
        ({}, {"due_at": MONDAY}, "after now"),
    ],
)
def test_what_is_incomplete_is_refused_in_one_sentence(outage, truth, says):
    words = {"words": "A cable was cut.", "due_at": MONDAY + HOUR} | truth
    with pytest.raises(IncidentError, match=says):
        incidents.declare(
            an_outage(**outage), Truth(**words), owner=a_person(), by=a_person(), now=MONDAY
        )
    assert not Incident.objects.exists()


def test_it_cannot_be_over_without_evidence_or_before_it_failed():
    incident = declare()
    for at, evidence in ((MONDAY, " "), (MONDAY - 2 * HOUR, "seen"), (MONDAY + HOUR, "seen")):
        with pytest.raises(IncidentError):
            incidents.end(
                incident.pk, a_truth(), at=at, evidence=evidence, by=a_person(), now=MONDAY
            )


def test_a_customer_who_cannot_be_reached_is_left_to_people_and_stops_nobody():
    first, strange, last = subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL")
    Customer.objects.filter(pk=strange.pk).update(zone="Mars/Phobos")
    incident = declare()

    sweep_incidents(now=MONDAY)

    incident.refresh_from_db()
    assert incident.missed == [strange.pk]
    assert set(Case.objects.values_list("customer", flat=True)) == {first.pk, last.pk}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=st.lists(st.sampled_from(["open", "say"]), max_size=8), size=st.integers(1, 4))
def test_however_it_goes_on_everybody_has_one_case_and_one_date_per_truth(batches, size):
    sql("SAVEPOINT a_story")
    subscribers(*["EX4 4QJ"] * 5)
    incident, now = declare(), MONDAY
    for step in batches:
        now += timedelta(minutes=10)
        if step == "open":
            sweep_incidents(now=now, batch=size, rounds=1)
        else:
            incidents.say(incident.pk, a_truth("News.", now=now), by=a_person(), now=now)
    sweep_incidents(now=now, batch=size)

    assert Case.objects.count() == 5
    last = IncidentTruth.objects.latest("number")
    for case in Case.objects.all():
        dues = [promise.due_at for promise in case.promises.all()]
        assert dues.count(max(last.due_at, now)) == 1
        assert len(dues) == len(set(dues))
    sql("ROLLBACK TO SAVEPOINT a_story")


@pytest.mark.parametrize("ends", [incidents.end, incidents.find_false])
def test_nothing_ends_with_words_that_no_letter_could_carry(ends):
    subscribers("EX4 4QJ")
    incident = declare()
    sweep_incidents(now=MONDAY)
    false = a_truth("A technician will visit you on 9 June.", now=MONDAY + HOUR)
    shown = {"evidence": "Seen.", "by": a_person(), "now": MONDAY + HOUR}
    shown |= {"at": MONDAY + HOUR} if ends is incidents.end else {}

    with pytest.raises(StoppedError):
        ends(incident.pk, false, **shown)

    incident.refresh_from_db()
    assert (incident.over_at, incident.truths.count()) == (None, 1)


@pytest.mark.parametrize("has_round", [True, False])
def test_that_a_bin_was_emptied_is_true_where_a_round_comes_and_the_failure_is_over(has_round):
    subscribers("EX4 4QJ", email="ann@example.net")
    if has_round:
        a_round(service=broadband().pk)
    incident = declare()
    sweep_incidents(now=MONDAY)
    emptied = a_truth("Your bin was emptied. We are sorry.", now=MONDAY + HOUR)
    shown = {"evidence": "Crew 7.", "by": a_person(), "at": MONDAY + HOUR, "now": MONDAY + HOUR}

    if has_round:
        incidents.end(incident.pk, emptied, **shown)
        sweep_incidents(now=MONDAY + HOUR)
        assert letter_gate.objection(Letter.objects.latest("pk"), now=MONDAY + HOUR) == ""
    else:
        with pytest.raises(StoppedError):
            incidents.end(incident.pk, emptied, **shown)


def test_words_for_everybody_that_are_not_true_are_stopped_before_they_are_written():
    subscribers("EX4 4QJ")
    incident = declare()
    sweep_incidents(now=MONDAY)
    false = Truth(words="A technician will visit you on 9 June.", due_at=MONDAY + 3 * HOUR)

    with pytest.raises(StoppedError):
        incidents.say(incident.pk, false, by=a_person(), now=MONDAY + HOUR)

    assert incident.truths.count() == 1
