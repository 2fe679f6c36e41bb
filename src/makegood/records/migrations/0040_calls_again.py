"""How many calls are promised already, so that those promised once more are spread."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0039_incident_ends'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('kind', 'callback'), ('outcome__isnull', True)), fields=['due_at'], include=('case',), name='promise_open_of_a_call'),
        ),
    ]
