"""Addresses of the network."""

from django.urls import path

from portal.structure.views import browse, corrections, differences, exports, imports

app_name = "network"
urlpatterns = [
    path("", browse.index, name="index"),
    path("<int:pk>/", browse.place, name="place"),
    path("<int:pk>/lista/<slug:kind>.<slug:shape>", exports.listed, name="export"),
    path("<int:pk>/corectare/", corrections.correct, name="correct"),
    path("<int:pk>/mutare/", corrections.move, name="move"),
    path("<int:pk>/inchidere/", corrections.close, name="close"),
    path("<int:pk>/redeschidere/", corrections.reopen, name="reopen"),
    path("<int:pk>/adaugare/", corrections.add, name="add"),
    path("<int:pk>/importuri/", imports.history, name="imports"),
    path("<int:pk>/importuri/nou/", imports.upload, name="upload"),
    path("<int:pk>/ani/", differences.over_years, name="years"),
    path("<int:pk>/ani/<slug:year>.<slug:shape>", differences.over_years_file, name="years_file"),
    path("importuri/<int:pk>/schimbari.<slug:shape>", differences.of_import, name="changes"),
    path("importuri/<int:pk>/", imports.detail, name="import"),
    path("importuri/<int:pk>/coloane/", imports.columns, name="columns"),
    path("importuri/<int:pk>/aplicare/", imports.apply, name="apply"),
    path("importuri/<int:pk>/anulare/", imports.undo, name="undo"),
    path("importuri/<int:pk>/renuntare/", imports.abandon, name="abandon"),
]
