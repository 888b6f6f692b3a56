"""A draft as its pages show it: what is wrong and where, what differs from the version before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import engine
from portal.rounds import methodologies, selectors
from portal.rounds.checking import Examined, examine
from portal.rounds.models import MethodologyDraft, MethodologyVersion
from portal.rounds.wording import KIND_WORDS, LEVEL_WORDS, WHAT_WORDS


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """``path``: the file in the draft, '' where the problem has none there."""

    path: str
    problem: engine.Problem


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference in words; ``level``: free, allowed, needs_trend or refused."""

    what: str
    level: str
    verdict: str
    part: str
    old: str
    new: str
    touches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """``before``: the version it is compared with, None for the first methodology there is."""

    examined: Examined
    problems: Sequence[ShownProblem]
    before: MethodologyVersion | None
    differences: Sequence[ShownDifference]

    @property
    def errors(self) -> list[ShownProblem]:
        return [one for one in self.problems if one.problem.level == "error"]

    @property
    def warnings(self) -> list[ShownProblem]:
        return [one for one in self.problems if one.problem.level != "error"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file with what is wrong in it; ``kind``: e (error), wn (warning) or nothing."""

    number: int
    text: str
    kind: str
    problems: tuple[engine.Problem, ...]


def state_of(draft: MethodologyDraft) -> State:
    examined = examine(draft.code, draft.files)
    shown = [ShownProblem(_path(draft, problem.file), problem) for problem in examined.problems]
    methodology = examined.methodology
    if methodology is None:
        return State(examined, shown, None, ())
    before = _before(methodology.code)
    verdicts = engine.judge(methodologies.of(before), methodology) if before is not None else ()
    return State(examined, shown, before, [_shown(verdict) for verdict in verdicts])


def _path(draft: MethodologyDraft, file: str) -> str:
    bare = file.removeprefix(f"{draft.code}/")
    return bare if bare in draft.files else ""


def _before(code: str) -> MethodologyVersion | None:
    """The version last published under the same code, else that of the code before it."""
    published = selectors.published()
    return published.get(code) or next((row for known, row in published.items() if known < code), None)


def _shown(verdict: engine.Verdict) -> ShownDifference:
    found = verdict.difference
    what = f"{KIND_WORDS.get(found.kind, found.kind)} {found.code}: {WHAT_WORDS[found.what]}"
    return ShownDifference(what, verdict.level, str(LEVEL_WORDS[verdict.level]), found.part, found.old, found.new, found.touches)


def marked_lines(state: State, path: str, text: str) -> list[Line]:
    """The lines of a file that have a problem, each with its neighbours."""
    by_line: dict[int, list[engine.Problem]] = {}
    for one in state.problems:
        if one.path == path:
            by_line.setdefault(one.problem.line, []).append(one.problem)
    near = {number for line in by_line for number in range(line - 1, line + 2)}
    return [
        Line(number, line, _kind(by_line.get(number, ())), tuple(by_line.get(number, ())))
        for number, line in enumerate(text.split("\n"), 1)
        if number in near
    ]


def _kind(problems: Sequence[Any]) -> str:
    if not problems:
        return ""
    return "e" if any(problem.level == "error" for problem in problems) else "wn"
