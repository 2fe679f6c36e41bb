"""Incidents, attacked with raw SQL: the database must refuse."""

import pytest

from incident_world import a_truth, declare
from makegood.actions import incidents
from raw_sql import refused_by, sql
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db


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
