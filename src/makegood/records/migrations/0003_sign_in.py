"""The schema of who may do what, and how they sign in."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Follows `0002_laws`."""

    dependencies: ClassVar = [("records", "0002_laws")]
    operations: ClassVar = []
