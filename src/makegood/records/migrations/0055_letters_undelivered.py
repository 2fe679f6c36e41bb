"""An index of the letters that did not reach their customers, which are few among all."""

from django.db import migrations, models
from django.db.models import Q

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0054_by_round`."""

    dependencies = [
        ('records', '0054_by_round'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(
                fields=['case'],
                condition=Q(bounced_at__isnull=False)
                | Q(given_up_at__isnull=False)
                | Q(held_at__isnull=False)
                | Q(handed_at__isnull=False, sent_at__isnull=True, delivered_at__isnull=True),
                name='letter_undelivered',
            ),
        ),
    ]
