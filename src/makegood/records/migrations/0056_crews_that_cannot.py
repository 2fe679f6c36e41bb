"""A clock for crews that hold what they cannot keep, and who withdrew an absence."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

# What crews hold that they cannot keep was moved from the page only: each is looked at once.
_LOOK_AT_ALL = "UPDATE records_crew SET look_at = now() WHERE retired_at IS NULL"


class Migration(migrating.Migration):
    """Follows `0055_letters_undelivered`."""

    dependencies = [
        ('records', '0055_letters_undelivered'),
    ]

    operations = [
        migrations.AddField(
            model_name='crew',
            name='look_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='crewabsence',
            name='withdrawn_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='crew',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='crew_waiting'),
        ),
        migrations.AddConstraint(
            model_name='crewabsence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), ('withdrawn_at__gte', models.F('recorded_at')), _connector='OR'), name='crew_absence_withdrawn_after_it_was_recorded'),
        ),
        migrations.RunSQL(_LOOK_AT_ALL, migrations.RunSQL.noop),
    ]
