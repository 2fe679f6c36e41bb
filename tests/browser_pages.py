"""Every page that browser tests look at, by name."""

from busy_day import BusyDay, open_promise
from makegood.records.models import Escalation

DESK = {"width": 1366, "height": 900}
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}

BEFORE_SIGN_IN = ("sign-in", "forgotten", "no-link", "tell-us")


def DESK_PAGES(day: BusyDay) -> dict[str, str]:  # noqa: N802 - reads as the list that it is
    """States of pages by the name of their screenshot, such as strangers see come first."""
    call = open_promise(day.bill, "I'll call")
    told = Escalation.objects.filter(case=day.alarm, reason="break").get()
    bin_ = f"/cases/{day.bin.reference}"
    return {
        "sign-in": "/sign-in",
        "forgotten": "/sign-in/reset",
        "customer": f"/c/{day.bin_token}",
        "customer-broken": f"/c/{day.alarm_token}?thanks=words",
        "no-link": "/c/mistyped",
        "tell-us": "/report",
        "my-word": "/",
        "cases": "/cases",
        "cases-none": "/cases?q=zebra",
        "case": bin_,
        "their-page": f"{bin_}/page",
        "case-alarm": f"/cases/{day.alarm.reference}",
        "case-long": f"/cases/{day.lengthy.reference}",
        "case-offered": f"/cases/{day.offered.reference}",
        "act-make": f"{bin_}?act=make",
        "act-contact": f"{bin_}?act=contact",
        "act-handover": f"{bin_}?act=handover",
        "act-close": f"{bin_}?act=close",
        "act-keep": f"/cases/{day.bill.reference}?act=keep&on={call.pk}",
        "act-move": f"/cases/{day.bill.reference}?act=move&on={call.pk}",
        "brief": f"/brief/{told.pk}",
        "report": "/reports/new",
        "report-found": "/reports/new?q=ta",
        "report-caller": f"/reports/new?customer={day.bin.customer_id}",
        "report-taken": f"/reports/{day.bin.reports.all()[0].pk}",
        "account": "/account",
        "account-password": "/account/password",
        "account-second-step": "/account/second-step",
        "account-devices": "/account/sessions",
        "account-again": "/account/second-step/app",
        "not-found": "/nothing/here",
    }
