"""Processes that are kept running together: started in order, started again when one ends by itself, stopped in the opposite order."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

LONGEST_PAUSE = 30.0
STEADY = 60.0
"""Seconds after which a process counts as running well: its next end is a new story."""
Say = Callable[[str], None]


@dataclass
class Process:
    """One of them. ``patience``: seconds it gets to end politely, before it is asked once more and then killed."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    patience: float
    popen: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    again_at: float = 0.0
    pause: float = field(default=1.0)

    def start(self) -> None:
        """Starts it in a session of its own: Ctrl-C reaches only the parent, which stops its processes in order."""
        self.popen = subprocess.Popen(  # noqa: S603 - our own commands
            self.command, env=dict(self.environment), start_new_session=True, preexec_fn=_die_with_parent
        )
        self.began = time.monotonic()

    def tend(self, say: Say) -> None:
        """Starts it again when it has ended, each time after a longer pause while it keeps ending soon."""
        now = time.monotonic()
        if self.popen is not None and self.popen.poll() is not None:
            self.pause = 1.0 if now - self.began > STEADY else min(2 * self.pause, LONGEST_PAUSE)
            say(f"{self.name} s-a oprit (cod {self.popen.returncode}); îl pornesc din nou")
            self.popen, self.again_at = None, now + self.pause / 2
        if self.popen is None and now >= self.again_at:
            self.start()

    @property
    def ended(self) -> bool:
        return self.popen is not None and self.popen.poll() is not None

    def stop(self) -> None:
        if self.popen is None or self.popen.poll() is not None:
            return
        for patience in (self.patience, 4.0):
            self.popen.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(patience)
                return
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


def run(processes: Sequence[Process], stop: threading.Event, ready: Callable[[], bool], say: Say) -> bool:
    """Keeps the processes running until ``stop`` is set. False when one ended before ``ready`` said that all is well."""
    well = False
    try:
        for process in processes:
            process.start()
        while not stop.wait(0.3):
            well = well or ready()
            if not well and any(process.ended for process in processes):
                return False
            for process in processes:
                process.tend(say)
    finally:
        for process in reversed(processes):
            process.stop()
    return True


def _die_with_parent() -> None:
    """Runs in the child: on Linux the kernel ends it when its parent is killed without a chance to stop it."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)
