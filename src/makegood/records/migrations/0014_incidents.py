"""The schema of incidents; their laws in SQL stand beside this file."""

import re
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LAWS = Path(__file__).with_name("0014_incidents.sql").read_text(encoding="utf-8")
UNDO = "".join(
    f"DROP TRIGGER {name} ON {table};"
    for name, table in re.findall(r"CREATE TRIGGER (\w+) BEFORE [\w ]+ ON (\w+)", LAWS)
) + "".join(f"DROP FUNCTION {name};" for name in re.findall(r"CREATE FUNCTION (\w+\(\))", LAWS))


class Migration(migrating.Migration):
    """Follows `0013_gate`."""

    dependencies = [
        ('records', '0013_gate'),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('area', models.CharField(blank=True, max_length=60)),
                ('title', models.CharField(max_length=300)),
                ('harm', models.CharField(max_length=20)),
                ('failed_at', models.DateTimeField()),
                ('known_at', models.DateTimeField()),
                ('declared_at', models.DateTimeField()),
                ('reached', models.BigIntegerField(default=0)),
                ('spread_at', models.DateTimeField(null=True)),
                ('missed', models.JSONField(db_default=[], default=list)),
                ('over_at', models.DateTimeField(null=True)),
                ('evidence', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='IncidentTruth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('words', models.TextField()),
                ('due_at', models.DateTimeField()),
                ('said_at', models.DateTimeField()),
                ('upto', models.BigIntegerField(default=0)),
                ('reached', models.BigIntegerField(default=0)),
                ('told_at', models.DateTimeField(null=True)),
                ('missed', models.JSONField(db_default=[], default=list)),
            ],
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(condition=models.Q(('retired_at__isnull', True), ('service__isnull', False)), fields=['service', 'customer'], name='asset_in_use_by_service'),
        ),
        migrations.AddField(
            model_name='incident',
            name='declared_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incident',
            name='over_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incident',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incident',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='records.service'),
        ),
        migrations.AddField(
            model_name='incident',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team'),
        ),
        migrations.AddField(
            model_name='case',
            name='incident',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='records.incident'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('incident__isnull', False)), fields=['incident', 'id'], name='case_by_incident'),
        ),
        migrations.AddField(
            model_name='incidenttruth',
            name='incident',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='truths', to='records.incident'),
        ),
        migrations.AddField(
            model_name='incidenttruth',
            name='said_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(condition=models.Q(('over_at__isnull', True)), fields=('service', 'area'), name='incident_once_per_service_and_area'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='incident_says_what_failed'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('harm__in', ['lost', 'degraded', 'delayed', 'cosmetic'])), name='incident_harm_is_known'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('known_at__gte', models.F('failed_at'))), name='incident_known_after_it_failed'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('evidence', ''), ('over_at__isnull', True), ('over_by__isnull', True)), models.Q(('over_at__gte', models.F('failed_at')), ('over_by__isnull', False), models.Q(('evidence', ''), _negated=True)), _connector='OR'), name='incident_is_over_by_evidence'),
        ),
        migrations.AddConstraint(
            model_name='incidenttruth',
            constraint=models.UniqueConstraint(fields=('incident', 'number'), name='incident_truth_by_number'),
        ),
        migrations.AddConstraint(
            model_name='incidenttruth',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='incident_truth_has_words'),
        ),
        migrations.AddConstraint(
            model_name='incidenttruth',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('said_at'))), name='incident_truth_names_a_later_moment'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
