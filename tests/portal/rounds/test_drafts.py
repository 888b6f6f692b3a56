"""Drafts of methodologies: brought, corrected, compared and published in the browser; hostile archives are refused by name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.network.models import Level
from portal.rounds.models import MethodologyDraft, MethodologyVersion
from portal.rounds.services import drafting
from tests.portal.rounds.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def methodologist(db: None) -> User:
    return person("metodolog@example.ro", Level.NATIONAL, "methodologist")


@pytest.fixture
def browser(methodologist: User) -> Client:
    client = Client()
    client.force_login(methodologist)
    return client


@pytest.fixture
def draft(folder: Path, methodologist: User) -> MethodologyDraft:
    return drafting.from_folder(folder, methodologist)


def archive(files: dict[str, str | bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return whole.getvalue()


def upload(browser: Client, content: bytes, name: str = "spitale.zip") -> HttpResponse:
    return browser.post(reverse("rounds:drafts"), {"archive": SimpleUploadedFile(name, content)})  # type: ignore[return-value]


def words(response: HttpResponse) -> str:
    return response.content.decode()


def save(browser: Client, draft: MethodologyDraft, path: str, text: str, mark: str) -> HttpResponse:
    query = f"?cale={path}" if path in draft.files else ""
    address = f"{reverse('rounds:draft_file', args=[draft.pk])}{query}"
    return browser.post(address, {"path": path, "text": text, "mark": mark})  # type: ignore[return-value]


def test_a_folder_goes_out_as_an_archive_comes_back_and_is_published(browser: Client, draft: MethodologyDraft, methodologist: User) -> None:
    content = browser.get(reverse("rounds:download_draft", args=[draft.pk])).content
    assert upload(browser, content).status_code == 303
    brought = MethodologyDraft.objects.exclude(pk=draft.pk).get()
    assert (brought.code, brought.files) == (draft.code, draft.files)
    assert "Se poate publica" in words(browser.get(reverse("rounds:draft", args=[brought.pk])))
    address = reverse("rounds:publish", args=[brought.pk])
    wrong = browser.post(address, {"note": "Prima.", "confirmation": "da", "revision": brought.revision})
    assert wrong.status_code == 422 and "Scrieți exact: spitale 1" in words(wrong)
    assert not MethodologyVersion.objects.exists()
    done = browser.post(address, {"note": "Prima.", "confirmation": "spitale 1", "revision": brought.revision})
    assert done.status_code == 303
    version = MethodologyVersion.objects.get()
    assert (version.note, version.published_by) == ("Prima.", methodologist)
    assert not MethodologyDraft.objects.filter(pk=brought.pk).exists()
    assert "Publicată la" in words(browser.get(reverse("rounds:methodologies")))
    assert browser.get(reverse("rounds:methodology", args=["spitale"])).status_code == 200


def test_a_mistake_is_shown_with_its_place_and_nothing_can_be_published_until_it_is_mended(browser: Client, draft: MethodologyDraft) -> None:
    good = draft.files["indicators.yaml"]
    save(browser, draft, "indicators.yaml", good.replace("n / beds", "n / bedz").replace("\n", "\r\n"), drafting.mark_of(good))
    shown = words(browser.get(reverse("rounds:draft", args=[draft.pk])))
    line = good.split("\n").index(next(line for line in good.split("\n") if "n / beds" in line)) + 1
    assert "Nu se poate publica încă" in shown and f"rândul {line}" in shown and "Ați vrut „beds”?" in shown
    in_file = words(browser.get(f"{reverse('rounds:draft_file', args=[draft.pk])}?cale=indicators.yaml"))
    assert f'id="r{line}" class="e"' in in_file
    assert browser.get(reverse("rounds:publish", args=[draft.pk])).status_code == 303
    draft.refresh_from_db()
    assert "\r" not in draft.files["indicators.yaml"]
    save(browser, draft, "indicators.yaml", good, drafting.mark_of(draft.files["indicators.yaml"]))
    assert "Se poate publica" in words(browser.get(reverse("rounds:draft", args=[draft.pk])))


def test_an_example_that_no_longer_comes_out_stands_against_publishing(browser: Client, draft: MethodologyDraft) -> None:
    good = draft.files["indicators.yaml"]
    save(browser, draft, "indicators.yaml", good.replace("n / beds", "n / (beds + 1)"), drafting.mark_of(good))
    assert "Exemplele lucrate nu ies" in words(browser.get(reverse("rounds:draft", args=[draft.pk])))


def test_two_people_in_one_file_lose_nothing(browser: Client, draft: MethodologyDraft) -> None:
    first = draft.files["indicators.yaml"]
    other = Client()
    other.force_login(person("alt@example.ro", Level.NATIONAL, "methodologist"))
    assert save(other, draft, "indicators.yaml", first + "# al lor\n", drafting.mark_of(first)).status_code == 303
    refused = save(browser, draft, "indicators.yaml", first + "# al meu\n", drafting.mark_of(first))
    shown = words(refused)
    assert refused.status_code == 422 and "# al meu" in shown and "# al lor" in shown
    theirs = drafting.mark_of(first + "# al lor\n")
    assert f'name="mark" value="{theirs}"' in shown
    assert save(browser, draft, "indicators.yaml", first + "# al lor\n# al meu\n", theirs).status_code == 303
    other_file = draft.files["methodology.yaml"]
    assert save(other, draft, "methodology.yaml", other_file + "# și aici\n", drafting.mark_of(other_file)).status_code == 303
    draft.refresh_from_db()
    assert draft.files["indicators.yaml"].endswith("# al lor\n# al meu\n") and draft.files["methodology.yaml"].endswith("# și aici\n")


def test_what_was_changed_after_the_page_was_read_is_not_published(browser: Client, draft: MethodologyDraft, methodologist: User) -> None:
    drafting.save_file(draft, "README.md", "Nou.", "", methodologist)
    refused = browser.post(reverse("rounds:publish", args=[draft.pk]), {"note": "x", "confirmation": "spitale 1", "revision": draft.revision})
    assert refused.status_code == 422 and "schimbat între timp" in words(refused)
    assert not MethodologyVersion.objects.exists()


def test_a_draft_of_a_published_version_tells_what_differs(browser: Client, published: MethodologyVersion, methodologist: User) -> None:
    assert browser.post(reverse("rounds:bring"), {"version": published.pk}).status_code == 303
    draft = MethodologyDraft.objects.get()
    good = draft.files["indicators.yaml"]
    save(browser, draft, "indicators.yaml", good.replace("n / beds", "n / (beds + 1)"), drafting.mark_of(good))
    shown = words(browser.get(reverse("rounds:draft", args=[draft.pk])))
    assert "Ce diferă de spitale 1" in shown and "schimbat (formula)" in shown and "beds + 1" in shown


def test_files_are_added_and_removed(browser: Client, draft: MethodologyDraft) -> None:
    new = reverse("rounds:draft_file", args=[draft.pk])
    assert browser.post(new, {"path": "README.md", "text": "Despre.", "mark": ""}).status_code == 303
    for path in ("../alt.yaml", "/etc/x.yaml", "a\\b.yaml", "x.py", "x" * 300 + ".yaml"):
        refused = browser.post(new, {"path": path, "text": "păstrat", "mark": ""})
        assert refused.status_code == 422 and "păstrat" in words(refused), path
    removing = f"{reverse('rounds:remove_draft', args=[draft.pk])}?cale=README.md"
    assert browser.get(removing).status_code == 200
    draft.refresh_from_db()
    assert "README.md" in draft.files
    assert browser.post(removing).status_code == 303
    draft.refresh_from_db()
    assert "README.md" not in draft.files
    assert browser.post(reverse("rounds:remove_draft", args=[draft.pk])).status_code == 303
    assert not MethodologyDraft.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not a zip", "nu este o arhivă ZIP"),
        (archive({}), "nu conține niciun fișier"),
        (archive({"../x.yaml": "a: 1"}), "iese din folderul"),
        (archive({"/x.yaml": "a: 1"}), "iese din folderul"),
        (archive({"m/x.exe": "a"}), "nu este un fișier de metodologie"),
        (archive({"m/x.yaml": b"\xff\xfe"}), "nu este text UTF-8"),
        (archive({f"m/{number}.yaml": "a: 1" for number in range(401)}), "prea multe fișiere"),
        (archive({"m/x.yaml": "a" * 5_000_001}), "depășesc împreună 5 MB"),
    ],
)
def test_hostile_archives_are_refused_with_what_is_wrong(browser: Client, content: bytes, sentence: str) -> None:
    refused = upload(browser, content)
    assert refused.status_code == 422 and sentence in words(refused)
    assert not MethodologyDraft.objects.exists()


def test_what_a_computer_adds_to_archives_is_passed_over(browser: Client) -> None:
    assert upload(browser, archive({"m/a.yaml": "a: 1", "__MACOSX/m/._a.yaml": b"\xff", "m/.DS_Store": b"\xff"})).status_code == 303
    assert MethodologyDraft.objects.get().files == {"a.yaml": "a: 1"}


def test_bombs_in_a_draft_are_problems_of_the_draft(browser: Client) -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a]\n" for n in range(50))
    upload(browser, archive({"m/methodology.yaml": bomb}))
    shown = browser.get(reverse("rounds:draft", args=[MethodologyDraft.objects.get().pk]))
    assert shown.status_code == 200 and "Nu se poate publica încă" in words(shown)


def test_the_texts_that_come_with_the_program_can_become_drafts(browser: Client, folder: Path, settings: LazySettings) -> None:
    settings.METHODOLOGIES_DIR = folder.parent
    assert folder.name in words(browser.get(reverse("rounds:drafts")))
    assert browser.post(reverse("rounds:bring"), {"folder": folder.name}).status_code == 303
    assert browser.post(reverse("rounds:bring"), {"folder": "../.."}).status_code == 404
    assert MethodologyDraft.objects.count() == 1


def test_a_member_reads_drafts_and_publishes_but_writes_nothing(draft: MethodologyDraft, folder: Path, settings: LazySettings) -> None:
    settings.METHODOLOGIES_DIR = folder.parent
    member = Client()
    member.force_login(person("membru@example.ro", Level.NATIONAL, "national_member"))
    shown = words(member.get(reverse("rounds:draft", args=[draft.pk])))
    assert "Publicați metodologia" in shown and "Ștergeți proiectul" not in shown and "Adăugați un fișier" not in shown
    assert "Salvați și verificați" not in words(member.get(f"{reverse('rounds:draft_file', args=[draft.pk])}?cale=indicators.yaml"))
    assert save(member, draft, "README.md", "x", "").status_code == 403
    assert upload(member, archive({"m/a.yaml": "a: 1"})).status_code == 403
    assert member.post(reverse("rounds:remove_draft", args=[draft.pk])).status_code == 403
    assert member.post(reverse("rounds:bring"), {"folder": folder.name}).status_code == 303
    confirmed = {"note": "Prima.", "confirmation": "spitale 1", "revision": draft.revision}
    assert member.post(reverse("rounds:publish", args=[draft.pk]), confirmed).status_code == 303


def test_only_the_commission_sees_drafts(draft: MethodologyDraft) -> None:
    outsider = Client()
    outsider.force_login(person("isj@example.ro", Level.COUNTY, "inspector"))
    for name, arguments in (
        ("drafts", []),
        ("draft", [draft.pk]),
        ("draft_file", [draft.pk]),
        ("publish", [draft.pk]),
        ("remove_draft", [draft.pk]),
        ("download_draft", [draft.pk]),
    ):
        assert outsider.get(reverse(f"rounds:{name}", args=arguments)).status_code == 403, name
    assert outsider.post(reverse("rounds:bring"), {"folder": "x"}).status_code == 403
    assert Client().get(reverse("rounds:drafts")).status_code == 302
