"""The settings of money have a history: authority, closeness and schemes in use."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows the migration before it by schema only."""

    dependencies = [
        ('records', '0020_wall'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='settingschange',
            name='settings_change_is_of_a_known_kind',
        ),
        migrations.AlterField(
            model_name='settingschange',
            name='key',
            field=models.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name='settingschange',
            name='thing',
            field=models.CharField(choices=[('service', 'Service'), ('asset', 'Asset'), ('ladder', 'Ladder'), ('duty', 'Duty'), ('calendar', 'Calendar'), ('team', 'Team'), ('staff', 'Staff'), ('crew', 'Crew'), ('round', 'Round'), ('authority', 'Authority'), ('conflict', 'Conflict'), ('scheme', 'Scheme'), ('token', 'Token'), ('sign_in', 'Sign In')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='settingschange',
            constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['service', 'asset', 'ladder', 'duty', 'calendar', 'team', 'staff', 'crew', 'round', 'authority', 'conflict', 'scheme', 'token', 'sign_in']), ('deed__in', ['made', 'changed', 'removed'])), name='settings_change_is_of_a_known_kind'),
        ),
    ]
