"""Worked examples: folders of JSON and CSV files that a methodology declares, evaluated and compared with what is expected."""

from engine.examples.read import read_example
from engine.examples.run import evaluate, example_folders, methodology_named_by, number, refusals, run, run_with_warnings

__all__ = ["evaluate", "example_folders", "methodology_named_by", "number", "read_example", "refusals", "run", "run_with_warnings"]
