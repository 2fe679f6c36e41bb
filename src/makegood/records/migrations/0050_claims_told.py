"""Somebody can be told that what a customer was promised is theirs to decide."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0049_told_again`."""

    dependencies = [
        ('records', '0049_told_again'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='escalation',
            name='escalation_reason_is_known',
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        'reason__in',
                        [
                            'warning',
                            'break',
                            'unheard',
                            'still_open',
                            'day_end',
                            'no_slot',
                            'unsatisfied',
                            'claim',
                        ],
                    )
                ),
                name='escalation_reason_is_known',
            ),
        ),
        # On the way back, before the older constraint stands again.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            """
            ALTER TABLE records_escalation DISABLE TRIGGER USER;
            UPDATE records_escalation SET reason = 'unsatisfied' WHERE reason = 'claim';
            ALTER TABLE records_escalation ENABLE TRIGGER USER;
            """,
        ),
    ]
