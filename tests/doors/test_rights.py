"""Every address of the desk with every role: exactly the matrix, and pages that hide the rest."""

import re
from pathlib import Path

import pytest
from django.test import Client

from addresses import addresses, things_of
from busy_day import NOW
from makegood.actions import staff
from makegood.doors.web.forbidden import RIGHTS, ROLES
from makegood.records.models import Contact, Staff
from makegood.rules.roles import RIGHTS as HELD
from makegood.rules.roles import Right, Role, has
from needed_rights import NEEDS
from world import a_case, a_person

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).parents[2] / "src" / "makegood" / "doors" / "web" / "templates"


def _as(role: Role, name: str = "Rowan Rights") -> Client:
    client = Client()
    client.force_login(a_person(name, role=role.value))
    return client


def _missing(answer) -> str | None:
    """The right that a refusal names; None if it was no refusal for want of a right."""
    found = answer.status_code == 403 and answer.context and answer.context.get("missing")
    return str(found) if found else None


def _first_missing(role: Role, needs: tuple[Right, ...]) -> str | None:
    return next((str(RIGHTS[right]) for right in needs if not has(role, right)), None)


def test_every_address_says_what_one_needs():
    names = {address.name for address in addresses(door="staff")}
    assert names == set(NEEDS), "tests/addresses.py says what one needs for each address"


def _is_asked(role: Role, needs: tuple[Right, ...]) -> bool:
    """Whoever is refused, and of those who are let in the ones that hold the least."""
    able = [HELD[one] for one in Role if set(needs) <= HELD[one]]
    return not set(needs) <= HELD[role] or not any(held < HELD[role] for held in able)


def _walk(day, role: Role, *, is_asked=_is_asked) -> None:
    client, things = _as(role), things_of(day)
    for address in addresses(door="staff"):
        url, needs = address.filled(things), NEEDS[address.name]
        if is_asked(role, needs[:1]):
            assert _missing(client.get(url)) == _first_missing(role, needs[:1]), address.name
        if is_asked(role, needs):
            assert _missing(client.post(url)) == _first_missing(role, needs), address.name


@pytest.mark.parametrize("role", Role)
def test_every_address_asks_exactly_for_its_right(day, role):
    _walk(day, role)


@pytest.mark.long
@pytest.mark.parametrize("role", Role)
def test_who_holds_more_is_let_in_as_well(day, role):
    _walk(day, role, is_asked=lambda _role, _needs: True)


def test_a_refusal_says_what_is_missing_and_who_can_give_it(day):
    a_person("Ada Min", role=Role.ADMINISTRATOR.value)
    keeper = _as(Role.KNOWLEDGE_KEEPER)

    refused = keeper.post(f"/cases/{day.bin.reference}/contacts", {"note": "x"})

    page = refused.content.decode()
    assert refused.status_code == 403
    assert str(RIGHTS[Right.ANSWER_CUSTOMERS]).split(",")[0] in page
    assert "Knowledge keeper" in page
    assert "Ada Min" in page
    assert Contact.objects.filter(note="x").count() == 0


def test_a_refusal_on_a_desk_without_administrator_says_how_to_get_one(day):
    refused = _as(Role.KNOWLEDGE_KEEPER).get("/reports/new")
    assert day.laura.name not in refused.content.decode()
    assert "makegood person" in refused.content.decode()


def test_every_right_and_role_has_words():
    assert set(RIGHTS) == set(Right)
    assert set(ROLES) == set(Role)


def test_an_agent_closes_and_hands_over_what_is_theirs(day):
    agent = a_person("Agnes Agent", role=Role.AGENT.value)
    case = a_case(owner=agent, now=NOW)
    client = Client()
    client.force_login(agent)

    own = client.get(f"/cases/{case.reference}").content.decode()
    other = client.get(f"/cases/{day.bin.reference}").content.decode()

    assert "?act=close" in own
    assert "?act=handover" in own
    assert "?act=close" not in other
    assert "?act=handover" not in other
    assert _missing(client.post(f"/cases/{case.reference}/close")) is None
    assert _missing(client.post(f"/cases/{day.bin.reference}/close")) == "Close a colleague's case"


def test_who_covers_for_the_owner_acts_as_they_would(day):
    agent = a_person("Agnes Agent", role=Role.AGENT.value)
    client = Client()
    client.force_login(agent)
    before = client.post(f"/cases/{day.bin.reference}/close")

    staff.be_absent(day.laura, starts_at=NOW, ends_at=NOW.replace(hour=20), cover=agent)

    assert _missing(before) == "Close a colleague's case"
    assert _missing(client.post(f"/cases/{day.bin.reference}/close")) is None
    assert "?act=close" in client.get(f"/cases/{day.bin.reference}").content.decode()


def test_acting_on_a_colleagues_case_is_recorded_as_ones_own_deed(day):
    agent = a_person("Agnes Agent", role=Role.AGENT.value)
    client = Client()
    client.force_login(agent)

    client.post(
        f"/cases/{day.bin.reference}/contacts",
        {"channel": "phone", "direction": "inbound", "note": "Rang again about the bin."},
    )

    contact = Contact.objects.get(note="Rang again about the bin.")
    assert contact.staff == agent
    assert contact.case.owner == day.laura


def test_a_page_shows_no_act_that_its_reader_may_not_do(day):
    keeper = _as(Role.KNOWLEDGE_KEEPER)
    reference = day.alarm.reference
    for address in ("/", "/cases", "/cases?q=zebra", f"/cases/{reference}"):
        page = keeper.get(address).content.decode()
        for hint in ("?act=", "/reports/new", "/links", "data-keep="):
            assert hint not in page, (address, hint)
    for act in ("make", "contact", "close", "handover", "apologise&on=1", "keep&on=1"):
        assert 'class="mg-act"' not in keeper.get(f"/cases/{reference}?act={act}").content.decode()


def test_the_sheet_of_keys_names_no_act_that_its_reader_may_not_do(day):
    knows, agent = _as(Role.KNOWLEDGE_KEEPER, "Kit"), _as(Role.AGENT, "Agnes")

    told = {name: who.get("/cases").content.decode() for name, who in (("k", knows), ("a", agent))}

    for act in ("make a promise", "record a contact", "hand the case over", "new report"):
        assert act not in told["k"]
        assert act in told["a"]
    # Nobody hands a colleague's case over by a key either.
    assert "data-hand-over" not in told["a"]
    Staff.objects.filter(name="Agnes").update(role=Role.SUPERVISOR.value)
    assert f"/cases/{day.bin.reference}?act=handover" in agent.get("/cases").content.decode()


def test_only_who_can_answer_customers_is_offered_a_case(day):
    a_person("Kay Keeper", role=Role.KNOWLEDGE_KEEPER.value)
    client = Client()
    client.force_login(day.laura)

    page = client.get(f"/cases/{day.bin.reference}?act=handover").content.decode()

    assert "Priya Shah" in page
    assert "Kay Keeper" not in page


def test_templates_ask_only_for_rights_that_exist():
    asked = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"\bmay\.(\w+)", path.read_text())
    }
    assert asked
    assert asked <= {right.value for right in Right}


def test_a_role_that_is_taken_away_is_gone_at_the_next_click(day):
    person = a_person("Rowan Rights")
    client = Client()
    client.force_login(person)
    assert client.get("/reports/new").status_code == 200

    Staff.objects.filter(pk=person.pk).update(role=Role.KNOWLEDGE_KEEPER.value)

    assert client.get("/reports/new").status_code == 403
    assert client.get(f"/cases/{day.bin.reference}").status_code == 200
