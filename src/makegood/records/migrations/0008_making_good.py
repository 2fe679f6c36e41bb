"""The schema of remedies, authority and money; its laws in SQL stand beside this file."""

import re
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from makegood.records import migrating

LAWS = Path(__file__).with_name("0008_making_good.sql").read_text(encoding="utf-8")
UNDO = "".join(f"DROP FUNCTION {name} CASCADE;" for name in re.findall(r"CREATE FUNCTION (\w+)", LAWS))


class Migration(migrating.Migration):
    """Follows `0007_customer_choices`."""

    dependencies = [("records", "0007_customer_choices")]
    operations = [
        migrations.CreateModel(
            name='ApprovalRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('source', models.CharField(max_length=10)),
                ('scheme', models.CharField(blank=True, max_length=60)),
                ('version', models.CharField(blank=True, max_length=40)),
                ('trace', models.JSONField(default=list)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('thing', models.CharField(blank=True, max_length=200)),
                ('because', models.CharField(max_length=300)),
                ('late_minor', models.PositiveBigIntegerField(default=0)),
                ('pay_by', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=100)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('passed_on', models.PositiveSmallIntegerField(default=0)),
                ('small_minor', models.PositiveBigIntegerField(default=0)),
                ('decided_at', models.DateTimeField(null=True)),
                ('approved', models.BooleanField(null=True)),
                ('by_default', models.BooleanField(default=False)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('instead', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, choices=[('agent', 'Agent'), ('owner', 'Owner'), ('dispatcher', 'Dispatcher'), ('supervisor', 'Supervisor'), ('executive', 'Executive'), ('knowledge_keeper', 'Knowledge Keeper'), ('administrator', 'Administrator')], max_length=20)),
                ('currency', models.CharField(max_length=3)),
                ('activity', models.CharField(max_length=10)),
                ('per_case_minor', models.PositiveBigIntegerField()),
                ('per_period_minor', models.PositiveBigIntegerField()),
                ('period_days', models.PositiveSmallIntegerField(default=30)),
                ('small_minor', models.PositiveBigIntegerField(default=0)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'authorities',
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declared_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Entitlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=60)),
                ('look_at', models.DateTimeField(null=True)),
                ('version', models.CharField(blank=True, max_length=40)),
                ('amount_minor', models.PositiveBigIntegerField(null=True)),
                ('granted_minor', models.PositiveBigIntegerField(default=0)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('pay_by', models.DateField(null=True)),
                ('because', models.CharField(blank=True, max_length=1000)),
                ('unsure', models.CharField(blank=True, max_length=1000)),
                ('raised_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Fee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=200)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('charged_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('source', models.CharField(max_length=50)),
                ('external_id', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(choices=[('owed', 'Owed'), ('out', 'Out'), ('goodwill', 'Goodwill'), ('scheme', 'Scheme'), ('waiver', 'Waiver')], max_length=10)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
            ],
            options={
                'verbose_name_plural': 'ledger entries',
            },
        ),
        migrations.CreateModel(
            name='LedgerTransaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('granted', 'Granted'), ('arrived', 'Arrived'), ('released', 'Released')], max_length=10)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=100, unique=True)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('arrived', 'Arrived'), ('failed', 'Failed')], max_length=10)),
                ('made_at', models.DateTimeField()),
                ('send_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('arrived_at', models.DateTimeField(null=True)),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Remedy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('source', models.CharField(max_length=10)),
                ('scheme', models.CharField(blank=True, max_length=60)),
                ('version', models.CharField(blank=True, max_length=40)),
                ('trace', models.JSONField(default=list)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('thing', models.CharField(blank=True, max_length=200)),
                ('because', models.CharField(max_length=300)),
                ('late_minor', models.PositiveBigIntegerField(default=0)),
                ('pay_by', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=100)),
                ('granted_at', models.DateTimeField()),
                ('outcome', models.CharField(max_length=10, null=True)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'remedies',
            },
        ),
        migrations.CreateModel(
            name='SchemeUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=60)),
                ('on', models.CharField(max_length=10)),
                ('function', models.CharField(blank=True, max_length=20)),
                ('facts', models.JSONField(default=dict)),
                ('is_own', models.BooleanField(default=False)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Withholding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('asked', models.BooleanField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_is_known',
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('apology', 'Apology'), ('remedy', 'Remedy')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['apology', 'remedy'])), name='message_kind_is_known'),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='approver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='records.case'),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='decided_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='authority',
            name='set_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='authority',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='conflict',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='records.customer'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='declared_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='conflict',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entitlement',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entitlements', to='records.case'),
        ),
        migrations.AddField(
            model_name='fee',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fees', to='records.customer'),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='fee',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='records.fee'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.case'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.customer'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='transaction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='records.ledgertransaction'),
        ),
        migrations.AddField(
            model_name='remedy',
            name='approval',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remedy', to='records.approvalrequest'),
        ),
        migrations.AddField(
            model_name='remedy',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='records.case'),
        ),
        migrations.AddField(
            model_name='remedy',
            name='fee',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='records.fee'),
        ),
        migrations.AddField(
            model_name='remedy',
            name='granted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='granted', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remedy',
            name='late_for',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='second', to='records.remedy'),
        ),
        migrations.AddField(
            model_name='remedy',
            name='promise',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='remedy', to='records.promise'),
        ),
        migrations.AddField(
            model_name='remedy',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.team'),
        ),
        migrations.AddField(
            model_name='payment',
            name='remedy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='records.remedy'),
        ),
        migrations.AddField(
            model_name='ledgertransaction',
            name='remedy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='records.remedy'),
        ),
        migrations.AddConstraint(
            model_name='schemeuse',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('scheme', 'on', 'function'), name='scheme_use_once'),
        ),
        migrations.AddConstraint(
            model_name='schemeuse',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scheme', ''), _negated=True), models.Q(('on', ''), _negated=True)), name='scheme_use_says_of_what'),
        ),
        migrations.AddField(
            model_name='withholding',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withholdings', to='records.case'),
        ),
        migrations.AddField(
            model_name='withholding',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['agent', 'owner', 'dispatcher', 'supervisor', 'executive', 'knowledge_keeper', 'administrator']), ('staff__isnull', True)), models.Q(('role', ''), ('staff__isnull', False)), _connector='OR'), name='authority_of_a_person_or_a_role'),
        ),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.CheckConstraint(condition=models.Q(('activity__in', ['goodwill', 'scheme', 'waiver'])), name='authority_activity_is_known'),
        ),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='authority_currency_is_one'),
        ),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.CheckConstraint(condition=models.Q(('per_period_minor__gte', models.F('per_case_minor')), ('small_minor__lte', models.F('per_period_minor')), ('period_days__range', (1, 366))), name='authority_limits_make_sense'),
        ),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('since')), _connector='OR'), name='authority_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('staff__isnull', False)), fields=('staff', 'currency', 'activity'), name='authority_of_a_person_once'),
        ),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('staff__isnull', True)), fields=('role', 'currency', 'activity'), name='authority_of_a_role_once'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.UniqueConstraint(fields=('staff', 'customer'), name='conflict_once'),
        ),
        migrations.AddIndex(
            model_name='entitlement',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='entitlement_waiting'),
        ),
        migrations.AddConstraint(
            model_name='entitlement',
            constraint=models.UniqueConstraint(fields=('case', 'scheme'), name='entitlement_once_per_case_and_scheme'),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=models.UniqueConstraint(fields=('source', 'external_id'), name='fee_once'),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), ('currency__regex', '^[A-Z]{3}$'), models.Q(('what', ''), _negated=True)), name='fee_is_an_amount_for_something'),
        ),
        migrations.AddIndex(
            model_name='approvalrequest',
            index=models.Index(condition=models.Q(('decided_at__isnull', True)), fields=['due_at'], name='approval_waiting'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.UniqueConstraint(fields=('key',), name='approval_once_by_key'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__gt', 0), ('kind__in', ['credit', 'refund', 'waiver']), ('thing', '')), models.Q(('kind__in', ['gift', 'in_kind', 'replacement']), models.Q(('thing', ''), _negated=True)), _connector='OR'), name='approval_is_money_or_a_thing'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['scheme', 'own', 'goodwill']), models.Q(models.Q(('scheme', ''), ('source', 'goodwill')), models.Q(models.Q(('source', 'goodwill'), _negated=True), models.Q(('scheme', ''), _negated=True)), _connector='OR')), name='approval_says_where_it_comes_from'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$'), models.Q(('because', ''), _negated=True)), name='approval_has_a_currency_and_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fee__isnull', False), ('kind', 'waiver')), models.Q(models.Q(('kind', 'waiver'), _negated=True), ('fee__isnull', True)), _connector='OR'), name='approval_waives_a_fee'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('requested_by', models.F('approver')), _negated=True), models.Q(('requested_by', models.F('decided_by')), _negated=True)), name='approval_by_another_than_who_asked'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved__isnull', True), ('by_default', False), ('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(('approved__isnull', False), ('decided_at__isnull', False)), _connector='OR'), name='approval_open_or_decided'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('decided_at__isnull', True), models.Q(('by_default', False), ('decided_by__isnull', False)), models.Q(('amount_minor__lte', models.F('small_minor')), ('approved', True), ('by_default', True), ('decided_at__gte', models.F('due_at')), ('decided_by__isnull', True)), _connector='OR'), name='approval_by_silence_only_of_small_sums'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('approved__isnull', True), ('approved', True), models.Q(models.Q(('why', ''), _negated=True), models.Q(('instead', ''), _negated=True)), _connector='OR'), name='approval_declined_with_a_reason_and_an_alternative'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='approval_due_after_it_was_asked'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('account__in', ['owed', 'out', 'goodwill', 'scheme', 'waiver']), ('currency__regex', '^[A-Z]{3}$')), name='ledger_account_is_known'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor', 0), _negated=True), name='ledger_entry_is_not_nothing'),
        ),
        migrations.AddIndex(
            model_name='remedy',
            index=models.Index(condition=models.Q(('late_minor__gt', 0), ('outcome__isnull', True)), fields=['pay_by'], name='remedy_waiting_to_be_late'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.UniqueConstraint(fields=('key',), name='remedy_once_by_key'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__gt', 0), ('kind__in', ['credit', 'refund', 'waiver']), ('thing', '')), models.Q(('kind__in', ['gift', 'in_kind', 'replacement']), models.Q(('thing', ''), _negated=True)), _connector='OR'), name='remedy_is_money_or_a_thing'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['scheme', 'own', 'goodwill']), models.Q(models.Q(('scheme', ''), ('source', 'goodwill')), models.Q(models.Q(('source', 'goodwill'), _negated=True), models.Q(('scheme', ''), _negated=True)), _connector='OR')), name='remedy_says_where_it_comes_from'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$'), models.Q(('because', ''), _negated=True)), name='remedy_has_a_currency_and_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fee__isnull', False), ('kind', 'waiver')), models.Q(models.Q(('kind', 'waiver'), _negated=True), ('fee__isnull', True)), _connector='OR'), name='remedy_waives_a_fee'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome__isnull', True), ('outcome', 'arrived'), _connector='OR'), fields=('fee',), name='remedy_waives_a_fee_once'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__isnull', True), ('settled_at__isnull', True)), models.Q(('outcome__in', ['arrived', 'released']), ('outcome__isnull', False), ('settled_at__gte', models.F('granted_at'))), _connector='OR'), name='remedy_open_or_settled'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('granted_by__isnull', False), ('late_for__isnull', False), _connector='OR'), name='remedy_is_granted_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('send_at__isnull', False)), fields=['send_at'], name='payment_waiting'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(fields=('remedy', 'number'), name='payment_once_per_number'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'failed'), _negated=True), fields=('remedy',), name='payment_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arrived_at__isnull', True), ('send_at__isnull', False), ('state', 'waiting')), models.Q(('arrived_at', None), ('send_at__isnull', True), ('sent_at__isnull', False), ('state', 'sent')), models.Q(('arrived_at__isnull', False), ('send_at__isnull', True), ('state', 'arrived')), models.Q(('arrived_at', None), ('send_at__isnull', True), ('state', 'failed'), models.Q(('error', ''), _negated=True)), _connector='OR'), name='payment_waits_or_is_sent_or_arrived_or_failed'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('arrived_at__isnull', True), ('arrived_at__gte', models.F('made_at')), _connector='OR'), name='payment_arrives_after_it_was_made'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.UniqueConstraint(fields=('remedy', 'kind'), name='ledger_books_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['granted', 'arrived', 'released'])), name='ledger_booking_is_known'),
        ),
        migrations.AddConstraint(
            model_name='withholding',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='withholding_has_a_currency'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
