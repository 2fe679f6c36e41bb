"""The schema of learning and the digest, a letter's template, and the wall's sums in an index."""

import re
from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LAWS = Path(__file__).with_name("0028_learning.sql").read_text(encoding="utf-8")
UNDO = "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS)) + "".join(
    f"DROP TRIGGER {name} ON {table};"
    for name, table in re.findall(r"CREATE TRIGGER (\w+) BEFORE DELETE OR TRUNCATE ON (\w+)", LAWS)
)

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0027_day`."""

    dependencies = [
        ('records', '0027_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ChangeTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why_not', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('monday', models.DateField()),
                ('queued_at', models.DateTimeField()),
                ('send_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('handed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name='Improvement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('what', models.CharField(max_length=1000)),
                ('due_on', models.DateField(null=True)),
                ('begun_at', models.DateTimeField()),
                ('shipped_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('dropped_why', models.CharField(blank=True, max_length=300)),
                ('tell_words', models.CharField(blank=True, max_length=2000)),
                ('tell_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Lesson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('role', models.CharField(max_length=10)),
                ('act_at', models.DateTimeField(null=True)),
                ('named_at', models.DateTimeField(null=True)),
                ('gap', models.CharField(blank=True, max_length=300)),
                ('gap_closed_at', models.DateTimeField(null=True)),
                ('learned', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Repeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('key', models.CharField(max_length=300)),
                ('raised_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('role', models.CharField(max_length=10)),
                ('act_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='RepeatCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.AddField(
            model_name='letter',
            name='template',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.template'),
        ),
        migrations.AddField(
            model_name='staff',
            name='wants_digest',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name='dailycount',
            index=models.Index(fields=['metric', 'day'], include=('team', 'key', 'n', 'known', 'total'), name='daily_count_sums'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('outcome', 'broken'), ('speaker', 'template')), fields=['speaker_name', 'due_at'], include=('case',), name='promise_broken_of_a_template'),
        ),
        migrations.AddField(
            model_name='cause',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cause',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='causes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='changetold',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.case'),
        ),
        migrations.AddField(
            model_name='changetold',
            name='letter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.letter'),
        ),
        migrations.AddField(
            model_name='digest',
            name='staff',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='digests', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvement',
            name='begun_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvement',
            name='cause',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='improvements', to='records.cause'),
        ),
        migrations.AddField(
            model_name='improvement',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='improvements', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvement',
            name='shipped_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='improvement',
            name='tell_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='changetold',
            name='improvement',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='told', to='records.improvement'),
        ),
        migrations.AddField(
            model_name='lesson',
            name='asked',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='lesson',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='lesson', to='records.case'),
        ),
        migrations.AddField(
            model_name='lesson',
            name='cause',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lessons', to='records.cause'),
        ),
        migrations.AddField(
            model_name='lesson',
            name='gap_closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='lesson',
            name='gap_owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='lesson',
            name='named_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='repeat',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='repeat',
            name='improvement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='records.improvement'),
        ),
        migrations.AddField(
            model_name='repeat',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='repeat',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team'),
        ),
        migrations.AddField(
            model_name='repeatcase',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.case'),
        ),
        migrations.AddField(
            model_name='repeatcase',
            name='repeat',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='of', to='records.repeat'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='cause_once_by_name'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='cause_has_a_name'),
        ),
        migrations.AddIndex(
            model_name='digest',
            index=models.Index(condition=models.Q(('send_at__isnull', False)), fields=['send_at'], name='digest_waiting'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('staff', 'monday'), name='digest_once_per_week'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.CheckConstraint(condition=models.Q(('monday__iso_week_day', 1)), name='digest_is_of_a_monday'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.CheckConstraint(condition=models.Q(('send_at__isnull', True), ('handed_at__isnull', True), _connector='OR'), name='digest_handed_over_is_not_tried_again'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('handed_at__isnull', False), _connector='OR'), name='digest_is_sent_after_it_was_handed_over'),
        ),
        migrations.AddIndex(
            model_name='improvement',
            index=models.Index(condition=models.Q(('tell_at__isnull', False)), fields=['tell_at'], name='improvement_to_tell'),
        ),
        migrations.AddConstraint(
            model_name='improvement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('what', ''), _negated=True)), name='improvement_says_what_is_changed'),
        ),
        migrations.AddConstraint(
            model_name='improvement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('shipped_at__isnull', True), ('shipped_by__isnull', True)), models.Q(('dropped_at__isnull', True), ('shipped_at__gte', models.F('begun_at')), ('shipped_by__isnull', False)), _connector='OR'), name='improvement_is_shipped_once_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='improvement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dropped_at__isnull', True), ('dropped_why', '')), models.Q(('dropped_at__isnull', False), models.Q(('dropped_why', ''), _negated=True)), _connector='OR'), name='improvement_is_dropped_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='improvement',
            constraint=models.CheckConstraint(condition=models.Q(('tell_at__isnull', True), models.Q(('shipped_at__isnull', False), ('tell_by__isnull', False), models.Q(('tell_words', ''), _negated=True)), _connector='OR'), name='improvement_is_told_once_it_is_shipped'),
        ),
        migrations.AddConstraint(
            model_name='changetold',
            constraint=models.UniqueConstraint(fields=('improvement', 'case'), name='change_told_once_per_case'),
        ),
        migrations.AddConstraint(
            model_name='changetold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('letter__isnull', False), ('why_not', '')), models.Q(('letter__isnull', True), models.Q(('why_not', ''), _negated=True)), _connector='OR'), name='change_told_by_a_letter_or_says_why_not'),
        ),
        migrations.AddIndex(
            model_name='lesson',
            index=models.Index(condition=models.Q(('act_at__isnull', False)), fields=['act_at'], name='lesson_waiting'),
        ),
        migrations.AddIndex(
            model_name='lesson',
            index=models.Index(fields=['cause', 'case'], name='lesson_by_cause'),
        ),
        migrations.AddIndex(
            model_name='lesson',
            index=models.Index(condition=models.Q(('cause__isnull', True)), fields=['asked_at'], name='lesson_not_named'),
        ),
        migrations.AddIndex(
            model_name='lesson',
            index=models.Index(django.db.models.functions.text.Lower('gap'), condition=models.Q(('gap', ''), _negated=True), name='lesson_by_gap'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'lead', 'head'])), name='lesson_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='lesson_is_due_after_it_is_asked_for'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause__isnull', True), ('named_at__isnull', True), ('named_by__isnull', True)), models.Q(('act_at__isnull', True), ('cause__isnull', False), ('named_at__isnull', False), ('named_by__isnull', False)), _connector='OR'), name='lesson_is_named_by_somebody_and_asked_no_more'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('gap', ''), ('gap_owner__isnull', True)), models.Q(models.Q(('gap', ''), _negated=True), ('cause__isnull', False), ('gap_owner__isnull', False)), _connector='OR'), name='lesson_gap_has_words_and_an_owner'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('gap_closed_at__isnull', True), ('gap_closed_by__isnull', True), ('learned', '')), models.Q(('gap_closed_at__isnull', False), ('gap_closed_by__isnull', False), models.Q(('gap', ''), _negated=True), models.Q(('learned', ''), _negated=True)), _connector='OR'), name='lesson_gap_is_closed_by_what_was_learned'),
        ),
        migrations.AddIndex(
            model_name='repeat',
            index=models.Index(condition=models.Q(('act_at__isnull', False)), fields=['act_at'], name='repeat_waiting'),
        ),
        migrations.AddIndex(
            model_name='repeat',
            index=models.Index(fields=['kind', 'key'], name='repeat_by_thing'),
        ),
        migrations.AddConstraint(
            model_name='repeat',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('kind', 'key'), name='repeat_one_open_card_per_thing'),
        ),
        migrations.AddConstraint(
            model_name='repeat',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['cause', 'site', 'asset', 'template', 'gap']), models.Q(('key', ''), _negated=True)), name='repeat_is_of_a_known_thing'),
        ),
        migrations.AddConstraint(
            model_name='repeat',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'lead', 'head'])), name='repeat_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='repeat',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('raised_at'))), name='repeat_is_due_after_it_is_raised'),
        ),
        migrations.AddConstraint(
            model_name='repeat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('improvement__isnull', True), ('why', '')), models.Q(('act_at__isnull', True), ('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='repeat_is_answered_with_what_is_done'),
        ),
        migrations.AddConstraint(
            model_name='repeatcase',
            constraint=models.UniqueConstraint(fields=('repeat', 'case'), name='repeat_case_once'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
