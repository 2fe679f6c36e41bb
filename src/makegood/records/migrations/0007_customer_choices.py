"""The schema of what customers choose."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Follows `0006_live`."""

    dependencies: ClassVar = [("records", "0006_live")]
    operations: ClassVar = []
