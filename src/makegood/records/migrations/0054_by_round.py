"""What is promised by a round hangs on that round, and no longer on the name that it had then."""

import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating

# Matched by the name that each round had when it was promised.
LINK = """
INSERT INTO records_roundword (promise_id, round_id)
SELECT DISTINCT ON (p.id) p.id, r.id
  FROM records_promise p CROSS JOIN records_round r
 WHERE p.kind = 'visit' AND p.trace ->> 0 LIKE 'The round %'
   AND p.trace ->> 0 = 'The round ' || coalesce(
       (SELECT c.before ->> 'name' FROM records_settingschange c
         WHERE c.thing = 'round' AND c.key = r.id::text AND c.before ? 'name'
           AND c.at > p.said_at AND c.before ->> 'name' <> coalesce(c.after ->> 'name', '')
         ORDER BY c.at, c.id LIMIT 1), r.name) || ' comes then at the latest.'
 ORDER BY p.id, r.id;
"""


class Migration(migrating.Migration):
    """Follows `0053_reviews`."""

    dependencies = [
        ('records', '0053_reviews'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoundWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='by_round', to='records.promise')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='records.round')),
            ],
        ),
        migrations.RunSQL(LINK, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;", reverse_sql=migrations.RunSQL.noop),
    ]
