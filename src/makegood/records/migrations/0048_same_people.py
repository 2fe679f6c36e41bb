"""Goodwill is counted for a person, under however many entries they stand."""

import re
from pathlib import Path

from django.db import migrations

from makegood.records import migrating

_HERE = Path(__file__)
_LAWS = _HERE.with_name("0048_same_people.sql").read_text(encoding="utf-8")
_BEFORE = _HERE.with_name("0039_incident_ends.sql").read_text(encoding="utf-8")
# What the law of remedies says otherwise from now on; what an incident gives to each stays each one's.
_CHANGES = (
    (
        "WHERE c.id = the_customer FOR NO KEY UPDATE;",
        "WHERE c.id = ANY (CASE WHEN NEW.of_incident_id IS NULL"
        " THEN ARRAY(SELECT counted_with(the_customer, the_activity))"
        " ELSE ARRAY[the_customer] END) ORDER BY c.id FOR NO KEY UPDATE;",
    ),
    (
        "WHERE c.customer_id = the_customer AND r.currency",
        "WHERE c.customer_id IN (SELECT counted_with(the_customer, the_activity)) AND r.currency",
    ),
    (
        "OR given_to(the_customer,",
        "OR given_to_person(the_customer,",
    ),
)


def _law_of_remedies() -> str:
    made = re.search(
        r"CREATE OR REPLACE FUNCTION remedy_is_authorised\(.*?\$\$.*?\$\$;", _BEFORE, re.DOTALL
    )
    assert made is not None
    return made[0]


def _changed(law: str) -> str:
    for before, after in _CHANGES:
        assert law.count(before) == 1, before
        law = law.replace(before, after)
    return law


_UNDO = """
    DROP FUNCTION given_to_person;
    DROP FUNCTION counted_with;
    DROP FUNCTION same_people;
    DROP INDEX customer_by_number;
    DROP INDEX customer_by_email;
    DROP FUNCTION number_of;
"""


class Migration(migrating.Migration):
    """Follows `0047_case_by_owner`."""

    dependencies = [
        ('records', '0047_case_by_owner'),
    ]

    operations = [
        migrations.RunSQL(_LAWS + _changed(_law_of_remedies()), _law_of_remedies() + _UNDO),
    ]
