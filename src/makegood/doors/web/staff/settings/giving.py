"""Money's settings: who may give what, who is close to whom, and which schemes bind us."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes
from makegood.actions.authorities import AUTHORITIES, CONFLICTS
from makegood.actions.changes import Keeper, new_at_its_place
from makegood.actions.scheme_uses import SCHEMES
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import number_of, show, text_of
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of
from makegood.doors.web.staff.settings.giving_forms import (
    AuthorityForm,
    ConflictForm,
    LimitsForm,
    NewUseForm,
    UseForm,
)
from makegood.queries.settings import choices, giving
from makegood.records import money_facts, settings_facts
from makegood.records.models import Thing
from makegood.records.settings_facts import Facts
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]


@allowed(Right.SEE_SETTINGS)
@require_safe
def authorities(request: StaffRequest) -> HttpResponse:
    """Who may give what, without asking."""
    context = {"table": giving.authorities(), "section": "authorities"}
    return show(request, "desk/settings/authorities.html", context)


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def authority_new(request: StaffRequest) -> HttpResponse:
    """Let a role or a person give."""
    page = Page(
        keeper=new_at_its_place(AUTHORITIES, _place),
        form=AuthorityForm,
        initial_of=AuthorityForm.initial_of,
        title=_("New authority"),
        says=_(
            "For colleagues only: at a limit somebody else is asked, and customers hear nothing."
        ),
        back=reverse("desk:authorities"),
        said=_("It holds from now on."),
        section="authorities",
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def authority(request: StaffRequest, authority_id: int) -> HttpResponse:
    """Change how much somebody may give."""
    key, facts = _there(Thing.AUTHORITY, giving.key_of_authority(authority_id))
    names = dict(choices.people(also=(facts["staff"],)))
    end = reverse("desk:authority_end", args=[authority_id])
    page = Page(
        keeper=AUTHORITIES,
        form=LimitsForm,
        initial_of=LimitsForm.initial_of,
        title=giving.title_of(facts, name=names.get(facts["staff"])),
        says=_("What was given before stays given, and counts."),
        back=reverse("desk:authorities"),
        said=_("Saved: it holds from now on."),
        section="authorities",
        template="desk/settings/giving.html",
        key=key,
        facts=facts,
        extra=lambda: {"end_url": end, "end_words": _("End this authority")},
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_POST
def authority_end(request: StaffRequest, authority_id: int) -> HttpResponse:
    """Let somebody give no longer."""
    key, _facts = _there(Thing.AUTHORITY, giving.key_of_authority(authority_id))
    return _end(request, AUTHORITIES, key, back="desk:authorities")


@allowed(Right.SEE_SETTINGS)
@require_safe
def conflicts(request: StaffRequest) -> HttpResponse:
    """Who is close to whom."""
    context = {"table": giving.conflicts(), "section": "conflicts"}
    return show(request, "desk/settings/conflicts.html", context)


@allowed(Right.MANAGE_STAFF)
@require_http_methods(_METHODS)
def conflict_new(request: StaffRequest) -> HttpResponse:
    """Say that somebody is a customer, or close to one; first find the customer."""
    customer = number_of(request, "customer")
    name = choices.customer_name(customer)
    if name is None:
        sought = text_of(request, "q")
        found = choices.customers(sought)
        context = {"sought": sought, "found": found, "section": "conflicts"}
        return show(request, "desk/settings/conflict_customer.html", context)
    page = Page(
        keeper=new_at_its_place(CONFLICTS, _pair),
        form=ConflictForm,
        initial_of=ConflictForm.initial_of,
        title=_("Close to %(customer)s") % {"customer": name},
        says=_("They neither give to this customer nor approve anything; a colleague does."),
        back=reverse("desk:conflicts"),
        said=_("Recorded."),
        section="conflicts",
        fixed={"customer": customer},
    )
    return edit(request, page)


@allowed(Right.MANAGE_STAFF)
@require_POST
def conflict_end(request: StaffRequest, conflict_id: int) -> HttpResponse:
    """Say that two are not close, or no longer."""
    key, _facts = _there(Thing.CONFLICT, giving.key_of_conflict(conflict_id))
    return _end(request, CONFLICTS, key, back="desk:conflicts")


@allowed(Right.SEE_SETTINGS)
@require_safe
def schemes(request: StaffRequest) -> HttpResponse:
    """Which schemes bind us, and which there are."""
    context = {
        "table": giving.uses(now=request.now),
        "packs": giving.packs_table(),
        "section": "schemes",
    }
    return show(request, "desk/settings/schemes.html", context)


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def scheme_new(request: StaffRequest) -> HttpResponse:
    """Bind the company by a scheme."""
    scheme = text_of(request, "scheme")
    page = Page(
        keeper=new_at_its_place(SCHEMES, _use),
        form=NewUseForm,
        initial_of=NewUseForm.initial_of,
        title=_("A scheme that binds us"),
        says=_(
            "From then on it is asked by itself, and what it owes is offered before it is claimed."
        ),
        back=reverse("desk:schemes"),
        said=_("It binds us from now on."),
        section="schemes",
        template="desk/settings/giving.html",
        start={"scheme": scheme},
        extra=lambda: {"fact_lines": giving.fact_lines(scheme)},
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def scheme(request: StaffRequest, use_id: int) -> HttpResponse:
    """Change with which facts a scheme is asked."""
    key, facts = _there(Thing.SCHEME, giving.key_of_use(use_id))
    end = reverse("desk:scheme_end", args=[use_id])
    page = Page(
        keeper=SCHEMES,
        form=UseForm,
        initial_of=UseForm.initial_of,
        title=giving.title_of_scheme(facts["scheme"]),
        says=giving.when_asked(facts["on"]),
        back=reverse("desk:schemes"),
        said=_("Saved: it holds from now on."),
        section="schemes",
        template="desk/settings/giving.html",
        key=key,
        facts=facts,
        extra=lambda: {
            "end_url": end,
            "end_words": _("It binds us no longer"),
            "fact_lines": giving.fact_lines(facts["scheme"]),
        },
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_POST
def scheme_end(request: StaffRequest, use_id: int) -> HttpResponse:
    """A scheme binds the company no longer."""
    key, _facts = _there(Thing.SCHEME, giving.key_of_use(use_id))
    return _end(request, SCHEMES, key, back="desk:schemes")


def _end(request: StaffRequest, keeper: Keeper, key: str, *, back: str) -> HttpResponse:
    changes.keep(keeper, key, None, editor=editor_of(request))
    messages.success(request, _("Ended. You can take that back under Changes."))
    return redirect(back)


def _there(thing: Thing, key: str | None) -> tuple[str, Facts]:
    facts = settings_facts.read(thing, key) if key else None
    if key is None or facts is None:
        raise Http404
    return key, facts


def _place(facts: Facts) -> str:
    return _key(money_facts.authority_key, facts, ("staff", "role", "currency", "activity"))


def _pair(facts: Facts) -> str:
    return _key(money_facts.conflict_key, facts, ("staff", "customer"))


def _use(facts: Facts) -> str:
    return _key(money_facts.scheme_key, facts, ("scheme", "on", "function"))


def _key(make: Callable[..., str], facts: Facts, names: tuple[str, ...]) -> str:
    given: dict[str, Any] = {name: facts[name] for name in names}
    return make(**given)
