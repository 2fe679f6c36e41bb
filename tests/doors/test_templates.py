"""The page of templates: stopped for an area by whoever sees it, and let speak by its owner."""

import pytest
from django.test import Client

from makegood.actions import templates
from makegood.actions.templates import NewTemplate
from makegood.records.models import StaffRole, Template, TemplateStop, TruthSource
from makegood.rules.capture.kinds import Kind
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

PAGE = "/templates"


def desk_of(name: str, role: StaffRole) -> Client:
    client = Client()
    client.force_login(a_person(name, role=role))
    return client


@pytest.fixture
def alice() -> Client:
    """Keeps what is said."""
    return desk_of("Alice", StaffRole.SUPERVISOR)


@pytest.fixture
def bob() -> Client:
    """Has a customer on the line."""
    return desk_of("Bob", StaffRole.AGENT)


@pytest.fixture
def coming() -> Template:
    wanted = NewTemplate(
        name="coming",
        text="We will visit you {when}.",
        truth_source=TruthSource.PROMISE,
        about=Kind.VISIT,
    )
    return templates.make(wanted, owner=a_person("Olga", role=StaffRole.OWNER), now=MONDAY)


def test_whoever_sees_that_it_is_not_true_stops_it_for_an_area(bob, coming):
    sent = {"area": "ex4 4qj", "why": "No crew there today."}

    answer = bob.post(f"{PAGE}/{coming.pk}/stop", sent, follow=True)

    page = answer.content.decode()
    stop = TemplateStop.objects.get()
    assert (stop.area, stop.stopped_by.name, stop.lifted_at) == ("EX4", "Bob", None)
    assert "Stopped: EX4. No crew there today." in page
    assert "Let it speak again" not in page  # that is its owner's


def test_its_keeper_lets_it_speak_again_and_who_did_what_stays(alice, bob, coming):
    bob.post(f"{PAGE}/{coming.pk}/stop", {"area": "", "why": "Wrong day."})
    stop = TemplateStop.objects.get()

    refused = bob.post(f"{PAGE}/stops/{stop.pk}/lift")
    lifted = alice.post(f"{PAGE}/stops/{stop.pk}/lift", follow=True)

    assert (refused.status_code, lifted.status_code) == (409, 200)
    assert "Only whoever owns it" in refused.content.decode()
    assert "Alice let it speak again" in lifted.content.decode()
    assert alice.post(f"{PAGE}/stops/{stop.pk}/lift").status_code == 409
    stop.refresh_from_db()
    assert stop.lifted_by.name == "Alice"


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({"area": "", "why": " "}, 422, "This field is required"),
        ({"area": "House 12", "why": "No."}, 409, "That is no area"),
    ],
)
def test_a_stop_without_a_reason_or_an_area_is_refused_beside_its_form(
    bob, coming, sent, status, says
):
    answer = bob.post(f"{PAGE}/{coming.pk}/stop", sent)

    assert answer.status_code == status
    assert says in answer.content.decode()
    assert not TemplateStop.objects.exists()


def test_it_is_stopped_once_for_each_area(bob, coming):
    sent = {"area": "EX4", "why": "No."}
    assert bob.post(f"{PAGE}/{coming.pk}/stop", sent).status_code == 302
    again = bob.post(f"{PAGE}/{coming.pk}/stop", sent)
    assert (again.status_code, "already" in again.content.decode()) == (409, True)


def test_a_new_one_that_speaks_ahead_needs_what_makes_it_true(alice, bob):
    sent = {"name": "soon", "language": "en-gb", "text": "We call you {when}.", "source": ""}

    refused = alice.post(f"{PAGE}/new", sent)
    odd = alice.post(f"{PAGE}/new", sent | {"text": "We call you on {day}."})
    made = alice.post(f"{PAGE}/new", sent | {"source": "promise", "about": "callback"})
    twice = alice.post(f"{PAGE}/new", sent | {"source": "promise"})

    assert (refused.status_code, "makes it true" in refused.content.decode()) == (409, True)
    assert (odd.status_code, "There is no slot" in odd.content.decode()) == (422, True)
    assert (made.status_code, Template.objects.get().owner.name) == (302, "Alice")
    assert (twice.status_code, "of that name already" in twice.content.decode()) == (409, True)
    assert bob.post(f"{PAGE}/new", sent).status_code == 403


def test_charlie_who_has_not_signed_in_sees_and_stops_nothing(coming):
    charlie = Client()
    for address in (PAGE, f"{PAGE}/new"):
        assert charlie.get(address).status_code == 302
    for address in (f"{PAGE}/{coming.pk}/stop", f"{PAGE}/stops/1/lift"):
        assert charlie.post(address, {"why": "x"}).status_code == 302
    assert not TemplateStop.objects.exists()


def test_what_is_not_there_is_not_found(bob):
    assert bob.post(f"{PAGE}/0/stop", {"why": "x"}).status_code == 404
    assert bob.post(f"{PAGE}/stops/0/lift").status_code == 404
    assert "There is no template yet." in bob.get(PAGE).content.decode()


def test_many_templates_take_no_more_queries_than_one(bob, coming, django_assert_num_queries):
    bob.get(PAGE)
    with django_assert_num_queries(5) as few:
        bob.get(PAGE)
    for number in range(5):
        made = templates.make(
            NewTemplate(name=f"thanks {number}", text="Thank you."),
            owner=coming.owner,
            now=MONDAY,
        )
        templates.stop(made.pk, area="", why="No.", by=coming.owner, now=MONDAY)
    with django_assert_num_queries(len(few.captured_queries)):
        bob.get(PAGE)


def test_the_settings_lead_to_it(alice):
    assert f'href="{PAGE}"' in alice.get("/settings").content.decode()


@pytest.mark.parametrize(("area", "is_offered"), [("BS1", True), ("EX4", False), ("", False)])
def test_a_letter_may_begin_with_it_wherever_it_is_not_stopped(bob, coming, area, is_offered):
    case = a_case(customer=a_customer(postcode="EX4 4QJ", email="ann@example.org"))
    templates.stop(coming.pk, area=area, why="No crew there.", by=coming.owner, now=MONDAY)

    page = bob.get(f"/cases/{case.reference}/mails").content.decode()

    assert ("coming" in page) is is_offered
