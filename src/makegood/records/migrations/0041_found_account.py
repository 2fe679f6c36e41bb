"""What is given back as found is booked to an account of its own; what was booked before stays."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0040_calls_again'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='ledgerentry', name='ledger_account_is_known'),
        migrations.AlterField(
            model_name='ledgerentry',
            name='account',
            field=models.CharField(choices=[('owed', 'Owed'), ('out', 'Out'), ('goodwill', 'Goodwill'), ('scheme', 'Scheme'), ('waiver', 'Waiver'), ('found', 'Found')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('account__in', ['owed', 'out', 'goodwill', 'scheme', 'waiver', 'found']), ('currency__regex', '^[A-Z]{3}$')), name='ledger_account_is_known'),
        ),
    ]
