"""Saved views: whose they are, what they are called, and that a deleted one comes back."""

import pytest

from makegood.actions import saved_views
from makegood.actions.saved_views import (
    NameMissingError,
    NameTakenError,
    NotYourViewError,
    TooManyViewsError,
)
from makegood.records.models import SavedView
from raw_sql import refused_by, sql
from world import MONDAY, a_person, a_team

pytestmark = pytest.mark.django_db


def save(name: str = "Bins", **more) -> SavedView:
    given = {"name": name, "address": "function=hygiene", "by": a_person(), "now": MONDAY} | more
    return saved_views.save_view(**given)


def change(view: SavedView, **more) -> SavedView:
    given = {"name": view.name, "shared": False, "is_default": False, "by": view.owner} | more
    return saved_views.change_view(view_id=view.pk, **given)


def test_a_view_is_kept_with_its_address_and_shared_with_one_s_own_team():
    mine, shared = save("  My   bins "), save("Our bins", shared=True)

    assert (mine.name, mine.address, mine.team_id) == ("My bins", "function=hygiene", None)
    assert shared.team_id == a_team().pk


@pytest.mark.parametrize("name", ["", "   ", "\x00", "x" * 61])
def test_a_view_without_a_usable_name_is_refused(name):
    with pytest.raises(NameMissingError):
        save(name)


def test_a_name_is_used_once_per_person():
    save()

    with pytest.raises(NameTakenError):
        save()
    save(by=a_person("Tom Reed"))
    other = save("Other")
    with pytest.raises(NameTakenError):
        change(other, name="Bins")


def test_one_view_is_the_default_and_the_newest_choice_counts():
    first, second = change(save("One"), is_default=True), change(save("Two"), is_default=True)

    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)


def test_a_deleted_view_comes_back_unless_its_name_was_given_away():
    view = save()
    saved_views.delete_view(view_id=view.pk, by=view.owner, now=MONDAY)
    taken = save()

    with pytest.raises(NameTakenError):
        saved_views.restore_view(view_id=view.pk, by=view.owner)
    change(taken, name="Others")
    restored = saved_views.restore_view(view_id=view.pk, by=view.owner)
    assert restored.deleted_at is None


def test_only_who_made_a_view_changes_it():
    view, tom = save(shared=True), a_person("Tom Reed")

    with pytest.raises(NotYourViewError):
        change(view, by=tom)
    with pytest.raises(NotYourViewError):
        saved_views.delete_view(view_id=view.pk, by=tom, now=MONDAY)
    with pytest.raises(NotYourViewError):
        saved_views.restore_view(view_id=view.pk, by=tom)


def test_nobody_keeps_more_views_than_anybody_could_use(monkeypatch):
    monkeypatch.setattr(saved_views, "VIEWS_MAX", 1)
    save()

    with pytest.raises(TooManyViewsError):
        save("Another")


def test_the_database_keeps_names_and_defaults_too():
    view, other = save(), save("Other")

    with refused_by("saved_view_has_a_name"):
        sql("UPDATE records_savedview SET name = '' WHERE id = %s", view.pk)
    with refused_by("saved_view_named_once_per_person"):
        sql("UPDATE records_savedview SET name = 'Bins' WHERE id = %s", other.pk)
    with refused_by("saved_view_one_default_per_person"):
        sql("UPDATE records_savedview SET is_default = true")
