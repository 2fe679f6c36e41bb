"""The schema of what everybody whom an incident hit is given; its laws in SQL stand beside it."""

import re
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


_HERE = Path(__file__)
LAWS = _HERE.with_name("0027_day.sql").read_text(encoding="utf-8")
_BEFORE = _HERE.with_name("0008_making_good.sql").read_text(encoding="utf-8")


def _as_before(name: str) -> str:
    """A function as it was made, to be put back."""
    made = re.search(rf"CREATE FUNCTION {name}\(.*?\$\$.*?\$\$;", _BEFORE, re.DOTALL)
    assert made is not None
    return made[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


UNDO = (
    "DROP TRIGGER incident_remedy_stays ON records_incidentremedy;"
    + "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS))
    + _as_before("given_by")
    + _as_before("remedy_is_authorised")
)


class Migration(migrating.Migration):
    """Follows `0026_honour`."""

    dependencies = [
        ('records', '0026_honour'),
    ]

    operations = [
        migrations.CreateModel(
            name='IncidentRemedy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('thing', models.CharField(blank=True, max_length=200)),
                ('because', models.CharField(max_length=300)),
                ('at_most', models.PositiveBigIntegerField()),
                ('to_one_minor', models.PositiveBigIntegerField()),
                ('period_days', models.PositiveIntegerField()),
                ('decided_at', models.DateTimeField()),
                ('granted', models.PositiveBigIntegerField(default=0)),
                ('left_out', models.JSONField(db_default=[], default=list)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='remedy', to='records.incident')),
                ('truth', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='remedy', to='records.incidenttruth')),
            ],
            options={
                'verbose_name_plural': 'incident remedies',
            },
        ),
        migrations.AddField(
            model_name='remedy',
            name='of_incident',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='records.incidentremedy'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.UniqueConstraint(condition=models.Q(('of_incident__isnull', False)), fields=('of_incident', 'case'), name='remedy_of_an_incident_once_per_case'),
        ),
        migrations.AddConstraint(
            model_name='incidentremedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__gt', 0), ('kind__in', ['credit', 'refund']), ('thing', '')), models.Q(('kind__in', ['gift', 'in_kind', 'replacement']), models.Q(('thing', ''), _negated=True)), _connector='OR'), name='incident_remedy_is_money_or_a_thing'),
        ),
        migrations.AddConstraint(
            model_name='incidentremedy',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$'), models.Q(('because', ''), _negated=True)), name='incident_remedy_has_a_currency_and_a_cause'),
        ),
        migrations.AddConstraint(
            model_name='incidentremedy',
            constraint=models.CheckConstraint(condition=models.Q(('granted__lte', models.F('at_most'))), name='incident_remedy_goes_to_no_more_than_decided'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
