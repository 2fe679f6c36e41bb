"""The schema of what somebody outside decided on partings; its laws in SQL stand beside this file."""

import re
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


LAWS = Path(__file__).with_name("0053_reviews.sql").read_text(encoding="utf-8")
UNDO = "".join(
    f"DROP TRIGGER {name} ON records_review;" for name in re.findall(r"CREATE TRIGGER (\w+)", LAWS)
) + "".join(f"DROP FUNCTION {name};" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS))


class Migration(migrating.Migration):
    """Follows `0052_gesture_waits`."""

    dependencies = [
        ('records', '0052_gesture_waits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reviewer', models.CharField(max_length=200)),
                ('decided_on', models.DateField()),
                ('verdict', models.CharField(max_length=15)),
                ('words', models.TextField()),
                ('recorded_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='records.case')),
                ('parting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='records.parting')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['upheld', 'partly_upheld', 'not_upheld'])), name='review_verdict_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('reviewer', ''), _negated=True), models.Q(('words', ''), _negated=True)), name='review_says_who_decided_and_what')],
            },
        ),
        migrations.RunSQL(LAWS, UNDO),
    ]
