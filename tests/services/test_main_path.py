"""The main path, walked in a browser by everybody it needs: from an empty database to the workbook of a county.

CNDIE imports the network and opens a round; people are invited down the levels; a unit fills its steps; a class teacher fills a table on a
phone; the unit, the school and the county are finalised; the report comes; an analyst takes the workbook. On PostgreSQL, under a prefix.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from python_calamine import CalamineWorkbook

from tests.services.chromium import CHROMIUM, answers
from tests.services.conftest import Product, eventually, free_port, need, on_postgresql
from tests.services.walk import PASSWORD, Person, link_to

pytestmark = pytest.mark.services
SCHOOL, STRUCTURE = "0199900012", "0199900021"
NETWORK = f"""Lista unităților;;;;;;;;;;
Județ;Cod SIIIR PJ;Denumire PJ;Cod SIIIR unitate;Denumire unitate;Statut unitate;Tip unitate;Localitate unitate;Mediu unitate;Forma de proprietate;Număr de elevi
AB;{SCHOOL};Şcoala Gimnazială „Exemplu”;{SCHOOL};Şcoala Gimnazială „Exemplu”;PJ;Unitate de învăţământ;Exemplu;RURAL;Publică de interes naţional şi local;6
AB;{SCHOOL};Şcoala Gimnazială „Exemplu”;{STRUCTURE};Grădinița Exemplu;AR;Unitate de învăţământ;Exemplu;RURAL;Publică de interes naţional şi local;9
"""
CLASSES = f"""An școlar;Cod SIIIR unitate;Cod clasă;Denumirea clasei;Nivel de învățământ;An de studiu;Limba de predare;Număr de elevi
2025-2026;{SCHOOL};c1;V A;Gimnazial;5;română;6
"""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, str]]:
    """Pages, worker and queue server on PostgreSQL, with a first national member."""
    need(bool(CHROMIUM), "Chromium")
    port = free_port()
    with on_postgresql(tmp_path_factory.mktemp("walk")) as made:
        made.environment |= {"DEMO": "0", "URL_PREFIX": "/mds", "SITE_URL": f"http://127.0.0.1:{port}", "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "manage.py", "create_national_member", "cndie@example.org", "Maria Comisie", "--password-stdin"]
        subprocess.run(command, input=PASSWORD + "\n", text=True, env=made.environment, check=True, capture_output=True)
        made.queue_server()
        made.start(
            sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "error"
        )
        made.worker()
        eventually(lambda: answers(f"http://127.0.0.1:{port}/mds/"), "prima pagină")
        yield made, f"http://127.0.0.1:{port}/mds/"


def publish(who: Person) -> None:
    """The text that comes with the product becomes a draft, is read, and is published with a typed confirmation."""
    who.press("Metodologii")
    who.press("Proiecte")
    who.press("Faceți un proiect 2025-2026")
    assert "Se poate publica" in who.page.inner_text("main")
    who.press("Publicați metodologia")
    who.page.fill("textarea[name=note]", "Prima metodologie.")
    wanted = who.page.locator(".hint", has_text="Scrieți exact:").inner_text().removeprefix("Scrieți exact: ")
    who.page.fill("input[name=confirmation]", wanted)
    who.press("Publicați metodologia", within="main")
    assert "este publicată" in who.page.inner_text("body")


def import_list(who: Person, kind: str, file: Path) -> None:
    who.press("Rețea")
    who.press("Importați")
    who.page.check(f"input[name=kind][value={kind}]")
    who.page.fill("input[name=school_year]", "2025-2026")
    who.page.set_input_files("input[name=file]", file)
    who.press("Încărcați și citiți fișierul")
    if "coloanele" in who.heading:
        who.press("Verificați lista")
    who.press("Continuați spre aplicare")
    who.press("Aplicați lista")


def invite(who: Person, product: Product, path: str, address: str, name: str, role: str) -> str:
    """Invite somebody from the page of a place; the link of the mail that came."""
    who.go(path)
    if who.page.locator(f"input[name=role][value={role}]").count():
        radio = who.page.locator(f"input[name=role][value={role}]")
        if radio.get_attribute("type") == "radio":
            radio.check()
    who.page.fill("input[name=email]", address)
    who.page.fill("input[name=full_name]", name)
    who.press("Trimiteți invitația")
    eventually(lambda: bool(link_to(product.folder, address)), f"invitația către {address}")
    return link_to(product.folder, address)


def place_of(product: Product, level: str, code: str) -> int:
    code_ = f"from portal.network.models import Place\nprint(Place.objects.get(level={level!r}, code={code!r}).pk)"
    return int(product.command("shell", "--verbosity", "0", "-c", code_).strip().splitlines()[-1])


def test_the_main_path_from_an_empty_database_to_a_workbook(product: tuple[Product, str], browser: Browser, tmp_path: Path) -> None:
    made, address = product
    network, classes = tmp_path / "retea.csv", tmp_path / "clase.csv"
    network.write_bytes(NETWORK.translate(str.maketrans("șțȘȚ", "şţŞŢ")).encode("cp1250"))
    classes.write_text(CLASSES, "utf-8-sig")

    cndie = Person(browser, address)
    cndie.sign_in("cndie@example.org")
    publish(cndie)
    import_list(cndie, "network", network)
    import_list(cndie, "classes", classes)
    cndie.go("campanii/noua/")
    open_today(cndie)
    cndie.press("Deschideți campania")
    cndie.press("Deschideți campania")
    cndie.page.get_by_text("a deschis campania").wait_for(timeout=60_000)  # a worker opens it; the page follows
    assert "Deschisă" in cndie.page.inner_text("main")

    county, school, unit = place_of(made, "county", "AB"), place_of(made, "school", SCHOOL), place_of(made, "unit", SCHOOL)
    people = {}
    chain = [
        ("general", "general_inspector", cndie, county), ("director", "director", None, school), ("manager", "unit_manager", None, unit),
        ("analyst", "analyst", None, county),
    ]  # fmt: skip
    inviters = {"director": "general", "manager": "director", "analyst": "general"}
    for who, role, inviter, place in chain:
        by = inviter or people[inviters[who]]
        mail = f"{who}@example.org"
        link = invite(by, made, f"oameni/{place}/invitati/", mail, f"Persoana {who.title()}", role)
        people[who] = Person(browser, address)
        people[who].accept(link)

    manager = people["manager"]
    manager.go()
    assert manager.heading == "Ce aveți de făcut"
    fill_unit(manager)
    fill_class_parameters(manager)
    link = send_link(manager, made)
    fill_table_on_a_phone(browser, address, link)
    finalise_unit(manager)
    eventually(lambda: report_is_ready(made), "raportul unității", 60)

    inspector = people["general"]
    exempt_structure(inspector)
    inspector.press("Ieșiți din cont")
    inspector.sign_in("general@example.org")
    people["director"].go()
    people["director"].press("Finalizați")
    people["director"].press("Finalizați acum")
    inspector.go()
    inspector.press("Finalizați")
    inspector.press("Finalizați acum")
    assert "Finalizat" in inspector.page.inner_text("main")
    workbook = take_workbook(people["analyst"], tmp_path)
    same_as_the_database(workbook, made)
    for person in (cndie, *people.values()):
        assert person.said == []


def open_today(who: Person) -> None:
    """Windows from yesterday on, a month apart."""
    from datetime import date, timedelta

    names = ("opens_at", "class_close", "unit_close", "school_close", "county_close", "amend_until")
    for number, name in enumerate(names):
        day = date.today() - timedelta(days=1) + timedelta(days=30 * number)
        who.page.fill(f"input[name={name}_day]", day.strftime("%d.%m.%Y"))
    who.page.locator("main form button.btn").first.click()
    who.page.wait_for_load_state()


UNIT_ANSWERS = [
    ("Date generale ale unității", {"levels": "lower_secondary", "pupils_total": "6"}),
    ("Clădiri / corpuri", {"0-bld_code": "A", "0-bld_name": "Corpul principal"}),
    ("Date statistice din comunitate (UAT)", {"pop_total": "120", "pop_roma": "20", "pop_date": "15.10.2025"}),
    ("Formarea claselor și măsuri", {}),
]


def fill_unit(manager: Person) -> None:
    """Every obligatory step, in the order of the task list; the last one leads back to it."""
    manager.press(UNIT_ANSWERS[0][0])
    for title, values in UNIT_ANSWERS:
        manager.arrive(title)
        if title == UNIT_ANSWERS[2][0]:
            manager.page.fill("[name$='-pop_date']", "mâine")
            manager.press("Salvați și continuați")
            manager.page.get_by_text("Există o problemă").first.wait_for()
            assert manager.page.input_value("[name$='-pop_date']") == "mâine"
            assert manager.page.title().startswith("Eroare:")
        manager.answer(values)
        manager.press("Salvați și continuați")
        assert "Există o problemă" not in manager.page.inner_text("main"), manager.page.inner_text("main")[:1500]
    manager.arrive("Ce aveți de făcut")
    assert "4 din 4" in manager.page.inner_text("main")


def fill_class_parameters(manager: Person) -> None:
    manager.press("Datele clasei")
    assert manager.page.input_value("[name$='-cls_name']") == "V A"
    manager.answer({"cls_girls": "3", "cls_has_benches": "true", "cls_simultaneous": "false"})
    manager.page.wait_for_timeout(600)  # questions that follow from the answers appear
    manager.answer({"cls_bench_rows": "3", "cls_seats_per_row": "4"})
    manager.press("Salvați și ieșiți")
    manager.arrive("Ce aveți de făcut")


def send_link(manager: Person, made: Product) -> str:
    manager.press("Trimiteți linkul care lipsește")
    manager.page.fill("main input[type=email]", "diriginte@example.org")
    manager.press("Pregătiți și trimiteți linkurile")
    assert "Link trimis" in manager.page.inner_text("main")
    eventually(lambda: bool(link_to(made.folder, "diriginte@example.org")), "mesajul cu linkul clasei")
    return link_to(made.folder, "diriginte@example.org")


def fill_table_on_a_phone(browser: Browser, address: str, link: str) -> None:
    """Opens the link without an account, marks one pupil, keeps the other proposals, reads the summary, sends."""
    teacher = Person(browser, address, width=360)
    teacher.page.goto(link)
    assert "V A" in teacher.heading
    teacher.press("Începeți completarea")
    for _ in range(30):
        if "Verificați" in teacher.heading:
            break
        assert teacher.page.evaluate("document.documentElement.scrollWidth") <= 360
        asked = teacher.heading
        if asked == "Care elevi au bursă socială?":
            teacher.page.locator(".chip").nth(1).click()
        teacher.press("Salvați și continuați")
        eventually(lambda asked=asked: teacher.heading != asked, f"pagina de după „{asked}”")  # type: ignore[misc]
    assert "Bursă socială: Nu – 5 elevi; Da – 1 elev" in " ".join(teacher.page.inner_text("main").split())
    teacher.press("Trimiteți tabelul clasei")
    teacher.arrive("Tabelul a fost trimis")
    teacher.page.goto(link)
    assert teacher.heading == "Tabelul a fost trimis"
    assert teacher.said == []


def finalise_unit(manager: Person) -> None:
    """Checks the answers, writes the reasons asked for, finalises."""
    manager.go()
    manager.press("Verificați răspunsurile")
    reasons = manager.page.locator("textarea[name^=reason-]")
    for index in range(reasons.count()):
        reasons.nth(index).fill("Așa este situația în sat.")
    if reasons.count():
        manager.press("Salvați explicațiile")
    manager.press("Finalizați unitatea")
    manager.press("Finalizați acum")
    manager.go()
    assert "Finalizat" in manager.page.inner_text("aside")
    manager.press("Rezultate", exact=True)
    assert "Cifre înghețate" in manager.page.inner_text("main")


def exempt_structure(inspector: Person) -> None:
    inspector.go()
    inspector.press("Școala Gimnazială „Exemplu”")
    row = inspector.page.locator("tr", has_text=STRUCTURE)
    row.locator("summary").click()
    row.get_by_role("link", name="Exceptați din campanie").click()
    inspector.page.check("input[name=reason][value=no_pupils]")
    inspector.page.fill("textarea[name=text]", "Grădinița nu funcționează anul acesta.")
    inspector.press("Exceptați")
    assert "Exceptat" in inspector.page.inner_text("main")


def report_is_ready(made: Product) -> bool:
    asked = "from exports.models import Document\nprint(Document.objects.filter(kind='unit_report').exclude(ready_at=None).count())"
    return int(made.command("shell", "--verbosity", "0", "-c", asked).strip().splitlines()[-1]) >= 1


def take_workbook(analyst: Person, folder: Path) -> Path:
    analyst.go()
    analyst.press("Rapoarte")
    assert "Descărcați PDF nr. 1" in analyst.page.inner_text("main")
    analyst.press("Exportați date")
    analyst.page.locator("input[type=radio][value=workbook]").check()
    analyst.press("Pregătiți exportul")
    for _ in range(60):
        if analyst.page.get_by_role("link", name="Descărcați XLSX").count():
            break
        analyst.page.wait_for_timeout(500)
        analyst.page.reload()
    with analyst.page.expect_download() as download:
        analyst.page.get_by_role("link", name="Descărcați XLSX").first.click()
    target = folder / "judet.xlsx"
    download.value.save_as(target)
    return target


def same_as_the_database(workbook: Path, made: Product) -> None:
    """Every figure of the unit in the workbook is the one frozen in the database."""
    asked = (
        "import json\nfrom portal.collection.models import Result\n"
        "print(json.dumps(Result.objects.filter(superseded_at=None).latest('number').figures))"
    )
    frozen = json.loads(made.command("shell", "--verbosity", "0", "-c", asked).strip().splitlines()[-1])
    rows = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_name("Indicatori").to_python()
    heads = rows[1]
    listed = [dict(zip(heads, row, strict=True)) for row in rows[2:]]
    published = {found["indicator"]: found["value"] for found in listed if found["unit.code"] == SCHOOL}
    assert published == {code: "" if figure["value"] is None else figure["value"] for code, figure in frozen.items()}
