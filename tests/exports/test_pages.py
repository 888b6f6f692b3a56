"""Pages of reports and exports: lists with states, asking, downloading, and what others may not even know of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exports import services
from exports.models import Document
from portal.accounts.models import Membership, User
from portal.collection.models import Collection
from portal.collection.services import finalising
from portal.network.models import Level, Place
from portal.outbox import services as outbox
from portal.outbox.models import Job
from tests.exports.conftest import author, ready_unit, somebody
from tests.portal.worked_round import WorkedRound

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, *arguments: object) -> str:
    return reverse(f"exports:{name}", args=arguments)


def run_jobs() -> None:
    while outbox.sweep():
        pass


@pytest.fixture
def unit(worked: WorkedRound, folder: Path) -> Collection:
    """A final unit; its report is asked for, not made."""
    found = ready_unit(worked)
    finalising.finalise(found, author("unit_manager", found))
    return found


def made(unit: Collection) -> Document:
    """The report of a unit with a file; what is in it does not matter here."""
    document = Document.objects.get(collection=unit)
    document.path.parent.mkdir(parents=True)
    document.path.write_bytes(b"%PDF-1.7 test")
    Document.objects.filter(pk=document.pk).update(ready_at=timezone.now(), size=13)
    return document


def page_of(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200, where
    page = response.content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r"<title>[^<]+ – Monitorizare</title>", page)
    assert " style=" not in page
    return page


def test_empty_lists_say_what_they_are_why_and_what_to_do(worked: WorkedRound) -> None:
    client = browser(somebody("inspector", worked.county))
    page = page_of(client, address("documents", worked.county.pk))
    assert "Raportul unei unități se face singur când unitatea este finalizată." in page
    page = page_of(client, address("exports", worked.county.pk))
    assert "Încă nu s-a exportat nimic de aici" in page


def test_a_report_shows_how_far_it_is(unit: Collection, worked: WorkedRound) -> None:
    client = browser(somebody("director", worked.school))
    where = address("documents", worked.school.pk)
    assert "În așteptare" in page_of(client, where)
    job = Job.objects.filter(kind="unit_report")
    job.update(state=Job.State.RUNNING, done=1, total=2)
    page = page_of(client, where)
    assert "În lucru" in page and "pasul 1 din 2" in page and "Puteți părăsi pagina" in page
    job.update(state=Job.State.FAILED, error="Raportul nu a încăput în limite.")
    page = page_of(client, where)
    assert "Nereușit" in page and "Raportul nu a încăput în limite." in page and "Încercați din nou" in page
    made(unit)
    page = page_of(client, where)
    assert "Gata" in page and "Descărcați PDF nr. 1" in page and "Puteți părăsi pagina" not in page


def test_outdated_reports_are_kept_and_marked(unit: Collection, worked: WorkedRound) -> None:
    director = somebody("director", worked.school)
    made(unit)
    services.mark_outdated(unit, timezone.now())
    page = page_of(browser(director), address("documents", unit.pk))
    assert "Depășit" in page and "Descărcați PDF nr. 1" in page


def test_a_failed_document_is_asked_for_again(unit: Collection, worked: WorkedRound) -> None:
    client = browser(somebody("director", worked.school))
    job = Job.objects.get(kind="unit_report")
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED)
    document = Document.objects.get(collection=unit)
    assert client.get(address("try_again", unit.pk, document.pk)).status_code == 405
    response = client.post(address("try_again", unit.pk, document.pk))
    assert (response.status_code, response["Location"]) == (303, address("documents", unit.pk))
    job.refresh_from_db()
    assert job.state == Job.State.WAITING


def test_a_county_asks_for_its_workbook_leaves_and_downloads_it(worked: WorkedRound, folder: Path) -> None:
    client = browser(somebody("analyst", worked.county))
    where = address("exports", worked.county.pk)
    response = client.post(where, {"kind": "workbook", "units": "all"})
    assert (response.status_code, response["Location"]) == (303, where)
    assert "Puteți părăsi pagina" in page_of(client, where)
    run_jobs()
    document = Document.objects.get(kind="workbook")
    assert f'href="{address("download", worked.county.pk, document.pk)}"' in page_of(client, where)
    response = client.get(address("download", worked.county.pk, document.pk))
    assert response["Content-Disposition"] == f'attachment; filename="registru-{worked.county.pk}-1.xlsx"'
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == document.path.read_bytes()  # type: ignore[arg-type]


def test_an_export_without_a_format_is_not_asked_for(worked: WorkedRound) -> None:
    client = browser(somebody("inspector", worked.county))
    response = client.post(address("exports", worked.county.pk), {"kind": "exe", "units": "final"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Alegeți unul dintre formate." in page and "<title>Eroare:" in page
    assert re.search(r'value="final"[^>]*checked', page)
    assert not Document.objects.exists()


def test_whoever_sees_a_unit_downloads_its_report_and_nobody_else_knows_of_it(unit: Collection, worked: WorkedRound) -> None:
    document = made(unit)
    where = address("download", unit.pk, document.pk)
    other = worked.units["U1"]
    cluj = Place.objects.create(level=Level.COUNTY, parent=worked.national.place, code="CJ", name="Cluj")
    stranger = User.objects.create_user("x@example.org", "Străin Oarecare")
    Membership.objects.create(user=stranger, place=cluj, role="inspector")
    for role, place in (
        ("operator", unit), ("director", worked.school), ("general_inspector", worked.county), ("analyst", worked.county),
        ("national_member", worked.national), ("methodologist", worked.national),
    ):  # fmt: skip
        assert browser(somebody(role, place)).get(where).status_code == 200, role
    for user in (stranger, somebody("unit_manager", other)):
        for name in ("documents", "exports", "report"):
            assert browser(user).get(address(name, unit.pk)).status_code == 404
        assert browser(user).get(where).status_code == 404
    assert Client().get(where).status_code == 302


def test_a_document_is_reached_only_through_its_own_place(unit: Collection, worked: WorkedRound) -> None:
    document = made(unit)
    client = browser(somebody("director", worked.school))
    assert client.get(address("download", worked.school.pk, document.pk)).status_code == 404


def test_rights_are_looked_at_when_the_file_is_downloaded(unit: Collection, worked: WorkedRound) -> None:
    document = made(unit)
    director = somebody("director", worked.school)
    client = browser(director)
    assert client.get(address("download", unit.pk, document.pk)).status_code == 200
    Membership.objects.filter(user=director).update(ended_at=timezone.now())
    assert client.get(address("download", unit.pk, document.pk)).status_code == 404


def test_what_is_not_ready_or_was_lost_is_not_there(unit: Collection, worked: WorkedRound) -> None:
    client = browser(somebody("director", worked.school))
    document = Document.objects.get(collection=unit)
    assert client.get(address("download", unit.pk, document.pk)).status_code == 404
    made(unit).path.unlink()
    assert client.get(address("download", unit.pk, document.pk)).status_code == 404


def test_classes_have_no_exports_of_their_own(worked: WorkedRound) -> None:
    client = browser(somebody("unit_manager", worked.units["U1"]))
    school_class = worked.classes["U1", "5A"]
    for name in ("documents", "exports", "report"):
        assert client.get(address(name, school_class.pk)).status_code == 404


def test_the_report_is_read_on_screen_as_well(unit: Collection, worked: WorkedRound) -> None:
    client = browser(somebody("director", worked.school))
    page = page_of(client, address("report", unit.pk))
    assert "Toate datele" in page and "provizoriu" in page and "Un risc nu este un verdict" in page
    assert page.count("<section") == page.count("</section>")
    page = page_of(client, address("report", worked.units["U2"].pk))
    assert "Previzualizare" in page
    Collection.objects.filter(pk=worked.units["U2"].pk).update(exempt=True)
    assert "exceptată din campanie" in page_of(client, address("report", worked.units["U2"].pk))


def test_the_navigation_leads_to_the_reports_of_the_own_place(worked: WorkedRound) -> None:
    page = page_of(browser(somebody("director", worked.school)), address("exports", worked.school.pk))
    assert re.search(rf'<a href="{address("documents", worked.school.pk)}" aria-current="page">Rapoarte</a>', page)
