"""Addresses of the methodology pages."""

from django.urls import path

from portal.rounds import views

app_name = "rounds"
urlpatterns = [
    path("metodologii/", views.methodologies, name="methodologies"),
    path("metodologii/<slug:code>/", views.methodology, name="methodology"),
    path("metodologii/<slug:code>/formulare/", views.forms, name="forms"),
    path("metodologii/<slug:code>/indicatori/<str:indicator>/", views.indicator, name="indicator"),
]
