"""Kinds of jobs that tests enqueue, and what they did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.outbox.models import Job
from portal.outbox.registry import JobError, handles

done: list[int] = []
"""Ids of the jobs of kind ``note`` that ran, in order."""


@handles("note", lease=timedelta(seconds=30))
def note(job: Job) -> None:
    done.append(job.pk)


@handles("spoilt", attempts=3)
def spoilt(job: Job) -> None:
    raise JobError("Inspectoratul nu are încă un raport final.")


@handles("leaky", attempts=1)
def leaky(job: Job) -> None:
    raise ValueError("Ion Popescu, ion@example.ro, 1960101410019")


@handles("paper_mail", queue="mail")
def letter(job: Job) -> None:
    done.append(job.pk)


@handles("summons", queue="urgent")
def summons(job: Job) -> None:
    done.append(job.pk)


@pytest.fixture(autouse=True)
def _forget() -> None:
    done.clear()
