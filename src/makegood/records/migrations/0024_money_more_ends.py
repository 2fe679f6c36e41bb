"""Finds how like cases ended by an index."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0023_cases_found_together'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['function', 'harm', 'severity', 'closed_at'], name='case_ended_alike'),
        ),
    ]
