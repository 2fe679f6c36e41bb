"""How incidents end at the desk: none, part of another, what a scheme owes; and who may say so."""

from datetime import timedelta

import pytest

from incident_world import HOUR, a_truth, an_outage, broadband, declare, subscribers
from makegood.actions import incidents
from makegood.actions.scheme_uses import use_scheme
from makegood.clockwork.spreading import sweep_incidents
from makegood.records.models import Case, Incident, IncidentRemedy, Letter, Service, Staff
from makegood.rules.remedies import Activity
from makegood.rules.severity import Function
from money_world import limits, may_give
from world import MONDAY, a_person, a_team

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
DUE = {"due_on": "2026-06-01", "due_time": "20:00"}
NONE = {"words": "Nothing had failed.", "evidence": "The sensor was broken."} | DUE
PART = {"words": "It is the same cable."} | DUE
SCHEME = {
    "scheme": "ofcom-automatic-compensation",
    "amount": "100",
    "words": "You are owed this.",
    "due_on": "2026-06-08",
    "due_time": "20:00",
}
FACTS = {"failure": "delayed_repair", "reported_on": "@failed_on", "fixed_on": "@over_on"}


@pytest.fixture
def laura(client, time_machine):
    time_machine.move_to(MONDAY + timedelta(minutes=30), tick=False)
    person = a_person(role="supervisor")
    client.force_login(person)
    return person


@pytest.fixture
def incident() -> Incident:
    subscribers("EX4 4QJ", "EX4 4QK", email="ann@example.org")
    found = declare()
    sweep_incidents(now=MONDAY)
    return found


def at(incident: Incident, act: str = "") -> str:
    return f"/incidents/{incident.reference}{act}"


def another(area: str = "EX5", **more) -> Incident:
    return declare(an_outage(area=area, title="No broadband in Topsham", **more))


def owed(time_machine, client, by: Staff) -> Incident:
    """An incident that is over after a week, for which a scheme owes something."""
    use_scheme(SCHEME["scheme"], on="case", facts=FACTS, now=MONDAY - WEEK)
    subscribers("EX4 4QJ", "EX4 4QK", email="ann@example.org")
    incident, ended = declare(), MONDAY + WEEK
    sweep_incidents(now=MONDAY)
    incidents.end(
        incident.pk, a_truth("It works again.", now=ended), at=ended,
        evidence="Every line answers.", by=a_person(), now=ended,
    )  # fmt: skip
    sweep_incidents(now=ended)
    time_machine.move_to(ended + HOUR, tick=False)
    client.force_login(by)  # a week later the session has ended
    return incident


@pytest.mark.usefixtures("laura")
class TestNone:
    """Nothing had failed."""

    def test_who_has_a_case_is_told_so_and_no_more_can_be_said(self, client, incident):
        answer = client.post(at(incident, "/none"), NONE, follow=True)
        sweep_incidents(now=MONDAY + HOUR)

        page = answer.content.decode()
        assert "It was none. Everybody who has a case is told so" in page
        assert "it was none" in page.lower()
        assert "Say what is new" not in page
        assert "Give everybody the same" not in page
        assert Letter.objects.filter(words__startswith="Nothing had failed.").count() == 2

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"evidence": " "}, "This field is required"),
            ({"words": ""}, "This field is required"),
            ({"due_on": "2026-05-31"}, "Name a time after now"),
            ({"due_on": "soon"}, "Enter a valid date"),
        ],
    )
    def test_what_cannot_be_comes_back_with_what_was_typed(self, client, incident, change, says):
        answer = client.post(at(incident, "/none"), NONE | change)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert says in page
        assert ("The sensor was broken." in page) is ("evidence" not in change)
        incident.refresh_from_db()
        assert incident.over_at is None

    def test_it_counts_once_when_it_is_sent_twice_and_not_again_when_it_is_over(
        self, client, incident
    ):
        key = {"sent_key": "8d7f9d4e-6f0d-4b6f-9d9a-3c6f5d1f2b13"}

        first, again = (client.post(at(incident, "/none"), NONE | key) for _ in range(2))

        assert (first.status_code, again.status_code) == (302, 302)
        assert client.post(at(incident, "/none"), NONE).status_code == 409


@pytest.mark.usefixtures("laura")
class TestPart:
    """It is part of another incident of the same service."""

    def test_its_cases_join_the_other_and_both_pages_say_so(self, client, incident):
        whole = another()
        sweep_incidents(now=MONDAY)

        answer = client.post(at(incident, "/part"), PART | {"into": whole.pk}, follow=True)
        sweep_incidents(now=MONDAY + HOUR)

        assert "Its cases join the other one" in answer.content.decode()
        assert set(Case.objects.values_list("incident", flat=True)) == {whole.pk}
        assert whole.reference in client.get(at(incident)).content.decode()
        assert incident.title in client.get(at(whole)).content.decode()

    def test_where_there_is_no_other_it_is_not_asked(self, client, incident):
        assert at(incident, "/part") not in client.get(at(incident)).content.decode()

    @pytest.mark.parametrize("into", ["", "nothing", "0", "itself", "of another service", "over"])
    def test_what_it_cannot_be_part_of_is_not_offered(self, client, laura, incident, into):
        water = Service.objects.create(name="Water", function=Function.SHELTER.value, team=a_team())
        places = {
            "itself": incident.pk,
            "of another service": another(service=water).pk,
            "over": another(area="EX6").pk,
        }
        incidents.end(places["over"], a_truth(), at=MONDAY, evidence="Seen.", by=laura, now=MONDAY)

        answer = client.post(at(incident, "/part"), PART | {"into": places.get(into, into)})

        assert answer.status_code == 422
        incident.refresh_from_db()
        assert incident.merged_into is None

    def test_while_its_cases_are_opened_it_has_to_wait(self, client):
        subscribers("EX4 4QJ")
        early, whole = declare(), another()

        answer = client.post(at(early, "/part"), PART | {"into": whole.pk})

        assert answer.status_code == 409
        assert "Cases are still being opened or told" in answer.content.decode()


class TestScheme:
    """What a scheme owes to each, decided once for all."""

    @pytest.fixture
    def payer(self, laura):
        may_give(laura, activity=Activity.SCHEME, held=limits(20_000, 100_000))
        return laura

    def test_each_is_given_what_they_are_owed_from_its_page(self, client, payer, time_machine):
        incident = owed(time_machine, client, payer)
        assert "By which scheme" in client.get(at(incident)).content.decode()

        answer = client.post(at(incident, "/scheme"), SCHEME, follow=True)
        sweep_incidents(now=MONDAY + WEEK + HOUR)

        assert "is given what they are owed, and told so now" in answer.content.decode()
        decided = IncidentRemedy.objects.get()
        assert (decided.granted, decided.at_most) == (2, 2)
        assert client.post(at(incident, "/scheme"), SCHEME).status_code in {409, 422}

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"scheme": "nothing"}, "Select a valid choice"),
            ({"amount": "a lot"}, "a lot"),
            ({"amount": "0"}, "above zero"),
            ({"words": ""}, "This field is required"),
            ({"due_on": "2026-06-01"}, "Name a time after now"),
        ],
    )
    def test_what_cannot_be_comes_back(self, client, payer, time_machine, change, says):
        incident = owed(time_machine, client, payer)

        answer = client.post(at(incident, "/scheme"), SCHEME | change)

        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not IncidentRemedy.objects.exists()

    def test_whose_authority_is_less_than_the_sum_hears_so(self, client, laura, time_machine):
        incident = owed(time_machine, client, laura)

        answer = client.post(at(incident, "/scheme"), SCHEME)

        assert answer.status_code == 409
        assert "who may give that sum decides it" in answer.content.decode()

    @pytest.mark.usefixtures("payer", "incident")
    def test_while_it_goes_on_no_scheme_is_asked(self, client, incident):
        assert at(incident, "/scheme") not in client.get(at(incident)).content.decode()
        assert client.post(at(incident, "/scheme"), SCHEME).status_code == 422


ACTS = ("/none", "/part", "/scheme", "/remedy", "/truths", "/over")


@pytest.mark.usefixtures("laura")
@pytest.mark.parametrize("act", ACTS)
def test_bob_who_only_sees_cases_ends_none_and_no_stranger_does(client, incident, act):
    client.force_login(a_person("Bob", role="agent"))
    bobs = client.post(at(incident, act), NONE)
    page = client.get(at(incident)).content.decode()
    client.logout()
    strangers = client.post(at(incident, act), NONE)

    assert bobs.status_code == 403
    assert at(incident, act) not in page
    assert (strangers.status_code, strangers.url.split("?")[0]) == (302, "/sign-in")
    incident.refresh_from_db()
    assert incident.over_at is None


@pytest.mark.usefixtures("laura")
@pytest.mark.parametrize("act", ACTS)
def test_one_that_does_not_exist_is_not_found_and_none_is_ended_by_looking(client, incident, act):
    assert client.post(f"/incidents/nothing{act}", NONE).status_code == 404
    assert client.get(at(incident, act)).status_code == 405
    assert client.get("/incidents").status_code == 200


@pytest.mark.usefixtures("laura")
def test_who_may_speak_but_decides_on_no_money_gives_nothing_by_a_scheme(client, time_machine):
    incident = owed(time_machine, client, a_person("Dora", role="dispatcher"))

    assert at(incident, "/scheme") not in client.get(at(incident)).content.decode()
    assert client.post(at(incident, "/scheme"), SCHEME).status_code == 403
    assert broadband().incidents.count() == 1
