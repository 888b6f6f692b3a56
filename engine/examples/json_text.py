"""JSON with positions: where the value at a path stands. Read only to point at a mistake; the content comes from the ``json`` module."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

TOKEN = re.compile(r'[ \t\r\n]*(?:(?P<open>[{\[])|(?P<close>[}\]])|(?P<comma>,)|(?P<colon>:)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<plain>[^\s,:{}\[\]"]+))')
MAX_DIGITS = 30

Path = tuple[str | int, ...]


class TwiceError(ValueError):
    """A key stands twice in one object."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def loads(text: str) -> Any:
    """The content; decimals, very long numbers, NaN and Infinity stay text. Raises ``ValueError`` (``TwiceError`` for equal keys)."""
    return json.loads(text, parse_float=str, parse_constant=str, parse_int=_whole, object_pairs_hook=_object)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        raise TwiceError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return made


def places(text: str) -> Iterator[tuple[Path, int]]:
    """(path, offset) of every value of a text that is valid JSON; a key that stands twice is given twice."""
    stack: list[list[Any]] = []  # [is a list, key or index, waiting for a key]
    position = 0
    while match := TOKEN.match(text, position):
        position = match.end()
        kind = match.lastgroup or ""
        start = match.start(kind)
        top = stack[-1] if stack else None
        if kind == "close":
            stack.pop()
        elif kind == "comma" and top is not None:
            top[1], top[2] = (top[1] + 1, False) if top[0] else ("", True)
        elif kind == "text" and top is not None and top[2]:
            top[1], top[2] = json.loads(match[kind], strict=False), False
        elif kind in ("open", "text", "plain"):
            yield tuple(part for _, part, _ in stack), start
            if kind == "open":
                stack.append([match[kind] == "[", 0 if match[kind] == "[" else "", match[kind] == "{"])


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
