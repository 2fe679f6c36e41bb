"""Found money is paid by a remedy that nobody grants, and letters stay as they left; laws beside."""

from pathlib import Path

from django.db import migrations, models

from makegood.records import migrating


LAWS = Path(__file__).with_name("0035_found_money.sql").read_text(encoding="utf-8")
UNDO = Path(__file__).with_name("0035_found_money_undo.sql").read_text(encoding="utf-8")
SOURCES = ['scheme', 'own', 'goodwill', 'found']
FROM_A_SCHEME = models.Q(
    models.Q(models.Q(('source__in', ['own', 'scheme']), _negated=True), ('scheme', '')),
    models.Q(('source__in', ['own', 'scheme']), models.Q(('scheme', ''), _negated=True)),
    _connector='OR',
)


class Migration(migrating.Migration):
    """Follows `0034_partners`."""

    dependencies = [
        ('records', '0034_partners'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='as_sent',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.RemoveConstraint(model_name='approvalrequest', name='approval_says_where_it_comes_from'),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', SOURCES), FROM_A_SCHEME), name='approval_says_where_it_comes_from'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('source', 'found'), _negated=True), name='approval_is_not_asked_for_found_money'),
        ),
        migrations.RemoveConstraint(model_name='remedy', name='remedy_says_where_it_comes_from'),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', SOURCES), FROM_A_SCHEME), name='remedy_says_where_it_comes_from'),
        ),
        migrations.RemoveConstraint(model_name='remedy', name='remedy_is_granted_by_somebody'),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('granted_by__isnull', False), ('late_for__isnull', False), ('source', 'found'), _connector='OR'), name='remedy_is_granted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'found')), fields=('case',), name='remedy_of_found_money_once'),
        ),
        migrations.RunSQL(LAWS, reverse_sql=UNDO),
    ]
