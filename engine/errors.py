"""Problems with a place, a cause and a remedy. Collected, never raised one by one: everything wrong is told in one run."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.catalogue import CATALOGUE


class Mark(NamedTuple):
    """A character of a file; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One problem, in Romanian and English. ``level`` is error or warning."""

    file: str
    line: int
    column: int
    code: str
    level: str
    message: str
    message_en: str
    suggestion: str
    remedy: str
    remedy_en: str
    source_line: str

    def as_dict(self) -> dict[str, Any]:
        """The problem as the commands print it in JSON."""
        keys = ("file", "line", "column", "code", "level", "message", "suggestion")
        return {key: getattr(self, key) for key in keys}


MAX_PROBLEMS = 1_000
CLOSE = 0.6
"""How alike a word and what it may have been meant for must be, of 1."""


class TooManyProblems(Exception):
    """There is no point in looking for more; what was found has been collected."""


@dataclass(slots=True)
class Problems:
    """Collects problems; texts come from the catalogue, ``params`` fill their placeholders."""

    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, mark: Mark, suggestion: str = "", source_line: str = "", **params: Any) -> None:
        """One more problem. Raises ``TooManyProblems`` at the limit."""
        if len(self.found) == MAX_PROBLEMS and code != "Y123":
            self.add("Y123", mark, limit=MAX_PROBLEMS)
            raise TooManyProblems
        entry = CATALOGUE[code]
        shown = _Shown({name: _short(value) for name, value in params.items()})
        texts = [text.format_map(shown) for text in (entry.ro, entry.en, entry.fix_ro, entry.fix_en)]
        message, message_en, remedy, remedy_en = texts
        self.found.append(Problem(*mark, code, entry.level, message, message_en, suggestion, remedy, remedy_en, source_line))

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.found if problem.level == "error"]

    def sorted(self) -> list[Problem]:
        return sorted(self.found)


class _Shown(dict[str, str]):
    """A placeholder nobody filled shows its name, so that telling of a problem never fails."""

    def __missing__(self, key: str) -> str:
        return f"‹{key}›"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:197] + "…"


class MethodologyError(Exception):
    """Something was refused; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(render(problem) for problem in self.problems[:20]))


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate most like ``word``, '' when none is close or the word is too long to be a slip."""
    if len(word) > 80:
        return ""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    bounded = []
    for candidate in dict.fromkeys(candidates):
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() >= CLOSE and (bound := matcher.quick_ratio()) >= CLOSE:
            bounded.append((bound, candidate))
    best, found = CLOSE, ""
    for bound, candidate in sorted(bounded, key=lambda pair: -pair[0]):
        if bound < best or (found and bound == best):
            break
        matcher.set_seq1(candidate)
        if (ratio := matcher.ratio()) > best or (not found and ratio == best):
            best, found = ratio, candidate
    return found


def render(problem: Problem, language: str = "ro") -> str:
    """The problem as people read it: place, code, sentence, source line with a caret, suggestion, what to do."""
    english = language == "en"
    lines = [f"{problem.file}:{problem.line}:{problem.column}: {problem.code}: {problem.message_en if english else problem.message}"]
    if problem.source_line:
        shown = problem.source_line[:300].replace("\t", " ")
        lines += [f"    {shown}", "    " + " " * min(problem.column - 1, 300) + "^"]
    if problem.suggestion:
        lines.append(f"    Did you mean “{problem.suggestion}”?" if english else f"    Ați vrut „{problem.suggestion}”?")
    lines.append(f"    {problem.remedy_en if english else problem.remedy}")
    return "\n".join(lines)
