"""Money's settings at their doors: changed, refused, ended, taken back, and traced."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from busy_day import NOW
from makegood.queries import verify
from makegood.records.models import (
    Authority,
    Conflict,
    SchemeUse,
    SettingsChange,
)
from makegood.rules.roles import Role
from money_world import limits, may_give
from world import a_person

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def an_authority(**more) -> dict:
    return {
        "role": "agent", "staff": "", "activity": "goodwill", "currency_code": "gbp",
        "to_customer": "50", "in_all": "200.00", "period_days": "30", "small": "10",
    } | more  # fmt: skip


def held() -> list[tuple]:
    rows = Authority.objects.filter(ended_at=None).order_by("pk")
    return list(rows.values_list("role", "staff", "per_case_minor", "per_period_minor"))


def newest() -> int:
    return SettingsChange.objects.latest("pk").pk


def take_back(desk) -> None:
    desk.post(f"/settings/changes/{newest()}/undo")


class TestAuthority:
    def test_a_role_is_let_give_changed_ended_and_each_is_taken_back(self, desk):
        desk.post("/settings/authorities/new", an_authority())
        first = Authority.objects.get()
        changes = an_authority(to_customer="80", seen=newest())
        desk.post(f"/settings/authorities/{first.pk}", changes)
        changed = held()
        take_back(desk)
        as_before = held()
        now_held = Authority.objects.get(ended_at=None)
        desk.post(f"/settings/authorities/{now_held.pk}/end")
        ended = held()
        take_back(desk)

        assert changed == [("agent", None, 8_000, 20_000)]
        assert as_before == [("agent", None, 5_000, 20_000)]
        assert ended == []
        assert held() == as_before
        assert [change.deed for change in SettingsChange.objects.order_by("pk")[1:]] == [
            "made", "changed", "changed", "removed", "made",
        ]  # fmt: skip
        assert verify.run() == []

    def test_a_person_has_their_own_beside_that_of_their_role(self, desk, day):
        desk.post("/settings/authorities/new", an_authority(role="", staff=str(day.laura.pk)))

        page = text_of(desk.get("/settings/authorities"))

        assert held() == [("", day.laura.pk, 5_000, 20_000)]
        assert "Laura Bennett" in page
        assert "£50.00" in page
        assert "within 30 days" in page

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"role": ""}, "either a role or one person"),
            ({"role": "administrator"}, "not one of the available choices"),
            ({"currency_code": "£"}, "three letters, such as GBP"),
            ({"to_customer": "much"}, "is no amount"),
            ({"in_all": "20"}, "at least as much as to one customer"),
            ({"small": "500"}, "at most what may be given in all"),
            ({"period_days": "0"}, "greater than or equal to 1"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, desk, wrong, why):
        refused = desk.post("/settings/authorities/new", an_authority(**wrong))

        assert refused.status_code == 422
        assert why in text_of(refused)
        assert held() == []

    def test_a_second_one_in_the_same_place_is_refused_so_that_none_is_lost(self, desk):
        desk.post("/settings/authorities/new", an_authority())

        refused = desk.post("/settings/authorities/new", an_authority(to_customer="90"))

        assert "This is set already" in text_of(refused)
        assert held() == [("agent", None, 5_000, 20_000)]

    def test_two_who_change_it_at_once_are_shown_each_others_change(self, desk):
        desk.post("/settings/authorities/new", an_authority())
        seen = newest()
        pk = Authority.objects.get().pk
        desk.post(f"/settings/authorities/{pk}", an_authority(in_all="300", seen=seen))

        late = desk.post(f"/settings/authorities/{pk}", an_authority(to_customer="70", seen=seen))

        assert late.status_code == 409
        assert 'value="70.00"' in text_of(late)
        assert 'value="300.00"' in text_of(late)
        assert held() == [("agent", None, 5_000, 30_000)]

    @pytest.mark.usefixtures("day")
    def test_nobody_who_may_give_can_raise_what_they_may_give(self):
        may_give(role="supervisor", held=limits())
        lead = a_person("Sue Pervisor", role=Role.SUPERVISOR.value)
        client = Client()
        client.force_login(lead)
        pk = Authority.objects.get().pk

        assert client.get("/settings/authorities").status_code == 200
        for address in ("new", str(pk), f"{pk}/end"):
            answer = client.post(f"/settings/authorities/{address}", an_authority())
            assert answer.status_code == 403, address
        assert Client().get("/settings/authorities").status_code == 302

    def test_more_authorities_ask_no_more_of_the_database(self, desk, day):
        def asked() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                desk.get("/settings/authorities")
            return len(queries)

        may_give(role="agent")
        asked()
        few = asked()
        for person in (day.laura, day.offered.owner, a_person("Eve")):
            may_give(person)

        assert asked() == few


class TestCloseness:
    def test_somebody_close_is_named_ended_and_named_again_by_taking_back(self, desk, day):
        customer = day.bill.customer
        found = desk.get("/settings/closeness/new", {"q": customer.name})
        address = f"/settings/closeness/new?customer={customer.pk}"
        desk.post(address, {"staff": str(day.laura.pk)})
        declared = Conflict.objects.get()
        listed = text_of(desk.get("/settings/closeness"))
        desk.post(f"/settings/closeness/{declared.pk}/end")
        ended = Conflict.objects.count()
        take_back(desk)

        assert f"?customer={customer.pk}" in text_of(found)
        assert customer.name in listed
        assert ended == 0
        again = Conflict.objects.get()
        assert (again.staff_id, again.customer_id) == (day.laura.pk, customer.pk)
        history = text_of(desk.get("/settings/changes"))
        assert f"Laura Bennett - {customer.name}" in history.replace("&#x27;", "'")

    def test_what_there_is_not_is_not_found(self, desk):
        for address in ("closeness/0/end", "authorities/0", "schemes/0", "schemes/0/end"):
            assert desk.post(f"/settings/{address}").status_code == 404, address


class TestSchemes:
    def test_a_scheme_binds_is_changed_and_ended_with_what_it_asks_for_beside(self, desk):
        opened = text_of(desk.get("/settings/schemes/new?scheme=our-promise"))
        typed = {
            "scheme": "our-promise", "on": "case", "function": "", "is_own": "on",
            "facts_typed": "failure = wrong_bill\nfailed_on = @failed_on\nbill_error = 30.00",
        }  # fmt: skip
        desk.post("/settings/schemes/new", typed)
        use = SchemeUse.objects.get(ended_at=None)
        fewer = {"facts_typed": "failure = wrong_bill", "is_own": "on", "seen": newest()}
        desk.post(f"/settings/schemes/{use.pk}", fewer)
        after = SchemeUse.objects.get(ended_at=None)
        page = text_of(desk.get("/settings/schemes"))
        take_back(desk)

        assert "What it asks for" in opened
        assert (use.is_own, use.facts["failed_on"]) == (True, "@failed_on")
        assert after.facts == {"failure": "wrong_bill"}
        assert "failure = wrong_bill" in page
        assert "in use" in page
        assert SchemeUse.objects.get(ended_at=None).facts == use.facts
        assert SchemeUse.objects.filter(ended_at=NOW).count() == 2

    @pytest.mark.parametrize(
        ("facts", "why"),
        [
            ("failure", "write a name, = and a value"),
            ("colour = red", "asks for no fact colour"),
            ("bill_error = much", "it must be"),
        ],
    )
    def test_a_fact_that_the_scheme_would_not_understand_is_refused(self, desk, facts, why):
        typed = {"scheme": "our-promise", "on": "case", "facts_typed": facts}

        refused = desk.post("/settings/schemes/new", typed)

        assert refused.status_code == 422
        assert why in text_of(refused)
        assert SchemeUse.objects.count() == 0
