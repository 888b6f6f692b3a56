"""Collections on which nobody has done anything: only these may leave a round."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, Q, QuerySet

from portal.collection.models import CLASS, Collection, Response

AS_TAKEN = Q(
    state=Collection.State.OPEN, progress=Collection.Progress.NOT_STARTED, extended=Collection.Extended.OPTIONAL,
    reopened=False, blocked=False, exempt=False,
)  # fmt: skip
BATCH = 500
OWN = ("children", "responses")


def untouched(rows: QuerySet[Collection]) -> QuerySet[Collection]:
    """Those of some rows that are as they were taken from the network, with all their classes: no event, no saved answer, no link, no document."""
    below = Collection.objects.filter(parent=OuterRef("pk"))
    return rows.exclude(_worked_on()).exclude(Exists(below.exclude(level=CLASS))).exclude(Exists(below.filter(_worked_on())))


def _worked_on() -> Q:
    """Whether a collection by itself is no longer as it was taken, or anything in the product hangs on it."""
    found: Q = ~AS_TAKEN | Q(Exists(Response.objects.filter(collection=OuterRef("pk")).exclude(collection__level=CLASS, revision__lte=1)))
    for model, name in _hanging():
        found |= Q(Exists(model._base_manager.filter(**{name: OuterRef("pk")})))
    return found


def _hanging() -> Iterator[tuple[type[Model], str]]:
    """Every model of the product that names a collection, and its field that does, but those that the opening itself fills."""
    for relation in Collection._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.name not in OWN:
            yield relation.related_model, relation.field.name


def drop(rows: QuerySet[Collection]) -> set[int]:
    """Takes untouched rows out of their round, with their classes and what the network said of these; gives their ids."""
    gone = list(rows.values_list("pk", flat=True))
    for start in range(0, len(gone), BATCH):
        ids = gone[start : start + BATCH]
        Response.objects.filter(Q(collection__in=ids) | Q(collection__parent__in=ids)).delete()
        Collection.objects.filter(parent__in=ids, level=CLASS).delete()
        Collection.objects.filter(pk__in=ids).delete()
    return set(gone)
