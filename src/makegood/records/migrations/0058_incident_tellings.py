"""Who was told that something of an incident waits for people, and when the clock looks at it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

# What is going on, and whoever was left to people before, is looked at as well.
WATCH = """
INSERT INTO records_incidentwatch (incident_id, look_at)
SELECT i.id, CASE WHEN i.over_at IS NULL AND i.missed = '[]' AND NOT t.missed
                  THEN t.due_at ELSE i.declared_at END
  FROM records_incident i CROSS JOIN LATERAL (
       SELECT max(due_at) AS due_at, bool_or(missed <> '[]') AS missed
         FROM records_incidenttruth WHERE incident_id = i.id) t
 WHERE i.over_at IS NULL OR i.missed <> '[]' OR t.missed;
"""


class Migration(migrating.Migration):
    """Follows `0057_visits_not_ended`."""

    dependencies = [
        ('records', '0057_visits_not_ended'),
    ]

    operations = [
        migrations.CreateModel(
            name='IncidentTelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=12)),
                ('role', models.CharField(max_length=10)),
                ('skipped', models.JSONField(default=list)),
                ('told_at', models.DateTimeField()),
                ('speak_again_at', models.DateTimeField()),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('acknowledged_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tellings', to='records.incident')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='incident_tellings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('acknowledged_at__isnull', True), ('settled_at__isnull', True)), fields=['staff'], name='incident_telling_unanswered')],
                'constraints': [models.UniqueConstraint(fields=('incident', 'number'), name='incident_telling_once_per_number'), models.CheckConstraint(condition=models.Q(('reason__in', ['warning', 'break', 'unheard', 'still_open', 'day_end', 'no_slot', 'unsatisfied', 'claim', 'visit_open']), ('role__in', ['owner', 'lead', 'head', 'executive'])), name='incident_telling_is_of_a_known_kind')],
            },
        ),
        migrations.CreateModel(
            name='IncidentWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('look_at', models.DateTimeField(null=True)),
                ('owed_from', models.DateTimeField(null=True)),
                ('owed_after', models.BigIntegerField(db_default=0, default=0)),
                ('incident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='watch', to='records.incident')),
            ],
            options={
                'verbose_name_plural': 'incident watches',
                'indexes': [models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='incident_waiting_for_a_look'), models.Index(condition=models.Q(('owed_from__isnull', False)), fields=['owed_from'], name='incident_owed_is_watched')],
            },
        ),
        migrations.RunSQL(WATCH, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;", reverse_sql=migrations.RunSQL.noop),
    ]
