"""Addresses of the pages of methodologies and rounds."""

from django.urls import path

from portal.rounds.views import drafts, methodologies, rounds

app_name = "rounds"
urlpatterns = [
    path("metodologii/", methodologies.methodologies, name="methodologies"),
    path("metodologii/proiecte/", drafts.drafts, name="drafts"),
    path("metodologii/proiecte/aducere/", drafts.bring, name="bring"),
    path("metodologii/proiecte/<int:pk>/", drafts.draft, name="draft"),
    path("metodologii/proiecte/<int:pk>/fisier/", drafts.file, name="draft_file"),
    path("metodologii/proiecte/<int:pk>/publicare/", drafts.publish, name="publish"),
    path("metodologii/proiecte/<int:pk>/stergere/", drafts.remove, name="remove_draft"),
    path("metodologii/proiecte/<int:pk>/arhiva/", drafts.download, name="download_draft"),
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
