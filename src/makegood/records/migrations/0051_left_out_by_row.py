"""Whom an incident's remedy leaves out has a row each, so that a batch writes only its own."""

import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating

MOVE = """
INSERT INTO records_leftout (remedy_id, case_id)
SELECT d.id, c.id
  FROM records_incidentremedy d
 CROSS JOIN LATERAL (SELECT DISTINCT e::bigint AS id FROM jsonb_array_elements_text(d.left_out) e) l
  JOIN records_case c ON c.id = l.id;
"""
MOVE_BACK = """
UPDATE records_incidentremedy d SET left_out = l.cases
  FROM (SELECT remedy_id, jsonb_agg(case_id ORDER BY case_id) AS cases
          FROM records_leftout GROUP BY remedy_id) l
 WHERE l.remedy_id = d.id;
"""


class Migration(migrating.Migration):
    """Follows `0050_claims_told`."""

    dependencies = [
        ('records', '0050_claims_told'),
    ]

    operations = [
        migrations.CreateModel(
            name='LeftOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.case')),
                ('remedy', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='left_out', to='records.incidentremedy')),
            ],
            options={
                'verbose_name_plural': 'left out',
                'constraints': [models.UniqueConstraint(fields=('remedy', 'case'), name='left_out_once_per_remedy')],
            },
        ),
        migrations.RunSQL(MOVE, reverse_sql=MOVE_BACK),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;", reverse_sql="SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"),
        migrations.RemoveField(model_name='incidentremedy', name='left_out'),
    ]
