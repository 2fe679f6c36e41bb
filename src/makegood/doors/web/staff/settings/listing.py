"""The pages that list one part of the settings: their words, and one template for all of them."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.doors.access import StaffRequest
from makegood.doors.web.staff.desk import show
from makegood.queries.settings.tables import Table
from makegood.rules import roles
from makegood.rules.roles import Right


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What stands around a list: `right` is needed to open its rows and to add one.

    `add` and `go` name addresses; `until` and `then` are said while there is nothing to list.
    """

    title: Promise
    says: Promise
    right: Right
    icon: str
    until: Promise
    then: Promise
    add: str = ""
    add_words: Promise | str = ""
    go: str = ""
    go_words: Promise | str = ""
    export: str = ""


def show_list(request: StaffRequest, section: str, table: Table) -> HttpResponse:
    """Show one of the lists to whoever may see the settings."""
    listing = LISTINGS[section]
    may = roles.has(request.user.role, listing.right)
    context = {
        "table": table,
        "section": section,
        "listing": listing,
        "icon": f"icons/{listing.icon}.html",
        "base": reverse(f"desk:{section}") if may else "",
        "add": reverse(listing.add) if listing.add and may else "",
    }
    return show(request, "desk/settings/list.html", context)


LISTINGS = {
    "services": Listing(
        title=_("Services"),
        says=_("The kinds of things that customers depend on, and who answers when one fails."),
        right=Right.MANAGE_SETTINGS,
        icon="word",
        until=_("No service is named yet."),
        then=_(
            "Name what customers depend on you for, such as the food waste round: what they need"
            " it for, how critical it is, and which team answers. From then on a report finds its"
            " people by itself."
        ),
        add="desk:service_new",
        add_words=_("Add a service"),
        export="services",
    ),
    "ladders": Listing(
        title=_("Ladders"),
        says=_(
            "Who hears of a promise before it breaks, and when, as a part of the time that was"
            " promised."
        ),
        right=Right.SEE_SETTINGS,
        icon="bell",
        until=_("There is no team yet, so there is no ladder."),
        then=_(
            "Each team starts with the ladders that evidence speaks for; change them where yours"
            " should differ."
        ),
        go="desk:teams",
        go_words=_("Go to the teams"),
        export="ladders",
    ),
    "crews": Listing(
        title=_("Crews"),
        says=_("Who goes out to customers, what they can do, where and when."),
        right=Right.PLAN_VISITS,
        icon="calendar",
        until=_("No crew goes out yet."),
        then=_(
            "A crew has people, skills, areas and hours. From then on visits can be held and"
            " promised, and move by themselves when a part comes later."
        ),
        add="desk:crew_new",
        add_words=_("Add a crew"),
        export="crews",
    ),
    "rounds": Listing(
        title=_("Rounds"),
        says=_(
            "What comes again and again, such as bins on Fridays: when, where, and who owns it"
            " when it does not."
        ),
        right=Right.PLAN_VISITS,
        icon="calendar",
        until=_("No round is kept yet."),
        then=_(
            "Once one is, every date about its service is bounded by the next round, and when it"
            " is missed everybody on it has a case before they write."
        ),
        add="desk:round_new",
        add_words=_("Add a round"),
        export="rounds",
    ),
    "calendars": Listing(
        title=_("Calendars"),
        says=_("When offices are open. Working days and hours are counted on them."),
        right=Right.MANAGE_SETTINGS,
        icon="calendar",
        until=_("No calendar yet, so no time can be promised."),
        then=_(
            "Add the hours of one office, and choose a country or region for its public holidays."
        ),
        add="desk:calendar_new",
        add_words=_("Add a calendar"),
        export="calendars",
    ),
    "teams": Listing(
        title=_("Teams"),
        says=_("Who answers for a service, and who stands above them."),
        right=Right.MANAGE_STAFF,
        icon="owner",
        until=_("No team yet, so nobody can own a case."),
        then=_(
            "Found one with its calendar, then add its people, and name who hears above them:"
            " team lead, head and executive."
        ),
        add="desk:team_new",
        add_words=_("Found a team"),
        export="teams",
    ),
    "staff": Listing(
        title=_("Staff"),
        says=_("Everybody who works here, in which team and role, and who covers for them."),
        right=Right.MANAGE_STAFF,
        icon="owner",
        until=_("Nobody works here yet."),
        then=_("Add the first person, and give them the link by which they choose a password."),
        add="desk:person_new",
        add_words=_("Add a person"),
        export="staff",
    ),
}
