"""What crews can do, as it is named."""

from makegood.records.models import Crew


def skills_of_crews() -> tuple[str, ...]:
    """Every skill of a crew that still goes out, once."""
    rows = Crew.objects.filter(retired_at=None).values_list("skills", flat=True)
    return tuple(sorted({skill for skills in rows for skill in skills}))
