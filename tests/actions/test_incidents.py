"""An incident: one owner, one truth, and a case for everybody whom it hit."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.actions import incidents, intake
from makegood.actions.incidents import (
    IncidentError,
    IncidentOverError,
    KnownIncidentError,
    Outage,
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
    Promise,
    Service,
    TimelineEntry,
)
from makegood.rules.severity import Function, Harm, Severity
from raw_sql import refused_by, sql
from world import MONDAY, a_customer, a_failure, a_person, a_team

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def broadband() -> Service:
    found = Service.objects.filter(name="Broadband").first()
    return found or Service.objects.create(
        name="Broadband", function=Function.CONNECTION.value, team=a_team()
    )


def subscribers(*postcodes: str, **more) -> list[Customer]:
    found = []
    for postcode in postcodes:
        number = Customer.objects.count()
        customer = a_customer(f"Customer {number}", postcode=postcode, **more)
        Asset.objects.create(
            customer=customer, name="Line", function=Function.CONNECTION.value, service=broadband()
        )
        found.append(customer)
    return found


def an_outage(area: str = "EX4 4QJ", **more) -> Outage:
    values = {
        "service": broadband(),
        "area": area,
        "title": "No broadband in Exeter",
        "harm": Harm.LOST,
        "failed_at": MONDAY - HOUR,
        "known_at": MONDAY,
    }
    return Outage(**values | more)


def a_truth(words: str = "A cable was cut.", *, now=MONDAY) -> Truth:
    return Truth(words=words, due_at=now + 2 * HOUR)


def declare(outage: Outage | None = None, *, now=MONDAY) -> Incident:
    laura = a_person()
    return incidents.declare(
        outage or an_outage(), a_truth(now=now), owner=laura, by=laura, now=now
    )


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


class TestLaws:
    """What the database refuses."""

    def test_an_incident_stays_as_it_was_declared(self):
        declare()
        with refused_by("incident_stays_as_declared"):
            sql("UPDATE records_incident SET title = 'Something else'")

    def test_an_incident_is_over_once(self):
        incident = declare()
        incidents.end(
            incident.pk, a_truth(), at=MONDAY, evidence="Seen.", by=a_person(), now=MONDAY
        )
        with refused_by("incident_is_over_once"):
            sql("UPDATE records_incident SET over_at = over_at + interval '1 hour'")

    def test_an_incident_is_never_removed(self):
        declare()
        with refused_by("incident_truth_stays"):
            sql("DELETE FROM records_incidenttruth")
        with refused_by("incident_stays"):
            sql("DELETE FROM records_incident")

    def test_a_truth_stays_as_it_was_said(self):
        declare()
        with refused_by("incident_truth_stays_as_said"):
            sql("UPDATE records_incidenttruth SET words = 'All was well.'")

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("incident_is_over_by_evidence", "over_at = failed_at"),
            ("incident_says_what_failed", "title = ''"),
            ("incident_harm_is_known", "harm = 'none of it'"),
            ("incident_known_after_it_failed", "known_at = failed_at - interval '1 hour'"),
        ],
    )
    def test_an_incident_is_as_declared(self, name, change):
        declare()
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_incident DISABLE TRIGGER incident_stays_as_declared")
        with refused_by(name):
            sql(f"UPDATE records_incident SET {change}")

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("incident_truth_has_words", "words = ''"),
            ("incident_truth_names_a_later_moment", "due_at = said_at"),
        ],
    )
    def test_a_truth_says_something_until_a_later_moment(self, name, change):
        declare()
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_incidenttruth DISABLE TRIGGER incident_truth_stays_as_said")
        with refused_by(name):
            sql(f"UPDATE records_incidenttruth SET {change}")

    def test_one_service_fails_once_at_a_time_in_an_area(self):
        declare()
        with refused_by("incident_once_per_service_and_area"):
            sql(
                "INSERT INTO records_incident (reference, service_id, area, team_id, owner_id,"
                " title, harm, failed_at, known_at, declared_at, declared_by_id, reached, evidence)"
                " SELECT 'again', service_id, area, team_id, owner_id, title, harm, failed_at,"
                " known_at, declared_at, declared_by_id, 0, '' FROM records_incident"
            )

    def test_a_truth_has_its_number_once(self):
        declare()
        with refused_by("incident_truth_by_number"):
            sql(
                "INSERT INTO records_incidenttruth (incident_id, number, words, due_at, said_at,"
                " said_by_id, upto, reached) SELECT incident_id, number, words, due_at, said_at,"
                " said_by_id, 0, 0 FROM records_incidenttruth"
            )
