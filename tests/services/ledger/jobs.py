"""Jobs that write a line when they start and when they end, so that a test can see what happened in other processes."""

from __future__ import annotations

import os
import time
from datetime import timedelta

from django.conf import settings

from portal.outbox import services
from portal.outbox.models import Job
from portal.outbox.registry import handles


def write(line: str) -> None:
    with (settings.DATA_DIR / "ledger").open("a", encoding="ascii") as file:
        file.write(line + "\n")


@handles("nap", lease=timedelta(seconds=6))
def nap(job: Job) -> None:
    write(f"start {job.key} {os.getpid()}")
    steps = int(job.payload["tenths"])
    for step in range(steps):
        time.sleep(0.1)
        services.progress(job, step + 1, steps)
    write(f"end {job.key} {os.getpid()}")


@handles("second_time_lucky")
def second_time_lucky(job: Job) -> None:
    write(f"start {job.key} {os.getpid()}")
    if job.attempts == 1:
        raise ValueError("not today")
    write(f"end {job.key} {os.getpid()}")
