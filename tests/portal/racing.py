"""Two people at the same moment: acts that begin together, and acts of which one is held up in the middle. Needs a database with real concurrency."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

Act = Callable[[], object]
FIRST = "first"
PATIENCE = 30


def outcome_of(act: Act, code: Callable[[Exception], str | None]) -> str:
    """``done``, or the code of what was raised; what has no code is raised."""
    try:
        act()
    except Exception as error:
        found = code(error)
        if found is None:
            raise
        return found
    finally:
        connection.close()
    return "done"


def at_once(*acts: Act, code: Callable[[Exception], str | None]) -> list[str]:
    """Does all acts at the same moment; what each came to, in their order (``?``: it failed)."""
    outcomes, gate = ["?"] * len(acts), threading.Barrier(len(acts))

    def run(number: int, act: Act) -> None:
        gate.wait(10)
        outcomes[number] = outcome_of(act, code)

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes


@dataclass
class Held:
    """What became of two acts: in which order they ended, and with what."""

    order: list[str] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)


@contextmanager
def held_up(path: str, entered: threading.Event, pause: float) -> Iterator[None]:
    """The first act waits a while whenever it comes to the function ``module.name``."""
    module, name = path.rsplit(".", 1)
    real = getattr(import_module(module), name)

    def slow(*arguments: Any, **named: Any) -> Any:
        if threading.current_thread().name == FIRST and not entered.is_set():
            entered.set()
            time.sleep(pause)
        return real(*arguments, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(path, slow)
        yield


def meanwhile(first: Act, at: str, second: Act, code: Callable[[Exception], str | None], pause: float = 0.7) -> Held:
    """The second act begins when the first has come to a function, where it is held up; the database decides which of them waits."""
    held, entered = Held(), threading.Event()

    def run(name: str, act: Act) -> None:
        held.outcomes[name] = outcome_of(act, code)
        held.order.append(name)

    with held_up(at, entered, pause):
        threads = [threading.Thread(target=run, args=(name, act), name=name) for name, act in ((FIRST, first), ("second", second))]
        threads[0].start()
        assert entered.wait(10), f"the first act never came to {at}"
        threads[1].start()
        for thread in threads:
            thread.join(PATIENCE)
    return held
