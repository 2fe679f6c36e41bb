"""Incidents at the desk: declared in one form, followed, told, ended; and who may not."""

import re
from datetime import timedelta

import pytest

from incident_world import HOUR, a_truth, broadband, declare, subscribers
from makegood.actions import incidents
from makegood.clockwork import ticks
from makegood.clockwork.spreading import sweep_incidents
from makegood.records.models import Case, Incident, IncidentTruth, Letter
from money_world import limits, may_give
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

NEW = "/incidents/new"


@pytest.fixture(autouse=True)
def _on_monday(time_machine):
    time_machine.move_to(MONDAY + timedelta(minutes=30), tick=False)


@pytest.fixture
def laura(client):
    person = a_person(role="supervisor")
    client.force_login(person)
    return person


def typed(laura, **more) -> dict[str, object]:
    return {
        "service": broadband().pk,
        "area": "EX4",
        "title": "No broadband in Exeter",
        "harm": "lost",
        "since": "",
        "owner": laura.pk,
        "words": "A cable was cut. We do not know yet how long it takes.",
        "due_on": "2026-06-01",
        "due_time": "18:00",
    } | more


def test_declared_once_everybody_there_gets_a_case_and_a_letter(client, laura):
    subscribers("EX4 4QJ", "EX4 1AB", email="ann@example.org")
    subscribers("M1 1AA")
    key = "8d7f9d4e-6f0d-4b6f-9d9a-3c6f5d1f2b11"

    answers = [client.post(NEW, typed(laura, sent_key=key)) for _ in range(2)]
    sweep_incidents(now=MONDAY + HOUR)

    assert [answer.status_code for answer in answers] == [302, 302]
    incident = Incident.objects.get()
    page = client.get(answers[0].url).content.decode()
    assert "2 open of 2" in page
    assert "A cable was cut." in page
    assert "0 delivered of 2" in page
    listed = client.get("/incidents").content.decode()
    assert incident.title in listed
    assert all(f'data-head="{head}"' in listed for head in ("Where", "Since", "Owner", "Cases"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "This field is required"),
        ({"words": " "}, "This field is required"),
        ({"due_on": "2026-05-31"}, "Name a time after now"),
        ({"since": "2026-06-03T10:00"}, "must not lie ahead"),
        ({"service": "999"}, "Select a valid choice"),
        ({"harm": "terrible"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_comes_back_with_the_words_kept(client, laura, change, says):
    answer = client.post(NEW, typed(laura, **change))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert "EX4" in page
    assert not Incident.objects.exists()


def test_what_goes_on_there_already_is_not_declared_twice(client, laura):
    declare()
    answer = client.post(NEW, typed(laura))

    assert answer.status_code == 409
    assert "say what is new on that incident" in answer.content.decode()


@pytest.mark.usefixtures("laura")
def test_the_next_truth_and_the_end_are_said_from_its_page(client):
    subscribers("EX4 4QJ", email="ann@example.org")
    incident = declare()
    sweep_incidents(now=MONDAY)
    at = f"/incidents/{incident.reference}"
    due = {"due_on": "2026-06-01", "due_time": "20:00"}

    client.post(f"{at}/truths", {"words": "It is being spliced.", **due})
    over = {"words": "It works again. Is it right for you?", "evidence": "The exchange answers."}
    client.post(f"{at}/over", over | due)
    sweep_incidents(now=MONDAY + HOUR)

    said = IncidentTruth.objects.order_by("number").values_list("words", flat=True)
    assert list(said)[1:] == ["It is being spliced.", "It works again. Is it right for you?"]
    page = client.get(at).content.decode()
    assert "over " in page
    assert "The exchange answers." in page
    assert "Say what is new" not in page
    assert Case.objects.filter(closed_at=None).count() == 1
    assert Letter.objects.count() == 3


def test_what_is_over_is_not_ended_again(client, laura):
    incident = declare()
    incidents.end(incident.pk, a_truth(), at=MONDAY, evidence="Seen.", by=laura, now=MONDAY)
    over = {"words": "Again.", "evidence": "Seen.", "due_on": "2026-06-01", "due_time": "20:00"}

    answer = client.post(f"/incidents/{incident.reference}/over", over)

    assert answer.status_code == 409
    assert "This incident is over" in answer.content.decode()


@pytest.mark.usefixtures("laura")
def test_an_end_without_evidence_comes_back(client):
    incident = declare()
    due = {"due_on": "2026-06-01", "due_time": "20:00"}

    answer = client.post(f"/incidents/{incident.reference}/over", {"words": "Fine.", **due})

    assert answer.status_code == 422
    assert Incident.objects.get().over_at is None


@pytest.mark.usefixtures("laura")
def test_the_list_is_a_file_without_formulas(client):
    declare()
    answer = client.get("/incidents.csv")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Incident,Title,Service,Area")
    assert "No broadband in Exeter" in lines[1]


@pytest.mark.usefixtures("laura")
def test_an_empty_list_says_what_it_is_for(client):
    assert "Nothing has failed for many at once." in client.get("/incidents").content.decode()


@pytest.mark.usefixtures("laura")
def test_one_that_does_not_exist_is_not_found(client):
    assert client.get("/incidents/nothing").status_code == 404


def test_an_agent_reads_but_speaks_for_nobody(client):
    client.force_login(a_person("Bob", role="agent"))
    incident = declare()
    at = f"/incidents/{incident.reference}"

    assert client.get(at).status_code == 200
    assert "Tell everybody" not in client.get(at).content.decode()
    assert client.post(f"{at}/truths", {}).status_code == 403
    assert client.post(f"{at}/over", {}).status_code == 403
    assert client.get(NEW).status_code == 403


def test_a_page_asks_as_many_questions_for_many_truths_as_for_one(
    client, laura, django_assert_max_num_queries
):
    incident = declare()
    with django_assert_max_num_queries(17) as one:
        client.get(f"/incidents/{incident.reference}")
    for minutes in range(1, 9):
        now = MONDAY + timedelta(minutes=minutes)
        incidents.say(incident.pk, a_truth(now=now), by=laura, now=now)
    with django_assert_max_num_queries(len(one)):
        client.get(f"/incidents/{incident.reference}")


GIFT = {
    "kind": "credit",
    "amount": "10",
    "currency": "GBP",
    "because": "A day without broadband.",
    "words": "It works again.",
    "due_on": "2026-06-01",
    "due_time": "20:00",
}


def test_everybody_is_given_the_same_from_its_page_once(client, laura):
    may_give(laura, held=limits(5_000, 100_000))
    subscribers("EX4 4QJ", "EX4 1AB", email="ann@example.org")
    incident = declare()
    sweep_incidents(now=MONDAY)
    at = f"/incidents/{incident.reference}"
    assert "Give everybody the same" in client.get(at).content.decode()

    key = "8d7f9d4e-6f0d-4b6f-9d9a-3c6f5d1f2b12"
    answers = [client.post(f"{at}/remedy", GIFT | {"sent_key": key}) for _ in range(2)]
    sweep_incidents(now=MONDAY + HOUR)

    assert [answer.status_code for answer in answers] == [302, 302]
    page = client.get(at).content.decode()
    assert "2 of 2 customers" in page
    assert "£20.00" in page
    assert "Give everybody the same" not in page
    assert client.post(f"{at}/remedy", GIFT).status_code == 409


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount": "ten"}, "ten"),
        ({"amount": "0"}, "above zero"),
        ({"kind": "gift"}, "Say what the customer receives"),
        ({"because": ""}, "This field is required"),
        ({"words": ""}, "This field is required"),
    ],
)
def test_a_remedy_for_all_that_cannot_be_comes_back_with_what_was_typed(
    client, laura, change, says
):
    may_give(laura, held=limits(5_000, 100_000))
    subscribers("EX4 4QJ")
    incident = declare()
    sweep_incidents(now=MONDAY)

    answer = client.post(f"/incidents/{incident.reference}/remedy", GIFT | change)

    assert answer.status_code == 422
    assert says in answer.content.decode()


@pytest.mark.usefixtures("laura")
def test_whose_authority_is_less_than_the_sum_hears_so(client):
    subscribers("EX4 4QJ")
    incident = declare()
    sweep_incidents(now=MONDAY)

    answer = client.post(f"/incidents/{incident.reference}/remedy", GIFT)

    assert answer.status_code == 409
    assert "who may give that sum decides it" in answer.content.decode()


def test_who_speaks_to_all_but_decides_on_no_money_gives_nothing(client):
    client.force_login(a_person("Dora", role="dispatcher"))
    incident = declare()

    assert (
        "Give everybody the same"
        not in client.get(f"/incidents/{incident.reference}").content.decode()
    )
    assert client.post(f"/incidents/{incident.reference}/remedy", GIFT).status_code == 403


def by(answer) -> dict[str, str]:
    """The day and time that a form holds as it comes back."""
    body = answer.content.decode()
    fields = (
        re.search(rf'<input[^>]*name="{name}"[^>]*>', body)[0] for name in ("due_on", "due_time")
    )
    return {
        name: found[1] if (found := re.search(r'value="([^"]*)"', field)) else ""
        for name, field in zip(("due_on", "due_time"), fields, strict=True)
    }


WORK = "A cable was cut. Our crew hopes to splice it on Wednesday. "


@pytest.mark.parametrize(
    ("words", "says", "due"),
    [
        ("You will hear from us by 16:00 today.", "by 16:00 today", "16:00"),
        ("We will tell you more between 14:00 and 15:00 today.", "by 15:00 today", "15:00"),
        ("We will update you by tomorrow.", "by the end of tomorrow", ""),
    ],
)
def test_by_when_they_hear_the_next_is_read_in_the_words_and_shown_before_it_counts(
    client, laura, words, says, due
):
    sent = typed(laura, words=WORK + words, due_on="", due_time="")

    answer = client.post(NEW, sent)

    assert answer.status_code == 422
    assert f"So the words say: {says}." in answer.content.decode()
    assert not Incident.objects.exists()
    assert by(answer)["due_time"] == due
    assert client.post(NEW, sent | by(answer)).status_code == 302
    assert IncidentTruth.objects.get().words == WORK + words


@pytest.mark.usefixtures("laura")
def test_a_typed_time_that_the_words_contradict_is_refused(client):
    incident = declare()
    said = {"words": WORK + "We will tell you more by 16:00 today."}
    typed_due = {"due_on": "2026-06-01", "due_time": "18:00"}

    answer = client.post(f"/incidents/{incident.reference}/truths", said | typed_due)

    assert answer.status_code == 422
    body = answer.content.decode()
    assert "The words say by 16:00 today, and here stands by 18:00 today." in body
    assert IncidentTruth.objects.count() == 1


def test_when_it_may_work_again_is_no_time_by_which_they_hear_the_next(client, laura):
    assert client.post(NEW, typed(laura, words=WORK)).status_code == 302

    answer = client.post(NEW, typed(laura, words=WORK, due_on="", due_time="", area="M1"))

    assert answer.status_code == 422
    assert "Say by when: here, or in the words." in answer.content.decode()


@pytest.mark.usefixtures("laura")
def test_what_waits_for_people_is_on_the_board_and_on_the_page_and_somebody_sees_to_it(
    client, time_machine
):
    subscribers("EX4 4QJ")
    incident = declare()
    url = f"/incidents/{incident.reference}"
    assert "Waits for people" not in client.get(url).content.decode()
    time_machine.move_to(MONDAY + 2 * HOUR, tick=False)
    ticks.tick(now=MONDAY + 2 * HOUR)

    board = client.get("/").content.decode()
    assert "Of everybody, left to people" in board
    assert "Everybody was promised news by" in board
    page = client.get(url).content.decode()
    assert "Waits for people" in page
    assert "I see to it" in page

    client.force_login(a_person("Bob Other"))
    assert "I see to it" not in client.get(url).content.decode()
    assert client.post(f"{url}/seen-to").status_code == 403
    client.force_login(a_person())
    assert client.post(f"{url}/seen-to").status_code == 302

    assert incident.tellings.get().acknowledged_by == a_person()
    assert "Of everybody, left to people" not in client.get("/").content.decode()
    assert "sees to it since" in client.get(url).content.decode()
    assert client.post(f"{url}/seen-to").status_code == 302
