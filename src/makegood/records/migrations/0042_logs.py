"""A log speaks too: for whoever gave the words before its cases came in."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0041_found_account`."""

    dependencies = [
        ('records', '0041_found_account'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='gatepass',
            name='gate_pass_speaker_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='promise',
            name='promise_speaker_is_known',
        ),
        migrations.AddConstraint(
            model_name='gatepass',
            constraint=models.CheckConstraint(condition=models.Q(('speaker__in', ['person', 'template', 'bot', 'system', 'partner', 'log'])), name='gate_pass_speaker_is_known'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('speaker__in', ['person', 'template', 'bot', 'system', 'partner', 'log'])), name='promise_speaker_is_known'),
        ),
    ]
