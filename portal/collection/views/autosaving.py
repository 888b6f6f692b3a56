"""Touched cells as a script sends them, answered in JSON; decided, locked, merged and kept by the same services as the forms of the pages."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from portal.collection import autosave, class_table, documents
from portal.collection.access import author_of, collection_or_404
from portal.collection.authors import Author
from portal.collection.contexts import class_context, methodology_of, unit_context
from portal.collection.models import CLASS, Collection, Response
from portal.collection.readiness import form_of, step_of
from portal.collection.services import classes, saving, tables
from portal.collection.step_cells import judged
from portal.collection.views.desk import Desk
from portal.network.models import Level
from portal.ui.throttling import limited

A_MINUTE = 120
"""Saves of one author in one minute: a page sends one every second or two at most."""


@require_POST
def table(request: HttpRequest, desk: Desk) -> JsonResponse:
    """Cells of a class table. What cannot be read is refused cell by cell; the rest is saved."""
    sent = _sent(request, desk.author, desk.found)
    with tables.writing(desk.found, desk.author, sent.revision, sent.request_id) as writing:
        now = class_table.table_now(writing.school_class, writing.table)
        typed, refused = autosave.judged(now, sent.cells)
        confirmed = [code for code in sent.confirmed if now.column(code)]
        saved = writing.write(now.base, typed, count=len(now.rows), confirmed=confirmed)
    after = now.after(typed, saved, confirmed)
    return JsonResponse(autosave.of_table(now, after, typed, saved, refused, class_table.checks(after)))


@require_POST
def step(request: HttpRequest, pk: int, section: str, step: str) -> JsonResponse:
    """Answers of one step of a unit or a class. New items of a list are saved with their form."""
    collection = collection_or_404(request, pk, Level.UNIT.value, CLASS)
    methodology, by = methodology_of(collection), author_of(request)
    declared = step_of(methodology, collection.level, section, step)
    if declared is None:
        raise Http404
    sent = _sent(request, by, collection)
    is_class = collection.level == CLASS
    context = class_context(collection) if is_class else unit_context(collection)
    found = judged(methodology, declared, section, sent.cells, context, get_language() or "ro")
    keys = {one.code: one.key for one in form_of(methodology, collection.level).steps if one.repeat}
    with transaction.atomic():
        saved = saving.save_cells(
            collection,
            section,
            found.typed,
            by,
            keys=keys,
            base_revision=sent.revision,
            request_id=sent.request_id,
        )
        if is_class and saved.changed:
            classes.take_parameters(collection)
    return JsonResponse(autosave.of_step(saved, found, _stored(collection, section, keys) if saved.others else {}))


def _stored(collection: Collection, section: str, keys: dict[str, str]) -> documents.Cells:
    return documents.cells_of(Response.objects.get(collection=collection, section=section).values, keys)


def _sent(request: HttpRequest, by: Author, collection: Collection) -> autosave.Sent:
    limited(request, "autosave", attempts=A_MINUTE, seconds=60, whose=f"{by.key}:{collection.pk}")
    return autosave.read(request.body)
