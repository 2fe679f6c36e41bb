"""The schema of the gate: templates, their stops, passes, and the calls of other systems."""

from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


LAWS = Path(__file__).with_name("0013_gate.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER template_stops_only_grow ON records_templatestop;
DROP TRIGGER template_stop_stays ON records_templatestop;
DROP TRIGGER letter_leaves_only_through_the_gate ON records_letter;
DROP TRIGGER message_begins_said_only_through_the_gate ON records_message;
DROP TRIGGER message_said_only_through_the_gate ON records_message;
DROP TRIGGER gate_pass_only_grows ON records_gatepass;
DROP TRIGGER gate_pass_is_of_its_transaction ON records_gatepass;
DROP FUNCTION template_stop_stays, letter_leaves_only_through_the_gate,
    message_said_only_through_the_gate, gate_passed,
    gate_pass_is_of_its_transaction;
"""


class Migration(migrating.Migration):
    """Follows `0012_visits`."""


    dependencies: ClassVar = [
        ('records', "0012_visits"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('language', models.CharField(max_length=10)),
                ('text', models.TextField()),
                ('slots', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('speaks_ahead', models.BooleanField()),
                ('truth_source', models.CharField(blank=True, choices=[('', 'none'), ('promise', 'Promise'), ('remedy', 'Remedy')], max_length=10)),
                ('about', models.CharField(blank=True, max_length=10)),
                ('area', models.CharField(blank=True, max_length=60)),
                ('made_at', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='templates', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='GatePass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32)),
                ('speaker', models.CharField(max_length=10)),
                ('channel', models.CharField(max_length=10)),
                ('rests_on', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('warned_of', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('at', models.DateTimeField()),
                ('made_in', models.BigIntegerField(default=0)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='gate_passes', to='records.case')),
                ('token', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.token')),
                ('template', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.template')),
            ],
            options={
                'verbose_name_plural': 'gate passes',
            },
        ),
        migrations.CreateModel(
            name='TemplateStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(blank=True, max_length=60)),
                ('why', models.CharField(max_length=300)),
                ('stopped_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stopped_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='records.template')),
            ],
        ),
        migrations.CreateModel(
            name='ApiCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('digest', models.BinaryField(max_length=32)),
                ('status', models.PositiveSmallIntegerField()),
                ('answer', models.JSONField()),
                ('at', models.DateTimeField()),
                ('token', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.token')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='api_call_by_age')],
                'constraints': [models.UniqueConstraint(fields=('token', 'key'), name='api_call_once_per_key')],
            },
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.UniqueConstraint(fields=('name', 'language', 'area'), name='template_once_by_name_language_and_area'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='template_has_a_name_and_words'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(condition=models.Q(('speaks_ahead', False), models.Q(('truth_source', ''), _negated=True), _connector='OR'), name='template_that_speaks_ahead_has_a_truth_source'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(condition=models.Q(('truth_source__in', ['', 'promise', 'remedy'])), name='template_truth_source_is_known'),
        ),
        migrations.AddIndex(
            model_name='gatepass',
            index=models.Index(fields=['case', 'digest', 'made_in'], name='gate_pass_by_text'),
        ),
        migrations.AddConstraint(
            model_name='gatepass',
            constraint=models.CheckConstraint(condition=models.Q(('speaker__in', ['person', 'template', 'bot', 'system'])), name='gate_pass_speaker_is_known'),
        ),
        migrations.AddConstraint(
            model_name='gatepass',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['phone', 'email', 'sms', 'chat', 'web', 'letter', 'in_person', 'signal'])), name='gate_pass_channel_is_known'),
        ),
        migrations.AddConstraint(
            model_name='gatepass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('speaker', 'person'), _negated=True), ('by__isnull', False), _connector='OR'), name='gate_pass_of_a_person_names_the_person'),
        ),
        migrations.AddConstraint(
            model_name='templatestop',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('template', 'area'), name='template_stop_once_per_area'),
        ),
        migrations.AddConstraint(
            model_name='templatestop',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='template_stop_says_why'),
        ),
        migrations.AddConstraint(
            model_name='templatestop',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__gte', models.F('stopped_at')), ('lifted_by__isnull', False)), _connector='OR'), name='template_stop_is_lifted_by_somebody'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
