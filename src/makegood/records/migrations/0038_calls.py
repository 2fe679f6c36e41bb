"""The clock of the message that goes ahead of a call."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0037_data'),
    ]

    operations = [
        migrations.AddField(
            model_name='promise',
            name='message_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('message_at__isnull', False), ('outcome__isnull', True)), fields=['message_at'], name='promise_waiting_for_a_message'),
        ),
    ]
