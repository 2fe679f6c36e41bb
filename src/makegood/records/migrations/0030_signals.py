"""The schema of signals: how a platform writes, and what became of each signal."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0029_gestures`."""

    dependencies = [
        ('records', '0029_gestures'),
    ]

    operations = [
        migrations.AddField(
            model_name='signalsource',
            name='back',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None),
        ),
        migrations.AddField(
            model_name='signalsource',
            name='kinds',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None),
        ),
        migrations.AddField(
            model_name='signalsource',
            name='says',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=450)),
                ('device', models.CharField(blank=True, max_length=200)),
                ('kind', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(blank=True, max_length=200)),
                ('meaning', models.CharField(blank=True, max_length=10)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('raw', models.JSONField(default=dict)),
                ('end', models.CharField(choices=[('opened', 'Opened'), ('joined', 'Joined'), ('back', 'Back'), ('unsteady', 'Unsteady'), ('counted', 'Counted'), ('noted', 'Noted'), ('aside', 'Aside'), ('let_go', 'Let Go')], max_length=10)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('settled_at', models.DateTimeField(null=True)),
                ('asset', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.asset')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='records.case')),
                ('settled_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='records.signalsource')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('asset__isnull', False)), fields=['asset', '-happened_at'], name='signal_of_an_asset'), models.Index(condition=models.Q(('end', 'aside')), fields=['source'], name='signal_set_aside')],
                'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='signal_once'), models.CheckConstraint(condition=models.Q(('end__in', ['opened', 'joined', 'back', 'unsteady', 'counted', 'noted', 'aside', 'let_go'])), name='signal_end_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('end__in', ['opened', 'joined', 'back', 'unsteady']), _negated=True), models.Q(('asset__isnull', False), ('case__isnull', False)), _connector='OR'), name='signal_of_a_case_names_it'), models.CheckConstraint(condition=models.Q(models.Q(('end__in', ['aside', 'let_go']), _negated=True), models.Q(('why', ''), _negated=True), _connector='OR'), name='signal_is_set_aside_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('end', 'let_go'), _negated=True), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='signal_is_let_go_by_somebody')],
            },
        ),
    ]
