"""Suppliers by API and mail, and how a customer wishes to be reached."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0031_imports'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='etachange',
            name='eta_source_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='mail',
            name='mail_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='mail',
            name='mail_is_set_aside_for_a_known_reason',
        ),
        migrations.RemoveConstraint(
            model_name='reply',
            name='reply_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='token',
            name='token_has_known_scopes',
        ),
        migrations.AddField(
            model_name='customer',
            name='reach_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='etachange',
            name='source',
            field=models.CharField(choices=[('lead_time', 'Lead Time'), ('desk', 'Desk'), ('file', 'File'), ('api', 'Api'), ('mail', 'Mail')], max_length=10),
        ),
        migrations.AlterField(
            model_name='mail',
            name='kind',
            field=models.CharField(choices=[('reply', 'Reply'), ('news', 'News'), ('automatic', 'Automatic'), ('receipt', 'Receipt'), ('supply', 'Supply'), ('aside', 'Aside')], max_length=10),
        ),
        migrations.AlterField(
            model_name='reply',
            name='kind',
            field=models.CharField(choices=[('words', 'Words'), ('call', 'Call'), ('no_call', 'No Call'), ('choice', 'Choice'), ('other_day', 'Other Day'), ('right', 'Right'), ('more', 'More'), ('not_right', 'Not Right'), ('suits', 'Suits'), ('hours', 'Hours')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('reach_by', ''), ('reach_by__in', ['phone', 'sms', 'email']), _connector='OR'), name='customer_is_reached_by_a_known_way'),
        ),
        migrations.AddConstraint(
            model_name='etachange',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['lead_time', 'desk', 'file', 'api', 'mail'])), name='eta_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reply', 'news', 'automatic', 'receipt', 'supply', 'aside'])), name='mail_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('aside_because', ''), ('aside_because__in', ['broken', 'too_large', 'no_sender', 'unproven', 'staff', 'other_sender', 'old', 'shared', 'no_owner', 'failed', 'copy', 'machine', 'supply']), _connector='OR'), name='mail_is_set_aside_for_a_known_reason'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['words', 'call', 'no_call', 'choice', 'other_day', 'right', 'more', 'not_right', 'suits', 'hours'])), name='reply_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='token',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__len__gt', 0), ('scopes__contained_by', ['read', 'report', 'say', 'promise', 'grant', 'supply', 'admin'])), name='token_has_known_scopes'),
        ),
    ]
