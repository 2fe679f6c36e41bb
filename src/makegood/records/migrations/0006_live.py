"""The schema of live pages."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Follows `0005_finding`."""

    dependencies: ClassVar = [("records", "0005_finding")]
    operations: ClassVar = []
