"""An index of all cases of an owner, which tells by itself which of them are closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0046_promised_by_mail`."""

    dependencies = [
        ('records', '0046_promised_by_mail'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(
                fields=['owner', 'id'], include=('closed_at',), name='case_by_owner'
            ),
        ),
        migrations.AlterField(
            model_name='case',
            name='owner',
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name='cases',
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
