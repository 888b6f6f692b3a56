"""Addresses of sign-in, by the names that allauth and the frame know: only the parts of allauth that are used are reachable."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from portal.accounts.views import home

sign_in = [
    path("intrare/", allauth.login, name="account_login"),
    path("iesire/", allauth.logout, name="account_logout"),
    path("inchis/", allauth.account_inactive, name="account_inactive"),
    path("parola/", allauth.password_change, name="account_change_password"),
    path("parola/uitata/", allauth.password_reset, name="account_reset_password"),
    path("parola/uitata/trimis/", allauth.password_reset_done, name="account_reset_password_done"),
    path("parola/noua/gata/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(r"^parola/noua/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", allauth.password_reset_from_key, name="account_reset_password_from_key"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("ajutor/", home.help_page, name="help"),
    path("cont/", include(sign_in)),
]
