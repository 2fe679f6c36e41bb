"""The schema of erasing, retention and importing; what guards them is in SQL."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LAWS = Path(__file__).with_name("0031_imports.sql").read_text(encoding="utf-8")


class Migration(migrating.Migration):

    dependencies = [
        ('records', '0030_signals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('because', models.CharField(choices=[('asked', 'Asked'), ('retention', 'Retention')], max_length=10)),
                ('erased_at', models.DateTimeField()),
                ('made_in', models.BigIntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('source', models.CharField(max_length=100)),
                ('form', models.CharField(max_length=10)),
                ('what', models.CharField(max_length=10)),
                ('mapping', models.JSONField(default=dict)),
                ('content', models.BinaryField()),
                ('state', models.CharField(choices=[('looked', 'Looked'), ('loading', 'Loading'), ('done', 'Done'), ('given_up', 'Given Up')], max_length=10)),
                ('total', models.PositiveIntegerField(default=0)),
                ('place', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('bad', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=100)),
                ('external_id', models.CharField(max_length=200)),
                ('imported_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('customers', 'Customers'), ('mail', 'Mail')], max_length=10, unique=True)),
                ('days', models.PositiveIntegerField()),
                ('look_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='settingschange',
            name='settings_change_is_of_a_known_kind',
        ),
        migrations.AlterField(
            model_name='settingschange',
            name='thing',
            field=models.CharField(choices=[('service', 'Service'), ('asset', 'Asset'), ('ladder', 'Ladder'), ('duty', 'Duty'), ('calendar', 'Calendar'), ('team', 'Team'), ('staff', 'Staff'), ('crew', 'Crew'), ('round', 'Round'), ('authority', 'Authority'), ('conflict', 'Conflict'), ('scheme', 'Scheme'), ('gesture', 'Gesture'), ('budget', 'Budget'), ('token', 'Token'), ('sign_in', 'Sign In'), ('retention', 'Retention')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='settingschange',
            constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['service', 'asset', 'ladder', 'duty', 'calendar', 'team', 'staff', 'crew', 'round', 'authority', 'conflict', 'scheme', 'gesture', 'budget', 'token', 'sign_in', 'retention']), ('deed__in', ['made', 'changed', 'removed'])), name='settings_change_is_of_a_known_kind'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='erasure',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='records.customer'),
        ),
        migrations.AddField(
            model_name='import',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='origin',
            name='asset',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='records.asset'),
        ),
        migrations.AddField(
            model_name='origin',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='records.customer'),
        ),
        migrations.AddConstraint(
            model_name='retention',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['customers', 'mail'])), name='retention_is_of_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='retention',
            constraint=models.CheckConstraint(condition=models.Q(('days__range', (30, 36500))), name='retention_is_a_month_to_a_century'),
        ),
        migrations.AddIndex(
            model_name='erasure',
            index=models.Index(fields=['made_in'], name='erasure_by_transaction'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('because__in', ['asked', 'retention'])), name='erasure_is_for_a_known_reason'),
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(condition=models.Q(('state', 'loading')), fields=['id'], name='import_loading'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['looked', 'loading', 'done', 'given_up'])), name='import_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['looked', 'loading'])), models.Q(('content', b''), ('ended_at__isnull', False), ('state__in', ['done', 'given_up'])), _connector='OR'), name='import_that_is_over_keeps_no_file'),
        ),
        migrations.AddConstraint(
            model_name='origin',
            constraint=models.UniqueConstraint(condition=models.Q(('customer__isnull', False)), fields=('source', 'external_id'), name='origin_of_a_customer_once'),
        ),
        migrations.AddConstraint(
            model_name='origin',
            constraint=models.UniqueConstraint(condition=models.Q(('asset__isnull', False)), fields=('source', 'external_id'), name='origin_of_an_asset_once'),
        ),
        migrations.AddConstraint(
            model_name='origin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asset__isnull', True), ('customer__isnull', False)), models.Q(('asset__isnull', False), ('customer__isnull', True)), _connector='OR'), name='origin_is_of_a_customer_or_an_asset'),
        ),
        migrations.AddConstraint(
            model_name='origin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('external_id', ''), _negated=True)), name='origin_has_a_source_and_an_id'),
        ),
        migrations.RunSQL(LAWS),
    ]
