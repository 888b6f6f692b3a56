"""Addresses of contact. Those with a token are for people without an account."""

from django.urls import path, re_path

from portal.contact.views import asking, inbox, threads

app_name = "contact"
TOKEN = r"(?P<token>[A-Za-z2-7]{32})"  # noqa: S105
urlpatterns = [
    path("", asking.ask, name="ask"),
    path("loc/", asking.find, name="find"),
    path("primite/", inbox.received, name="received"),
    path("trimise/", inbox.sent, name="sent"),
    path("mesaje/<int:pk>/", threads.ticket, name="ticket"),
    path("mesaje/<int:pk>/inchidere/", threads.close, name="close"),
    path("mesaje/<int:pk>/anexe/<int:file>/", threads.download, name="file"),
    re_path(rf"^discutii/{TOKEN}/$", threads.link, name="link"),
    re_path(rf"^discutii/{TOKEN}/anexe/(?P<file>[0-9]+)/$", threads.link_download, name="link_file"),
]
