"""Worked examples: folders of JSON and CSV files that a methodology declares, evaluated and compared with what is expected."""

from engine.examples.read import read_example
from engine.examples.run import evaluate, example_folders, number, run, run_with_warnings

__all__ = ["evaluate", "example_folders", "number", "read_example", "run", "run_with_warnings"]
