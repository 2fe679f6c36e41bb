"""People are asked how a visit ended at which somebody arrived: every open visit has its clock."""

from django.db import migrations, models

from makegood.records import migrating

_REASONS = ['warning', 'break', 'unheard', 'still_open', 'day_end', 'no_slot', 'unsatisfied', 'claim', 'visit_open']
# Those that nobody looked at any more; the clock finds by itself when each is asked about.
_LOOK_AT_ALL = """
    ALTER TABLE records_visit DISABLE TRIGGER USER;
    UPDATE records_visit SET look_at = now() WHERE outcome IS NULL AND look_at IS NULL;
    ALTER TABLE records_visit ENABLE TRIGGER USER;
"""
# On the way back, before the older constraint stands again.
_BACK = """
    ALTER TABLE records_escalation DISABLE TRIGGER USER;
    UPDATE records_escalation SET reason = 'no_slot' WHERE reason = 'visit_open';
    ALTER TABLE records_escalation ENABLE TRIGGER USER;
"""


class Migration(migrating.Migration):
    """Follows `0056_crews_that_cannot`."""

    dependencies = [
        ('records', '0056_crews_that_cannot'),
    ]

    operations = [
        migrations.RunSQL(_LOOK_AT_ALL, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_open_is_watched',
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__isnull', False), ('look_at__isnull', False), _connector='OR'), name='visit_open_is_watched'),
        ),
        migrations.RemoveConstraint(
            model_name='escalation',
            name='escalation_reason_is_known',
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', _REASONS)), name='escalation_reason_is_known'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, _BACK),
    ]
