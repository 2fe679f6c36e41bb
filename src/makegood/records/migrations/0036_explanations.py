"""A message may explain why it happened."""

from django.db import migrations, models

from makegood.records import migrating


class Migration(migrating.Migration):
    """Follows `0035_found_money`."""

    dependencies = [
        ('records', '0035_found_money'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_is_known',
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('apology', 'Apology'), ('remedy', 'Remedy'), ('visit', 'Visit'), ('question', 'Question'), ('honest_no', 'Honest No'), ('parting', 'Parting'), ('explanation', 'Explanation')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['apology', 'remedy', 'visit', 'question', 'honest_no', 'parting', 'explanation'])), name='message_kind_is_known'),
        ),
    ]
