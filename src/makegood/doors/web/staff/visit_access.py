"""From a request to a visit: only for who plans visits, or is of the crew that comes."""

from django.http import Http404

from makegood.doors.access import MissingRightError, StaffRequest
from makegood.queries import visit_round
from makegood.records.models import Visit
from makegood.rules import roles
from makegood.rules.roles import Right


def visit_of_ones_round(request: StaffRequest, visit_id: int) -> Visit:
    """A visit that is the reader's to do.

    :raises Http404: if there is none.
    :raises MissingRightError: if it is of another crew, and the reader plans no visits.
    """
    visit = visit_round.find_visit(visit_id)
    if visit is None:
        raise Http404
    is_theirs = visit_round.is_of(visit_id, person=request.user.pk)
    if not is_theirs and not roles.has(request.user.role, Right.PLAN_VISITS):
        raise MissingRightError(Right.PLAN_VISITS)
    return visit
