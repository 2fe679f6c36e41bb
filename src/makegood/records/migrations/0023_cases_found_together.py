"""Cases that are opened together are made findable together; the SQL stands beside this file."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from makegood.records import migrating

FOLDER = Path(__file__).parent
LAWS = (FOLDER / "0023_cases_found_together.sql").read_text(encoding="utf-8")
BEFORE = (FOLDER / "0005_finding.sql").read_text(encoding="utf-8")


def _before(begin: str, end: str) -> str:
    """The first piece of what was in force before, from one text to another."""
    start = BEFORE.index(begin)
    return BEFORE[start : BEFORE.index(end, start) + len(end)]


UNDO = "".join(
    (
        "DROP TRIGGER case_is_found_by_its_words ON records_case;",
        "DROP TRIGGER case_is_found_by_its_new_words ON records_case;",
        "DROP FUNCTION search_follows_new_cases();",
        "DROP FUNCTION search_words_of_case(bigint) CASCADE;",
        "DROP FUNCTION search_heads_of_cases(bigint[]);",
        _before("CREATE FUNCTION search_words_of_case", "$$;"),
        _before("CREATE TRIGGER case_is_found_by_its_words", "search_follows_case();"),
    )
)


class Migration(migrating.Migration):
    """Follows `0022_foresight`."""

    dependencies: ClassVar = [("records", "0022_foresight")]
    operations: ClassVar = [migrations.RunSQL(LAWS, reverse_sql=UNDO)]
