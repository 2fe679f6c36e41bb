"""Staff, teams and tokens at their doors: let in, seen off with a home for all, shut out."""

from datetime import timedelta

import pytest
from django.test import Client

from busy_day import NOW
from honour_world import an_article
from incident_world import an_outage, declare
from makegood.records.models import (
    Case,
    SignInMail,
    Staff,
    Token,
)
from round_world import a_round
from world import a_person, a_team

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_person_is_added_invited_and_let_in_by_a_link(desk):
    typed = {
        "name": "Ann Other",
        "email": "ann@example.org",
        "team": a_team().pk,
        "role": "agent",
        "lives_in": "Europe/London",
    }
    added = desk.post("/settings/staff/new", typed)
    ann = Staff.objects.get(email="ann@example.org")
    assert added.headers["Location"] == f"/settings/staff/{ann.pk}"

    desk.post(f"/settings/staff/{ann.pk}/invite")
    shown = desk.post(f"/settings/staff/{ann.pk}/link")

    assert SignInMail.objects.get().staff == ann
    assert "/sign-in/reset/" in _text(shown)
    assert shown.headers["Cache-Control"] == "private, no-store"


def test_nobody_takes_the_place_of_a_colleague_by_a_link(desk, day):
    assert desk.post(f"/settings/staff/{day.laura.pk}/link").status_code == 404
    assert desk.post("/settings/staff/0/link").status_code == 404


def test_what_moves_is_shown_before_somebody_leaves_and_moves_with_them(desk, day):
    held = Case.objects.filter(owner=day.laura, closed_at=None).count()
    heir = a_person("Omar")
    for row in (an_article(), a_round(name="Paper"), declare(an_outage("EX1 1AA"))):
        type(row).objects.filter(pk=row.pk).update(owner=day.laura)

    shown = _text(desk.get(f"/settings/staff/{day.laura.pk}/leave"))
    done = desk.post(f"/settings/staff/{day.laura.pk}/leave", {"to": heir.pk})

    assert f"{held} open cases with" in shown
    assert day.bin.title in shown
    for said in ("1 incident that is going on", "1 round of which", "1 article or template"):
        assert said in shown
    assert done.status_code == 302
    assert Case.objects.filter(owner=heir, closed_at=None).count() == held
    assert Client().get("/", follow=True).status_code == 200
    desk.post(f"/settings/staff/{day.laura.pk}/return")
    assert Staff.objects.get(pk=day.laura.pk).is_active


def test_the_last_administrator_stays(desk, ada):
    refused = desk.post(f"/settings/staff/{ada.pk}/leave", {"to": ""})
    assert refused.status_code == 409
    assert "who can manage the staff" in _text(refused)
    assert Staff.objects.get(pk=ada.pk).is_active


def test_a_token_is_shown_once_and_revoked(desk):
    made = desk.post(
        "/settings/tokens/new",
        {"name": "Phone system", "scopes": ["read", "grant"], "limit": "20 GBP"},
    )
    token = Token.objects.get()
    words = f"{token.hint}"
    assert 'value="mg_' in _text(made)
    assert (token.limit_minor, token.currency) == (2000, "GBP")
    assert 'value="mg_' not in _text(desk.get("/settings/tokens"))
    assert words in _text(desk.get("/settings/tokens"))

    assert "until it is revoked" in _text(desk.get("/settings/tokens"))
    desk.post(f"/settings/tokens/{token.pk}/revoke")
    assert Token.objects.get().revoked_at == NOW
    assert (
        _text(desk.get("/settings/changes")).count("Phone system") == 3
    )  # made by this name, and revoked


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"scopes": []}, "Choose at least one"),
        ({"limit": "a lot"}, "Give an amount and its currency"),
        ({"scopes": ["grant"]}, "up to which amount"),
        ({"expires_on": "2020-01-01"}, "expired already"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(desk, wrong, says):
    refused = desk.post("/settings/tokens/new", {"name": "Phone", "scopes": ["read"]} | wrong)
    assert refused.status_code == 422
    assert says in _text(refused)
    assert not Token.objects.exists()
