"""Addresses of the settings; the desk includes them."""

from django.urls import URLPattern, path

from makegood.doors.web.staff.settings import (
    calendars,
    duty,
    ladders,
    overview,
    people,
    services,
    tokens,
)

urlpatterns: list[URLPattern] = [
    path("settings", overview.overview, name="settings"),
    path("settings/changes", overview.changes, name="changes"),
    path("settings/changes/<int:change_id>/undo", overview.undo, name="undo_change"),
    path("settings/export/<slug:which>.csv", overview.export, name="settings_csv"),
    path("settings/services", services.services, name="services"),
    path("settings/services/new", services.service_new, name="service_new"),
    path("settings/services/<int:service_id>", services.service, name="service"),
    path(
        "settings/services/<int:service_id>/retire", services.service_retire, name="service_retire"
    ),
    path("settings/assets", services.assets, name="assets"),
    path("settings/assets/new", services.asset_new, name="asset_new"),
    path("settings/assets/<int:asset_id>", services.asset, name="asset"),
    path("settings/assets/<int:asset_id>/retire", services.asset_retire, name="asset_retire"),
    path("settings/ladders", ladders.ladders, name="ladders"),
    path("settings/ladders/<int:team_id>/<int:severity>", ladders.ladder, name="ladder"),
    path(
        "settings/ladders/<int:team_id>/<int:severity>/default",
        ladders.ladder_default,
        name="ladder_default",
    ),
    path("settings/duty", duty.duty, name="duty"),
    path("settings/duty/new", duty.duty_new, name="duty_new"),
    path("settings/duty/teams/<int:team_id>", duty.duty_team, name="duty_team"),
    path("settings/duty/<int:duty_id>", duty.duty_span, name="duty_span"),
    path("settings/duty/<int:duty_id>/end", duty.duty_end, name="duty_end"),
    path("settings/calendars", calendars.calendars, name="calendars"),
    path("settings/calendars/new", calendars.calendar_new, name="calendar_new"),
    path("settings/calendars/<int:calendar_id>", calendars.calendar, name="calendar"),
    path("settings/calendars/<int:calendar_id>/compute", calendars.compute, name="compute"),
    path(
        "settings/calendars/<int:calendar_id>/renew",
        calendars.calendar_renew,
        name="calendar_renew",
    ),
    path("settings/teams", people.teams, name="teams"),
    path("settings/teams/new", people.team_new, name="team_new"),
    path("settings/teams/<int:team_id>", people.team, name="team"),
    path("settings/staff", people.staff, name="staff"),
    path("settings/staff/new", people.person_new, name="person_new"),
    path("settings/staff/<int:person_id>", people.person, name="person"),
    path("settings/staff/<int:person_id>/link", people.person_link, name="person_link"),
    path("settings/staff/<int:person_id>/invite", people.person_invite, name="person_invite"),
    path("settings/staff/<int:person_id>/leave", people.person_leave, name="person_leave"),
    path("settings/staff/<int:person_id>/return", people.person_return, name="person_return"),
    path("settings/tokens", tokens.tokens, name="tokens"),
    path("settings/tokens/new", tokens.token_new, name="token_new"),
    path("settings/tokens/<int:token_id>/revoke", tokens.token_revoke, name="token_revoke"),
    path("absence", duty.absence, name="absence"),
    path("absence/<int:duty_id>/end", duty.absence_end, name="absence_end"),
]
