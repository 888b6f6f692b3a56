"""Texts in several languages: the primary one everywhere, the others counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Problems, nearest
from engine.yaml_source import Source

KEYS = ("label", "question", "title", "name", "hint", "help", "message", "in_words")
SHOWN = 3

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Labels:
    """The labels of one folder. A label without the primary language is an error, other languages are reported as coverage."""

    languages: tuple[str, ...]
    primary: str
    problems: Problems
    count: int = 0
    wanting: dict[str, list[str]] = field(default_factory=dict)
    """By language: the places of labels that lack it."""
    foreign: set[tuple[str, str]] = field(default_factory=set)

    def check(self, source: Source) -> None:
        """All labels of a file."""
        self._check(source, source.data, ())

    def report(self, header: Source) -> None:
        """How far each language other than the primary one has come, where labels are missing."""
        for index, language in enumerate(self.languages):
            missing = self.wanting.get(language, [])
            if language == self.primary or not missing:
                continue
            mark, done = header.mark(("languages", index)), self.count - len(missing)
            shown = ", ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
            figures = {"done": done, "all": self.count, "percent": 100 * done // self.count}
            self.problems.add("S112", mark, "", header.line(mark.line), language=language, places=shown, **figures)

    def _check(self, source: Source, value: Any, path: Path) -> None:
        if isinstance(value, list):
            for index, item in enumerate(value):
                self._check(source, item, (*path, index))
        elif isinstance(value, Mapping):
            for key, item in value.items():
                if key in KEYS and isinstance(item, Mapping) and all(isinstance(text, str) for text in item.values()):
                    self._label(source, item, (*path, key))
                else:
                    self._check(source, item, (*path, key))

    def _label(self, source: Source, label: Mapping[str, str], path: Path) -> None:
        mark = source.mark(path)
        self.count += 1
        if not label.get(self.primary, "").strip():
            self.problems.add("S106", mark, "", source.line(mark.line), language=self.primary)
        for language in self.languages:
            if not label.get(language, "").strip():
                self.wanting.setdefault(language, []).append(f"{mark.file}:{mark.line}")
        self._foreign(source, label, path)

    def _foreign(self, source: Source, label: Iterable[str], path: Path) -> None:
        """A language that is not declared is told once a file."""
        for name in label:
            if name not in self.languages and (source.file, name) not in self.foreign:
                self.foreign.add((source.file, name))
                mark = source.key_mark((*path, name))
                allowed = ", ".join(self.languages)
                self.problems.add("S107", mark, nearest(name, self.languages), source.line(mark.line), name=name, allowed=allowed)
