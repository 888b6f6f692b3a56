"""Saving answers: the touched cells of a document, once, on top of whatever others saved meanwhile.

One transaction: locks → decision → merge → new revision and its event. The event of a save is history, base of later conflicts and proof
that a request has been done, in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from portal.collection import documents, holding
from portal.collection.authors import Author
from portal.collection.locking import chain_locked
from portal.collection.models import Collection, Draft, Event, Response
from portal.collection.permissions import chain_of
from portal.collection.refusals import Conflict
from portal.collection.sections import writing_act
from portal.collection.services.acting import require
from portal.collection.workflow import decide
from portal.rounds import methodologies


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save gave: the revision the document has now, when, and the cells that changed. ``again``: the request had been done before.

    ``others``: the cells that others have saved since the author read the document.
    """

    revision: int
    at: datetime
    changed: Mapping[str, Any]
    again: bool = False
    others: frozenset[str] = frozenset()


def done_before(collection: Collection, request_id: str, base_revision: int | None = None) -> Saved | None:
    """The answer given the first time to a request that is repeated."""
    if not request_id:
        return None
    event = Event.objects.filter(collection=collection, request_id=request_id).first()
    if event is None:
        return None
    since = event.revision if base_revision is None else base_revision
    between = changes_since(collection, event.action, event.section, since, event.revision) if since < event.revision - 1 else []
    return Saved(event.revision, event.at, event.changes, again=True, others=cells_in(between))


def changes_since(collection: Collection, action: str, section: str, revision: int, before: int | None = None) -> list[dict[str, list[Any]]]:
    """The changes of all saves after a revision (and before another), oldest first."""
    later = Event.objects.filter(collection=collection, action=action, section=section, revision__gt=revision)
    if before is not None:
        later = later.filter(revision__lt=before)
    return list(later.order_by("revision").values_list("changes", flat=True))


def cells_in(changes: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The cells that some saves have changed."""
    return frozenset(name for changed in changes for name in changed)


def save_section(
    collection: Collection, section: str, typed: Mapping[str, Any], by: Author, *, keys: Mapping[str, str] | None = None, **how: Any
) -> Saved:
    """Write the answers of a section. ``typed``: cleaned values of fields (and lists of repeating steps); the rest as ``save_cells``."""
    named = keys or {}
    return _save(collection, section, lambda base: _typed_cells(typed, base, named), by, named, **how)


def save_cells(
    collection: Collection, section: str, typed: Mapping[str, Any], by: Author, *, keys: Mapping[str, str] | None = None, **how: Any
) -> Saved:
    """Write some cells of a section, by their names.

    ``keys``: the key field of each repeating step; ``base_revision``: the revision the author saw, None: whatever is stored. Raises
    ``Refused`` or ``Conflict``, and then nothing has changed.
    """
    return _save(collection, section, lambda base: dict(typed), by, keys or {}, **how)


def _save(
    collection: Collection,
    section: str,
    typed: Callable[[Mapping[str, Any]], documents.Cells],
    by: Author,
    keys: Mapping[str, str],
    *,
    base_revision: int | None = None,
    request_id: str = "",
    at: datetime | None = None,
) -> Saved:
    with chain_locked(collection, exclusive=False) as rows:
        again = done_before(collection, request_id, base_revision)
        if again is not None:
            return again
        now = at or timezone.now()
        act = writing_act(methodologies.of(collection.round.methodology), section)
        require(decide(act, by.actor(rows), chain_of(rows[0], rows, sections=[section]), now))
        response = _locked_response(rows, section)
        stored = documents.cells_of(response.values, keys)
        revision = response.revision if base_revision is None else base_revision
        later = changes_since(collection, "save", section, revision)
        base = documents.as_of(stored, later)
        merged, conflicts = documents.merge(base, stored, typed(base))
        if conflicts:
            raise Conflict(conflicts, response.revision, {name: stored.get(name) for name in cells_in(later)})
        changed = documents.changes(stored, merged)
        if changed:
            response.values = documents.document_of(merged, keys)
            response.revision += 1
            response.saved_at = now
            response.save()
            append(rows[0], by, now, section, response.revision, changed, request_id)
            begin(rows[0])
        return Saved(response.revision, now, changed, others=cells_in(later))


def _typed_cells(typed: Mapping[str, Any], base: Mapping[str, Any], keys: Mapping[str, str]) -> documents.Cells:
    """What was typed, as cells; items of a repeating step that are gone from the list are typed as gone."""
    cells = documents.cells_of(typed, keys)
    for step in keys:
        if step in typed:
            cells |= {name: None for name in base if name.startswith(f"{step}[") and name not in cells}
    return cells


def _locked_response(rows: Sequence[Collection], section: str) -> Response:
    """The document of a section. One that begins under a final unit is not published until it is finalised."""
    frozen = any(row.state == Collection.State.FINALISED for row in rows)
    Response.objects.get_or_create(collection=rows[0], section=section, defaults={"published": holding.NOTHING if frozen else None})
    return Response.objects.select_for_update().get(collection=rows[0], section=section)


def append(collection: Collection, by: Author, now: datetime, section: str, revision: int, changed: Mapping[str, Any], request_id: str) -> None:
    Event.objects.create(
        collection=collection, at=now, action="save", by=by.user, link=by.link, through=by.through,
        section=section, revision=revision, changes=changed, request_id=request_id,
    )  # fmt: skip


def begin(collection: Collection) -> None:
    """The first save of a place that was not started says so. No row above the unit is written."""
    if collection.progress == Collection.Progress.NOT_STARTED:
        Collection.objects.filter(pk=collection.pk, progress=Collection.Progress.NOT_STARTED).update(progress=Collection.Progress.IN_PROGRESS)


def keep_draft(collection: Collection, by: Author, step: str, data: Mapping[str, Any]) -> None:
    """Keep what could not be saved as answers, so that nothing typed is lost."""
    Draft.objects.update_or_create(collection=collection, author=by.key, step=step, defaults={"data": dict(data)})


def drop_draft(collection: Collection, by: Author, step: str) -> None:
    Draft.objects.filter(collection=collection, author=by.key, step=step).delete()
