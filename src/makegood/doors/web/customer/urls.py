"""Addresses of the customer's page."""

from django.urls import path

from makegood.doors.web.customer import calendars, report_views, views

app_name = "customer"
urlpatterns = [
    path("report", report_views.report, name="tell_us"),
    path("c/<str:token>", views.show_page, name="page"),
    path("c/<str:token>/answer", views.answer, name="answer"),
    path("c/<str:token>/write", views.write, name="write"),
    path("c/<str:token>/promised", views.promised, name="promised"),
    path("c/<str:token>/call", views.ask_for_call, name="call"),
    path("c/<str:token>/no-call", views.cancel_call, name="cancel_call"),
    path("c/<str:token>/choice", views.choose, name="choose"),
    path("c/<str:token>/visit-time", views.choose_visit_time, name="visit_time"),
    path("c/<str:token>/visit-suits", views.agree_to_visit, name="visit_suits"),
    path("c/<str:token>/hours", views.hours, name="hours"),
    path("c/<str:token>/visit.ics", views.show_visit_calendar, name="visit_calendar"),
    path("calendar/<str:token>.ics", calendars.show_feed, name="calendar_feed"),
    path("c/<str:token>/wish", views.wish, name="wish"),
]
