"""Searching: the page of results, and the few that appear while one types."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import show, text_of
from makegood.queries.search import QUICK_SHOWN, search
from makegood.rules.roles import Right


@allowed(Right.SEE_CASES)
@require_safe
def find(request: StaffRequest) -> HttpResponse:
    """Cases, people and assets that match."""
    page = search(text_of(request, "q"), reader=request.user, now=request.now)
    return show(request, "desk/search.html", {"page": page})


@allowed(Right.SEE_CASES)
@require_safe
def find_quickly(request: StaffRequest) -> HttpResponse:
    """The best few, for the list under the search box."""
    typed = text_of(request, "q")
    page = search(typed, reader=request.user, now=request.now, shown=QUICK_SHOWN)
    return render(request, "desk/search_quick.html", {"page": page})
