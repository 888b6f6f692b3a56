"""What is kept of an error: enough to find it, nothing personal; and how long to wait before trying again."""

from __future__ import annotations

import traceback
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from portal.outbox.registry import JobError

VANISHED = "Lucrarea s-a oprit de fiecare dată fără să spună de ce."


def describe(error: Exception) -> str:
    """Our own errors by their text; any other by its kind and place only, since its text may hold what people typed."""
    if isinstance(error, JobError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(settings.BASE_DIR)] or frames
    place = f" ({Path(ours[-1].filename).name}:{ours[-1].lineno})" if ours else ""
    return f"{type(error).__name__}{place}"


def pause(attempts: int) -> timedelta:
    """Half a minute, two, eight, half an hour, then an hour each."""
    return timedelta(seconds=min(30 * 4 ** (attempts - 1), 3600))
