"""Migrations apply runs of like operations at once, and say the same as Django's own would."""

from typing import ClassVar

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from makegood.records import migrating

TABLE = "records_kettle"


class _Kettle(migrations.Migration):
    operations: ClassVar = [
        migrations.CreateModel("Kettle", fields=[("id", models.AutoField(primary_key=True))]),
        migrations.CreateModel(
            "Lid",
            fields=[
                ("id", models.AutoField(primary_key=True)),
                ("kettle", models.ForeignKey("records.Kettle", models.CASCADE)),
            ],
        ),
        migrations.AddField("Kettle", "litres", models.IntegerField(default=1)),
        migrations.AddField("Kettle", "name", models.CharField(max_length=20, default="")),
        migrations.AddIndex("Kettle", models.Index(fields=["name"], name="kettle_by_name")),
        migrations.AddConstraint(
            "Kettle",
            models.CheckConstraint(condition=models.Q(litres__gt=0), name="kettle_holds_water"),
        ),
        migrations.RunSQL(f"UPDATE {TABLE} SET litres = 2"),
        migrations.RemoveField("Kettle", "name"),
    ]


class _KettleAtOnce(migrating.Migration, _Kettle):
    pass


def statements_of(kind: type[migrations.Migration]) -> tuple[list[str], ProjectState]:
    """What a migration sends to the database."""
    state = ProjectState()
    with connection.schema_editor(collect_sql=True, atomic=True) as editor:
        state = kind("kettle", "records").apply(state, editor)
    return [line for line in editor.collected_sql if not line.startswith("--")], state


@pytest.mark.django_db
def test_the_statements_are_those_of_django_in_the_same_order():
    ours, our_state = statements_of(_KettleAtOnce)
    theirs, their_state = statements_of(_Kettle)

    assert ours == theirs != []
    assert our_state == their_state


def test_every_migration_of_ours_is_one_of_these():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {name: one for (app, name), one in loader.disk_migrations.items() if app == "records"}

    assert ours
    assert {name for name, one in ours.items() if not isinstance(one, migrating.Migration)} == set()
