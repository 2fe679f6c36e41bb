"""The schema of claims, articles and doubts; their laws in SQL stand beside this file."""

import re
from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


LAWS = Path(__file__).with_name("0026_honour.sql").read_text(encoding="utf-8")
UNDO = "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS)) + "".join(
    f"DROP TRIGGER {name} ON {table};"
    for name, table in re.findall(r"CREATE TRIGGER (\w+) BEFORE DELETE OR TRUNCATE ON (\w+)", LAWS)
)


class Migration(migrating.Migration):
    """Follows `0025_doors`."""

    dependencies = [
        ('records', '0025_doors'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.UUIDField()),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('about', models.CharField(max_length=200)),
                ('words', models.TextField()),
                ('figures', models.JSONField(default=list)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('area', models.CharField(blank=True, max_length=60)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('review_on', models.DateField(null=True)),
                ('made_at', models.DateTimeField()),
                ('why', models.CharField(blank=True, max_length=300)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('source', models.CharField(max_length=10)),
                ('speaker_name', models.CharField(blank=True, max_length=200)),
                ('said_at', models.DateTimeField(null=True)),
                ('heard_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('found', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('outcome', models.CharField(blank=True, max_length=12)),
                ('settled_at', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.article')),
                ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='records.case')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contact')),
                ('let_go_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contact')),
                ('promise', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='records.promise')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ClaimStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rung', models.CharField(max_length=5)),
                ('decided_at', models.DateTimeField()),
                ('why', models.TextField()),
                ('offer', models.TextField(blank=True)),
                ('taken', models.BooleanField(null=True)),
                ('cost_minor', models.PositiveBigIntegerField(default=0)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('answer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contact')),
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='records.claim')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.letter')),
                ('promise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.promise')),
                ('remedy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.remedy')),
                ('told', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contact')),
            ],
        ),
        migrations.CreateModel(
            name='Doubt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True)),
                ('figure', models.CharField(max_length=200)),
                ('holds', models.CharField(max_length=100)),
                ('says', models.CharField(max_length=100)),
                ('raised_at', models.DateTimeField()),
                ('role', models.CharField(max_length=10)),
                ('act_at', models.DateTimeField(null=True)),
                ('verdict', models.CharField(blank=True, max_length=16)),
                ('answered_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('gap_closed_at', models.DateTimeField(null=True)),
                ('lesson', models.CharField(blank=True, max_length=300)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='doubts', to='records.article')),
                ('asked', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doubts', to='records.case')),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doubts', to='records.claim')),
                ('gap_closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gap_owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gaps', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doubts_beside', to='records.article')),
                ('promise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.promise')),
                ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('replaced_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['from_on'], name='article_in_use'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(fields=('series', 'number'), name='article_once_per_number'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('series',), name='article_one_latest_per_series'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('about', ''), _negated=True), models.Q(('words', ''), _negated=True)), name='article_says_what_it_is_about'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['offer', 'tariff', 'flyer', 'answer'])), name='article_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='article_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('why', ''), _negated=True), _connector='OR'), name='article_is_changed_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='article_is_withdrawn_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['case'], name='claim_open'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('promise',), name='claim_one_open_per_promise'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='claim_has_words'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['customer', 'note', 'paper', 'photo', 'mistake'])), name='claim_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'customer'), _negated=True), ('contact__isnull', False), _connector='OR'), name='claim_by_a_customer_names_the_contact'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'mistake'), _negated=True), ('promise__isnull', False), _connector='OR'), name='claim_of_a_mistake_names_the_promise'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('let_go_by__isnull', True), ('outcome', ''), ('settled_at__isnull', True)), models.Q(('let_go_by__isnull', False), ('outcome', 'let_go'), ('settled_at__isnull', False)), models.Q(('let_go_by__isnull', True), ('outcome__in', ['honoured', 'substituted', 'value']), ('settled_at__isnull', False)), _connector='OR'), name='claim_ends_by_its_ladder_or_by_the_customer'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.UniqueConstraint(fields=('claim', 'rung'), name='claim_step_once_per_rung'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.CheckConstraint(condition=models.Q(('rung__in', ['do', 'offer', 'value'])), name='claim_step_rung_is_known'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='claim_step_says_why'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.CheckConstraint(condition=models.Q(('cost_minor', 0), models.Q(('currency', ''), _negated=True), _connector='OR'), name='claim_step_cost_has_a_currency'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken', True), _negated=True), ('promise__isnull', False), ('remedy__isnull', False), _connector='OR'), name='claim_step_taken_gives_something'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('taken', True), _negated=True), models.Q(('rung', 'offer'), _negated=True)), ('letter__isnull', False), ('told__isnull', False), _connector='OR'), name='claim_step_is_told_to_the_customer'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rung', 'offer'), _negated=True), models.Q(models.Q(('offer', ''), _negated=True), models.Q(('taken__isnull', True), ('answer__isnull', False), _connector='OR')), _connector='OR'), name='claim_step_offer_waits_for_the_customer'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.CheckConstraint(condition=models.Q(('rung', 'offer'), ('taken__isnull', False), _connector='OR'), name='claim_step_is_decided'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rung', 'value'), _negated=True), models.Q(('remedy__isnull', False), ('taken', True)), _connector='OR'), name='claim_step_of_value_gives_value'),
        ),
        migrations.AddIndex(
            model_name='doubt',
            index=models.Index(condition=models.Q(('act_at__isnull', False)), fields=['act_at'], name='doubt_waiting'),
        ),
        migrations.AddConstraint(
            model_name='doubt',
            constraint=models.UniqueConstraint(condition=models.Q(('other__isnull', True)), fields=('case', 'article', 'figure', 'says'), name='doubt_once_per_statement'),
        ),
        migrations.AddConstraint(
            model_name='doubt',
            constraint=models.UniqueConstraint(condition=models.Q(('other__isnull', False)), fields=('article', 'other', 'figure'), name='doubt_once_per_two_articles'),
        ),
        migrations.AddConstraint(
            model_name='doubt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('other__isnull', True), models.Q(('words', ''), _negated=True)), models.Q(('case__isnull', True), ('other__isnull', False), ('words', '')), _connector='OR'), name='doubt_is_of_words_or_of_two_articles'),
        ),
        migrations.AddConstraint(
            model_name='doubt',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'lead', 'head', 'executive'])), name='doubt_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='doubt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('verdict', ''), ('why', '')), models.Q(('act_at__isnull', True), ('answered_at__isnull', False), ('answered_by__isnull', False), ('verdict__in', ['article_wrong', 'statement_wrong', 'both_true']), models.Q(('why', ''), _negated=True)), _connector='OR'), name='doubt_is_answered_with_a_verdict_and_why'),
        ),
        migrations.AddConstraint(
            model_name='doubt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('gap_owner__isnull', True), ('verdict__in', ['', 'both_true'])), models.Q(('gap_owner__isnull', False), ('verdict__in', ['article_wrong', 'statement_wrong'])), _connector='OR'), name='doubt_of_an_error_leaves_a_gap_with_an_owner'),
        ),
        migrations.AddConstraint(
            model_name='doubt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('gap_closed_at__isnull', True), ('gap_closed_by__isnull', True), ('lesson', '')), models.Q(('gap_closed_at__isnull', False), ('gap_closed_by__isnull', False), ('gap_owner__isnull', False), models.Q(('lesson', ''), _negated=True)), _connector='OR'), name='doubt_gap_is_closed_by_what_was_learned'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
