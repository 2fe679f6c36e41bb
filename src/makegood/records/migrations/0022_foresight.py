"""What history says of promises that are open, and an index to look at them by."""

import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0021_money_more'),
    ]

    operations = [
        migrations.CreateModel(
            name='Foresight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('chance', models.FloatField(null=True)),
                ('looked_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('kind__in', ['delivery', 'repair']), ('outcome__isnull', True)), fields=['due_at'], name='promise_open_of_a_deed'),
        ),
        migrations.AddField(
            model_name='foresight',
            name='promise',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='foresight', to='records.promise'),
        ),
        migrations.AddConstraint(
            model_name='foresight',
            constraint=models.CheckConstraint(condition=models.Q(('chance__isnull', True), ('chance__range', (0, 1)), _connector='OR'), name='foresight_is_a_chance'),
        ),
    ]
