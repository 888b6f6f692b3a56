"""Publishing: only what is whole and computes its examples; stored as text, frozen, loaded back exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

import engine
from portal.accounts.models import User
from portal.rounds import methodologies, services
from portal.rounds.models import Frozen, MethodologyFile, MethodologyVersion

pytestmark = pytest.mark.django_db


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_published_methodology_is_loaded_back_from_its_text_alone(folder: Path, member: User) -> None:
    digest = engine.load_methodology(folder).digest
    version = services.publish(folder, by=member, note="Prima.")
    spoil(folder / "methodology.yaml", "Spitale", "Altceva")
    loaded = methodologies.of(version)
    assert (version.code, version.version, version.digest, version.published_by, version.note) == ("spitale", "1", digest, member, "Prima.")
    assert loaded.digest == digest and loaded.title["ro"] == "Spitale"
    assert methodologies.of(version) is loaded
    example = methodologies.folder_of(version) / "examples" / "small"
    assert engine.evaluate(loaded, example) == json.loads((example / "expected.json").read_text("utf-8"))


def test_publishing_the_same_content_again_gives_the_same_version(folder: Path) -> None:
    first = services.publish(folder)
    assert services.publish(folder) == first
    assert MethodologyVersion.objects.count() == 1


def test_a_version_number_names_one_content(folder: Path) -> None:
    services.publish(folder)
    spoil(folder / "methodology.yaml", "Spitale", "Spitale noi")
    with pytest.raises(services.PublishRefused, match="schimbați „version”"):
        services.publish(folder)
    spoil(folder / "methodology.yaml", "version: '1'", "version: '2'")
    assert services.publish(folder).version == "2"


def test_every_problem_is_told_and_nothing_is_stored(folder: Path) -> None:
    spoil(folder / "indicators.yaml", "n / beds", "n / bedz")
    spoil(folder / "methodology.yaml", "mode: half_away_from_zero", "mode: up")
    with pytest.raises(services.PublishRefused) as refused:
        services.publish(folder)
    assert len(refused.value.problems) >= 2
    assert any("bedz" in problem and "hospitals/indicators.yaml" in problem for problem in refused.value.problems)
    assert not MethodologyVersion.objects.exists()


def test_an_example_that_comes_out_otherwise_stops_publishing(folder: Path) -> None:
    expected = folder / "examples" / "small" / "expected.json"
    content = json.loads(expected.read_text("utf-8"))
    content["patients"] += 1
    expected.write_text(json.dumps(content), "utf-8")
    with pytest.raises(services.PublishRefused, match="small: patients: așteptat"):
        services.publish(folder)
    assert not MethodologyVersion.objects.exists()


@pytest.mark.parametrize("missing", ["examples/small/expected.json", "examples"])
def test_without_a_worked_example_nothing_is_published(folder: Path, missing: str) -> None:
    (folder / missing).rename(folder.parent / "gone")
    with pytest.raises(services.PublishRefused, match="exemplu"):
        services.publish(folder)


def test_files_that_are_no_text_or_lie_elsewhere_are_refused(folder: Path) -> None:
    (folder / "notes.md").write_bytes(b"\xff\xfe")
    with pytest.raises(services.PublishRefused, match="UTF-8"):
        services.publish(folder)
    (folder / "notes.md").unlink()
    (folder / "notes.md").symlink_to("/etc/hostname")
    with pytest.raises(services.PublishRefused, match="legătură"):
        services.publish(folder)
    with pytest.raises(services.PublishRefused, match="nu există"):
        services.publish(folder.parent / "nowhere")


def test_models_refuse_to_change_what_is_published(published: MethodologyVersion) -> None:
    published.note = "altceva"
    file = published.files.first()
    assert file is not None
    for change in (
        published.save,
        published.delete,
        lambda: MethodologyVersion.objects.update(note="x"),
        lambda: MethodologyVersion.objects.all().delete(),
        file.save,
        file.delete,
        lambda: published.files.update(text="x"),
        lambda: published.files.all().delete(),
        lambda: MethodologyFile.objects.create(version=published, path="new.yaml", text="x"),
    ):
        with pytest.raises(Frozen):
            change()


STATEMENTS = [
    "UPDATE rounds_methodologyversion SET note = 'x'",
    "UPDATE rounds_methodologyfile SET text = 'x'",
    "INSERT INTO rounds_methodologyfile (version_id, path, text) SELECT id, 'x.yaml', 'x' FROM rounds_methodologyversion",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_what_is_published(published: MethodologyVersion, statement: str) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_file_deleted_behind_the_models_is_refused_or_found(published: MethodologyVersion) -> None:
    statement = "DELETE FROM rounds_methodologyfile WHERE path = 'choices.yaml'"
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with pytest.raises(DatabaseError, match="never changes"):
                cursor.execute(statement)
            transaction.set_rollback(True)
        else:
            cursor.execute(statement)
            with pytest.raises(methodologies.Damaged):
                methodologies.of(published)


def test_a_draft_may_change(folder: Path) -> None:
    draft = MethodologyVersion.objects.create(code="spitale", version="1", digest="0" * 64)
    file = MethodologyFile.objects.create(version=draft, path="a.yaml", text="a")
    file.text = "b"
    file.save()
    draft.note = "notă"
    draft.save()
    draft.files.all().delete()
    draft.delete()
    assert not MethodologyVersion.objects.exists()


def test_a_spoilt_copy_on_disk_is_made_again(published: MethodologyVersion) -> None:
    kept = methodologies.folder_of(published)
    spoil(kept / "methodology.yaml", "Spitale", "Altceva")
    (kept / "more.yaml").write_text("x: 1", "utf-8")
    methodologies.forget()
    assert methodologies.of(published).title["ro"] == "Spitale"
    assert not (kept / "more.yaml").exists()
    assert [path.name for path in kept.parent.iterdir()] == [published.digest]


def test_a_copy_that_somebody_else_has_just_made_is_left_to_its_readers(published: MethodologyVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that start together all find none, and all write one: the first stays where it is, never away for a moment."""
    kept = methodologies.folder_of(published)
    inode, moved = kept.stat().st_ino, []
    monkeypatch.setattr("shutil.move", lambda *paths: moved.append(paths))
    methodologies._put(kept, dict(published.files.values_list("path", "text")))
    assert (kept.stat().st_ino, moved) == (inode, [])
    assert [path.name for path in kept.parent.iterdir()] == [published.digest]


def test_text_that_is_not_what_was_published_is_not_used(folder: Path) -> None:
    texts = services.publishing.read_texts(folder)  # type: ignore[attr-defined]
    for path, text, why in (("methodology.yaml", texts["methodology.yaml"].replace("Spitale", "X"), "digest"), ("methodology.yaml", "a: [", "Y")):
        version = MethodologyVersion.objects.create(code="spitale", version=why, digest=why.ljust(64, "0"))
        MethodologyFile.objects.bulk_create(MethodologyFile(version=version, path=name, text=kept) for name, kept in (texts | {path: text}).items())
        with pytest.raises(methodologies.Damaged, match=why):
            methodologies.of(version)


def test_a_file_name_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(methodologies.Damaged, match="outside"):
        methodologies.write(tmp_path / "inside", {"../outside.yaml": "x"})
    assert not (tmp_path / "outside.yaml").exists()


def test_the_real_methodologies_are_published_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("publish_methodology", "indicators/2025-2026", note="Prima.")
    version = MethodologyVersion.objects.get()
    assert version.digest in capsys.readouterr().out
    assert version.note == "Prima."


def test_the_command_tells_why_it_refuses(folder: Path) -> None:
    spoil(folder / "indicators.yaml", "n / beds", "n / bedz")
    with pytest.raises(CommandError, match="bedz"):
        call_command("publish_methodology", str(folder))
