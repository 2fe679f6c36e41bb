"""Addresses of the desk."""

from django.urls import path

from makegood.doors.web.staff import (
    board_views,
    case_views,
    list_views,
    presence_views,
    promise_views,
    report_views,
    search_views,
    undoing,
)

app_name = "desk"
urlpatterns = [
    path("", board_views.my_word, name="my_word"),
    path("brief/<int:escalation_id>", board_views.brief, name="brief"),
    path(
        "escalations/<int:escalation_id>/acknowledge",
        board_views.acknowledge,
        name="acknowledge",
    ),
    path("my-word.csv", list_views.export_word, name="word_file"),
    path("cases", list_views.list_cases, name="cases"),
    path("cases.csv", list_views.export_cases, name="cases_file"),
    path("views", list_views.save, name="save_view"),
    path("views/<int:view_id>", list_views.change, name="change_view"),
    path("views/<int:view_id>/delete", list_views.delete, name="delete_view"),
    path("views/<int:view_id>/restore", list_views.restore, name="restore_view"),
    path("search", search_views.find, name="search"),
    path("search/quick", search_views.find_quickly, name="quick_search"),
    path("cases/<slug:reference>", case_views.show_one, name="case"),
    path("cases/<slug:reference>/promises", promise_views.make, name="make"),
    path("cases/<slug:reference>/contacts", case_views.record_contact, name="contact"),
    path("cases/<slug:reference>/handovers", case_views.hand_over, name="hand_over"),
    path("cases/<slug:reference>/links", case_views.make_link, name="make_link"),
    path("cases/<slug:reference>/links/revoke", case_views.revoke_links, name="revoke_links"),
    path("cases/<slug:reference>/close", case_views.close, name="close"),
    path("cases/<slug:reference>/reopen", case_views.reopen, name="reopen"),
    path("cases/<slug:reference>/here", presence_views.be_here, name="be_here"),
    path("cases/<slug:reference>/gone", presence_views.leave, name="leave"),
    path("undo", undoing.undo, name="undo"),
    path("undo/dismiss", undoing.dismiss, name="dismiss_undo"),
    path("handovers/<int:handover_id>/answer", case_views.answer_handover, name="answer_handover"),
    path("messages/<int:message_id>/said", case_views.apologise, name="apologise"),
    path("promises/<int:promise_id>/keep", promise_views.keep, name="keep"),
    path("promises/<int:promise_id>/move", promise_views.move, name="move"),
    path("promises/<int:promise_id>/release", promise_views.release, name="release"),
    path("promises/<int:promise_id>/replace", promise_views.replace, name="replace"),
    path("revisions/<int:revision_id>/told", promise_views.tell, name="tell"),
    path("reports/new", report_views.take, name="report"),
    path("reports/new/callers", report_views.find_callers, name="callers"),
    path("reports/new/same", report_views.find_same, name="same"),
    path("reports/<int:report_id>", report_views.taken, name="taken"),
]
