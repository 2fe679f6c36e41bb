"""Who reports a failure after its incident: whether it is theirs as well, and what they get."""

import pytest

from ended_world import FACTS, LATER, OFCOM, OVER, WEEK, over, publish, report
from incident_world import HOUR, a_truth, declare, left_out, subscribers
from makegood.actions import incidents
from makegood.actions.scheme_uses import use_scheme
from makegood.clockwork.making_good import sweep_entitlements
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.records.models import (
    Entitlement,
    Letter,
    Remedy,
    TimelineEntry,
)
from money_world import limits, may_give, some_terms
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db


class TestReportedLate:
    """Whoever writes when it is over belongs to it, if theirs began while it lasted."""

    @pytest.fixture
    def incident(self):
        subscribers("EX4 4QJ")
        found = declare()
        sweep_incidents(now=MONDAY)
        over(found)
        return found

    @pytest.mark.parametrize(
        ("began", "belongs"), [(MONDAY, True), (OVER + HOUR, False), (MONDAY - WEEK, False)]
    )
    def test_by_when_theirs_began(self, incident, began, belongs):
        [late] = subscribers("EX4 4QJ")

        case = report(late, failed_at=began, now=LATER + HOUR)

        assert case.incident == (incident if belongs else None)
        joined = TimelineEntry.objects.filter(case=case, kind="incident_joined")
        assert joined.exists() == belongs
        assert verify.run() == []

    @pytest.mark.usefixtures("incident")
    def test_elsewhere_it_is_another_matter(self):
        [late] = subscribers("M1 1AA")

        assert report(late, now=LATER).incident is None

    def test_what_everybody_is_given_is_given_to_them_as_well(self, incident):
        use_scheme(OFCOM, on="case", facts=FACTS, now=MONDAY - WEEK)
        [late] = subscribers("EX4 4QJ", email="late@example.org")
        case = report(late, now=LATER)

        publish(incident)

        assert Remedy.objects.filter(case=case).exists()

    def test_who_comes_when_it_was_decided_what_all_are_given_is_left_to_people(self, incident):
        boss = a_person("Grace", role="executive")
        may_give(boss, held=limits(20_000, 100_000))
        decided = publish(incident, some_terms(1_000), by=boss)
        [late] = subscribers("EX4 4QJ", email="late@example.org")

        case = report(late, now=LATER + HOUR)

        assert not Remedy.objects.filter(case=case).exists()
        assert left_out(decided) == [case.pk]
        assert verify.run() == []

    def test_while_it_goes_on_the_next_truth_is_theirs_too(self):
        incident = declare()
        sweep_incidents(now=MONDAY)
        [late] = subscribers("EX4 4QJ", email="late@example.org")

        case = report(late, now=MONDAY + HOUR)
        incidents.say(
            incident.pk, a_truth("Soon.", now=MONDAY + HOUR), by=a_person(), now=MONDAY + HOUR
        )
        sweep_incidents(now=MONDAY + HOUR)

        assert Letter.objects.filter(case=case, words="Soon.").count() == 1


def test_who_joins_when_it_is_over_is_looked_at_anew_for_what_is_owed():
    use_scheme(OFCOM, on="case", facts=FACTS, now=MONDAY - WEEK)
    [own] = subscribers("EX4 4QJ", email="ann@example.org")
    case = report(own)
    sweep_entitlements(now=MONDAY + 2 * HOUR)

    over(declare(now=MONDAY + 3 * HOUR))  # before the clock has brought it to anybody
    sweep_entitlements(now=LATER)

    owed = Entitlement.objects.get(case=case)
    assert (owed.case.incident is not None, owed.raised_at) == (True, LATER)
    assert owed.amount_minor
    assert verify.run() == []
