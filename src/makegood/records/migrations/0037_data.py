"""The schema of imports, exports and the list of who took what; their laws in SQL stand beside."""

import re
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LAWS = Path(__file__).with_name("0037_data.sql").read_text(encoding="utf-8")
UNDO = "".join(
    f"DROP TRIGGER {name} ON {table};"
    for name, table in re.findall(r"CREATE TRIGGER (\w+) .*?ON (records_\w+)", LAWS)
) + "".join(f"DROP FUNCTION {name};" for name in re.findall(r"CREATE FUNCTION (\w+\(\))", LAWS))


class Migration(migrating.Migration):
    """Follows `0036_explanations`."""

    dependencies = [
        ('records', '0036_explanations'),
    ]

    operations = [
        migrations.CreateModel(
            name='DataAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed', models.CharField(choices=[('imported', 'Imported'), ('exported', 'Exported'), ('taken', 'Taken'), ('copied', 'Copied')], max_length=10)),
                ('number', models.PositiveBigIntegerField(null=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('ready', 'Ready'), ('gone', 'Gone'), ('failed', 'Failed')], max_length=10)),
                ('place', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('rows', models.PositiveBigIntegerField(default=0)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('ready_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='ExportPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='ImportedCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='import',
            name='import_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='import',
            name='import_that_is_over_keeps_no_file',
        ),
        migrations.RemoveIndex(
            model_name='import',
            name='import_loading',
        ),
        migrations.AddField(
            model_name='import',
            name='begun_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='import',
            name='begun_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='import',
            name='columns',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='import',
            name='forget_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='import',
            name='function',
            field=models.CharField(default='information', max_length=20),
        ),
        migrations.AddField(
            model_name='import',
            name='size',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='import',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team'),
        ),
        migrations.AddField(
            model_name='import',
            name='tried',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='import',
            name='why',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='import',
            name='zone',
            field=models.CharField(default='UTC', max_length=64),
        ),
        migrations.AddField(
            model_name='origin',
            name='of_import',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='records.import'),
        ),
        migrations.AlterField(
            model_name='import',
            name='state',
            field=models.CharField(choices=[('looked', 'Looked'), ('trying', 'Trying'), ('tried', 'Tried'), ('loading', 'Loading'), ('done', 'Done'), ('given_up', 'Given Up')], max_length=10),
        ),
        migrations.AlterField(
            model_name='import',
            name='what',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(condition=models.Q(('state__in', ('trying', 'loading'))), fields=['id'], name='import_at_work'),
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(condition=models.Q(('forget_at__isnull', False)), fields=['forget_at'], name='import_to_forget'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['looked', 'trying', 'tried', 'loading', 'done', 'given_up'])), name='import_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state__in', ('done', 'given_up')), _negated=True), ('ended_at__isnull', True)), models.Q(('content', b''), ('ended_at__isnull', False), ('state__in', ('done', 'given_up'))), _connector='OR'), name='import_that_is_over_keeps_no_file'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('begun_at__isnull', True), ('begun_by__isnull', True), models.Q(('state__in', ['loading', 'done']), _negated=True)), models.Q(('begun_at__isnull', False), ('begun_by__isnull', False)), _connector='OR'), name='import_is_begun_by_somebody'),
        ),
        migrations.AddField(
            model_name='dataact',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dataact',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_acts', to='records.customer'),
        ),
        migrations.AddField(
            model_name='export',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exportpiece',
            name='of_export',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='records.export'),
        ),
        migrations.AddField(
            model_name='importedcase',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='imported', to='records.case'),
        ),
        migrations.AddField(
            model_name='importedcase',
            name='of_import',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='records.import'),
        ),
        migrations.AddIndex(
            model_name='dataact',
            index=models.Index(fields=['-at'], name='data_act_by_time'),
        ),
        migrations.AddConstraint(
            model_name='dataact',
            constraint=models.CheckConstraint(condition=models.Q(('deed__in', ['imported', 'exported', 'taken', 'copied'])), name='data_act_is_a_known_deed'),
        ),
        migrations.AddConstraint(
            model_name='dataact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('customer__isnull', False), ('deed', 'copied')), models.Q(models.Q(('deed', 'copied'), _negated=True), ('customer__isnull', True)), _connector='OR'), name='data_act_names_whose_data_was_copied'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state', 'asked')), fields=['id'], name='export_asked'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state', 'ready')), fields=['expires_at'], name='export_expires'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'ready', 'gone', 'failed'])), name='export_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ready_at__isnull', True), ('state__in', ['asked', 'failed'])), models.Q(('expires_at__gt', models.F('ready_at')), ('expires_at__isnull', False), ('ready_at__isnull', False), ('state__in', ['ready', 'gone'])), _connector='OR'), name='export_that_is_ready_expires'),
        ),
        migrations.AddConstraint(
            model_name='exportpiece',
            constraint=models.UniqueConstraint(fields=('of_export', 'number'), name='export_piece_once'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
