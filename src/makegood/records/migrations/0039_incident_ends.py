"""What a scheme owes to everybody whom an incident hit; and incidents that were none, or merged."""

import re
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating

_HERE = Path(__file__)
LAWS = _HERE.with_name("0039_incident_ends.sql").read_text(encoding="utf-8")
_BEFORE = "".join(
    _HERE.with_name(name).read_text(encoding="utf-8")
    for name in ("0014_incidents.sql", "0027_day.sql")
)


def _as_before(name: str) -> str:
    """A function as it was made, to be put back."""
    made = re.search(rf"FUNCTION {name}\(.*?\$\$.*?\$\$;", _BEFORE, re.DOTALL)
    assert made is not None
    return f"CREATE OR REPLACE {made[0]}"


UNDO = "".join(_as_before(name) for name in re.findall(r"REPLACE FUNCTION (\w+)", LAWS))


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0038_calls'),
    ]

    operations = [
        migrations.AddField(
            model_name='incidentremedy',
            name='scheme',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='incident',
            name='merged_into',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='records.incident'),
        ),
        migrations.AddField(
            model_name='incident',
            name='was_false',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='incidentremedy',
            constraint=models.CheckConstraint(condition=models.Q(('scheme', ''), ('kind__in', ['credit', 'refund']), _connector='OR'), name='incident_remedy_by_a_scheme_is_money'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('over_at__isnull', False), ('was_false', False), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='incident_is_part_of_another'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('was_false', False), ('over_at__isnull', False), _connector='OR'), name='incident_that_was_none_is_over'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
