"""Addresses of signing in and of one's own account. Allauth finds them by these names."""

from django.urls import path

from makegood.doors.web.account import entrance, own, rules

urlpatterns = [
    path("sign-in", entrance.sign_in, name="account_login"),
    path("sign-in/second-step", entrance.second_step_page, name="mfa_authenticate"),
    path("sign-in/with/<slug:provider_id>", entrance.go_to_company, name="openid_connect_login"),
    path(
        "sign-in/with/<slug:provider_id>/back",
        entrance.come_from_company,
        name="openid_connect_callback",
    ),
    path("sign-in/reset", entrance.ask_for_reset, name="account_reset_password"),
    path("sign-in/reset/sent", entrance.reset_sent, name="account_reset_password_done"),
    path("sign-in/reset/done", entrance.reset_done, name="account_reset_password_from_key_done"),
    path(
        "sign-in/reset/<str:uidb36>/<str:key>",
        entrance.reset,
        name="account_reset_password_from_key",
    ),
    path("sign-out", entrance.sign_out, name="account_logout"),
    path("account", own.details, name="account"),
    path("account/password", own.password, name="account_change_password"),
    path("account/again", own.again, name="account_reauthenticate"),
    path("account/again/code", own.code_again, name="mfa_reauthenticate"),
    path("account/again/key", own.key_again, name="mfa_reauthenticate_webauthn"),
    path("account/second-step", own.second_steps, name="mfa_index"),
    path("account/second-step/app", own.add_app, name="mfa_activate_totp"),
    path("account/second-step/app/remove", own.remove_app, name="mfa_deactivate_totp"),
    path("account/second-step/codes", own.codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new", own.new_codes, name="mfa_generate_recovery_codes"),
    path("account/second-step/key", own.add_key, name="mfa_add_webauthn"),
    path("account/second-step/keys/<int:pk>/remove", own.remove_key, name="mfa_remove_webauthn"),
    path("account/sessions", own.sessions, name="account_sessions"),
    path("account/sessions/end", own.end_other_sessions, name="account_end_other_sessions"),
    path("account/sessions/<int:session_id>/end", own.end_session, name="account_end_session"),
    path("settings/sign-in", rules.second_step_rules, name="account_second_step_rules"),
    path("settings/sign-in/lost", rules.drop_second_step, name="account_drop_second_step"),
]
