"""The engine: a folder of YAML becomes a methodology; answers become indicators. No web, no database, no clock, no settings.

This is the public door; the rest of the product imports from here.
"""

from engine.answers import (
    AnswerProblem,
    Cleaned,
    CleanedItems,
    CleanedRows,
    Completed,
    Context,
    Question,
    RowsState,
    around,
    clean,
    clean_items,
    clean_rows,
    complete_places,
    complete_rows,
    declared_rows,
    initial,
    initial_rows,
    rows_state,
    shown,
)
from engine.dataset import Before
from engine.defaults import columns_of_results
from engine.encoding import Stored, StoredValueError
from engine.errors import MethodologyError, Problem, render
from engine.exact import exact_numbers
from engine.examples import evaluate, example_folders, methodology_named_by, read_example, refusals, run, run_with_warnings
from engine.explain import explain
from engine.load import check_folder, load_methodology, read_methodology
from engine.methodology import Methodology
from engine.responses import Places, build_dataset
from engine.results import Result, Results, compute
from engine.steps import Trace
from engine.storage import StorageError, content_digest, content_digests, decode_table, decode_tables, dump_table, encode_table, encode_tables
from engine.traces import trace_lines
from engine.versions import Difference, Earlier, Verdict, asked_of_last_year, differences, earlier, judge

__all__ = [
    "AnswerProblem",
    "Before",
    "Cleaned",
    "CleanedItems",
    "CleanedRows",
    "Completed",
    "Context",
    "Difference",
    "Earlier",
    "Methodology",
    "MethodologyError",
    "Places",
    "Problem",
    "Question",
    "Result",
    "Results",
    "RowsState",
    "StorageError",
    "Stored",
    "StoredValueError",
    "Trace",
    "Verdict",
    "around",
    "asked_of_last_year",
    "build_dataset",
    "check_folder",
    "clean",
    "clean_items",
    "clean_rows",
    "columns_of_results",
    "complete_places",
    "complete_rows",
    "compute",
    "content_digest",
    "content_digests",
    "declared_rows",
    "decode_table",
    "decode_tables",
    "differences",
    "dump_table",
    "earlier",
    "encode_table",
    "encode_tables",
    "evaluate",
    "exact_numbers",
    "example_folders",
    "explain",
    "initial",
    "initial_rows",
    "judge",
    "load_methodology",
    "methodology_named_by",
    "read_example",
    "read_methodology",
    "refusals",
    "render",
    "rows_state",
    "run",
    "run_with_warnings",
    "shown",
    "trace_lines",
]
