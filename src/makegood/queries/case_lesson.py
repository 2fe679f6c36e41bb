"""What one case taught, for its page: who is asked why it happened, or what was found."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import when
from makegood.queries.when import When
from makegood.records.models import Cause, Lesson

MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLesson:
    """The lesson of a case; an empty `cause` waits to be named, by whom and by when."""

    cause: str
    named_by: str
    gap: str
    gap_owner: str
    learned: str
    asked: str
    due: When


def read_lesson(case_id: int, *, now: datetime, zone: ZoneInfo) -> CaseLesson | None:
    """What the case taught, or who is asked; None before it was ever asked for."""
    related = ("cause", "named_by", "gap_owner", "asked")
    row = Lesson.objects.filter(case=case_id).select_related(*related).first()
    if row is None:
        return None
    return CaseLesson(
        cause=row.cause.name if row.cause else "",
        named_by=row.named_by.name if row.named_by else "",
        gap=row.gap,
        gap_owner=row.gap_owner.name if row.gap_owner else "",
        learned=row.learned,
        asked=row.asked.name,
        due=when.at(row.due_at, now=now, zone=zone),
    )


def known() -> dict[str, tuple[str, ...]]:
    """The causes and gaps that have words already, so that the same ones are found again."""
    gaps = Lesson.objects.exclude(gap="").order_by("gap").values_list("gap", flat=True)
    causes = Cause.objects.order_by("name").values_list("name", flat=True)
    return {"known_causes": tuple(causes[:MOST]), "known_gaps": tuple(gaps.distinct()[:MOST])}
