"""Addresses of accounts and people. Those of sign-in keep the names that allauth and the frame know; only the parts of allauth in use are here."""

from allauth.account import views as allauth
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.usersessions import views as open_sessions
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from portal.accounts.views import factors, home, invitations, inviting, many, people, profile, protection, session

sign_in = [
    path("", profile.profile, name="account_profile"),
    path("intrare/", allauth.login, name="account_login"),
    path("iesire/", login_not_required(allauth.logout), name="account_logout"),
    path("inchis/", allauth.account_inactive, name="account_inactive"),
    path("sesiune/", session.session, name="account_session"),
    path("intrerupt/", session.interrupted, name="account_interrupted"),
    path("sesiuni/", open_sessions.list_usersessions, name="usersessions_list"),
    path("confirmare/", allauth.reauthenticate, name="account_reauthenticate"),
    path("confirmare/cod/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("al-doilea-factor/", factor.index, name="mfa_index"),
    path("al-doilea-factor/cod/", factor.authenticate, name="mfa_authenticate"),
    path("al-doilea-factor/pornire/", protection.activate_factor, name="mfa_activate_totp"),
    path("al-doilea-factor/oprire/", protection.deactivate_factor, name="mfa_deactivate_totp"),
    path("al-doilea-factor/coduri/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("al-doilea-factor/coduri/noi/", protection.renew_codes, name="mfa_generate_recovery_codes"),
    path("al-doilea-factor/coduri/descarcare/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("parola/", protection.change_password, name="account_change_password"),
    path("parola/uitata/", allauth.password_reset, name="account_reset_password"),
    # Whoever has no password gets the first one as a forgotten one: by mail.
    path("parola/prima/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),
    path("parola/uitata/trimis/", allauth.password_reset_done, name="account_reset_password_done"),
    path("parola/noua/gata/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(r"^parola/noua/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", protection.set_new_password, name="account_reset_password_from_key"),
]
people_pages = [
    path("oameni/", people.people, name="people"),
    path("oameni/<int:pk>/", people.place, name="place"),
    path("oameni/<int:pk>/invitati/", inviting.invite, name="invite"),
    path("oameni/<int:pk>/invitati-mai-multi/", many.invite_many, name="invite_many"),
    path("oameni/<int:pk>/fara-cont.csv", many.missing, name="missing"),
    path("oameni/<int:pk>/reamintiti/", inviting.remind, name="remind"),
    path("oameni/roluri/<int:pk>/incheiati/", people.end_role, name="end_role"),
    path("oameni/roluri/<int:pk>/inlocuiti/", people.replace_role, name="replace_role"),
    path("oameni/roluri/<int:pk>/al-doilea-factor/", factors.reset, name="reset_factor"),
    path("oameni/invitatii/<int:pk>/retrimiteti/", inviting.resend, name="resend"),
    path("oameni/invitatii/<int:pk>/revocati/", inviting.withdraw, name="withdraw"),
    re_path(r"^invitatii/(?P<token>[A-Za-z2-7]{32})/$", invitations.invitation, name="invitation"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("ajutor/", home.help_page, name="help"),
    path("cont/", include(sign_in)),
    path("", include((people_pages, "accounts"))),
]
