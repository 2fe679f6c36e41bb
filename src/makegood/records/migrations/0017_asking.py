"""The schema of asking, wants and partings; the laws of closing in SQL stand beside this file."""

import datetime
import re
from pathlib import Path

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LAWS = Path(__file__).with_name("0017_asking.sql").read_text(encoding="utf-8")
UNDO = "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS))


class Migration(migrating.Migration):
    """Follows `0016_mail_in`."""

    dependencies = [
        ('records', '0016_mail_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField(null=True)),
                ('act_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Parting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decided_at', models.DateTimeField()),
                ('tried', models.TextField()),
                ('route', models.CharField(max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Want',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('said_at', models.DateTimeField()),
                ('declined_at', models.DateTimeField(null=True)),
                ('honest_no', models.TextField(blank=True)),
                ('instead', models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_closed_by_the_customers_answer',
        ),
        migrations.RemoveConstraint(
            model_name='escalation',
            name='escalation_reason_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='reply',
            name='reply_kind_is_known',
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('apology', 'Apology'), ('remedy', 'Remedy'), ('visit', 'Visit'), ('question', 'Question'), ('honest_no', 'Honest No'), ('parting', 'Parting')], max_length=20),
        ),
        migrations.AlterField(
            model_name='reply',
            name='kind',
            field=models.CharField(choices=[('words', 'Words'), ('call', 'Call'), ('no_call', 'No Call'), ('choice', 'Choice'), ('other_day', 'Other Day'), ('right', 'Right'), ('more', 'More'), ('not_right', 'Not Right'), ('suits', 'Suits')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'web'), ('direction', 'inbound'), _negated=True), ('staff__isnull', True), _connector='OR'), name='contact_on_their_page_is_by_the_customer'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['warning', 'break', 'unheard', 'still_open', 'day_end', 'no_slot', 'unsatisfied'])), name='escalation_reason_is_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['apology', 'remedy', 'visit', 'question', 'honest_no', 'parting'])), name='message_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['words', 'call', 'no_call', 'choice', 'other_day', 'right', 'more', 'not_right', 'suits'])), name='reply_kind_is_known'),
        ),
        migrations.AddField(
            model_name='asking',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='askings', to='records.case'),
        ),
        migrations.AddField(
            model_name='asking',
            name='first',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='second', to='records.asking'),
        ),
        migrations.AddField(
            model_name='asking',
            name='message',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='asking', to='records.message'),
        ),
        migrations.AddField(
            model_name='asking',
            name='promise',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asking', to='records.promise'),
        ),
        migrations.AddField(
            model_name='case',
            name='closed_by_asking',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.asking'),
        ),
        migrations.AddField(
            model_name='parting',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partings', to='records.case'),
        ),
        migrations.AddField(
            model_name='parting',
            name='decided_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='parting',
            name='message',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='parting', to='records.message'),
        ),
        migrations.AddField(
            model_name='case',
            name='closed_by_parting',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.parting'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by_asking__isnull', True), ('closed_by_contact__isnull', True), ('closed_by_parting__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by_asking__isnull', True), ('closed_by_contact__isnull', False), ('closed_by_parting__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by_asking__isnull', False), ('closed_by_contact__isnull', True), ('closed_by_parting__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by_asking__isnull', True), ('closed_by_contact__isnull', True), ('closed_by_parting__isnull', False)), _connector='OR'), name='case_closed_by_an_answer_a_silence_or_a_parting'),
        ),
        migrations.AddField(
            model_name='want',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wants', to='records.case'),
        ),
        migrations.AddField(
            model_name='want',
            name='contact',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='want', to='records.contact'),
        ),
        migrations.AddField(
            model_name='want',
            name='declined_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='want',
            name='let_go_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contact'),
        ),
        migrations.AddField(
            model_name='want',
            name='promise',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='want', to='records.promise'),
        ),
        migrations.AddIndex(
            model_name='asking',
            index=models.Index(condition=models.Q(('act_at__isnull', False), ('ended_at__isnull', True)), fields=['act_at'], name='asking_waiting'),
        ),
        migrations.AddConstraint(
            model_name='asking',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('case',), name='asking_one_open_per_case'),
        ),
        migrations.AddConstraint(
            model_name='asking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first__isnull', True), ('number', 1)), models.Q(('first__isnull', False), ('number', 2)), _connector='OR'), name='asking_is_the_first_or_the_second'),
        ),
        migrations.AddConstraint(
            model_name='asking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act_at__isnull', True), ('asked_at__isnull', True)), models.Q(('act_at__gte', django.db.models.expressions.CombinedExpression(models.F('asked_at'), '+', models.Value(datetime.timedelta(seconds=43200)))), ('asked_at__isnull', False)), _connector='OR'), name='asking_waits_for_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='asking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by', '')), models.Q(('ended_at__isnull', False), ('ended_by__in', ['heard', 'not_fixed', 'asked_again', 'silence'])), _connector='OR'), name='asking_ends_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='parting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('tried', ''), _negated=True), models.Q(('route', ''), _negated=True)), name='parting_says_what_was_tried_and_where_to_turn'),
        ),
        migrations.AddIndex(
            model_name='want',
            index=models.Index(condition=models.Q(('declined_at__isnull', True), ('let_go_by__isnull', True), ('promise__isnull', True)), fields=['case'], name='want_waiting'),
        ),
        migrations.AddConstraint(
            model_name='want',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='want_has_words'),
        ),
        migrations.AddConstraint(
            model_name='want',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('declined_at__isnull', True), ('let_go_by__isnull', True)), models.Q(('let_go_by__isnull', True), ('promise__isnull', True)), models.Q(('declined_at__isnull', True), ('promise__isnull', True)), _connector='OR'), name='want_ends_one_way'),
        ),
        migrations.AddConstraint(
            model_name='want',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('declined_at__isnull', True), ('declined_by__isnull', True), ('honest_no', '')), models.Q(('declined_at__gte', models.F('said_at')), ('declined_by__isnull', False), models.Q(('honest_no', ''), _negated=True), models.Q(('instead', ''), _negated=True)), _connector='OR'), name='want_is_declined_with_a_reason_and_an_alternative'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
