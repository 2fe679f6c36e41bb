"""The schema of gestures; their laws in SQL stand beside this file."""

import re
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating


LAWS = Path(__file__).with_name("0029_gestures.sql").read_text(encoding="utf-8")
UNDO = "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS)) + "".join(
    f"DROP TRIGGER {name} ON {table};"
    for name, table in re.findall(r"CREATE TRIGGER (\w+) BEFORE (?:UPDATE OR )?DELETE OR TRUNCATE ON (\w+)", LAWS)
)


class Migration(migrating.Migration):
    """Follows `0028_learning`."""

    dependencies = [
        ('records', '0028_learning'),
    ]

    operations = [
        migrations.CreateModel(
            name='Gesture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=100)),
                ('cost_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('given_at', models.DateTimeField()),
                ('key', models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name='GestureBudget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('per_period_minor', models.PositiveBigIntegerField()),
                ('period_days', models.PositiveSmallIntegerField(default=30)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='GestureItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('cost_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('retired_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='settingschange',
            name='settings_change_is_of_a_known_kind',
        ),
        migrations.AlterField(
            model_name='settingschange',
            name='thing',
            field=models.CharField(choices=[('service', 'Service'), ('asset', 'Asset'), ('ladder', 'Ladder'), ('duty', 'Duty'), ('calendar', 'Calendar'), ('team', 'Team'), ('staff', 'Staff'), ('crew', 'Crew'), ('round', 'Round'), ('authority', 'Authority'), ('conflict', 'Conflict'), ('scheme', 'Scheme'), ('gesture', 'Gesture'), ('budget', 'Budget'), ('token', 'Token'), ('sign_in', 'Sign In')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='settingschange',
            constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['service', 'asset', 'ladder', 'duty', 'calendar', 'team', 'staff', 'crew', 'round', 'authority', 'conflict', 'scheme', 'gesture', 'budget', 'token', 'sign_in']), ('deed__in', ['made', 'changed', 'removed'])), name='settings_change_is_of_a_known_kind'),
        ),
        migrations.AddField(
            model_name='gesture',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gestures', to='records.case'),
        ),
        migrations.AddField(
            model_name='gesture',
            name='given_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='gesture',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team'),
        ),
        migrations.AddField(
            model_name='gesturebudget',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team'),
        ),
        migrations.AddConstraint(
            model_name='gestureitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('currency__regex', '^[A-Z]{3}$')), name='gesture_item_has_a_name_and_a_currency'),
        ),
        migrations.AddConstraint(
            model_name='gestureitem',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('name',), name='gesture_item_once'),
        ),
        migrations.AddField(
            model_name='gesture',
            name='item',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='gestures', to='records.gestureitem'),
        ),
        migrations.AddConstraint(
            model_name='gesturebudget',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$'), ('period_days__range', (1, 366))), name='gesture_budget_makes_sense'),
        ),
        migrations.AddConstraint(
            model_name='gesturebudget',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('since')), _connector='OR'), name='gesture_budget_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='gesturebudget',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('team', 'currency'), name='gesture_budget_of_a_team_once'),
        ),
        migrations.AddIndex(
            model_name='gesture',
            index=models.Index(fields=['team', 'currency', 'given_at'], name='gesture_by_team'),
        ),
        migrations.AddConstraint(
            model_name='gesture',
            constraint=models.UniqueConstraint(fields=('case',), name='gesture_once_per_case'),
        ),
        migrations.AddConstraint(
            model_name='gesture',
            constraint=models.UniqueConstraint(fields=('key',), name='gesture_once_by_key'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
