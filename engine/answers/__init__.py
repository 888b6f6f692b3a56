"""What a form shows, requires, proposes and accepts, and the rows of its table: pure functions of the methodology and the answers.

Wizard pages, tables, uploads and imports all go through here, so that one answer means the same wherever it was typed.

=========  ==================================================================
problems   what is wrong with an answer, in words
context    what lies around the answers: stored ones, places above, last year
logic      readers, conditions and defaults of a level, compiled once
sheet      the answers of some places of a level, while they are completed
forms      ``clean``, ``initial``, ``shown``, last year's answers and the items of repeating steps
rows       the same for the rows of a table
many       many places, or the rows of many tables, completed at once
=========  ==================================================================
"""

from engine.answers.context import Context, around
from engine.answers.forms import Cleaned, CleanedItems, Question, carried_over, clean, clean_items, initial, last_year, shown
from engine.answers.many import Completed, complete_places, complete_rows
from engine.answers.problems import AnswerProblem
from engine.answers.rows import CleanedRows, OpenRows, RowsAsked, RowsState, clean_rows, declared_rows, initial_rows, open_rows, rows_state

__all__ = [
    "AnswerProblem",
    "Cleaned",
    "CleanedItems",
    "CleanedRows",
    "Completed",
    "Context",
    "OpenRows",
    "Question",
    "RowsAsked",
    "RowsState",
    "around",
    "carried_over",
    "clean",
    "clean_items",
    "clean_rows",
    "complete_places",
    "complete_rows",
    "declared_rows",
    "initial",
    "initial_rows",
    "last_year",
    "open_rows",
    "rows_state",
    "shown",
]
