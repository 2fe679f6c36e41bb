"""Webhooks: other systems that hear what happens; made, watched, replayed, stopped."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from makegood.actions import webhooks as actions
from makegood.actions.changes import FieldError
from makegood.actions.webhooks import NewWebhook
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.fields import DeskForm, WallField
from makegood.doors.web.staff.settings.door_page import DoorList, show_list
from makegood.language import sentences
from makegood.queries.settings import webhooks as query
from makegood.rules.roles import Right
from makegood.rules.webhooks import TOPICS, kinds_of

LISTING = DoorList(
    page="webhooks",
    icon="link",
    title=lazy("Webhooks"),
    says=lazy("Other systems that hear what happens in cases, by signed messages."),
    until=lazy("No other system is told anything."),
    then=lazy(
        "Your shop or data warehouse can hear at once when a promise is made, kept or broken."
    ),
    add_words=lazy("Tell another system"),
    submit=lazy("Make the webhook"),
)


class WebhookForm(DeskForm):
    """Whom to tell of what."""

    name = forms.CharField(
        label=lazy("Which system"), max_length=100, help_text=lazy("For example: web shop.")
    )
    url = forms.CharField(
        label=lazy("Address"),
        max_length=500,
        help_text=lazy("Such as https://shop.example/hook. It gets a signed POST."),
    )
    kinds = forms.MultipleChoiceField(
        label=lazy("Hears of"),
        required=False,
        choices=[(one, one) for topic, kinds in TOPICS.items() for one in (topic, *kinds)],
        help_text=lazy("None chosen: of everything."),
    )
    with_words = forms.BooleanField(label=lazy("With people's words"), required=False)
    is_cloudevents = forms.BooleanField(label=lazy("As CloudEvents"), required=False)
    layout = (("name",), ("url",), ("kinds",), ("with_words", "is_cloudevents"))

    def clean_kinds(self) -> tuple[str, ...]:
        """Whole topics as the kinds that they are."""
        return kinds_of(self.cleaned_data["kinds"])


class ReplayForm(DeskForm):
    """Since when to send everything again."""

    since = WallField(label=lazy("Since"))
    layout = (("since",),)


@allowed(Right.MANAGE_TOKENS)
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: StaffRequest) -> HttpResponse:
    """Every webhook; by POST, a new one, whose secret is shown on the answer and never again."""
    data = request.POST if request.method == "POST" else None
    form = WebhookForm(data, zone=zone_of(request), name="webhook")
    if data is None:
        return _show_list(request, form)
    if not form.is_valid():
        return _show_list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wanted = NewWebhook(**{name: form.cleaned_data[name] for name in form.fields})
    try:
        made = actions.make(wanted, by=request.user, now=request.now)
    except FieldError as wrong:
        form.add_error(wrong.field, sentences.said(str(wrong)))
        return _show_list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _show_one(request, made.pk, fresh=made.secret)


@allowed(Right.MANAGE_TOKENS)
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """What was sent to a webhook; by POST, one act on it."""
    if query.webhook(webhook_id, now=request.now, zone=zone_of(request)) is None:
        raise Http404
    if request.method != "POST":
        return _show_one(request, webhook_id)
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _show_one(request, webhook_id, status=HTTPStatus.BAD_REQUEST)
    return act(request, webhook_id)


def _rotate(request: StaffRequest, webhook_id: int) -> HttpResponse:
    made = actions.rotate(webhook_id, now=request.now)
    return _show_one(request, webhook_id, fresh=made.secret)


def _stop(request: StaffRequest, webhook_id: int) -> HttpResponse:
    actions.stop(webhook_id, by=request.user, now=request.now)
    messages.success(request, _("Stopped. It hears nothing more."))
    return redirect("desk:webhook", webhook_id)


def _start(request: StaffRequest, webhook_id: int) -> HttpResponse:
    actions.start(webhook_id)
    messages.success(request, _("It hears what happens from now on."))
    return redirect("desk:webhook", webhook_id)


def _send_again(request: StaffRequest, webhook_id: int) -> HttpResponse:
    delivery = whole_number(request.POST.get("delivery", ""))
    if not actions.send_again(webhook_id, delivery, now=request.now):
        raise Http404
    messages.success(request, _("It is sent once more."))
    return redirect("desk:webhook", webhook_id)


def _replay(request: StaffRequest, webhook_id: int) -> HttpResponse:
    form = ReplayForm(request.POST, zone=zone_of(request), name="replay")
    since: datetime | None = form.cleaned_data.get("since") if form.is_valid() else None
    if since is None:
        form.add_error("since", _("Give a day and a time."))
        return _show_one(request, webhook_id, replay=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    count = actions.replay(webhook_id, since=since, now=request.now)
    said = ngettext("%(count)s message is sent.", "%(count)s messages are sent.", count)
    messages.success(request, said % {"count": count})
    return redirect("desk:webhook", webhook_id)


def _show_list(
    request: StaffRequest, form: WebhookForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    table = query.table(now=request.now, zone=zone_of(request))
    template = "desk/settings/webhooks.html"
    return show_list(
        request, LISTING, table, form, status=status, template=template, topics=query.topics()
    )


def _show_one(
    request: StaffRequest,
    webhook_id: int,
    *,
    fresh: str = "",
    replay: ReplayForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    zone = zone_of(request)
    context = {
        "card": query.webhook(webhook_id, now=request.now, zone=zone),
        "sent": query.sent(webhook_id, zone=zone),
        "replay": replay or ReplayForm(zone=zone, name="replay"),
        "fresh": fresh,
        "section": "webhooks",
    }
    response = show(request, "desk/settings/webhook.html", context, status=status)
    if fresh:
        response.headers["Cache-Control"] = "private, no-store"  # the secret is shown once
    return response


_ACTS: Final[Mapping[str, Callable[[StaffRequest, int], HttpResponse]]] = {
    "rotate": _rotate,
    "stop": _stop,
    "start": _start,
    "again": _send_again,
    "replay": _replay,
}
