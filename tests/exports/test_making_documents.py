"""From a freeze to a file: asked for in the transaction of the act, made once, kept when it is outdated, never half there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from exports import jobs, services
from exports.models import Document
from portal.collection.models import Collection, Response
from portal.collection.refusals import Refused
from portal.collection.services import finalising, supervising
from portal.outbox import services as outbox
from portal.outbox.models import Job
from tests.exports.conftest import author, ready_unit, somebody
from tests.portal.worked_round import WorkedRound

pytestmark = pytest.mark.django_db


def run_jobs() -> None:
    while outbox.sweep():
        pass


def reports(unit: Collection) -> list[Document]:
    return list(Document.objects.filter(collection=unit, kind=Document.Kind.UNIT_REPORT).order_by("number"))


def test_finalising_a_unit_issues_its_report(worked: WorkedRound, folder: Path) -> None:
    unit = ready_unit(worked)
    finalising.finalise(unit, author("unit_manager", unit))
    (document,) = reports(unit)
    result = unit.results.get()
    assert (document.number, document.data_digest, document.ready_at) == (1, result.data_digest, None)
    assert Job.objects.get(kind="unit_report").payload == {"document": document.pk}
    run_jobs()
    document.refresh_from_db()
    assert document.ready_at is not None
    content = document.path.read_bytes()
    assert content.startswith(b"%PDF")
    assert (document.size, document.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert document.path == folder / "documents" / str(unit.pk) / f"{document.pk}.pdf"
    assert [path.name for path in document.path.parent.iterdir()] == [document.path.name]


def test_a_refused_finalisation_asks_for_nothing(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    with pytest.raises(Refused):
        finalising.finalise(unit, author("unit_manager", unit))
    assert reports(unit) == []
    assert not Job.objects.exists()


def test_a_freeze_that_is_rolled_back_leaves_no_document_and_no_job(worked: WorkedRound) -> None:
    unit = ready_unit(worked)
    manager = author("unit_manager", unit)
    with pytest.raises(RuntimeError), transaction.atomic():
        finalising.finalise(unit, manager)
        raise RuntimeError
    assert reports(unit) == []
    assert not Job.objects.exists()


def test_reopening_marks_the_report_outdated_and_the_next_freeze_has_the_next_number(worked: WorkedRound, folder: Path) -> None:
    unit = ready_unit(worked)
    manager = author("unit_manager", unit)
    finalising.finalise(unit, manager)
    run_jobs()
    first = reports(unit)[0]
    before = first.path.read_bytes()
    finalising.reopen(unit, author("director", worked.school), "Lipsea o clasă.")
    first.refresh_from_db()
    assert first.outdated_at is not None
    finalising.finalise(unit, manager)
    one, two = reports(unit)
    assert (one.outdated_at is not None, two.outdated_at, two.number) == (True, None, 2)
    assert one.path.read_bytes() == before
    assert Job.objects.filter(kind="unit_report", state=Job.State.WAITING).get().payload == {"document": two.pk}


def test_a_final_school_issues_the_reports_of_units_whose_figures_changed(worked: WorkedRound) -> None:
    unit = ready_unit(worked)
    finalising.finalise(unit, author("unit_manager", unit))
    inspector = author("inspector", worked.county)
    for other in worked.units.values():
        if other.pk != unit.pk:
            supervising.exempt(other, inspector, "special", "Unitate specială.")
    finalising.finalise(worked.school, author("director", worked.school))
    one, two = reports(unit)
    assert (one.outdated_at is not None, two.outdated_at) == (True, None)
    assert Job.objects.filter(kind="unit_report").count() == 2


def test_a_report_is_issued_once_however_often_it_is_asked_for(worked: WorkedRound) -> None:
    unit = ready_unit(worked)
    finalising.finalise(unit, author("unit_manager", unit))
    assert services.issue_report(unit.results.get()) == reports(unit)[0]
    assert len(reports(unit)) == 1
    assert Job.objects.filter(kind="unit_report").count() == 1


def test_a_job_that_runs_twice_makes_one_file_and_a_lost_file_is_made_again(worked: WorkedRound, folder: Path) -> None:
    document = services.ask_export(worked.county, Document.Kind.CSV, somebody("inspector", worked.county))
    run_jobs()
    job = Job.objects.get(kind="csv")
    document.refresh_from_db()
    ready, changed = document.ready_at, document.path.stat().st_mtime_ns
    jobs.make_archive(job)
    document.refresh_from_db()
    assert (document.ready_at, document.path.stat().st_mtime_ns) == (ready, changed)
    document.path.unlink()
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, not_before=timezone.now())
    run_jobs()
    assert document.path.is_file()


def test_an_outdated_report_whose_data_changed_meanwhile_is_not_made_any_more(worked: WorkedRound, folder: Path) -> None:
    unit = ready_unit(worked)
    finalising.finalise(unit, author("unit_manager", unit))
    finalising.reopen(unit, author("director", worked.school), "Date greșite.")
    answers = Response.objects.get(collection=unit, section="basic")
    answers.values["pop_total"] = 1
    answers.save()
    run_jobs()
    (document,) = reports(unit)
    assert document.ready_at is None
    assert not document.path.exists()
    assert Job.objects.get(kind="unit_report").state == Job.State.DONE


def test_a_workbook_asked_for_is_made_with_its_progress(worked: WorkedRound, folder: Path) -> None:
    by = somebody("inspector", worked.county)
    document = services.ask_export(worked.county, Document.Kind.WORKBOOK, by)
    run_jobs()
    document.refresh_from_db()
    assert document.path.read_bytes().startswith(b"PK")
    job = Job.objects.get(kind="workbook")
    assert (job.state, job.done > 0, job.total > job.done) == (Job.State.DONE, True, True)


def test_asking_twice_for_the_same_export_is_asking_once(worked: WorkedRound, folder: Path) -> None:
    by = somebody("inspector", worked.county)
    first = services.ask_export(worked.county, Document.Kind.CSV, by)
    assert services.ask_export(worked.county, Document.Kind.CSV, by) == first
    assert services.ask_export(worked.county, Document.Kind.CSV, by, final_only=True).number == 2
    run_jobs()
    assert services.ask_export(worked.county, Document.Kind.CSV, by).number == 3


def test_a_failed_export_is_asked_for_again_and_made(worked: WorkedRound, folder: Path) -> None:
    document = services.ask_export(worked.county, Document.Kind.CSV, somebody("inspector", worked.county))
    Job.objects.filter(kind="csv").update(state=Job.State.FAILED, attempts=5, error="OSError")
    services.try_again(document)
    run_jobs()
    document.refresh_from_db()
    assert document.path.is_file()


def test_a_disk_that_refuses_leaves_nothing_half_made(worked: WorkedRound, folder: Path) -> None:
    """A file stands where the folder of the documents should be."""
    (folder / "documents").write_text("", "ascii")
    document = services.ask_export(worked.county, Document.Kind.WORKBOOK, somebody("inspector", worked.county))
    run_jobs()
    document.refresh_from_db()
    assert document.ready_at is None
    job = Job.objects.get(kind="workbook")
    assert (job.state, job.attempts) == (Job.State.WAITING, 1)
    (folder / "documents").unlink()
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
    run_jobs()
    document.refresh_from_db()
    assert document.path.is_file()
