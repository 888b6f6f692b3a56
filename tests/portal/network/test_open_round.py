"""What an import or a correction does to a round that is open: it follows the network where nobody has worked yet, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.collection.authors import Author
from portal.collection.models import CLASS, Collection, Event, Response
from portal.collection.services import classes, links, opening, saving, supervising
from portal.network.models import ClassRecord, Place
from portal.outbox import services as outbox
from portal.rounds import methodologies
from portal.rounds.models import Round
from portal.rounds.services import close_round
from portal.structure.models import NetworkImport
from portal.structure.services import imports
from tests.portal.network.books import applied, book, listed
from tests.portal.people import Cast
from tests.portal.worked_round import draft_round, published

pytestmark = pytest.mark.django_db
YEAR = "2025-2026"
FINAL = Collection.State.FINALISED
BLAJ = ["AB", "0161100018", "Școala Gimnazială „Ion Exemplescu” Blaj", "0161100018", "Școala Gimnazială „Ion Exemplescu” Blaj", "PJ", "URBAN", 210]
TIUR = ["AB", "0161100018", BLAJ[2], "0162100016", "Școala Primară Tiur", "AR", "RURAL", 20]
SEBES = ["AB", "0161100027", "Școala Gimnazială Nr. 2 Sebeș", "0161100027", "Școala Gimnazială Nr. 2 Sebeș", "PJ", "URBAN", 300]
TURDA = ["CJ", "1261100013", "Colegiul Exemplu Turda", "1261100013", "Colegiul Exemplu Turda", "PJ", "URBAN", 10]
NEW = ["AB", "0161100018", BLAJ[2], "0162100025", "Grădinița nouă", "AR", "RURAL", 30]
HEADS = ["Cod SIIIR unitate", "Denumirea clasei", "Nivel de învățământ", "An de studiu", "Număr de elevi"]
VA = ["0161100018", "V A", "Gimnazial", "V", 24]
VB = ["0161100018", "V B", "Gimnazial", "V", 21]


@pytest.fixture
def round_(cast: Cast, settings: LazySettings, tmp_path: Path) -> Round:
    """A round over the cast's country as its list says it, open, with two classes in Blaj."""
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()
    applied(listed(BLAJ, TIUR, SEBES, TURDA))
    applied(book(HEADS, VA, VB), "classes", school_year=YEAR)
    made = draft_round(published())
    opening.open_round(made)
    made.refresh_from_db()
    return made


def imported(content: bytes, kind: str = "network", clears: bool = False, by: Any = None, place: Place | None = None) -> NetworkImport:
    record = imports.check(imports.upload(content, kind, place=place, school_year=YEAR, by=by))
    assert record.report["errors"] == 0
    return imports.apply(record, by=by, clears_missing=clears)


def told(record: NetworkImport, name: str = "rounds") -> dict[str, Any]:
    """What the open round took over, without what is not there."""
    [found] = record.report[name]
    counts = {what: found[what] for what in ("made", "changed", "dropped", "moved") if found[what]}
    return counts | {why: found[why]["named"] for why in ("frozen", "begun") if found[why]["many"]}


def everything() -> list[Any]:
    columns = ("level", "place", "code", "name", "path", "parent", "attributes", "state", "classes", "pupils", "classes_submitted")
    return [
        list(Collection.objects.order_by("path").values(*columns)),
        list(Response.objects.order_by("collection__path").values("collection", "values")),
    ]


def at(cast: Cast, word: str) -> Collection:
    return Collection.objects.select_related("round__methodology", "parent").get(place=cast.places[word])


def school_class(code: str) -> Collection:
    return Collection.objects.select_related("round__methodology", "parent__parent").get(level=CLASS, code=code)


def begin(collection: Collection, user: Any) -> None:
    """Somebody saves an answer."""
    values = {"cls_girls": 9} if collection.level == CLASS else {"pupils_total": 6}
    saving.save_section(collection, "basic", values, Author(user=user))


# ---- new places and classes ------------------------------------------------------------------------------


def test_new_places_get_their_collections_in_the_chain(round_: Round, cast: Cast) -> None:
    school = ["CJ", "1261100022", "Liceul Nou", "1261100022", "Liceul Nou", "PJ", "URBAN", 100]
    record = imported(listed(NEW, school))
    assert told(record) == {"made": {"school": 1, "unit": 2}}
    rows = {row.place.code: row for row in Collection.objects.filter(level="unit").select_related("place", "parent__parent")}
    assert rows["0162100025"].parent == at(cast, "blaj") and rows["1261100022"].parent.parent == at(cast, "cluj")
    assert all(row.path == f"{row.parent.path}{row.pk}/" for row in rows.values())
    event = Event.objects.get(action="follow_network")
    assert (event.through, event.collection.level, event.detail["made"]) == ("import", "national", {"school": 1, "unit": 2})


def test_places_without_pupils_get_none(round_: Round) -> None:
    assert told(imported(listed([*NEW[:7], 0]))) == {}
    assert not Collection.objects.filter(code="0162100025").exists()


def test_new_classes_reach_the_round_of_their_school_year_alone(round_: Round, cast: Cast) -> None:
    record = imported(book(HEADS, VA, VB, ["0162100016", "I", "Primar", "I", 14]), "classes")
    assert told(record) == {"made": {"class": 1}}
    unit, made = at(cast, "tiur"), school_class("I")
    assert made.parent == unit and (unit.classes, unit.pupils) == (1, 14)
    assert Response.objects.get(collection=made).values["cls_pupils"] == 14
    record = imports.check(imports.upload(book(HEADS, ["0162100016", "II", "Primar", "II", 14]), "classes", place=None, school_year="2026-2027"))
    assert told(imports.apply(record)) == {} and Collection.objects.filter(level=CLASS).count() == 3


def test_a_class_that_the_unit_took_away_does_not_come_back_with_another_list(round_: Round, cast: Cast) -> None:
    classes.remove_class(school_class("VB"), Author(user=cast["rodica"]))
    imported(book(HEADS, ["0162100016", "I", "Primar", "I", 14]), "classes")
    imported(listed(NEW))
    assert not Collection.objects.filter(level=CLASS, code="VB").exists()


def test_a_unit_that_opens_again_comes_with_its_classes(round_: Round, cast: Cast) -> None:
    assert told(imported(listed([*BLAJ[:7], 0])))["dropped"] == {"unit": 1}
    assert not Collection.objects.filter(level=CLASS).exists()
    assert told(imported(listed(BLAJ)))["made"] == {"unit": 1, "class": 2}
    assert at(cast, "blaj_unit").classes == 2


# ---- what changed ----------------------------------------------------------------------------------------


def test_names_and_facts_are_those_of_the_network_now(round_: Round, cast: Cast) -> None:
    record = imported(listed([*BLAJ[:4], "Școala „Ion” Blaj", *BLAJ[5:6], "RURAL", 211]))
    unit, one = at(cast, "blaj_unit"), school_class("VA")
    assert told(record) == {"changed": {"unit": 1}}
    assert (unit.name, unit.attributes["residence"], unit.attributes["pupils_total"]) == ("Școala „Ion” Blaj", "rural", 211)
    assert unit.sort_key == unit.place.sort_key and one.attributes == unit.attributes
    assert at(cast, "blaj").name == BLAJ[2]


def test_pupil_counts_reach_the_round_too(round_: Round, cast: Cast) -> None:
    heads = ["Cod SIIIR unitate", "Nivel de învățământ", "Limba de predare", "Număr de elevi"]
    assert told(imported(book(heads, ["0162100016", "Primar", "română", 33]), "pupils")) == {"changed": {"unit": 1}}
    assert at(cast, "tiur").attributes["pupils_total"] == 33


def test_a_class_that_nobody_has_begun_takes_its_new_parameters(round_: Round, cast: Cast) -> None:
    assert told(imported(book(HEADS, [*VA[:4], 28], VB), "classes")) == {"changed": {"class": 1}}
    one, unit = school_class("VA"), at(cast, "blaj_unit")
    assert (one.pupils, unit.pupils, Response.objects.get(collection=one).values["cls_pupils"]) == (28, 49, 28)


def test_a_class_that_somebody_has_begun_stays_as_it_is_and_is_told(round_: Round, cast: Cast) -> None:
    begin(school_class("VA"), cast["rodica"])
    links.send(school_class("VB"), Author(user=cast["rodica"]))
    before = everything()
    record = imported(book(HEADS, [*VA[:4], 28], [*VB[:4], 29]), "classes")
    assert told(record) == {"begun": ["V A – " + BLAJ[4], "V B – " + BLAJ[4]]} and everything() == before
    assert not Event.objects.filter(action="follow_network").exists()


def test_a_unit_goes_with_its_school_and_takes_everything_below_along(round_: Round, cast: Cast) -> None:
    imported(book(HEADS, VA, VB, ["0162100016", "I", "Primar", "I", 14]), "classes")
    begin(at(cast, "tiur"), cast["tudor"])
    record = imported(listed([*SEBES[:3], *TIUR[3:]]))
    unit, one, school = at(cast, "tiur"), school_class("I"), at(cast, "sebes")
    assert told(record) == {"moved": 1}
    assert unit.parent == school and unit.path == f"{school.path}{unit.pk}/" and one.path == f"{unit.path}{one.pk}/"
    moved = Event.objects.get(collection=unit, action="follow_network")
    assert moved.detail == {"moved": [BLAJ[2], SEBES[2]]}


def test_a_unit_that_became_a_school_moves_under_it(round_: Round, cast: Cast) -> None:
    own = ["AB", "0161100016", "Școala Primară Tiur", "0161100016", "Școala Primară Tiur", "PJ", "RURAL", 20]
    record = imported(listed(BLAJ, own))
    unit = at(cast, "tiur")
    assert told(record) == {"made": {"school": 1}, "changed": {"unit": 1}, "moved": 1}
    assert unit.code == "0161100016" and unit.parent is not None and unit.parent.code == "0161100016"


# ---- what leaves -----------------------------------------------------------------------------------------


def test_what_is_closed_leaves_the_round_when_nobody_has_worked_there(round_: Round, cast: Cast) -> None:
    record = imported(listed(BLAJ, TURDA), clears=True)
    assert told(record)["dropped"] == {"unit": 2, "school": 1}
    left = set(Collection.objects.exclude(level=CLASS).values_list("place__code", flat=True))
    assert left == {"RO", "AB", "CJ", "0161100018", "1261100013"}


@pytest.mark.parametrize("how", ["saved", "class", "blocked", "exempt"])
def test_a_closed_place_with_data_or_a_history_is_never_taken_out(how: str, round_: Round, cast: Cast) -> None:
    imported(book(HEADS, VA, VB, ["0162100016", "I", "Primar", "I", 14]), "classes")
    unit = at(cast, "tiur")
    if how == "saved":
        begin(unit, cast["tudor"])
    elif how == "class":
        begin(school_class("I"), cast["tudor"])
    elif how == "blocked":
        supervising.block(unit, Author(user=cast["dan"]), "Se verifică.")
    else:
        supervising.exempt(unit, Author(user=cast["ioana"]), "too_small", "Prea mică.")
    before = everything()
    record = imported(listed(BLAJ, SEBES, TURDA), clears=True)
    assert Place.objects.get(code="0162100016").closed_on is not None
    assert told(record) == {"begun": ["Școala Primară Tiur"]} and everything() == before


def test_a_class_taken_off_the_list_leaves_only_while_nobody_has_begun_it(round_: Round, cast: Cast) -> None:
    begin(school_class("VA"), cast["rodica"])
    third = ["0161100018", "V C", "Gimnazial", "V", 20]
    record = imported(book(HEADS, third), "classes", clears=True)
    assert told(record) == {"made": {"class": 1}, "dropped": {"class": 1}, "begun": ["V A – " + BLAJ[4]]}
    assert set(Collection.objects.filter(level=CLASS).values_list("code", flat=True)) == {"VA", "VC"}
    assert (at(cast, "blaj_unit").classes, at(cast, "blaj_unit").pupils) == (2, 44)


# ---- what is final ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("final", ["tiur", "blaj", "alba"])
def test_nothing_changes_in_what_is_final_or_below_it(final: str, round_: Round, cast: Cast) -> None:
    imported(book(HEADS, VA, VB, ["0162100016", "I", "Primar", "I", 14]), "classes")
    Collection.objects.filter(path__startswith=at(cast, final).path).exclude(level=CLASS).update(state=FINAL)
    before = everything()
    other = [*TIUR[:4], "Alt nume", *TIUR[5:6], "URBAN", 0]
    record = imported(listed(BLAJ, other, SEBES, TURDA))
    assert told(record) == {"frozen": ["Școala Primară Tiur"]} and everything() == before
    record = imported(book(HEADS, ["0162100016", "I", "Primar", "I", 15], ["0162100016", "II", "Primar", "II", 9]), "classes")
    assert told(record) == {"frozen": ["II – Alt nume", "I – Școala Primară Tiur"]} and everything() == before


def test_a_new_unit_of_a_final_school_waits_until_it_is_open_again(round_: Round, cast: Cast) -> None:
    Collection.objects.filter(place=cast.places["blaj"]).update(state=FINAL)
    assert told(imported(listed(NEW))) == {"frozen": ["Grădinița nouă"]}
    assert not Collection.objects.filter(code="0162100025").exists()
    Collection.objects.filter(place=cast.places["blaj"]).update(state=Collection.State.OPEN, reopened=True)
    assert told(imported(listed([*NEW[:7], 31])))["made"] == {"unit": 1}


def test_the_commission_catches_up_with_what_was_final_then(round_: Round, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    Collection.objects.filter(place=cast.places["blaj"]).update(state=FINAL)
    imported(listed(NEW, [*TIUR[:4], "Alt nume", *TIUR[5:]]))
    imported(book(HEADS, ["0162100016", "I", "Primar", "I", 9]), "classes")
    Collection.objects.filter(place=cast.places["blaj"]).update(state=Collection.State.OPEN, reopened=True)
    address = reverse("collection:catch_up", args=[round_.pk])
    assert browser_of("ioana").post(address).status_code == 403
    assert browser_of("maria").post(address)["Location"] == reverse("rounds:round", args=[round_.pk])
    assert "Campania se aduce la zi cu rețeaua" in browser_of("maria").get(reverse("rounds:round", args=[round_.pk])).content.decode()
    outbox.sweep()
    assert at(cast, "tiur").name == "Alt nume" and school_class("I").parent == at(cast, "tiur")
    assert Collection.objects.get(code="0162100025").parent == at(cast, "blaj")
    page = browser_of("maria").get(reverse("rounds:round", args=[round_.pk])).content.decode()
    assert "a adus campania la zi cu rețeaua: 1 unitate, 1 clasă" in page and 'id="progres"' not in page
    history = browser_of("ioana").get(reverse("collection:history", args=[at(cast, "alba").pk])).content.decode()
    assert "Schimbări preluate din rețea: noi: 1 unitate, 1 clasă; cu alte date: 1 unitate" in history


def test_a_unit_does_not_move_into_or_out_of_a_final_school(round_: Round, cast: Cast) -> None:
    Collection.objects.filter(place=cast.places["sebes"]).update(state=FINAL)
    assert told(imported(listed([*SEBES[:3], *TIUR[3:]]))) == {"frozen": ["Școala Primară Tiur"]}
    assert at(cast, "tiur").parent == at(cast, "blaj")


def test_closed_rounds_keep_the_network_as_it_was(round_: Round, cast: Cast) -> None:
    close_round(round_)
    before = everything()
    record = imported(listed([*BLAJ[:4], "Alt nume", *BLAJ[5:]], NEW), clears=True)
    assert record.report["rounds"] == [] and everything() == before


def test_a_round_in_preparation_takes_the_network_when_it_opens(cast: Cast, settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()
    draft_round(published())
    assert imported(listed(BLAJ, NEW)).report["rounds"] == [] and not Collection.objects.exists()


# ---- undoing ---------------------------------------------------------------------------------------------


def test_undoing_takes_the_round_back_as_well(round_: Round, cast: Cast) -> None:
    before = everything()
    record = imported(listed([*BLAJ[:4], "Alt nume", *BLAJ[5:]], TIUR, SEBES, TURDA, NEW))
    assert everything() != before
    record = imports.undo(record)
    assert everything() == before
    assert told(record, "undone_rounds") == {"changed": {"unit": 1}}


def test_undoing_a_list_of_classes_takes_them_out_and_back_in(round_: Round, cast: Cast) -> None:
    record = imported(book(HEADS, [*VA[:4], 28], ["0161100018", "V C", "Gimnazial", "V", 20]), "classes", clears=True)
    assert sorted(Collection.objects.filter(level=CLASS).values_list("code", "pupils")) == [("VA", 28), ("VC", 20)]
    record = imports.undo(record)
    assert sorted(Collection.objects.filter(level=CLASS).values_list("code", "pupils")) == [("VA", 24), ("VB", 21)]
    assert (at(cast, "blaj_unit").classes, at(cast, "blaj_unit").pupils) == (2, 45)


def test_an_import_on_whose_places_somebody_works_is_not_undone(round_: Round, cast: Cast) -> None:
    record = imported(listed(NEW))
    supervising.block(Collection.objects.get(code="0162100025"), Author(user=cast["dan"]), "Se verifică.")
    before = everything()
    with pytest.raises(imports.NotNow, match="nu se poate anula"):
        imports.undo(record)
    assert everything() == before and Place.objects.filter(code="0162100025").exists()


# ---- through pages ---------------------------------------------------------------------------------------


def test_the_page_says_before_and_after_what_the_round_takes_over(round_: Round, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    client = browser_of("ioana")
    place = cast.places["alba"]
    record = imports.check(imports.upload(listed(BLAJ, TIUR, SEBES, NEW), "network", place=place, by=cast["ioana"]))
    address = reverse("network:apply", args=[record.pk])
    assert "Schimbările ajung și în campania deschisă (2025-2026)" in client.get(address).content.decode()
    client.post(address)
    page = client.get(reverse("network:import", args=[record.pk])).content.decode()
    assert "Lista se aplică" in page and "data-under-way" in page and "Se aplică" in page
    outbox.sweep()
    page = client.get(reverse("network:import", args=[record.pk])).content.decode()
    assert "Campania 2025-2026" in page and "Noi: 1 unitate" in page and 'id="progres"' not in page
    assert Event.objects.get(action="follow_network").by == cast["ioana"]


def test_corrections_of_single_places_reach_the_round_too(round_: Round, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    client = browser_of("ioana")
    data = {"code": "0162100025", "name": "Grădinița nouă", "kind": "Unitate de învățământ", "pupils_total": "12"}
    page = client.post(reverse("network:add", args=[cast.places["blaj"].pk]), data, follow=True).content.decode()
    assert "Campania 2025-2026: Noi: 1 unitate" in page and Collection.objects.get(code="0162100025").parent == at(cast, "blaj")
    client.post(reverse("network:move", args=[cast.places["tiur"].pk]), {"code": "0161100027"})
    assert at(cast, "tiur").parent == at(cast, "sebes")
    begin(at(cast, "tiur"), cast["tudor"])
    page = client.post(reverse("network:close", args=[cast.places["tiur"].pk]), {"day": timezone.localdate().strftime("%d.%m.%Y")}, follow=True)
    assert "Rămân cum sunt, fiindcă cineva a lucrat deja la ele: Școala Primară Tiur" in page.content.decode()
    client.post(reverse("network:close", args=[cast.places["sebes_unit"].pk]), {"day": timezone.localdate().strftime("%d.%m.%Y")})
    assert not Collection.objects.filter(place=cast.places["sebes_unit"]).exists()
    client.post(reverse("network:reopen", args=[cast.places["sebes_unit"].pk]))
    assert Collection.objects.filter(place=cast.places["sebes_unit"]).exists()


def test_whoever_loses_the_right_meanwhile_applies_nothing(round_: Round, cast: Cast) -> None:
    record = imports.check(imports.upload(listed(NEW), "network", place=cast.places["alba"], by=cast["ioana"]))
    imports.ask_to_apply(record, by=cast["ioana"])
    cast.role("ioana").delete()
    outbox.sweep()
    record.refresh_from_db()
    assert (record.state, record.applied_by) == ("checked", None) and record.refusal
    assert not Place.objects.filter(code="0162100025").exists()


def test_an_import_while_the_round_opens_reaches_the_counties_that_are_there(cast: Cast, settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()
    round_ = draft_round(published())
    opening.ask(round_, cast["maria"])
    new_in_cluj = ["CJ", "1261100022", "Liceul Nou", "1261100022", "Liceul Nou", "PJ", "URBAN", 100]

    def somebody_imports(done: int, total: int) -> None:
        if done == 1:
            imported(listed(NEW, new_in_cluj))

    opening.carry_out(round_, cast["maria"], somebody_imports)
    taken = Collection.objects.filter(round=round_, level="unit").values_list("code", flat=True)
    assert sorted(taken) == sorted(Place.objects.filter(level="unit").values_list("code", flat=True))
    assert ClassRecord.objects.count() == 0
