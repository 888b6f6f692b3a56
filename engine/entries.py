"""One declaration of a methodology, plain data that still knows where every character of its texts was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Mark, Problems
from engine.yaml_source import Source

Path = tuple[str | int, ...]
Segment = tuple[int, int, bool]
"""(offset in the expanded text, offset in the template, True where both run in step)."""


@dataclass(slots=True)
class Entry:
    """A mapping from a file, after templates. ``origins``: where a top-level key really stands (an override, say)."""

    data: dict[str, Any]
    source: Source
    path: Path
    origins: Mapping[str, Path] = field(default_factory=dict)
    segments: Mapping[Path, list[Segment]] = field(default_factory=dict)

    def _absolute(self, path: Path) -> Path:
        """The path in the file; what the file does not have (a key that is missing, or that a family added) is its parent's place."""
        whole = (*self.path, *path)
        if path and isinstance(path[0], str) and path[0] in self.origins:
            whole = (*self.origins[path[0]], *path[1:])
        while whole and whole not in self.source.places:
            whole = whole[:-1]
        return whole

    def mark(self, *path: str | int) -> Mark:
        """Where the value at ``path`` of this entry stands; the entry itself without a path."""
        return self.source.mark(self._absolute(path))

    def text_mark(self, path: Path, offset: int) -> Mark:
        """Where character ``offset`` of the (expanded) text at ``path`` stands in the file."""
        return self.source.text_mark(self._absolute(path), original_offset(self.segments.get(path, []), offset))

    def add(self, problems: Problems, code: str, path: Path, offset: int | None = None, suggestion: str = "", **params: Any) -> None:
        """Report a problem at ``path`` of this entry, at a character of its text when ``offset`` is given."""
        mark = self.mark(*path) if offset is None else self.text_mark(path, offset)
        problems.add(code, mark, suggestion=suggestion, source_line=self.source.line(mark.line), **params)


def original_offset(segments: list[Segment], offset: int) -> int:
    """Offset in the template of the character at ``offset`` of the expanded text."""
    best: Segment = (0, 0, True)
    for segment in segments:
        if segment[0] > offset:
            break
        best = segment
    return best[1] + (offset - best[0] if best[2] else 0)
