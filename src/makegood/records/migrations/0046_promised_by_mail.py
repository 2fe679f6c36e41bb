"""A mail is kept with the answer that was promised for it, as what is sent by page is."""

import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0045_past_promises`."""

    dependencies = [
        ('records', '0045_past_promises'),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='promise',
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name='mails',
                to='records.promise',
            ),
        ),
    ]
