"""The schema of finding cases quickly."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Follows `0004_settings`."""

    dependencies: ClassVar = [("records", "0004_settings")]
    operations: ClassVar = []
