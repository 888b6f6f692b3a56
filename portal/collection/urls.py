"""Addresses of the pages of a round."""

from django.urls import path

from portal.collection.views import boards, deeds, history

app_name = "collection"
urlpatterns = [
    path("colectare/<int:pk>/", boards.board, name="board"),
    path("colectare/<int:pk>/istoric/", history.history, name="history"),
    path("colectare/<int:pk>/act/<slug:act>/", deeds.confirm, name="deed"),
]
