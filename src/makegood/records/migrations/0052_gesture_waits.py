"""A gesture waits until somebody has looked whether a scheme owes anything, and not only found it."""

import re
from pathlib import Path

from django.db import migrations

from makegood.records import migrating

_BEFORE = Path(__file__).with_name("0029_gestures.sql").read_text(encoding="utf-8")
_RAISED = "AND e.raised_at IS NOT NULL)"
_LOOKED_AT = "AND (e.raised_at IS NOT NULL OR e.look_at IS NOT NULL))"


def _gesture_lacks() -> str:
    made = re.search(r"CREATE (FUNCTION gesture_lacks\(.*?\$\$.*?\$\$;)", _BEFORE, re.DOTALL)
    assert made is not None
    assert made[1].count(_RAISED) == 1
    return f"CREATE OR REPLACE {made[1]}"


class Migration(migrating.Migration):
    """Follows `0051_left_out_by_row`."""

    dependencies = [
        ('records', '0051_left_out_by_row'),
    ]

    operations = [
        migrations.RunSQL(_gesture_lacks().replace(_RAISED, _LOOKED_AT), _gesture_lacks()),
    ]
