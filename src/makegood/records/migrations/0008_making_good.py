"""The schema of remedies, authority and money."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Follows `0007_customer_choices`."""

    dependencies: ClassVar = [("records", "0007_customer_choices")]
    operations: ClassVar = []
