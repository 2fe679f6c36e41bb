"""The schema of found things; their laws in SQL stand beside this file."""

import re
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating


LAWS = Path(__file__).with_name("0033_found.sql").read_text(encoding="utf-8")
UNDO = "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS)) + "".join(
    f"DROP TRIGGER {name} ON {table};"
    for name, table in re.findall(r"CREATE TRIGGER (\w+) BEFORE (?:UPDATE OR )?DELETE OR TRUNCATE ON (\w+)", LAWS)
)


class Migration(migrating.Migration):
    """Follows `0032_day_more`."""

    dependencies = [
        ('records', '0032_day_more'),
    ]

    operations = [
        migrations.CreateModel(
            name='FoundThing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('what', models.CharField(max_length=200)),
                ('amount_minor', models.PositiveBigIntegerField(default=0)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('source', models.CharField(max_length=50)),
                ('external_id', models.CharField(max_length=200)),
                ('found_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='entitlement',
            index=models.Index(condition=models.Q(('raised_at__isnull', False)), fields=['raised_at'], name='entitlement_raised'),
        ),
        migrations.AddField(
            model_name='foundthing',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='found', to='records.case'),
        ),
        migrations.AddConstraint(
            model_name='foundthing',
            constraint=models.UniqueConstraint(fields=('source', 'external_id'), name='found_once'),
        ),
        migrations.AddConstraint(
            model_name='foundthing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('what', ''), _negated=True), ('kind__in', ['property', 'balance', 'refund']), models.Q(models.Q(('amount_minor', 0), ('currency', ''), ('kind', 'property')), models.Q(models.Q(('kind', 'property'), _negated=True), ('amount_minor__gt', 0), ('currency__regex', '^[A-Z]{3}$')), _connector='OR')), name='found_is_a_thing_or_money'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
