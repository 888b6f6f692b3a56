"""Class tables: saved cell by cell, sent, returned, taken back. The rows are anonymous; nothing in them is text."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engine.methodology import Methodology
from engine.storage import decode_table, encode_table
from portal.collection import documents
from portal.collection.authors import Author
from portal.collection.locking import chain_locked
from portal.collection.models import CLASS, ClassTable, Collection
from portal.collection.permissions import chain_of
from portal.collection.refusals import Conflict, Refused
from portal.collection.services import classes, saving
from portal.collection.services.acting import Deed, deed, require
from portal.collection.services.saving import Saved
from portal.collection.standing import TABLE, Decision, Obstacles
from portal.collection.workflow import decide
from portal.rounds import methodologies

Rows = Sequence[Mapping[str, Any]]


def stored_rows(school_class: Collection) -> tuple[list[dict[str, Any]], int]:
    """(the rows as stored, their revision); ([], 0) before the first save."""
    return rows_in(ClassTable.objects.filter(collection=school_class).first(), methodologies.of(school_class.round.methodology))


def rows_in(table: ClassTable | None, methodology: Methodology) -> tuple[list[dict[str, Any]], int]:
    """The same of a table that has been read already."""
    return (decode_table(methodology, CLASS, bytes(table.content)), table.revision) if table is not None else ([], 0)


def save_rows(school_class: Collection, proposed: Rows, typed: Rows, by: Author, **how: Any) -> Saved:
    """Write the cells of a table that the author touched. ``typed``: the cleaned rows as the author has them now; the rest as ``save_cells``."""
    return save_cells(school_class, proposed, documents.rows_as_cells(typed), by, count=len(typed), **how)


def save_cells(
    school_class: Collection,
    proposed: Rows,
    typed: Mapping[str, Any],
    by: Author,
    *,
    count: int,
    base_revision: int,
    confirmed: Sequence[str] = (),
    request_id: str = "",
    at: datetime | None = None,
) -> Saved:
    """Write some cells of a table, as ``Writing.write``; ``base_revision``: the revision the author began from."""
    with writing(school_class, by, base_revision, request_id, at) as begun:
        return begun.write(proposed, typed, count=count, confirmed=confirmed)


@contextmanager
def writing(school_class: Collection, by: Author, base_revision: int, request_id: str = "", at: datetime | None = None) -> Iterator[Writing]:
    """A table that is being written: one transaction, everything read anew under its locks.

    Raises ``Refused`` where the author may not write, or may not see any more what an earlier request has done; what is raised inside leaves
    everything as it was.
    """
    with chain_locked(school_class, exclusive=False) as rows:
        again = saving.done_before(school_class, request_id, base_revision)
        now = at or timezone.now()
        act = "view_rows" if again is not None else "fill"
        require(decide(act, by.actor(rows), chain_of(rows[0], rows, sections=[TABLE]), now))
        methodology = methodologies.of(rows[0].round.methodology)
        yield Writing(rows[0], _locked_table(rows[0], methodology), methodology, by, now, base_revision, request_id, again)


@dataclass(frozen=True, slots=True)
class Writing:
    """``again``: what the same request did the first time, None where it has not been done yet."""

    school_class: Collection
    table: ClassTable
    methodology: Methodology
    by: Author
    now: datetime
    base_revision: int
    request_id: str
    again: Saved | None

    def write(self, proposed: Rows, typed: Mapping[str, Any], *, count: int, confirmed: Sequence[str] = ()) -> Saved:
        """Write cells (``row.column``) into a table of at least ``count`` rows, on top of what others have saved.

        ``proposed``: the pre-filled rows, which are what is stored before the first save; ``confirmed``: columns that the author has looked
        at. Raises ``Refused`` or ``Conflict``, and then nothing has changed.
        """
        if self.again is not None:
            return self.again
        table = self.table
        if self.base_revision < table.order_revision:
            raise Refused(Decision(False, "outdated", _("Între timp tabelul a fost finalizat și rândurile au fost amestecate. Reîncărcați pagina.")))
        stored = documents.rows_as_cells(rows_in(table, self.methodology)[0] if table.revision else proposed)
        later = saving.changes_since(self.school_class, "save", TABLE, self.base_revision) if self.base_revision < table.revision else []
        merged, conflicts = documents.merge(documents.as_of(stored, later), stored, typed)
        if conflicts:
            raise Conflict(conflicts, table.revision, {name: stored.get(name) for name in saving.cells_in(later)})
        changed = documents.changes(stored if table.revision else {}, merged)
        table.confirmed, more = _confirmed(table, confirmed)
        if changed:
            _store(table, self.methodology, _rows_of(merged, max(count, table.rows)), self.now)
            saving.append(self.school_class, self.by, self.now, TABLE, table.revision, documents.changes(stored, merged), self.request_id)
            saving.begin(self.school_class)
        elif more:
            table.save(update_fields=["confirmed"])
        return Saved(table.revision, self.now, changed, others=saving.cells_in(later))


def _confirmed(table: ClassTable, columns: Sequence[str]) -> tuple[list[str], bool]:
    """(the columns that somebody has looked at, whether some of them are new)."""
    more = [code for code in dict.fromkeys(columns) if code not in table.confirmed]
    return [*table.confirmed, *more], bool(more)


def _locked_table(school_class: Collection, methodology: Methodology) -> ClassTable:
    locked = ClassTable.objects.select_for_update().filter(collection=school_class)
    found = locked.first()
    if found is None:
        ClassTable.objects.get_or_create(collection=school_class, defaults={"content": encode_table(methodology, CLASS, [])})
        found = locked.get()
    return found


def _rows_of(cells: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, value in cells.items():
        number, _, column = name.partition(".")
        if int(number) <= count:
            rows[int(number) - 1][column] = value
    return rows


def _store(table: ClassTable, methodology: Methodology, rows: Rows, now: datetime) -> None:
    table.content = encode_table(methodology, CLASS, rows)
    table.rows = len(rows)
    table.revision += 1
    table.saved_at = now
    table.save(update_fields=["content", "rows", "revision", "saved_at", "confirmed"])


def submit(school_class: Collection, rows: Rows, by: Author, obstacles: Obstacles, request_id: str = "", base_revision: int | None = None) -> None:
    """Send a table: from now on it is read-only until it is returned or recalled.

    ``rows``: the whole table, cleaned and complete, read at ``base_revision``; cells saved by somebody else since then are not overwritten.
    """
    with deed("submit_class", school_class, by, obstacles=lambda _: obstacles, sections=[TABLE], request_id=request_id) as acting:
        methodology = methodologies.of(school_class.round.methodology)
        table = _locked_table(acting.target, methodology)
        if base_revision is not None and base_revision != table.revision:
            raise Refused(Decision(False, "outdated", _("Între timp tabelul s-a schimbat. Verificați din nou rezumatul și trimiteți.")))
        _store(table, methodology, rows, acting.now)
        acting.target.progress = Collection.Progress.SUBMITTED
        acting.target.submitted_at = acting.now
        acting.target.received_at = acting.target.received_at or acting.now
        classes.count(acting.rows[1].pk, sent=acting.target, pupils=len(rows) - acting.target.pupils)
        acting.target.pupils = len(rows)
        _snapshot(acting, table)


def _snapshot(acting: Deed, table: ClassTable) -> None:
    acting.detail.update(revision=table.revision, table=base64.b64encode(bytes(table.content)).decode())


def give_back(school_class: Collection, by: Author, reason: str) -> None:
    """Return a table to whoever sent it; the reason is the message they read."""
    with deed("return_class", school_class, by, reason=reason) as acting:
        acting.target.progress = Collection.Progress.RETURNED
        _unsent(acting)


def recall(school_class: Collection, by: Author) -> None:
    """Open a table again for the unit's own users."""
    with deed("recall_class", school_class, by) as acting:
        acting.target.progress = Collection.Progress.IN_PROGRESS
        _unsent(acting)


def _unsent(acting: Deed) -> None:
    acting.target.submitted_at = None
    _snapshot(acting, ClassTable.objects.get(collection=acting.target))
    classes.count(acting.rows[1].pk, unsent=acting.target)


def reorder(school_class: Collection, methodology: Methodology, rows: Rows, now: datetime) -> None:
    """Store the rows of a table in a new order, numbered anew. Pages opened before cannot be saved on top of it."""
    table = _locked_table(school_class, methodology)
    _store(table, methodology, rows, now)
    table.order_revision = table.revision
    table.save(update_fields=["order_revision"])
