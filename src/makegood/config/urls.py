"""Every address of the desk."""

from django.urls import URLPattern, URLResolver, include, path

from makegood.doors.api.site import not_here
from makegood.doors.api.site import urls as api_urls
from makegood.doors.web import health, metrics
from makegood.doors.web.hooks import mail as mail_hook
from makegood.doors.web.hooks import payments as payment_hook
from makegood.doors.web.hooks import sms as sms_hook

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.show_alive, name="healthz"),
    path("readyz", health.show_ready, name="readyz"),
    path("metrics", metrics.show_metrics, name="metrics"),
    path("api/v1/", api_urls),
    path("api/<path:rest>", not_here, name="api_not_here"),
    path("", include("makegood.doors.open311.urls")),
    path("hooks/payments", payment_hook.receive, name="payment_hook"),
    path("hooks/mail/<slug:what>", mail_hook.receive, name="mail_hook"),
    path("hooks/sms", sms_hook.receive, name="sms_hook"),
    path("", include("makegood.doors.web.account.urls")),
    path("", include("makegood.doors.web.customer.urls")),
    path("", include("makegood.doors.web.staff.urls")),
]

handler400 = "makegood.doors.web.errors.show_bad_request"
handler403 = "makegood.doors.web.forbidden.show_forbidden"
handler404 = "makegood.doors.web.errors.show_not_found"
handler500 = "makegood.doors.web.errors.show_broken"
