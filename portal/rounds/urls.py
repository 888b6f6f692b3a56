"""Addresses of the pages of methodologies and rounds."""

from django.urls import path

from portal.rounds.views import methodologies, rounds

app_name = "rounds"
urlpatterns = [
    path("metodologii/", methodologies.methodologies, name="methodologies"),
    path("metodologii/<slug:code>/", methodologies.methodology, name="methodology"),
    path("metodologii/<slug:code>/formulare/", methodologies.forms, name="forms"),
    path("metodologii/<slug:code>/indicatori/<str:indicator>/", methodologies.indicator, name="indicator"),
    path("campanii/", rounds.rounds, name="rounds"),
    path("campanii/noua/", rounds.new, name="new"),
    path("campanii/<int:pk>/", rounds.round_, name="round"),
    path("campanii/<int:pk>/termene/", rounds.move, name="windows"),
    path("campanii/<int:pk>/scrisoare/", rounds.letter, name="letter"),
    path("campanii/<int:pk>/inchidere/", rounds.close, name="close"),
]
