"""Which value needs which: dependencies read off the syntax trees, an order without recursion, cycles in words.

A *name* here is (level or cohort, name). A cohort itself is the name (cohort, ''): whatever lives at it needs its condition and its
shared parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.formula import nodes as syntax

Key = tuple[str, str]


def named_in(node: syntax.Node, own: str) -> Iterator[Key]:
    """(level, name) of everything a formula names; bare names belong to ``own``. Definitions are expanded beforehand or name nothing."""
    for part in syntax.walk(node):
        if isinstance(part, syntax.Name):
            yield (own, part.text)
        elif isinstance(part, syntax.Qualified) and part.level not in ("previous", "indicator"):
            yield (part.level, part.name)
        elif isinstance(part, syntax.Qualified) and part.level == "indicator":
            yield (own, "indicator")


def pools(node: syntax.Node) -> bool:
    """True when the formula uses the pseudo-level of indicators."""
    return any(
        (isinstance(part, syntax.Qualified) and part.level == "indicator") or (isinstance(part, syntax.Name) and part.text == "indicator")
        for part in syntax.walk(node)
    )


def order(keys: Iterable[Key], needs: Callable[[Key], Iterable[Key]]) -> tuple[list[Key], list[list[Key]]]:
    """(keys so that what is needed comes first, cycles found as paths that return to their start)."""
    ordered: list[Key] = []
    cycles: list[list[Key]] = []
    done: set[Key] = set()
    for start in keys:
        if start not in done:
            _visit(start, needs, done, ordered, cycles)
    return ordered, cycles


def _visit(start: Key, needs: Callable[[Key], Iterable[Key]], done: set[Key], ordered: list[Key], cycles: list[list[Key]]) -> None:
    path: list[Key] = [start]
    position = {start: 0}
    pending = [iter(needs(start))]
    while path:
        for key in pending[-1]:
            if key in done:
                continue
            if key in position:
                cycles.append([*path[position[key] :], key])
                continue
            position[key] = len(path)
            path.append(key)
            pending.append(iter(needs(key)))
            break
        else:
            pending.pop()
            key = path.pop()
            del position[key]
            done.add(key)
            ordered.append(key)
