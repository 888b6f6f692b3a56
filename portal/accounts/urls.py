"""Addresses of accounts and people. Those of sign-in keep the names that allauth and the frame know; only the parts of allauth in use are here."""

from allauth.account import views as allauth
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from portal.accounts.views import home, invitations, inviting, many, people, profile

sign_in = [
    path("", profile.profile, name="account_profile"),
    path("intrare/", allauth.login, name="account_login"),
    path("iesire/", allauth.logout, name="account_logout"),
    path("inchis/", allauth.account_inactive, name="account_inactive"),
    path("parola/", allauth.password_change, name="account_change_password"),
    path("parola/uitata/", allauth.password_reset, name="account_reset_password"),
    # Whoever has no password gets the first one as a forgotten one: by mail.
    path("parola/prima/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),
    path("parola/uitata/trimis/", allauth.password_reset_done, name="account_reset_password_done"),
    path("parola/noua/gata/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(r"^parola/noua/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", allauth.password_reset_from_key, name="account_reset_password_from_key"),
]
people_pages = [
    path("oameni/", people.people, name="people"),
    path("oameni/<int:pk>/", people.place, name="place"),
    path("oameni/<int:pk>/invitati/", inviting.invite, name="invite"),
    path("oameni/<int:pk>/invitati-mai-multi/", many.invite_many, name="invite_many"),
    path("oameni/<int:pk>/reamintiti/", inviting.remind, name="remind"),
    path("oameni/roluri/<int:pk>/incheiati/", people.end_role, name="end_role"),
    path("oameni/roluri/<int:pk>/inlocuiti/", people.replace_role, name="replace_role"),
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
