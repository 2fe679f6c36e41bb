"""The schema of letters: what is written to customers, and what became of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0010_sign_in_changes`."""

    dependencies = [
        ('records', '0010_sign_in_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('asked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('receipt', 'Receipt'), ('words', 'Words')], max_length=10)),
                ('channel', models.CharField(max_length=10)),
                ('recipient', models.CharField(max_length=254)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('words', models.TextField()),
                ('is_automatic', models.BooleanField(default=False)),
                ('told_due_at', models.DateTimeField(null=True)),
                ('secret', models.BinaryField(max_length=32)),
                ('reply_digest', models.BinaryField(max_length=32)),
                ('message_id', models.CharField(max_length=200)),
                ('answers_id', models.CharField(blank=True, max_length=250)),
                ('provider_id', models.CharField(blank=True, max_length=250)),
                ('queued_at', models.DateTimeField()),
                ('send_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('held_at', models.DateTimeField(null=True)),
                ('handed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('bounced_at', models.DateTimeField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='records.case')),
                ('duty', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.message')),
                ('keeps', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.promise')),
                ('promise', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.promise')),
                ('revision', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.promiserevision')),
                ('written_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('send_at__isnull', False)), fields=['send_at'], name='letter_waiting'), models.Index(fields=['recipient', 'queued_at'], name='letter_by_recipient'), models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='letter_by_provider')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['receipt', 'words'])), name='letter_kind_is_known'), models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'sms'])), name='letter_channel_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('recipient', ''), _negated=True), models.Q(('words', ''), _negated=True)), name='letter_has_a_recipient_and_words'), models.CheckConstraint(condition=models.Q(('is_automatic', True), ('written_by__isnull', False), _connector='OR'), name='letter_is_by_somebody_or_automatic'), models.CheckConstraint(condition=models.Q(('send_at__isnull', True), models.Q(('given_up_at__isnull', True), ('handed_at__isnull', True), ('held_at__isnull', True)), _connector='OR'), name='letter_handed_over_is_not_tried_again'), models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), models.Q(('handed_at__isnull', False), ('sent_at__gte', models.F('handed_at'))), _connector='OR'), name='letter_is_sent_after_it_was_handed_over'), models.CheckConstraint(condition=models.Q(('delivered_at__isnull', True), ('handed_at__isnull', False), _connector='OR'), name='letter_is_delivered_after_it_was_handed_over'), models.CheckConstraint(condition=models.Q(models.Q(('promise__isnull', True), ('told_due_at__isnull', True)), models.Q(('promise__isnull', False), ('told_due_at__isnull', False)), _connector='OR'), name='letter_tells_a_promise_with_its_time'), models.UniqueConstraint(fields=('reply_digest',), name='letter_once_per_reply_address'), models.UniqueConstraint(fields=('message_id',), name='letter_once_per_message_id')],
            },
        ),
    ]
