"""What was promised and done before Makegood came, as another system's log says."""

import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating

LAW = """
CREATE TRIGGER past_promise_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_pastpromise
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('past_promise_stays');
"""


class Migration(migrating.Migration):
    """Follows `0044_mailbox_goes_too`."""

    dependencies = [
        ('records', '0044_mailbox_goes_too'),
    ]

    operations = [
        migrations.CreateModel(
            name='PastPromise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('log', models.CharField(max_length=100)),
                ('external_id', models.CharField(max_length=200)),
                ('name', models.CharField(max_length=100)),
                ('said_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'external_id', 'name'), name='past_promise_once'), models.CheckConstraint(condition=models.Q(('done_at__gte', models.F('said_at')), ('due_at__gt', models.F('said_at')), ('recorded_at__gte', models.F('done_at'))), name='past_promise_was_said_then_done_then_recorded')],
            },
        ),
        migrations.RunSQL(LAW, reverse_sql="DROP TRIGGER past_promise_stays ON records_pastpromise;"),
    ]
