"""Signal sources on the settings: set up, tried without a trace, and what was set aside settled."""

import json

import pytest
from django.test import Client

from api_world import Standing
from makegood.actions import signals
from makegood.actions.signals import Given
from makegood.records.models import Case, SettingsChange, Signal, SignalEnd, SignalSource
from makegood.rules.roles import Role
from signal_world import a_panel, a_signal, a_source
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db
PAGE = "/settings/signals"
FORM = {
    "title": "Alarm platform",
    "slug": "panels",
    "harm": "lost",
    "place_asset": "data.panel",
    "place_state": "data.link",
    "states": "lost, down",
    "back": "restored",
}


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)


def client_of(role: Role = Role.ADMINISTRATOR) -> Client:
    client = Client()
    client.force_login(a_person(f"Some {role.value}", role=role.value))
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_an_administrator_lets_a_platform_in_and_changes_how_it_is_read():
    client = client_of()
    made = client.post(PAGE, FORM)
    source = SignalSource.objects.get()
    place = f"{PAGE}/{source.pk}"

    client.post(place, FORM | {"do": "change", "states": "gone", "place_at": "$.items[0].at"})
    client.post(place, {"do": "retire"})

    source.refresh_from_db()
    assert made.url == place
    assert (source.states, source.paths["at"]) == (["gone"], "$.items[0].at")
    assert source.retired_at is not None
    assert "Retired" in text(client.get(place))
    client.post(place, {"do": "bring_back"})
    assert SignalSource.objects.get().retired_at is None
    changes = SettingsChange.objects.filter(thing="signals", key=str(source.pk)).order_by("pk")
    assert [(one.deed, one.by.name) for one in changes] == [
        ("made", "Some administrator"), *[("changed", "Some administrator")] * 3
    ]  # fmt: skip
    assert "changed Alarm platform" in text(client.get("/settings/changes")).replace("</b>", "")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"place_asset": "a..b"}, "is no place"),
        ({"states": " , "}, "Say by which word"),
        ({"back": "LOST"}, "The same word cannot mean"),
        ({"slug": "Panels"}, "small letters"),
    ],
)
def test_what_cannot_be_read_so_is_refused_at_its_field(wrong, says):
    answer = client_of().post(PAGE, FORM | wrong)
    assert answer.status_code == 422
    assert says in text(answer)
    assert SignalSource.objects.count() == 0


def test_a_name_is_given_once():
    a_source()
    assert "Another source has this name" in text(client_of().post(PAGE, FORM))


def test_trying_a_signal_says_what_it_would_do_and_keeps_nothing():
    source, client = a_source(), client_of()
    place = f"{PAGE}/{source.pk}"

    unknown = text(client.post(place, {"do": "try", "pasted": json.dumps(a_signal())}))
    a_panel()
    known = text(client.post(place, {"do": "try", "pasted": json.dumps(a_signal())}))
    back = text(client.post(place, {"do": "try", "pasted": json.dumps(a_signal(2, "restored"))}))
    broken = text(client.post(place, {"do": "try", "pasted": "{"}))

    assert "It would be set aside" in unknown
    assert "It would open a case for the burglar alarm of Ann Field." in known
    assert "open no case" in back
    assert "A signal is a JSON object." in broken
    assert (Signal.objects.count(), Case.objects.count()) == (0, 0)


def test_what_was_set_aside_is_shown_and_settled():
    source, client = a_source(), client_of()
    place = f"{PAGE}/{source.pk}"
    for number in (1, 2):
        given = Given(source=source.pk, document=a_signal(number, x="<script>"))
        signals.receive(given, now=MONDAY)
    first, second = Signal.objects.order_by("pk")

    shown = text(client.get(place))
    warned = text(client.get("/settings"))
    a_panel()
    client.post(place, {"do": "again", "signal": first.pk})
    silent = client.post(place, {"do": "let_go", "signal": second.pk, "why": " "})
    client.post(place, {"do": "let_go", "signal": second.pk, "why": "A test bench."})
    twice = client.post(place, {"do": "again", "signal": second.pk})

    assert "register it" in shown
    assert "<script>&quot;" not in shown
    assert "2 signals of Alarm platform were set aside" in warned
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.end, second.end) == (SignalEnd.OPENED, SignalEnd.LET_GO)
    assert (silent.status_code, twice.status_code) == (422, 409)


def test_nobody_else_may_and_nothing_of_another_source_is_reached():
    source, other = a_source(), a_source("other")
    signals.receive(Given(source=other.pk, document=a_signal()), now=MONDAY)
    theirs, client = Signal.objects.get(), client_of()
    place = f"{PAGE}/{source.pk}"

    assert client.post(place, {"do": "again", "signal": theirs.pk}).status_code == 404
    assert client.post(place, {"do": "sing"}).status_code == 400
    assert client.get(f"{PAGE}/999").status_code == 404
    assert client_of(Role.SUPERVISOR).get(place).status_code == 403
    assert Client().get(place).status_code == 302
    assert Signal.objects.get().end == SignalEnd.ASIDE
