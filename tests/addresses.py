"""Every address of the desk, what one needs to use it, and things of the busy day to fill it with.

A new address gets its line in `NEEDS`; `test_rights` walks all of them with every role.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from busy_day import BusyDay, open_promise
from makegood.actions import incidents
from makegood.actions.incidents import Outage, Truth
from makegood.doors.access import DOOR
from makegood.records.models import (
    Case,
    Escalation,
    Handover,
    Incident,
    Message,
    Report,
    Service,
    SettingsChange,
)
from makegood.rules.roles import Right
from makegood.rules.severity import Harm

ANYBODY: tuple[Right, ...] = ()
"""Whoever has signed in: what is one's own, such as the account."""

NEEDS: dict[str, tuple[Right, ...]] = {
    "account": ANYBODY,
    "claim": (Right.ANSWER_CUSTOMERS,),
    "give_value": (Right.GRANT_REMEDIES,),
    "honour": (Right.ANSWER_CUSTOMERS,),
    "instead": (Right.ANSWER_CUSTOMERS,),
    "let_go": (Right.ANSWER_CUSTOMERS,),
    "mistaken": (Right.ANSWER_CUSTOMERS,),
    "refuse_offer": (Right.ANSWER_CUSTOMERS,),
    "take_offer": (Right.ANSWER_CUSTOMERS,),
    "answer_doubt": (Right.SEE_CASES,),
    "article": (Right.SEE_CASES,),
    "article_change": (Right.KEEP_KNOWLEDGE,),
    "article_new": (Right.KEEP_KNOWLEDGE,),
    "article_withdraw": (Right.KEEP_KNOWLEDGE,),
    "knowledge": (Right.SEE_CASES,),
    "knowledge_file": (Right.KEEP_KNOWLEDGE,),
    "learn": (Right.SEE_CASES,),
    "answer_repeat": (Right.SEE_CASES,),
    "causes_file": (Right.SEE_WALL,),
    "mail_file": (Right.EXPORT, Right.TAKE_REPORTS),
    "parts_file": (Right.EXPORT,),
    "patterns_file": (Right.REVIEW_PATTERNS, Right.EXPORT),
    "search_file": (Right.EXPORT,),
    "templates_file": (Right.EXPORT,),
    "unnamed_file": (Right.EXPORT,),
    "visits_file": (Right.EXPORT,),
    "close_gap": (Right.SEE_CASES,),
    "digest": (Right.SEE_WALL,),
    "want_digest": (Right.SEE_WALL,),
    "drop": (Right.SEE_CASES,),
    "improvement": (Right.SEE_CASES,),
    "improvement_file": (Right.SEE_CASES,),
    "improvement_new": (Right.IMPROVE,),
    "learning": (Right.SEE_CASES,),
    "name_cause": (Right.ANSWER_CUSTOMERS,),
    "ship": (Right.SEE_CASES,),
    "tell_change": (Right.IMPROVE,),
    "arrivals": (Right.PLAN_VISITS,),
    "case_visits": (Right.ANSWER_CUSTOMERS,),
    "crew": (Right.PLAN_VISITS,),
    "absence_withdraw": (Right.PLAN_VISITS,),
    "crew_away": (Right.PLAN_VISITS,),
    "crew_feed": (Right.PLAN_VISITS,),
    "crew_new": (Right.PLAN_VISITS,),
    "crew_retire": (Right.PLAN_VISITS,),
    "crews": (Right.SEE_SETTINGS,),
    "report_run": (Right.ANSWER_CUSTOMERS,),
    "round_new": (Right.PLAN_VISITS,),
    "round_one": (Right.PLAN_VISITS,),
    "round_preview": (Right.PLAN_VISITS,),
    "round_retire": (Right.PLAN_VISITS,),
    "round_stops": (Right.PLAN_VISITS,),
    "rounds": (Right.SEE_SETTINGS,),
    "make_feed": (Right.ANSWER_CUSTOMERS,),
    "revoke_feed": (Right.ANSWER_CUSTOMERS,),
    "round": (Right.ANSWER_CUSTOMERS,),
    "visit": (Right.ANSWER_CUSTOMERS,),
    "visit_failed": (Right.ANSWER_CUSTOMERS,),
    "visits": (Right.SEE_CASES,),
    "metric": (Right.SEE_WALL,),
    "metric_file": (Right.SEE_WALL,),
    "found_new": (Right.ANSWER_CUSTOMERS,),
    "patterns": (Right.REVIEW_PATTERNS,),
    "wall": (Right.SEE_WALL,),
    "wall_file": (Right.SEE_WALL,),
    "account_change_password": ANYBODY,
    "account_drop_second_step": (Right.MANAGE_STAFF,),
    "account_end_other_sessions": ANYBODY,
    "account_end_session": ANYBODY,
    "account_reauthenticate": ANYBODY,
    "account_second_step_rules": (Right.MANAGE_STAFF,),
    "account_sessions": ANYBODY,
    "advise": (Right.ANSWER_CUSTOMERS,),
    "link_sent": (Right.MANAGE_LINKS,),
    "offer_choice": (Right.ANSWER_CUSTOMERS,),
    "recognise": (Right.ANSWER_CUSTOMERS,),
    "say_publicly": (Right.ANSWER_CUSTOMERS,),
    "their_page": (Right.SEE_CASES,),
    "weigh": (Right.ANSWER_CUSTOMERS,),
    "confirm_word": (Right.ANSWER_CUSTOMERS,),
    "withdraw": (Right.ANSWER_CUSTOMERS,),
    "attachment": (Right.SEE_CASES,),
    "mail_desk": (Right.TAKE_REPORTS,),
    "mails": (Right.SEE_CASES,),
    "send_again": (Right.ANSWER_CUSTOMERS,),
    "settle_mail": (Right.TAKE_REPORTS,),
    "templates": (Right.SEE_CASES,),
    "template_lift": (Right.SEE_CASES,),
    "template_new": (Right.KEEP_KNOWLEDGE,),
    "template_stop": (Right.SEE_CASES,),
    "write": (Right.ANSWER_CUSTOMERS,),
    "acknowledge": (Right.SEE_CASES,),
    "answer_handover": (Right.ANSWER_CUSTOMERS,),
    "apologise": (Right.ANSWER_CUSTOMERS,),
    "sorry": (Right.ANSWER_CUSTOMERS,),
    "be_here": (Right.SEE_CASES,),
    "decide": (Right.APPROVE_REMEDIES,),
    "give": (Right.GRANT_REMEDIES,),
    "give_gesture": (Right.GRANT_REMEDIES,),
    "give_offer": (Right.GRANT_REMEDIES,),
    "take_off_fee": (Right.GRANT_REMEDIES,),
    "pay_again": (Right.GRANT_REMEDIES,),
    "release_remedy": (Right.GRANT_REMEDIES,),
    "remedy_arrived": (Right.GRANT_REMEDIES,),
    "say_remedy": (Right.GRANT_REMEDIES,),
    "withhold": (Right.GRANT_REMEDIES,),
    "brief": (Right.SEE_CASES,),
    "callers": (Right.TAKE_REPORTS,),
    "declare": (Right.SPEAK_TO_ALL,),
    "end_incident": (Right.SPEAK_TO_ALL,),
    "false_incident": (Right.SPEAK_TO_ALL,),
    "give_scheme": (Right.APPROVE_REMEDIES,),
    "merge_incident": (Right.SPEAK_TO_ALL,),
    "give_all": (Right.APPROVE_REMEDIES,),
    "incident": (Right.SEE_CASES,),
    "incidents": (Right.SEE_CASES,),
    "incidents_file": (Right.EXPORT,),
    "say_truth": (Right.SPEAK_TO_ALL,),
    "see_to_incident": (Right.SEE_CASES,),
    "cases_file": (Right.EXPORT,),
    "change_view": (Right.SEE_CASES,),
    "delete_view": (Right.SEE_CASES,),
    "quick_search": (Right.SEE_CASES,),
    "restore_view": (Right.SEE_CASES,),
    "save_view": (Right.SEE_CASES,),
    "search": (Right.SEE_CASES,),
    "word_file": (Right.EXPORT,),
    "case": (Right.SEE_CASES,),
    "cases": (Right.SEE_CASES,),
    "case_json": (Right.EXPORT,),
    "case_paper": (Right.EXPORT,),
    "ask": (Right.ANSWER_CUSTOMERS,),
    "asked": (Right.ANSWER_CUSTOMERS,),
    "decline_want": (Right.ANSWER_CUSTOMERS,),
    "mistake": (Right.ANSWER_CUSTOMERS, Right.CLOSE_OTHERS),
    "part": (Right.END_WITHOUT_YES,),
    "review": (Right.END_WITHOUT_YES,),
    "promise_want": (Right.ANSWER_CUSTOMERS,),
    "take_up": (Right.ANSWER_CUSTOMERS,),
    "want": (Right.ANSWER_CUSTOMERS,),
    "close": (Right.ANSWER_CUSTOMERS, Right.CLOSE_OTHERS),
    "explain": (Right.ANSWER_CUSTOMERS,),
    "contact": (Right.ANSWER_CUSTOMERS,),
    "voicemail": (Right.ANSWER_CUSTOMERS,),
    "hours": (Right.ANSWER_CUSTOMERS,),
    "dismiss_undo": (Right.SEE_CASES,),
    "hand_over": (Right.ANSWER_CUSTOMERS, Right.HAND_OVER_OTHERS),
    "keep": (Right.ANSWER_CUSTOMERS,),
    "leave": (Right.SEE_CASES,),
    "make": (Right.ANSWER_CUSTOMERS,),
    "make_link": (Right.MANAGE_LINKS,),
    "mfa_activate_totp": ANYBODY,
    "mfa_add_webauthn": ANYBODY,
    "mfa_deactivate_totp": ANYBODY,
    "mfa_generate_recovery_codes": ANYBODY,
    "mfa_index": ANYBODY,
    "mfa_reauthenticate": ANYBODY,
    "mfa_reauthenticate_webauthn": ANYBODY,
    "mfa_remove_webauthn": ANYBODY,
    "mfa_view_recovery_codes": ANYBODY,
    "move": (Right.ANSWER_CUSTOMERS,),
    "my_word": (Right.SEE_CASES,),
    "rang": (Right.ANSWER_CUSTOMERS,),
    "release": (Right.ANSWER_CUSTOMERS,),
    "reopen": (Right.ANSWER_CUSTOMERS,),
    "replace": (Right.ANSWER_CUSTOMERS,),
    "report": (Right.TAKE_REPORTS,),
    "revoke_links": (Right.MANAGE_LINKS,),
    "same": (Right.TAKE_REPORTS,),
    "taken": (Right.TAKE_REPORTS,),
    "tell": (Right.ANSWER_CUSTOMERS,),
    "undo": ANYBODY,
    "absence": ANYBODY,
    "absence_end": ANYBODY,
    "asset": (Right.MANAGE_SETTINGS,),
    "asset_new": (Right.MANAGE_SETTINGS,),
    "asset_retire": (Right.MANAGE_SETTINGS,),
    "assets": (Right.SEE_SETTINGS,),
    "calendar": (Right.MANAGE_SETTINGS,),
    "calendar_new": (Right.MANAGE_SETTINGS,),
    "calendar_renew": (Right.MANAGE_SETTINGS,),
    "calendars": (Right.SEE_SETTINGS,),
    "changes": (Right.SEE_SETTINGS,),
    "compute": (Right.SEE_SETTINGS,),
    "duty": (Right.SEE_SETTINGS,),
    "duty_end": (Right.MANAGE_DUTY,),
    "duty_new": (Right.MANAGE_DUTY,),
    "duty_span": (Right.MANAGE_DUTY,),
    "duty_team": (Right.SEE_SETTINGS,),
    "ladder": (Right.SEE_SETTINGS, Right.MANAGE_SETTINGS),
    "ladder_default": (Right.MANAGE_SETTINGS,),
    "ladders": (Right.SEE_SETTINGS,),
    "person": (Right.MANAGE_STAFF,),
    "person_invite": (Right.MANAGE_STAFF,),
    "person_leave": (Right.MANAGE_STAFF,),
    "person_link": (Right.MANAGE_STAFF,),
    "person_new": (Right.MANAGE_STAFF,),
    "person_return": (Right.MANAGE_STAFF,),
    "service": (Right.MANAGE_SETTINGS,),
    "service_new": (Right.MANAGE_SETTINGS,),
    "service_retire": (Right.MANAGE_SETTINGS,),
    "services": (Right.SEE_SETTINGS,),
    "settings": (Right.SEE_SETTINGS,),
    "settings_csv": (Right.SEE_SETTINGS, Right.EXPORT),
    "staff": (Right.SEE_SETTINGS,),
    "team": (Right.MANAGE_STAFF,),
    "team_new": (Right.MANAGE_STAFF,),
    "teams": (Right.SEE_SETTINGS,),
    "authorities": (Right.SEE_SETTINGS,),
    "authority": (Right.MANAGE_SETTINGS,),
    "authority_end": (Right.MANAGE_SETTINGS,),
    "authority_new": (Right.MANAGE_SETTINGS,),
    "conflict_end": (Right.MANAGE_STAFF,),
    "conflict_new": (Right.MANAGE_STAFF,),
    "conflicts": (Right.SEE_SETTINGS,),
    "scheme": (Right.MANAGE_SETTINGS,),
    "scheme_end": (Right.MANAGE_SETTINGS,),
    "scheme_new": (Right.MANAGE_SETTINGS,),
    "schemes": (Right.SEE_SETTINGS,),
    "budget": (Right.MANAGE_SETTINGS,),
    "budget_end": (Right.MANAGE_SETTINGS,),
    "budget_new": (Right.MANAGE_SETTINGS,),
    "gesture": (Right.MANAGE_SETTINGS,),
    "gesture_new": (Right.MANAGE_SETTINGS,),
    "gesture_retire": (Right.MANAGE_SETTINGS,),
    "gestures": (Right.SEE_SETTINGS,),
    "signal_source": (Right.MANAGE_TOKENS,),
    "partner": (Right.MANAGE_TOKENS,),
    "partners": (Right.MANAGE_TOKENS,),
    "signals": (Right.MANAGE_TOKENS,),
    "token_new": (Right.MANAGE_TOKENS,),
    "token_revoke": (Right.MANAGE_TOKENS,),
    "tokens": (Right.MANAGE_TOKENS,),
    "webhook": (Right.MANAGE_TOKENS,),
    "webhooks": (Right.MANAGE_TOKENS,),
    "data": (Right.MANAGE_DATA,),
    "export_file": (Right.MANAGE_DATA,),
    "exports": (Right.MANAGE_DATA,),
    "import_bad": (Right.MANAGE_DATA,),
    "import_one": (Right.MANAGE_DATA,),
    "imports": (Right.MANAGE_DATA,),
    "people_data": (Right.MANAGE_DATA,),
    "person_copy": (Right.MANAGE_DATA,),
    "person_data": (Right.MANAGE_DATA,),
    "person_erase": (Right.MANAGE_DATA,),
    "retention": (Right.MANAGE_DATA,),
    "undo_change": (Right.SEE_SETTINGS, Right.MANAGE_SETTINGS),
}
"""What one needs for each address on the case of a colleague whom one does not cover for.

The first is asked by the door of the address, a second when the form is sent.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One address, by name, with its route and its door."""

    name: str
    route: str
    door: str

    def filled(self, things: dict[str, object]) -> str:
        """The address of one thing."""
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(things[found[1]]), self.route)


def addresses(*, door: str = "") -> Iterator[Address]:
    """Every address, or those behind one door."""
    for address in _walk(get_resolver(), ""):
        if door in {"", address.door}:
            yield address


def things_of(day: BusyDay, *, token: str = "") -> dict[str, object]:
    """What the alarm case has, by the names that addresses use."""
    told = Escalation.objects.filter(case=day.alarm, reason="break").get()
    return {
        "reference": day.alarm.reference,
        "promise_id": open_promise(day.alarm, "You will hear").pk,
        "revision_id": 1,
        "message_id": Message.objects.get(case=day.alarm).pk,
        "handover_id": Handover.objects.get().pk,
        "escalation_id": told.pk,
        "report_id": Report.objects.order_by("pk")[0].pk,
        "view_id": 1,
        "choice_id": 1,
        "remedy_id": 1,
        "request_id": 1,
        "attachment_id": 0,
        "letter_id": 0,
        "mail_id": 0,
        "template_id": 0,
        "stop_id": 0,
        "want_id": 1,
        "article_id": 0,
        "doubt_id": 0,
        "repeat_id": 0,
        "lesson_id": 0,
        "improvement_id": 0,
        "claim_id": 0,
        "visit_id": 0,  # whose visit it is, test_round asks
        "crew_id": 0,
        "absence_id": 0,
        "round_id": 0,
        "run_id": 0,
        "incident_ref": _incident(day).reference,
        "token": token,
        "session_id": 0,  # nobody's
        "pk": 0,  # nobody's key
        **_settings(day),
    }


def _incident(day: BusyDay) -> Incident:
    """An incident of the sample's service, which hits nobody."""
    known = Incident.objects.first()
    now = Case.objects.latest("recorded_at").recorded_at
    outage = Outage(
        service=Service.objects.get(),
        area="ZZ9",
        title="No round today",
        harm=Harm.LOST,
        failed_at=now,
        known_at=now,
    )
    truth = Truth(words="The lorry broke down.", due_at=now + timedelta(hours=2))
    return known or incidents.declare(outage, truth, owner=day.laura, by=day.laura, now=now)


def _settings(day: BusyDay) -> dict[str, object]:
    """Things of the settings."""
    return {
        "asset_id": day.bin.asset_id,
        "calendar_id": day.laura.team.calendar_id,
        "change_id": SettingsChange.objects.latest("pk").pk,
        "duty_id": 0,
        "person_id": day.offered.owner_id,
        "code": "M01",
        "chart": "kept",
        "service_id": Service.objects.get().pk,
        "severity": 2,
        "team_id": day.laura.team_id,
        "token_id": 0,
        "webhook_id": 0,
        "source_id": 0,
        "partner_id": 0,
        "authority_id": 0,
        "conflict_id": 0,
        "use_id": 0,
        "budget_id": 0,
        "gesture_id": 0,
        "which": "services",
        "import_id": 0,
        "export_id": 0,
        "uuid": day.bin.customer.uuid,
    }


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        assert isinstance(entry.pattern, RoutePattern), entry
        route = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield Address(name=str(entry.name), route=route, door=getattr(entry.callback, DOOR, ""))
        else:
            yield from _walk(entry, route)
