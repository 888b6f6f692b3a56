"""Opening a round: every place that collects gets its collection, with a snapshot of the place; classes come from the imported list."""

from __future__ import annotations


def create_with_paths(rows: Sequence[Collection]) -> None:
    """Insert collections of one level whose parents are there, with their paths, in bulk."""
    if rows:
        Collection.objects.bulk_create(rows, batch_size=BATCH)
        set_paths(Collection.objects.filter(round=rows[0].round, level=rows[0].level))


def set_paths(collections: QuerySet[Collection]) -> None:
    """The paths of those collections that have none yet, from their parents', in one statement."""
    above = Collection.objects.filter(pk=OuterRef("parent")).values("path")[:1]
    own = Concat(Coalesce(Subquery(above), Value("/")), Cast("pk", CharField()), Value("/"), output_field=CharField())
    collections.filter(path="").update(path=own)
