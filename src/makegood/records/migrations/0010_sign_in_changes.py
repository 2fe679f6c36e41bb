"""The schema of changes to the rules for signing in: they stand in the history of settings."""

from typing import ClassVar

from django.db import migrations, models

from makegood.records import migrating

_NAME = "settings_change_is_of_a_known_kind"
_THINGS = [
    "service",
    "asset",
    "ladder",
    "duty",
    "calendar",
    "team",
    "staff",
    "token",
    "sign_in",
]


class Migration(migrating.Migration):
    """Follows `0009_language`."""

    dependencies: ClassVar = [("records", "0009_language")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="settingschange", name=_NAME),
        migrations.AlterField(
            model_name="settingschange",
            name="thing",
            field=models.CharField(
                choices=[
                    ("service", "Service"),
                    ("asset", "Asset"),
                    ("ladder", "Ladder"),
                    ("duty", "Duty"),
                    ("calendar", "Calendar"),
                    ("team", "Team"),
                    ("staff", "Staff"),
                    ("token", "Token"),
                    ("sign_in", "Sign In"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="settingschange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("thing__in", _THINGS), ("deed__in", ["made", "changed", "removed"])
                ),
                name=_NAME,
            ),
        ),
    ]
