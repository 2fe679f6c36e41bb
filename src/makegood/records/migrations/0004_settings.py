"""The schema of what companies set for themselves."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Follows `0003_sign_in`."""

    dependencies: ClassVar = [("records", "0003_sign_in")]
    operations: ClassVar = []
