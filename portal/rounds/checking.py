"""What stands against publishing some texts: problems of the methodology, worked examples that do not come out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import engine
from engine.methodology import Methodology
from portal.rounds import methodologies
from portal.rounds.wording import difference_lines


@dataclass(frozen=True, slots=True)
class Examined:
    """``problems``: errors and warnings; ``examples``: a line for each thing the worked examples do not confirm, none where they could not
    be computed."""

    methodology: Methodology | None
    problems: tuple[engine.Problem, ...]
    examples: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[engine.Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")

    @property
    def warnings(self) -> tuple[engine.Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level != "error")

    @property
    def against(self) -> tuple[str, ...]:
        """Everything that has to be mended before publishing, in words."""
        return (*(engine.render(problem) for problem in self.errors), *self.examples)


def examine(name: str, texts: Mapping[str, str]) -> Examined:
    """Checks texts as a folder called ``name``. What was examined a moment ago is remembered: reading, confirming and publishing ask in turn."""
    return _examined(name, tuple(sorted(texts.items())), get_language() or "ro")


@lru_cache(maxsize=4)
def _examined(name: str, texts: tuple[tuple[str, str], ...], language: str) -> Examined:
    """``language``: of the sentences."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        folder.mkdir()
        methodologies.write(folder, dict(texts))
        methodology, problems = engine.read_methodology(folder)
        examples = _unconfirmed(methodology, folder / "examples") if methodology is not None else ()
    return Examined(methodology, tuple(problems), examples)


def _unconfirmed(methodology: Methodology, folder: Path) -> tuple[str, ...]:
    examples = engine.example_folders(folder)
    silent = [example.name for example in examples if not (example / "expected.json").is_file()]
    if not examples or silent:
        return (_("Metodologia are nevoie de cel puțin un exemplu lucrat, iar fiecare exemplu de „expected.json”."),)
    return tuple(difference_lines(engine.run(methodology, folder)))
