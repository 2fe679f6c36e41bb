"""Customers write by mail and text message as well: My word finds all of it by its index."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0017_asking`."""

    dependencies = [
        ('records', '0017_asking'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='contact',
            name='contact_written_by_customers',
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('channel__in', ['web', 'email', 'sms']), ('direction', 'inbound'), ('withdrawn_at__isnull', True)), fields=['happened_at'], include=('case',), name='contact_written_by_customers'),
        ),
    ]
