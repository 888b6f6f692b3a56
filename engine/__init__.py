"""The engine: a folder of YAML becomes a methodology; answers become indicators. No web, no database, no clock, no settings.

This is the public door; the rest of the product imports from here.
"""

from engine.errors import MethodologyError, Problem, render
from engine.examples import evaluate, example_folders, read_example, run
from engine.explain import Trace, explain, trace_lines
from engine.load import check_folder, load_methodology, read_methodology
from engine.methodology import Methodology
from engine.results import Result, Results, compute
from engine.versions import Difference, Verdict, differences, judge

__all__ = [
    "Difference",
    "Methodology",
    "MethodologyError",
    "Problem",
    "Result",
    "Results",
    "Trace",
    "Verdict",
    "check_folder",
    "compute",
    "differences",
    "evaluate",
    "example_folders",
    "explain",
    "judge",
    "load_methodology",
    "read_example",
    "read_methodology",
    "render",
    "run",
    "trace_lines",
]
