"""The schema of live pages, and of what may be taken back; the triggers stand beside this file."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LIVE = Path(__file__).with_name("0006_live.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER timeline_tells_live_pages ON records_timelineentry;
DROP TRIGGER presence_tells_live_pages ON records_presence;
DROP TRIGGER presence_typing_tells_live_pages ON records_presence;
DROP TRIGGER contact_is_withdrawn_once ON records_contact;
DROP TRIGGER case_closes_by_a_contact_that_stands ON records_case;
DROP TRIGGER correction_gives_the_same_word ON records_correction;
DROP TRIGGER correction_stays ON records_correction;
DROP FUNCTION tell_live_pages, tell_who_is_here, contact_is_withdrawn_once,
    case_closes_by_a_contact_that_stands, correction_gives_the_same_word;
"""


class Migration(migrating.Migration):
    """Follows `0005_finding`."""

    dependencies: ClassVar = [("records", "0005_finding")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('typing', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='SentForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('sent_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='contact',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='contact',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='contact_withdrawn_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_by__isnull', True), ('declined_at__isnull', False), _connector='OR'), name='handover_withdrawn_has_ended'),
        ),
        migrations.AddField(
            model_name='correction',
            name='again',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='corrects', to='records.promise'),
        ),
        migrations.AddField(
            model_name='correction',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='promise',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='records.promise'),
        ),
        migrations.AddField(
            model_name='presence',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.case'),
        ),
        migrations.AddField(
            model_name='presence',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sentform',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('promise', models.F('again')), _negated=True), name='correction_is_another_promise'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('case', 'staff'), name='presence_once_per_person_and_case'),
        ),
        migrations.AddIndex(
            model_name='sentform',
            index=models.Index(fields=['staff', 'sent_at'], name='sent_form_by_age'),
        ),
        migrations.AddConstraint(
            model_name='sentform',
            constraint=models.UniqueConstraint(fields=('staff', 'key'), name='form_counts_once'),
        ),
        migrations.RunSQL(LIVE, reverse_sql=UNDO),
    ]
