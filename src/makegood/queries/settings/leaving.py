"""What somebody who leaves would leave behind, shown before they are seen off."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from makegood.queries.labels import ROLES as RUNGS
from makegood.queries.settings import wording
from makegood.records.models import Case, Handover, Promise, Staff, Team
from makegood.rules.escalation import Role


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
    causes: int
    changes: int
    incidents: int
    rounds: int
    texts: int


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
        causes=person.causes.count(),
        changes=person.improvements.filter(shipped_at=None, dropped_at=None).count(),
        incidents=person.incidents.filter(over_at=None).count(),
        rounds=person.rounds.filter(retired_at=None).count(),
        texts=_texts(person),
    )


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
