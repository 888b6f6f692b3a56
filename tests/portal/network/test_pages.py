"""The pages of the network: who sees what, searching, correcting single places, taking lists away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from portal.network import services, synthetic
from portal.network.importing import reading
from portal.network.models import Level, Place
from portal.structure.models import Correction, NetworkImport
from tests.portal.network.conftest import YEAR
from tests.portal.people import Cast

Browser = Callable[[str], Client]
PLACE_PAGES = ("place", "imports", "upload", "correct", "move", "close", "add")
# Who → page → what it answers, for pages of Alba, of the school of Blaj, of its structure Tiur, and of Cluj.
OWN = {
    "maria": {"alba": "200", "upload": 200, "correct": 200, "cluj": 200},
    "gelu": {"alba": "200", "upload": 200, "correct": 200, "cluj": 404},
    "ioana": {"alba": "200", "upload": 200, "correct": 200, "cluj": 404},
    "andrei": {"alba": "200", "upload": 403, "correct": 403, "cluj": 404},
    "anca": {"alba": "200", "upload": 403, "correct": 403, "cluj": 200},
    "mihai": {"alba": "200", "upload": 403, "correct": 403, "cluj": 200},
    "dan": {"alba": "404", "upload": 404, "correct": 403, "cluj": 404},
    "doina": {"alba": "404", "upload": 404, "correct": 404, "cluj": 404},
    "tudor": {"alba": "404", "upload": 404, "correct": 403, "cluj": 404},
    "rodica": {"alba": "404", "upload": 404, "correct": 404, "cluj": 404},
    "carmen": {"alba": "404", "upload": 404, "correct": 404, "cluj": 200},
}


@pytest.mark.parametrize("who", OWN)
def test_everybody_sees_the_own_places_and_does_what_the_workflow_lets_them(who: str, cast: Cast, browser_of: Browser) -> None:
    client, wanted = browser_of(who), OWN[who]
    alba, cluj, tiur = (cast.places[word].pk for word in ("alba", "cluj", "tiur"))
    assert client.get(reverse("network:place", args=[alba])).status_code == int(wanted["alba"])
    assert client.get(reverse("network:place", args=[cluj])).status_code == wanted["cluj"]
    assert client.get(reverse("network:upload", args=[alba])).status_code == wanted["upload"]
    for name in ("correct", "move", "close"):
        assert client.get(reverse(f"network:{name}", args=[tiur])).status_code == wanted["correct"], name
        assert client.post(reverse(f"network:{name}", args=[tiur]), {}).status_code in (wanted["correct"], 422), name


def test_whoever_is_not_signed_in_is_asked_to(cast: Cast, client: Client) -> None:
    for address in (
        reverse("network:index"),
        reverse("network:place", args=[cast.places["alba"].pk]),
        reverse("network:export", args=[1, "network", "csv"]),
    ):
        answer = client.get(address)
        assert answer.status_code == 302 and reverse("account_login") in answer.url  # type: ignore[attr-defined]


def test_the_network_opens_at_the_own_place(cast: Cast, browser_of: Browser) -> None:
    for who, place in (("maria", "country"), ("ioana", "alba"), ("dan", "blaj"), ("tudor", "tiur")):
        assert browser_of(who).get(reverse("network:index")).url == reverse("network:place", args=[cast.places[place].pk])  # type: ignore[attr-defined]


def pages_of(cast: Cast) -> list[str]:
    country, alba, blaj, tiur = (cast.places[word].pk for word in ("country", "alba", "blaj", "tiur"))
    found = [reverse("network:place", args=[pk]) for pk in (country, alba, blaj, tiur)]
    found += [reverse("network:place", args=[country]) + "?q=tiur", reverse("network:place", args=[alba]) + "?stare=inchise"]
    found += [reverse(f"network:{name}", args=[pk]) for name in ("imports", "upload") for pk in (country, alba)]
    found += [reverse(f"network:{name}", args=[tiur]) for name in ("correct", "move", "close")] + [
        reverse("network:add", args=[alba]),
        reverse("network:add", args=[blaj]),
    ]
    return found


def test_every_page_has_one_heading_and_says_where_one_is(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("maria")
    for address in pages_of(cast):
        page = client.get(address).content.decode()
        assert len(re.findall(r"<h1[ >]", page)) == 1, address
        assert re.search(r"<title>[^<]+ – [^<]+ – Monitorizare</title>", re.sub(r"\s+", " ", page)), address
        assert not re.search(r"[şţŞŢ]", page) and "style=" not in page and "<script>" not in page, address


def test_search_does_not_mind_diacritics_and_filters_live_in_the_address(cast: Cast, browser_of: Browser) -> None:
    client, alba = browser_of("ioana"), reverse("network:place", args=[cast.places["alba"].pk])
    found = client.get(alba, {"q": "SCOALA primara"}).content.decode()
    assert "Școala Primară Tiur" in found and "Sebeș" not in found and 'value="SCOALA primara"' in found
    assert "Școala Primară Tiur" in client.get(alba, {"q": "0162100016"}).content.decode()
    nothing = client.get(alba, {"q": "nicăieri"}).content.decode()
    assert "Nicio școală nu corespunde." in nothing
    Place.objects.filter(pk=cast.places["tiur"].pk).update(attributes={"residence": "rural"}, collects=False)
    rural = client.get(alba, {"mediu": "rural", "stare": "nu-participa"}).content.decode()
    assert "Tiur" in rural and "Sebeș" not in rural
    assert "Tiur" not in client.get(alba, {"stare": "participa"}).content.decode()
    assert client.get(alba, {"stare": "<b>", "mediu": "'", "pagina": "x"}).status_code == 200


def test_a_search_finds_nothing_outside_the_own_places(cast: Cast, browser_of: Browser) -> None:
    page = browser_of("ioana").get(reverse("network:place", args=[cast.places["alba"].pk]), {"q": "exemplu"}).content.decode()
    assert "Turda" not in page and "Nicio școală nu corespunde." in page


def test_names_with_markup_are_shown_as_text(cast: Cast, browser_of: Browser) -> None:
    name = "<script>alert(1)</script> „Școala” 'x' & \"y\""
    Place.objects.filter(pk__in=[cast.places["blaj"].pk, cast.places["tiur"].pk]).update(name=name)
    for place in ("alba", "blaj", "tiur"):
        page = browser_of("ioana").get(reverse("network:place", args=[cast.places[place].pk])).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_county_takes_the_same_queries_however_large_it_is(db: None, client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    from portal.accounts.models import Membership, User

    services.seed([0], synthetic.Size(45, 120, 700), 3, YEAR)
    alba = Place.objects.get(level=Level.COUNTY)
    user = User.objects.create_user("i@example.ro", "Ioana", "parola")
    Membership.objects.create(user=user, place=alba, role="inspector")
    client.force_login(user)
    with django_assert_max_num_queries(30):
        page = client.get(reverse("network:place", args=[alba.pk]), {"an": YEAR}).content.decode()
    assert "45 de școli" in page


def test_a_unit_shows_its_facts_in_words_and_the_classes_of_a_year(invented: Place, client: Client) -> None:
    from portal.accounts.models import Membership, User

    unit = Place.objects.filter(level=Level.UNIT).earliest("pk")
    user = User.objects.create_user("m@example.ro", "Maria", "parola")
    Membership.objects.create(user=user, place=invented, role="national_member")
    client.force_login(user)
    page = client.get(reverse("network:place", args=[unit.pk]), {"an": YEAR}).content.decode()
    record = unit.classes.earliest("sort_key")
    assert "De stat" in page or "Particular" in page
    assert record.name in page and str(record.pupils) in page and "Participă" in page
    other = client.get(reverse("network:place", args=[unit.pk]), {"an": "2030-2031"}).content.decode()
    assert "Nu este înregistrată nicio clasă în 2030-2031." in other and f"an={YEAR}" in other


# ---- corrections -----------------------------------------------------------------------------------------


def post(client: Client, act: str, place: Place, **data: object) -> int:
    answer = client.post(reverse(f"network:{act}", args=[place.pk]), data)
    place.refresh_from_db()
    return answer.status_code


def test_a_correction_is_kept_with_its_author_and_told_on_the_page(cast: Cast, browser_of: Browser) -> None:
    tiur, client = cast.places["tiur"], browser_of("ioana")
    assert (
        post(client, "correct", tiur, name="  Şcoala  Tiur ", residence="rural", pupils_total="0", levels=["primary"], kind="Unitate de învățământ")
        == 303
    )
    assert (tiur.name, tiur.collects) == ("Școala Tiur", False)
    assert tiur.attributes == {"kind": "Unitate de învățământ", "residence": "rural", "pupils_total": 0, "levels": ["primary"]}
    kept = Correction.objects.get()
    assert (kept.by, kept.act, kept.changes["name"]) == (cast["ioana"], "corrected", ["Școala Primară Tiur", "Școala Tiur"])
    page = client.get(reverse("network:place", args=[tiur.pk])).content.decode()
    assert "Ioana Inspectoru" in page and "Școala Primară Tiur → Școala Tiur" in page and "Participă → Nu participă" in page
    assert (
        post(client, "correct", tiur, name="Școala Tiur", residence="rural", pupils_total="0", levels=["primary"], kind="Unitate de învățământ")
        == 303
    )
    assert Correction.objects.count() == 1


def test_what_was_typed_wrong_stays_and_is_explained(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    answer = client.post(reverse("network:correct", args=[cast.places["tiur"].pk]), {"name": "", "pupils_total": "doi"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "<title>Eroare:" in page and 'value="doi"' in page
    assert "Completați acest câmp." in page and "Scrieți un număr întreg." in page and "Există o problemă" in page


def test_a_unit_moves_to_another_school_of_the_county_and_to_no_other(cast: Cast, browser_of: Browser) -> None:
    client, tiur = browser_of("ioana"), cast.places["tiur"]
    for code in ("1261100013", "0161100018", "0000000000"):
        assert post(client, "move", tiur, code=code) == 422
    assert post(client, "move", tiur, code="0161100027") == 303
    sebes = cast.places["sebes"]
    assert tiur.parent_id == sebes.pk and tiur.path == f"{sebes.path}{tiur.pk}/"
    assert Correction.objects.get().act == "moved"


def test_the_own_unit_of_a_school_does_not_move(cast: Cast, browser_of: Browser) -> None:
    own = cast.places["blaj_unit"]
    assert post(browser_of("ioana"), "move", own, code="0161100027") == 422
    assert own.parent_id == cast.places["blaj"].pk


def test_closing_a_school_closes_its_units_and_deletes_nothing(cast: Cast, browser_of: Browser) -> None:
    client, blaj, tiur = browser_of("ioana"), cast.places["blaj"], cast.places["tiur"]
    assert "2 unități" in client.get(reverse("network:close", args=[blaj.pk])).content.decode()
    assert post(client, "close", blaj, day="31.08.2026") == 303
    tiur.refresh_from_db()
    assert blaj.closed_on == tiur.closed_on == date(2026, 8, 31)
    assert client.get(reverse("network:close", args=[blaj.pk])).status_code == 404
    assert "Blaj" not in client.get(reverse("network:place", args=[cast.places["alba"].pk])).content.decode()
    assert post(client, "reopen", tiur) == 422
    assert post(client, "reopen", blaj) == 303 and post(client, "reopen", tiur) == 303
    assert tiur.closed_on is None
    assert [one.act for one in Correction.objects.order_by("pk")] == ["closed", "reopened", "reopened"]


def test_closing_asks_for_a_day_that_exists(cast: Cast, browser_of: Browser) -> None:
    assert post(browser_of("ioana"), "close", cast.places["tiur"], day="31.02.2026") == 422
    assert cast.places["tiur"].closed_on is None


def test_a_new_school_comes_with_its_own_unit_and_a_new_unit_is_a_structure(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    assert post(client, "add", cast.places["alba"], code="0161100036", name="Școala nouă", kind="Unitate de învățământ", pupils_total="40") == 303
    school = Place.objects.get(level=Level.SCHOOL, code="0161100036")
    own = Place.objects.get(level=Level.UNIT, code="0161100036")
    assert own.parent == school and own.attributes["unit_status"] == "pj" and school.collects
    assert post(client, "add", school, code="0162100025", name="Grădinița nouă", residence="rural") == 303
    assert Place.objects.get(code="0162100025").attributes == {"residence": "rural", "unit_status": "ar"}
    assert post(client, "add", school, code="0162100025", name="Iarăși") == 422
    assert post(client, "add", school, code="12", name="Cod scurt") == 422


def test_an_odd_code_is_kept_and_remarked_on(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    page = client.post(reverse("network:add", args=[cast.places["blaj"].pk]), {"code": "0162100099", "name": "X"}, follow=True).content.decode()
    assert "nu este cifra lui de control" in page
    page = client.post(reverse("network:add", args=[cast.places["blaj"].pk]), {"code": "1262100018", "name": "Y"}, follow=True).content.decode()
    assert "este al județului Cluj" in page


# ---- lists -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "shape"), [("network", "xlsx"), ("network", "csv"), ("pupils", "csv"), ("classes", "xlsx")])
def test_lists_are_taken_away_under_a_name_of_ids(kind: str, shape: str, cast: Cast, browser_of: Browser) -> None:
    answer = browser_of("dan").get(reverse("network:export", args=[cast.places["blaj"].pk, kind, shape]))
    content = b"".join(answer) if answer.streaming else answer.content
    assert re.fullmatch(r'attachment; filename="[a-z]+-0161100018-\d+\.(xlsx|csv)"', answer["Content-Disposition"])
    sheet = next(sheet for sheet in reading.read(content).sheets if sheet.name in ("", "Rețea", "Clase"))
    cells = {cell for row in sheet.rows for cell in row}
    assert "0162100016" in cells and "0161100027" not in cells


def test_lists_of_others_or_of_unknown_shapes_do_not_exist(cast: Cast, browser_of: Browser) -> None:
    client, blaj = browser_of("dan"), cast.places["blaj"].pk
    assert client.get(reverse("network:export", args=[cast.places["alba"].pk, "network", "csv"])).status_code == 404
    for kind, shape in (("network", "pdf"), ("people", "csv")):
        assert client.get(reverse("network:export", args=[blaj, kind, shape])).status_code == 404


def test_a_director_sees_no_imports(cast: Cast, browser_of: Browser) -> None:
    record = NetworkImport.objects.create(place=cast.places["alba"], kind="network", sha256="0" * 64)
    for name in ("import", "columns", "apply", "undo", "abandon"):
        assert browser_of("dan").get(reverse(f"network:{name}", args=[record.pk])).status_code == 404
        assert browser_of("carmen").post(reverse(f"network:{name}", args=[record.pk])).status_code == 404
