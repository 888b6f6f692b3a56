"""Addresses of the pages of a round."""

from django.urls import path

from portal.collection.views import boards, deeds, history, results, steps, unit

app_name = "collection"
urlpatterns = [
    path("colectare/<int:pk>/", boards.board, name="board"),
    path("colectare/<int:pk>/istoric/", history.history, name="history"),
    path("colectare/<int:pk>/act/<slug:act>/", deeds.confirm, name="deed"),
    path("colectare/<int:pk>/sarcini/", unit.tasks, name="tasks"),
    path("colectare/<int:pk>/pasi/<slug:section>/<slug:step>/", steps.steps, name="step"),
    path("colectare/<int:pk>/raspunsuri/", unit.answers, name="answers"),
    path("colectare/<int:pk>/explicatii/", unit.explain, name="explain"),
    path("colectare/<int:pk>/clasa-noua/", unit.add_class, name="add_class"),
    path("colectare/<int:pk>/stergere/", unit.remove_class, name="remove_class"),
    path("colectare/<int:pk>/rezultate/", results.results, name="results"),
    path("colectare/<int:pk>/rezultate/<str:code>/", results.indicator, name="indicator"),
]
