"""Values of the settings in words: codes by their labels, moments in a zone, hours of a day."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from makegood.language import choice, moments, money
from makegood.queries.labels import FUNCTIONS, KINDS, Labels
from makegood.queries.labels import ROLES as RUNGS
from makegood.records.models import Criticality, DutyKind, Kept, Thing
from makegood.rules.calendars import clock_words
from makegood.rules.escalation import Role as RungRole
from makegood.rules.money import parse
from makegood.rules.remedies import Activity
from makegood.rules.roles import Role
from makegood.rules.scopes import Scope

ROLES: Labels = {
    Role.AGENT: lazy("Agent"),
    Role.OWNER: lazy("Owner"),
    Role.DISPATCHER: lazy("Dispatcher"),
    Role.SUPERVISOR: lazy("Supervisor"),
    Role.EXECUTIVE: lazy("Executive"),
    Role.KNOWLEDGE_KEEPER: lazy("Knowledge keeper"),
    Role.ADMINISTRATOR: lazy("Administrator"),
}
DUTIES: Labels = {
    DutyKind.SHIFT: lazy("Shift"),
    DutyKind.ON_CALL: lazy("On call"),
    DutyKind.ABSENCE: lazy("Absence"),
}
CRITICALITIES: Labels = {
    Criticality.ORDINARY: lazy("Ordinary"),
    Criticality.CRITICAL: lazy("Critical"),
}
SCOPES: Labels = {
    Scope.READ: lazy("Read cases, promises and standings"),
    Scope.REPORT: lazy("Report failures"),
    Scope.SAY: lazy("Ask what may be said, and record what was said"),
    Scope.PROMISE: lazy("Give customers the company's word"),
    Scope.GRANT: lazy("Grant what makes it good, within the limit"),
    Scope.SUPPLY: lazy("Say when ordered parts come: for suppliers"),
    Scope.ADMIN: lazy("Everything, also the settings"),
}
ACTIVITIES: Labels = {
    Activity.GOODWILL: lazy("goodwill"),
    Activity.SCHEME: lazy("what a scheme owes"),
    Activity.WAIVER: lazy("fees"),
}
KEPT: Labels = {
    Kept.CUSTOMERS: lazy("Customers whose last case is long closed"),
    Kept.MAIL: lazy("Mails that joined no case"),
}
ON_CASE = "case"
USED_ON: Labels = {ON_CASE: lazy("a case is opened"), **KINDS}
THINGS: Labels = {
    Thing.SERVICE: lazy("Service"),
    Thing.CREW: lazy("Crew"),
    Thing.ROUND: lazy("Round"),
    Thing.ASSET: lazy("Asset"),
    Thing.LADDER: lazy("Ladder"),
    Thing.DUTY: lazy("Duty"),
    Thing.CALENDAR: lazy("Calendar"),
    Thing.TEAM: lazy("Team"),
    Thing.STAFF: lazy("Person"),
    Thing.TOKEN: lazy("Token"),
    Thing.SIGN_IN: lazy("Sign-in"),
    Thing.AUTHORITY: lazy("Authority"),
    Thing.CONFLICT: lazy("Closeness"),
    Thing.SCHEME: lazy("Scheme"),
    Thing.GESTURE: lazy("Gesture"),
    Thing.BUDGET: lazy("Budget for gestures"),
    Thing.SIGNALS: lazy("Signals"),
    Thing.PARTNER: lazy("Partner"),
}
WEEKDAY_LABELS: tuple[str | Lazy, ...] = (
    lazy("Monday"),
    lazy("Tuesday"),
    lazy("Wednesday"),
    lazy("Thursday"),
    lazy("Friday"),
    lazy("Saturday"),
    lazy("Sunday"),
)
FIELDS: Mapping[str, str | Lazy] = {
    "name": lazy("name"),
    "function": lazy("what for"),
    "criticality": lazy("how critical"),
    "team": lazy("team"),
    "retired": lazy("retired"),
    "members": lazy("people"),
    "skills": lazy("skills"),
    "areas": lazy("areas"),
    "capacity": lazy("visits at once"),
    "slot_minutes": lazy("minutes of a window"),
    "crew": lazy("crew"),
    "owner": lazy("owner"),
    "rule": lazy("rule"),
    "first_day": lazy("from"),
    "left_out": lazy("days without it"),
    "added": lazy("days on top"),
    "shift": lazy("on a holiday"),
    "opens": lazy("comes from"),
    "closes": lazy("comes until"),
    "report_minutes": lazy("minutes to report"),
    "harm": lazy("how bad"),
    "missed_title": lazy("title if missed"),
    "missed_words": lazy("words if missed"),
    "customer": lazy("customer"),
    "service": lazy("service"),
    "place": lazy("place"),
    "external_id": lazy("number in other systems"),
    "grace_seconds": lazy("grace"),
    "news_within": lazy("news within"),
    "ask_again_after": lazy("ask once more after"),
    "close_after": lazy("close after"),
    "unheard_after_seconds": lazy("unheard after"),
    "speak_again_after_seconds": lazy("speaks again after"),
    "rungs": lazy("rungs"),
    "staff": lazy("person"),
    "kind": lazy("kind"),
    "starts_at": lazy("from"),
    "ends_at": lazy("until"),
    "cover": lazy("cover"),
    "zone": lazy("time zone"),
    "week": lazy("hours"),
    "holidays": lazy("public holidays"),
    "extra": lazy("own days off"),
    "holiday_code": lazy("holidays of"),
    "known_until": lazy("known until"),
    "calendar": lazy("calendar"),
    "lead": lazy("team lead"),
    "head": lazy("head"),
    "executive": lazy("executive"),
    "email": lazy("e-mail"),
    "phone": lazy("phone"),
    "role": lazy("role"),
    "active": lazy("works here"),
    "scopes": pgettext_lazy("what a token may do", "may"),
    "limit_minor": lazy("limit"),
    "currency": lazy("currency"),
    "expires_at": lazy("expires"),
    "sandbox": lazy("sandbox"),
    "calls_per_minute": lazy("calls a minute"),
    "revoked": lazy("revoked"),
    "second_step": lazy("second step"),
    "activity": lazy("for"),
    "to_customer": lazy("to one customer"),
    "in_all": lazy("in all"),
    "cost": lazy("what it costs us"),
    "period_days": lazy("within days"),
    "small": lazy("approved by silence up to"),
    "scheme": lazy("scheme"),
    "on": lazy("when it is asked"),
    "facts": lazy("with the facts"),
    "is_own": lazy("our own word"),
    "second_step_roles": lazy("who needs a second step"),
    "says": lazy("what failed"),
    "places": lazy("where its facts stand"),
    "states": lazy("a failure is called"),
    "back": lazy("works again is called"),
    "kinds": lazy("only these kinds"),
    "address": lazy("address"),
    "jurisdiction": lazy("jurisdiction"),
    "key": lazy("key"),
    "codes": lazy("its services"),
    "since": lazy("reported since"),
    "stopped": lazy("stopped"),
}
_CODES: Mapping[str, Labels] = {
    "function": FUNCTIONS,
    "criticality": CRITICALITIES,
    "kind": DUTIES,
    "role": ROLES,
    "activity": ACTIVITIES,
    "on": USED_ON,
}


def day_hours(intervals: Iterable[Iterable[int]]) -> str:
    """The hours of one day, as one types them: "08:00-12:00, 12:30-18:00"."""
    return ", ".join(
        f"{clock_words(opens)}-{clock_words(closes)}" for opens, closes in map(tuple, intervals)
    )


def week_hours(week: Iterable[Iterable[Iterable[int]]]) -> str:
    """The hours of a week, with days that are alike said once."""
    groups: list[tuple[int, int, str]] = []
    for number, day in enumerate(week):
        hours = day_hours(day)
        if groups and groups[-1][2] == hours and groups[-1][1] == number - 1:
            groups[-1] = (groups[-1][0], number, hours)
        else:
            groups.append((number, number, hours))
    said = [f"{_days(first, last)} {hours}" for first, last, hours in groups if hours]
    return "; ".join(said) or _("never")


def moment(at: datetime, *, zone: ZoneInfo) -> str:
    """A moment on the reader's clock, short: "Mon 1 June 2026, 09:00"."""
    values = {
        "day": day(at.astimezone(zone).date()),
        "time": moments.clock_in_words(at, zone=zone),
    }
    return _("%(day)s, %(time)s") % values


def day(on: date) -> str:
    """A day, short: "Mon 1 June 2026"."""
    return format_date(on, pgettext("shape of a day", "EEE d MMMM y"), locale=choice.locale())


def day_of_year(on: date) -> str:
    """A day without its year: "Mon 1 June"."""
    return format_date(on, pgettext("shape of a day", "EEE d MMMM"), locale=choice.locale())


def rungs(steps: Iterable[Mapping[str, Any]]) -> str:
    """The rungs of a ladder: "owner at 50 %, team lead at 75 %"."""
    return ", ".join(
        _("%(role)s at %(percent)s %%")
        % {"role": RUNGS[RungRole(step["role"])], "percent": percent(step["share"])}
        for step in steps
    )


def percent(share: float) -> str:
    """A share of the time as whole or half percents, without a needless point."""
    return f"{round(share * 100, 1):g}"


def span(seconds: int) -> str:
    """So many seconds, as "10 min" or "2 h"."""
    minutes, rest = divmod(seconds, 60)
    if rest:
        return _("%(seconds)s s") % {"seconds": seconds}
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(minutes)s min") % {"minutes": minutes}


def value(field: str, given: Any, *, names: Mapping[str, str], zone: ZoneInfo) -> str:  # noqa: ANN401, PLR0911 - any plain value; one line for each kind of it
    """One value of a setting in words. `names` holds those of people and things, by "team 3"."""
    if given is None or given in ("", [], {}):
        return _("nothing")
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    if field in _CODES:
        return str(_CODES[field].get(given, given))
    if f"{field} {given}" in names:
        return names[f"{field} {given}"]
    if field.endswith("_seconds"):
        return span(given)
    if field in {"starts_at", "ends_at", "expires_at", "since"}:
        return moment(datetime.fromisoformat(given), zone=zone)
    if field == "known_until":
        return day(date.fromisoformat(given))
    return _composed(field, given)


def _composed(field: str, given: Any) -> str:  # noqa: ANN401 - any plain value
    say = _COMPOSED.get(field)
    return say(given) if say else str(given)


def _scopes(given: Iterable[str]) -> str:
    return ", ".join(str(SCOPES[Scope(scope)]) for scope in given)


def _roles(given: Iterable[str]) -> str:
    return ", ".join(str(ROLES[Role(role)]) for role in given)


def _days_off(given: Mapping[str, str]) -> str:
    return ", ".join(f"{day(date.fromisoformat(on))} {name}" for on, name in given.items())


def _count_of_days(given: Mapping[str, str]) -> str:
    return ngettext("%(count)s day", "%(count)s days", len(given)) % {"count": len(given)}


def _named(given: Iterable[str]) -> str:
    return ", ".join(given)


def _people(given: Iterable[int]) -> str:
    return ngettext("%(count)s person", "%(count)s people", len(list(given))) % {
        "count": len(list(given))
    }


def _sum(given: str) -> str:
    amount, currency = given.split()
    return money.in_words(parse(amount, currency), currency)


def facts_in_words(given: Mapping[str, Any]) -> str:
    """The facts that a scheme is asked with, as one types them."""
    return ", ".join(f"{name} = {value}" for name, value in given.items())


_COMPOSED: Mapping[str, Callable[[Any], str]] = {
    "skills": _named,
    "states": _named,
    "back": _named,
    "kinds": _named,
    "codes": _named,
    "areas": _named,
    "left_out": _named,
    "added": _named,
    "opens": clock_words,
    "closes": clock_words,
    "members": _people,
    "week": week_hours,
    "rungs": rungs,
    "scopes": _scopes,
    "second_step_roles": _roles,
    "extra": _days_off,
    "holidays": _count_of_days,
    "to_customer": _sum,
    "in_all": _sum,
    "cost": _sum,
    "small": _sum,
    "facts": facts_in_words,
    "places": facts_in_words,
}


def kept(kind: str) -> str:
    """What is kept for a time, by its kind."""
    return str(KEPT.get(kind, kind))


def limit(minor: int | None, currency: str) -> str:
    """The limit of a token."""
    return money.in_words(minor, currency) if minor is not None else ""


def _days(first: int, last: int) -> str:
    names = [str(WEEKDAY_LABELS[number])[:3] for number in (first, last)]
    return names[0] if first == last else f"{names[0]}-{names[1]}"
