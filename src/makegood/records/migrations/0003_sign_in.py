"""The schema of who may do what, and how they sign in."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import makegood.records.models.staff

from makegood.records import migrating

# Django's own command for this table asks for another step at each installation. It is unlogged:
# what it holds are counts of tries of the last minutes, written often and worth nothing later.
CACHE = """
CREATE UNLOGGED TABLE makegood_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX makegood_cache_by_expiry ON makegood_cache (expires);
"""

LOWER = """
UPDATE records_staff SET email = lower(email) WHERE email <> lower(email);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrating.Migration):
    """Follows `0002_laws`."""

    dependencies: ClassVar = [("records", "0002_laws")]
    operations: ClassVar = [
        migrations.RunSQL(CACHE, reverse_sql="DROP TABLE makegood_cache"),
        migrations.CreateModel(
            name='SecondStepRole',
            fields=[
                ('role', models.CharField(choices=[('agent', 'Agent'), ('owner', 'Owner'), ('dispatcher', 'Dispatcher'), ('supervisor', 'Supervisor'), ('executive', 'Executive'), ('knowledge_keeper', 'Knowledge Keeper'), ('administrator', 'Administrator')], max_length=20, primary_key=True, serialize=False)),
                ('set_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SignInMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invitation', 'Invitation'), ('reset', 'Reset'), ('password_changed', 'Password Changed'), ('second_step_changed', 'Second Step Changed')], max_length=30)),
                ('asked_at', models.DateTimeField()),
                ('send_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.AddField(
            model_name='staff',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='staff',
            name='email',
            field=makegood.records.models.staff.AddressField(max_length=254, unique=True),
        ),
        migrations.RunSQL(LOWER, reverse_sql=migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name='staff', name='staff_email_once'),
        migrations.AddConstraint(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='staff_email_is_in_lower_case'),
        ),
        migrations.AddConstraint(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('language', ''), ('language__regex', '^[a-z]{2,3}(-[a-z]{2,4})?$'), _connector='OR'), name='staff_language_is_a_code'),
        ),
        migrations.AddField(
            model_name='secondsteprole',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to="records.staff"),
        ),
        migrations.AddField(
            model_name='signinmail',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to="records.staff"),
        ),
        migrations.AddConstraint(
            model_name='secondsteprole',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['agent', 'owner', 'dispatcher', 'supervisor', 'executive', 'knowledge_keeper', 'administrator'])), name='second_step_role_is_known'),
        ),
        migrations.AddIndex(
            model_name='signinmail',
            index=models.Index(condition=models.Q(('send_at__isnull', False)), fields=['send_at'], name='sign_in_mail_waiting'),
        ),
        migrations.AddConstraint(
            model_name='signinmail',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['invitation', 'reset', 'password_changed', 'second_step_changed'])), name='sign_in_mail_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='signinmail',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at', None), ('send_at', None), _connector='OR'), name='sign_in_mail_sent_is_not_sent_again'),
        ),
    ]
