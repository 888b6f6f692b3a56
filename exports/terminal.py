"""A report as plain text: the same tree, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from exports.report_tree import Block, Cell, Chart, Facts, Report, Table

WIDTH = 100


def lines(report: Report) -> Iterator[str]:
    """The report line by line."""
    yield from (report.kicker, report.title, "=" * min(len(report.title), WIDTH))
    yield from _pairs(report.facts)
    for said in (report.notice.text if report.notice else "", report.warning):
        yield from _paragraph(said, "! ")
    for section in report.sections:
        yield from ("", section.title, "-" * min(len(section.title), WIDTH))
        for block in section.blocks:
            yield from _block(block)
    yield ""
    yield from _pairs(report.provenance)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, value in pairs:
        yield f"{name}: {value}"


def _paragraph(text: str, mark: str = "") -> Iterator[str]:
    yield from wrap(text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _table(block)
        case Facts():
            yield from ("", f"[{block.title}]")
            for name, cell in block.rows:
                yield from wrap(f"{name}: {words(cell)}", WIDTH, subsequent_indent="  ")
            yield from _paragraph(block.empty if not block.rows else "")
        case Chart():
            yield from _paragraph(block.alt, "# ")
        case _:
            yield from _paragraph(block.text)


def _table(table: Table) -> Iterator[str]:
    """Row by row, each value with the head of its column: columns of a page would not fit."""
    yield from ("", f"[{table.caption}]")
    yield from wrap(" | ".join(head.text for head in table.head), WIDTH, initial_indent="  ", subsequent_indent="  ")
    for row in table.lines:
        (_head, first), *rest = row
        shown = "; ".join(f"{head.text}: {words(cell)}" for head, cell in rest if words(cell))
        yield from wrap(f"{words(first)} — {shown}" if shown else words(first), WIDTH, initial_indent="· ", subsequent_indent="  ")


def words(cell: Cell) -> str:
    """A cell with everything it says."""
    return " ".join(part for part in (cell.text, f"({cell.band.label})" if cell.band else "", *cell.marks) if part)
