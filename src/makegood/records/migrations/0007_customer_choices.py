"""The schema of what customers choose."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from typing import ClassVar

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0006_live`."""

    dependencies: ClassVar = [("records", "0006_live")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='LinkRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('words', 'Words'), ('call', 'Call'), ('no_call', 'No Call'), ('choice', 'Choice'), ('other_day', 'Other Day'), ('right', 'Right'), ('not_right', 'Not Right')], max_length=10)),
                ('key', models.UUIDField()),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('sent_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'replies',
            },
        ),
        migrations.AddField(
            model_name='case',
            name='meanwhile',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='customer',
            name='is_verified',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('earliest_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('precision', models.CharField(default='instant', max_length=10)),
                ('offered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('chosen_at', models.DateTimeField(null=True)),
                ('offered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='records.promise')),
            ],
        ),
        migrations.CreateModel(
            name='Knock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('form', models.CharField(max_length=20)),
                ('visitor', models.BinaryField(max_length=32)),
                ('times', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hour', 'form', 'visitor'), name='knock_counted_once_per_hour'), models.CheckConstraint(condition=models.Q(('times__gt', 0)), name='knock_is_one_at_least')],
            },
        ),
        migrations.CreateModel(
            name='KnownFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=40)),
                ('area', models.CharField(max_length=60)),
                ('is_public', models.BooleanField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('what', 'area'), name='known_failure_once_per_service_and_area'), models.CheckConstraint(condition=models.Q(('area', ''), _negated=True), name='known_failure_has_an_area')],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='known_failure',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='records.knownfailure'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', True), ('known_failure__isnull', False)), fields=['known_failure'], name='case_open_by_known_failure'),
        ),
        migrations.AddField(
            model_name='linkrequest',
            name='answered_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='linkrequest',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='link_requests', to='records.case'),
        ),
        migrations.AddField(
            model_name='linkrequest',
            name='link',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.caselink'),
        ),
        migrations.AddField(
            model_name='linkrequest',
            name='promise',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.promise'),
        ),
        migrations.AddField(
            model_name='reply',
            name='about',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.promise'),
        ),
        migrations.AddField(
            model_name='reply',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='records.case'),
        ),
        migrations.AddField(
            model_name='reply',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contact'),
        ),
        migrations.AddField(
            model_name='reply',
            name='link',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='records.caselink'),
        ),
        migrations.AddField(
            model_name='reply',
            name='promise',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='records.promise'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('promise', 'earliest_at', 'due_at'), name='choice_offered_once_per_time', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.UniqueConstraint(condition=models.Q(('chosen_at__isnull', False)), fields=('promise',), name='choice_made_once_per_promise'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('chosen_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='choice_is_chosen_or_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='choice_has_words'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('offered_at'))), name='choice_lies_ahead_when_offered'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('earliest_at__isnull', True), ('earliest_at__lte', models.F('due_at')), _connector='OR'), name='choice_opens_before_it_closes'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('precision__in', ['instant', 'date'])), name='choice_precision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='linkrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('case',), name='link_request_one_open_per_case'),
        ),
        migrations.AddConstraint(
            model_name='linkrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__gte', models.F('asked_at')), ('answered_by__isnull', False)), _connector='OR'), name='link_request_answered_by_somebody_after_it_was_asked'),
        ),
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(fields=['link', 'sent_at'], name='reply_by_link_and_time'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.UniqueConstraint(fields=('link', 'key'), name='reply_once'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['words', 'call', 'no_call', 'choice', 'other_day', 'right', 'not_right'])), name='reply_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'call'), _negated=True), models.Q(('promise__isnull', False), models.Q(('phone', ''), _negated=True)), _connector='OR'), name='reply_for_a_call_has_a_promise_and_a_number'),
        ),
    ]
