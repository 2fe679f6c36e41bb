"""Addresses of Open311 GeoReport v2; `form` is json or xml."""

from django.urls import URLPattern, path

from makegood.doors.open311 import views

urlpatterns: list[URLPattern] = [
    path("open311/v2/discovery.<str:form>", views.discovery, name="open311"),
    path("open311/v2/services.<str:form>", views.services, name="open311_services"),
    path("open311/v2/services/<slug:code>.<str:form>", views.service, name="open311_service"),
    path("open311/v2/requests.<str:form>", views.requests, name="open311_requests"),
    path(
        "open311/v2/requests/<slug:reference>.<str:form>",
        views.one_request,
        name="open311_request",
    ),
    path("open311/v2/tokens/<slug:reference>.<str:form>", views.token, name="open311_token"),
]
