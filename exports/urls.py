"""Addresses of reports and exports."""

from django.urls import path

from exports import views

app_name = "exports"
urlpatterns = [
    path("colectare/<int:pk>/documente/", views.documents, name="documents"),
    path("colectare/<int:pk>/documente/<int:document>/", views.download, name="download"),
    path("colectare/<int:pk>/documente/<int:document>/din-nou/", views.try_again, name="try_again"),
    path("colectare/<int:pk>/exporturi/", views.exports, name="exports"),
    path("colectare/<int:pk>/istoric/fisier.<slug:shape>", views.history, name="history"),
    path("colectare/<int:pk>/stadiu/fisier.<slug:shape>", views.coverage, name="coverage"),
    path("colectare/<int:pk>/raport/", views.report, name="report"),
]
