"""The schema of partners, and the guard of signals; their laws in SQL stand beside this file."""

import re
from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


LAWS = Path(__file__).with_name("0034_partners.sql").read_text(encoding="utf-8")
UNDO = "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS)) + "".join(
    f"DROP TRIGGER {name} ON {table};"
    for name, table in re.findall(r"CREATE TRIGGER (\w+) BEFORE DELETE OR TRUNCATE ON (\w+)", LAWS)
)


class Migration(migrating.Migration):
    """Follows `0033_found`."""

    dependencies = [
        ('records', '0033_found'),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('url', models.CharField(max_length=500)),
                ('jurisdiction', models.CharField(blank=True, max_length=200)),
                ('api_key', models.CharField(blank=True, db_default='', max_length=200)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None)),
                ('since', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('look_at', models.DateTimeField(null=True)),
                ('seen_until', models.DateTimeField(null=True)),
                ('caught_up_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('unread', models.PositiveIntegerField(default=0)),
                ('stopped_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PartnerRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=200)),
                ('is_open', models.BooleanField(default=True)),
                ('expected_at', models.DateTimeField(null=True)),
                ('updated_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='gatepass',
            name='gate_pass_speaker_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='promise',
            name='promise_speaker_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='settingschange',
            name='settings_change_is_of_a_known_kind',
        ),
        migrations.AlterField(
            model_name='settingschange',
            name='thing',
            field=models.CharField(choices=[('service', 'Service'), ('asset', 'Asset'), ('ladder', 'Ladder'), ('duty', 'Duty'), ('calendar', 'Calendar'), ('team', 'Team'), ('staff', 'Staff'), ('crew', 'Crew'), ('round', 'Round'), ('authority', 'Authority'), ('conflict', 'Conflict'), ('scheme', 'Scheme'), ('gesture', 'Gesture'), ('budget', 'Budget'), ('token', 'Token'), ('sign_in', 'Sign In'), ('retention', 'Retention'), ('signals', 'Signals'), ('partner', 'Partner')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='gatepass',
            constraint=models.CheckConstraint(condition=models.Q(('speaker__in', ['person', 'template', 'bot', 'system', 'partner'])), name='gate_pass_speaker_is_known'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('speaker__in', ['person', 'template', 'bot', 'system', 'partner'])), name='promise_speaker_is_known'),
        ),
        migrations.AddConstraint(
            model_name='settingschange',
            constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['service', 'asset', 'ladder', 'duty', 'calendar', 'team', 'staff', 'crew', 'round', 'authority', 'conflict', 'scheme', 'gesture', 'budget', 'token', 'sign_in', 'retention', 'signals', 'partner']), ('deed__in', ['made', 'changed', 'removed'])), name='settings_change_is_of_a_known_kind'),
        ),
        migrations.AddField(
            model_name='partner',
            name='made_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='partner',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='records.service'),
        ),
        migrations.AddField(
            model_name='partnerrequest',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='partner_request', to='records.case'),
        ),
        migrations.AddField(
            model_name='partnerrequest',
            name='partner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='records.partner'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='partner_to_look_at'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(fields=('name',), name='partner_once_by_name'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('url', ''), _negated=True)), name='partner_has_a_name_and_an_address'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('look_at__isnull', False), ('stopped_at__isnull', True)), models.Q(('look_at__isnull', True), ('stopped_at__isnull', False)), _connector='OR'), name='partner_is_looked_at_or_stopped'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('error', ''), ('failing_since__isnull', True), ('failures', 0)), models.Q(('failing_since__isnull', False), ('failures__gt', 0), models.Q(('error', ''), _negated=True)), _connector='OR'), name='partner_fails_since_a_moment_and_says_why'),
        ),
        migrations.AddConstraint(
            model_name='partnerrequest',
            constraint=models.UniqueConstraint(fields=('partner', 'external_id'), name='partner_request_once'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
