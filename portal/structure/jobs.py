"""Applying and undoing imports, by workers: all or nothing. What an import may not do is its outcome, not a failure of the job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from portal.accounts.models import User
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.outbox.registry import handles
from portal.structure import permissions
from portal.structure.models import NetworkImport
from portal.structure.services import imports

LEASE = timedelta(minutes=5)
State = NetworkImport.State


def _asked(job: Job, state: str) -> NetworkImport | None:
    """The import of a job, as long as it is what the job is to do."""
    record = NetworkImport.objects.select_related("place", "applied_by", "undone_by").get(pk=job.payload["import"])
    return record if record.state == state and record.job == (job.kind, job.key) else None


def _try(record: NetworkImport, by: User | None, act: Callable[[], object]) -> None:
    """Does it for whoever asked, if they may still; else the import keeps the reason."""
    assert by is not None and record.place is not None
    decision = permissions.allowed(by, "import_network", record.place)
    try:
        if not decision:
            raise imports.NotNow(decision.sentence)
        act()
    except imports.NotNow as refusal:
        imports.refuse(record, refusal)


@handles("import_apply", queue="urgent", lease=LEASE)
def apply_import(job: Job) -> None:
    record = _asked(job, State.APPLYING)
    if record is not None:
        tell = partial(outbox.progress, job)
        _try(record, record.applied_by, lambda: imports.apply(record, by=record.applied_by, clears_missing=record.clears_missing, tell=tell))


@handles("import_undo", queue="urgent", lease=LEASE)
def undo_import(job: Job) -> None:
    record = _asked(job, State.UNDOING)
    if record is not None:
        _try(record, record.undone_by, lambda: imports.undo(record, by=record.undone_by))
