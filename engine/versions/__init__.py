"""Versions of a methodology: what differs in meaning, and whether stored answers and trends survive it."""

from engine.versions.compatibility import Verdict, judge
from engine.versions.differences import Difference, differences

__all__ = ["Difference", "Verdict", "differences", "judge"]
