"""What somebody who leaves would leave behind, shown before they are seen off."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import ngettext_lazy

from makegood.queries.labels import ROLES as RUNGS
from makegood.queries.settings import wording
from makegood.records.models import Case, Handover, Promise, Staff, Team
from makegood.rules.escalation import Role

_SEES_TO = (
    ngettext_lazy(
        "%(count)s cause of failures that they see to",
        "%(count)s causes of failures that they see to",
        "count",
    ),
    ngettext_lazy(
        "%(count)s change that is on its way", "%(count)s changes that are on their way", "count"
    ),
    ngettext_lazy(
        "%(count)s incident that is going on", "%(count)s incidents that are going on", "count"
    ),
    ngettext_lazy(
        "%(count)s round of which they own what is missed",
        "%(count)s rounds of which they own what is missed",
        "count",
    ),
    ngettext_lazy(
        "%(count)s article or template that they answer for",
        "%(count)s articles and templates that they answer for",
        "count",
    ),
)
"""What goes to whoever comes after them, besides cases: in the order of `_sees_to`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldCase:
    """An open case of theirs, with the next word to the customer."""

    reference: str
    title: str
    customer: str
    promises: int
    next_words: str
    next_due: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """The page."""

    id: int
    name: str
    cover: int | None
    cases: tuple[HeldCase, ...]
    promises: int
    rungs: tuple[str, ...]
    covers: tuple[str, ...]
    asked: int
    sees_to: tuple[str, ...]


def get_leaving(person_id: int, *, zone: ZoneInfo) -> Leaving | None:
    """What a person who works here has; None if there is no such person, or they have left."""
    person = Staff.objects.people().filter(pk=person_id, is_active=True).first()
    if person is None:
        return None
    held = list(
        Case.objects.filter(owner=person, closed_at=None)
        .select_related("customer")
        .order_by("severity", "known_at")
    )
    open_ = Promise.objects.still_open().filter(case__in=held).order_by("due_at")
    by_case: dict[int, list[Promise]] = {}
    for promise in open_:
        by_case.setdefault(promise.case_id, []).append(promise)
    offers = Handover.objects.filter(to_staff=person, accepted_at=None, declined_at=None)
    return Leaving(
        id=person.pk,
        name=person.name,
        cover=person.cover_id,
        cases=tuple(_held(case, by_case.get(case.pk, []), zone=zone) for case in held),
        promises=sum(map(len, by_case.values())),
        rungs=_rungs(person.pk),
        covers=tuple(person.covers.filter(is_active=True).values_list("name", flat=True)),
        asked=offers.count(),
        sees_to=_sees_to(person),
    )


def _sees_to(person: Staff) -> tuple[str, ...]:
    counts = (
        person.causes.count(),
        person.improvements.filter(shipped_at=None, dropped_at=None).count(),
        person.incidents.filter(over_at=None).count(),
        person.rounds.filter(retired_at=None).count(),
        _texts(person),
    )
    found = zip(_SEES_TO, counts, strict=True)
    return tuple(str(words % {"count": count}) for words, count in found if count)


def _texts(person: Staff) -> int:
    """What the company says and they answer for: articles that are in use, and templates."""
    articles = person.articles.filter(replaced_at=None, withdrawn_at=None)
    return articles.count() + person.templates.count()


def _held(case: Case, promises: list[Promise], *, zone: ZoneInfo) -> HeldCase:
    next_ = promises[0] if promises else None
    return HeldCase(
        reference=case.reference,
        title=case.title,
        customer=case.customer.name,
        promises=len(promises),
        next_words=next_.words if next_ else "",
        next_due=wording.moment(next_.due_at, zone=zone) if next_ else "",
    )


def _rungs(person_id: int) -> tuple[str, ...]:
    return tuple(
        f"{RUNGS[role]}, {team.name}"
        for team in Team.objects.order_by("name")
        for role in (Role.LEAD, Role.HEAD, Role.EXECUTIVE)
        if getattr(team, f"{role.value}_id") == person_id
    )
