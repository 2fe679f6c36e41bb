"""The schema of the wall: what is counted of each day, and how far the counting has got."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0019_rounds`."""

    dependencies = [
        ('records', '0019_rounds'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountedCase',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='records.case')),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
            ],
        ),
        migrations.CreateModel(
            name='CountingPlace',
            fields=[
                ('name', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('upto', models.BigIntegerField()),
                ('reread_from', models.BigIntegerField()),
                ('counted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DailyCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metric', models.CharField(max_length=10)),
                ('key', models.CharField(blank=True, max_length=220)),
                ('day', models.DateField()),
                ('cases', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('values', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(null=True), size=None)),
                ('n', models.PositiveIntegerField()),
                ('known', models.PositiveIntegerField()),
                ('total', models.BigIntegerField()),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('metric', 'day', 'team', 'key'), name='daily_count_once'), models.CheckConstraint(condition=models.Q(('known__lte', models.F('n')), ('n__gt', 0)), name='daily_count_is_of_something'), models.CheckConstraint(condition=models.Q(('cases__len', models.F('n')), ('values__len', models.F('n'))), name='daily_count_has_a_value_of_each_case')],
            },
        ),
    ]
