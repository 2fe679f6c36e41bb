"""The schema of mail that comes in: kept as it came, joined to a case or set aside."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0015_desk_indexes`."""

    dependencies = [
        ('records', '0015_desk_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=100)),
                ('place', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('reply', 'Reply'), ('news', 'News'), ('automatic', 'Automatic'), ('receipt', 'Receipt'), ('aside', 'Aside')], max_length=10)),
                ('raw', models.BinaryField()),
                ('digest', models.BinaryField(max_length=32)),
                ('message_id', models.CharField(blank=True, max_length=250)),
                ('sender', models.CharField(blank=True, max_length=254)),
                ('sender_name', models.CharField(blank=True, max_length=120)),
                ('subject', models.CharField(blank=True, max_length=120)),
                ('words', models.TextField(blank=True)),
                ('signature', models.TextField(blank=True)),
                ('history', models.TextField(blank=True)),
                ('is_proven', models.BooleanField(default=False)),
                ('sent_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField()),
                ('aside_because', models.CharField(blank=True, max_length=20)),
                ('settled_as', models.CharField(blank=True, max_length=10)),
                ('settled_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='records.case')),
                ('letter', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.letter')),
                ('settled_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('said', models.CharField(max_length=100)),
                ('sniffed', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('mail', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='records.mail')),
            ],
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('settled_at__isnull', True), models.Q(('aside_because', ''), _negated=True)), fields=['received_at'], name='mail_set_aside'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['digest'], name='mail_by_digest'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='mail_by_message_id'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.UniqueConstraint(fields=('source', 'place'), name='mail_once_per_place'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reply', 'news', 'automatic', 'receipt', 'aside'])), name='mail_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('aside_because', ''), ('aside_because__in', ['broken', 'too_large', 'no_sender', 'unproven', 'staff', 'other_sender', 'old', 'shared', 'no_owner', 'failed', 'copy', 'machine']), _connector='OR'), name='mail_is_set_aside_for_a_known_reason'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('case__isnull', False), models.Q(('aside_because', ''), _negated=True), _connector='OR'), name='mail_belongs_to_a_case_or_is_set_aside'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_as', ''), ('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_as__in', ['new_case', 'joined', 'nothing']), ('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='mail_is_settled_by_somebody_as_something'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('mail', 'number'), name='attachment_once_per_place_in_its_mail'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='attachment_has_a_name'),
        ),
    ]
