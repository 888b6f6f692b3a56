"""Pages about the site itself."""

from django.urls import path

from portal.ui import views

app_name = "ui"
urlpatterns = [
    path("accesibilitate/", views.accessibility, name="accessibility"),
    path("prelucrarea-datelor/", views.privacy, name="privacy"),
]
