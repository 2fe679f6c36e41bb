"""A contact says whether the customer had to tell once more what was on record."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0048_same_people`."""

    dependencies = [
        ('records', '0048_same_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='told_again',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(
                condition=models.Q(('told_again', False), ('direction', 'inbound'), _connector='OR'),
                name='contact_told_again_by_the_customer',
            ),
        ),
    ]
