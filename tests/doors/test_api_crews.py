"""Crews, suppliers and phone systems at the door of the API."""

from datetime import datetime

import pytest

from api_world import Standing, System, problem
from makegood.clockwork import ticks
from makegood.doors.api import callers
from makegood.records.models import Asset, Case, EtaChange, Incident, RoundRun, RoundStop
from makegood.rules.scopes import Scope
from round_world import CLOSES, a_food_bin, a_round, run_of
from visit_world import (
    a_diagnosis,
    a_part,
    a_visit,
    a_visit_for_a_part,
    an_order,
    order_of,
    slot_of,
)
from world import MONDAY, a_case, a_customer

pytestmark = pytest.mark.django_db

FRIDAY = "2026-06-05T16:00:00Z"
NUMBER = "+44 20 7946 0100"


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    callers.calls.forget()
    callers.strangers.forget()


class TestSuppliers:
    """A supplier knows its own number of an order, and may say when it comes."""

    def test_a_supplier_moves_a_visit_by_the_number_of_its_order(self):
        visit = a_visit_for_a_part()
        order = order_of(visit)
        order.number = "PO/7"
        order.save()
        before = slot_of(visit)

        answer = System(Scope.SUPPLY).post("orders/by-number/PO/7/eta", eta_at=FRIDAY)

        assert answer.status_code == 200, answer.content
        assert answer.json()["eta_at"] == FRIDAY
        after = slot_of(visit)
        assert before is not None
        assert after is None or after.opens_at > before.opens_at
        assert EtaChange.objects.latest("pk").source == "api"

    def test_the_same_key_and_the_same_date_count_once(self):
        an_order(a_diagnosis(), number="7")
        bot = System(Scope.SUPPLY)

        answers = [bot.post("orders/by-number/7/eta", key=key, eta_at=FRIDAY) for key in "aab"]

        assert {answer.status_code for answer in answers} == {200}
        assert EtaChange.objects.filter(source="api").count() == 1

    @pytest.mark.parametrize("number", ["8", "%20", "7x"])
    def test_a_number_that_nothing_is_expected_of_is_not_there(self, number):
        an_order(a_diagnosis(), number="7")
        an_order(a_diagnosis(a_case(customer=a_customer("Ann"))))

        answer = System(Scope.SUPPLY).post(f"orders/by-number/{number}/eta", eta_at=FRIDAY)

        assert problem(answer) == (404, "no-such-order")

    def test_a_number_of_two_suppliers_moves_neither(self):
        an_order(a_diagnosis(), number="7")
        other = a_part("Z-1", supplier="Acme")
        an_order(a_diagnosis(a_case(customer=a_customer("Ann")), other), number="7")

        answer = System(Scope.SUPPLY).post("orders/by-number/7/eta", eta_at=FRIDAY)

        assert problem(answer) == (409, "order-of-two-suppliers")
        assert not EtaChange.objects.filter(source="api").exists()

    def test_a_supplier_may_do_nothing_else(self):
        visit = a_visit()
        bot = System(Scope.SUPPLY)

        assert problem(bot.get("visits")) == (403, "missing-scope")
        assert problem(bot.post(f"visits/{visit.uuid}/arrive")) == (403, "missing-scope")


class TestCrews:
    """A crew's own system reports what its phone page would."""

    def test_the_wrong_part_is_acknowledged_and_the_next_visit_is_held(self):
        visit = a_visit_for_a_part(eta=MONDAY)
        other = a_part("H-200")

        answer = System().post(
            f"visits/{visit.uuid}/fail", failing="wrong_part", part="h-200", minutes=25
        )

        assert answer.status_code == 200, answer.content
        following = answer.json()
        assert following["id"] != str(visit.uuid)
        assert following["promise"] is not None
        assert following["order"]["part"] == other.number
        visit.refresh_from_db()
        assert (visit.outcome, visit.failing) == ("failed", "wrong_part")
        assert visit.case.messages.filter(kind="apology", said_at__isnull=False).exists()

    def test_a_crew_that_is_away_gives_its_visits_away_by_the_clock(self):
        visit = a_visit()
        crew = slot_of(visit).crew
        away = {"starts_at": "2026-06-01T00:00:00Z", "ends_at": FRIDAY}

        answer = System().post(f"crews/{crew.pk}/absences", **away)

        assert answer.status_code == 201, answer.content
        assert answer.json()["to_move"] == 1
        assert answer.json()["absence"]["starts_at"] == "2026-06-01T09:00:00Z"
        ticks.tick(now=MONDAY)
        assert slot_of(visit).opens_at >= datetime.fromisoformat(FRIDAY)
        [shown] = System().get("crews").json()["items"]
        assert (shown["name"], len(shown["absences"])) == ("Van 1", 1)

    def test_an_absence_that_is_over_or_withdrawn_is_refused(self):
        crew = slot_of(a_visit()).crew
        over = {"starts_at": "2026-05-01T00:00:00Z", "ends_at": "2026-05-02T00:00:00Z"}
        away = {"starts_at": "2026-06-01T00:00:00Z", "ends_at": FRIDAY}
        bot = System()
        assert problem(bot.post(f"crews/{crew.pk}/absences", **over)) == (422, "window")
        absence = bot.post(f"crews/{crew.pk}/absences", **away).json()["absence"]["id"]

        answers = [bot.post(f"absences/{absence}/withdraw") for _ in "ab"]

        assert answers[0].json()["withdrawn_at"] == "2026-06-01T09:00:00Z"
        assert problem(answers[1]) == (409, "absence-over")
        assert bot.get("crews").json()["items"][0]["absences"] == []

    def test_a_part_that_nobody_knows_is_refused(self):
        visit = a_visit_for_a_part()

        answer = System().post(f"visits/{visit.uuid}/fail", failing="wrong_part", part="Z-1")

        assert problem(answer) == (404, "no-such-part")

    def test_a_missed_round_is_an_incident_at_once(self, monkeypatch):
        run = run_of(a_round())
        monkeypatch.setattr(Standing, "now", staticmethod(lambda _zone: CLOSES))
        bot = System(expires_at=None)

        listed = bot.get("runs", is_open="true").json()["items"]
        answer = bot.post(f"runs/{run.pk}/report", came="missed", note="The lorry broke down.")

        assert [one["id"] for one in listed] == [run.pk]
        assert answer.status_code == 200, answer.content
        assert answer.json()["incident"] == Incident.objects.get().reference
        assert problem(bot.post(f"runs/{run.pk}/report", came="done")) == (409, "already-reported")

    def test_missed_stops_are_named_by_the_crews_own_numbers(self, monkeypatch):
        row = a_round(areas=[])
        asset = a_food_bin(number="B-1")
        stop = RoundStop.objects.create(round=row, asset=asset, place=1)
        run = run_of(row)
        monkeypatch.setattr(Standing, "now", staticmethod(lambda _zone: CLOSES))
        bot = System()

        unknown = bot.post(f"runs/{run.pk}/report", came="part", stops=["B-9"])
        answer = bot.post(f"runs/{run.pk}/report", came="part", stops=["B-1"])

        assert problem(unknown) == (422, "no-such-stop")
        assert answer.status_code == 200, answer.content
        assert RoundRun.objects.get(pk=run.pk).missed_stops == [stop.pk]
        assert Asset.objects.count() == 1

    def test_a_part_of_a_round_says_where_it_did_not_come(self, monkeypatch):
        run = run_of(a_round())
        monkeypatch.setattr(Standing, "now", staticmethod(lambda _zone: CLOSES))

        answer = System().post(f"runs/{run.pk}/report", came="part")

        assert problem(answer) == (422, "round-report")


class TestVoicemails:
    """A phone system hands over what was left on it."""

    def test_it_is_a_task_with_a_call_that_is_owed(self):
        case = a_case(customer=a_customer(phone=NUMBER))
        bot = System(Scope.REPORT)

        answers = [bot.post("voicemails", id="7", phone=NUMBER, words="Call me.") for _ in "ab"]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["case"] == case.reference
        assert answers[0].json()["promise"] is not None
        assert Case.objects.count() == 1

    def test_what_is_no_number_is_refused(self):
        a_case()

        answer = System().post("voicemails", id="7", phone="call me")

        assert problem(answer) == (422, "phone")
