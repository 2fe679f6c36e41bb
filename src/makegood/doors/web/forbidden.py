"""What somebody sees who may not do a thing: which right is missing, and who can give it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.doors.access import MissingRightError
from makegood.queries import people
from makegood.records.models import Staff
from makegood.rules.roles import Right, Role

RIGHTS: dict[Right, Lazy] = {
    Right.SEE_CASES: _("Read cases"),
    Right.TAKE_REPORTS: _("Take reports"),
    Right.ANSWER_CUSTOMERS: _("Answer customers, and give them the company's word"),
    Right.HAND_OVER_OTHERS: _("Hand over a colleague's case"),
    Right.CLOSE_OTHERS: _("Close a colleague's case"),
    Right.END_WITHOUT_YES: _("End a case without the customer's yes"),
    Right.MANAGE_LINKS: _("Make links to a customer's page, and take them back"),
    Right.PLAN_VISITS: _("Plan visits"),
    Right.GRANT_REMEDIES: _("Grant what makes it good"),
    Right.APPROVE_REMEDIES: _("Approve what others ask to grant"),
    Right.KEEP_KNOWLEDGE: _("Keep offers, answers and templates"),
    Right.IMPROVE: _("Change what causes failures"),
    Right.SPEAK_TO_ALL: _("Declare an incident and speak to everybody it hit"),
    Right.SEE_WALL: _("See the wall"),
    Right.REVIEW_PATTERNS: _("Review patterns"),
    Right.EXPORT: _("Export lists"),
    Right.MANAGE_DUTY: _("Plan duty and cover of others"),
    Right.SEE_SETTINGS: _("See the settings"),
    Right.MANAGE_SETTINGS: _("Change the settings"),
    Right.MANAGE_STAFF: _("Manage staff and teams"),
    Right.MANAGE_TOKENS: _("Manage the access of other systems"),
    Right.MANAGE_DATA: _("Bring data in, take it out, and erase it"),
}
ROLES: dict[Role, Lazy] = {
    Role.AGENT: _("Agent"),
    Role.OWNER: _("Owner"),
    Role.DISPATCHER: _("Dispatcher"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.EXECUTIVE: _("Executive"),
    Role.KNOWLEDGE_KEEPER: _("Knowledge keeper"),
    Role.ADMINISTRATOR: _("Administrator"),
}


def show_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of 403, with the missing right if that is the reason."""
    context: dict[str, object] = {}
    if isinstance(exception, MissingRightError) and isinstance(request.user, Staff):
        context = {
            "missing": RIGHTS[exception.right],
            "role": ROLES[Role(request.user.role)],
            "givers": people.names_with(Right.MANAGE_STAFF),
        }
    return render(request, "403.html", context, status=HTTPStatus.FORBIDDEN)
