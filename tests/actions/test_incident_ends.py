"""How an incident ends: over with what a scheme owes, as none, as part of another; and too late."""

from datetime import timedelta
from uuid import uuid4

import pytest

from asking import a_call
from ended_world import FACTS, LATER, OFCOM, OVER, WEEK, executive, over, publish, report, terms
from incident_world import HOUR, a_truth, an_outage, broadband, declare, left_out, subscribers
from makegood.actions import cases, entitlements, found_things, incidents, links, replies
from makegood.actions.gate import StoppedError
from makegood.actions.incident_remedies import BeyondSumError, NotOverError
from makegood.actions.incidents import (
    IncidentError,
    IncidentOverError,
    NotTheSameError,
    StillGoingOutError,
    StillJoiningError,
)
from makegood.actions.replies import Sender
from makegood.actions.scheme_uses import use_scheme
from makegood.clockwork.incident_watching import sweep_ended
from makegood.clockwork.making_good import sweep_entitlements
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.queries.entitlements import read_entitlements
from makegood.queries.incident_owed import read_schemes
from makegood.records.authorities import read_standing
from makegood.records.models import (
    Case,
    CaseLink,
    Entitlement,
    Incident,
    IncidentRemedy,
    LedgerEntry,
    Letter,
    Remedy,
    Service,
)
from makegood.rules.remedies import Activity
from raw_sql import refused_by, sql
from world import MONDAY, a_person, a_team

pytestmark = pytest.mark.django_db


def says_not_right(case: Case) -> None:
    links.mint_link(case.pk, now=LATER)
    link = CaseLink.objects.filter(case=case).latest("pk")
    sender = Sender(link=link.pk, case=case.pk, form=uuid4())
    replies.say_not_right(sender, "Mine is still dead.", now=OVER + timedelta(minutes=10))


class TestScheme:
    """Each is given what a scheme owes by their own facts, and nobody of whom it is not sure."""

    @pytest.fixture
    def incident(self):
        use_scheme(OFCOM, on="case", facts=FACTS, now=MONDAY - WEEK)
        early, *_others = subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL", email="ann@example.org")
        report(early, failed_at=MONDAY - timedelta(days=3), now=MONDAY - HOUR)
        found = declare()
        sweep_incidents(now=MONDAY)
        return found

    def test_it_hangs_on_how_long_it_lasted_for_each(self, incident):
        over(incident)
        owed = {
            case.pk: read_entitlements(case, now=LATER)[0].missing_minor
            for case in Case.objects.filter(incident=incident)
        }

        decided = publish(incident)

        given = dict(Remedy.objects.values_list("case", "amount_minor"))
        assert given == owed
        assert len(set(owed.values())) == 2
        assert all(owed.values())
        assert (decided.granted, left_out(decided)) == (3, [])
        remedy = Remedy.objects.first()
        assert remedy is not None
        assert (remedy.source, remedy.scheme, remedy.version) == ("scheme", OFCOM, "2026-04-01")
        assert remedy.pay_by is not None
        assert remedy.promise.due_at <= remedy.pay_by
        assert "fixed on" in remedy.because
        assert set(LedgerEntry.objects.values_list("account", flat=True)) == {"scheme", "owed"}
        letter = Letter.objects.filter(duty__kind="remedy", case=remedy.case).get()
        assert letter.words.startswith("You are owed this.\n\nI have put £")
        assert read_entitlements(remedy.case, now=LATER)[0].missing_minor == 0
        assert set(Entitlement.objects.values_list("look_at", flat=True)) == {LATER}
        assert verify.run() == []

    def test_one_incident_that_cannot_be_watched_holds_up_no_other_clock(
        self, incident, monkeypatch
    ):
        over(incident)

        def fails(*_args, **_more):
            raise ValueError("Nobody knows why.")

        with monkeypatch.context() as broken:
            broken.setattr(entitlements, "watch_joined", fails)
            assert sweep_ended(now=OVER) == 0
        assert entitlements.ended(now=OVER) == []
        cases_hit = Case.objects.filter(incident=incident).count()
        assert sweep_ended(now=OVER + entitlements.FIRST_AFTER) == cases_hit

    def test_the_clock_looks_for_what_is_owed_once_it_is_over_also_on_closed_cases(self, incident):
        closed = Case.objects.filter(incident=incident).latest("pk")
        sweep_entitlements(now=MONDAY + 2 * HOUR)
        assert set(Entitlement.objects.values_list("look_at", flat=True)) == {None}
        yes = a_call(closed, "It is right.", now=OVER - HOUR, is_answer=True)
        cases.close_case(case_id=closed.pk, answer=yes, now=OVER - HOUR)

        over(incident)
        assert set(Entitlement.objects.values_list("look_at", flat=True)) == {None}
        assert sweep_ended(now=OVER, batch=1, rounds=1) == 1  # other clocks get their turn
        assert entitlements.ended(now=OVER) == [incident.pk]
        rest = Case.objects.filter(incident=incident).count() - 1
        assert sweep_ended(now=OVER, batch=2) == rest
        assert sweep_ended(now=OVER, batch=2) == 0
        sweep_entitlements(now=OVER + HOUR)

        raised = Entitlement.objects.filter(raised_at=OVER + HOUR, amount_minor__gt=0)
        assert raised.count() == 3
        assert found_things.unclaimed(now=OVER + WEEK, limit=9) == [
            Entitlement.objects.get(case=closed).pk
        ]

    def test_of_whom_it_is_not_sure_is_left_to_people_and_hears_the_truth(self, incident):
        over(incident)
        still_out = Case.objects.filter(incident=incident).latest("pk")
        says_not_right(still_out)

        decided = publish(incident)

        assert left_out(decided) == [still_out.pk]
        assert not Remedy.objects.filter(case=still_out).exists()
        assert Letter.objects.filter(case=still_out, words="You are owed this.").exists()

    def test_whoever_is_owed_more_than_was_decided_is_left_to_people(self, incident):
        over(incident)
        most = max(one.most_minor for one in read_schemes(incident.pk, now=LATER))

        decided = publish(incident, terms(most - 1))

        assert left_out(decided) == [Case.objects.order_by("pk").first().pk]
        assert decided.granted == 2

    def test_what_is_shown_before_it_is_decided_is_what_they_get(self, incident):
        over(incident)

        [shown] = read_schemes(incident.pk, now=LATER)

        assert (shown.scheme, shown.sure, shown.looked_at) == (OFCOM, 3, 3)
        assert any("secondary source" in doubt for doubt in shown.doubts)
        publish(incident, terms(shown.most_minor))
        assert max(Remedy.objects.values_list("amount_minor", flat=True)) == shown.most_minor

    def test_nobody_knows_it_while_it_lasts(self, incident):
        with pytest.raises(NotOverError):
            publish(incident)

        assert not IncidentRemedy.objects.exists()

    def test_whoever_decides_answers_for_the_most_of_all(self, incident):
        over(incident)
        boss = executive(20_000, 29_999)

        with pytest.raises(BeyondSumError):
            publish(incident, by=boss)
        publish(incident, terms(9_999), by=boss)

        held = read_standing(
            staff=boss.pk, customer=0, currency="GBP", activity=Activity.SCHEME, now=LATER
        )
        assert held.by_person_minor == 29_997

    def test_a_law_keeps_each_within_what_was_decided(self, incident):
        over(incident)
        publish(incident)
        copied = (
            "INSERT INTO records_remedy (case_id, promise_id, team_id, of_incident_id, kind,"
            " source, scheme, version, trace, amount_minor, currency, thing, because,"
            " late_minor, key, granted_at, granted_by_id)"
            " SELECT case_id, promise_id, team_id, of_incident_id, kind, {source}, {scheme},"
            " version, trace, {amount}, currency, thing, because, late_minor, 'another',"
            " granted_at, granted_by_id FROM records_remedy LIMIT 1"
        )
        for change in (
            {"amount": "10001"}, {"scheme": "'uk261'"}, {"source": "'goodwill'", "scheme": "''"},
        ):  # fmt: skip
            plain = {"amount": "amount_minor", "scheme": "scheme", "source": "source"}
            with refused_by("remedy_as_published"):
                sql(copied.format(**plain | change))

    def test_a_law_keeps_things_out_of_schemes(self, incident):
        over(incident)
        publish(incident)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_incidentremedy DISABLE TRIGGER incident_remedy_stays_as_decided")

        with refused_by("incident_remedy_by_a_scheme_is_money"):
            sql("UPDATE records_incidentremedy SET kind = 'gift', thing = 'tea'")


class TestNone:
    """Nothing had failed: nobody new hears of it, everybody who did is told so."""

    def test_no_more_cases_open_and_who_has_one_is_told(self):
        use_scheme(OFCOM, on="case", facts=FACTS, now=MONDAY - WEEK)
        subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL", email="ann@example.org")
        incident = declare()
        sweep_incidents(now=MONDAY, batch=1, rounds=1)

        found = find_false(incident)
        sweep_incidents(now=OVER)

        [case] = Case.objects.all()
        assert (found.was_false, found.over_at, case.closed_at) == (True, OVER, None)
        assert Letter.objects.filter(case=case, words__startswith="It was our sensor.").count() == 1
        assert read_entitlements(case, now=LATER) == ()
        assert verify.run() == []

    def test_it_has_to_be_shown_and_is_over_once(self):
        incident = declare()

        with pytest.raises(IncidentError, match="nothing had failed"):
            find_false(incident, evidence=" ")
        find_false(incident)
        with pytest.raises(IncidentOverError):
            find_false(incident)

        with refused_by("incident_is_over_once"):
            sql("UPDATE records_incident SET was_false = false")

    def test_what_never_failed_was_not_mended(self):
        subscribers("EX4 4QJ", email="ann@example.org")
        incident = declare()
        sweep_incidents(now=MONDAY)
        mended = a_truth("Your broadband has been repaired.", now=OVER)

        with pytest.raises(StoppedError):
            incidents.find_false(
                incident.pk, mended, evidence="Every line answers.", by=a_person(), now=OVER
            )

    def test_what_goes_on_was_not_none(self):
        declare()

        with refused_by("incident_that_was_none_is_over"):
            sql("UPDATE records_incident SET was_false = true")

    def test_whoever_reports_something_then_has_a_case_of_their_own(self):
        [customer] = subscribers("EX4 4QJ")
        find_false(declare(), now=MONDAY)

        case = report(customer, now=LATER, failed_at=MONDAY)

        assert case.incident is None


def find_false(incident: Incident, *, evidence: str = "Every line answers.", now=OVER) -> Incident:
    truth = a_truth("It was our sensor.", now=now)
    return incidents.find_false(incident.pk, truth, evidence=evidence, by=a_person(), now=now)


class TestPartOfAnother:
    """Its cases join the other one as they hear of it, and lose nothing."""

    @pytest.fixture
    def both(self):
        subscribers("EX4 4QJ", "EX4 4QK", "EX2 1AA", email="ann@example.org")
        street, town = declare(), declare(an_outage("EX2"))
        sweep_incidents(now=MONDAY)
        return street, town

    def test_its_open_cases_join_the_other_and_hear_what_is_said_there(self, both):
        street, town = both
        before = dict(Case.objects.values_list("pk", "owner"))

        merge(street, town)
        sweep_incidents(now=OVER, batch=1)
        incidents.say(town.pk, a_truth("It is being spliced.", now=LATER), by=a_person(), now=LATER)
        sweep_incidents(now=LATER)

        assert set(Case.objects.values_list("incident", flat=True)) == {town.pk}
        assert dict(Case.objects.values_list("pk", "owner")) == before
        assert Letter.objects.filter(words="It is the whole town.").count() == 2
        assert Letter.objects.filter(words="It is being spliced.").count() == 3
        assert verify.run() == []

    def test_what_is_said_has_to_be_true_of_the_other_which_goes_on(self, both):
        street, town = both
        mended = "Your broadband has been repaired."

        with pytest.raises(StoppedError):
            merge(street, town, says=mended)
        merge(street, town)
        sweep_incidents(now=OVER)
        over(town)

        assert Letter.objects.filter(words__startswith="It works again.").count() == 3

    def test_nothing_is_said_there_while_they_join_so_that_nobody_misses_it(self, both):
        street, town = both
        merge(street, town)

        with pytest.raises(StillJoiningError):
            incidents.say(town.pk, a_truth(now=OVER), by=a_person(), now=OVER)

    def test_whoever_reports_it_from_there_later_belongs_to_the_other_however_often_it_grew(
        self, both
    ):
        street, town = both
        merge(street, town)
        county = declare(an_outage("PL1"))
        sweep_incidents(now=OVER)
        merge(town, county)
        sweep_incidents(now=OVER)
        [late] = subscribers("EX4 4QJ")

        began_later = report(late, now=LATER, failed_at=LATER)
        find_false(county, now=LATER)
        [later] = subscribers("EX4 4QJ")

        assert began_later.incident == county
        assert report(later, now=LATER, failed_at=LATER, number="2").incident is None

    def test_only_when_everybody_has_heard_and_only_of_the_same_service(self, both):
        street, town = both
        incidents.say(street.pk, a_truth(now=MONDAY), by=a_person(), now=MONDAY)
        water = Service.objects.create(name="Water", function=broadband().function, team=a_team())
        other = declare(an_outage("", service=water))

        with pytest.raises(StillGoingOutError):
            merge(street, town)
        sweep_incidents(now=MONDAY)
        for into in (street, other):
            with pytest.raises(NotTheSameError):
                merge(street, into)
        merge(street, town)
        with pytest.raises(IncidentOverError):
            merge(town, street)

    @pytest.mark.usefixtures("both")
    def test_a_law_keeps_it_from_being_part_of_itself_or_going_on(self):
        for other in ("id", "(SELECT max(id) FROM records_incident)"):
            with refused_by("incident_is_part_of_another"):
                sql(f"UPDATE records_incident SET merged_into_id = {other}")


def merge(incident: Incident, into: Incident, *, says: str = "It is the whole town.") -> None:
    truth = a_truth(says, now=OVER)
    incidents.merge(incident.pk, into.pk, truth, by=a_person(), now=OVER)
