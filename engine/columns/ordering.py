"""The order in which works can be done: each after what it needs, like ones together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.columns.work import PLACES, Work, hashable


def signature(work: Work) -> tuple[Any, ...]:
    """Equal for works that can be done together."""
    if work.alone:
        return ("alone", id(work))
    if work.lists:
        return (work.kernel, work.at, work.form, *(id(part) for part in work.inputs[: -work.lists]))
    return (work.kernel, *(hashable(part) for part in work.fixed), work.at, *(_kind_of_input(part) for part in work.inputs))


def _kind_of_input(work: Work | None) -> Any:
    if work is None:
        return None
    if work.constant is not None:
        return ("constant", work.form)
    return id(work) if work.form == PLACES else (work.at, work.form)


def reachable(targets: Iterable[Work]) -> list[Work]:
    """All works needed, each after what it needs."""
    found: dict[Work, None] = {}
    pending = [(target, False) for target in reversed(list(targets))]
    while pending:
        work, ready = pending.pop()
        if work in found or work.constant is not None:
            continue
        if ready:
            found[work] = None
        else:
            pending.append((work, True))
            pending += [(part, False) for part in reversed(work.inputs) if part is not None]
    return list(found)


def batched(works: Sequence[Work]) -> Iterable[list[Work]]:
    """Works in an order in which they can be done, like ones together as far as possible."""
    users: dict[Work, list[Work]] = {work: [] for work in works}
    waits: dict[Work, int] = {}
    left: dict[tuple[Any, ...], int] = {}
    ready: dict[tuple[Any, ...], list[Work]] = {}
    kind = {work: signature(work) for work in works}
    for work in works:
        parts = dict.fromkeys(part for part in work.inputs if part is not None and part.constant is None)
        waits[work] = len(parts)
        left[kind[work]] = left.get(kind[work], 0) + 1
        for part in parts:
            users[part].append(work)
        if not parts:
            ready.setdefault(kind[work], []).append(work)
    rank = {work: number for number, work in enumerate(works)}
    while ready:
        chosen = next((key for key, found in ready.items() if len(found) == left[key]), None)
        if chosen is None:
            chosen = max(ready, key=lambda key: len(ready[key]))
        members = sorted(ready.pop(chosen), key=rank.__getitem__)
        left[chosen] -= len(members)
        yield members
        for work in members:
            for user in users[work]:
                waits[user] -= 1
                if not waits[user]:
                    ready.setdefault(kind[user], []).append(user)
