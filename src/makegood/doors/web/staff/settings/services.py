"""Services and assets: lists with search, adding, changing, retiring and bringing back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes
from makegood.actions.services import ASSETS, SERVICES
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.erased import person_plain, words_plain
from makegood.doors.web.staff.desk import number_of, show, text_of
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of
from makegood.doors.web.staff.settings.forms import AssetForm, ServiceForm
from makegood.doors.web.staff.settings.listing import show_list
from makegood.queries.settings import choices, lists
from makegood.records import settings_facts
from makegood.records.models import Thing
from makegood.records.settings_facts import Facts
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]


@allowed(Right.SEE_SETTINGS)
@require_safe
def services(request: StaffRequest) -> HttpResponse:
    """Every service."""
    return show_list(request, "services", lists.services())


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def service_new(request: StaffRequest) -> HttpResponse:
    """Add a service."""
    return edit(request, _service_page(_("New service"), said=_("The service was added.")))


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def service(request: StaffRequest, service_id: int) -> HttpResponse:
    """Change a service."""
    facts = _facts(Thing.SERVICE, service_id)
    page = _service_page(facts["name"], said=_("Saved."), key=str(service_id), facts=facts)
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_POST
def service_retire(request: StaffRequest, service_id: int) -> HttpResponse:
    """Retire a service, or bring it back."""
    facts = _facts(Thing.SERVICE, service_id)
    changes.keep(
        SERVICES, str(service_id), {"retired": not facts["retired"]}, editor=editor_of(request)
    )
    messages.success(request, _("Brought back.") if facts["retired"] else _("Retired."))
    return redirect("desk:services")


@allowed(Right.SEE_SETTINGS)
@require_safe
def assets(request: StaffRequest) -> HttpResponse:
    """Assets, by what is sought."""
    number = min(max(number_of(request, "page", default=1), 1), 10_000)
    table = lists.assets(sought=text_of(request, "q").strip(), number=number)
    return show(request, "desk/settings/assets.html", {"table": table, "section": "assets"})


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def asset_new(request: StaffRequest) -> HttpResponse:
    """Add an asset to a customer; first find the customer."""
    customer = number_of(request, "customer")
    name = choices.customer_name(customer)
    if name is None:
        sought = text_of(request, "q")
        found = choices.customers(sought)
        context = {"sought": sought, "found": found, "section": "assets"}
        return show(request, "desk/settings/asset_customer.html", context)
    page = Page(
        keeper=ASSETS,
        form=AssetForm,
        initial_of=AssetForm.initial_of,
        title=_("New asset"),
        says=_("Of %(customer)s.") % {"customer": name},
        back=reverse("desk:assets"),
        said=_("The asset was added."),
        section="assets",
        start={"service": text_of(request, "service")},
        fixed={"customer": customer, "retired": False},
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def asset(request: StaffRequest, asset_id: int) -> HttpResponse:
    """Change an asset."""
    facts = _facts(Thing.ASSET, asset_id)
    page = Page(
        keeper=ASSETS,
        form=AssetForm,
        initial_of=AssetForm.initial_of,
        title=words_plain(facts["name"]),
        says=_("Of %(customer)s.") % {"customer": _called(facts["customer"])},
        back=reverse("desk:assets"),
        said=_("Saved."),
        section="assets",
        key=str(asset_id),
        facts=facts,
        extra=lambda: _retiring(reverse("desk:asset_retire", args=[asset_id]), facts),
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_POST
def asset_retire(request: StaffRequest, asset_id: int) -> HttpResponse:
    """Retire an asset, or bring it back."""
    facts = _facts(Thing.ASSET, asset_id)
    changes.keep(
        ASSETS, str(asset_id), {"retired": not facts["retired"]}, editor=editor_of(request)
    )
    messages.success(request, _("Brought back.") if facts["retired"] else _("Retired."))
    return redirect("desk:assets")


def _service_page(
    title: str, *, said: str, key: str | None = None, facts: Facts | None = None
) -> Page:
    return Page(
        keeper=SERVICES,
        form=ServiceForm,
        initial_of=ServiceForm.initial_of,
        title=title,
        says=_("A kind of thing that customers depend on, and who answers when it fails."),
        back=reverse("desk:services"),
        said=said,
        section="services",
        key=key,
        facts=facts,
        fixed=None if key else {"retired": False},
        extra=(lambda: _retiring(reverse("desk:service_retire", args=[key]), facts or {}))
        if key
        else None,
    )


def _called(customer: int) -> str:
    return person_plain(choices.customer_name(customer) or "")


def _retiring(url: str, facts: Facts) -> dict[str, object]:
    return {"retire_url": url, "is_retired": facts["retired"]}


def _facts(thing: Thing, pk: int) -> Facts:
    facts = settings_facts.read(thing, str(pk))
    if facts is None:
        raise Http404
    return facts
