"""The schema of what companies set for themselves; its laws in SQL stand beside this file."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LAWS = Path(__file__).with_name("0004_settings.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER settings_change_only_grows ON records_settingschange;
DROP TRIGGER token_is_only_used_and_revoked ON records_token;
DROP TRIGGER token_stays ON records_token;
DROP FUNCTION token_is_only_used_and_revoked();
"""


class Migration(migrating.Migration):
    """Follows `0003_sign_in`."""

    dependencies = [("records", "0003_sign_in")]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="retired_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="holiday",
            name="is_extra",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="workingcalendar",
            name="holiday_code",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("safety", "safety"),
                            ("security", "security"),
                            ("health", "health"),
                            ("shelter", "shelter"),
                            ("connection", "connection"),
                            ("money", "money"),
                            ("hygiene", "hygiene"),
                            ("travel", "travel"),
                            ("goods", "goods"),
                            ("comfort", "comfort"),
                            ("information", "information"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "criticality",
                    models.CharField(
                        choices=[("ordinary", "Ordinary"), ("critical", "Critical")],
                        default="ordinary",
                        max_length=10,
                    ),
                ),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="records.team",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="asset",
            name="service",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assets",
                to="records.service",
            ),
        ),
        migrations.CreateModel(
            name="SettingsChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "thing",
                    models.CharField(
                        choices=[
                            ("service", "Service"),
                            ("asset", "Asset"),
                            ("ladder", "Ladder"),
                            ("duty", "Duty"),
                            ("calendar", "Calendar"),
                            ("team", "Team"),
                            ("staff", "Staff"),
                            ("token", "Token"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                (
                    "deed",
                    models.CharField(
                        choices=[("made", "Made"), ("changed", "Changed"), ("removed", "Removed")],
                        max_length=10,
                    ),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone",
                        to="records.settingschange",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SettingsWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="records.settingschange",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("digest", models.BinaryField(max_length=32)),
                ("hint", models.CharField(max_length=12)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                ("limit_minor", models.PositiveBigIntegerField(null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "function__in",
                        [
                            "safety",
                            "security",
                            "health",
                            "shelter",
                            "connection",
                            "money",
                            "hygiene",
                            "travel",
                            "goods",
                            "comfort",
                            "information",
                        ],
                    )
                ),
                name="service_function_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("criticality__in", ["ordinary", "critical"])),
                name="service_criticality_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="settingschange",
            index=models.Index(fields=["thing", "key"], name="settings_change_by_thing"),
        ),
        migrations.AddConstraint(
            model_name="settingschange",
            constraint=models.UniqueConstraint(
                fields=("undoes",), name="settings_change_undone_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="settingschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("fields__len__gt", 0)), name="settings_change_changes_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="settingschange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "thing__in",
                        [
                            "service",
                            "asset",
                            "ladder",
                            "duty",
                            "calendar",
                            "team",
                            "staff",
                            "token",
                        ],
                    ),
                    ("deed__in", ["made", "changed", "removed"]),
                ),
                name="settings_change_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.UniqueConstraint(fields=("digest",), name="token_digest_once"),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__len__gt", 0),
                    (
                        "scopes__contained_by",
                        ["read", "report", "say", "promise", "grant", "admin"],
                    ),
                ),
                name="token_has_known_scopes",
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("currency", ""), ("limit_minor__isnull", True)),
                    models.Q(("currency__regex", "^[A-Z]{3}$"), ("limit_minor__isnull", False)),
                    _connector="OR",
                ),
                name="token_limit_has_a_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_at__isnull", True),
                    ("expires_at__gt", models.F("made_at")),
                    _connector="OR",
                ),
                name="token_expires_after_it_was_made",
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(
                        ("revoked_at__gte", models.F("made_at")), ("revoked_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="token_is_revoked_by_somebody",
            ),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
