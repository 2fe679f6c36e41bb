"""The schema of finding cases quickly: what search finds, saved views, and indexes of the lists."""

from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

HERE = Path(__file__)
FINDING = HERE.with_name("0005_finding.sql").read_text(encoding="utf-8")
ALIKE = HERE.with_name("0005_alike.sql").read_text(encoding="utf-8")


class Migration(migrating.Migration):
    """Follows `0004_settings`."""

    dependencies: ClassVar = [("records", "0004_settings")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='AssetSearch',
            fields=[
                ('asset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search', serialize=False, to='records.asset')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('alike', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'asset searches',
            },
        ),
        migrations.CreateModel(
            name='CaseSearch',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search', serialize=False, to='records.case')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('alike', models.TextField(blank=True)),
                ('waiting_since', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'case searches',
            },
        ),
        migrations.CreateModel(
            name='CustomerSearch',
            fields=[
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search', serialize=False, to='records.customer')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('alike', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'customer searches',
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('address', models.CharField(blank=True, max_length=2000)),
                ('is_default', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['severity', 'known_at', 'id'], name='case_open_by_severity'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['severity', 'known_at', 'id'], name='case_by_severity'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['known_at', 'id'], name='case_by_age'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('outcome__isnull', True)), fields=['due_at', 'id'], name='promise_open_by_due_time'),
        ),
        migrations.AddIndex(
            model_name='assetsearch',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='asset_search_by_words'),
        ),
        migrations.AddIndex(
            model_name='casesearch',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='case_search_by_words'),
        ),
        migrations.AddIndex(
            model_name='casesearch',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['waiting_since'], name='case_search_by_waiting'),
        ),
        migrations.AddIndex(
            model_name='customersearch',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='customer_search_by_words'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='savedview',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to='records.team'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_view_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True)), fields=('owner', 'name'), name='saved_view_named_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True), ('is_default', True)), fields=('owner',), name='saved_view_one_default_per_person'),
        ),
        migrations.RunSQL(FINDING, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(ALIKE, reverse_sql=migrations.RunSQL.noop),
    ]
