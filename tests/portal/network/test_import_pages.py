"""Importing through the pages: upload, columns, check, apply, undo; each step once, nothing without confirmation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.network.models import ClassRecord, Place
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.structure.models import NetworkImport
from portal.structure.services import imports
from tests.portal.network.books import HEADER, book, listed
from tests.portal.people import Cast

Browser = Callable[[str], Client]
BLAJ = ["AB", "0161100018", "Școala „Ion” Blaj", "0161100018", "Școala „Ion” Blaj", "PJ", "URBAN", 210]
TIUR = ["AB", "0161100018", "Școala „Ion” Blaj", "0162100016", "Școala Primară Tiur", "AR", "RURAL", 20]
SEBES = ["AB", "0161100027", "Școala Gimnazială Nr. 2 Sebeș", "0161100027", "Școala Gimnazială Nr. 2 Sebeș", "PJ", "URBAN", 300]
NEW = ["AB", "0161100018", "Școala „Ion” Blaj", "0162100025", "Grădinița nouă", "AR", "RURAL", 30]
TURDA = ["CJ", "1261100013", "Colegiul", "1261100013", "Colegiul <b>Turda</b>", "PJ", "URBAN", 10]


def send(client: Client, place: Place, content: bytes, kind: str = "network", name: str = "lista.xlsx", year: str = "2025-2026") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("network:upload", args=[place.pk]), {"kind": kind, "school_year": year, "file": file})


def chosen(record: NetworkImport, **changes: str) -> dict[str, str]:
    """What the columns page sends when nothing is changed on it."""
    mapping = record.mapping
    data = {"sheet": mapping["sheet"], "header": str(mapping["header"])}
    return data | {f"column_{index}": code for index, code in mapping["fields"].items()} | changes


def checked(client: Client, place: Place, content: bytes, kind: str = "network") -> NetworkImport:
    assert send(client, place, content, kind).status_code == 303
    record = NetworkImport.objects.latest("pk")
    assert client.post(reverse("network:columns", args=[record.pk]), chosen(record)).status_code == 303
    record.refresh_from_db()
    return record


def apply(client: Client, record: NetworkImport, **data: str) -> None:
    """Asks for it on its page, and lets a worker do it."""
    assert client.post(reverse("network:apply", args=[record.pk]), data).status_code == 303
    outbox.sweep()


def undo(client: Client, record: NetworkImport) -> None:
    assert client.post(reverse("network:undo", args=[record.pk])).status_code == 303
    outbox.sweep()


def everything() -> list[Any]:
    return list(Place.objects.order_by("pk").values())


def page_of(client: Client, name: str, record: NetworkImport) -> str:
    return client.get(reverse(f"network:{name}", args=[record.pk])).content.decode()


def test_a_list_goes_from_upload_over_columns_and_check_to_application(cast: Cast, browser_of: Browser) -> None:
    client, alba = browser_of("ioana"), cast.places["alba"]
    before = everything()
    answer = send(client, alba, listed(BLAJ, TIUR, SEBES, NEW))
    record = NetworkImport.objects.get()
    assert answer.status_code == 303 and answer.url == reverse("network:columns", args=[record.pk])
    assert "Cod SIIIR unitate" in page_of(client, "columns", record) and "Grădinița" not in record.report
    assert client.post(reverse("network:columns", args=[record.pk]), chosen(record)).url == reverse("network:import", args=[record.pk])
    page = page_of(client, "import", record)
    assert "Lista se poate aplica." in page and "Noi: 1 unitate" in page and "0162100025" in page and everything() == before
    assert "Aplicați lista?" in page_of(client, "apply", record) and everything() == before
    apply(client, record)
    record.refresh_from_db()
    assert (record.state, record.uploaded_by, record.applied_by) == ("applied", cast["ioana"], cast["ioana"])
    assert Place.objects.get(code="0162100025").parent == cast.places["blaj"]
    assert "Ioana Inspectoru" in page_of(client, "import", record) and record.sha256 in page_of(client, "import", record)


def test_a_second_click_applies_nothing_twice(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    record = checked(client, cast.places["alba"], listed(BLAJ, TIUR, SEBES, NEW))
    address = reverse("network:apply", args=[record.pk])
    client.post(address)
    assert client.post(address).status_code == 303 and Job.objects.count() == 1
    outbox.sweep()
    after = everything()
    page = client.post(address, follow=True).content.decode()
    assert everything() == after and "Importul are starea „Aplicat”" in page


def test_what_others_changed_after_the_check_is_not_overwritten(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    record = checked(client, cast.places["alba"], listed(BLAJ, TIUR, SEBES, NEW))
    Place.objects.create(level="unit", parent=cast.places["blaj"], code="0162100025", name="Grădinița adăugată de altcineva")
    before = everything()
    apply(client, record)
    page = page_of(client, "import", record)
    assert "Rețeaua s-a schimbat după verificare." in page and everything() == before
    client.post(reverse("network:columns", args=[record.pk]), chosen(record))
    apply(client, record)
    assert Place.objects.get(code="0162100025").name == "Grădinița nouă"


def test_an_inspector_imports_only_the_own_county_and_the_commission_any(cast: Cast, browser_of: Browser) -> None:
    content = listed(BLAJ, TURDA)
    record = checked(browser_of("ioana"), cast.places["alba"], content)
    page = page_of(browser_of("ioana"), "import", record)
    assert "este din județul Cluj" in page and "Colegiul &lt;b&gt;Turda&lt;/b&gt;" in page and "nu se poate aplica" in page
    before = everything()
    apply(browser_of("ioana"), record)
    assert everything() == before
    record = checked(browser_of("maria"), cast.places["country"], content)
    assert record.is_ready and record.report["errors"] == 0


def test_what_is_missing_is_closed_only_with_the_tick(cast: Cast, browser_of: Browser) -> None:
    client, alba = browser_of("ioana"), cast.places["alba"]
    record = checked(client, alba, listed(BLAJ, TIUR))
    assert "Închideți și locurile care lipsesc din listă (2)" in page_of(client, "apply", record)
    apply(client, record)
    assert not Place.objects.exclude(closed_on=None).exists()
    record = checked(client, alba, listed([*BLAJ[:7], 211], TIUR))
    apply(client, record, clears_missing="on")
    assert {place.code for place in Place.objects.exclude(closed_on=None)} == {"0161100027"}
    assert NetworkImport.objects.latest("pk").clears_missing


def test_an_import_is_undone_from_its_page(cast: Cast, browser_of: Browser) -> None:
    client, before = browser_of("ioana"), everything()
    record = checked(client, cast.places["alba"], listed([*BLAJ[:4], "Alt nume", *BLAJ[5:]], TIUR, SEBES, NEW))
    apply(client, record)
    assert "Anulați importul?" in page_of(client, "undo", record) and everything() != before
    undo(client, record)
    assert "Anulat" in page_of(client, "import", record) and everything() == before
    record.refresh_from_db()
    assert (record.state, record.undone_by) == ("undone", cast["ioana"])


def test_an_import_on_which_something_stands_is_not_undone(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    record = checked(client, cast.places["alba"], listed(BLAJ, TIUR, SEBES, NEW))
    apply(client, record)
    ClassRecord.objects.create(unit=Place.objects.get(code="0162100025"), school_year="2025-2026", code="M", name="Mare", pupils=9)
    undo(client, record)
    page = page_of(client, "import", record)
    assert "Importul nu se poate anula" in page and Place.objects.filter(code="0162100025").exists()


def test_classes_are_imported_by_the_inspectorate(cast: Cast, browser_of: Browser) -> None:
    heads = ["Cod SIIIR unitate", "Denumirea clasei", "Nivel de învățământ", "An de studiu", "Număr de elevi"]
    record = checked(browser_of("ioana"), cast.places["alba"], book(heads, ["0161100018", "V A", "Gimnazial", "V", 24]), kind="classes")
    page = page_of(browser_of("ioana"), "import", record)
    assert "Noi: 1 clasă" in page and "Număr de elevi" in page
    apply(browser_of("ioana"), record)
    found = ClassRecord.objects.get()
    assert (found.school_year, found.code, found.unit) == ("2025-2026", "VA", cast.places["blaj_unit"])


# ---- columns ---------------------------------------------------------------------------------------------


def test_columns_with_unknown_headings_are_chosen_by_hand(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    send(
        client,
        cast.places["alba"],
        book(["J", "PJ?", "x", "Unit?", "Cum se cheamă", "y"], ["AB", "0161100018", "", "0162100025", "Grădinița nouă", ""]),
    )
    record = NetworkImport.objects.get()
    answer = client.post(reverse("network:columns", args=[record.pk]), chosen(record))
    assert answer.status_code == 422 and "Alegeți coloana pentru „Județ”." in answer.content.decode()
    data = chosen(record, column_0="county", column_1="school_code", column_3="code", column_4="name")
    assert client.post(reverse("network:columns", args=[record.pk]), data).status_code == 303
    record.refresh_from_db()
    assert record.is_ready and record.report["created"]["counts"] == {"unit": 1}


def test_one_field_for_two_columns_is_refused_with_what_was_chosen_kept(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    send(client, cast.places["alba"], listed(BLAJ))
    record = NetworkImport.objects.get()
    answer = client.post(reverse("network:columns", args=[record.pk]), chosen(record, column_2="code"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "este ales pentru mai multe coloane" in page
    assert page.split('id="id_column_2"')[1].split("</select>")[0].count("selected") == 1


def test_the_header_is_read_again_where_people_say_it_is(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    send(client, cast.places["alba"], book(HEADER, ["Model"], HEADER, BLAJ))
    record = NetworkImport.objects.get()
    assert record.mapping["header"] == 3
    client.post(reverse("network:columns", args=[record.pk]), {"sheet": "Export", "header": "1", "again": "1"})
    record.refresh_from_db()
    assert record.mapping["header"] == 1 and record.state == "uploaded"
    for header in ("0", "99", "x", ""):
        answer = client.post(reverse("network:columns", args=[record.pk]), {"sheet": "Export", "header": header, "again": "1"})
        assert answer.status_code == 422


@pytest.mark.parametrize(("field", "value"), [("sheet", "../etc"), ("column_0", "password"), ("column_99", "code")])
def test_made_up_columns_and_sheets_are_refused_or_ignored(field: str, value: str, cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    send(client, cast.places["alba"], listed(BLAJ))
    record = NetworkImport.objects.get()
    answer = client.post(reverse("network:columns", args=[record.pk]), chosen(record, **{field: value}))
    assert answer.status_code == (303 if field == "column_99" else 422)


# ---- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"%PDF-1.7", "document PDF"), (b"\x89PNG\r\n\x1a\n", "o imagine"), (b"PK\x03\x04x", "deteriorat"), (b" ", "Fișierul este gol."), (b"\xd0\xcf\x11\xe0" + b"x" * 600, "formatul vechi")],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_with_a_sentence(content: bytes, sentence: str, cast: Cast, browser_of: Browser) -> None:
    answer = send(browser_of("ioana"), cast.places["alba"], content)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and "<title>Eroare:" in page and not NetworkImport.objects.exists()


def test_no_file_or_no_school_year_is_explained(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of("ioana").post(reverse("network:upload", args=[cast.places["alba"].pk]), {"kind": "network", "school_year": "anul acesta"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Alegeți fișierul cu lista." in page and "sub forma 2025-2026" in page


def test_the_name_of_a_file_is_only_shown_and_never_a_path(cast: Cast, browser_of: Browser) -> None:
    send(browser_of("ioana"), cast.places["alba"], listed(BLAJ), name='..\\..\\<img src=x onerror="1">\u202egpj.xlsx')
    record = NetworkImport.objects.get()
    assert "/" not in record.file_name and "\\" not in record.file_name and "\u202e" not in record.file_name
    assert "<img" not in page_of(browser_of("ioana"), "columns", record)


def test_a_file_is_kept_only_until_its_import_ends(cast: Cast, browser_of: Browser) -> None:
    client, alba = browser_of("ioana"), cast.places["alba"]
    applied = checked(client, alba, listed(BLAJ, TIUR, SEBES, NEW))
    assert bytes(applied.content) and applied.preview
    apply(client, applied)
    abandoned = checked(client, alba, listed(BLAJ))
    client.post(reverse("network:abandon", args=[abandoned.pk]))
    forgotten = checked(client, alba, listed(BLAJ, TIUR))
    NetworkImport.objects.filter(pk=forgotten.pk).update(uploaded_at=timezone.now() - timedelta(days=8))
    send(client, alba, listed(BLAJ))
    for record, state in ((applied, "applied"), (abandoned, "abandoned"), (forgotten, "abandoned")):
        record.refresh_from_db()
        assert (record.state, bytes(record.content), record.preview) == (state, b"", [])


def test_an_abandoned_import_is_not_applied(cast: Cast, browser_of: Browser) -> None:
    record = checked(browser_of("ioana"), cast.places["alba"], listed(BLAJ, TIUR, SEBES, NEW))
    imports.abandon(record)
    with pytest.raises(imports.NotNow, match="Abandonat"):
        imports.apply(record, by=cast["ioana"])


def test_looking_never_changes_anything(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("ioana")
    record = checked(client, cast.places["alba"], listed(BLAJ, TIUR, SEBES, NEW))
    before = everything(), NetworkImport.objects.values().get()
    for name in ("import", "columns", "apply", "undo", "abandon"):
        client.get(reverse(f"network:{name}", args=[record.pk]))
    assert (everything(), NetworkImport.objects.values().get()) == before


def test_history_lists_the_imports_of_the_place(cast: Cast, browser_of: Browser) -> None:
    checked(browser_of("ioana"), cast.places["alba"], listed(BLAJ))
    address = reverse("network:imports", args=[cast.places["alba"].pk])
    assert "lista.xlsx" in browser_of("ioana").get(address).content.decode()
    assert "lista.xlsx" in browser_of("andrei").get(address).content.decode()
    assert "lista.xlsx" not in browser_of("carmen").get(reverse("network:imports", args=[cast.places["cluj"].pk])).content.decode()
