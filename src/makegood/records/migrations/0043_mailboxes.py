"""Letters are counted by the mailbox that they reach, and those to strangers together."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0042_logs`."""

    dependencies = [
        ('records', '0042_logs'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='is_to_stranger',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='letter',
            name='mailbox',
            field=models.CharField(blank=True, db_default='', default='', max_length=254),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['mailbox', 'queued_at'], name='letter_by_mailbox'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('is_to_stranger', True)), fields=['queued_at'], name='letter_to_strangers'),
        ),
    ]
