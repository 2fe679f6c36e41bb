"""The mailbox by which letters are counted goes with the person, as the address does."""

from django.db import migrations

from makegood.records import migrating


def guard(columns: str) -> str:
    """Erasing empties these columns of a letter, and changes nothing else."""
    return f"""
DROP TRIGGER erasing_takes_only_words ON records_letter;
CREATE TRIGGER erasing_takes_only_words BEFORE UPDATE ON records_letter
    FOR EACH ROW WHEN (coalesce(current_setting('makegood.erasing', true), '') <> '')
    EXECUTE FUNCTION erasing_takes_only_words('{{{columns}}}', 'case');
"""


class Migration(migrating.Migration):
    """Follows `0043_mailboxes`."""

    dependencies = [
        ('records', '0043_mailboxes'),
    ]

    operations = [
        migrations.RunSQL(
            guard('recipient,mailbox,subject,words,as_sent,error'),
            reverse_sql=guard('recipient,subject,words,as_sent,error'),
        ),
    ]
