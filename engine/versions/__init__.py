"""Versions of a methodology: what differs in meaning, and whether stored answers and trends survive it, what last year's values were called."""

from engine.versions.compatibility import Verdict, judge
from engine.versions.differences import Difference, differences
from engine.versions.earlier import Earlier, asked_of_last_year, earlier

__all__ = ["Difference", "Earlier", "Verdict", "asked_of_last_year", "differences", "earlier", "judge"]
