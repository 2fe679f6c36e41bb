"""The lists of what is set: services, assets, calendars, teams, staff, tokens, and ladders."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from makegood.language import amounts
from makegood.language import lists as said
from makegood.queries.labels import FUNCTIONS
from makegood.queries.settings import choices, wording
from makegood.queries.settings.tables import Cell, Row, Table, page_of
from makegood.records.models import (
    Asset,
    Case,
    Crew,
    Ladder,
    Round,
    RoundRun,
    Service,
    Staff,
    Template,
    Token,
)
from makegood.rules import policy, roles
from makegood.rules.calendars import LAST_YEAR
from makegood.rules.roles import Right, Role
from makegood.rules.severity import Function, Severity

PAGE: Final = 50
RUNS_OUT_DAYS: Final = 60
SERVICE_HEADS = (lazy("Service"), lazy("What for"), lazy("How critical"), lazy("Who answers"))
CREW_HEADS = (lazy("Crew"), lazy("Team"), lazy("What they can do"), lazy("Hours"))
ROUND_HEADS = (lazy("Round"), lazy("Service"), lazy("Next"), lazy("Where"))
ASSET_HEADS = (lazy("Asset"), lazy("Customer"), lazy("Service"), lazy("How critical"))
CALENDAR_HEADS = (lazy("Calendar"), lazy("Hours"), lazy("Known until"), lazy("Used by"))
TEAM_HEADS = (lazy("Team"), lazy("Team lead"), lazy("Head"), lazy("Executive"), lazy("Calendar"))
STAFF_HEADS = (lazy("Name"), lazy("Team"), lazy("Role"), lazy("Cover"), lazy("Open cases"))
TOKEN_HEADS = (
    lazy("Token"),
    pgettext_lazy("what a token may do", "May"),
    lazy("Made by"),
    lazy("Last used"),
    lazy("Until"),
)
LADDER_HEADS = (lazy("Ladder"), lazy("Who hears when"), lazy("News within"), lazy("Kind"))


def services() -> Table:
    """Every service, those retired last."""
    return page_of(service_rows(), heads=SERVICE_HEADS, number=1, size=10_000)


def service_rows() -> Iterator[Row]:
    """Every service, for a page or a file."""
    rows = Service.objects.select_related("team").annotate(
        used=Count("assets", filter=Q(assets__retired_at=None))
    )
    for row in sorted(rows, key=lambda each: (each.retired_at is not None, each.name.lower())):
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub=_retired(row.retired_at)),
                Cell(words=str(FUNCTIONS[Function(row.function)])),
                Cell(words=str(wording.CRITICALITIES[row.criticality])),
                Cell(
                    words=row.team.name,
                    sub=_number_of_assets(row.used),
                ),
            ),
            is_past=row.retired_at is not None,
        )


def crews() -> Table:
    """Every crew, those retired last."""
    return page_of(_crew_rows(), heads=CREW_HEADS, number=1, size=10_000)


def _crew_rows() -> Iterator[Row]:
    rows = Crew.objects.select_related("team", "calendar").annotate(people=Count("members"))
    for row in sorted(rows, key=lambda each: (each.retired_at is not None, each.name.lower())):
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub=_retired(row.retired_at)),
                Cell(words=row.team.name, sub=_people(row.people)),
                Cell(words=", ".join(row.skills), sub=", ".join(row.areas)),
                Cell(words=row.calendar.name),
            ),
            is_past=row.retired_at is not None,
        )


def rounds() -> Table:
    """Every round with its next day, those retired last."""
    return page_of(round_rows(), heads=ROUND_HEADS, number=1, size=10_000)


def round_rows() -> Iterator[Row]:
    """Every round, for a page or a file."""
    planned = Prefetch("runs", RoundRun.objects.filter(outcome=None), to_attr="planned")
    rows = Round.objects.select_related("service", "owner", "calendar").prefetch_related(planned)
    counted = rows.annotate(count=Count("stops"))
    for row in sorted(counted, key=lambda each: (each.retired_at is not None, each.name.lower())):
        stops = _("%(count)s stops") % {"count": row.count}
        next_ = next((run.opens_at for run in getattr(row, "planned", ())), None)
        zone = ZoneInfo(row.calendar.zone)
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub=_retired(row.retired_at)),
                Cell(words=row.service.name, sub=row.owner.name),
                Cell(
                    words=wording.moment(next_, zone=zone) if next_ else _("no day is planned"),
                    warns=next_ is None and row.retired_at is None,
                ),
                Cell(words=stops if row.count else ", ".join(row.areas) or _("everywhere")),
            ),
            is_past=row.retired_at is not None,
        )


def _number_of_assets(number: int) -> str:
    return ngettext("%(count)s asset", "%(count)s assets", number) % {"count": number}


def assets(*, sought: str, number: int) -> Table:
    """A page of the assets whose name, place, number or customer begins so."""
    start = (number - 1) * PAGE
    rows = _assets(sought)[start : start + PAGE + 1]
    return page_of(
        map(_asset_row, rows), heads=ASSET_HEADS, number=number, size=PAGE, sought=sought
    )


def asset_rows(sought: str) -> Iterator[Row]:
    """Every asset that was sought, for a file."""
    return map(_asset_row, _assets(sought).iterator(chunk_size=1000))


def calendars(*, now: datetime) -> Table:
    """Every calendar, with an alarm where it runs out."""
    return page_of(calendar_rows(now=now), heads=CALENDAR_HEADS, number=1, size=10_000)


def calendar_rows(*, now: datetime) -> Iterator[Row]:
    """Every calendar, for a page or a file."""
    for row in choices.real_calendars().prefetch_related("teams").order_by("name"):
        warns = runs_out(row.known_until, zone=row.zone, now=now)
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub=row.zone),
                Cell(words=wording.week_hours(row.week)),
                Cell(
                    words=wording.day(row.known_until),
                    sub=_("runs out: renew it") if warns else "",
                    warns=warns,
                ),
                Cell(words=said.all_of(team.name for team in row.teams.all()) or _("nobody")),
            ),
        )


def runs_out(known_until: date, *, zone: str, now: datetime, days: int = RUNS_OUT_DAYS) -> bool:
    """Whether a calendar's holidays are not known for all of the coming days."""
    if known_until.year > LAST_YEAR:
        return False
    return known_until < now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


def teams() -> Table:
    """Every team with the people on its rungs."""
    return page_of(team_rows(), heads=TEAM_HEADS, number=1, size=10_000)


def team_rows() -> Iterator[Row]:
    """Every team, for a page or a file."""
    rows = (
        choices.real_teams()
        .select_related("calendar", "lead", "head", "executive")
        .annotate(people=Count("members", filter=Q(members__is_active=True)))
    )
    for row in rows.order_by("name"):
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub=_people(row.people)),
                *(_on_rung(person) for person in (row.lead, row.head, row.executive)),
                Cell(words=row.calendar.name),
            ),
        )


def staff() -> Table:
    """Everybody, those who left last."""
    return page_of(staff_rows(), heads=STAFF_HEADS, number=1, size=10_000)


def staff_rows() -> Iterator[Row]:
    """Everybody, for a page or a file."""
    rows = Staff.objects.people().select_related("team", "cover").order_by("-is_active", "name")
    counted = Case.objects.filter(closed_at=None, is_canary=False).values_list("owner")
    held = dict(counted.annotate(count=Count("pk")).values_list("owner", "count"))
    for row in rows:
        # As on the overview: who answers no customers needs nobody to stand in for them.
        answers = roles.has(row.role, Right.ANSWER_CUSTOMERS)
        no_cover = row.is_active and row.cover is None and answers
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub="" if row.is_active else _("has left")),
                Cell(words=row.team.name),
                Cell(words=str(wording.ROLES[Role(row.role)])),
                Cell(words=row.cover.name if row.cover else _("nobody"), warns=no_cover),
                Cell(words=str(held.get(row.pk, 0))),
            ),
            is_past=not row.is_active,
        )


def tokens(*, now: datetime, zone: ZoneInfo) -> Table:
    """Every token, those that no longer open anything last."""
    return page_of(token_rows(now=now, zone=zone), heads=TOKEN_HEADS, number=1, size=10_000)


def token_rows(*, now: datetime, zone: ZoneInfo) -> Iterator[Row]:
    """Every token, for a page or a file."""
    found = Token.objects.select_related("made_by").order_by("-made_at")
    for row in sorted(found, key=lambda each: not _is_good(each, now=now)):
        may = [str(wording.SCOPES[scope]) for scope in row.scopes]
        used = wording.moment(row.last_used_at, zone=zone) if row.last_used_at else _("never")
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub=f"{row.hint}…"),
                Cell(words="; ".join(may), sub=wording.limit(row.limit_minor, row.currency)),
                Cell(words=row.made_by.name, sub=wording.moment(row.made_at, zone=zone)),
                Cell(words=used),
                Cell(words=_until(row, now=now, zone=zone)),
            ),
            is_past=not _is_good(row, now=now),
        )


def ladders() -> Table:
    """The ladder of every team and severity, also where it is the default."""
    return page_of(ladder_rows(), heads=LADDER_HEADS, number=1, size=10_000)


def ladder_rows() -> Iterator[Row]:
    """Every ladder, for a page or a file."""
    own = {(row.team_id, row.severity): row.terms for row in Ladder.objects.all()}
    for pk, name in choices.teams():
        for severity in Severity:
            terms = own.get((pk, severity)) or policy.to_snapshot(policy.DEFAULT[severity])
            kind = _("own") if (pk, severity) in own else _("default")
            yield Row(
                key=f"{pk}/{severity.value}",
                cells=(
                    Cell(words=f"{name} {severity.name}"),
                    Cell(words=wording.rungs(terms["rungs"])),
                    Cell(words=amounts.in_words(terms["news_within"])),
                    Cell(words=kind),
                ),
            )


def counts() -> Counter[str]:
    """How many there are of each, for the overview."""
    return Counter(
        services=Service.objects.filter(retired_at=None).count(),
        assets=choices.real_assets().filter(retired_at=None).count(),
        calendars=choices.real_calendars().count(),
        teams=choices.real_teams().count(),
        staff=Staff.objects.people().filter(is_active=True).count(),
        ladders=Ladder.objects.filter(team__in=choices.real_teams()).count(),
        tokens=Token.objects.filter(revoked_at=None).count(),
        templates=Template.objects.filter(stopped_at=None).count(),
    )


def _assets(sought: str) -> QuerySet[Asset]:
    rows = choices.real_assets().select_related("customer", "service").order_by("name", "pk")
    if sought:
        rows = rows.filter(
            Q(name__icontains=sought)
            | Q(place__icontains=sought)
            | Q(external_id=sought)
            | Q(customer__name__icontains=sought)
        )
    return rows


def _asset_row(row: Asset) -> Row:
    parts = (row.place, row.external_id, _retired(row.retired_at))
    return Row(
        key=str(row.pk),
        cells=(
            Cell(words=row.name, sub=" · ".join(part for part in parts if part)),
            Cell(words=row.customer.name),
            Cell(
                words=row.service.name if row.service else _("none"),
                sub=str(FUNCTIONS[Function(row.function)]),
            ),
            Cell(words=str(wording.CRITICALITIES[row.criticality])),
        ),
        is_past=row.retired_at is not None,
    )


def _people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def _retired(at: datetime | None) -> str:
    return _("retired") if at else ""


def _on_rung(person: Staff | None) -> Cell:
    if person is None:
        return Cell(words=_("nobody"), warns=True)
    if not person.is_active:
        return Cell(words=person.name, sub=_("has left"), warns=True)
    return Cell(words=person.name)


def _is_good(row: Token, *, now: datetime) -> bool:
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


def _until(row: Token, *, now: datetime, zone: ZoneInfo) -> str:
    if row.revoked_at is not None:
        return _("revoked %(when)s") % {"when": wording.moment(row.revoked_at, zone=zone)}
    if row.expires_at is None:
        return _("until it is revoked")
    said = _("%(when)s") if row.expires_at > now else _("expired %(when)s")
    return said % {"when": wording.moment(row.expires_at, zone=zone)}
