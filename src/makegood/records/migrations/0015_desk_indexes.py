"""The schema of what lists and My word look up, and one index less on the cases of contacts."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0014_incidents`."""

    dependencies: ClassVar = [("records", "0014_incidents")]
    operations: ClassVar = [
        # `contact_by_case` is the same index as the one that this takes away.
        migrations.AlterField(
            model_name="contact",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contacts",
                to="records.case",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(
                    ("channel", "web"), ("direction", "inbound"), ("withdrawn_at__isnull", True)
                ),
                fields=["happened_at"],
                include=("case",),
                name="contact_written_by_customers",
            ),
        ),
        # With the case in it, so that the planner takes it for what is past its time.
        migrations.RemoveIndex(model_name="promise", name="promise_open_by_due_time"),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("outcome__isnull", True)),
                fields=["due_at", "id"],
                include=("case",),
                name="promise_open_by_due_time",
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("outcome__isnull", True), ("rungs_spoken__gt", 0)),
                fields=["due_at"],
                include=("case",),
                name="promise_open_and_warned",
            ),
        ),
    ]
