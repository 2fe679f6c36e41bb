"""Settings of gestures: the catalogue, and each team's budget."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes
from makegood.actions.changes import new_at_its_place
from makegood.actions.gesture_settings import BUDGETS, GESTURES
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import show
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of
from makegood.doors.web.staff.settings.gesture_forms import BudgetForm, ItemForm, NewBudgetForm
from makegood.language import sentences
from makegood.queries.settings import choices
from makegood.queries.settings import gestures as queries
from makegood.records import gesture_facts, settings_facts
from makegood.records.models import Thing
from makegood.records.settings_facts import Facts
from makegood.rules import roles
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]


@allowed(Right.SEE_SETTINGS)
@require_safe
def gestures(request: StaffRequest) -> HttpResponse:
    """The catalogue and the budgets."""
    may_change = roles.has(request.user.role, Right.MANAGE_SETTINGS)
    base = reverse("desk:budget_new").removesuffix("/new") if may_change else ""
    context = {
        "items": queries.items(),
        "budget_base": base,
        "budgets": queries.budgets(now=request.now),
        "section": "gestures",
    }
    return show(request, "desk/settings/gestures.html", context)


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def gesture_new(request: StaffRequest) -> HttpResponse:
    """Put something into the catalogue."""
    return edit(request, _item_page(_("New gesture"), said=_("It is in the catalogue.")))


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def gesture(request: StaffRequest, gesture_id: int) -> HttpResponse:
    """Change something of the catalogue."""
    facts = _item(gesture_id)
    page = _item_page(facts["name"], said=_("Saved."), key=str(gesture_id), facts=facts)
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_POST
def gesture_retire(request: StaffRequest, gesture_id: int) -> HttpResponse:
    """Take something out of the catalogue, or put it back."""
    facts = _item(gesture_id)
    wanted = {"retired": not facts["retired"]}
    try:
        changes.keep(GESTURES, str(gesture_id), wanted, editor=editor_of(request))
    except changes.SettingsError as refused:
        messages.error(request, sentences.said(str(refused)))
    else:
        messages.success(request, _("Brought back.") if facts["retired"] else _("Retired."))
    return redirect("desk:gestures")


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def budget_new(request: StaffRequest) -> HttpResponse:
    """Let a team spend something on gestures."""
    page = Page(
        keeper=new_at_its_place(BUDGETS, _place),
        form=NewBudgetForm,
        initial_of=NewBudgetForm.initial_of,
        title=_("New budget for gestures"),
        says=_("Small and personal: it comes on top of what is owed, and never instead of it."),
        back=reverse("desk:gestures"),
        said=_("It holds from now on."),
        section="gestures",
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def budget(request: StaffRequest, budget_id: int) -> HttpResponse:
    """Change what a team may spend."""
    key, facts = _budget(budget_id)
    names = dict(choices.teams())
    end = reverse("desk:budget_end", args=[budget_id])
    page = Page(
        keeper=BUDGETS,
        form=BudgetForm,
        initial_of=BudgetForm.initial_of,
        title=f"{names.get(facts['team'], '')}, {facts['currency']}",
        says=_("What was given before stays given, and counts."),
        back=reverse("desk:gestures"),
        said=_("Saved: it holds from now on."),
        section="gestures",
        template="desk/settings/giving.html",
        key=key,
        facts=facts,
        extra=lambda: {"end_url": end, "end_words": _("End this budget")},
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_POST
def budget_end(request: StaffRequest, budget_id: int) -> HttpResponse:
    """Let a team spend nothing more on gestures."""
    key, _facts = _budget(budget_id)
    changes.keep(BUDGETS, key, None, editor=editor_of(request))
    messages.success(request, _("Ended. You can take that back under Changes."))
    return redirect("desk:gestures")


def _item_page(
    title: str, *, said: str, key: str | None = None, facts: Facts | None = None
) -> Page:
    retire = reverse("desk:gesture_retire", args=[key]) if key else ""
    is_retired = bool(facts and facts["retired"])
    return Page(
        keeper=GESTURES,
        form=ItemForm,
        initial_of=ItemForm.initial_of,
        title=title,
        says=_("Small, personal, and unannounced: something to be glad of, never to be owed."),
        back=reverse("desk:gestures"),
        said=said,
        section="gestures",
        template="desk/settings/gesture.html",
        key=key,
        facts=facts,
        extra=lambda: {"take_out_url": retire, "is_out": is_retired},
    )


def _item(gesture_id: int) -> Facts:
    facts = settings_facts.read(Thing.GESTURE, str(gesture_id))
    if facts is None:
        raise Http404
    return facts


def _budget(budget_id: int) -> tuple[str, Facts]:
    key = queries.key_of_budget(budget_id)
    facts = settings_facts.read(Thing.BUDGET, key) if key else None
    if key is None or facts is None:
        raise Http404
    return key, facts


def _place(facts: Facts) -> str:
    return gesture_facts.budget_key(team=facts["team"], currency=facts["currency"])
