"""Every address of the desk."""

from django.urls import URLPattern, URLResolver, path

from makegood.doors.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.show_alive, name="healthz"),
    path("readyz", health.show_ready, name="readyz"),
]
