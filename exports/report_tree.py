"""The one tree of a report: sections of paragraphs, facts, tables and charts, without any layout. Page, PDF and terminal draw the same tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from portal.rounds.selectors import ShownBand


@dataclass(frozen=True, slots=True)
class Cell:
    """A text as it is to be read. ``band``: the interval it lies in; ``marks``: words that restrict it („provizoriu”); ``muted``: there is
    no value, the text says why."""

    text: str
    number: bool = False
    band: ShownBand | None = None
    marks: tuple[str, ...] = ()
    muted: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``share``: its part of the width, compared with the others."""

    text: str
    number: bool = False
    share: int = 10


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that has to be seen; ``warning`` where something is not as one would expect."""

    kind: ClassVar[str] = "note"
    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and their values, under a title; ``empty``: the sentence in place of rows that there are not."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, Cell], ...]
    title: str
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of a row names it. ``caption`` is also the heading where ``titled``."""

    kind: ClassVar[str] = "table"
    caption: str
    head: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    titled: bool = True

    @property
    def widths(self) -> list[float]:
        """Percent of the width, by column."""
        whole = sum(head.share for head in self.head)
        return [round(100 * head.share / whole, 2) for head in self.head]

    @property
    def lines(self) -> list[list[tuple[Head, Cell]]]:
        """Rows whose cells know their heads."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its words: ``alt`` says what it shows to whoever does not see it."""

    kind: ClassVar[str] = "chart"
    svg: str
    alt: str


Block = Paragraph | Note | Facts | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``kicker``: what kind of report; ``title``: whose; ``facts``: its title block; ``running``: the line at the foot of every page;
    ``provenance``: what the figures were computed from and when."""

    kicker: str
    title: str
    commission: str
    facts: tuple[tuple[str, str], ...]
    provenance: tuple[tuple[str, str], ...]
    running: str
    sections: tuple[Section, ...]
    notice: Note | None = None
    warning: str = ""


def section(code: str, title: str, blocks: Iterable[Block | None]) -> Section:
    """A section of the blocks that there are."""
    return Section(code, title, tuple(block for block in blocks if block is not None))


def text(value: str, strong: bool = False) -> Cell:
    return Cell(value, strong=strong)


def number(value: str) -> Cell:
    return Cell(value, number=True)


def absent(why: str) -> Cell:
    """In place of a value that there is not."""
    return Cell(why, muted=True)
