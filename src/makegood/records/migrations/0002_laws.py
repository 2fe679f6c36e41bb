"""The laws in SQL, beside this file: what Django's constraints cannot say."""

from pathlib import Path

from django.db import migrations

from makegood.records import migrating

LAWS = Path(__file__).with_name("0002_laws.sql").read_text(encoding="utf-8")


class Migration(migrating.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunSQL(LAWS, reverse_sql=migrations.RunSQL.noop)]
