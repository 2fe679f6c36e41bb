"""The schema of crews, parts and visits; its laws in SQL stand beside this file."""

import re
from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LAWS = Path(__file__).with_name("0012_visits.sql").read_text(encoding="utf-8")
UNDO = "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS))


class Migration(migrating.Migration):
    """Follows `0011_mail`."""

    dependencies = [
        ('records', '0011_mail'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.BinaryField(max_length=32, unique=True)),
                ('made_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Crew',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('slot_minutes', models.PositiveSmallIntegerField(default=120)),
                ('retired_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CrewAbsence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Diagnosis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('found_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'diagnoses',
            },
        ),
        migrations.CreateModel(
            name='EtaChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('old_at', models.DateTimeField(null=True)),
                ('new_at', models.DateTimeField()),
                ('source', models.CharField(choices=[('lead_time', 'Lead Time'), ('desk', 'Desk'), ('file', 'File'), ('api', 'Api')], max_length=10)),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('supplier', models.CharField(blank=True, max_length=200)),
                ('lead_days', models.PositiveSmallIntegerField(default=7)),
            ],
        ),
        migrations.CreateModel(
            name='PartOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('supplier', models.CharField(blank=True, max_length=200)),
                ('number', models.CharField(blank=True, max_length=100)),
                ('ordered_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('eta_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('wrong_at', models.DateTimeField(null=True)),
                ('fits_because', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('lane', models.PositiveSmallIntegerField()),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('why', models.JSONField(default=list)),
                ('held_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(null=True)),
                ('cause', models.CharField(blank=True, max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('what', models.CharField(max_length=200)),
                ('skill', models.CharField(blank=True, max_length=60)),
                ('access', models.CharField(default='not_needed', max_length=10)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('booked_at', models.DateTimeField()),
                ('look_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('arrived_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(max_length=10, null=True)),
                ('failing', models.CharField(blank=True, max_length=10)),
                ('ended_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='escalation',
            name='escalation_reason_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='reply',
            name='reply_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='settingschange',
            name='settings_change_is_of_a_known_kind',
        ),
        migrations.AddField(
            model_name='customer',
            name='suits',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('apology', 'Apology'), ('remedy', 'Remedy'), ('visit', 'Visit')], max_length=20),
        ),
        migrations.AlterField(
            model_name='reply',
            name='kind',
            field=models.CharField(choices=[('words', 'Words'), ('call', 'Call'), ('no_call', 'No Call'), ('choice', 'Choice'), ('other_day', 'Other Day'), ('right', 'Right'), ('not_right', 'Not Right'), ('suits', 'Suits')], max_length=10),
        ),
        migrations.AlterField(
            model_name='settingschange',
            name='thing',
            field=models.CharField(choices=[('service', 'Service'), ('asset', 'Asset'), ('ladder', 'Ladder'), ('duty', 'Duty'), ('calendar', 'Calendar'), ('team', 'Team'), ('staff', 'Staff'), ('crew', 'Crew'), ('token', 'Token'), ('sign_in', 'Sign In')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['warning', 'break', 'unheard', 'still_open', 'day_end', 'no_slot'])), name='escalation_reason_is_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['apology', 'remedy', 'visit'])), name='message_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['words', 'call', 'no_call', 'choice', 'other_day', 'right', 'not_right', 'suits'])), name='reply_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='settingschange',
            constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['service', 'asset', 'ladder', 'duty', 'calendar', 'team', 'staff', 'crew', 'token', 'sign_in']), ('deed__in', ['made', 'changed', 'removed'])), name='settings_change_is_of_a_known_kind'),
        ),
        migrations.AddField(
            model_name='calendarfeed',
            name='made_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='calendarfeed',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='crew',
            name='calendar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crews', to='records.workingcalendar'),
        ),
        migrations.AddField(
            model_name='crew',
            name='members',
            field=models.ManyToManyField(related_name='crews', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='crew',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crews', to='records.team'),
        ),
        migrations.AddField(
            model_name='calendarfeed',
            name='crew',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='records.crew'),
        ),
        migrations.AddField(
            model_name='crewabsence',
            name='crew',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='records.crew'),
        ),
        migrations.AddField(
            model_name='crewabsence',
            name='recorded_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='diagnosis',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diagnoses', to='records.case'),
        ),
        migrations.AddField(
            model_name='diagnosis',
            name='recorded_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='etachange',
            name='recorded_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='part_has_a_name'),
        ),
        migrations.AddField(
            model_name='diagnosis',
            name='part',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diagnoses', to='records.part'),
        ),
        migrations.AddField(
            model_name='partorder',
            name='diagnosis',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='records.diagnosis'),
        ),
        migrations.AddField(
            model_name='partorder',
            name='fits_said_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='partorder',
            name='ordered_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='partorder',
            name='part',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='records.part'),
        ),
        migrations.AddField(
            model_name='etachange',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='etas', to='records.partorder'),
        ),
        migrations.AddField(
            model_name='slot',
            name='crew',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='records.crew'),
        ),
        migrations.AddField(
            model_name='slot',
            name='held_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='visit',
            name='booked_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='visit',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='records.case'),
        ),
        migrations.AddField(
            model_name='visit',
            name='diagnosis',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='records.diagnosis'),
        ),
        migrations.AddField(
            model_name='visit',
            name='ended_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='visit',
            name='follows',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='records.visit'),
        ),
        migrations.AddField(
            model_name='visit',
            name='promise',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='records.promise'),
        ),
        migrations.AddField(
            model_name='slot',
            name='visit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='records.visit'),
        ),
        migrations.AddConstraint(
            model_name='crew',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__range', (1, 20))), name='crew_does_a_few_visits_at_once'),
        ),
        migrations.AddConstraint(
            model_name='crew',
            constraint=models.CheckConstraint(condition=models.Q(('slot_minutes__range', (15, 720))), name='crew_windows_are_of_a_day'),
        ),
        migrations.AddConstraint(
            model_name='calendarfeed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('crew__isnull', False), ('staff__isnull', True)), models.Q(('crew__isnull', True), ('staff__isnull', False)), _connector='OR'), name='feed_is_of_a_crew_or_a_person'),
        ),
        migrations.AddConstraint(
            model_name='calendarfeed',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_at__gte', models.F('made_at')), _connector='OR'), name='feed_revoked_after_it_was_made'),
        ),
        migrations.AddConstraint(
            model_name='crewabsence',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='crew_absence_ends_after_it_began'),
        ),
        migrations.AddIndex(
            model_name='partorder',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('received_at__isnull', True)), fields=['eta_at'], name='order_waiting'),
        ),
        migrations.AddConstraint(
            model_name='partorder',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True), ('wrong_at__isnull', True)), fields=('diagnosis',), name='order_one_at_a_time_for_a_diagnosis'),
        ),
        migrations.AddConstraint(
            model_name='partorder',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('supplier', 'number'), name='order_once_per_number'),
        ),
        migrations.AddConstraint(
            model_name='partorder',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at__isnull', True), ('received_at__isnull', True), _connector='OR'), name='order_is_received_or_cancelled'),
        ),
        migrations.AddConstraint(
            model_name='partorder',
            constraint=models.CheckConstraint(condition=models.Q(('wrong_at__isnull', True), ('received_at__isnull', False), _connector='OR'), name='order_is_wrong_once_it_is_here'),
        ),
        migrations.AddConstraint(
            model_name='partorder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fits_because', ''), ('fits_said_by__isnull', True)), models.Q(models.Q(('fits_because', ''), _negated=True), ('fits_said_by__isnull', False)), _connector='OR'), name='order_fits_because_somebody_says_why'),
        ),
        migrations.AddConstraint(
            model_name='etachange',
            constraint=models.UniqueConstraint(fields=('order', 'number'), name='eta_once_per_number'),
        ),
        migrations.AddConstraint(
            model_name='etachange',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['lead_time', 'desk', 'file', 'api'])), name='eta_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='etachange',
            constraint=models.CheckConstraint(condition=models.Q(('old_at__isnull', True), models.Q(('old_at', models.F('new_at')), _negated=True), _connector='OR'), name='eta_change_changes'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='visit_waiting'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='visit_is_for_something'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('access__in', ['not_needed', 'asked', 'given'])), name='visit_access_is_known'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('failing', ''), ('outcome__isnull', True)), models.Q(('ended_at__isnull', False), ('look_at__isnull', True), ('outcome__in', ['done', 'failed', 'cancelled']), ('outcome__isnull', False)), _connector='OR'), name='visit_open_or_ended'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__isnull', False), ('arrived_at__isnull', False), ('look_at__isnull', False), _connector='OR'), name='visit_open_is_watched'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'done'), _negated=True), ('arrived_at__isnull', False), _connector='OR'), name='visit_done_by_who_came'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('failing', ''), models.Q(('failing__in', ['wrong_part', 'more_work', 'no_access', 'missed']), ('outcome', 'failed')), _connector='OR'), name='visit_fails_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'failed'), _negated=True), models.Q(('failing', ''), _negated=True), _connector='OR'), name='visit_failed_says_why'),
        ),
        migrations.AddIndex(
            model_name='slot',
            index=models.Index(condition=models.Q(('released_at__isnull', True)), fields=['crew', 'opens_at'], name='slot_by_crew_and_time'),
        ),
        migrations.AddConstraint(
            model_name='slot',
            constraint=models.UniqueConstraint(fields=('visit', 'number'), name='slot_once_per_number'),
        ),
        migrations.AddConstraint(
            model_name='slot',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('visit',), name='slot_one_at_a_time_for_a_visit'),
        ),
        migrations.AddConstraint(
            model_name='slot',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='slot_opens_before_it_closes'),
        ),
        migrations.AddConstraint(
            model_name='slot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', ''), ('released_at__isnull', True)), models.Q(('cause__in', ['part_late', 'crew_away', 'not_ready', 'missed', 'planned', 'ended']), ('released_at__gte', models.F('held_at'))), _connector='OR'), name='slot_released_for_a_cause'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
