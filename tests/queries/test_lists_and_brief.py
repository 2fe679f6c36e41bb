"""The executive's brief, the report form's look-ups, presence, and money."""

from datetime import timedelta

import pytest

from busy_day import NOW, BusyDay, a_busy_day, at
from makegood.actions import staff
from makegood.queries import people
from makegood.queries.brief import get_brief
from makegood.queries.search import find_people
from makegood.records.models import Escalation
from world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def day() -> BusyDay:
    return a_busy_day()


def test_the_brief_says_what_was_broken_and_how_to_begin(day):
    told = Escalation.objects.filter(case=day.alarm, reason="break").get()

    brief = get_brief(told.pk, reader=told.staff, now=NOW)

    assert [card.words for card in brief.broken] == ["A technician will ring you with a time."]
    assert (brief.owner, brief.effort.time) == ("Laura Bennett", "14 min")
    assert "That is our fault, and I am sorry." in brief.first_sentence
    assert "A technician will ring you with a time." in brief.first_sentence
    assert brief.acknowledged is None


def test_a_warning_has_a_brief_too(day):
    told = Escalation.objects.filter(case=day.bill).get()

    brief = get_brief(told.pk, reader=told.staff, now=NOW)

    assert brief.broken == ()
    assert "Charged twice for May" in brief.first_sentence


@pytest.mark.parametrize("sought", ["david", "07700 900123", "n1 1"])
@pytest.mark.usefixtures("day")
def test_a_caller_is_found_by_name_phone_and_postcode(sought):
    (found,) = find_people(sought, shown=8)

    assert ("".join(text for text, _ in found.name), found.open_cases) == ("David Taylor", 1)


@pytest.mark.usefixtures("day")
def test_one_letter_finds_nobody():
    assert find_people("d", shown=8) == ()


def test_duty_follows_the_team_s_hours_and_absence(day):
    assert people.presence_of(day.laura, now=NOW).on_duty
    assert not people.presence_of(day.laura, now=NOW + timedelta(hours=8)).on_duty
    staff.be_absent(day.laura, starts_at=at(13), ends_at=at(15))
    assert not people.presence_of(day.laura, now=NOW).on_duty


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Laura Bennett", "LB"), ("Ada", "A"), ("Anna Maria van Dijk", "AD"), ("", "")],
)
def test_initials(name, letters):
    assert people.initials(name) == letters


def test_one_does_not_ask_oneself(day):
    names = {colleague.name for colleague in people.colleagues(besides=day.laura.pk)}

    assert "Laura Bennett" not in names
    assert {"Tom Reed", "Priya Shah"} <= names
    a_person("Gone Gary", is_active=False)
    assert "Gone Gary" not in {c.name for c in people.colleagues(besides=day.laura.pk)}
