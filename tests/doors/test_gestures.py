"""Gestures at the desk: offered in their time, given in one act, set, and told apart."""

import uuid

import pytest
from django.test import Client

from busy_day import NOW
from gesture_world import HOUR, a_budget, an_item, put_right
from makegood.actions import authorities
from makegood.clockwork import counting
from makegood.records.models import Case, Gesture, GestureBudget, GestureItem, SettingsChange
from makegood.rules.roles import Role
from standing_clock import StandingClock
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def signed_in(name: str, role: Role) -> Client:
    client = Client()
    client.force_login(a_person(name, role=role.value))
    return client


@pytest.fixture
def case() -> Case:
    case = put_right(a_case(owner=a_person(), now=NOW - HOUR), now=NOW - HOUR)
    a_budget(case)
    an_item()
    return case


@pytest.fixture
def alice(case) -> Client:
    """The owner of the case."""
    client = Client()
    client.force_login(case.owner)
    return client


def send(client: Client, case: Case, *, item: int | None = None, key=None):
    form = {"item": item or an_item().pk, "key": key or uuid.uuid4()}
    return client.post(f"/cases/{case.reference}/gesture", form)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


class TestOnTheCase:
    """Offered when its time has come, and given by one press."""

    def test_it_is_offered_given_once_and_told_apart_from_remedies(self, alice, case):
        offered = text_of(alice.get(f"/cases/{case.reference}"))

        key = uuid.uuid4()
        answers = [send(alice, case, key=key), send(alice, case, key=key)]

        page = text_of(alice.get(f"/cases/{case.reference}"))
        assert "A box of tea <span" in offered
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Gesture.objects.get().given_by == case.owner
        assert "A box of tea, by Laura Bennett. Nobody had promised it." in page
        assert "gave something nobody had promised: A box of tea." in page
        assert "Made good so far" not in page

    def test_before_its_time_nothing_is_offered_and_it_is_refused_in_a_sentence(self, alice):
        early = put_right(a_case(customer=a_customer("Ann"), now=NOW), sorry=False, now=NOW)

        page = text_of(alice.get(f"/cases/{early.reference}"))
        refused = send(alice, early)

        assert "A gesture" not in page
        assert refused.status_code == 409
        assert "Nobody has apologised yet" in text_of(refused)

    @pytest.mark.parametrize("form", [{}, {"item": "x", "key": "1"}, {"item": "99", "key": "no"}])
    def test_junk_is_refused(self, alice, case, form):
        assert alice.post(f"/cases/{case.reference}/gesture", form).status_code == 422

    def test_what_left_the_catalogue_is_refused(self, alice, case):
        assert send(alice, case, item=10**6).status_code == 422

    def test_who_gives_nothing_gives_no_gesture_and_nobody_looks_in_from_outside(self, case):
        assert send(signed_in("Bob", Role.ADMINISTRATOR), case).status_code == 403
        assert send(Client(), case).status_code == 302
        assert not Gesture.objects.exists()

    def test_for_ones_own_a_colleague_decides(self, alice, case):
        authorities.declare_conflict(staff=case.owner, customer=case.customer, now=MONDAY)

        assert "A gesture" not in text_of(alice.get(f"/cases/{case.reference}"))
        assert send(alice, case).status_code == 409


class TestSettings:
    """The catalogue and the budgets."""

    def test_they_are_added_changed_ended_and_taken_back(self, case):
        ada = signed_in("Ada Min", Role.ADMINISTRATOR)
        card = {"name": "A card", "cost": "2.50", "currency_code": "gbp"}
        ada.post("/settings/gestures/new", card)
        item = GestureItem.objects.get(name="A card")
        budget = {"team": case.team_id, "currency_code": "EUR", "in_all": "40", "period_days": "7"}
        ada.post("/settings/gestures/budgets/new", budget)
        held = GestureBudget.objects.get(currency="EUR")
        seen = SettingsChange.objects.latest("pk").pk
        ada.post(
            f"/settings/gestures/budgets/{held.pk}",
            {"in_all": "50", "period_days": "7", "seen": seen},
        )
        page = text_of(ada.get("/settings/gestures"))
        ada.post(f"/settings/gestures/{item.pk}/retire")
        last = SettingsChange.objects.latest("pk").pk
        item.refresh_from_db()
        was_retired = item.retired_at is not None
        ada.post(f"/settings/changes/{last}/undo")

        item.refresh_from_db()
        assert (item.cost_minor, was_retired, item.retired_at) == (250, True, None)
        assert GestureBudget.objects.get(currency="EUR", ended_at=None).per_period_minor == 5_000
        assert "€50.00" in page
        assert "within 7 days" in page

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"cost": "much"}, "is no amount"),
            ({"currency_code": "£"}, "three letters, such as GBP"),
            ({"name": "a BOX of tea"}, "in the catalogue already"),
        ],
    )
    @pytest.mark.usefixtures("case")
    def test_what_cannot_be_is_refused_at_its_field(self, wrong, why):
        ada = signed_in("Ada Min", Role.ADMINISTRATOR)
        card = {"name": "A card", "cost": "2.50", "currency_code": "GBP"}

        refused = ada.post("/settings/gestures/new", card | wrong)

        assert refused.status_code == 422
        assert why in text_of(refused)

    def test_a_second_budget_in_the_same_place_is_refused(self, case):
        ada = signed_in("Ada Min", Role.ADMINISTRATOR)
        budget = {"team": case.team_id, "currency_code": "GBP", "in_all": "40", "period_days": "7"}

        refused = ada.post("/settings/gestures/budgets/new", budget)

        assert refused.status_code == 422
        assert "This is set already" in text_of(refused)


def test_the_wall_tells_their_effect_apart(alice, case):
    send(alice, case)
    put_right(a_case(customer=a_customer("Ann"), now=NOW), now=NOW)
    counting.count_new(now=NOW + HOUR)
    lead = signed_in("Lead", Role.SUPERVISOR)

    page = text_of(lead.get("/wall"))
    file = b"".join(lead.get("/wall/charts/gestures.csv").streaming_content).decode()

    assert "with a gesture" in page
    assert "with a gesture,1,0 (0%),0 (0%),£5.00" in file
    assert "without one,1," in file
