"""The lists of money's settings: who may give what, who is close to whom, and schemes in use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from makegood.language import money, schemes
from makegood.queries.labels import FUNCTIONS
from makegood.queries.schemes.known import known_packs
from makegood.queries.settings import wording
from makegood.queries.settings.tables import Cell, Row, Table, page_of
from makegood.records import money_facts
from makegood.records.models import Authority, Conflict, SchemeUse
from makegood.rules.roles import Right, has, roles_with
from makegood.rules.schemes.packs import Pack, Status

AUTHORITY_HEADS: Final = (
    lazy("Who"),
    lazy("For what"),
    lazy("To one customer"),
    lazy("In all"),
    lazy("Approved by silence"),
)
CONFLICT_HEADS: Final = (lazy("Who"), lazy("Close to"), lazy("Since"))
USE_HEADS: Final = (lazy("Scheme"), lazy("Asked when"), lazy("With the facts"), lazy("Since"))
PACK_HEADS: Final = (lazy("Scheme"), lazy("Where"), lazy("How it stands"), lazy("In use"))
STATUSES: Final = {
    Status.IN_FORCE: lazy("in force"),
    Status.SUPERSEDED: lazy("superseded"),
    Status.SUSPENDED: lazy("suspended"),
    Status.PENDING: lazy("pending"),
}
_ALL: Final = 10_000


def authorities() -> Table:
    """Who may give what now: roles first, then people."""
    return page_of(authority_rows(), heads=AUTHORITY_HEADS, number=1, size=_ALL)


def authority_rows() -> Iterator[Row]:
    """Every authority that holds, for a page or a file."""
    held = Authority.objects.filter(ended_at=None).select_related("staff")
    for row in held.order_by("-role", "staff__name", "activity", "currency"):
        whose = row.staff.name if row.staff else str(wording.ROLES[row.role])
        role = row.staff.role if row.staff else row.role
        is_idle = not has(role, Right.GRANT_REMEDIES)
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(
                    words=whose,
                    sub=_("this role gives nothing, so it counts for nothing") if is_idle else "",
                    warns=is_idle,
                ),
                Cell(words=str(wording.ACTIVITIES[row.activity])),
                Cell(words=money.in_words(row.per_case_minor, row.currency)),
                Cell(
                    words=money.in_words(row.per_period_minor, row.currency),
                    sub=_("within %(days)s days") % {"days": row.period_days},
                ),
                Cell(words=money.in_words(row.small_minor, row.currency)),
            ),
        )


def conflicts() -> Table:
    """Who is close to whom, and so decides on nothing for them."""
    return page_of(_conflict_rows(), heads=CONFLICT_HEADS, number=1, size=_ALL)


def _conflict_rows() -> Iterator[Row]:
    rows = Conflict.objects.select_related("staff", "customer")
    for row in rows.order_by("staff__name", "customer__name"):
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.staff.name),
                Cell(words=row.customer.name, sub=row.customer.postcode),
                Cell(words=wording.day(row.declared_at.date())),
            ),
        )


def uses(*, now: datetime) -> Table:
    """The schemes that bind the company now."""
    packs = known_packs()
    held = SchemeUse.objects.filter(ended_at=None, since__lte=now).order_by("scheme", "on")
    rows = (_use_row(row, packs) for row in held)
    return page_of(rows, heads=USE_HEADS, number=1, size=_ALL)


def _use_row(row: SchemeUse, packs: Mapping[str, Pack]) -> Row:
    pack = packs.get(row.scheme)
    function = str(FUNCTIONS[row.function]) if row.function else ""
    return Row(
        key=str(row.pk),
        cells=(
            Cell(
                words=title_of_scheme(row.scheme),
                sub=_("no pack describes it") if pack is None else "",
                warns=pack is None,
            ),
            Cell(words=when_asked(row.on), sub=function),
            Cell(words=wording.facts_in_words(row.facts)),
            Cell(words=wording.day(row.since.date())),
        ),
    )


def when_asked(on: str) -> str:
    """When a scheme is asked, in words."""
    if on == wording.ON_CASE:
        return str(wording.USED_ON[on])
    return _("a promise breaks: %(kind)s") % {"kind": wording.USED_ON.get(on, on)}


def packs_table() -> Table:
    """Every scheme that the packs describe, and whether it is in use."""
    used = set(SchemeUse.objects.filter(ended_at=None).values_list("scheme", flat=True))
    rows = (
        Row(
            key=pack.id,
            cells=(
                Cell(words=schemes.title_of(pack.title), sub=schemes.title_of(pack.legal_basis)),
                Cell(words=schemes.title_of(pack.jurisdiction), sub=pack.currency),
                Cell(
                    words=str(STATUSES[pack.status]),
                    sub=_("verified %(day)s") % {"day": wording.day(pack.verified_on)},
                ),
                Cell(words=pgettext("scheme", "in use") if pack.id in used else _("not in use")),
            ),
        )
        for pack in known_packs().values()
    )
    return page_of(rows, heads=PACK_HEADS, number=1, size=_ALL)


def title_of_scheme(scheme: str) -> str:
    """What a scheme is called; its own name if no pack describes it."""
    pack = known_packs().get(scheme)
    return schemes.title_of(pack.title) if pack else scheme


@dataclass(frozen=True, kw_only=True, slots=True)
class FactLine:
    """One fact that a scheme may be asked with."""

    name: str
    says: str
    must_be: str
    needed: bool


def fact_lines(scheme: str) -> tuple[FactLine, ...]:
    """What a scheme asks for, so that one can say where it comes from."""
    pack = known_packs().get(scheme)
    facts = pack.facts.values() if pack else ()
    return tuple(
        FactLine(
            name=fact.name,
            says=schemes.asked_for(fact),
            must_be=schemes.must_be(fact),
            needed=fact.needed,
        )
        for fact in facts
    )


def key_of_authority(authority_id: int) -> str | None:
    """The place that an authority stands or stood in; None if there is no such row."""
    row = Authority.objects.filter(pk=authority_id).first()
    if row is None:
        return None
    return money_facts.authority_key(
        staff=row.staff_id, role=row.role, currency=row.currency, activity=row.activity
    )


def key_of_conflict(conflict_id: int) -> str | None:
    """The place of a closeness; None if there is no such row."""
    row = Conflict.objects.filter(pk=conflict_id).first()
    if row is None:
        return None
    return money_facts.conflict_key(staff=row.staff_id, customer=row.customer_id)


def key_of_use(use_id: int) -> str | None:
    """The place that a use of a scheme stands or stood in; None if there is no such row."""
    row = SchemeUse.objects.filter(pk=use_id).first()
    if row is None:
        return None
    return money_facts.scheme_key(scheme=row.scheme, on=row.on, function=row.function)


def givers() -> tuple[tuple[str, str], ...]:
    """The roles that may give anything at all."""
    return tuple(
        (role.value, str(wording.ROLES[role])) for role in roles_with(Right.GRANT_REMEDIES)
    )


def title_of(facts: Mapping[str, Any], *, name: str | None) -> str:
    """What the page of an authority is called."""
    whose = name or str(wording.ROLES[facts["role"]])
    return f"{whose}: {wording.ACTIVITIES[facts['activity']]}, {facts['currency']}"
