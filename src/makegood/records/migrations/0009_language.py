"""The schema of languages: which one a customer is spoken to in."""

from typing import ClassVar

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0008_making_good`."""

    dependencies: ClassVar = [("records", "0008_making_good")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="customer",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("language", ""),
                    ("language__regex", "^[a-z]{2,3}(-[a-z]{2,4})?$"),
                    _connector="OR",
                ),
                name="customer_language_is_a_code",
            ),
        ),
    ]
