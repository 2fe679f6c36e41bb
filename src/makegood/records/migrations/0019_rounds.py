"""Rounds that come again by a rule, their stops, and what became of each day."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0018_written_by_customers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('rule', models.CharField(max_length=200)),
                ('first_day', models.DateField()),
                ('left_out', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None)),
                ('added', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None)),
                ('shift', models.CharField(max_length=10)),
                ('opens', models.PositiveSmallIntegerField()),
                ('closes', models.PositiveSmallIntegerField()),
                ('report_minutes', models.PositiveSmallIntegerField(default=60)),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('harm', models.CharField(default='delayed', max_length=20)),
                ('missed_title', models.CharField(max_length=300)),
                ('missed_words', models.TextField()),
                ('retired_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RoundRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('planned', models.DateField()),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('moved_by', models.CharField(blank=True, max_length=300)),
                ('look_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(max_length=10, null=True)),
                ('by_silence', models.BooleanField(default=False)),
                ('settled_at', models.DateTimeField(null=True)),
                ('reported_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('missed_areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('missed_stops', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='RoundStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='settingschange',
            name='settings_change_is_of_a_known_kind',
        ),
        migrations.AlterField(
            model_name='settingschange',
            name='thing',
            field=models.CharField(choices=[('service', 'Service'), ('asset', 'Asset'), ('ladder', 'Ladder'), ('duty', 'Duty'), ('calendar', 'Calendar'), ('team', 'Team'), ('staff', 'Staff'), ('crew', 'Crew'), ('round', 'Round'), ('token', 'Token'), ('sign_in', 'Sign In')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='settingschange',
            constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['service', 'asset', 'ladder', 'duty', 'calendar', 'team', 'staff', 'crew', 'round', 'token', 'sign_in']), ('deed__in', ['made', 'changed', 'removed'])), name='settings_change_is_of_a_known_kind'),
        ),
        migrations.AddField(
            model_name='round',
            name='calendar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='records.workingcalendar'),
        ),
        migrations.AddField(
            model_name='round',
            name='crew',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='records.crew'),
        ),
        migrations.AddField(
            model_name='round',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='round',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='records.service'),
        ),
        migrations.AddField(
            model_name='roundrun',
            name='incident',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='records.incident'),
        ),
        migrations.AddField(
            model_name='roundrun',
            name='reported_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roundrun',
            name='round',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='records.round'),
        ),
        migrations.AddField(
            model_name='roundstop',
            name='asset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='records.asset'),
        ),
        migrations.AddField(
            model_name='roundstop',
            name='round',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='stops', to='records.round'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('closes__lte', 1440), ('opens__lt', models.F('closes'))), name='round_has_hours'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rule', ''), _negated=True), ('shift__in', ['stay', 'next', 'before', 'slide', 'skip'])), name='round_comes_by_a_rule'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('missed_title', ''), _negated=True), models.Q(('missed_words', ''), _negated=True), ('harm__in', ['lost', 'degraded', 'delayed', 'cosmetic'])), name='round_says_what_it_is_to_miss_it'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('report_minutes__lte', 2880)), name='round_is_reported_within_two_days'),
        ),
        migrations.AddIndex(
            model_name='roundrun',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='round_run_waiting'),
        ),
        migrations.AddConstraint(
            model_name='roundrun',
            constraint=models.UniqueConstraint(fields=('round', 'planned'), name='round_runs_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='roundrun',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='round_run_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='roundrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('look_at__isnull', False), ('outcome__isnull', True), ('settled_at__isnull', True)), models.Q(('look_at__isnull', True), ('outcome__in', ['done', 'part', 'missed']), ('outcome__isnull', False), ('settled_at__gte', models.F('opens_at'))), _connector='OR'), name='round_run_waits_or_is_settled'),
        ),
        migrations.AddConstraint(
            model_name='roundrun',
            constraint=models.CheckConstraint(condition=models.Q(('by_silence', False), models.Q(('outcome__isnull', False), ('settled_at__gte', models.F('closes_at'))), _connector='OR'), name='round_run_is_silent_only_after_its_hours'),
        ),
        migrations.AddConstraint(
            model_name='roundrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('incident__isnull', True), ('outcome__isnull', True)), ('outcome', 'done'), models.Q(('incident__isnull', False), ('outcome__isnull', False)), _connector='OR'), name='round_run_missed_is_an_incident'),
        ),
        migrations.AddConstraint(
            model_name='roundrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'part'), _negated=True), models.Q(('missed_areas', []), _negated=True), models.Q(('missed_stops', []), _negated=True), _connector='OR'), name='round_run_done_in_part_says_which'),
        ),
        migrations.AddConstraint(
            model_name='roundstop',
            constraint=models.UniqueConstraint(fields=('round', 'asset'), name='round_stops_once_at_an_asset'),
        ),
    ]
