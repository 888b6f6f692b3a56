"""Addresses of the pages of a round."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import path

from portal.collection.views import (
    autosaving,
    boards,
    completeness,
    deeds,
    filling,
    history,
    links,
    results,
    rounds,
    spreadsheets,
    steps,
    together,
    unit,
)
from portal.collection.views.desk import for_link, for_unit

app_name = "collection"

DESK: list[tuple[str, str, Callable[..., HttpResponse]]] = [
    ("intrebari/", "overview", filling.overview),
    ("intrebari/<slug:column>/", "question", filling.question),
    ("elev/<int:number>/", "row", filling.row),
    ("rezumat/", "summary", filling.summary),
    ("trimitere/", "send", filling.send),
    ("primit/", "receipt", filling.receipt),
]
"""The pages of a class table, the same for a unit user and for the holder of a link."""
AT_A_DESK = [
    ("foaie/", "grid", filling.grid),
    ("lipire/", "paste", spreadsheets.paste),
    ("incarcare/", "upload", spreadsheets.upload),
    ("tabel.xlsx", "workbook", spreadsheets.workbook),
]
"""Those for a unit user alone."""

urlpatterns = [
    path("campanii/<int:pk>/deschidere/", rounds.open_round, name="open_round"),
    path("campanii/<int:pk>/la-zi/", rounds.catch_up, name="catch_up"),
    path("colectare/<int:pk>/", boards.board, name="board"),
    path("colectare/<int:pk>/stadiu/", completeness.overview, name="completeness"),
    path("colectare/<int:pk>/istoric/", history.history, name="history"),
    path("colectare/<int:pk>/act/<slug:act>/", deeds.confirm, name="deed"),
    path("colectare/<int:pk>/impreuna/<slug:act>/", together.many, name="many"),
    path("colectare/<int:pk>/impreuna/rezultat/<int:batch>/", together.done, name="many_done"),
    path("colectare/<int:pk>/impreuna/rezultat/<int:batch>/anulare/", together.undo, name="many_undo"),
    path("colectare/<int:pk>/sarcini/", unit.tasks, name="tasks"),
    path("colectare/<int:pk>/pasi/<slug:section>/<slug:step>/", steps.steps, name="step"),
    path("colectare/<int:pk>/pasi/<slug:section>/<slug:step>/salvare/", autosaving.step, name="save_step"),
    path("colectare/<int:pk>/raspunsuri/", unit.answers, name="answers"),
    path("colectare/<int:pk>/explicatii/", unit.explain, name="explain"),
    path("colectare/<int:pk>/clasa-noua/", unit.add_class, name="add_class"),
    path("colectare/<int:pk>/clase-de-anul-trecut/", unit.copy_classes, name="copy_classes"),
    path("colectare/<int:pk>/stergere/", unit.remove_class, name="remove_class"),
    path("colectare/<int:pk>/linkuri/", links.desk, name="links"),
    path("colectare/<int:pk>/linkuri/foaie/", links.slips, name="slips"),
    path("colectare/<int:pk>/link/", links.link, name="link"),
    path("colectare/<int:pk>/link/revocare/", links.revoke, name="revoke_link"),
    path("colectare/<int:pk>/rezultate/", results.results, name="results"),
    path("colectare/<int:pk>/rezultate/<str:code>/", results.indicator, name="indicator"),
    path("colectare/<int:pk>/tabel/", for_unit(filling.grid), name="table"),
    path("t/<slug:token>/", for_link(filling.start), name="link_start"),
    *(path(f"colectare/<int:pk>/tabel/{address}", for_unit(view), name=f"table_{name}") for address, name, view in [*DESK, *AT_A_DESK]),
    *(path(f"t/<slug:token>/{address}", for_link(view), name=f"link_{name}") for address, name, view in DESK),
    path("colectare/<int:pk>/tabel/salvare/", for_unit(autosaving.table, writes=True), name="table_save"),
    path("t/<slug:token>/salvare/", for_link(autosaving.table, writes=True), name="link_save"),
]
