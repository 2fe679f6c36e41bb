"""The schema of tokens, webhooks and signals; what the database does by itself is in SQL."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


LAWS = Path(__file__).with_name("0025_doors.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER webhook_hears_what_happens ON records_timelineentry;
DROP FUNCTION webhook_hears_what_happens();
"""


class Migration(migrating.Migration):
    """Follows `0024_money_more_ends`."""

    dependencies = [
        ('records', '0024_money_more_ends'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('tries', models.PositiveIntegerField(db_default=0, default=0)),
                ('send_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('error', models.CharField(blank=True, db_default='', max_length=200)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
            },
        ),
        migrations.CreateModel(
            name='SignalSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('paths', models.JSONField()),
                ('states', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None)),
                ('harm', models.CharField(max_length=20)),
                ('made_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('url', models.CharField(max_length=500)),
                ('secret', models.CharField(max_length=120)),
                ('old_secret', models.CharField(blank=True, max_length=120)),
                ('old_until', models.DateTimeField(null=True)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('with_words', models.BooleanField(default=False)),
                ('is_cloudevents', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('failing_since', models.DateTimeField(null=True)),
                ('stopped_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='token',
            name='acts_for',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='token',
            name='calls_per_minute',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='token',
            name='is_sandbox',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='token',
            name='team',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team'),
        ),
        migrations.AddConstraint(
            model_name='token',
            constraint=models.CheckConstraint(condition=models.Q(('calls_per_minute__isnull', True), ('calls_per_minute__range', (1, 100000)), _connector='OR'), name='token_may_call_now_and_then'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.timelineentry'),
        ),
        migrations.AddField(
            model_name='signalsource',
            name='made_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='webhook',
            name='made_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='webhook',
            name='stopped_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delivery',
            name='webhook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='records.webhook'),
        ),
        migrations.AddConstraint(
            model_name='signalsource',
            constraint=models.CheckConstraint(condition=models.Q(('slug__regex', '^[a-z0-9][a-z0-9-]*$'), models.Q(('title', ''), _negated=True)), name='signal_source_has_a_short_name_and_a_title'),
        ),
        migrations.AddConstraint(
            model_name='signalsource',
            constraint=models.CheckConstraint(condition=models.Q(('states__len__gt', 0)), name='signal_source_knows_what_a_failure_is'),
        ),
        migrations.AddConstraint(
            model_name='signalsource',
            constraint=models.CheckConstraint(condition=models.Q(('harm__in', ['lost', 'degraded', 'delayed', 'cosmetic'])), name='signal_source_harm_is_known'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('url__regex', '^https?://'), models.Q(('secret', ''), _negated=True)), name='webhook_has_a_name_an_address_and_a_secret'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('old_secret', ''), ('old_until__isnull', True)), models.Q(models.Q(('old_secret', ''), _negated=True), ('old_until__isnull', False)), _connector='OR'), name='webhook_old_secret_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('stopped_by__isnull', True), ('stopped_at__isnull', False), _connector='OR'), name='webhook_is_stopped_at_a_moment'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('send_at__isnull', False)), fields=['send_at'], name='delivery_waiting'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('entry', 'webhook'), name='delivery_once_per_entry'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', True), ('given_up_at__isnull', True), ('send_at__isnull', False)), models.Q(('delivered_at__isnull', False), ('given_up_at__isnull', True), ('send_at__isnull', True)), models.Q(('delivered_at__isnull', True), ('given_up_at__isnull', False), ('send_at__isnull', True)), _connector='OR'), name='delivery_waits_arrived_or_was_given_up'),
        ),
        migrations.RunSQL(LAWS, UNDO),
    ]
